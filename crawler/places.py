"""Where things lie, from the settings: the archive folder, the catalogue, the rules."""

from pathlib import Path

from scrapy.settings import BaseSettings
from scrapy.utils.conf import closest_scrapy_cfg

from pipelines.catalogue.catalogue import Catalogue, catalogue_url, open_engine
from pipelines.errors import BadArchive, NoArchive

RULES_FOLDER = Path(__file__).with_name("rules")
"""How pages are read: one TOML file an outlet or platform, and the list of syndicators."""


def archive_folder(settings: BaseSettings) -> Path:
    """The archive folder, absolute; a relative ARCHIVE_DIR is taken from the folder of scrapy.cfg."""
    project = closest_scrapy_cfg()
    return (Path(project).parent if project else Path.cwd()) / str(settings["ARCHIVE_DIR"])


def writable_archive(settings: BaseSettings) -> Path:
    """The archive folder, made where it is missing; raises BadArchive where it cannot be written."""
    folder = archive_folder(settings)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.write_bytes(b"")
        # Another crawl that begins at the same time may have taken it away.
        probe.unlink(missing_ok=True)
    except OSError as error:
        raise BadArchive(
            f"the archive folder {folder} cannot be written ({error.strerror}): "
            "set ARCHIVE_DIR to one that can, with -s ARCHIVE_DIR=FOLDER"
        ) from error
    return folder


def catalogue_location(settings: BaseSettings) -> str:
    """The catalogue's database URL."""
    return catalogue_url(archive_folder(settings), settings.get("CATALOGUE_URL") or None)


def open_catalogue(settings: BaseSettings) -> Catalogue:
    """The catalogue, made where it is missing; raises BadArchive where it cannot be opened."""
    return Catalogue(open_engine(catalogue_location(settings)))


def existing_catalogue(settings: BaseSettings) -> Catalogue:
    """The catalogue of an archive that a crawl made; raises NoArchive where there is none yet, else BadArchive."""
    folder = archive_folder(settings)
    if not settings.get("CATALOGUE_URL") and not (folder / "catalogue.sqlite").exists():
        raise NoArchive(
            f"no catalogue in {folder}: `scrapy crawl OUTLET` makes an archive there, `scrapy rebuild` its catalogue"
        )
    return open_catalogue(settings)

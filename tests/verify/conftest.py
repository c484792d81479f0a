"""A small archive with all that agrees, to be copied and spoiled."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.command import progress
from newsstand.world import World
from pipelines.catalogue.catalogue import catalogue_url
from pipelines.jobs.verify import Verified, verify_archive
from tests.corpus.archived import catalogued, shown, write_pages

Verify = Callable[[Path], Verified]


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a few articles an outlet, and its catalogue."""
    archive = tmp_path_factory.mktemp("whole") / "archive"
    world = World(articles=4, past=False)
    write_pages(shown(world), archive)
    catalogued(archive).close()
    return archive


@pytest.fixture
def archive(whole: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(whole, tmp_path / "archive"))


@pytest.fixture
def verify() -> Verify:
    """Checks an archive in this process."""
    return lambda archive: verify_archive(
        archive, catalogue_url(archive), workers=1, watch=lambda checks, total: progress(checks, "checked", total)
    )

"""`scrapy add_outlet NAME URL [URL2]`: drafts an outlet's rules, spider and fixture from one or two of its pages."""

import argparse
import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from scrapy.settings import SETTINGS_PRIORITIES

from crawler.command import DONE
from crawler.command import Command as Verb
from crawler.commands.extract import read_file, web_url
from crawler.places import RULES_FOLDER, archive_folder, existing_catalogue
from pipelines.capture import Page
from pipelines.catalogue.due import newest_answer
from pipelines.errors import PressmarkError
from pipelines.jobs.draft_files import ERA, draft_files
from pipelines.jobs.drafting import draft
from pipelines.urls import normalised_url
from pipelines.warc.coding import page_of

PROJECT = RULES_FOLDER.parent.parent
_OK = 200
_EVER = datetime(1990, 1, 1, tzinfo=UTC)
"""Before any capture."""


class Command(Verb):
    """Writes the files that add an outlet, for a person to look over."""

    arguments = range(2, 4)

    def syntax(self) -> str:
        return "NAME URL [URL2] [--file PAGE [--file PAGE2]] [--into FOLDER]"

    def short_desc(self) -> str:
        return "Draft an outlet's rules, spider and fixture from one or two of its articles"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        files = "the saved page of the URL, in order; without: the archive's newest capture, else fetched"
        parser.add_argument("--file", metavar="PAGE", action="append", default=[], help=files)
        parser.add_argument("--into", metavar="FOLDER", type=Path, default=PROJECT, help="the project's folder")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        name, urls = args[0], [web_url(url) for url in args[1:]]
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise PressmarkError(f"{name!r} is no outlet's name: lower-case letters, digits and _ are wanted")
        if opts.file and len(opts.file) != len(urls):
            raise PressmarkError("give a --file for each URL, or none")
        pages = [
            Page(url=url, body=read_file(file), captured_at=datetime.now(UTC))
            for url, file in zip(urls, opts.file, strict=False)
        ] or self._pages(urls)
        files = draft_files(draft(name, pages), datetime.now(UTC))
        written = {opts.into / path: text for path, text in files.items()}
        for path in written:
            if path.exists():
                raise PressmarkError(f"{path} is there already: nothing was written")
        for path, text in written.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(path)
        print("\nNext: name the sources in the spider, look at the rules, and try them on saved pages:")
        print(f"scrapy extract PAGE --outlet {name} --explain. The fixture ({ERA}) is a sketch: make it whole.")
        return DONE

    def _pages(self, urls: list[str]) -> list[Page]:
        """The newest captures of the URLs; those that the archive does not hold are fetched into it first."""
        held = self._captured(urls)
        missing = [url for url, page in held.items() if page is None]
        why = self._fetch(missing) if missing else ""
        held |= self._captured(missing)
        for url, page in held.items():
            if page is None:
                raise PressmarkError(
                    f"{url} is not archived and could not be fetched{why}: give saved pages with --file, or see "
                    "what `scrapy crawl urls -a urls=FILE` says of it"
                )
        return [page for page in held.values() if page is not None]

    def _captured(self, urls: list[str]) -> dict[str, Page | None]:
        """Each URL's newest capture that holds a page; None where the archive holds none."""
        folder = archive_folder(self.settings)
        if not self.settings.get("CATALOGUE_URL") and not (folder / "catalogue.sqlite").exists():
            return dict.fromkeys(urls)
        catalogue = existing_catalogue(self.settings)
        try:
            found = {url: newest_answer(catalogue, folder, normalised_url(url), _EVER) for url in urls}
        except ValueError as error:
            raise PressmarkError(str(error)) from error
        finally:
            catalogue.close()
        return {url: page_of(capture) if capture and capture.status == _OK else None for url, capture in found.items()}

    def _fetch(self, urls: list[str]) -> str:
        """Crawls the URLs as `scrapy crawl urls` does: recorded, under its manners and guard; gives its complaint."""
        given = [name for name in self.settings if self.settings.getpriority(name) == SETTINGS_PRIORITIES["cmdline"]]
        settings = {name: str(self.settings[name]) for name in given} | {
            "ARCHIVE_DIR": str(archive_folder(self.settings))
        }
        with tempfile.TemporaryDirectory() as folder:
            listed = Path(folder, "urls.txt")
            listed.write_text("\n".join(urls) + "\n", encoding="utf-8")
            command = [sys.executable, "-m", "scrapy", "crawl", "urls", "-a", f"urls={listed}"]
            command += [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
            print(f"Fetching {len(urls)} of the pages into the archive …", file=sys.stderr)
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        told = [line for line in done.stderr.splitlines() if line.startswith("scrapy crawl:")]
        failed = [line for line in done.stdout.splitlines() if re.match(r"\s*(?:failed|rejected)\s+[1-9]", line)]
        said = "; ".join(" ".join(line.split()) for line in (*told, *failed))
        return f" ({said})" if said else ""

"""`scrapy add_outlet NAME URL [URL2]`: drafts an outlet's rules, spider and fixture from one or two of its pages."""

import argparse
import re
from datetime import UTC, datetime
from pathlib import Path

from crawler.command import DONE
from crawler.command import Command as Verb
from crawler.commands.extract import read_file
from crawler.places import RULES_FOLDER, archive_folder, existing_catalogue
from pipelines.capture import Page
from pipelines.catalogue.due import newest_answer
from pipelines.errors import PressmarkError
from pipelines.jobs.draft_files import ERA, draft_files
from pipelines.jobs.drafting import draft
from pipelines.urls import normalised_url
from pipelines.warc.coding import page_of

PROJECT = RULES_FOLDER.parent.parent
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
        files = "the saved page of the URL, in order; without: the archive's newest capture of it"
        parser.add_argument("--file", metavar="PAGE", action="append", default=[], help=files)
        parser.add_argument("--into", metavar="FOLDER", type=Path, default=PROJECT, help="the project's folder")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        name, urls = args[0], args[1:]
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise PressmarkError(f"{name!r} is no outlet's name: lower-case letters, digits and _ are wanted")
        if opts.file and len(opts.file) != len(urls):
            raise PressmarkError("give a --file for each URL, or none")
        pages = [
            Page(url=url, body=read_file(file), captured_at=datetime.now(UTC))
            for url, file in zip(urls, opts.file, strict=False)
        ] or [self._captured(url) for url in urls]
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

    def _captured(self, url: str) -> Page:
        """The newest capture of a URL."""
        try:
            found = newest_answer(
                existing_catalogue(self.settings), archive_folder(self.settings), normalised_url(url), _EVER
            )
        except ValueError as error:
            raise PressmarkError(str(error)) from error
        if found is None:
            raise PressmarkError(
                f"{url} is not archived: write the URLs into a file and fetch them with "
                "`scrapy crawl urls -a urls=FILE`, or give saved pages with --file"
            )
        return page_of(found)

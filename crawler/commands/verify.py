"""`scrapy verify`: whether the archive is whole, and says the same everywhere."""

import argparse
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from attrs import asdict

from crawler.command import DONE, FOUND, print_json, print_table, processes, progress
from crawler.command import Command as Verb
from crawler.places import archive_folder, catalogue_location
from pipelines.errors import BadArchive, PressmarkError
from pipelines.jobs.verify import Verified, verify_archive, verify_files
from pipelines.warc.verify import FileCheck


class Command(Verb):
    """Finds every defect; changes nothing."""

    arguments: ClassVar[range] = range(10_000)

    def syntax(self) -> str:
        return "[PATH…] [--workers N] [--json]"

    def short_desc(self) -> str:
        return "Check structure, digests, and the agreement of WARC, text and catalogue"

    def long_desc(self) -> str:
        return (
            "Without PATH: the whole archive. A PATH is a WARC file, or a folder with some, of this archive or not: "
            "then their structure and digests alone are checked. Status 1 where something is wrong."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--workers", type=processes, default=os.cpu_count() or 1, metavar="N", help="processes (default: the cores)"
        )
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        began = time.monotonic()
        archive, location = archive_folder(self.settings), catalogue_location(self.settings)
        if args:
            known = location if self.settings.get("CATALOGUE_URL") or (archive / "catalogue.sqlite").exists() else None
            found = verify_files(archive, _files(args), known, workers=opts.workers, watch=_watch)
        elif not (archive / "warc").is_dir():
            raise BadArchive(f"{archive} holds no WARC files; `scrapy crawl OUTLET` makes some")
        else:
            found = verify_archive(archive, location, workers=opts.workers, watch=_watch)
        report(found, time.monotonic() - began, opts.json)
        return FOUND if found.findings else DONE


def report(found: Verified, seconds: float, as_json: bool) -> None:
    """The findings, and what was looked at."""
    if as_json:
        print_json(asdict(found) | {"seconds": round(seconds, 2)})
        return
    if found.findings:
        rows = [(f.file, f.offset, f.record_id, f.kind, f.what, f.advice) for f in found.findings]
        print_table(("file", "offset", "record", "defect", "what", "what to do"), rows)
    for outlet in found.busy:
        print(f"{outlet}: a crawl is at work; its open file was left out")
    looked_at = f"{found.files} WARC files, {found.records} records, {found.bytes / 1e6:.1f} MB, {found.texts} texts"
    print(f"{looked_at}, {seconds:.1f} s: {len(found.findings) or 'no'} defect{'s' * (len(found.findings) != 1)}")


def _files(args: list[str]) -> list[Path]:
    """The WARC files that the arguments name. Raises PressmarkError where one names none."""
    files: list[Path] = []
    for path in (Path(arg).resolve() for arg in args):
        found = sorted(path.rglob("*.warc.gz*")) if path.is_dir() else [path] if path.is_file() else []
        if not found:
            raise PressmarkError(f"{path}: no WARC file is there")
        files += found
    return list(dict.fromkeys(files))


def _watch(checks: Iterable[FileCheck], total: int) -> Iterable[FileCheck]:
    return progress(checks, "checked", total)

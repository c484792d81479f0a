"""`scrapy ingest WARC…`: WARC and ARC files made by others, into the archive."""

import argparse
import os
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

from attrs import asdict

from crawler.capture.archiver import utc_now
from crawler.command import DONE, FOUND, print_json, print_table, progress
from crawler.command import Command as Verb
from crawler.places import RULES_FOLDER, catalogue_location, writable_archive
from crawler.registry import read_naming
from pipelines.errors import PressmarkError
from pipelines.jobs.ingest import Ingested, ingest

_NAMES = ("*.warc", "*.warc.gz", "*.warc.zst", "*.arc", "*.arc.gz")


class Command(Verb):
    """What others captured, read as what we captured."""

    arguments: ClassVar[range] = range(1, 10_000)

    def syntax(self) -> str:
        return "WARC… [--workers N] [--json]"

    def short_desc(self) -> str:
        return "Take in WARC files made by others"

    def long_desc(self) -> str:
        return (
            "Copies the answers in WARC 1.0, WARC 1.1 and ARC files, plain, gzip or zstd, into the archive and reads "
            "the articles among them. A folder means all such files in it. Nothing is copied twice."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="processes (default: the cores)"
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        files = _files(args)
        done = ingest(
            writable_archive(self.settings), catalogue_location(self.settings), RULES_FOLDER, read_naming, files,
            clock=utc_now, software=f"Pressmark/{version('pressmark')}", workers=opts.workers, watch=_watch,
        )  # fmt: skip
        report(done, opts.json)
        return FOUND if done.refused else DONE


def report(done: Ingested, as_json: bool) -> None:
    """What was copied, and what was not and why."""
    if as_json:
        print_json(asdict(done))
        return
    if done.refused:
        print_table(
            ("file", "offset", "unpacked", "record", "defect", "what"),
            [(r.file, r.place.offset, r.place.within or None, r.record_id, r.kind, r.what) for r in done.refused],
        )
    passed_over = ", ".join(f"{kind} {count}" for kind, count in done.passed_over.items())
    rows: list[tuple[str, object]] = [
        ("copied", done.copied),
        ("held already", done.held),
        ("passed over", passed_over or 0),
        ("refused", len(done.refused)),
        ("articles", f"{done.articles} new versions"),
        ("rebuilt", "yes: something older than what was held came in" if done.rebuilt else "not needed"),
    ]
    print_table(("", ""), rows)


def _files(args: list[str]) -> list[Path]:
    """The files that the arguments name. Raises PressmarkError where one names none."""
    files: list[Path] = []
    for path in map(Path, args):
        found = sorted({p for name in _NAMES for p in path.rglob(name)}) if path.is_dir() else [path]
        if not found or not found[0].is_file():
            raise PressmarkError(f"{path}: no WARC or ARC file is there")
        files += found
    return files


def _watch(items: Iterable[Any], label: str) -> Iterable[Any]:
    return progress(items, label)

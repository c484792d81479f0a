"""Makes text and catalogue again from the WARC files alone, beside the old ones, and then puts them in their place.

Takes an archive folder, gives the same text files byte for byte and the same catalogue as an ordered dump.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from heapq import merge
from pathlib import Path
from typing import Any

from attrs import frozen

from pipelines.capture import Capture, Note
from pipelines.catalogue.catalogue import Catalogue, fresh_engine, open_engine, swap_in
from pipelines.jobs.keep import Keeper, Naming, Reading, holds_article, read_article
from pipelines.jobs.pool import ordered_map
from pipelines.rules import RuleBook, load_rules
from pipelines.warc.reader import read_archive, read_capture, read_warc

INGESTED = "ingested"
"""Not an outlet but the folder of WARC files in which copies of others' lie."""
SOURCE_ROLES = frozenset({"feed", "sitemap", "listing", "rest"})

SourceReader = Callable[[Capture, RuleBook], Naming]
"""Reads the leads of a source capture; the application knows how (an outlet's listing selectors are its own)."""

Worked = Reading | Naming | Capture | Note


@frozen
class _Tools:
    rules: RuleBook
    read_source: SourceReader


_tools: list[_Tools] = []
"""What this process was prepared with; processes share nothing else."""


def prepare(rules_folder: Path, read_source: SourceReader) -> None:
    """Readies a process for `work_out`."""
    _tools[:] = [_Tools(load_rules(rules_folder), read_source)]


def work_out(record: tuple[str, Capture | Note]) -> tuple[str, Worked]:
    """What a record of an outlet's WARC file holds, as the live crawl would have it; pure."""
    outlet, held = record
    (tools,) = _tools
    if isinstance(held, Note):
        return outlet, held
    if holds_article(held):
        return outlet, read_article(held, tools.rules)
    if held.role in SOURCE_ROLES:
        return outlet, tools.read_source(held, tools.rules)
    return outlet, held


def keep(keeper: Keeper, outlet: str, worked: Worked) -> None:
    """Stores what was worked out; the records of one article come in the order of their capture."""
    match worked:
        case Reading():
            keeper.keep_reading(worked)
        case Naming():
            keeper.keep_naming(worked)
        case _:
            keeper.keep_records(outlet, [worked])


def records(archive: Path, outlets: Iterable[str] | None = None) -> Iterator[tuple[str, Capture | Note]]:
    """Every capture and note with the outlet in whose WARC file it lies, merged by time over the outlets."""

    def stream(outlet: str) -> Iterator[tuple[str, Capture | Note]]:
        found = in_time(archive, outlet) if outlet == INGESTED else read_archive(archive, [outlet])
        return ((outlet, record) for record in found)

    return merge(*map(stream, sorted(outlets or archived_outlets(archive))), key=lambda pair: moment(pair[1]))


def in_time(archive: Path, outlet: str) -> Iterator[Capture]:
    """An outlet's captures by their time, read twice for it: copies of others' files lie in those files' order."""
    told = (record for record in read_archive(archive, [outlet]) if isinstance(record, Capture))
    places = sorted((capture.captured_at, capture.ref.warc_file, capture.ref.warc_offset) for capture in told)
    return (read_capture(archive, file, offset) for _, file, offset in places)


def moment(record: Capture | Note) -> datetime:
    """When a record came to be, UTC."""
    return record.noted_at if isinstance(record, Note) else record.captured_at


def archived_outlets(archive: Path) -> list[str]:
    """The outlets that have WARC files, in order."""
    folder = archive / "warc"
    return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def rebuild(
    archive: Path,
    catalogue_location: str,
    rules_folder: Path,
    read_source: SourceReader,
    *,
    workers: int,
    watch: Callable[[Iterable[Any]], Iterable[Any]] = iter,
) -> Catalogue:
    """Makes text folder and catalogue again and swaps them in; returns the new catalogue.

    `watch` sees the records go by, to show progress. Raises BadArchive; then the old text and catalogue stand.
    """
    text, new_text = archive / "text", archive / ".text.rebuilt"
    shutil.rmtree(new_text, ignore_errors=True)
    new_text.mkdir(parents=True)
    catalogue = Catalogue(fresh_engine(catalogue_location))
    keeper = Keeper(new_text, catalogue, durable=False)
    try:
        index_archive(archive, keeper, rules_folder, read_source, workers=workers, watch=watch)
    finally:
        catalogue.close()
    os.sync()
    swap_in(catalogue_location)
    old_text = archive / ".text.old"
    shutil.rmtree(old_text, ignore_errors=True)
    if text.exists():
        text.rename(old_text)
    new_text.rename(text)
    shutil.rmtree(old_text, ignore_errors=True)
    return Catalogue(open_engine(catalogue_location))


def index_archive(
    archive: Path,
    keeper: Keeper,
    rules_folder: Path,
    read_source: SourceReader,
    *,
    workers: int,
    watch: Callable[[Iterable[Any]], Iterable[Any]] = iter,
) -> None:
    """Reads every WARC file of the archive into the keeper's catalogue and text folder."""
    worked = ordered_map(work_out, records(archive), workers, prepare, (rules_folder, read_source))
    for outlet, result in watch(worked):
        keep(keeper, outlet, result)


def index_files(
    archive: Path, files: list[Path], keeper: Keeper, rules_folder: Path, read_source: SourceReader
) -> None:
    """Catalogues what closed WARC files hold, such as those repaired after a kill; what is held already stays."""
    if files:
        prepare(rules_folder, read_source)
    for file in files:
        for record in read_warc(archive / file, archive):
            outlet = file.parts[1]
            keep(keeper, *work_out((outlet, record)))

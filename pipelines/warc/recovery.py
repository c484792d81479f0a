"""Closes the WARC files that a killed crawl left open; runs under the outlet's lock, before anything is written."""

import os
from pathlib import Path

from attrs import frozen

from pipelines.warc.records import BadMember, Record, read_records
from pipelines.warc.writer import sync_folder


@frozen(kw_only=True)
class Repair:
    """What became of one orphaned file."""

    file: str
    """Relative to the archive, under its closed name; it is gone where `kept_bytes` is 0."""
    kept_bytes: int
    cut_bytes: int
    records: int
    """Records that the kept part holds."""


def recover(archive: Path, outlet: str) -> tuple[Repair, ...]:
    """Cuts each `.open` file of the outlet after its last whole exchange, and gives it its closed name.

    What is cut was never acknowledged: an acknowledged exchange was synced whole. Raises OSError.
    """
    folder = archive / "warc" / outlet
    return tuple(_repair(path, archive) for path in sorted(folder.rglob("*.warc.gz.open")))


def _repair(path: Path, archive: Path) -> Repair:
    closed = path.with_suffix("")
    keep, records = _whole_part(path)
    size = path.stat().st_size
    if keep:
        with path.open("r+b") as file:
            file.truncate(keep)
            os.fsync(file.fileno())
        path.rename(closed)
    else:
        path.unlink()
    sync_folder(path.parent)
    name = closed.relative_to(archive).as_posix()
    return Repair(file=name, kept_bytes=keep, cut_bytes=size - keep, records=records)


def _whole_part(path: Path) -> tuple[int, int]:
    """The bytes up to the end of the last whole exchange or note, and the records in them."""
    keep = kept = seen = 0
    with path.open("rb") as stream:
        try:
            for record in read_records(stream):
                seen += 1
                if _ends_group(record):
                    keep, kept = record.end, seen
        except BadMember:
            pass
    return keep, kept


def _ends_group(record: Record) -> bool:
    """Whether nothing that is written together with this record comes after it: metadata ends an exchange."""
    return record.type in ("warcinfo", "metadata", "conversion")

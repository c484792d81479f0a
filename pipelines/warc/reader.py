"""Takes WARC files, gives captures and notes as they were written; changes nothing."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from pipelines.capture import Capture, CaptureRef, Ended, Note, confirmed
from pipelines.errors import BadArchive
from pipelines.warc import fields, http
from pipelines.warc.records import BadMember, Record, date_of, read_records

_STAMP = re.compile(r"-(\d{14})-(\d+)-")
_DEPTH = 8
"""Revisits of revisits that are followed; a crawl writes none."""


def warc_files(archive: Path, outlets: Iterable[str] | None = None) -> list[Path]:
    """The closed WARC files of the outlets (None: of all), in the order in which they were opened."""
    root = archive / "warc"
    folders = [root] if outlets is None else [root / outlet for outlet in outlets]
    found = chain.from_iterable(folder.rglob("*.warc.gz") for folder in folders)
    return sorted(found, key=lambda path: (*opened(path), path.relative_to(root).as_posix()))


def read_archive(archive: Path, outlets: Iterable[str] | None = None) -> Iterator[Capture | Note]:
    """Every capture and note, file by file as they were opened, within a file as they were written.

    This is the order in which a crawl gave them to its pipelines. Raises BadArchive.
    """
    for path in warc_files(archive, outlets):
        yield from read_warc(path, archive)


def read_warc(path: Path, archive: Path) -> Iterator[Capture | Note]:
    """The captures and notes of one file, streaming; a revisit whose original is missing becomes a note.

    Raises BadArchive at bytes that are no whole record.
    """
    outlet = _outlet_of(path, archive)
    with path.open("rb") as stream:
        group: list[Record] = []
        try:
            for record in read_records(stream):
                if record.type in ("response", "revisit"):
                    yield from _told(group, path, archive, outlet)
                    group = [record]
                elif _joined(group, record):
                    group.append(record)
                elif record.type == "metadata":
                    yield from _told(group, path, archive, outlet)
                    group = []
                    yield from _noted(record)
        except BadMember as bad:
            raise BadArchive(f"{path}: at byte {bad.at}: {bad}; see `scrapy verify`") from bad
        yield from _told(group, path, archive, outlet)


def read_capture(archive: Path, warc_file: str, warc_offset: int, _depth: int = 0) -> Capture:
    """The capture whose response (or revisit) record lies there; raises BadArchive where none does."""
    path = archive / warc_file
    if not path.exists():
        path = path.with_name(path.name + ".open")
    where = f"{warc_file}: at byte {warc_offset}"
    try:
        with path.open("rb") as stream:
            group: list[Record] = []
            for record in read_records(stream, warc_offset):
                if group and not _joined(group, record):
                    break
                group.append(record)
                if record.type == "metadata":
                    break
    except BadMember as bad:
        if not group:
            raise BadArchive(f"{where}: {bad}; see `scrapy verify`") from bad
    except FileNotFoundError as error:
        raise BadArchive(f"{where}: there is no such file in the archive") from error
    if not group or group[0].type not in ("response", "revisit"):
        raise BadArchive(f"{where}: no response lies there; make the catalogue again with `scrapy rebuild`")
    capture = _capture_of(group, path, archive, _outlet_of(path, archive))
    return _resolved(capture, group, archive, _depth) if capture.revisit else capture


def _told(group: list[Record], path: Path, archive: Path, outlet: str) -> Iterator[Capture | Note]:
    """The capture of a group of records, which begins with its response."""
    if not group:
        return
    capture = _capture_of(group, path, archive, outlet)
    if not capture.revisit:
        yield capture
        return
    try:
        yield _resolved(capture, group, archive, 0)
    except BadArchive as error:
        yield Note(
            url=capture.url,
            noted_at=capture.captured_at,
            reason="revisit-without-original",
            detail=str(error),
            role=capture.role,
            lead=capture.lead,
        )


def _capture_of(group: list[Record], path: Path, archive: Path, outlet: str) -> Capture:
    response = group[0]
    answer = http.parse_response(response.block)
    said = _said(group)
    return Capture(
        ref=CaptureRef(
            warc_file=path.relative_to(archive).as_posix().removesuffix(".open"),
            warc_offset=response.offset,
            record_id=response.record_id,
            payload_digest=response.header("WARC-Payload-Digest") or "",
        ),
        outlet=outlet,
        role=fields.role_of(said),
        url=response.header("WARC-Target-URI") or "",
        captured_at=date_of(response.header("WARC-Date") or ""),
        status=answer.status,
        headers=answer.headers,
        payload=answer.payload,
        ended=_ended(response.header("WARC-Truncated")),
        revisit=response.type == "revisit",
        lead=fields.lead_of(said),
    )


def _resolved(capture: Capture, group: list[Record], archive: Path, depth: int) -> Capture:
    """The revisit with its original's payload."""
    said = dict(_said(group))
    if "refers-to-file" not in said or depth >= _DEPTH:
        raise BadArchive(f"{capture.ref.warc_file}: {capture.ref.record_id}: the revisit names no original")
    original = read_capture(archive, said["refers-to-file"], int(said["refers-to-offset"]), depth + 1)
    refers_to = group[0].header("WARC-Refers-To")
    if original.ref.record_id != refers_to:
        raise BadArchive(f"{capture.ref.warc_file}: {capture.ref.record_id}: {refers_to} does not lie where it should")
    return confirmed(capture, original)


def _noted(record: Record) -> Iterator[Note]:
    said = fields.read(record.block)
    named = dict(said)
    if "reason" in named:
        yield Note(
            url=record.header("WARC-Target-URI") or "",
            noted_at=date_of(record.header("WARC-Date") or ""),
            reason=named["reason"],
            detail=named.get("detail", ""),
            role=fields.role_of(said),
            lead=fields.lead_of(said),
        )


def _joined(group: list[Record], record: Record) -> bool:
    return bool(group) and group[0].record_id in record.all("WARC-Concurrent-To")


def _said(group: list[Record]) -> fields.Fields:
    return next((fields.read(record.block) for record in group[1:] if record.type == "metadata"), [])


def _ended(truncated: str | None) -> Ended:
    if truncated is None:
        return "complete"
    return truncated if truncated in ("length", "time") else "disconnect"  # type: ignore[return-value]


def _outlet_of(path: Path, archive: Path) -> str:
    return path.relative_to(archive / "warc").parts[0]


def opened(path: Path) -> tuple[str, int]:
    """By its name, when a file was opened (`YYYYMMDDhhmmss`), and the how manieth; ("", 0) for a name of others."""
    stamp = _STAMP.search(path.name)
    return (stamp[1], int(stamp[2])) if stamp else ("", 0)

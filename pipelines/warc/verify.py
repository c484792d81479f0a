"""The structural check of WARC files: says for each defect which file, offset and record; changes nothing.

Files are checked one by one, so that a caller may run them in parallel; `check_references` then joins what they say.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from attrs import field, frozen

from pipelines.warc.defects import block_defects, header_defects
from pipelines.warc.records import GZIP_HEADER, BadMember, Member, Record, parse_record, read_members

_ADVICE = {
    "left-open": "the outlet's next crawl repairs it",
    "torn-tail": "what precedes it is whole; copy the file up to this offset, or fetch the page again",
    "bad-gzip": "restore the file from a copy; the records before and after it can be read",
    "dangling-refers-to": "restore the file that held the original, or fetch the page again",
}
_ADVICE_ELSE = "restore the file from a copy; it was changed after it was written, or not written by Pressmark"


@frozen(kw_only=True)
class Finding:
    """One defect."""

    file: str
    """Relative to the archive."""
    offset: int | None
    """Of the record's gzip member; None for the file as a whole."""
    record_id: str | None
    kind: str
    """A word or two with a hyphen, such as `torn-tail`."""
    what: str
    advice: str


@frozen(kw_only=True)
class Reference:
    """A revisit's original, or the capture a text was made of, as the record names it."""

    file: str
    offset: int
    record_id: str
    refers_to: str
    payload_digest: str | None
    """A revisit's; None: a text's, whose capture may have any."""


@frozen(kw_only=True)
class FileCheck:
    """What the check of one file found, and what the check of the others needs of it."""

    file: str
    size: int
    records: int
    findings: tuple[Finding, ...]
    references: tuple[Reference, ...] = field(default=(), repr=False)
    originals: dict[str, str] = field(factory=dict, repr=False)
    """Payload digests of responses, by record id."""
    captures: dict[str, tuple[int, str]] = field(factory=dict, repr=False)
    """Offset and payload digest of responses and revisits, by record id."""


def check_file(path: Path, archive: Path) -> FileCheck:
    """Checks one WARC file of an archive, reading it once. Raises OSError."""
    name = path.relative_to(archive).as_posix()
    check = _FileChecker(name)
    with path.open("rb") as stream:
        check.read(stream)
    if name.endswith(".open"):
        check.found(None, None, "left-open", "a crawl writes to it, or was killed")
    return FileCheck(
        file=name,
        size=path.stat().st_size,
        records=check.records,
        findings=tuple(check.findings),
        references=tuple(check.references),
        originals=check.originals,
        captures=check.captures,
    )


def check_references(checks: Iterable[FileCheck]) -> Iterator[Finding]:
    """Revisits whose original is in none of the files, or has another payload; texts whose capture is in none."""
    checks = list(checks)
    originals: dict[str, str] = {}
    captures: set[str] = set()
    for check in checks:
        originals.update(check.originals)
        captures.update(check.captures)
    for reference in (reference for check in checks for reference in check.references):
        digest = originals.get(reference.refers_to)
        if reference.payload_digest is None and reference.refers_to in captures:
            continue
        if digest is None:
            what = f"WARC-Refers-To names {reference.refers_to}, which is no response of this archive"
        elif digest != reference.payload_digest:
            what = f"WARC-Refers-To names {reference.refers_to}, which has another payload"
        else:
            continue
        kind = "dangling-refers-to" if digest is None else "wrong-original"
        yield _finding(reference.file, reference.offset, reference.record_id, kind, what)


class _FileChecker:
    """The state of one file's check."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.records = 0
        self.findings: list[Finding] = []
        self.references: list[Reference] = []
        self.originals: dict[str, str] = {}
        self.captures: dict[str, tuple[int, str]] = {}
        self._ids: dict[str, int] = {}
        self._concurrent: list[tuple[int, str, str]] = []
        self._warcinfo: str | None = None
        self._ours = Path(name).name.startswith("pressmark-")

    def found(self, offset: int | None, record_id: str | None, kind: str, what: str) -> None:
        self.findings.append(_finding(self.name, offset, record_id, kind, what))

    def read(self, stream: BinaryIO) -> None:
        for member in self._members(stream):
            try:
                record = parse_record(member)
            except BadMember as bad:
                self.found(bad.at, None, bad.kind, str(bad))
                continue
            self.records += 1
            self._check(record, member)
        if not self.records:
            self.found(None, None, "empty", "the file holds no record")
        for offset, record_id, named in self._concurrent:
            if named not in self._ids:
                what = f"WARC-Concurrent-To names {named}, which is not in this file"
                self.found(offset, record_id, "dangling-concurrent-to", what)

    def _members(self, stream: BinaryIO) -> Iterator[Member]:
        """The whole members; after one that is not, those from the next that holds a record."""
        start: int | None = 0
        while start is not None:
            try:
                for member in read_members(stream, start):
                    if self._ours and member.header != GZIP_HEADER:
                        what = "not the gzip header that every crawl writes"
                        self.found(member.offset, None, "changed-gzip-header", what)
                    yield member
                return
            except BadMember as bad:
                start = _next_record(stream, bad.at + 1)
                torn = start is None and bad.kind == "torn-tail"
                kind = bad.kind if torn or bad.kind != "torn-tail" else "bad-gzip"
                self.found(bad.at, None, kind, str(bad))

    def _check(self, record: Record, member: Member) -> None:
        def found(kind: str, what: str) -> None:
            self.found(record.offset, record.record_id or None, kind, what)

        for kind, what in (*header_defects(record, member), *block_defects(record)):
            found(kind, what)
        if record.record_id in self._ids:
            found("repeated-record-id", f"the record at byte {self._ids[record.record_id]} has the same id")
        self._ids.setdefault(record.record_id, record.offset)
        self._concurrent += [(record.offset, record.record_id, each) for each in record.all("WARC-Concurrent-To")]
        if record.type == "warcinfo":
            self._warcinfo = record.record_id
            filename = record.header("WARC-Filename")
            if filename and filename != Path(self.name).name.removesuffix(".open"):
                found("renamed", f"the file was written as {filename}")
        elif self._ours and self._warcinfo is None:
            found("no-warcinfo", "no warcinfo record precedes it")
            self._warcinfo = ""
        elif self._warcinfo and record.header("WARC-Warcinfo-ID") not in (None, self._warcinfo):
            found("dangling-warcinfo-id", "WARC-Warcinfo-ID does not name the file's warcinfo record")
        self._refer(record)

    def _refer(self, record: Record) -> None:
        digest = record.header("WARC-Payload-Digest") or ""
        if record.type in ("response", "revisit"):
            self.captures[record.record_id] = (record.offset, digest)
        if record.type == "response":
            self.originals[record.record_id] = digest
        refers_to = record.header("WARC-Refers-To")
        is_text = record.type == "conversion" and self._ours
        if refers_to and (record.type == "revisit" or is_text):
            self.references.append(
                Reference(
                    file=self.name,
                    offset=record.offset,
                    record_id=record.record_id,
                    refers_to=refers_to,
                    payload_digest=None if is_text else digest,
                )
            )


def _next_record(stream: BinaryIO, start: int) -> int | None:
    """The offset of the next gzip member that holds a record: one may be found in a stored payload as well."""
    at = start
    while (at := _find(stream, GZIP_HEADER[:3], at)) >= 0:
        try:
            if next(read_members(stream, at)).content.startswith(b"WARC/"):
                return at
        except BadMember:
            pass
        at += 1
    return None


def _find(stream: BinaryIO, wanted: bytes, start: int) -> int:
    """The offset of the next occurrence, or -1."""
    stream.seek(start)
    at, held = start, b""
    while data := stream.read(2**16):
        held += data
        found = held.find(wanted)
        if found >= 0:
            return at + found
        kept = held[-(len(wanted) - 1) :]
        at += len(held) - len(kept)
        held = kept
    return -1


def _finding(file: str, offset: int | None, record_id: str | None, kind: str, what: str) -> Finding:
    advice = _ADVICE.get(kind, _ADVICE_ELSE)
    return Finding(file=file, offset=offset, record_id=record_id, kind=kind, what=what, advice=advice)

"""The structural check of WARC files: says for each defect which file, offset and record; changes nothing.

Files are checked one by one, so that a caller may run them in parallel; `check_references` then joins what they say.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from attrs import field, frozen

from pipelines.warc import http
from pipelines.warc.digests import digest_holds
from pipelines.warc.records import GZIP_HEADER, BadMember, Member, Record, date_of, parse_record, read_members

_TYPES = frozenset(("warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"))
_MANDATORY = ("WARC-Type", "WARC-Record-ID", "WARC-Date", "Content-Length")
_REPEATABLE = frozenset(("warc-concurrent-to", "warc-protocol"))
_HTTP_TYPES = frozenset(("response", "request", "revisit"))
_PROFILES = re.compile(
    r"http://netpreserve\.org/warc/1\.[01]/(?:revisit/)?(identical-payload-digest|server-not-modified)"
)
_RECORD_ID = re.compile(r"<[a-z][a-z0-9+.-]*:[^<>\s]+>")
_TRUNCATED = frozenset(("length", "time", "disconnect", "unspecified"))
_DIGEST = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9+/=_-]+")

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
        self._concurrent: list[tuple[Record, str]] = []
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
        for record, named in self._concurrent:
            if named not in self._ids:
                what = f"WARC-Concurrent-To names {named}, which is not in this file"
                self.found(record.offset, record.record_id, "dangling-concurrent-to", what)

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

        for kind, what in (*_header_defects(record, member), *_block_defects(record)):
            found(kind, what)
        if record.record_id in self._ids:
            found("repeated-record-id", f"the record at byte {self._ids[record.record_id]} has the same id")
        self._ids.setdefault(record.record_id, record.offset)
        self._concurrent += [(record, named) for named in record.all("WARC-Concurrent-To")]
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


def _header_defects(record: Record, member: Member) -> Iterator[tuple[str, str]]:
    """(kind, what) of the WARC headers (WARC 1.1 §4, §5)."""
    if not member.content.startswith((b"WARC/1.1\r\n", b"WARC/1.0\r\n")):
        yield "bad-version", f"the record begins with {member.content[:10]!r}"
    for name in _MANDATORY:
        if record.header(name) is None:
            yield "missing-field", f"no {name}"
    names = [name.lower() for name, _ in record.headers]
    for name in dict.fromkeys(names):
        if names.count(name) > 1 and name not in _REPEATABLE:
            yield "repeated-field", f"{name} stands {names.count(name)} times"
    if record.type and record.type not in _TYPES:
        yield "unknown-type", f"WARC-Type is {record.type!r}"
    if record.type in _HTTP_TYPES | {"conversion", "resource"} and record.header("WARC-Target-URI") is None:
        yield "missing-field", f"a {record.type} without WARC-Target-URI"
    for name, value in record.headers:
        is_well_formed = _FORMS.get(name.lower())
        if is_well_formed and not is_well_formed(value):
            yield "malformed-field", f"{name} is {value[:80]!r}"
    if record.type == "revisit":
        profile = record.header("WARC-Profile")
        if profile is None:
            yield "no-profile", "a revisit without WARC-Profile"
        elif not _PROFILES.fullmatch(profile):
            yield "unknown-profile", f"WARC-Profile is {profile!r}"
        if record.header("WARC-Refers-To") is None and record.header("WARC-Refers-To-Target-URI") is None:
            yield "no-original", "a revisit that names no original"


def _block_defects(record: Record) -> Iterator[tuple[str, str]]:
    """(kind, what) of the block: its digests, and whether it is what it is said to be."""
    named = record.header("WARC-Block-Digest")
    if named is None:
        yield "missing-digest", "no WARC-Block-Digest"
    elif digest_holds(named, record.block) is False:
        yield "block-digest", "the block is not what WARC-Block-Digest says"
    payload_digest = record.header("WARC-Payload-Digest")
    if record.type == "response":
        if not record.block.startswith(b"HTTP/"):
            yield "not-http", "a response whose block does not begin with HTTP/"
        elif payload_digest is None:
            yield "missing-digest", "a response without WARC-Payload-Digest"
        elif digest_holds(payload_digest, http.parse_response(record.block).payload) is False:
            yield "payload-digest", "the payload, its transfer coding removed, is not what WARC-Payload-Digest says"
    if record.type in _HTTP_TYPES:
        content_type = record.header("Content-Type") or ""
        kind = "request" if record.type == "request" else "response"
        if not re.fullmatch(rf"application/http\s*;\s*msgtype=\"?{kind}\"?", content_type):
            yield "wrong-content-type", f"a {record.type} of Content-Type {content_type!r}"


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


def _is_date(value: str) -> bool:
    try:
        return value.endswith("Z") and date_of(value) is not None
    except ValueError:
        return False


def _is_address(value: str) -> bool:
    try:
        return ipaddress.ip_address(value) is not None
    except ValueError:
        return False


def _is_uri(value: str) -> bool:
    return re.fullmatch(r"<?[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+>?", value) is not None


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: pattern.fullmatch(value) is not None


_FORMS: dict[str, Callable[[str], bool]] = {
    "warc-record-id": _matches(_RECORD_ID),
    "warc-concurrent-to": _matches(_RECORD_ID),
    "warc-refers-to": _matches(_RECORD_ID),
    "warc-warcinfo-id": _matches(_RECORD_ID),
    "warc-date": _is_date,
    "warc-refers-to-date": _is_date,
    "warc-target-uri": _is_uri,
    "warc-refers-to-target-uri": _is_uri,
    "warc-ip-address": _is_address,
    "warc-truncated": _TRUNCATED.__contains__,
    "warc-block-digest": _matches(_DIGEST),
    "warc-payload-digest": _matches(_DIGEST),
}
"""Whether a header's value is well formed, by name."""

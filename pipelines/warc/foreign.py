"""Reads WARC 1.0, WARC 1.1 and ARC records as others write them; what cannot be read is told, and reading goes on."""

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import field, frozen

from pipelines.warc.records import MEMBER_LIMIT
from pipelines.warc.unpacking import Place, Unpacked

_HEAD_LIMIT = 2**20
"""Bytes of a record's headers, or of an ARC record's line."""
_HEAD_END = re.compile(rb"\r?\n(?:\r?\n|(?=(?P<next>WARC/\d\.\d\r?\n)))")
"""Of a record's headers; where another record begins first, they have none."""
_LINE_END = re.compile(rb"\n")
_NEXT = re.compile(rb"\r?\n(?=WARC/\d\.\d\r?\n)")
_DIGITS = 20
"""Of a length: no file has so many bytes."""
_FOLD = re.compile(r"\r?\n[ \t]+")
_ARC_LINE = re.compile(
    rb"(?P<url>[a-z][a-z0-9+.-]*:\S*) (?P<ip>\S+) (?P<date>\d{14}) (?P<rest>[^\r\n]*?)(?P<size>\d+)\r?\n"
)
"""Of ARC 1 and 2: what the second has more stands between date and length."""


@frozen(kw_only=True)
class Foreign:
    """One record of somebody else's file."""

    file: str
    place: Place
    headers: tuple[tuple[str, str], ...]
    """As WARC has them; those of an ARC record are made from its line."""
    block: bytes = field(repr=False)
    is_arc: bool = False

    def header(self, name: str) -> str | None:
        """The first value of a header, by name in any case."""
        lowered = name.lower()
        return next((value for key, value in self.headers if key.lower() == lowered), None)

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        lowered = name.lower()
        return [value for key, value in self.headers if key.lower() == lowered]

    @property
    def type(self) -> str:
        return (self.header("WARC-Type") or "").lower()

    @property
    def record_id(self) -> str | None:
        return self.header("WARC-Record-ID")

    @property
    def url(self) -> str:
        """The target; some writers of WARC 1.0 put it in angle brackets."""
        return (self.header("WARC-Target-URI") or "").removeprefix("<").removesuffix(">")


@frozen(kw_only=True)
class Refused:
    """What could not be read, or not be taken in, and where it lies."""

    file: str
    place: Place
    record_id: str | None = None
    kind: str
    """A word or two with a hyphen, such as `bad-length`."""
    what: str


def read_foreign(path: Path) -> Iterator[Foreign | Refused]:
    """The records of a file in their order, streaming. Raises OSError."""
    with path.open("rb") as stream:
        yield from _Reader(str(path), Unpacked(stream)).read()


@frozen
class _Reader:
    file: str
    unpacked: Unpacked

    def read(self) -> Iterator[Foreign | Refused]:
        while True:
            if self._begin():
                place = self.unpacked.place()
                found = self._record(place)
                if isinstance(found, Foreign) or self.unpacked.buffer or not self.unpacked.broken:
                    yield found
                    continue
                # It is not whole because its member is not.
                place, record_id = found.place, found.record_id
            elif self.unpacked.broken:
                place, record_id = Place(self.unpacked.broken.offset, 0), None
            else:
                return
            yield self._refused(place, "broken-member", self.unpacked.broken.what, record_id)
            self.unpacked.broken = None

    def _begin(self) -> bool:
        """Passes over blank lines before a record; False at the end."""
        while True:
            blank = len(self.unpacked.buffer) - len(self.unpacked.buffer.lstrip(b"\r\n"))
            self.unpacked.drop(blank)
            if self.unpacked.buffer:
                return True
            if not self.unpacked.more():
                return False

    def _record(self, place: Place) -> Foreign | Refused:
        self.unpacked.reach(5)
        if self.unpacked.buffer.startswith(b"WARC/"):
            return self._warc(place)
        end = self._find(_LINE_END)
        line = _ARC_LINE.fullmatch(bytes(self.unpacked.buffer[: end.end()])) if end else None
        if line is None:
            self._resync(0)
            return self._refused(place, "no-record", "bytes that begin neither a WARC nor an ARC record")
        headers = _headers_of(line)
        return self._block(place, line.end(), headers, line["size"].decode(), is_arc=True)

    def _warc(self, place: Place) -> Foreign | Refused:
        end = self._find(_HEAD_END)
        if end is None or end["next"] or self._passes_a_record(end.end()):
            self._resync(5)
            return self._refused(place, "torn-tail", "the headers of the record do not end")
        head = bytes(self.unpacked.buffer[: end.start()]).decode("utf-8", "replace")
        lines = (line.partition(":") for line in re.split(r"\r?\n", _FOLD.sub(" ", head))[1:])
        headers = tuple((name.strip(), value.strip()) for name, colon, value in lines if colon)
        named = {name.lower(): value for name, value in headers}
        length = named.get("content-length", "")
        if not (length.isascii() and length.isdigit()):
            self._resync(end.end())
            what = f"Content-Length is {length!r}" if length else "no Content-Length"
            return self._refused(place, "bad-length", what, named.get("warc-record-id"))
        return self._block(place, end.end(), headers, length)

    def _block(
        self, place: Place, start: int, headers: tuple[tuple[str, str], ...], length: str, is_arc: bool = False
    ) -> Foreign | Refused:
        """The record whose block begins at `start` of the buffer, checked against what follows it."""
        record_id = dict(headers).get("WARC-Record-ID")
        # Python reads no number of thousands of digits.
        size = int(length[:_DIGITS])
        if size > MEMBER_LIMIT or len(length) > _DIGITS:
            self._resync(start)
            return self._refused(place, "oversized", f"a record of {length[:_DIGITS]} bytes or more", record_id)
        if not self.unpacked.reach(start + size):
            self._resync(start)
            what = f"Content-Length is {size}, and the file ends before"
            return self._refused(place, "torn-tail", what, record_id)
        if not self._ends_at(start + size, is_arc):
            self._resync(start)
            what = f"Content-Length is {size}, which is not the block's length"
            return self._refused(place, "bad-length", what, record_id)
        block = bytes(self.unpacked.buffer[start : start + size])
        self.unpacked.drop(start + size)
        return Foreign(file=self.file, place=place, headers=headers, block=block, is_arc=is_arc)

    def _ends_at(self, end: int, is_arc: bool) -> bool:
        """Whether a record may end there: blank lines follow, then another record or nothing."""
        if self._passes_a_record(end):
            return False
        if not is_arc and self.unpacked.reach(end + 4) and self.unpacked.buffer.startswith(b"\r\n\r\n", end):
            # As the specification ends it: what follows speaks for itself.
            return True
        while self.unpacked.reach(end + 1) and self.unpacked.buffer[end] in b"\r\n":
            end += 1
        if not self.unpacked.reach(end + 1):
            return True
        self.unpacked.reach(end + 5)
        return is_arc or self.unpacked.buffer.startswith(b"WARC/", end)

    def _passes_a_record(self, end: int) -> bool:
        """Whether another member, which begins a record, begins before `end`."""
        beyond = self.unpacked.member_begins_after()
        return beyond is not None and beyond < end and self.unpacked.buffer.startswith(b"WARC/", beyond)

    def _find(self, wanted: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """A match near the buffer's beginning, lengthened as need be."""
        while True:
            found = wanted.search(self.unpacked.buffer, 0, _HEAD_LIMIT)
            if found or len(self.unpacked.buffer) >= _HEAD_LIMIT or not self.unpacked.more():
                return found

    def _resync(self, start: int) -> None:
        """Drops what lies before the next record after `start`."""
        while True:
            found = _NEXT.search(self.unpacked.buffer, start)
            if found:
                self.unpacked.drop(found.end())
                return
            beyond = self.unpacked.member_begins_after()
            if beyond is not None and beyond >= start:
                self.unpacked.drop(beyond)
                return
            # A line that ends the buffer may begin what follows.
            kept = min(len(self.unpacked.buffer), 16)
            self.unpacked.drop(len(self.unpacked.buffer) - kept)
            start = 0
            if not self.unpacked.more():
                self.unpacked.drop(len(self.unpacked.buffer))
                return

    def _refused(self, place: Place, kind: str, what: str, record_id: str | None = None) -> Refused:
        return Refused(file=self.file, place=place, record_id=record_id, kind=kind, what=what)


def _headers_of(line: re.Match[bytes]) -> tuple[tuple[str, str], ...]:
    """An ARC record's line as WARC headers; it has no record id."""
    date = line["date"].decode()
    stamp = f"{date[:4]}-{date[4:6]}-{date[6:8]}T{date[8:10]}:{date[10:12]}:{date[12:]}Z"
    url = line["url"].decode("utf-8", "replace")
    kind = "warcinfo" if url.startswith("filedesc:") else "response"
    headers = [
        ("WARC-Type", kind),
        ("WARC-Target-URI", url),
        ("WARC-Date", stamp),
        ("Content-Length", line["size"].decode()),
    ]
    ip = line["ip"].decode("latin-1")
    return (*headers, ("WARC-IP-Address", ip)) if ip != "0.0.0.0" else tuple(headers)

"""WARC records as they lie in a file of one gzip member a record; read by the reader, recovery and check alike."""

import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain
from typing import BinaryIO

from attrs import field, frozen

from pipelines.errors import BadArchive

MEMBER_LIMIT = 256 * 2**20
"""Bytes of one record, decompressed: eight times the largest body a crawl keeps; more is a bomb or not ours."""

GZIP_HEADER = bytes.fromhex("1f8b08000000000000ff")
"""Of every member that a crawl writes: no flags, no time, no system, so that a changed bit shows."""

_BLOCK = struct.Struct("<BHH")
"""The head of a stored block: 1 in the last one, its length, and the length's complement."""
_STORED_MOST = 2**16 - 1
"""Bytes of a stored block."""
_LAST_BLOCK = _BLOCK.pack(1, 0, 0xFFFF)
_TRAILER = struct.Struct("<II")
_READ = 2**16
"""Bytes of one read: what is left of it is copied once a member, so larger ones cost more than they save."""
_FOLD = re.compile(r"\r\n[ \t]+")


def gzip_pieces(content: Sequence[bytes], level: int) -> list[bytes | memoryview]:
    """One whole gzip member that holds the parts of `content` together; level 0 stores them as they are."""
    crc = 0
    for part in content:
        crc = zlib.crc32(part, crc)
    size = sum(map(len, content))
    trailer = _TRAILER.pack(crc, size & 0xFFFFFFFF)
    if level:
        # A window for what there is to look back on: setting up the full one costs more than packing a small record.
        wbits, memory = (13, 6) if size < 2**13 else (15, 8)
        deflater = zlib.compressobj(level, zlib.DEFLATED, -wbits, memory)
        return [GZIP_HEADER, *map(deflater.compress, content), deflater.flush(), trailer]
    if size <= _STORED_MOST:
        return [GZIP_HEADER, _BLOCK.pack(1, size, size ^ 0xFFFF), *content, trailer]
    return [GZIP_HEADER, *chain.from_iterable(map(_stored, content)), _LAST_BLOCK, trailer]


def _stored(data: bytes) -> Iterator[bytes | memoryview]:
    """The data in stored blocks (RFC 1951 §3.2.4), as zlib's level 0 makes them, without its copies."""
    view = memoryview(data)
    for start in range(0, len(data), _STORED_MOST):
        block = view[start : start + _STORED_MOST]
        yield _BLOCK.pack(0, len(block), len(block) ^ 0xFFFF)
        yield block


def gzip_member(content: bytes, level: int) -> bytes:
    """One whole gzip member."""
    return b"".join(gzip_pieces((content,), level))


class BadMember(BadArchive):
    """Bytes that are no whole gzip member; `at` is the offset it begins at, `kind` names the defect."""

    def __init__(self, at: int, kind: str, what: str) -> None:
        super().__init__(what)
        self.at = at
        self.kind = kind


@frozen(kw_only=True)
class Member:
    """One gzip member of a file."""

    offset: int
    end: int
    header: bytes
    """The fixed part of the gzip header."""
    content: bytes = field(repr=False)
    """Decompressed."""


@frozen(kw_only=True)
class Record:
    """One WARC record."""

    offset: int
    end: int
    """Offset after its gzip member."""
    headers: tuple[tuple[str, str], ...]
    block: bytes = field(repr=False)

    @cached_property
    def _first(self) -> dict[str, str]:
        return {name.lower(): value for name, value in reversed(self.headers)}

    def header(self, name: str) -> str | None:
        """The first value of a WARC header, by name in any case."""
        return self._first.get(name.lower())

    def all(self, name: str) -> list[str]:
        """Every value of a WARC header."""
        lowered = name.lower()
        return [value for key, value in self.headers if key.lower() == lowered]

    @cached_property
    def type(self) -> str:
        return self.header("WARC-Type") or ""

    @cached_property
    def record_id(self) -> str:
        return self.header("WARC-Record-ID") or ""


def read_members(stream: BinaryIO, start: int = 0) -> Iterator[Member]:
    """The gzip members from `start` on, each with its CRC and length checked.

    Raises BadMember at the first that is not whole.
    """
    stream.seek(start)
    offset = start
    ahead = stream.read(_READ)
    while ahead:
        inflater = zlib.decompressobj(31)
        parts: list[bytes] = []
        size = 0
        fed = 0
        header = b""
        while not inflater.eof:
            if not ahead:
                raise BadMember(offset, "torn-tail", "the file ends inside a gzip member")
            fed += len(ahead)
            if len(header) < len(GZIP_HEADER):
                header += ahead[: len(GZIP_HEADER) - len(header)]
            try:
                part = inflater.decompress(ahead, MEMBER_LIMIT + 1 - size)
            except zlib.error as error:
                raise BadMember(offset, "bad-gzip", f"not a whole gzip member: {error}") from error
            parts.append(part)
            size += len(part)
            if size > MEMBER_LIMIT:
                raise BadMember(offset, "oversized", f"a record of more than {MEMBER_LIMIT} bytes")
            ahead = b"" if inflater.eof else stream.read(_READ)
        ahead = inflater.unused_data
        end = offset + fed - len(ahead)
        yield Member(offset=offset, end=end, header=header, content=b"".join(parts))
        offset = end
        ahead = ahead or stream.read(_READ)


def parse_record(member: Member) -> Record:
    """The record that a member holds; raises BadMember where the two do not fit."""
    content = member.content
    head_end = content.find(b"\r\n\r\n")
    if not content.startswith(b"WARC/") or head_end < 0:
        raise BadMember(member.offset, "no-record", "a gzip member that holds no WARC record")
    head = content[:head_end].decode("utf-8", "replace")
    headers = []
    for line in _FOLD.sub(" ", head).split("\r\n")[1:]:
        name, colon, value = line.partition(":")
        if not colon or name != name.strip() or not name:
            raise BadMember(member.offset, "malformed-header", f"a WARC header without a name: {line[:80]!r}")
        headers.append((name, value.strip()))
    length = next((value for name, value in headers if name.lower() == "content-length"), "")
    if not (length.isascii() and length.isdigit()):
        raise BadMember(member.offset, "bad-length", f"Content-Length is {length!r}")
    block_at = head_end + 4
    block_end = block_at + int(length)
    if content[block_end:] != b"\r\n\r\n":
        raise BadMember(member.offset, "bad-length", _misfit(content, block_end))
    return Record(offset=member.offset, end=member.end, headers=tuple(headers), block=content[block_at:block_end])


def read_records(stream: BinaryIO, start: int = 0) -> Iterator[Record]:
    """The records from `start` on; raises BadMember at the first that is not whole."""
    return map(parse_record, read_members(stream, start))


def warc_date(moment: datetime) -> str:
    """An aware time as WARC-Date, to the microsecond."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def date_of(text: str) -> datetime:
    """A WARC-Date as an aware UTC time; digits under a microsecond are dropped. Raises ValueError."""
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))


def _misfit(content: bytes, block_end: int) -> str:
    if len(content) < block_end:
        return "Content-Length is more than the member holds"
    if content.find(b"\r\n\r\nWARC/", block_end - 4) >= 0:
        return "several records in one gzip member"
    return "Content-Length is not the block's length"

"""Unpacks WARC and ARC files of others: plain, gzip in one member or many, zstd; knows where in the file it is."""

import zlib
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

import zstandard
from attrs import frozen

_READ = 2**17
_FED = 512
"""Packed bytes unpacked at once: at zstd's utmost they give 16 MB."""
_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"
"""A skippable frame that opens a .warc.zst file holds the dictionary (IIPC, warc-zstd 1.0)."""
_WINDOW = 2**27
"""Of zstd: what a compressor may look back on; more is a bomb."""


@frozen
class Broken:
    """Packed bytes that cannot be unpacked; what follows from the next member on can be read all the same."""

    offset: int
    what: str


@frozen
class Place:
    """Where unpacked bytes come from."""

    offset: int
    """In the file: of the member that they are packed in; of the bytes themselves where nothing is packed."""
    within: int
    """Unpacked bytes of that member before them; 0 where nothing is packed."""


@frozen
class _Mark:
    at: int
    offset: int


class Unpacked:
    """The unpacked bytes of a file, seen through a buffer that grows as far as it is asked to."""

    def __init__(self, stream: BinaryIO) -> None:
        self.buffer = bytearray()
        self.at = 0
        """Unpacked bytes before the buffer."""
        self.broken: Broken | None = None
        """Why the buffer stopped growing before the file's end; whoever takes note sets it to None."""
        self._marks: deque[_Mark] = deque()
        """Where members begin; those before the buffer's beginning are forgotten but for the last."""
        self._is_packed, self._pieces = _pieces(stream)

    def more(self) -> bool:
        """Lengthens the buffer; False at the end of the file, and where it is broken."""
        piece = None if self.broken else next(self._pieces, None)
        if isinstance(piece, Broken):
            self.broken = piece
        if piece is None or isinstance(piece, Broken):
            return False
        offset, content = piece
        if not self._marks or (self._is_packed and self._marks[-1].offset != offset):
            self._marks.append(_Mark(self.at + len(self.buffer), offset))
        self.buffer += content
        return True

    def reach(self, size: int) -> bool:
        """Whether the buffer holds that many bytes, lengthened as need be."""
        while len(self.buffer) < size:
            if not self.more():
                return False
        return True

    def drop(self, size: int) -> None:
        """Forgets bytes from the buffer's beginning."""
        del self.buffer[:size]
        self.at += size
        while len(self._marks) > 1 and self._marks[1].at <= self.at:
            self._marks.popleft()

    def place(self) -> Place:
        """Where the buffer's first byte comes from."""
        if not self._marks:
            return Place(0, 0)
        mark = self._marks[0]
        return Place(mark.offset, self.at - mark.at) if self._is_packed else Place(mark.offset + self.at - mark.at, 0)

    def member_begins_after(self) -> int | None:
        """How far behind the buffer's beginning the next member begins, where that is known."""
        return next((mark.at - self.at for mark in self._marks if self._is_packed and mark.at > self.at), None)


_Pieces = Iterator[tuple[int, bytes] | Broken]


def _pieces(stream: BinaryIO) -> tuple[bool, _Pieces]:
    """Whether the file is packed, and its unpacked bytes with the offset of their member."""
    magic = stream.read(4)
    stream.seek(0)
    if magic.startswith(_GZIP):
        return True, _unpacked(stream, _GZIP, 0, lambda: zlib.decompressobj(31))
    if magic in (_ZSTD, _ZSTD_DICTIONARY):
        try:
            dictionary, start = _dictionary(stream) if magic == _ZSTD_DICTIONARY else (None, 0)
        except zstandard.ZstdError as error:
            return True, iter([Broken(0, f"its dictionary is not to be unpacked: {error}")])
        unpacker = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=_WINDOW)
        return True, _unpacked(stream, _ZSTD, start, unpacker.decompressobj)
    return False, _plain(stream)


def _plain(stream: BinaryIO) -> _Pieces:
    at = 0
    while content := stream.read(_READ):
        yield at, content
        at += len(content)


def _unpacked(stream: BinaryIO, magic: bytes, start: int, unpacker) -> _Pieces:  # type: ignore[no-untyped-def]
    """Member after member; a broken one is told, and the next that can be unpacked is looked for."""
    offset: int | None = start
    while offset is not None:
        try:
            offset = yield from _member(stream, offset, unpacker())
        except (zlib.error, zstandard.ZstdError) as error:
            yield Broken(offset, f"not to be unpacked: {error}")
            offset = _next_member(stream, magic, offset + 1, unpacker)


def _member(stream: BinaryIO, offset: int, inflater):  # type: ignore[no-untyped-def]
    """The pieces of one member; returns where the next begins, None where none does."""
    stream.seek(offset)
    fed = 0
    while not inflater.eof:
        packed = stream.read(_READ)
        if not packed:
            if fed:
                yield Broken(offset, "the file ends inside a packed member")
            return None
        for at in range(0, len(packed), _FED):
            fed += len(piece := packed[at : at + _FED])
            if content := inflater.decompress(piece):
                yield offset, content
            if inflater.eof:
                break
    return offset + fed - len(inflater.unused_data)


def _next_member(stream: BinaryIO, magic: bytes, start: int, unpacker) -> int | None:  # type: ignore[no-untyped-def]
    """The next place where a member begins that unpacks, at its beginning at least."""
    stream.seek(start)
    base, held = start, b""
    while content := stream.read(_READ):
        held += content
        at = held.find(magic)
        while at >= 0:
            stream.seek(base + at)
            try:
                if unpacker().decompress(stream.read(_READ)):
                    return base + at
            except (zlib.error, zstandard.ZstdError):
                pass
            at = held.find(magic, at + 1)
        kept = held[-(len(magic) - 1) :]
        base += len(held) - len(kept)
        held = kept
        stream.seek(base + len(held))
    return None


def _dictionary(stream: BinaryIO) -> tuple[zstandard.ZstdCompressionDict, int]:
    """The dictionary of the opening frame, and where the frame ends."""
    stream.seek(4)
    size = int.from_bytes(stream.read(4), "little")
    if size > _WINDOW:
        raise zstandard.ZstdError(f"{size} bytes")
    content = stream.read(size)
    if content.startswith(_ZSTD):
        content = zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(content).read(_WINDOW)
    return zstandard.ZstdCompressionDict(content), 8 + size

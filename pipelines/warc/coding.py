"""Takes captures, gives pages: removes content codings, guards against bombs; touches no disk."""

import io
import zlib
from collections.abc import Callable

import brotli
import zstandard

from pipelines.capture import Capture, Page

BODY_LIMIT = 32 * 2**20
"""Bytes of a decoded body: over a hundred times the median news page, and small beside a machine's memory."""


def body_of(capture: Capture, limit: int = BODY_LIMIT) -> bytes:
    """The body with content codings removed, cut at `limit` bytes.

    A coding that is not known, or that the body never had, is passed over; a body that breaks gives what came.
    """
    named = ",".join(value for name, value in capture.headers if name.lower() == "content-encoding")
    body = capture.payload
    for coding in reversed([part.strip().lower() for part in named.split(",")]):
        decode = _DECODERS.get(coding)
        if decode:
            body = decode(body, limit) or body
    return body[:limit]


def plain(body: bytes, limit: int = BODY_LIMIT) -> bytes:
    """A saved page's bytes, cut at `limit` bytes: gzip is undone as far as it goes, anything else is as it is."""
    return (_gunzipped(body, limit) or body)[:limit] if body.startswith(b"\x1f\x8b") else body


def page_of(capture: Capture) -> Page:
    """What reading an article needs of the capture."""
    return Page(
        url=capture.url,
        body=body_of(capture),
        content_type=capture.header("content-type"),
        captured_at=capture.captured_at,
        status=capture.status,
    )


def _inflated(data: bytes, limit: int, wbits: int) -> bytes:
    """Members one after another, as gzip allows; b"" where the data is no such stream."""
    parts: list[bytes] = []
    left = limit
    while data and left > 0:
        stream = zlib.decompressobj(wbits)
        try:
            part = stream.decompress(data, left)
        except zlib.error:
            part = _inflated_until_broken(data, wbits, left)
            stream = zlib.decompressobj(wbits)
        parts.append(part)
        left -= len(part)
        data = stream.unused_data
    return b"".join(parts)


def _inflated_until_broken(data: bytes, wbits: int, limit: int) -> bytes:
    """What a broken stream gives before it breaks, found in small steps."""
    stream = zlib.decompressobj(wbits)
    parts: list[bytes] = []
    left = limit
    try:
        for at in range(0, len(data), 64):
            piece = stream.decompress(data[at : at + 64], left)
            parts.append(piece)
            left -= len(piece)
            if left <= 0:
                break
    except zlib.error:
        pass
    return b"".join(parts)


def _gunzipped(data: bytes, limit: int) -> bytes:
    return _inflated(data, limit, 31)


def _undeflated(data: bytes, limit: int) -> bytes:
    """`deflate` means the zlib format; some servers send it raw (RFC 9110 §8.4.1.2)."""
    return _inflated(data, limit, 15) or _inflated(data, limit, -15)


def _unbrotlied(data: bytes, limit: int) -> bytes:
    stream = brotli.Decompressor()
    parts: list[bytes] = []
    left = limit
    try:
        while left > 0 and not stream.is_finished():
            piece = stream.process(data, output_buffer_limit=left)
            data = b""
            parts.append(piece)
            left -= len(piece)
            if not piece and stream.can_accept_more_data():
                break
    except brotli.error:
        pass
    return b"".join(parts)


def _unzstded(data: bytes, limit: int) -> bytes:
    parts: list[bytes] = []
    left = limit
    with zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(
        io.BytesIO(data), read_across_frames=True
    ) as stream:
        try:
            while left > 0 and (piece := stream.read(min(left, 2**16))):
                parts.append(piece)
                left -= len(piece)
        except zstandard.ZstdError:
            pass
    return b"".join(parts)


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "deflate": _undeflated,
    "br": _unbrotlied,
    "zstd": _unzstded,
}

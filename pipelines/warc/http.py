"""Reads HTTP messages as they crossed the wire; pure, and the same for the live crawl and the archive's reader."""

import re
from itertools import takewhile

from attrs import field, frozen

_HEAD_END = re.compile(rb"\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d+(?:\.\d+)?[ \t]+(\d{3})")
_INTERIM = re.compile(rb"HTTP/\d\.\d 1\d\d(?!\d)")
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}")
_PROXY_AUTHORIZATION = re.compile(rb"(?im)^proxy-authorization[ \t]*:.*(?:\r?\n[ \t].*)*\r?\n")
_WHITE = " \t\n\r\x0b\f"
_CHUNK_LINE_LIMIT = 1026
"""Bytes of a chunk-size line with its extensions; Twisted reads as many."""

Headers = tuple[tuple[str, str], ...]


def split_head(message: bytes) -> tuple[bytes, bytes]:
    """The head with its blank line, and the rest; a head that does not end is all head."""
    end = _HEAD_END.search(message)
    return (message[: end.end()], message[end.end() :]) if end else (message, b"")


def without_interim(received: bytes) -> bytes:
    """The bytes without 1xx answers before the final one (WARC 1.1 records the final answer)."""
    while _INTERIM.match(received):
        received = split_head(received)[1]
    return received


def without_proxy_authorization(request: bytes) -> bytes:
    """The request without the header that is meant for the operator's proxy alone."""
    if b"roxy-" not in request:
        return request
    head, body = split_head(request)
    return _PROXY_AUTHORIZATION.sub(b"", head) + body


def parse_head(head: bytes) -> tuple[int, Headers]:
    """The status (0 where the status line names none) and the headers in wire order, Latin-1 decoded.

    Folded lines are joined with one space; lines without a colon are no headers.
    """
    status = _STATUS.match(head)
    lines = iter(head.decode("latin-1").replace("\r\n", "\n").split("\n"))
    next(lines)
    joined: list[str] = []
    for line in takewhile(bool, lines):
        if line[0] in " \t" and joined:
            joined[-1] += " " + line.strip(_WHITE)
        else:
            joined.append(line)
    parted = (line.partition(":") for line in joined)
    headers = tuple((name.strip(), value.strip()) for name, colon, value in parted if colon)
    return int(status[1]) if status else 0, headers


def dechunked(body: bytes) -> bytes:
    """The body with its chunk framing removed; where the framing breaks, what came until there.

    A body that never was chunked, whatever its header says, comes back as it is.
    """
    parts: list[memoryview] = []
    view = memoryview(body)
    at = 0
    while True:
        eol = body.find(b"\n", at, at + _CHUNK_LINE_LIMIT)
        size_raw = body[at : eol if eol >= 0 else at + _CHUNK_LINE_LIMIT].partition(b";")[0].strip()
        if not _CHUNK_SIZE.fullmatch(size_raw):
            return b"".join(parts) if at or not body.strip() else body
        if eol < 0 or not (size := int(size_raw, 16)):
            return b"".join(parts)
        parts.append(view[eol + 1 : eol + 1 + size])
        at = eol + 1 + size
        line_end = re.match(rb"\r?\n", body[at : at + 2])
        if not line_end:
            return b"".join(parts)
        at += line_end.end()


@frozen(kw_only=True)
class Message:
    """An HTTP answer, taken apart."""

    block: bytes = field(repr=False)
    """As it crossed the wire."""
    head: bytes
    """With its blank line."""
    status: int
    """0 where the status line names none."""
    headers: Headers
    payload: bytes = field(repr=False)
    """The body with the transfer coding removed, the content coding still on."""


def parse_response(block: bytes) -> Message:
    """The answer that a block holds; whatever the bytes, there is one."""
    head, body = split_head(block)
    status, headers = parse_head(head)
    codings = ",".join(value for name, value in headers if name.lower() == "transfer-encoding").lower()
    chunked = codings.rpartition(",")[2].strip() == "chunked"
    payload = dechunked(body) if chunked else body
    return Message(block=block, head=head, status=status, headers=headers, payload=payload)

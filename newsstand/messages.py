"""HTTP/1.1 messages: reads a request from a stream, gives an answer's bytes; knows no site and no socket."""

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from typing import BinaryIO
from urllib.parse import SplitResult, parse_qs, urlsplit

from attrs import field, frozen

LINE_LIMIT = 16_384
"""Bytes of one request or header line: twice what any browser sends."""
HEADER_LIMIT = 200
"""Header lines of one request."""
BODY_LIMIT = 1_000_000
"""Bytes of a request's body: crawlers send none, comment forms little."""
CHUNK = 8_192
"""Bytes of one chunk, as nginx cuts them."""


class BadRequest(Exception):
    """What came is no HTTP/1.x request."""


@frozen(kw_only=True)
class Head:
    """A request's first line and headers, names in lower case, the last of a repeated one."""

    method: str
    target: str
    version: str
    headers: Mapping[str, str]

    @property
    def keeps_alive(self) -> bool:
        """True where the client will ask again on this connection."""
        named = (self.headers.get("connection") or self.headers.get("proxy-connection") or "").lower()
        return "close" not in named if self.version == "HTTP/1.1" else "keep-alive" in named


@frozen(kw_only=True)
class Request:
    """What a site is asked, and when."""

    method: str
    url: str
    headers: Mapping[str, str]
    number: int
    """Counts every request of the newsstand: what differs at every request is drawn from it."""
    at: datetime
    """The instant in the world."""

    @property
    def parts(self) -> SplitResult:
        """The URL in its parts."""
        return urlsplit(self.url)

    @property
    def query(self) -> dict[str, str]:
        """The query's last value by name."""
        return {name: values[-1] for name, values in parse_qs(self.parts.query).items()}


@frozen(kw_only=True)
class Response:
    """A site's answer, before any coding."""

    status: int = 200
    content_type: str = "text/html; charset=UTF-8"
    body: bytes = field(default=b"", repr=False)
    headers: tuple[tuple[str, str], ...] = ()
    modified_at: datetime | None = None
    """Sent as Last-Modified."""
    tagged: bool = False
    """True: an ETag over the body is sent, and a repeated question answered 304."""
    chunked: bool = False
    """True: sent with chunk framing, as pages made on the fly are."""


def read_head(stream: BinaryIO) -> Head | None:
    """The next request's head; None where the client has gone.

    Raises BadRequest.
    """
    first = _line(stream)
    while first == b"\r\n":  # RFC 9112 §2.2: an empty line before the request line is to be passed over
        first = _line(stream)
    if not first:
        return None
    words = first.decode("latin-1").split()
    if len(words) != 3 or words[2] not in ("HTTP/1.0", "HTTP/1.1"):
        raise BadRequest("no HTTP/1.x request line")
    headers: dict[str, str] = {}
    for _ in range(HEADER_LIMIT):
        line = _line(stream)
        if line in (b"\r\n", b"\n"):
            return Head(method=words[0], target=words[1], version=words[2], headers=headers)
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not name or name != name.strip():
            raise BadRequest("a header line without a name")
        headers[name.lower()] = value.strip()
    raise BadRequest("too many headers")


def skip_body(stream: BinaryIO, head: Head) -> None:
    """Reads the request's body away.

    Raises BadRequest where its length is not a number, too great, or given by a transfer coding.
    """
    if "transfer-encoding" in head.headers:
        raise BadRequest("no transfer coding is taken")
    stated = head.headers.get("content-length", "0")
    if not stated.isascii() or not stated.isdigit() or int(stated) > BODY_LIMIT:
        raise BadRequest("a Content-Length that is not taken")
    stream.read(int(stated))


def _line(stream: BinaryIO) -> bytes:
    line = stream.readline(LINE_LIMIT)
    if len(line) == LINE_LIMIT:
        raise BadRequest("a line that does not end")
    return line


def not_found(what: str = "Not Found") -> Response:
    """A 404 page."""
    return Response(
        status=404, body=f"<html><head><title>404</title></head><body><h1>{what}</h1></body></html>".encode()
    )


def redirect(location: str, status: int = 301) -> Response:
    """Sends the client on to another URL."""
    return Response(status=status, headers=(("Location", location),))


def text(body: str, content_type: str = "text/plain; charset=UTF-8") -> Response:
    """A tagged text answer: robots.txt, lists."""
    return Response(content_type=content_type, body=body.encode(), tagged=True)


def as_json(value: object, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """A tagged JSON answer, as WordPress gives it."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Response(content_type="application/json; charset=UTF-8", body=body, headers=headers, tagged=True)


def conditional(request: Head, response: Response) -> Response:
    """The answer itself, or 304 where the client says it holds that state (RFC 9110 §13.2.2)."""
    if response.status != 200:
        return response
    held, since = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
    if held is not None:
        tags = {tag.strip().removeprefix("W/") for tag in held.split(",")}
        same = response.tagged and etag(response) in tags
    else:
        same = since is not None and response.modified_at is not None and _not_after(response.modified_at, since)
    if not same:
        return response
    return Response(status=304, modified_at=response.modified_at, headers=(("ETag", etag(response)),) * response.tagged)


def etag(response: Response) -> str:
    """A strong tag over the body."""
    return f'"{hashlib.sha256(response.body).hexdigest()[:20]}"'


def _not_after(modified_at: datetime, since: str) -> bool:
    try:
        asked = parsedate_to_datetime(since)
    except ValueError:
        return False
    asked = asked if asked.tzinfo else asked.replace(tzinfo=UTC)
    return modified_at.replace(microsecond=0) <= asked


def pieces(head: Head, response: Response, now: datetime) -> Iterator[bytes]:
    """The answer's bytes as they go out: header, then body or chunks; the last piece completes the answer."""
    body, coding = _coded(head.headers.get("accept-encoding", ""), response)
    phrase = next((known.phrase for known in HTTPStatus if known == response.status), "")
    lines = [f"HTTP/1.1 {response.status} {phrase}"]
    lines += [f"Date: {format_datetime(now.astimezone(UTC), usegmt=True)}", "Server: nginx"]
    chunked = response.chunked and head.version == "HTTP/1.1" and bool(body)
    if response.status not in (204, 304):
        lines += [f"Content-Type: {response.content_type}"]
        lines += ["Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(body)}"]
    if coding:
        lines += [f"Content-Encoding: {coding}", "Vary: Accept-Encoding"]
    if response.modified_at:
        lines += [f"Last-Modified: {format_datetime(response.modified_at.astimezone(UTC), usegmt=True)}"]
    if response.tagged and response.status == 200:
        lines += [f"ETag: {etag(response)}"]
    lines += [f"{name}: {value}" for name, value in response.headers]
    lines += ["Connection: keep-alive" if head.keeps_alive else "Connection: close", "", ""]
    start = "\r\n".join(lines).encode("latin-1")
    if head.method == "HEAD" or not body:
        yield start
    elif chunked:
        yield start
        for place in range(0, len(body), CHUNK):
            piece = body[place : place + CHUNK]
            yield b"%x\r\n%s\r\n" % (len(piece), piece)
        yield b"0\r\n\r\n"
    else:
        yield start + body[:-1]
        yield body[-1:]


def _coded(accepted: str, response: Response) -> tuple[bytes, str | None]:
    """The body as the client takes it, with its content coding."""
    kind = response.content_type.partition(";")[0]
    already = any(name.lower() == "content-encoding" for name, _ in response.headers)
    if already or len(response.body) < 200 or not (kind.startswith("text/") or kind.endswith(("xml", "json"))):
        return response.body, None
    names = {name.partition(";")[0].strip() for name in accepted.split(",")}
    if "gzip" in names:
        return gzip.compress(response.body, 5, mtime=0), "gzip"
    return response.body, None

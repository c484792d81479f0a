"""What a hostile server sends, byte for byte, and what a record must hold of it."""

import gzip
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import brotli
import zstandard
from attrs import frozen

from tests.capture.scripted import Close, Cut, Dribble, Flood, Reset, Step

HTML = b"<!doctype html><title>Page</title><p>Text with \r\n\r\n blank lines inside.</p>\n" * 20
OK = b"HTTP/1.1 200 OK\r\n"


@frozen(kw_only=True)
class Case:
    """One path of the server: its script, and what stands in the archive afterwards."""

    name: str
    steps: list[Step]
    record: bytes | None = None
    """The response block where it is not what was sent: the rule that says so stands beside the case."""
    ended: str = "complete"
    prefix: bool = False
    """True where the block is what came until a limit: a beginning of what was sent."""
    note: str | None = None
    """The reason of the note where there is no response."""
    decoded: bytes | None = None
    """The body that extraction reads."""
    fails: bool = False
    """True where Scrapy gets no response."""
    ask: Mapping[str, Any] = {}
    query: str = ""

    @property
    def path(self) -> str:
        return f"/{self.name}{self.query}"


def answer(body: bytes, *headers: bytes, status: bytes = OK) -> bytes:
    """An answer with a Content-Length."""
    lines = b"".join(header + b"\r\n" for header in headers)
    return status + lines + b"Content-Length: %d\r\n\r\n" % len(body) + body


def chunked(
    body: bytes,
    size: int = 100,
    end: bytes = b"0\r\n\r\n",
    *headers: bytes,
    form: bytes = b"%x",
    extension: bytes = b"",
) -> bytes:
    """An answer in chunks."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    chunks = b"".join(form % len(piece) + extension + b"\r\n" + piece + b"\r\n" for piece in pieces)
    lines = b"".join(header + b"\r\n" for header in headers)
    return OK + lines + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + end


def page(name: str) -> bytes:
    """A body that no other case has."""
    return HTML.replace(b"Page", name.encode())


def _whole() -> list[Case]:
    """Answers in one piece, made of a body that no other case has."""
    close = b"Connection: close"
    odd_reason = "HTTP/1.1 200 Усе  добре:\tтак \r\n".encode()
    trailers = b"0\r\nX-Trailer: 1\r\nExpires: never\r\n\r\n"
    made: dict[str, Callable[[bytes], bytes]] = {
        "content-length": answer,
        "header-case": lambda body: answer(body, b"cOnTent-tYPE: text/html", b"X-ALL: 1", b"x-none: 2"),
        "header-order": lambda body: answer(body, b"Z: 1", b"A: 2", b"M: 3", b"A: 4"),
        "header-repeats": lambda body: answer(body, b"Set-Cookie: a=1", b"Set-Cookie: b=2", b"set-cookie: a=1"),
        "header-white-space": lambda body: answer(body, b"X-A:one", b"X-B:   two  ", b"X-C:\tthree\t"),
        "header-folded": lambda body: answer(body, b"X-Folded: one\r\n  two\r\n\tthree"),
        "header-latin-1": lambda body: answer(body, b"X-Name: caf\xe9 \xa9"),
        "header-utf-8": lambda body: answer(body, "X-Name: Київ".encode()),
        "header-empty-value": lambda body: answer(body, b"X-Empty:", b"X-Blank:  "),
        "header-no-colon": lambda body: answer(body, b"this is no header"),
        "header-space-before-colon": lambda body: answer(body, b"X-Spaced : yes"),
        "header-control-bytes": lambda body: answer(body, b"X-Control: a\x00b\x01c\x7f"),
        "header-odd-name": lambda body: answer(body, b"X_Odd@Name: 1", b": nameless", b"\xc3\x85: 1"),
        "header-of-20-kb": lambda body: answer(body, b"X-Long: " + b"l" * 20_000),
        "headers-by-hundreds": lambda body: answer(body, *(b"X-%d: %d" % (n, n) for n in range(300))),
        "warc-in-a-header": lambda body: answer(body, b"WARC-Type: warcinfo", b"WARC/1.1"),
        "reason-none": lambda body: answer(body, status=b"HTTP/1.1 200\r\n"),
        "reason-blank": lambda body: answer(body, status=b"HTTP/1.1 200 \r\n"),
        "reason-odd": lambda body: answer(body, status=odd_reason),
        "status-999": lambda body: answer(body, status=b"HTTP/1.1 999 Denied\r\n"),
        "status-404": lambda body: answer(body, status=b"HTTP/1.1 404 Not Found\r\n"),
        "status-500": lambda body: answer(body, status=b"HTTP/1.1 500 Oh\r\n"),
        "line-feeds-alone": lambda body: b"HTTP/1.1 200 OK\nContent-Length: %d\n\n%s" % (len(body), body),
        "line-ends-mixed": lambda body: b"HTTP/1.1 200 OK\nA: 1\r\nContent-Length: %d\n\r\n%s" % (len(body), body),
        "chunked": chunked,
        "chunk-extensions": lambda body: chunked(body, extension=b';a=b;c="d"'),
        "chunk-trailers": lambda body: chunked(body, 400, trailers),
        "chunk-sizes-odd": lambda body: chunked(body, 171, b"000\r\n\r\n", form=b"00%X"),
        "chunked-capital": lambda body: chunked(body).replace(b": chunked", b": Chunked"),
        "chunked-gzip": lambda body: chunked(gzip.compress(body), 50, b"0\r\n\r\n", b"Content-Encoding: gzip"),
        "chunked-and-length": lambda body: chunked(body, 100, b"0\r\n\r\n", b"Content-Length: 3"),
        "gzip": lambda body: answer(gzip.compress(body), b"Content-Encoding: gzip"),
        "gzip-two-members": lambda body: answer(
            gzip.compress(body[:99]) + gzip.compress(body[99:]), b"Content-Encoding: x-gzip"
        ),
        "deflate": lambda body: answer(zlib.compress(body), b"Content-Encoding: deflate"),
        "deflate-raw": lambda body: answer(zlib.compress(body)[2:-4], b"Content-Encoding: deflate"),
        "brotli": lambda body: answer(brotli.compress(body), b"Content-Encoding: br"),
        "zstd": lambda body: answer(zstandard.compress(body), b"Content-Encoding: zstd"),
        "codings-stacked": lambda body: answer(brotli.compress(gzip.compress(body)), b"Content-Encoding: gzip, br"),
        "coding-wrong": lambda body: answer(body, b"Content-Encoding: gzip"),
        "coding-unknown": lambda body: answer(body, b"Content-Encoding: utf-8"),
        "length-twice": lambda body: answer(body, b"Content-Length: %d" % len(body)),
        "close-with-length": lambda body: answer(body, close),
    }
    cases = []
    for name, make in made.items():
        body = page(name)
        cases.append(Case(name=name, steps=[make(body)], decoded=body))
    fixed = {
        "empty": (answer(b""), b""),
        "chunked-empty": (chunked(b""), b""),
        "warc-in-the-body": (answer(b"\r\n\r\nWARC/1.1\r\nWARC-Type: warcinfo\r\n\r\n"), None),
        "coding-cut": (answer(gzip.compress(HTML * 9)[:-9], b"Content-Encoding: gzip"), None),
        "body-of-3-mb": (answer(b"0123456789abcdef" * 200_000), None),
        "same-payload-1": (answer(b"the same"), b"the same"),
        "same-payload-2": (answer(b"the same", b"X-Another: head"), b"the same"),
    }
    return cases + [Case(name=name, steps=[sent], decoded=decoded) for name, (sent, decoded) in fixed.items()]


def _framed() -> list[Case]:
    """Answers whose bytes are framed by the method, the status, the connection, or other answers."""
    none = b"HTTP/1.1 204 No Content\r\nX: 1\r\n\r\n"
    unchanged = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 77\r\n\r\n'
    form = {"method": "POST", "body": "a=1&b=%D0%9A", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
    to_the_end, old, old_length = page("to-the-end"), page("http-1.0"), page("http-1.0-length")
    # Connections are shared by those that come from one address: these two share one with each other alone.
    alone = {"meta": {"bindaddress": "127.0.0.1"}}
    # No other request is to be sent into a connection that the server has just closed.
    apart = {"meta": {"bindaddress": "127.0.0.2"}}
    stray = b"HTTP/1.1 200 Stray\r\n\r\n"
    moved = b"HTTP/1.1 302 Found\r\nLocation: /redirected\r\nContent-Length: 5\r\n\r\nmoved"
    return [
        Case(name="to-the-end", steps=[OK + b"\r\n" + to_the_end, Close()], decoded=to_the_end),
        Case(name="http-1.0", steps=[b"HTTP/1.0 200 OK\r\n\r\n" + old, Close()], decoded=old),
        Case(
            name="http-1.0-length",
            ask=apart,
            steps=[answer(old_length, status=b"HTTP/1.0 200 OK\r\n"), Close()],
            decoded=old_length,
        ),
        Case(name="dribbled", steps=[Dribble(chunked(b"slowly but surely", 3))], decoded=b"slowly but surely"),
        Case(name="no-content", steps=[none], decoded=b""),
        Case(name="not-modified", steps=[unchanged], decoded=b""),
        Case(name="head", steps=[OK + b"Content-Length: 4096\r\n\r\n"], ask={"method": "HEAD"}, decoded=b""),
        Case(name="post", steps=[answer(b"posted")], ask=form, decoded=b"posted"),
        Case(name="post-nothing", steps=[answer(b"nothing posted")], ask={"method": "POST"}),
        Case(name="redirect", steps=[moved]),
        Case(name="query", steps=[answer(b"asked")], query="?b=2&a=%2F%D0%9A&a=&&x=a+b;c", decoded=b"asked"),
        # WARC 1.1: the record holds the final answer; 1xx answers before it are left out.
        Case(name="continue", steps=[b"HTTP/1.1 100 Continue\r\n\r\n", answer(b"go on")], record=answer(b"go on")),
        Case(name="early-hints", steps=[early, 0.05, early + answer(b"late")], record=answer(b"late")),
        # Bytes after Content-Length, or on a connection at rest, belong to no answer.
        Case(name="junk-after", steps=[answer(b"a") + stray], record=answer(b"a"), decoded=b"a"),
        Case(name="junk-after-chunks", steps=[chunked(b"hi") + b"junk"], record=chunked(b"hi"), decoded=b"hi"),
        Case(name="junk-after-none", steps=[none + b"junk"], record=none, decoded=b""),
        Case(name="junk-later", ask=alone, steps=[answer(b"z"), 0.1, stray], record=answer(b"z"), decoded=b"z"),
    ]


def _broken() -> list[Case]:
    """Answers that do not end well: what came is kept, with the reason."""
    half = answer(page("half"))[:-100]
    soon = {"meta": {"download_timeout": 1}}
    small = {"meta": {"download_maxsize": 50_000}}
    bad_chunk = OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nnonsense\r\nmore"
    cut = {"ended": "disconnect", "fails": True}
    return [
        Case(name="cut-short", steps=[half, Close()], **cut),
        Case(name="cut-in-the-head", steps=[OK + b"Content-Type: text/h", Close()], **cut),
        Case(name="cut-in-a-chunk", steps=[chunked(HTML)[:-300], Close()], **cut),
        Case(name="cut-between-chunks", steps=[chunked(HTML, 100, b""), Close()], **cut),
        Case(name="reset", steps=[half, 0.3, Reset()], **cut),
        Case(name="reset-to-the-end", steps=[OK + b"\r\n" + page("reset"), 0.3, Reset()], ended="disconnect"),
        Case(name="bad-chunk", steps=[bad_chunk, Close()], **cut),
        Case(name="lengths-differ", steps=[answer(b"12345", b"Content-Length: 3"), Close()], **cut),
        Case(name="coding-of-transfer-unknown", steps=[answer(HTML, b"Transfer-Encoding: rot13"), Close()], **cut),
        Case(name="slow-drip", steps=[half, *[b".", 0.2] * 20], ended="time", prefix=True, fails=True, ask=soon),
        Case(name="slow-head", steps=[OK, 3.0], ended="time", fails=True, ask=soon),
        Case(name="silence", steps=[3.0], note="time", fails=True, ask=soon),
        Case(
            name="too-long-declared",
            steps=[answer(b"x" * 90_000)],
            ended="length",
            prefix=True,
            fails=True,
            ask=small,
        ),
        Case(
            name="too-long-chunked",
            steps=[OK + b"Transfer-Encoding: chunked\r\n\r\n", Flood(b"3e8\r\n" + b"x" * 1000 + b"\r\n")],
            ended="length",
            prefix=True,
            fails=True,
            ask=small,
        ),
        Case(name="endless-head", steps=[OK, Flood(b"X-A: 1\r\n" * 100)], ended="length", prefix=True, fails=True),
        Case(name="endless-line", steps=[OK, Flood(b"x" * 1000)], ended="length", prefix=True, fails=True),
        Case(name="no-http", steps=[b"SSH-2.0-OpenSSH_9.6\r\n", Close()], note="not-http", fails=True),
        Case(
            name="no-http-small-letters",
            steps=[answer(HTML, status=b"http/1.1 200 OK\r\n")],
            note="not-http",
            fails=True,
        ),
        Case(name="no-http-blank-line", steps=[b"\r\n" + answer(HTML), Close()], note="not-http", fails=True),
        Case(name="no-answer", steps=[Close()], note="disconnect", fails=True),
        Case(
            name="continue-and-gone", steps=[b"HTTP/1.1 100 Continue\r\n\r\n", Close()], note="disconnect", fails=True
        ),
        # Over TLS an end without close_notify may be a cut (RFC 9112 §9.8); over TCP alone it is the end.
        Case(name="end-unsaid", steps=[OK + b"\r\n" + page("end"), Cut()], ended="disconnect"),
    ]


AFTER = {"/redirected": [[answer(b"redirected")]]}
"""Scripts of paths that are reached from cases only."""

CASES = [*_whole(), *_framed(), *_broken()]
CASES.append(Case(name="after-junk", steps=[answer(b"mine")], ask={"meta": {"bindaddress": "127.0.0.1"}, "wait": 0.5}))

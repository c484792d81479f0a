"""HTTP messages as they come, whole and broken; and bodies in every coding, bombs included."""

import gzip
import subprocess
import sys
import zlib
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pipelines.capture import Capture, CaptureRef
from pipelines.warc.coding import body_of, page_of
from pipelines.warc.http import (
    Headers,
    dechunked,
    parse_response,
    split_head,
    without_interim,
    without_proxy_authorization,
)
from tests.warc.conftest import START


def capture(payload: bytes, *codings: str) -> Capture:
    headers = tuple(("Content-Encoding", coding) for coding in codings)
    ref = CaptureRef(warc_file="f", warc_offset=0, record_id="<urn:uuid:1>", payload_digest="")
    return Capture(
        ref=ref,
        outlet="outlet",
        role="article",
        url="https://outlet.test/a",
        captured_at=START,
        status=200,
        headers=(*headers, ("Content-Type", "text/html")),
        payload=payload,
    )


def test_a_response_is_read_as_it_came() -> None:
    block = b"HTTP/1.1 200  Fine\r\nA: 1\r\n a\r\nno header\r\nB:\xe4\r\nA: 2\r\n\r\nbody\r\n\r\n"
    assert told(block) == (200, (("A", "1 a"), ("B", "ä"), ("A", "2")), b"body\r\n\r\n")
    assert told(b"HTTP/1.0 404\nA: 1\n\nx") == (404, (("A", "1"),), b"x")
    assert told(b"HTTP/1.1 200 OK\r\nA: 1") == (200, (("A", "1"),), b"")
    assert told(b"HTTP/1.1 abc\r\n\r\nx") == (0, (), b"x")


def told(block: bytes) -> tuple[int, Headers, bytes]:
    answer = parse_response(block)
    return answer.status, answer.headers, answer.payload


@pytest.mark.parametrize(
    ("framed", "body"),
    [
        (b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
        (b"5\nhello\n0\n\n", b"hello"),
        (b"5;a=b\r\nhello\r\n3\r\n wo\r\n000\r\nT: 1\r\n\r\n", b"hello wo"),
        (b"5\r\nhel", b"hel"),
        (b"5\r\nhello\r\n", b"hello"),
        (b"5\r\nhello\r\nzz\r\nmore", b"hello"),
        (b"5\r\nhelloXX", b"hello"),
        (b"never chunked\r\n", b"never chunked\r\n"),
        (b"", b""),
        (b"0\r\n\r\n", b""),
        (b"-5\r\nhello", b"-5\r\nhello"),
    ],
)
def test_chunks_give_what_came(framed: bytes, body: bytes) -> None:
    assert dechunked(framed) == body
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, CHUNKED\r\n\r\n"
    assert parse_response(head + framed).payload == body


@given(st.lists(st.binary(min_size=1)))
def test_chunked_is_undone_by_dechunked(parts: list[bytes]) -> None:
    framed = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    assert dechunked(framed) == b"".join(parts)


@given(st.binary())
def test_no_bytes_break_the_parser(block: bytes) -> None:
    head, body = split_head(block)
    assert head + body == block
    assert (parse_response(block).block, parse_response(block).head) == (block, head)


def test_interim_answers_are_left_out() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
    assert without_interim(early + early + b"HTTP/1.1 200 OK\r\n\r\n") == b"HTTP/1.1 200 OK\r\n\r\n"
    assert without_interim(b"HTTP/1.1 1000 Odd\r\n\r\n") == b"HTTP/1.1 1000 Odd\r\n\r\n"
    assert without_interim(b"HTTP/1.1 100 Continue\r\n") == b""


def test_what_is_for_the_proxy_alone_is_left_out() -> None:
    kept = b"GET / HTTP/1.1\r\nHost: a\r\nB: 1\r\n\r\nProxy-Authorization: 1\r\n"
    secret = b"proxy-authorization: Basic\r\n c2VjcmV0\r\n"
    assert without_proxy_authorization(kept.replace(b"B: 1\r\n", secret + b"B: 1\r\n")) == kept
    assert without_proxy_authorization(kept) == kept


ROOT = Path(__file__).parents[2]
TEXT = b"some text, again and again " * 100
RAW = zlib.compressobj(wbits=-15)
CODED = {
    "gzip": gzip.compress(TEXT),
    "x-gzip": gzip.compress(TEXT[:50]) + gzip.compress(TEXT[50:]),
    "deflate": zlib.compress(TEXT),
    "DEFLATE": RAW.compress(TEXT) + RAW.flush(),
    "br": brotli.compress(TEXT),
    "zstd": zstandard.compress(TEXT[:50]) + zstandard.compress(TEXT[50:]),
    "identity": TEXT,
    "nonsense": TEXT,
    "gzip, br": brotli.compress(gzip.compress(TEXT)),
}


@pytest.mark.parametrize("coding", CODED)
def test_a_body_is_decoded(coding: str) -> None:
    assert body_of(capture(CODED[coding], coding)) == TEXT
    assert page_of(capture(CODED[coding], coding)).body == TEXT


def test_codings_in_several_headers_are_undone_from_the_last() -> None:
    assert body_of(capture(brotli.compress(gzip.compress(TEXT)), "gzip", "br")) == TEXT


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_body_that_never_was_coded_comes_as_it_is(coding: str) -> None:
    assert body_of(capture(TEXT, coding)) == TEXT
    assert body_of(capture(b"", coding)) == b""


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_body_that_breaks_gives_what_came(coding: str) -> None:
    text = b"".join(b"%d " % number for number in range(40_000))
    coded = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": brotli.compress,
        "zstd": zstandard.compress,
    }[coding](text)
    cut = body_of(capture(coded[: len(coded) * 9 // 10], coding))
    assert text.startswith(cut)
    assert len(cut) > len(text) // 3
    spoilt = bytearray(coded)
    spoilt[len(coded) * 2 // 3 :] = b"\xff" * (len(coded) - len(coded) * 2 // 3)
    assert len(body_of(capture(bytes(spoilt), coding))) > 0


BOMB = """
import brotli, sys, zlib, zstandard
from pipelines.warc.coding import BODY_LIMIT, body_of
from tests.capture.memory import peak_bytes
from tests.warc.test_http import capture
zeros = b"\\0" * 2**20
def packed(stream, blocks):
    return b"".join(map(stream.compress if hasattr(stream, "compress") else stream.process, [zeros] * blocks)) + (
        stream.flush() if hasattr(stream, "flush") else stream.finish())
coding = sys.argv[1]
stream = {"gzip": lambda: zlib.compressobj(1, zlib.DEFLATED, 31), "deflate": lambda: zlib.compressobj(1),
          "br": lambda: brotli.Compressor(quality=1), "zstd": lambda: zstandard.ZstdCompressor(level=1).compressobj()}
bomb = packed(stream[coding](), 1024)
size = len(body_of(capture(bomb, coding)))
print(size == BODY_LIMIT, peak_bytes() < 200e6)
"""


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_of_1_gb_stops_at_the_limit_in_little_memory(coding: str) -> None:
    ended = subprocess.run([sys.executable, "-c", BOMB, coding], capture_output=True, check=True, cwd=ROOT)
    assert ended.stdout.split() == [b"True", b"True"], ended.stdout


def test_a_bomb_in_a_bomb_stops_at_the_limit() -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 10**8, 1), 1)
    assert len(body_of(capture(bomb, "gzip, gzip"), limit=10**6)) == 10**6

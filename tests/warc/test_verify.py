"""Each kind of defect, planted in a good file, is found, named and placed; good files have none."""

import gzip
import itertools
import random
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.warc.digests import digest_of
from pipelines.warc.reader import warc_files
from pipelines.warc.records import GZIP_HEADER, gzip_member, read_records
from pipelines.warc.verify import FileCheck, Finding, check_file, check_references
from pipelines.warc.writer import WarcWriter
from tests.warc.conftest import START, Clock, exchange, ids

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The records of a good file, decompressed: warcinfo, then two exchanges, a chunked one, a revisit, a text."""
    archive = tmp_path_factory.mktemp("good")
    writer = WarcWriter(archive, "outlet", clock=Clock(), warcinfo={"software": "test"}, new_id=ids())
    writer.write(exchange(b"one", ip_address="192.0.2.1"))
    writer.write(exchange(b"two", url="https://outlet.test/b", ended="time"))
    writer.write(exchange(response=CHUNKED))
    revisit = writer.write(exchange(b"one", started_at=START + timedelta(days=1)))
    writer.convert(revisit, b"text")
    writer.close()
    (path,) = warc_files(archive)
    assert check_file(path, archive).findings == ()
    with path.open("rb") as stream:
        ends = [0, *(record.end for record in read_records(stream))]
    raw = path.read_bytes()
    NAMES.append(path.name)
    return [zlib.decompress(raw[start:end], 31) for start, end in itertools.pairwise(ends)]


NAMES: list[str] = []
WARCINFO, RESPONSE, REQUEST, METADATA, SECOND = 0, 1, 2, 3, 4
CHUNKED_RESPONSE, REVISIT, TEXT = 7, 10, 13


def check(archive: Path, raw: bytes) -> list[Finding]:
    folder = archive / "warc" / "outlet"
    folder.mkdir(parents=True)
    (folder / NAMES[0]).write_bytes(raw)
    checks: list[FileCheck] = [check_file(folder / NAMES[0], archive)]
    return [*checks[0].findings, *check_references(checks)]


def packed(members: list[bytes]) -> bytes:
    return b"".join(gzip_member(content, 3) for content in members)


def line(content: bytes, name: str) -> bytes:
    """A header's whole line."""
    start = content.index(name.encode() + b": ")
    return content[start : content.index(b"\r\n", start) + 2]


def replaced(name: str, value: str) -> Callable[[bytes], bytes]:
    return lambda content: content.replace(line(content, name), f"{name}: {value}\r\n".encode())


def removed(name: str) -> Callable[[bytes], bytes]:
    return lambda content: content.replace(line(content, name), b"")


def repeated(name: str) -> Callable[[bytes], bytes]:
    return lambda content: content.replace(line(content, name), line(content, name) * 2)


DEFECTS: dict[str, tuple[int, Callable[[bytes], bytes], str]] = {
    "length too great": (RESPONSE, replaced("Content-Length", "9999"), "bad-length"),
    "length too small": (RESPONSE, replaced("Content-Length", "7"), "bad-length"),
    "length missing": (RESPONSE, removed("Content-Length"), "bad-length"),
    "length no number": (RESPONSE, replaced("Content-Length", "-1"), "bad-length"),
    "id missing": (REQUEST, removed("WARC-Record-ID"), "missing-field"),
    "date missing": (METADATA, removed("WARC-Date"), "missing-field"),
    "type missing": (METADATA, removed("WARC-Type"), "missing-field"),
    "URI missing": (RESPONSE, removed("WARC-Target-URI"), "missing-field"),
    "type twice": (RESPONSE, repeated("WARC-Type"), "repeated-field"),
    "digest twice": (RESPONSE, repeated("WARC-Block-Digest"), "repeated-field"),
    "id malformed": (REQUEST, replaced("WARC-Record-ID", "urn:uuid:1"), "malformed-field"),
    "date malformed": (RESPONSE, replaced("WARC-Date", "2026-22-11"), "malformed-field"),
    "date without zone": (RESPONSE, replaced("WARC-Date", "2026-11-22T08:30:15"), "malformed-field"),
    "URI malformed": (RESPONSE, replaced("WARC-Target-URI", "not a URI"), "malformed-field"),
    "address malformed": (RESPONSE, replaced("WARC-IP-Address", "192.0.2.300"), "malformed-field"),
    "truncation unknown": (SECOND, replaced("WARC-Truncated", "tired"), "malformed-field"),
    "type unknown": (METADATA, replaced("WARC-Type", "gossip"), "unknown-type"),
    "version unknown": (RESPONSE, lambda content: b"WARC/9.9" + content[8:], "bad-version"),
    "header without a name": (RESPONSE, lambda content: content.replace(b"WARC-Date: ", b": "), "malformed-header"),
    "lines that end in LF": (RESPONSE, lambda c: c.replace(b"\r\nWARC-IP", b"\nWARC-IP", 1), "malformed-field"),
    "no record": (METADATA, lambda content: b"hello", "no-record"),
    "block changed": (REQUEST, lambda content: content.replace(b"GET /a", b"GET /z"), "block-digest"),
    "payload digest wrong": (RESPONSE, replaced("WARC-Payload-Digest", digest_of(b"x")), "payload-digest"),
    "payload digest of the chunks": (
        CHUNKED_RESPONSE,
        replaced("WARC-Payload-Digest", digest_of(b"5\r\nhello\r\n0\r\n\r\n")),
        "payload-digest",
    ),
    "block digest missing": (METADATA, removed("WARC-Block-Digest"), "missing-digest"),
    "payload digest missing": (RESPONSE, removed("WARC-Payload-Digest"), "missing-digest"),
    "content type of another": (REQUEST, replaced("Content-Type", "text/plain"), "wrong-content-type"),
    "concurrent to nothing": (METADATA, replaced("WARC-Concurrent-To", "<urn:uuid:0>"), "dangling-concurrent-to"),
    "warcinfo of nothing": (METADATA, replaced("WARC-Warcinfo-ID", "<urn:uuid:0>"), "dangling-warcinfo-id"),
    "revisit of nothing": (REVISIT, replaced("WARC-Refers-To", "<urn:uuid:0>"), "dangling-refers-to"),
    "text of nothing": (TEXT, replaced("WARC-Refers-To", "<urn:uuid:0>"), "dangling-refers-to"),
    "revisit of another payload": (REVISIT, replaced("WARC-Payload-Digest", digest_of(b"x")), "wrong-original"),
    "revisit without profile": (REVISIT, removed("WARC-Profile"), "no-profile"),
    "revisit of unknown profile": (REVISIT, replaced("WARC-Profile", "http://p.test/"), "unknown-profile"),
    "name of another file": (WARCINFO, replaced("WARC-Filename", "other.warc.gz"), "renamed"),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_found_and_placed(name: str, members: list[bytes], tmp_path: Path) -> None:
    at, plant, kind = DEFECTS[name]
    planted = plant(members[at])
    assert planted != members[at]
    findings = check(tmp_path, packed([*members[:at], planted, *members[at + 1 :]]))
    placed = [finding for finding in findings if finding.kind == kind]
    assert placed, findings
    assert placed[0].offset == len(packed(members[:at]))
    assert placed[0].advice


def test_two_records_in_one_member_are_found(members: list[bytes], tmp_path: Path) -> None:
    raw = packed([members[0], members[1] + members[2], *members[3:]])
    kinds = {finding.kind: finding for finding in check(tmp_path, raw)}
    assert "several records" in kinds["bad-length"].what


def test_a_record_that_stands_twice_is_found(members: list[bytes], tmp_path: Path) -> None:
    (finding,) = check(tmp_path, packed([*members, members[-1]]))
    assert (finding.kind, finding.offset) == ("repeated-record-id", len(packed(members)))


def test_a_file_without_warcinfo_is_found(members: list[bytes], tmp_path: Path) -> None:
    assert "no-warcinfo" in {finding.kind for finding in check(tmp_path, packed(members[1:]))}


def test_a_response_that_is_no_http_is_found(members: list[bytes], tmp_path: Path) -> None:
    spoilt = members[RESPONSE].replace(b"\r\n\r\nHTTP/1.1", b"\r\n\r\nHTPP/1.1")
    kinds = {finding.kind for finding in check(tmp_path, packed([members[0], spoilt, *members[2:]]))}
    assert {"not-http", "block-digest"} <= kinds


def test_an_empty_file_and_one_left_open_are_found(members: list[bytes], tmp_path: Path) -> None:
    assert [finding.kind for finding in check(tmp_path, b"")] == ["empty"]
    path = tmp_path / "warc" / "outlet" / (NAMES[0] + ".open")
    path.write_bytes(packed(members))
    assert [finding.kind for finding in check_file(path, tmp_path).findings] == ["left-open"]


@pytest.mark.parametrize("tail", [b"\0" * 512, b"junk", GZIP_HEADER])
def test_bytes_after_the_last_record_are_found(tail: bytes, members: list[bytes], tmp_path: Path) -> None:
    (finding,) = check(tmp_path, packed(members) + tail)
    assert finding.offset == len(packed(members))
    assert finding.kind in ("bad-gzip", "torn-tail")


def test_a_torn_tail_is_found_wherever_it_tears(members: list[bytes], tmp_path: Path) -> None:
    raw = packed(members)
    last = len(packed(members[:-1]))
    for number, end in enumerate(range(last + 1, len(raw))):
        (finding,) = check(tmp_path / str(number), raw[:end])
        assert (finding.kind, finding.offset) == ("torn-tail", last)


def test_what_follows_a_broken_member_is_still_checked(members: list[bytes], tmp_path: Path) -> None:
    late = replaced("WARC-Type", "gossip")(members[-1])
    raw = bytearray(packed([*members[:-1], late]))
    raw[len(packed(members[:4])) + 40] ^= 0xFF
    kinds = [finding.kind for finding in check(tmp_path, bytes(raw))]
    assert kinds[0] == "bad-gzip"
    assert "unknown-type" in kinds


@pytest.mark.parametrize("sample", [400, pytest.param(0, marks=pytest.mark.prove)], ids=["some bits", "every bit"])
def test_a_changed_bit_is_found_unless_it_changes_no_record(sample: int, members: list[bytes], tmp_path: Path) -> None:
    raw = packed(members[:7])
    bits = range(len(raw) * 8)
    unseen = 0
    for number, bit in enumerate(random.Random(7).sample(bits, sample) if sample else bits):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        if not check(tmp_path / str(number), bytes(flipped)):
            # A deflate stream may say the same in two ways, and has bits that pad it.
            unseen += 1
            assert gzip.decompress(flipped) == gzip.decompress(raw), f"bit {bit}"
    assert unseen < 0.01 * (sample or len(bits))


def test_a_file_is_checked_without_being_held_in_memory(writer: WarcWriter, tmp_path: Path) -> None:
    for number in range(40):
        writer.write(exchange(random.Random(number).randbytes(1_000_000)))
    writer.close()
    (path,) = warc_files(tmp_path)
    tracemalloc.start()
    try:
        assert check_file(path, tmp_path).findings == ()
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()

"""What is written is read back as it was, and other readers read it whole."""

import os
import tempfile
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from pipelines.capture import Capture, Held, Lead, Note
from pipelines.errors import BadArchive
from pipelines.warc import fields
from pipelines.warc.digests import digest_of
from pipelines.warc.reader import read_archive, read_capture, warc_files
from pipelines.warc.verify import check_file, check_references
from pipelines.warc.writer import WarcWriter
from tests.warc.conftest import START, Clock, exchange, ids

LEAD = Lead(
    url="https://outlet.test/a",
    source="https://outlet.test/rss",
    source_kind="feed",
    headline="Рядок\r\nдругий\\u0041 \x1b[0m ",
    published_at=START.astimezone(timezone(timedelta(hours=2))),
    modified_at=START,
    section="Політика",
    language="uk",
    alternates=(("en", "https://outlet.test/en/a"), ("ru", "https://outlet.test/ru/a")),
    is_source=True,
)


def test_a_capture_read_back_equals_the_one_returned(writer: WarcWriter, tmp_path: Path) -> None:
    written = [
        writer.write(exchange(b"one", lead=LEAD, role="feed", hops=2)),
        writer.write(exchange(b"two", url="https://outlet.test/b c\r\nd", ended="time")),
        writer.write(exchange(b"one", url="https://outlet.test/c")),
        writer.write(exchange(response=b"HTTP/1.0 200\nA: 1\n\nto the end")),
    ]
    note = Note(url="https://no.test/", noted_at=START, reason="dns", detail="a\nb", role="article", lead=LEAD)
    writer.note(note, request=b"GET / HTTP/1.1\r\n\r\n")
    writer.close()
    assert list(read_archive(tmp_path)) == [*written, note]
    for capture in written:
        assert read_capture(tmp_path, capture.ref.warc_file, capture.ref.warc_offset) == capture


def test_a_system_that_writes_less_than_it_was_given_is_asked_for_the_rest(
    writer: WarcWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_some(descriptor: int, pieces: list[bytes]) -> int:
        return os.write(descriptor, b"".join(pieces)[:100])

    monkeypatch.setattr(os, "writev", write_some)
    written = [writer.write(exchange(bytes(range(256)) * n)) for n in (1, 9)]
    writer.close()
    assert list(read_archive(tmp_path)) == written
    (path,) = warc_files(tmp_path)
    assert check_file(path, tmp_path).findings == ()


def test_a_capture_can_be_read_while_its_file_is_open(writer: WarcWriter, tmp_path: Path) -> None:
    capture = writer.write(exchange())
    assert warc_files(tmp_path) == []
    assert read_capture(tmp_path, capture.ref.warc_file, capture.ref.warc_offset) == capture


def test_a_second_identical_payload_is_written_as_a_revisit(writer: WarcWriter, tmp_path: Path) -> None:
    first = writer.write(exchange(b"same"))
    second = writer.write(exchange(b"same", url="https://outlet.test/b", started_at=START + timedelta(seconds=1)))
    assert (first.revisit, second.revisit) == (False, True)
    assert second.payload == b"same"
    writer.close()
    (path,) = warc_files(tmp_path)
    with path.open("rb") as stream:
        revisit = next(r for r in ArchiveIterator(stream) if r.rec_type == "revisit")
    assert revisit.rec_headers["WARC-Refers-To"] == first.ref.record_id
    assert revisit.rec_headers["WARC-Refers-To-Target-URI"] == "https://outlet.test/a"
    assert revisit.rec_headers["WARC-Refers-To-Date"] == "2026-11-22T08:30:15.250000Z"
    assert revisit.rec_headers["WARC-Profile"].endswith("/identical-payload-digest")


def test_a_payload_held_since_an_earlier_run_is_a_revisit_of_it(tmp_path: Path, clock: Clock) -> None:
    earlier = WarcWriter(tmp_path, "outlet", clock=clock, warcinfo={}, new_id=ids())
    original = earlier.write(exchange(b"same"))
    earlier.close()
    held = Held(url=original.url, captured_at=original.captured_at, ref=original.ref)
    clock.pass_s(60)
    later = WarcWriter(tmp_path, "other", clock=clock, warcinfo={}, find_held={digest_of(b"same"): held}.get)
    revisit = later.write(exchange(b"same", url="https://other.test/copy"))
    later.close()
    assert revisit.revisit
    assert list(read_archive(tmp_path)) == [original, revisit]
    assert list(read_archive(tmp_path, ["other"])) == [revisit]


def test_an_answer_that_broke_off_is_no_revisit_and_no_original(writer: WarcWriter) -> None:
    assert not writer.write(exchange(b"same", ended="disconnect")).revisit
    assert not writer.write(exchange(b"same")).revisit
    assert not writer.write(exchange(b"same", ended="time")).revisit


def test_an_answer_304_is_a_revisit_of_what_was_asked_about(writer: WarcWriter, tmp_path: Path) -> None:
    original = writer.write(exchange(b"still so"))
    held = Held(url=original.url, captured_at=original.captured_at, ref=original.ref)
    same = writer.write(exchange(response=b"HTTP/1.1 304 Not Modified\r\nETag: 1\r\n\r\n", revalidates=held))
    assert (same.status, same.revisit, same.payload) == (304, True, b"still so")
    writer.close()
    assert list(read_archive(tmp_path)) == [original, same]
    (path,) = warc_files(tmp_path)
    with path.open("rb") as stream:
        revisit = next(r for r in ArchiveIterator(stream) if r.rec_type == "revisit")
    assert revisit.rec_headers["WARC-Profile"].endswith("/server-not-modified")


def test_a_revisit_whose_original_is_gone_becomes_a_note(tmp_path: Path, clock: Clock) -> None:
    first = WarcWriter(tmp_path, "outlet", clock=clock, warcinfo={}, rotate_bytes=1)
    first.write(exchange(b"same"))
    revisit = first.write(exchange(b"same", lead=LEAD))
    first.close()
    warc_files(tmp_path)[0].unlink()
    (note,) = read_archive(tmp_path)
    assert isinstance(note, Note)
    assert (note.reason, note.lead) == ("revisit-without-original", LEAD)
    with pytest.raises(BadArchive, match="no such file"):
        read_capture(tmp_path, revisit.ref.warc_file, revisit.ref.warc_offset)


def test_files_are_named_and_turn_over_by_size_and_age(tmp_path: Path, clock: Clock) -> None:
    writer = WarcWriter(tmp_path, "outlet", clock=clock, warcinfo={}, rotate_bytes=3000, rotate_age_s=60)
    for number in range(8):
        writer.write(exchange(b"%d" % number))
    by_size = len(list(tmp_path.rglob("*.warc.gz*")))
    clock.pass_s(61)
    writer.write(exchange(b"later"))
    assert len(list(tmp_path.rglob("*.warc.gz*"))) == by_size + 1 > 2
    assert len(list(tmp_path.rglob("*.open"))) == 1
    writer.close()
    names = [path.relative_to(tmp_path).as_posix() for path in warc_files(tmp_path)]
    assert names[0].startswith("warc/outlet/2026/11/pressmark-outlet-20261122083015-00000-")
    assert f"pressmark-outlet-20261122083116-{by_size:05}-" in names[-1]
    assert [capture.payload for capture in read_archive(tmp_path)] == [b"%d" % n for n in range(8)] + [b"later"]  # type: ignore[union-attr]


def test_a_clock_that_was_set_back_leaves_the_order_of_what_was_written(tmp_path: Path, clock: Clock) -> None:
    for number in range(4):
        writer = WarcWriter(tmp_path, "outlet", clock=clock, warcinfo={}, rotate_bytes=1)
        writer.write(exchange(b"%d first" % number, started_at=clock.now))
        writer.write(exchange(b"%d second" % number, started_at=clock.now))
        writer.close()
        clock.pass_s(-3600 if number < 2 else 86_400)
    captures = [capture for capture in read_archive(tmp_path) if isinstance(capture, Capture)]
    assert [capture.payload for capture in captures] == [
        b"%d %s" % (n, w) for n in range(4) for w in (b"first", b"second")
    ]
    assert captures[2].captured_at < captures[0].captured_at


def test_two_writers_of_one_second_do_not_share_a_file(tmp_path: Path, clock: Clock) -> None:
    for number in range(3):
        writer = WarcWriter(tmp_path, "outlet", clock=clock, warcinfo={})
        writer.write(exchange(b"%d" % number))
        writer.close()
    assert len(warc_files(tmp_path)) == 3
    assert len(list(read_archive(tmp_path))) == 3


def test_warcio_and_fastwarc_read_every_record_and_its_digests(writer: WarcWriter, tmp_path: Path) -> None:
    writer.write(exchange(b"\xff\x00" * 9000, lead=LEAD))
    writer.write(exchange(response=b"HTTP/1.1 200  OK \r\nX:\ta\r\n  b\r\nY: \xe4\r\n\r\nx", ip_address="2001:db8::1"))
    capture = writer.write(exchange(b"same"))
    writer.write(exchange(b"same"))
    writer.convert(capture, "текст".encode())
    writer.close()
    (path,) = warc_files(tmp_path)
    slow = []
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            record.content_stream().read()
            slow.append(record.rec_headers["WARC-Record-ID"])
    fast = []
    with path.open("rb") as stream:
        for record in FastIterator(stream, parse_http=False):
            assert record.verify_block_digest()
            fast.append(record.record_id)
    assert len(slow) == len(fast) == 14
    assert not check_file(path, tmp_path).findings
    assert not list(check_references([check_file(path, tmp_path)]))


def test_a_body_that_came_compressed_is_not_compressed_again(writer: WarcWriter, tmp_path: Path) -> None:
    coded = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + b"coded " * 1000
    writer.write(exchange(response=coded))
    writer.write(exchange(response=coded.replace(b"gzip", b"none").replace(b"coded", b"plain")))
    writer.close()
    raw = warc_files(tmp_path)[0].read_bytes()
    assert coded[-5000:] in raw
    assert b"plain plain" not in raw


_texts = st.text(st.characters(exclude_categories=()), max_size=30)
_times = st.none() | st.datetimes(timezones=st.sampled_from([START.tzinfo, timezone(timedelta(hours=3))]))
_leads = st.builds(
    Lead,
    url=_texts,
    source=st.none() | _texts,
    source_kind=st.none() | _texts,
    headline=st.none() | _texts,
    published_at=_times,
    modified_at=_times,
    section=st.none() | _texts,
    language=st.none() | _texts,
    alternates=st.lists(st.tuples(st.sampled_from(["uk", "en"]), _texts)).map(tuple),
    is_source=st.booleans(),
)


@given(_leads)
def test_a_lead_is_read_back_whatever_its_texts_hold(lead: Lead) -> None:
    block = fields.written(fields.lead_fields(lead))
    assert fields.lead_of(fields.read(block)) == lead
    assert block.count(b"\r\n") == len(fields.lead_fields(lead))


@given(st.lists(st.tuples(st.from_regex(r"[A-Za-z-]{1,9}", fullmatch=True), st.binary(max_size=20)), max_size=8))
def test_every_header_is_read_back_repeats_and_order_included(headers: list[tuple[str, bytes]]) -> None:
    kept = [(name, value.translate(None, b"\r\n").strip()) for name, value in headers if name.lower()[:8] != "transfer"]
    lines = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in kept)
    with tempfile.TemporaryDirectory() as folder:
        writer = WarcWriter(Path(folder), "outlet", clock=Clock(), warcinfo={})
        written = writer.write(exchange(response=b"HTTP/1.1 200 OK\r\n" + lines + b"\r\nbody"))
        writer.close()
        (read,) = read_archive(Path(folder))
    assert isinstance(read, Capture)
    assert read == written
    assert read.headers == tuple((name, value.decode("latin-1").strip()) for name, value in kept)
    assert read.payload == b"body"

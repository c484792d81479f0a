"""WARC files of others come in as captures of ours: bytes kept, articles read, nothing twice, the unreadable told."""

import base64
import gzip
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from crawler.places import RULES_FOLDER
from pipelines.catalogue.catalogue import catalogue_url
from pipelines.jobs.rebuild import rebuild
from pipelines.jobs.verify import verify_archive
from pipelines.warc import fields
from pipelines.warc.reader import warc_files
from pipelines.warc.records import read_records
from tests.ingest.conftest import (
    DATE,
    FILEDESC,
    Archive,
    answer,
    arc,
    by_warcio,
    chunked,
    no_leads,
    page,
    record,
)  # fmt: skip

ROOT = Path(__file__).resolve().parents[2]
Make = Callable[[str, bytes], Path]
URL = "https://a.example/bridge"


def responses(count: int = 3) -> list[bytes]:
    return [record("response", f"{URL}{n}", answer(page(n))) for n in range(count)]


def zstd_with_dictionary(records: list[bytes]) -> bytes:
    dictionary = zstandard.ZstdCompressionDict(b"".join(records)[:2000])
    packer = zstandard.ZstdCompressor(dict_data=dictionary)
    opening = dictionary.as_bytes()
    frame = b"\x5d\x2a\x4d\x18" + len(opening).to_bytes(4, "little") + opening
    return frame + b"".join(map(packer.compress, records))


PACKED: dict[str, Callable[[list[bytes]], bytes]] = {
    "plain.warc": b"".join,
    "members.warc.gz": lambda records: b"".join(map(gzip.compress, records)),
    "whole.warc.gz": lambda records: gzip.compress(b"".join(records)),
    "frames.warc.zst": lambda records: b"".join(map(zstandard.ZstdCompressor(write_checksum=True).compress, records)),
    "whole.warc.zst": lambda records: zstandard.ZstdCompressor().compress(b"".join(records)),
    "dictionary.warc.zst": zstd_with_dictionary,
}


@pytest.mark.parametrize("name", PACKED)
def test_every_packing_is_read(name: str, archive: Archive, made: Make) -> None:
    done = archive.take(made(name, PACKED[name](responses())))
    assert (done.copied, done.refused, done.articles) == (3, (), 3)
    assert [each.payload for each in archive.captures()] == [page(n) for n in range(3)]


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_files_of_warcio_come_in_with_their_requests(version: str, archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "warcio.warc.gz"
    by_warcio(path, {f"{URL}{n}": page(n) for n in range(3)}, version)
    done = archive.take(path)
    assert (done.copied, done.passed_over, done.refused) == (3, {"warcinfo": 1}, ())
    with warc_files(archive.folder)[0].open("rb") as stream:
        requests = [each for each in read_records(stream) if each.type == "request"]
    assert [each.block for each in requests] == [b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"] * 3


def test_arc_files_come_in_without_requests(archive: Archive, made: Make) -> None:
    done = archive.take(made("old.arc.gz", gzip.compress(FILEDESC) + gzip.compress(arc(URL, answer(page())))))
    assert (done.copied, done.refused, done.articles) == (1, (), 1)
    (capture,) = archive.captures()
    assert capture.captured_at.isoformat() == "2004-05-06T07:08:09+00:00"
    with warc_files(archive.folder)[0].open("rb") as stream:
        assert [each.type for each in read_records(stream)] == ["warcinfo", "response", "metadata"]


def test_the_answer_stands_as_it_stood_and_names_where_it_was_found(archive: Archive, made: Make) -> None:
    odd = b"HTTP/1.1 200 Fine \r\nx-ODD:  two  spaces\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(page())
    first = gzip.compress(record("request", URL, b"GET / HTTP/1.1\r\n\r\n"))
    stood = record("response", URL, odd, WARC_Record_ID="<urn:example:7>", WARC_IP_Address="192.0.2.7")
    archive.take(made("odd.warc.gz", first + gzip.compress(stood)))
    with warc_files(archive.folder)[0].open("rb") as stream:
        response, request, metadata = [each for each in read_records(stream) if each.type != "warcinfo"]
    assert response.block == odd
    assert request.block == b"GET / HTTP/1.1\r\n\r\n"
    assert response.header("WARC-IP-Address") == "192.0.2.7"
    said = dict(fields.read(metadata.block))
    assert (said["source-file"], said["source-record-id"]) == ("odd.warc.gz", "<urn:example:7>")
    assert int(said["source-offset"]) == len(first)
    (capture,) = archive.captures()
    assert capture.payload == page()


def test_known_outlets_are_read_by_rules_and_others_by_the_generic_reader(archive: Archive, made: Make) -> None:
    from newsstand.messages import Request
    from newsstand.sites import sites_by_host
    from newsstand.world import World

    world = World(articles=4, past=False)
    article = next(each for each in world.all() if each.outlet == "ukrpravda")
    host = article.url.split("/")[2]
    served = sites_by_host(world)[host].answer(
        Request(method="GET", url=article.url, headers={}, number=1, at=world.end)
    )
    records = [record("response", article.url, answer(served.body)), *responses(1)]
    assert archive.take(made("two.warc", b"".join(records))).articles == 2
    versions = [row for name, row in map(json.loads, archive.dump()) if name == "versions"]
    assert {(row["outlet"], row["verdict"]) for row in versions} == {("ukrpravda", "rules"), ("a.example", "generic")}


def test_nothing_is_copied_twice(archive: Archive, made: Make, tmp_path: Path) -> None:
    path = made("a.warc.gz", gzip.compress(b"".join(responses())))
    again = made("renamed.warc", b"".join(responses()))
    assert archive.take(path, again).copied == 3
    before = archive.dump()
    done = archive.take(path, again)
    assert (done.copied, done.held, done.refused) == (0, 6, ())
    assert archive.dump() == before


def test_two_contents_under_one_record_id_are_both_kept(archive: Archive, made: Make) -> None:
    same = {"WARC_Record_ID": "<urn:example:1>"}
    records = [record("response", f"{URL}{n}", answer(page(n)), **same) for n in range(2)]
    assert archive.take(made("ids.warc", b"".join(records))).copied == 2


def test_a_rebuild_gives_the_same(archive: Archive, made: Make) -> None:
    newest_first = [
        record("response", URL, answer(page(1, day)), date=f"2024-05-0{day}T00:00:00Z") for day in (3, 1, 2)
    ]
    archive.take(made("a.warc", b"".join(newest_first + responses())))
    texts, dump = archive.texts(), archive.dump()
    rebuild(archive.folder, catalogue_url(archive.folder), RULES_FOLDER, no_leads, workers=1).close()
    assert archive.texts() == texts
    assert archive.dump() == dump
    versions = [row for name, row in map(json.loads, dump) if name == "versions" and row["url"] == URL]
    assert [(row["version"], row["captured_at"][:10]) for row in versions] == [
        (1, "2024-05-01"), (2, "2024-05-02"), (3, "2024-05-03"),
    ]  # fmt: skip


def test_what_is_older_than_what_is_held_becomes_an_earlier_version(archive: Archive, made: Make) -> None:
    assert not archive.take(
        made("new.warc", record("response", URL, answer(page(1, 2)), "2024-06-01T00:00:00Z"))
    ).rebuilt
    assert archive.take(made("old.warc", record("response", URL, answer(page(1, 1)), "2023-06-01T00:00:00Z"))).rebuilt
    versions = [row for name, row in map(json.loads, archive.dump()) if name == "versions"]
    assert [(row["version"], row["captured_at"][:4]) for row in versions] == [(1, "2023"), (2, "2024")]
    assert (
        archive.take(made("newest.warc", record("response", URL, answer(page(1, 3)), "2025-01-01T00:00:00Z"))).rebuilt
        is False
    )


def test_an_archive_with_copies_has_no_defect(archive: Archive, made: Make) -> None:
    archive.take(made("a.warc", b"".join(responses() + revisits())))
    found = verify_archive(archive.folder, catalogue_url(archive.folder), workers=1, watch=lambda checks, _: checks)
    assert found.findings == ()


def revisits() -> list[bytes]:
    """Revisits as different tools write them: by id, by URL and date, by digest alone, without a head."""
    profile = {"WARC_Profile": "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"}
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    first = record("response", "https://b.example/x", answer(page(7)), WARC_Record_ID="<urn:example:7>",
                   WARC_Payload_Digest="sha1:THEIRS")  # fmt: skip
    named = {"WARC_Refers_To_Target_URI": "https://b.example/x", "WARC_Refers_To_Date": DATE}
    return [
        record("revisit", "https://b.example/1", head, WARC_Refers_To="<urn:example:7>", **profile),
        first,
        record("revisit", "https://b.example/2", head, **named, **profile),
        record("revisit", "https://b.example/3", head, WARC_Payload_Digest="sha1:THEIRS", **profile),
        record("revisit", "https://b.example/4", b"", **named, **profile),
    ]


def test_revisits_find_their_original_however_it_is_named(archive: Archive, made: Make) -> None:
    done = archive.take(made("r.warc", b"".join(revisits())))
    assert (done.copied, done.refused) == (5, ())
    found = archive.captures()
    assert {each.url[-1] for each in found if each.revisit} == set("1234")
    assert {each.payload for each in found} == {page(7)}
    assert {each.status for each in found} == {200}
    assert archive.take(made("again.warc", b"".join(revisits()))).held == 5


def test_a_revisit_finds_its_original_in_an_earlier_ingest(archive: Archive, made: Make) -> None:
    all_of_them = revisits()
    archive.take(made("first.warc", all_of_them[1]))
    done = archive.take(made("later.warc", all_of_them[2]))
    assert (done.copied, done.refused) == (1, ())
    assert [each.payload for each in archive.captures()] == [page(7)] * 2


@pytest.mark.parametrize(("body", "copied"), [(page(7), 1), (page(8), 0)])
def test_a_revisit_that_names_a_digest_alone_finds_a_capture_of_its_url_with_that_payload(
    body: bytes, copied: int, archive: Archive, made: Make
) -> None:
    digest = "sha1:" + base64.b32encode(hashlib.sha1(body).digest()).decode()
    archive.take(made("first.warc", record("response", URL, answer(page(7)))))
    again = record("revisit", URL, answer(b""), "2024-06-06T00:00:00Z", WARC_Payload_Digest=digest)
    done = archive.take(made("later.warc", again))
    assert (done.copied, len(done.refused)) == (copied, 1 - copied)


def test_a_revisit_without_original_is_refused(archive: Archive, made: Make) -> None:
    done = archive.take(made("r.warc", b"".join([revisits()[2], *responses(1)])))
    assert done.copied == 1
    assert [each.kind for each in done.refused] == ["revisit-without-original"]


def lengthened(content: bytes, by: int) -> bytes:
    at = content.index(b"Content-Length: ") + 16
    end = content.index(b"\r\n", at)
    return content[:at] + str(int(content[at:end]) + by).encode() + content[end:]


def without(content: bytes, name: bytes) -> bytes:
    at = content.index(name)
    return content[:at] + content[content.index(b"\r\n", at) + 2 :]


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 0x40]) + content[middle + 1 :]


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "too long": lambda whole: lengthened(whole, 5000),
    "a little too long": lambda whole: lengthened(whole, 40),
    "too short": lambda whole: lengthened(whole, -7),
    "no length": lambda whole: without(whole, b"Content-Length"),
    "no date": lambda whole: without(whole, b"WARC-Date"),
    "no date that can be read": lambda whole: whole.replace(DATE.encode(), b"yesterday"),
    "not http": lambda whole: record("response", URL, b"<html>no head</html>"),
    "junk": lambda whole: b"this is no record at all, and runs on\nfor a line or two\r\n\r\n",
    "headers without end": lambda whole: whole.split(b"\r\n\r\n", 1)[0] + b"\r\n",
}


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("name", ["plain.warc", "members.warc.gz", "whole.warc.gz", "frames.warc.zst"])
def test_the_unreadable_is_refused_with_its_place_and_the_rest_comes_in(
    name: str, broken: str, archive: Archive, made: Make
) -> None:
    first, bad, last = responses()
    records = [first, BROKEN[broken](bad), last]
    packed = PACKED[name](records)
    done = archive.take(made(name, packed))
    if broken == "headers without end" and name in ("plain.warc", "whole.warc.gz"):
        # It runs into the next record, whose first line then reads as a header of its own.
        assert done.copied >= 1
        return
    assert [each.payload for each in archive.captures()] == [page(0), page(2)]
    assert len(done.refused) == 1
    place = done.refused[0].place
    if name == "plain.warc":
        assert (place.offset, place.within) == (len(first), 0)
    elif name == "whole.warc.gz":
        assert (place.offset, place.within) == (0, len(first))
    else:
        assert (place.offset, place.within) == (len(PACKED[name]([first])), 0)


def test_a_length_that_swallows_the_next_record_whole_costs_one_record(archive: Archive, made: Make) -> None:
    first, second = responses(2)
    swallowing = lengthened(first, len(second) + 4)
    done = archive.take(made("swallow.warc.gz", gzip.compress(swallowing) + gzip.compress(second)))
    assert [each.payload for each in archive.captures()] == [page(1)]
    assert [each.kind for each in done.refused] == ["bad-length"]


def test_requests_go_with_the_answers_that_name_them(archive: Archive, made: Make) -> None:
    ids = [f"<urn:example:{n}>" for n in range(2)]
    asked = [record("request", URL, b"GET /%d HTTP/1.1\r\n\r\n" % n, WARC_Concurrent_To=ids[n]) for n in range(2)]
    told = [record("response", URL, answer(page(n)), WARC_Record_ID=ids[n]) for n in range(2)]
    archive.take(made("crossed.warc", asked[0] + asked[1] + told[1] + told[0]))
    with warc_files(archive.folder)[0].open("rb") as stream:
        pairs = [each.block for each in read_records(stream) if each.type in ("request", "response")]
    assert pairs == [answer(page(1)), b"GET /1 HTTP/1.1\r\n\r\n", answer(page(0)), b"GET /0 HTTP/1.1\r\n\r\n"]


@pytest.mark.parametrize("name", ["members.warc.gz", "frames.warc.zst"])
def test_a_member_that_cannot_be_unpacked_costs_one_record(name: str, archive: Archive, made: Make) -> None:
    packed = [PACKED[name]([each]) for each in responses()]
    broken = packed[1][:60] + bytes(20) + packed[1][80:]
    done = archive.take(made(name, packed[0] + broken + packed[2]))
    assert [each.payload for each in archive.captures()] == [page(0), page(2)]
    assert [(each.kind, each.place.offset) for each in done.refused] == [("broken-member", len(packed[0]))]


@pytest.mark.parametrize("name", PACKED)
def test_a_torn_file_gives_what_is_whole(name: str, archive: Archive, made: Make) -> None:
    content = PACKED[name](responses())
    done = archive.take(made(name, content[:-30]))
    assert [each.payload for each in archive.captures()][:2] in ([page(0), page(1)], [])
    assert len(done.refused) == 1


def test_a_block_that_is_not_what_its_digest_says_is_copied_and_told(archive: Archive, made: Make) -> None:
    block = answer(page())
    done = archive.take(made("d.warc", record("response", URL, block, WARC_Block_Digest="sha1:" + "A" * 32)))
    assert (done.copied, [each.kind for each in done.refused]) == (1, ["block-digest"])


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b", b"hello", b"\x28\xb5\x2f\xfd\x00", b"WARC/1.0\r\n", b"\r\n\r\n"])
def test_a_file_that_is_none_does_no_harm(content: bytes, archive: Archive, made: Make) -> None:
    done = archive.take(made("none.warc", content))
    assert done.copied == 0
    assert bool(done.refused) == bool(content.strip())


def test_what_a_killed_ingest_left_is_read_at_the_next(archive: Archive, made: Make) -> None:
    path = made("a.warc", b"".join(responses()))
    archive.take(path)
    before = archive.dump(), archive.texts()
    (archive.folder / "warc" / "ingested" / ".unfinished").touch()
    for text in archive.folder.glob("text/**/*.txt"):
        text.unlink()
    assert archive.take(path).rebuilt
    assert (archive.dump(), archive.texts()) == before


def test_the_command_is_status_1_with_file_and_offset_where_something_was_refused(tmp_path: Path, made: Make) -> None:
    good, bad = made("good.warc", responses(1)[0]), made("bad.warc", b"".join([responses(2)[1], b"junk that is long"]))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "scrapy", "ingest", *arguments, "-s", f"ARCHIVE_DIR={tmp_path / 'archive'}"]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert run(str(good)).returncode == 0
    spoiled = run(str(bad), "--json")
    assert spoiled.returncode == 1
    (refused,) = json.loads(spoiled.stdout)["refused"]
    assert refused["file"] == str(bad)
    assert refused["place"]["offset"] == len(responses(2)[1])
    assert run(str(tmp_path / "nowhere.warc")).returncode == 2

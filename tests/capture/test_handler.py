"""What a crawl leaves in its archive beside pages: attempts, redirects, robots.txt, limits; and what it leans on."""

import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import trustme
from scrapy.core.downloader.handlers import http11
from twisted.web import _newclient
from twisted.web.client import HTTPConnectionPool

from crawler.capture.archiver import SYNC_EVERY_S
from crawler.capture.probe import probe
from pipelines.capture import Capture, Note
from pipelines.errors import PressmarkError
from pipelines.warc.reader import read_archive, warc_files
from pipelines.warc.records import read_records
from tests.capture.cases import OK, answer
from tests.capture.conftest import ROOT, Crawl, raw_records
from tests.capture.scripted import Close, Flood, ScriptedServer, Step

LISTED = {"ALLOWED_ADDRESSES": ["127.0.0.1"]}


def _captures(archive: Path) -> list[Capture]:
    return [found for found in read_archive(archive) if isinstance(found, Capture)]


def _fetch(crawl: Crawl, archive: Path, scripts: dict[str, list[list[Step]]], *asked: Any, **settings: Any) -> Any:
    """Crawls paths of a server with these scripts; gives what was told, and the server's log."""
    server = ScriptedServer(scripts)
    base = f"http://127.0.0.1:{server.port}"
    requests = [{"url": base + one} if isinstance(one, str) else {**one, "url": base + one["url"]} for one in asked]
    told = crawl(archive, requests, **{**LISTED, **settings})
    server.close()
    return told, server.log


def test_each_attempt_is_recorded(crawl: Crawl, tmp_path: Path) -> None:
    scripts: dict[str, list[list[Step]]] = {
        "/busy": [[answer(b"busy", status=b"HTTP/1.1 503 Busy\r\n")], [answer(b"here")]],
        "/cut": [[answer(b"whole")[:-1], Close()], [answer(b"whole")]],
    }
    _, log = _fetch(crawl, tmp_path, scripts, "/busy", "/cut", RETRY_ENABLED=True, CONCURRENT_REQUESTS=1)
    assert {path: len(served) for path, served in log.items()} == {"/busy": 2, "/cut": 2}
    told = [(capture.status, capture.ended, capture.payload) for capture in _captures(tmp_path)]
    assert sorted(told) == [
        (200, "complete", b"here"),
        (200, "complete", b"whole"),
        (200, "disconnect", b"whol"),
        (503, "complete", b"busy"),
    ]


def test_an_attempt_that_twisted_repeats_in_silence_is_recorded_too(crawl: Crawl, tmp_path: Path) -> None:
    scripts: dict[str, list[list[Step]]] = {
        "/first": [[answer(b"first")]],
        "/dropped": [[Close()], [answer(b"second")]],
    }
    asked = [{"url": "/first"}, {"url": "/dropped", "wait": 0.3}]
    told, log = _fetch(crawl, tmp_path, scripts, *asked)
    assert told["results"]["1"]["status"] == 200
    assert len(log["/dropped"]) == 2
    requests = [r for r in raw_records(tmp_path) if r.type == "request" and b"/dropped" in r.block]
    assert [r.block for r in requests] == [served.request for served in log["/dropped"]]
    (note,) = [found for found in read_archive(tmp_path) if isinstance(found, Note)]
    assert note.reason == "disconnect"


def test_redirects_and_robots_are_captured_with_role_and_hops(crawl: Crawl, tmp_path: Path) -> None:
    moved = b"HTTP/1.1 301 Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
    scripts: dict[str, list[list[Step]]] = {
        "/a": [[moved % b"/b"]],
        "/b": [[moved % b"/c"]],
        "/c": [[answer(b"c")]],
        "/robots.txt": [[answer(b"User-agent: *\nAllow: /\n")]],
    }
    _fetch(crawl, tmp_path, scripts, "/a", {"url": "/c", "meta": {"role": "feed"}}, ROBOTSTXT_OBEY=True)
    captures = _captures(tmp_path)
    assert sorted((c.url.rpartition("/")[2], c.role, c.status) for c in captures) == [
        ("a", "other", 301),
        ("b", "other", 301),
        ("c", "feed", 200),
        ("c", "other", 200),
        ("robots.txt", "robots", 200),
    ]
    hops = {}
    for path in warc_files(tmp_path):
        with path.open("rb") as stream:
            for record in read_records(stream):
                if record.type == "metadata":
                    hops[(record.header("WARC-Target-URI") or "")[-2:], b"role: feed" in record.block] = record.block
    assert b"hops: 2" in hops["/c", False]
    assert b"hops: 0" in hops["/c", True]


def test_a_redirect_loop_is_recorded_and_ends(crawl: Crawl, tmp_path: Path) -> None:
    loop = b"HTTP/1.1 302 Again\r\nLocation: /%s\r\nContent-Length: 0\r\n\r\n"
    scripts: dict[str, list[list[Step]]] = {"/a": [[loop % b"b"]], "/b": [[loop % b"a"]]}
    told, _ = _fetch(crawl, tmp_path, scripts, "/a", REDIRECT_MAX_TIMES=5)
    assert told["results"]["0"]["failure"] == "IgnoreRequest"
    assert len(_captures(tmp_path)) == 6


def test_secrets_are_not_carried_to_another_host(crawl: Crawl, tmp_path: Path) -> None:
    scripts: dict[str, list[list[Step]]] = {"/there": [[answer(b"there")]]}
    server = ScriptedServer(scripts)
    target = f"http://there.test:{server.port}/there"
    scripts["/here"] = [[b"HTTP/1.1 302 Go\r\nLocation: " + target.encode() + b"\r\nContent-Length: 0\r\n\r\n"]]
    headers = {"Authorization": "Basic c2VjcmV0", "Cookie": "a=1"}
    asked = [{"url": f"http://here.test:{server.port}/here", "headers": headers}]
    crawl(tmp_path, asked, TWISTED_DNS_RESOLVER="tests.capture.resolvers.TabledResolver", **LISTED)
    server.close()
    assert b"Authorization" in server.log["/here"][0].request
    assert b"Authorization" not in server.log["/there"][0].request
    assert b"Cookie" not in server.log["/there"][0].request


@pytest.mark.parametrize("name", ["body", "head", "gzip"])
def test_an_answer_without_end_stops_at_the_limit_in_little_memory(name: str, crawl: Crawl, tmp_path: Path) -> None:
    piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    endless: dict[str, list[Step]] = {
        "body": [OK + b"Transfer-Encoding: chunked\r\n\r\n", Flood(piece)],
        "gzip": [OK + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n", Flood(piece)],
        "head": [OK, Flood(b"X-Header: " + b"x" * 1000 + b"\r\n")],
    }
    told, _ = _fetch(crawl, tmp_path, {f"/{name}": [endless[name]]}, f"/{name}", DOWNLOAD_MAXSIZE=32 * 2**20)
    assert "failure" in told["results"]["0"]
    (capture,) = _captures(tmp_path)
    assert capture.ended == "length"
    assert len(capture.payload) < 33 * 2**20
    assert told["memory"] < 200e6, told["memory"]


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (http11, "_LenientHTTP11ClientFactory"),
        (http11._ScrapyAgent, "_get_agent"),
        (_newclient.HTTP11ClientProtocol, "_finishResponse"),
        (HTTPConnectionPool, "_factory"),
    ],
)
def test_a_private_name_that_changed_is_a_clear_error(owner: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    probe()
    monkeypatch.delattr(owner, name)
    with pytest.raises(PressmarkError, match=f"has no .*{name}"):
        probe()


def test_it_is_clear_in_a_crawl_too_where_the_name_is_missed_as_soon_as_recording_is_imported(tmp_path: Path) -> None:
    crawl = f"""
from scrapy import Spider
from scrapy.core.downloader.handlers import http11
from scrapy.crawler import CrawlerProcess
del http11._LenientHTTP11ClientProtocol
process = CrawlerProcess({{
    "EXTENSIONS": {{"crawler.capture.archiver.Archiver": 0}}, "ARCHIVE_DIR": {str(tmp_path)!r}, "LOG_LEVEL": "CRITICAL",
}})
process.crawl(type("Any", (Spider,), {{"name": "any"}})).addErrback(lambda failure: print(failure.getErrorMessage()))
"""
    ended = subprocess.run([sys.executable, "-c", crawl], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert "has no scrapy.core.downloader.handlers.http11._LenientHTTP11ClientProtocol" in ended.stdout, ended


def test_pages_that_come_fast_share_syncs(crawl: Crawl, tmp_path: Path) -> None:
    paths = [f"/{number}" for number in range(80)]
    told, _ = _fetch(crawl, tmp_path, {path: [[answer(path.encode())]] for path in paths}, *paths)
    stats = told["stats"]
    assert stats["capture/response"] == 80
    assert 0 < stats["capture/sync"] <= stats["elapsed_time_seconds"] / SYNC_EVERY_S + 2


def test_what_a_connection_needs_is_made_once_for_all_its_requests(
    crawl: Crawl, authority: trustme.CA, trust: dict[str, str], tmp_path: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = ScriptedServer({f"/{number}": [[answer(b"kept alive")]] for number in range(6)}, context)
    told = crawl(
        tmp_path,
        [{"url": f"https://127.0.0.1:{server.port}/{number}"} for number in range(6)],
        trust,
        DOWNLOAD_HANDLERS={"https": "tests.capture.counting.CountingHandler"},
        CONCURRENT_REQUESTS=1,
        **LISTED,
    )
    server.close()
    assert [result["status"] for result in told["results"].values()] == [200] * 6
    assert told["stats"]["contexts"] == 1


def test_what_a_killed_crawl_left_is_repaired_at_the_next_start(crawl: Crawl, tmp_path: Path) -> None:
    scripts: dict[str, list[list[Step]]] = {"/a": [[answer(b"a")]], "/b": [[answer(b"b")]]}
    _fetch(crawl, tmp_path, scripts, "/a")
    (left,) = warc_files(tmp_path)
    torn = left.rename(left.with_name(left.name + ".open"))
    torn.write_bytes(torn.read_bytes() + b"torn")
    told, _ = _fetch(crawl, tmp_path, scripts, "/b")
    assert told["stats"]["capture/repaired"] == 1
    assert not list(tmp_path.rglob("*.open"))
    assert [capture.payload for capture in _captures(tmp_path)] == [b"a", b"b"]


def test_no_header_is_added_to_a_request(crawl: Crawl, tmp_path: Path) -> None:
    _, log = _fetch(crawl, tmp_path, {"/a": [[answer(b"a")]]}, {"url": "/a", "headers": {"X-Own": "1"}})
    (served,) = log["/a"]
    names = [line.partition(b":")[0] for line in served.request.split(b"\r\n")[1:] if line]
    assert sorted(names) == [b"Accept", b"Accept-Language", b"Host", b"User-Agent", b"X-Own"]

"""The proxy on the wire: TLS, refusals, keep-alive, conditions, the access log, and clients that do wrong."""

import http.client
import json
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsstand.access import Access, overlaps
from newsstand.server import Newsstand
from newsstand.walls import Wall
from newsstand.world import World

from .conftest import Fetch, fetch_through

PRAVDA = "https://www.pravda.com.ua"


def raw(newsstand: Newsstand, sent: bytes) -> bytes:
    """What comes back for some bytes, until the newsstand closes or has nothing more to say."""
    with socket.create_connection(("127.0.0.1", newsstand.port), timeout=30) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer


def test_a_certificate_is_for_its_host_and_by_this_authority_alone(newsstand: Newsstand, fetch: Fetch) -> None:
    assert fetch(f"{PRAVDA}/robots.txt").status == 200
    strangers = ssl.create_default_context()
    connection = http.client.HTTPSConnection("127.0.0.1", newsstand.port, context=strangers, timeout=30)
    connection.set_tunnel("www.pravda.com.ua", 443)
    with pytest.raises(ssl.SSLCertVerificationError):
        connection.request("GET", "/")
    connection.close()


@pytest.mark.parametrize(
    ("target", "status"),
    [("www.google.com:443", 502), ("127.0.0.1:443", 502), ("www.pravda.com.ua:80", 403), ("nonsense", 502), (":", 502)],
)
def test_connect_to_anything_else_is_answered_and_refused(newsstand: Newsstand, target: str, status: int) -> None:
    answer = raw(newsstand, f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())


def test_an_unknown_host_is_refused_without_tls_too(fetch: Fetch) -> None:
    assert fetch("http://example.com/").status == 502


def test_plain_http_sends_on_to_https(fetch: Fetch) -> None:
    answer = fetch("http://www.pravda.com.ua/rus/")
    assert (answer.status, answer.headers["Location"]) == (301, f"{PRAVDA}/rus/")


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/2.0\r\n\r\n",
        b"GET http://newsstand.test/\r\n\r\n",
        b"GET http://thehill.com/ HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET http://thehill.com/ HTTP/1.1\r\n: empty\r\n\r\n",
        b"GET http://thehill.com/ HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"GET http://thehill.com/ HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        b"POST http://thehill.com/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET http://thehill.com/" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"GET http://thehill.com/ HTTP/1.1\r\n" + b"X: y\r\n" * 300 + b"\r\n",
        b"GET /robots.txt HTTP/1.1\r\nHost: thehill.com\r\n\r\n",
    ],
)
def test_what_is_no_request_to_a_proxy_is_answered_400(newsstand: Newsstand, sent: bytes) -> None:
    assert raw(newsstand, sent).startswith(b"HTTP/1.1 400 ")


def test_a_client_that_leaves_in_the_middle_hurts_nobody(newsstand: Newsstand, fetch: Fetch) -> None:
    for sent in (b"", b"GET http", b"CONNECT thehill.com:443 HTTP/1.1\r\n\r\nnot TLS at all"):
        raw(newsstand, sent)
    assert fetch(f"{PRAVDA}/robots.txt").status == 200


def test_another_host_inside_a_tunnel_is_refused(newsstand: Newsstand, fetch: Fetch) -> None:
    assert fetch(f"{PRAVDA}/robots.txt", Host="thehill.com").status == 400


def test_methods_that_change_something_are_refused(fetch: Fetch) -> None:
    assert fetch(f"{PRAVDA}/", method="POST").status == 405


def test_head_has_the_headers_and_no_body(newsstand: Newsstand, fetch: Fetch) -> None:
    got, head = fetch(f"{PRAVDA}/robots.txt"), fetch(f"{PRAVDA}/robots.txt", method="HEAD")
    assert head.body == b""
    assert head.headers["Content-Length"] == got.headers["Content-Length"] == str(len(got.body))
    wire = raw(newsstand, b"HEAD http://thehill.com/ HTTP/1.1\r\nHost: thehill.com\r\n\r\n")
    assert wire.endswith(b"\r\n\r\n")
    refused = raw(newsstand, b"HEAD http://example.com/ HTTP/1.1\r\nHost: example.com\r\n\r\n")
    assert refused.startswith(b"HTTP/1.1 502 ")
    assert refused.endswith(b"\r\n\r\n")


def test_a_known_state_is_answered_304_by_tag_and_by_time(fetch: Fetch) -> None:
    first = fetch("https://thehill.com/feed/")
    tag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    assert fetch("https://thehill.com/feed/", If_None_Match=f'"other", W/{tag}').status == 304
    assert fetch("https://thehill.com/feed/", If_Modified_Since=modified).status == 304
    assert fetch("https://thehill.com/feed/", If_None_Match='"other"', If_Modified_Since=modified).status == 200
    assert fetch("https://thehill.com/feed/", If_Modified_Since="no date").status == 200


def test_bodies_come_compressed_and_chunked_only_to_those_who_take_them(world: World, fetch: Fetch) -> None:
    url = world.articles("ukrpravda")[0].url
    packed, plain = fetch(url, Accept_Encoding="br, gzip"), fetch(url)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Transfer-Encoding"] == "chunked"
    assert plain.headers["Content-Encoding"] is None
    assert b"</html>" in packed.body
    assert b"</html>" in plain.body


def test_one_connection_carries_many_requests(newsstand: Newsstand) -> None:
    trust = ssl.create_default_context(cafile=str(newsstand.ca_file))
    connection = http.client.HTTPSConnection("127.0.0.1", newsstand.port, context=trust, timeout=30)
    connection.set_tunnel("thehill.com", 443)
    bodies = set()
    for path in ("/robots.txt", "/sitemap.xml", "/feed/", "/nothing", "/robots.txt") * 4:
        connection.request("GET", path)
        bodies.add(connection.getresponse().read())
    connection.close()
    assert len(bodies) == 4


def test_the_clock_decides_what_is_served(world: World) -> None:
    later = world.articles("ukrpravda")[0]
    now = [later.published_at - timedelta(seconds=1)]
    with Newsstand(world, clock=lambda: now[0]) as newsstand:
        feed = f"{PRAVDA}/{'' if later.draft.language == 'uk' else later.url.split('/')[3] + '/'}rss/"
        assert fetch_through(newsstand, later.url).status == 404
        assert later.url not in fetch_through(newsstand, feed).text
        now[0] = later.published_at
        assert fetch_through(newsstand, later.url).status == 200
        assert later.url in fetch_through(newsstand, feed).text


def test_the_log_has_one_entry_a_request_and_a_file_of_them(world: World, tmp_path: Path) -> None:
    path = tmp_path / "access.jsonl"
    with Newsstand(world, log=path) as newsstand:
        got = fetch_through(newsstand, "https://thehill.com/robots.txt")
        fetch_through(newsstand, "https://thehill.com/nothing")
        raw(newsstand, b"CONNECT example.com:443 HTTP/1.1\r\n\r\n")
        entries = newsstand.access.entries
    assert [(each.host, each.method, each.url, each.status) for each in entries] == [
        ("thehill.com", "GET", "https://thehill.com/robots.txt", 200),
        ("thehill.com", "GET", "https://thehill.com/nothing", 404),
        ("example.com", "CONNECT", "example.com:443", 502),
    ]
    assert all(each.started_s <= each.ended_s and each.started_at <= each.ended_at for each in entries)
    assert entries[0].bytes > len(got.body)
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [row["url"] for row in rows] == [each.url for each in entries]
    assert datetime.fromisoformat(rows[0]["started_at"]) == entries[0].started_at
    assert datetime.fromisoformat(rows[0]["world_at"]) == world.end


def test_the_log_shows_two_requests_at_once_and_only_those(world: World) -> None:
    def entry(host: str, start: float, end: float) -> Access:
        now = datetime.now(UTC)
        return Access(started_at=now, ended_at=now, started_s=start, ended_s=end, world_at=now, host=host, method="GET",
                      url="", status=200, bytes=1)  # fmt: skip

    apart = (entry("a", 0, 1), entry("b", 0.5, 1.5), entry("a", 1, 2))
    assert overlaps(apart) == ()
    long, short, caught = entry("a", 3, 9), entry("a", 4, 5), entry("a", 6, 7)
    assert overlaps((short, *apart, caught, long)) == ((long, short), (long, caught))


def test_many_clients_at_once_are_all_answered_and_the_end_waits_for_none(world: World) -> None:
    urls = [each.url for each in world.articles("ukrpravda")[:40]]
    statuses: list[int] = []
    with Newsstand(world) as newsstand:
        threads = [
            threading.Thread(target=lambda url=url: statuses.append(fetch_through(newsstand, url).status))
            for url in urls
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        silent = socket.create_connection(("127.0.0.1", newsstand.port))
        tunnelled = socket.create_connection(("127.0.0.1", newsstand.port))
        tunnelled.sendall(b"CONNECT thehill.com:443 HTTP/1.1\r\n\r\n")
        assert tunnelled.recv(1000).startswith(b"HTTP/1.1 200 ")
        before = time.monotonic()
    assert time.monotonic() - before < 20
    silent.close()
    tunnelled.close()
    assert statuses == [200] * 40


def test_a_walled_host_answers_articles_with_a_challenge_and_leaves_its_feeds_open(world: World) -> None:
    article = world.articles("thehill")[0].url
    with Newsstand(world) as newsstand:
        for wall in Wall:
            newsstand.walls["thehill.com"] = wall
            got = fetch_through(newsstand, article)
            assert (got.status, b"px-captcha" in got.body) == (wall.value, True)
            assert fetch_through(newsstand, "https://thehill.com/feed/").status == 200
            assert fetch_through(newsstand, "https://thehill.com/wp-json/wp/v2/posts").status == 200
            assert fetch_through(newsstand, f"{PRAVDA}/").status == 200
        del newsstand.walls["thehill.com"]
        assert b"px-captcha" not in fetch_through(newsstand, article).body


def test_the_environment_leaves_no_way_out(newsstand: Newsstand) -> None:
    environment = newsstand.environment()
    here = f"127.0.0.1:{newsstand.port}"
    assert environment["http_proxy"] == environment["https_proxy"] == f"http://{here}"
    assert environment["no_proxy"] == ""
    assert environment["PRESSMARK_ONLY_ADDRESSES"] == here
    assert Path(environment["SSL_CERT_FILE"]).is_file()
    assert list(Path(environment["SSL_CERT_DIR"]).iterdir()) == []


def wait_for(file: Path) -> None:
    until = time.monotonic() + 120
    while not file.exists():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_by_hand_it_says_its_environment_and_ends_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    file = tmp_path / "environment"
    command = [sys.executable, "-m", "newsstand", "--articles", "8", "--env-file", str(file), "--seeds", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_for(file)
            # a shell reads it as an operator would
            shell = ["sh", "-c", f'. "{file}"; echo "$https_proxy"']
            shown = subprocess.run(shell, capture_output=True, text=True, check=True).stdout
            port = int(shown.strip().rpartition(":")[2])
            socket.create_connection(("127.0.0.1", port), timeout=30).close()
            process.send_signal(number)
            out, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, errors) == (0, "")
    assert f"export https_proxy='http://127.0.0.1:{port}'" in out


def test_wrong_options_are_status_2(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "newsstand", "--pages", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert str(tmp_path) in done.stderr

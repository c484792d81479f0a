"""How a crawl behaves at a door: robots.txt, delays, Retry-After, redirects, bot walls; from the server's log."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.manners import retry_after_s
from newsstand.access import Access
from newsstand.messages import Request, Response
from newsstand.server import Newsstand
from newsstand.world import World
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, open_engine
from pipelines.warc.records import read_records
from tests.crawl.conftest import Ran, run_scrapy

Answer = Callable[[Request], Response]
HOST = "https://door.example"
STORY = b"<html><head><title>A story</title></head><body><article><h1>A story of some length</h1>" + b"".join(
    b"<p>Sentence number %d of a story that says enough to be taken for an article by anybody.</p>" % n
    for n in range(9)
) + b"</article></body></html>"  # fmt: skip


def page(_request: Request) -> Response:
    return Response(body=STORY)


def robots(text: str, status: int = 200) -> Answer:
    return lambda _request: Response(status=status, content_type="text/plain", body=text.encode())


class Door:
    """A host whose answers a test writes, and what crawls of it came to."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.folder = folder

    def crawl(self, answers: Mapping[str, Answer], *paths: str, **settings: str) -> tuple[Ran, list[Access]]:
        """Crawls paths of the host; what was printed, and what the host was asked, in order."""
        captured = {f"{HOST}/robots.txt": robots("User-agent: *\nAllow: /\n")}
        captured |= {f"{HOST}{path}": answer for path, answer in answers.items()}
        urls = self.folder / "urls.txt"
        urls.write_text("".join(f"{HOST}{path}\n" for path in paths))
        with Newsstand(self.world, captured=captured) as served:
            environment = served.environment() | {f"PRESSMARK_{name}": value for name, value in settings.items()}
            archive = self.folder / "archive"
            ran = run_scrapy(environment, archive, "crawl", "urls", "-a", f"urls={urls}", "--json")
            return ran, sorted(served.access.entries, key=lambda entry: entry.started_s)

    def fates(self) -> dict[str, str]:
        """Path → reason (or state) of every URL that was asked for."""
        catalogue = Catalogue(open_engine(f"sqlite:///{self.folder / 'archive' / 'catalogue.sqlite'}"))
        rows = catalogue.rows(t.coverage.select())
        return {row.url.removeprefix(HOST): row.reason or row.state for row in rows}


@pytest.fixture(scope="module")
def world() -> World:
    return World(articles=1, days=1, past=False)


@pytest.fixture
def door(world: World, tmp_path: Path) -> Door:
    return Door(world, tmp_path)


def asked(entries: list[Access]) -> list[str]:
    return [entry.url.removeprefix(HOST) for entry in entries]


def test_what_robots_txt_forbids_is_not_asked_and_the_refusal_is_kept(door: Door) -> None:
    answers = {"/robots.txt": robots("User-agent: *\nDisallow: /private/\n"), "/a": page, "/private/b": page}
    ran, entries = door.crawl(answers, "/a", "/private/b")
    assert asked(entries) == ["/robots.txt", "/a"]
    assert door.fates() == {"/a": "kept", "/private/b": "robots"}
    assert ran.json["failed"] == {"robots": 1}


def test_rules_for_our_name_win_over_those_for_all(door: Door) -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: pressmark\nDisallow: /b\n"
    _, entries = door.crawl({"/robots.txt": robots(text), "/a": page, "/b": page}, "/a", "/b")
    assert asked(entries) == ["/robots.txt", "/a"]


@pytest.mark.parametrize("status", [500, 503])
def test_a_robots_txt_that_fails_disallows_the_host(status: int, door: Door) -> None:
    answers = {"/robots.txt": robots("", status), "/a": page}
    ran, entries = door.crawl(answers, "/a", BACK_OFF_S="0.1")
    assert set(asked(entries)) == {"/robots.txt"}
    assert door.fates() == {"/a": "robots"}
    assert ran.status == 1


@pytest.mark.parametrize("status", [404, 410, 403])
def test_a_robots_txt_that_is_not_there_allows_all(status: int, door: Door) -> None:
    _, entries = door.crawl({"/robots.txt": robots("", status), "/a": page}, "/a")
    assert asked(entries) == ["/robots.txt", "/a"]


def test_crawl_delay_is_obeyed(door: Door) -> None:
    answers = {"/robots.txt": robots("User-agent: *\nCrawl-delay: 0.4\n"), "/a": page, "/b": page, "/c": page}
    _, entries = door.crawl(answers, "/a", "/b", "/c")
    gaps = [later.started_s - earlier.ended_s for earlier, later in pairwise(entries[1:])]
    assert len(gaps) == 2
    assert min(gaps) >= 0.4 - 0.002


def test_crawl_delay_has_a_ceiling(door: Door) -> None:
    answers = {"/robots.txt": robots("User-agent: *\nCrawl-delay: 86400\n"), "/a": page, "/b": page}
    _, entries = door.crawl(answers, "/a", "/b", CRAWL_DELAY_MAX_S="0.2")
    assert asked(entries) == ["/robots.txt", "/a", "/b"]


def held_back(status: int, header: str) -> Answer:
    """Answers the first request with a status and Retry-After, the following with the page."""
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return page(request) if len(seen) > 1 else Response(status=status, headers=(("Retry-After", header),), body=b"")

    return answer


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds_is_obeyed_for_the_whole_host(status: int, door: Door) -> None:
    ran, entries = door.crawl({"/a": held_back(status, "1"), "/b": page}, "/a", "/b")
    assert ran.json["kept"] == 2
    first = asked(entries).index("/a")
    assert entries[first].status == status
    assert entries[first + 1].started_s - entries[first].ended_s >= 1 - 0.002


def test_retry_after_as_a_date_is_obeyed(door: Door) -> None:
    def answer(request: Request, seen: list[int] = []) -> Response:  # noqa: B006 - the list is the answer's memory
        seen.append(1)
        at = datetime.now(UTC) + timedelta(seconds=2)
        header = ("Retry-After", f"{at:%a, %d %b %Y %H:%M:%S GMT}")
        return page(request) if len(seen) > 1 else Response(status=503, headers=(header,), body=b"")

    ran, entries = door.crawl({"/a": answer}, "/a")
    assert ran.json["kept"] == 1
    # The date has whole seconds, so between one and two of them are left.
    assert entries[-1].started_s - entries[-2].ended_s >= 0.9


def test_a_year_of_retry_after_has_a_ceiling(door: Door) -> None:
    ran, entries = door.crawl({"/a": held_back(429, "31536000")}, "/a", RETRY_AFTER_MAX_S="0.3")
    assert ran.json["kept"] == 1
    assert 0.3 - 0.002 <= entries[-1].started_s - entries[-2].ended_s < 20


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:1/x", "http://0x7f000001:1/x", "http://2130706433:1/x", "http://[::ffff:127.0.0.1]:1/x"],
)
def test_a_redirect_to_a_private_address_is_refused(target: str, door: Door) -> None:
    away: Answer = lambda _request: Response(status=302, headers=(("Location", target),), body=b"")  # noqa: E731
    _, entries = door.crawl({"/a": away, "/b": page}, "/a", "/b")
    assert sorted(asked(entries)) == ["/a", "/b", "/robots.txt"]
    assert door.fates()["/b"] == "kept"
    assert door.fates()["/a"] != "kept"


def test_a_redirect_to_itself_is_recorded_with_its_reason(door: Door) -> None:
    around: Answer = lambda _request: Response(status=302, headers=(("Location", "/a"),), body=b"")  # noqa: E731
    _, entries = door.crawl({"/a": around}, "/a")
    assert 2 <= asked(entries).count("/a") <= 8
    assert door.fates()["/a"] not in ("kept", "")


@pytest.mark.parametrize(
    "target",
    ["https://door.example:99999/", "https://[::1", "file:///etc/passwd", "data:text/html,x", "javascript:alert(1)"],
)
def test_a_redirect_to_what_is_no_web_address_is_recorded_with_its_reason(target: str, door: Door) -> None:
    away: Answer = lambda _request: Response(status=302, headers=(("Location", target),), body=b"")  # noqa: E731
    ran, entries = door.crawl({"/a": away, "/b": page}, "/a", "/b")
    assert sorted(asked(entries)) == ["/a", "/b", "/robots.txt"]
    assert door.fates() == {"/a": "redirects", "/b": "kept"}
    assert ran.json["failed"] == {"redirects": 1}


def test_a_name_and_password_in_a_redirect_are_sent_to_nobody(door: Door) -> None:
    location = ("Location", "https://reader:secret@door.example/b")
    away: Answer = lambda _request: Response(status=302, headers=(location,), body=b"")  # noqa: E731
    ran, entries = door.crawl({"/a": away, "/b": page}, "/a")
    assert asked(entries) == ["/robots.txt", "/a", "/b"]
    assert ran.json["kept"] == 1
    requests = [
        record.block
        for path in (door.folder / "archive").rglob("*.warc.gz")
        for record in read_records(BytesIO(path.read_bytes()))
        if record.type == "request"
    ]
    assert len(requests) == 3
    assert not any(b"secret" in block or b"Authorization" in block for block in requests)


@pytest.mark.parametrize(
    "answer",
    [
        Response(content_type="text/plain", body=b"User-agent: *\nDisallow: /no\n" + b"# x\n" * 7_000_000),
        Response(content_type="text/plain", body=b"User-agent: *\nDisallow: /no\n" + bytes(range(256)) * 2_000),
    ],
    ids=["28 MB", "binary"],
)
def test_the_beginning_of_an_odd_robots_txt_is_obeyed(answer: Response, door: Door) -> None:
    _, entries = door.crawl({"/robots.txt": lambda _request: answer, "/a": page, "/no": page}, "/a", "/no")
    assert asked(entries) == ["/robots.txt", "/a"]
    assert door.fates() == {"/a": "kept", "/no": "robots"}


def test_a_robots_txt_that_leads_in_a_circle_disallows_the_host(door: Door) -> None:
    around: Answer = lambda _request: Response(status=302, headers=(("Location", "/robots.txt"),), body=b"")  # noqa: E731
    _, entries = door.crawl({"/robots.txt": around, "/a": page}, "/a")
    assert set(asked(entries)) == {"/robots.txt"}
    assert len(entries) <= 8
    assert door.fates() == {"/a": "robots"}


@pytest.mark.parametrize("header", ["-5", "1.5", "soon", "", "Wed, 99999999999999999999 Oct 2015 07:28:00 GMT"])
def test_a_retry_after_that_cannot_be_read_is_a_back_off(header: str) -> None:
    assert retry_after_s(header, datetime(2026, 1, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize("header", ["9" * 5000, "Fri, 31 Dec 9999 23:59:59 -1200"])
def test_a_retry_after_without_measure_is_more_than_any_ceiling(header: str) -> None:
    seconds = retry_after_s(header, datetime(2026, 1, 1, tzinfo=UTC))
    assert seconds is not None
    assert min(seconds, 3600) == 3600


@pytest.mark.parametrize(
    ("status", "reason"), [(999, "http-999"), (403, "http-403"), (404, "http-404"), (410, "http-410")]
)
def test_an_article_that_is_refused_or_gone_is_rejected_with_its_status(status: int, reason: str, door: Door) -> None:
    gone: Answer = lambda _request: Response(status=status, body=b"<html><body>No.</body></html>")  # noqa: E731
    ran, _ = door.crawl({"/a": gone}, "/a")
    assert door.fates() == {"/a": reason}
    assert ran.json["rejected"] == {reason: 1}

"""Captured pages at their own addresses."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from w3lib.url import safe_url_string

from newsstand.captured import LISTING, BadPages, captured_pages
from newsstand.server import Newsstand
from newsstand.world import World

from .conftest import fetch_through


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    (folder / "html").mkdir()
    (folder / "html" / "a.html.gz").write_bytes(gzip.compress("<p>Ґанок</p>".encode("cp1251")))
    (folder / "html" / "b.html").write_bytes(b"<p>b</p>")
    rows = [
        {"id": "1", "url": "https://a.example/story?x=1&y=2#part", "file": "html/a.html.gz", "crawled_at": None},
        {"id": "2", "url": "http://thehill.com/old", "file": "html/b.html", "crawled_at": None},
        {"id": "3", "url": "https://b.example", "file": "html/b.html", "crawled_at": None},
        {"id": "4", "url": "https://c.example/п?b=2&a=1&utm_source=x", "file": "html/b.html", "crawled_at": None},
        {"id": "5", "url": "hard::no.address.html", "file": "html/b.html", "crawled_at": None},
    ]
    (folder / "gold.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "feeds").mkdir()
    (folder / "feeds" / "one.xml").write_bytes(b"<rss/>")
    return folder


@pytest.fixture(scope="module")
def newsstand(world: World, folder: Path) -> Iterator[Newsstand]:
    with Newsstand(world, captured=captured_pages([folder])) as running:
        yield running


def test_a_page_is_served_at_its_address_over_both_schemes(newsstand: Newsstand) -> None:
    for scheme in ("https", "http"):
        got = fetch_through(newsstand, f"{scheme}://a.example/story?x=1&y=2")
        assert (got.status, got.body) == (200, "<p>Ґанок</p>".encode("cp1251"))
        assert got.headers["Content-Type"] == "text/html"
        assert fetch_through(newsstand, f"{scheme}://b.example/").body == b"<p>b</p>"
        assert fetch_through(newsstand, f"{scheme}://a.example/other").status == 404


def test_a_page_is_found_by_other_spellings_of_its_address(newsstand: Newsstand) -> None:
    for path in ("/%D0%BF?b=2&a=1&utm_source=x", "/%D0%BF?a=1&b=2&utm_source=x", "/%D0%BF"):
        assert fetch_through(newsstand, f"https://c.example{path}").body == b"<p>b</p>", path
    assert fetch_through(newsstand, "https://a.example/story?x=2").status == 404


def test_a_page_on_an_outlets_host_stands_beside_the_outlets_own(newsstand: Newsstand) -> None:
    assert fetch_through(newsstand, "https://thehill.com/old").body == b"<p>b</p>"
    assert fetch_through(newsstand, "https://thehill.com/feed/").status == 200


def test_the_listing_names_each_address_once(newsstand: Newsstand, folder: Path) -> None:
    listed = fetch_through(newsstand, LISTING).text.splitlines()
    named = [json.loads(line)["url"] for line in (folder / "gold.jsonl").read_text().splitlines()]
    assert listed == [*named[:4], "http://newsstand.test/feeds/one.xml"]
    feed = fetch_through(newsstand, listed[-1])
    assert (feed.body, feed.headers["Content-Type"]) == (b"<rss/>", "application/xml")


@pytest.mark.parametrize(
    "line", ["not json", "[]", '{"url": "https://a.example/"}', '{"url": "https://a.example/", "file": "none.html"}']
)
def test_an_index_that_cannot_be_read_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "pages.jsonl").write_text(f"{line}\n")
    with pytest.raises(BadPages, match=r"pages\.jsonl, line 1"):
        captured_pages([tmp_path])


def test_every_real_captured_page_is_served(world: World, captures: Path) -> None:
    answers = captured_pages([captures / name for name in ("outlets", "feeds", "aeb", "fundus", "evaldata")])
    with Newsstand(world, captured=answers) as running:
        listed = fetch_through(running, LISTING).text.splitlines()
        assert len(listed) > 500
        for url in listed[::25]:
            got = fetch_through(running, safe_url_string(url))
            assert got.status == 200, url
            assert len(got.body) > 300
            assert urlsplit(url).scheme in ("http", "https")

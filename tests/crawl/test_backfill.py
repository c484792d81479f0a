"""A crawl with dates asks the cheapest way back, another where that does not reach, and says what none reached."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from newsstand.access import Access
from newsstand.messages import Request, Response
from newsstand.server import Answer, Newsstand
from newsstand.sites import sites_by_host
from newsstand.walls import Wall
from newsstand.world import World
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, open_engine
from tests.crawl.conftest import Ran, run_scrapy

FEBRUARY = ("-a", "since=2025-02-10", "-a", "until=2025-02-16")
JANUARY = ("-a", "since=2026-01-05", "-a", "until=2026-01-08")
PRAVDA, HILL = "https://www.pravda.com.ua", "https://thehill.com"
MONTH = f"{PRAVDA}/sitemap/sitemap-2025-02.xml.gz"


@pytest.fixture(scope="module")
def world() -> World:
    return World(articles=40)


def crawl(
    world: World, folder: Path, outlet: str, *arguments: str, captured: Mapping[str, Answer] | None = None,
    walled: tuple[str, ...] = (),
) -> tuple[Ran, list[Access]]:  # fmt: skip
    with Newsstand(world, captured=captured) as newsstand:
        newsstand.walls.update(dict.fromkeys(walled, Wall.FORBIDDEN))
        newsstand.rest_walled.update(walled)
        ran = run_scrapy(newsstand.environment(), folder / "a", "crawl", outlet, *arguments, "--json")
        return ran, list(newsstand.access.entries)


def status(code: int) -> Answer:
    return lambda _request: Response(status=code, content_type="text/plain", body=b"no\n")


def kept_in(folder: Path) -> set[str]:
    catalogue = Catalogue(open_engine(f"sqlite:///{folder / 'a' / 'catalogue.sqlite'}"))
    rows = catalogue.rows(select(t.versions.c.url))
    catalogue.close()
    return {row.url for row in rows}


def between(world: World, outlet: str, since: str, until: str) -> set[str]:
    zone = world.newsrooms[outlet].zone
    return {
        each.url
        for each in world.articles(outlet)
        if since <= f"{each.published_at.astimezone(zone):%Y-%m-%d}" <= until
    }


def asked_of(asked: list[Access], pattern: str) -> list[str]:
    return [entry.url for entry in asked if re.search(pattern, entry.url)]


def test_a_month_s_sitemap_is_asked_and_no_page_a_day(world: World, tmp_path: Path) -> None:
    ran, asked = crawl(world, tmp_path, "ukrpravda", *FEBRUARY)
    assert ran.status == 0, ran.err
    assert between(world, "ukrpravda", "2025-02-10", "2025-02-16") <= kept_in(tmp_path)
    assert len(asked_of(asked, r"sitemap-\d{4}")) == 1
    assert asked_of(asked, "/date_") == []
    assert ran.json["unreached"] == []


@pytest.mark.parametrize(("url", "answer"), [
    (MONTH, status(403)),
    (MONTH, status(404)),
    (MONTH, lambda _request: Response(content_type="application/xml", body=b"<html>not to be read</html>")),
    (f"{PRAVDA}/sitemap/sitemap.xml", status(403)),
])  # fmt: skip
def test_where_the_sitemap_fails_the_day_archives_are_asked_and_it_is_said(
    url: str, answer: Answer, world: World, tmp_path: Path
) -> None:
    ran, asked = crawl(world, tmp_path, "ukrpravda", *FEBRUARY, captured={url: answer})
    assert between(world, "ukrpravda", "2025-02-10", "2025-02-16") <= kept_in(tmp_path)
    assert len(asked_of(asked, "/date_")) == 3 * 7
    (span,) = unreached(ran)
    assert (span["since"], span["until"]) == ("2025-02-10", "2025-02-16")
    assert "sitemap: " in span["why"]
    assert "listing: is known to leave some out" in span["why"]
    assert ran.status == 1
    assert "7 days could not be reached" in ran.err


def test_a_sitemap_that_leaves_out_what_a_feed_names_is_not_relied_on(world: World, tmp_path: Path) -> None:
    pravda = sites_by_host(world)["www.pravda.com.ua"]
    wanted = between(world, "ukrpravda", "2026-01-05", "2026-01-08")

    def holed(request: Request) -> Response:
        """The month without every third article."""
        body = pravda.answer(request).body.decode()
        entries = re.findall(r"<url>.*?</url>", body, re.DOTALL)
        for entry in entries[::3]:
            body = body.replace(entry, "")
        return Response(content_type="application/xml", body=body.encode())

    url = f"{PRAVDA}/sitemap/sitemap-2026-01.xml.gz"
    ran, asked = crawl(world, tmp_path, "ukrpravda", *JANUARY, captured={url: holed})
    assert asked_of(asked, "/date_") != []
    assert wanted <= kept_in(tmp_path)
    assert "leaves out" in unreached(ran)[0]["why"]


def test_rest_costs_less_than_a_sitemap_a_day_and_the_sitemap_stands_in_for_it(world: World, tmp_path: Path) -> None:
    wanted = between(world, "thehill", "2025-02-10", "2025-02-16")
    ran, asked = crawl(world, tmp_path / "open", "thehill", *FEBRUARY)
    assert (ran.status, ran.json["unreached"]) == (0, []), ran.err
    assert wanted <= kept_in(tmp_path / "open")
    assert asked_of(asked, r"/sitemap\.xml") == []
    closed = {url: status(404) for url in set(asked_of(asked, "per_page"))}
    ran, asked = crawl(world, tmp_path / "shut", "thehill", *FEBRUARY, captured=closed)
    assert (ran.status, ran.json["unreached"]) == (0, []), ran.err
    assert wanted <= kept_in(tmp_path / "shut")
    assert 1 < len(asked_of(asked, r"/sitemap\.xml")) <= 1 + 7


def test_days_that_nothing_reaches_are_told_with_every_reason(world: World, tmp_path: Path) -> None:
    captured = {f"{HILL}/sitemap.xml": status(403)}
    ran, _ = crawl(world, tmp_path, "thehill", *FEBRUARY, captured=captured, walled=("thehill.com",))
    assert ran.status == 1
    (span,) = unreached(ran)
    assert span == {"since": "2025-02-10", "until": "2025-02-16", "why": "REST: HTTP 403; sitemap: HTTP 403"}
    with Newsstand(world, captured=captured) as newsstand:
        newsstand.walls["thehill.com"] = Wall.FORBIDDEN
        newsstand.rest_walled.add("thehill.com")
        told = run_scrapy(newsstand.environment(), tmp_path / "a", "crawl", "thehill", *FEBRUARY)
    assert "2025-02-10 to 2025-02-16 (REST: HTTP 403; sitemap: HTTP 403)" in told.out


def test_days_before_a_sitemap_s_first_part_are_told(world: World, tmp_path: Path) -> None:
    ran, asked = crawl(world, tmp_path, "ukrpravda", "-a", "since=2017-04-01", "-a", "until=2017-06-30")
    (span,) = unreached(ran)
    assert (span["since"], span["until"]) == ("2017-04-01", "2017-05-31")
    assert "it reaches from 2017-06-01" in span["why"]
    assert asked_of(asked, "sitemap-2017-06") != []


def test_an_article_named_by_its_amp_page_too_is_fetched_once(world: World, tmp_path: Path) -> None:
    pravda = sites_by_host(world)["www.pravda.com.ua"]

    def with_amp(request: Request) -> Response:
        """The feed, and each of its items once more under the address of its AMP page."""
        body = pravda.answer(request).body.decode()
        again = [re.sub(r"(<(?:link|guid)[^>]*>https://[^<]+/)(</)", r"\1index.amp\2", item)
                 for item in re.findall(r"<item>.*?</item>", body, re.DOTALL)]  # fmt: skip
        return Response(
            content_type="application/rss+xml", body=body.replace("</channel>", f"{''.join(again)}</channel>").encode()
        )

    ran, asked = crawl(world, tmp_path, "ukrpravda", *JANUARY, captured={f"{PRAVDA}/eng/rss/": with_amp})
    assert ran.status == 0, ran.err
    assert ran.json["named"] > ran.json["found"]
    articles = [entry.url for entry in asked if re.search(r"/(?:news|articles)/\d{4}/", entry.url)]
    assert len(articles) == len(set(articles)) > 10
    assert not any(url.endswith(".amp") for url in articles)


def unreached(ran: Ran) -> list[dict[str, Any]]:
    found = ran.json["unreached"]
    assert isinstance(found, list)
    return found

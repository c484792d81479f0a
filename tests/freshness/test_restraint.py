"""A host that shows bot walls is left alone; a day's budget is kept; what headers say against mining is recorded."""

from pathlib import Path

import pytest
from sqlalchemy import select

from crawler.settings import CONCURRENT_REQUESTS
from newsstand.messages import Response
from newsstand.server import Newsstand
from newsstand.walls import Wall
from newsstand.world import World
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, open_engine
from pipelines.catalogue.opt_outs import opt_out
from pipelines.catalogue.watch import WALL_PATIENCE
from tests.crawl.conftest import run_scrapy

SINCE = ("-a", "since=2026-01-05")


@pytest.mark.parametrize(
    "wall", [Wall.ACCEPTED, *(pytest.param(wall, marks=pytest.mark.prove) for wall in Wall if wall != Wall.ACCEPTED)]
)
def test_a_host_of_bot_walls_is_left_alone_within_a_crawl_and_by_the_next(wall: Wall, tmp_path: Path) -> None:
    world = World(articles=20, past=False)
    articles = {article.url for article in world.articles("thehill")}
    with Newsstand(world) as newsstand:
        newsstand.walls["thehill.com"] = wall
        asked = []
        for _ in range(2):
            before = len(newsstand.access.entries)
            run_scrapy(newsstand.environment(), tmp_path / "a", "crawl", "thehill", *SINCE)
            asked.append(sum(entry.url in articles for entry in newsstand.access.entries[before:]))
        told = run_scrapy(newsstand.environment(), tmp_path / "a", "outlets")
    # What waits for the host's turn while the third wall is being read is sent still.
    assert WALL_PATIENCE <= asked[0] <= WALL_PATIENCE + CONCURRENT_REQUESTS
    assert asked[1] == 0
    assert "bot walls" in told.out


def test_a_crawl_asks_no_more_than_the_days_budget_has_left(tmp_path: Path) -> None:
    with Newsstand(World(articles=20, past=False)) as newsstand:
        budget = {"PRESSMARK_REQUESTS_A_DAY": "9"}
        for expected in (9, 0):
            before = len(newsstand.access.entries)
            ran = run_scrapy(newsstand.environment() | budget, tmp_path / "a", "crawl", "news_zox", *SINCE)
            assert "Traceback" not in ran.err
            assert len(newsstand.access.entries) - before == expected
            assert ran.status == 1
            assert "REQUESTS_A_DAY are spent" in ran.err
            assert "goes on where this one stopped" in ran.err
            assert "nothing could be read" not in ran.err
            assert "the day's budget" in ran.out
    catalogue = Catalogue(open_engine(f"sqlite:///{tmp_path / 'a' / 'catalogue.sqlite'}"))
    assert len(catalogue.rows(select(t.captures.c.record_id))) == 9
    catalogue.close()


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ((("X-Robots-Tag", "noai, noimageai"),), "X-Robots-Tag: noai, noimageai"),
        ((("x-robots-tag", "max-snippet:-1"),), None),
        ((("tdm-reservation", "1"), ("tdm-policy", "/p")), "tdm-reservation: 1; tdm-policy: /p"),
        ((("TDM-Reservation", "0"),), None),
        ((), None),
    ],
)  # fmt: skip
def test_what_headers_say_against_mining(headers: tuple[tuple[str, str], ...], said: str | None) -> None:
    assert opt_out(headers) == said


def test_what_robots_txt_says_to_ai_stands_with_its_capture_and_is_shown(tmp_path: Path) -> None:
    rules = b"User-agent: *\nAllow: /\n\nUser-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n"
    robots = {"https://news-zox.example/robots.txt": lambda _: Response(content_type="text/plain", body=rules)}
    with Newsstand(World(articles=4, past=False), captured=robots) as newsstand:
        run_scrapy(newsstand.environment(), tmp_path / "a", "crawl", "news_zox", *SINCE)
        told = run_scrapy(newsstand.environment(), tmp_path / "a", "outlets")
    assert "opts out: robots.txt: not GPTBot, CCBot" in told.out

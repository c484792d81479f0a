"""An article whose page is behind a bot wall is had from its outlet's REST API; the wall stays recorded."""

import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crawler.settings import CONCURRENT_REQUESTS
from newsstand.access import Access
from newsstand.life import LivingWorld, Storm
from newsstand.newsrooms import PRIMEWEBINAR, THEHILL
from newsstand.server import Newsstand
from newsstand.walls import Wall
from newsstand.world import World
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, open_engine
from pipelines.catalogue.watch import WALL_PATIENCE
from tests.crawl.conftest import Ran, run_scrapy
from tests.freshness.figures import figures
from tests.freshness.month import Month

SINCE = ("-a", "since=2026-01-05")
HOSTS = {
    "thehill": "thehill.com",
    "example_syndicator": "example-syndicator.test",
    "news_zox": "news-zox.example",
    "primewebinargroup": "primewebinargroup.example",
}
POST = "/wp-json/wp/v2/posts"
SAMPLE = ((Wall.POLITE, "thehill"), (Wall.FORBIDDEN, "news_zox"))
WALLED = [
    pytest.param(wall, outlet, marks=() if (wall, outlet) in SAMPLE else pytest.mark.prove)
    for wall in (Wall.FORBIDDEN, Wall.POLITE)
    for outlet in HOSTS
]


@pytest.fixture(scope="module")
def world() -> World:
    return World(articles=12, past=False)


def rows_of(archive: Path, table: Any) -> list[Any]:
    catalogue = Catalogue(open_engine(f"sqlite:///{archive / 'catalogue.sqlite'}"))
    found = list(catalogue.rows(select(table)))
    catalogue.close()
    return found


def dump_of(archive: Path) -> list[Any]:
    catalogue = Catalogue(open_engine(f"sqlite:///{archive / 'catalogue.sqlite'}"))
    found = list(catalogue.dump())
    catalogue.close()
    return found


def texts_of(archive: Path) -> dict[str, bytes]:
    return {str(path.relative_to(archive)): path.read_bytes() for path in sorted(archive.glob("text/**/*.txt"))}


def crawled(newsstand: Newsstand, archive: Path, outlet: str) -> tuple[Ran, list[Access]]:
    before = len(newsstand.access.entries)
    ran = run_scrapy(newsstand.environment(), archive, "crawl", outlet, *SINCE, "--json")
    return ran, list(newsstand.access.entries[before:])


def posts_in(asked: list[Access]) -> Counter[str]:
    """Questions for single posts, by URL; a listing names a page size."""
    return Counter(entry.url for entry in asked if POST in entry.url and "per_page" not in entry.url)


@pytest.mark.parametrize(("wall", "outlet"), WALLED)
def test_a_walled_outlet_is_kept_through_rest_and_gives_the_text_of_its_pages(
    outlet: str, wall: Wall, world: World, tmp_path: Path
) -> None:
    articles = {article.url for article in world.articles(outlet)}
    with Newsstand(world) as newsstand:
        open_ran, _ = crawled(newsstand, tmp_path / "open", outlet)
        assert open_ran.json["kept"] == len(articles)
        newsstand.walls[HOSTS[outlet]] = wall
        ran, asked = crawled(newsstand, tmp_path / "walled", outlet)
        told = run_scrapy(newsstand.environment(), tmp_path / "walled", "outlets")
    assert ran.status == 0, ran.err
    assert ran.json["kept"] == len(articles)
    assert ran.json["marked"] == {"rest": len(articles)}
    # At most one question an article, and its page is left alone once the wall is known.
    assert set(posts_in(asked).values()) == {1}
    assert posts_in(asked).total() == len(articles)
    assert WALL_PATIENCE <= sum(entry.url in articles for entry in asked) <= WALL_PATIENCE + CONCURRENT_REQUESTS
    pages = {row.id: row for row in rows_of(tmp_path / "open", t.versions)}
    posts = {row.id: row for row in rows_of(tmp_path / "walled", t.versions)}
    assert pages.keys() == posts.keys()
    for id_, page in pages.items():
        post = posts[id_]
        for field in ("url", "headline", "body", "standfirst", "published_at", "section", "tags", "language", "links"):
            assert getattr(post, field) == getattr(page, field), field
    assert "bot walls" in told.out
    assert "of them read through REST" in told.out


@pytest.mark.parametrize("outlet", ["thehill", pytest.param("news_zox", marks=pytest.mark.prove)])
def test_where_rest_is_walled_too_both_walls_are_recorded_and_nothing_more_is_asked(
    outlet: str, world: World, tmp_path: Path
) -> None:
    articles = {article.url for article in world.articles(outlet)}
    with Newsstand(world) as newsstand:
        newsstand.walls[HOSTS[outlet]] = Wall.FORBIDDEN
        newsstand.rest_walled.add(HOSTS[outlet])
        ran, asked = crawled(newsstand, tmp_path / "a", outlet)
        _, again = crawled(newsstand, tmp_path / "a", outlet)
        told = run_scrapy(newsstand.environment(), tmp_path / "a", "outlets")
    assert ran.json["kept"] == 0
    assert ran.json["rejected"]["challenge"] > WALL_PATIENCE
    assert posts_in(asked).total() == 1
    assert sum(entry.url in articles for entry in asked) <= WALL_PATIENCE + CONCURRENT_REQUESTS
    assert [entry.url for entry in again if entry.url in articles or entry.url in posts_in(again)] == []
    watched = rows_of(tmp_path / "a", t.watch)
    assert {row.page_reason for row in watched if row.page_at} == {"challenge"}
    assert {row.post_reason for row in watched if row.post_at} == {"challenge"}
    assert "bot walls" in told.out
    assert "through REST" not in told.out


def test_rebuild_gives_what_a_crawl_through_rest_gave(world: World, tmp_path: Path) -> None:
    with Newsstand(world) as newsstand:
        newsstand.walls["thehill.com"] = Wall.FORBIDDEN
        crawled(newsstand, tmp_path / "a", "thehill")
        shutil.copytree(tmp_path / "a" / "warc", tmp_path / "b" / "warc")
        ran = run_scrapy(newsstand.environment(), tmp_path / "b", "rebuild")
        checked = run_scrapy(newsstand.environment(), tmp_path / "b", "verify")
        made = run_scrapy(newsstand.environment(), tmp_path / "b", "corpus", str(tmp_path / "c"), "--style", "page")
    assert (ran.status, checked.status, made.status) == (0, 0, 0), (ran.err, checked.out, made.err)
    assert texts_of(tmp_path / "a") == texts_of(tmp_path / "b") != {}
    assert dump_of(tmp_path / "a") == dump_of(tmp_path / "b")
    pages = [path.read_text("utf-8") for path in (tmp_path / "c").glob("*.txt")]
    assert len(pages) == len(texts_of(tmp_path / "a"))
    assert not any('"rendered"' in page for page in pages)


def test_a_wall_that_comes_and_goes_makes_no_version_and_hides_no_edit(tmp_path: Path) -> None:
    living = LivingWorld(
        seed=5, start=date(2026, 3, 1), days=2, articles=16, past=False, newsrooms=(THEHILL, PRIMEWEBINAR),
        edits=40, removals=4, storms=0,
    )  # fmt: skip
    walls = ((3, 9), (20, 30))
    living.storms = tuple(
        Storm(outlet=outlet, from_at=living.start + timedelta(hours=since),
              until=living.start + timedelta(hours=until), wall=Wall.FORBIDDEN)
        for outlet in living.newsrooms for since, until in walls
    )  # fmt: skip
    month = Month.open(living, tmp_path / "archive")
    month.run()
    found = figures(month)
    posts = [sent for outlet in month.outlets.values() for sent in outlet.sent if sent.role == "post"]
    assert found.missed == found.walled == found.invented == ()
    assert (found.edits_due_seen, found.removals_found) == (found.edits_due, found.removals_due)
    assert found.removals_invented == ()
    assert {row.reason for row in month.catalogue.rows(select(t.versions))} == {None, "rest"}
    # The page is what is read once it is open again, and REST is not asked where no wall stands.
    within = [
        any(storm.from_at <= sent.at < storm.until + timedelta(hours=24) for storm in living.storms) for sent in posts
    ]
    assert all(within)
    assert len(within) > 10
    assert {row.page_reason for row in month.catalogue.rows(select(t.watch)) if row.gone_since is None} == {None}

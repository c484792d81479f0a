"""Crawled again: sources asked conditionally, articles not at all, a killed backfill finished without asking twice."""

import os
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from newsstand.access import Access
from newsstand.server import Newsstand
from newsstand.world import World
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, open_engine
from tests.crawl.conftest import ALL_TIME, ROOT, run_scrapy

SITEMAPS_AND_DAYS = ("-a", "since=2026-01-05")


def catalogue_of(archive: Path) -> Catalogue:
    return Catalogue(open_engine(f"sqlite:///{archive / 'catalogue.sqlite'}"))


def kept_urls(archive: Path) -> set[str]:
    catalogue = catalogue_of(archive)
    rows = catalogue.rows(t.coverage.select().where(t.coverage.c.state == "kept"))
    catalogue.close()
    return {row.url for row in rows}


def articles_of(world: World, outlet: str) -> set[str]:
    return {article.url for article in world.articles(outlet)}


@pytest.mark.parametrize(
    "outlet",
    [
        "ukrpravda",
        "thehill",
        pytest.param("interfax_ukraine", marks=pytest.mark.prove),
        pytest.param("example_syndicator", marks=pytest.mark.prove),
    ],
)
def test_a_second_crawl_of_an_unchanged_world_costs_one_304_a_source_and_no_article(
    outlet: str, tmp_path: Path
) -> None:
    world = World(articles=10, past=False)
    with Newsstand(world) as newsstand:
        # The world stands at its end; its crawler's clock is years later, so only dates reach all of it.
        first = run_scrapy(newsstand.environment(), tmp_path / "a", "crawl", outlet, *SITEMAPS_AND_DAYS)
        assert first.status == 0, first.err
        before = len(newsstand.access.entries)
        again = run_scrapy(newsstand.environment(), tmp_path / "a", "crawl", outlet, *SITEMAPS_AND_DAYS, "--json")
        assert again.status == 0, again.err
        asked = newsstand.access.entries[before:]
    assert articles_of(world, outlet) <= kept_urls(tmp_path / "a")
    assert [entry.url for entry in asked if entry.url in articles_of(world, outlet)] == []
    assert max(Counter(entry.url for entry in asked).values()) == 1
    # The REST answers and pages without validators cannot be asked conditionally; the rest confirm what is held.
    tagged = [entry for entry in asked if entry.status == 304]
    assert len(tagged) == len(asked) > 0
    assert sum(entry.bytes for entry in asked) < 500 * len(asked)


def test_a_crawl_without_dates_asks_no_source_before_its_time(tmp_path: Path) -> None:
    with Newsstand(World(articles=6, past=False)) as newsstand:
        for expected in (True, False):
            before = len(newsstand.access.entries)
            ran = run_scrapy(newsstand.environment(), tmp_path / "a", "crawl", "news_zox", "--json")
            assert ran.status == 0, ran.err
            assert bool(newsstand.access.entries[before:]) == expected


def in_flight(entries: tuple[Access, ...], killed_at: datetime) -> set[str]:
    """What was answered in the moment before the kill: its item need not have been acknowledged yet."""
    return {entry.url for entry in entries if entry.ended_at > killed_at - timedelta(seconds=1.0)}


@pytest.mark.parametrize(
    "after", [40, pytest.param(15, marks=pytest.mark.prove), pytest.param(60, marks=pytest.mark.prove)]
)
def test_a_backfill_killed_anywhere_is_finished_by_the_next_and_asks_nothing_twice(after: int, tmp_path: Path) -> None:
    world = World(articles=30, past=False)
    with Newsstand(world) as newsstand:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("PRESSMARK_")}
        environment = inherited | newsstand.environment() | {"PRESSMARK_ARCHIVE_DIR": str(tmp_path / "a")}
        words = [sys.executable, "-m", "scrapy", "crawl", "ukrpravda", *ALL_TIME]
        crawl = subprocess.Popen(words, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 240
        while len(newsstand.access.entries) < after and crawl.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        crawl.kill()
        crawl.wait()
        first = newsstand.access.entries
        killed_at = first[-1].ended_at
        second = run_scrapy(newsstand.environment(), tmp_path / "a", "crawl", "ukrpravda", *ALL_TIME, "--json")
        assert second.status == 0, second.err
        asked = Counter(entry.url for entry in newsstand.access.entries)
    wanted = articles_of(world, "ukrpravda")
    assert wanted <= kept_urls(tmp_path / "a")
    twice = {url for url in wanted if asked[url] > 1}
    assert twice <= in_flight(first, killed_at)
    assert len(twice) <= 2

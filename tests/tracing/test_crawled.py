"""Origins and stories of the newsstand's outlets, crawled by the real commands."""

import json
from collections import Counter

import pytest
from sqlalchemy import select

from newsstand.story import Published
from newsstand.world import World
from pipelines.catalogue import traced as d
from pipelines.catalogue.catalogue import Catalogue, catalogue_url, open_engine
from pipelines.catalogue.queries import find_article
from pipelines.jobs.trace import ensure_traced
from pipelines.urls import normalised_url
from tests.crawl.conftest import SEEDS, Crawl, Scrapy, crawl, crawled, newsstand, scrapy, world

__all__ = ["crawl", "crawled", "newsstand", "scrapy", "world"]
pytestmark = [pytest.mark.prove, pytest.mark.xdist_group("crawled")]

HILL_MIRROR = "https://thehill-mirror.example/post/hegseth-no-betrayal/"


def test_the_five_seeds_of_a_crawl_are_one_story(scrapy: Scrapy) -> None:
    if not SEEDS.is_dir():
        pytest.skip("the seeds lie in ../shared/seeds, which is not here")
    ran = scrapy("story", HILL_MIRROR, "--json")
    assert ran.status == 0, ran.err
    outlets = sorted(member["outlet"] for member in json.loads(ran.out)["members"])
    assert outlets == ["example_syndicator", "interfax_ukraine", "primewebinargroup", "thehill_mirror", "ukrpravda"]


def test_the_copies_of_a_crawl_lead_to_the_articles_that_the_newsstand_copied(crawl: Crawl, world: World) -> None:
    catalogue = Catalogue(open_engine(catalogue_url(crawl.archive)))
    ensure_traced(catalogue)
    held = {each.url: find_article(catalogue, normalised_url(each.url)) for each in world.all()}
    known = {
        (held[each.url], held[str(each.origin_url)])
        for each in world.all()
        if held[each.url] and held.get(str(each.origin_url))
    }
    c = d.copies.c
    claimed = {(row.id, row.source) for row in catalogue.rows(select(c.id, c.source))}
    print(f"{len(claimed & known)} of {len(known)} copies found, {len(claimed - known)} others claimed")
    assert claimed == known
    catalogue.close()


def test_the_stories_of_a_crawl_are_the_events_of_the_newsstand(crawl: Crawl, world: World) -> None:
    catalogue = Catalogue(open_engine(catalogue_url(crawl.archive)))
    ensure_traced(catalogue)
    by_id: dict[str | None, Published] = {
        find_article(catalogue, normalised_url(each.url)): each for each in world.all() if each.url not in world.pinned
    }
    by_id.pop(None, None)
    c = d.stories.c
    story = {row.id: row.story for row in catalogue.rows(select(c.id, c.story)) if row.id in by_id}
    both = _pairs(Counter((story[name], each.draft.event) for name, each in by_id.items() if name in story))
    claimed, events = _pairs(Counter(story.values())), _pairs(Counter(each.draft.event for each in by_id.values()))
    print(f"{len(by_id)} articles, precision {both / claimed:.3f}, recall {both / events:.3f}")
    assert 2 * both / (claimed + events) >= 0.9
    catalogue.close()


def _pairs(counted: Counter[object]) -> int:
    return sum(count * (count - 1) // 2 for count in counted.values())

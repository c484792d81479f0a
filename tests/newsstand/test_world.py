"""What the world holds, by itself: no server, no page."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from newsstand.seeds import pinned_seeds
from newsstand.story import Published
from newsstand.world import World

ADDRESSES = {
    "ukrpravda": r"https?://www\.pravda\.com\.ua/(?:(eng|rus)/)?(news|articles|columns|interview|projects)/(\d{4})/(\d{2})/(\d{1,2})/(\d+)/",
    "interfax_ukraine": r"https?://(?:(?:en|ru|ua)\.)?interfax\.com\.ua/news/([a-z-]+)/(\d+)(-amp)?\.html",
    "thehill": r"https://thehill\.com/(?:[a-z0-9-]+/)+(\d{4,8})-[a-z0-9-]+/?",
    "example_syndicator": r"https://example-syndicator\.test/[a-z0-9-]+/",
    "primewebinargroup": r"https://primewebinargroup\.example/[a-z0-9-]+/",
    "news_zox": r"https://news-zox\.example/[a-z0-9-]+/",
    "thehill_mirror": r"https://thehill-mirror\.example/post/[a-z0-9-]+/",
}


def facts(world: World) -> list[Published]:
    return sorted(world.all(), key=lambda each: each.url)


@pytest.mark.parametrize("outlet", ADDRESSES)
def test_an_outlet_has_sixty_stories_over_several_days_at_addresses_of_its_own(world: World, outlet: str) -> None:
    told = world.articles(outlet)
    stories = {(each.draft.event, each.published_at.date()) for each in told}
    assert len(stories) >= 60
    assert len({each.published_at.date() for each in told}) >= 5
    assert len({each.url for each in told}) == len(told)
    assert [each.url for each in told if not re.fullmatch(ADDRESSES[outlet], each.url)] == []


def test_every_layout_era_has_articles_in_each_of_its_languages(world: World) -> None:
    pravda = Counter((each.era, each.draft.language) for each in world.articles("ukrpravda"))
    eras = ("2015", "2020", "2025-news", "2026-article")
    assert {(era, language) for era in eras for language in ("uk", "ru", "en")} <= set(pravda)
    assert Counter(each.era for each in world.articles("thehill")).keys() == {"drupal", "wordpress"}
    assert {each.draft.language for each in world.articles("interfax_ukraine")} == {"uk", "en"}


def test_one_pravda_id_serves_all_its_editions_and_each_names_the_others(world: World) -> None:
    by_url = {each.url: each for each in world.articles("ukrpravda")}
    joined = [each for each in by_url.values() if each.editions]
    assert len(joined) > 60
    for each in joined:
        assert each.url not in dict(each.editions).values()
        for language, url in each.editions:
            assert (by_url[url].number, by_url[url].draft.language) == (each.number, language)
            assert (each.draft.language, each.url) in by_url[url].editions


def test_ids_rise_with_time(world: World) -> None:
    for outlet in ("ukrpravda", "interfax_ukraine", "thehill"):
        numbers = {each.draft.event: each.number for each in reversed(world.articles(outlet)) if each.draft.event}
        assert list(numbers.values()) == sorted(numbers.values())


def test_the_same_seed_gives_the_same_world_and_another_seed_another() -> None:
    first, again, other = World(seed=7, articles=20), World(seed=7, articles=20), World(seed=8, articles=20)
    assert facts(first) == facts(again)
    assert {each.url for each in facts(first)} != {each.url for each in facts(other)}


def test_the_worlds_own_days_hold_everything_where_the_past_is_left_out() -> None:
    world = World(seed=3, start=date(2026, 3, 1), days=2, articles=30, past=False)
    start = datetime(2026, 3, 1, tzinfo=UTC)
    assert all(start <= each.published_at < world.end for each in world.all())
    assert min(Counter(each.outlet for each in world.all()).values()) >= 30


def test_nothing_that_is_still_to_come_shows_at_an_instant(world: World) -> None:
    at = world.start + timedelta(hours=30)
    for outlet in world.newsrooms:
        told = world.articles(outlet, at)
        assert 0 < len(told) < len(world.articles(outlet))
        for each in told:
            assert each.published_at <= at
            assert each.modified_at is None or each.modified_at <= at
            assert all(world.find(url, at) for _, url in each.editions)
        later = next(each for each in world.articles(outlet) if each.published_at > at)
        assert world.find(later.url, at) is None


def test_copies_say_where_they_came_from(world: World) -> None:
    originals = {each.url: each for each in world.articles("thehill")}
    mirrored = [each for each in world.articles("thehill_mirror") if each.draft.event]
    assert {each.origin_url for each in mirrored} == set(originals)
    for copy in mirrored:
        assert copy.draft.parts == originals[str(copy.origin_url)].draft.parts
        assert copy.published_at > originals[str(copy.origin_url)].published_at
    fox = [each for each in world.articles("primewebinargroup") if each.origin_name == "FOX NEWS" and each.draft.event]
    assert len(fox) > 20
    for each in fox:
        texts = [each.draft.headline, each.draft.standfirst, *(part.text for part in each.draft.parts)]
        assert not any(mark in text for text in texts for mark in '"“”')
        assert not any(part.links for part in each.draft.parts)
    assert any(
        each.origin_url in {told.url for told in world.articles("ukrpravda")}
        for each in world.articles("example_syndicator")
    )


def test_a_folder_without_seeds_pins_nothing(tmp_path: Path) -> None:
    assert pinned_seeds(tmp_path) == pinned_seeds(tmp_path / "nowhere") == ()

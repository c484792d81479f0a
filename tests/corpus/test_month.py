"""`--as-of` over a simulated month: each article as the newsstand showed it at that instant."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from newsstand.life import LivingWorld
from newsstand.messages import Head, Request, pieces
from newsstand.sites import sites_by_host
from newsstand.story import Published
from pipelines.jobs.order import Order
from pipelines.text.clean import read_clean
from tests.corpus.archived import Shown, catalogued, write_pages
from tests.corpus.conftest import Archived

LAG = timedelta(minutes=2)
"""From a change to its capture."""


def captures(world: LivingWorld) -> Iterator[Shown]:
    """The page of every state of every article, shortly after it came to be."""
    sites = {site.outlet: site for site in sites_by_host(world).values()}
    for article in world.all():
        for number, state in enumerate(world.states_of(article.url)):
            at = state.from_at + LAG
            if at < state.until:
                request = Request(method="GET", url=article.url, headers={}, number=number, at=at)
                head = Head(method="GET", target=article.url, version="HTTP/1.1", headers={})
                answer = b"".join(pieces(head, sites[article.outlet].answer(request), at))
                yield Shown(outlet=article.outlet, url=article.url, at=at, answer=answer)


def written(article: Published) -> tuple[str | None, list[str]]:
    """Headline and blocks as the newsroom wrote them."""
    return article.draft.headline, [article.draft.standfirst, *(part.text for part in article.draft.parts)]


def month(articles: int, edits: int, instants: int, folder: Path) -> tuple[int, int]:
    """Compares corpora as of some instants with the world; gives how many texts, and how many of them were edits."""
    world = LivingWorld(edits=edits, removals=0, storms=0, days=30, articles=articles, past=False)
    pages = sorted(captures(world), key=lambda page: (page.at, page.url))
    write_pages(pages, folder / "archive")
    archived = Archived(folder=folder / "archive", catalogue=catalogued(folder / "archive"))
    rng = Random(5)
    compared = changed = 0
    for number in range(instants):
        instant = world.start + (world.end - world.start) * rng.random()
        files = archived.corpus(folder / str(number), Order(as_of=instant))
        rows = {row["url"]: row for row in map(json.loads, files["manifest.jsonl"].splitlines())}
        assert set(rows) == {page.url for page in pages if page.at <= instant}
        for url, row in rows.items():
            if _between(world, url, instant):
                continue
            shown = world.find(url, instant)
            assert shown is not None
            record = read_clean(files[row["file"]].decode())
            assert (record.headline, [block.text for block in record.blocks]) == written(shown), (url, instant)
            compared += 1
            changed += row["version"] > 1
    archived.catalogue.close()
    return compared, changed


def _between(world: LivingWorld, url: str, instant: datetime) -> bool:
    """True where the article had just changed, and its capture was still to come."""
    return any(state.from_at <= instant <= state.from_at + LAG for state in world.states_of(url))


def test_as_of_an_instant_each_article_is_what_the_newsstand_showed(tmp_path: Path) -> None:
    compared, changed = month(articles=4, edits=30, instants=4, folder=tmp_path)
    assert compared > 60
    assert changed > 10


@pytest.mark.prove
def test_as_of_over_a_month_each_article_is_what_the_newsstand_showed(tmp_path: Path) -> None:
    compared, changed = month(articles=40, edits=400, instants=12, folder=tmp_path)
    print(f"as of 12 instants of a month: {compared} texts equal, {changed} of them edited ones")
    assert changed > 300

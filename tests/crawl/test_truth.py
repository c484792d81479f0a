"""What came out of the archive, against what the world's newsrooms wrote: every field of every article."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from newsstand.story import Published
from newsstand.world import World
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, open_engine

pytestmark = pytest.mark.xdist_group("crawled")


@pytest.fixture(scope="module")
def kept(crawl: Any) -> dict[str, Any]:
    """The catalogue's row of each article, by the URL it was captured at."""
    catalogue = Catalogue(open_engine(f"sqlite:///{crawl.archive / 'catalogue.sqlite'}"))
    return {row.url: row for row in catalogue.rows(select(t.versions))}


def written(world: World) -> list[Published]:
    """The generator's articles; the seeds' pages have tests of their own."""
    return [article for article in world.all() if article.url not in world.pinned]


def body_of(article: Published) -> str:
    """The body as a reader would copy it: the standfirst first, list items on consecutive lines."""
    body = article.draft.standfirst
    before = "paragraph"
    for part in article.draft.parts:
        body += ("\n" if part.kind == before == "item" else "\n\n") + part.text
        before = part.kind
    return body


def differing(world: World, kept: dict[str, Any], field: str, wanted: Any, found: Any) -> Counter[tuple[str, str]]:
    wrong: Counter[tuple[str, str]] = Counter()
    for article in written(world):
        expected, got = wanted(article), found(kept[article.url])
        if expected != got:
            wrong[article.outlet, article.era] += 1
            if wrong.total() <= 3:
                print(f"{field} of {article.url}:\n  written {expected!r}\n  read    {got!r}")
    return wrong


def instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


PRINTED_TAGS = {"thehill_mirror": ["thehill"]}
"""What an outlet prints instead of the draft's tags."""

FIELDS = {
    "headline": (lambda a: a.draft.headline, lambda r: r.headline),
    "body": (body_of, lambda r: r.body),
    "section": (lambda a: a.section, lambda r: r.section),
    "authors": (lambda a: list(a.authors), lambda r: json.loads(r.authors)),
    "published_at": (
        lambda a: a.published_at.astimezone(UTC).replace(second=0, microsecond=0),
        lambda r: instant(r.published_at) and instant(r.published_at).replace(second=0),
    ),
    "language": (lambda a: a.draft.language, lambda r: r.language),
    "tags": (lambda a: PRINTED_TAGS.get(a.outlet, list(a.draft.tags)), lambda r: json.loads(r.tags)),
    "standfirst": (lambda a: a.draft.standfirst if a.standfirst_apart else None, lambda r: r.standfirst),
}


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_of_every_article_is_as_it_was_written(field: str, world: World, kept: dict[str, Any]) -> None:
    wanted, found = FIELDS[field]
    assert differing(world, kept, field, wanted, found) == Counter()


def test_every_article_is_read_by_rules_and_the_witnesses_agree(world: World, kept: dict[str, Any]) -> None:
    verdicts = Counter((kept[a.url].verdict, kept[a.url].reason) for a in written(world))
    assert verdicts == Counter({("rules", None): len(written(world))})


def test_a_copy_names_its_origin_and_nothing_else_does(crawl: Any, world: World) -> None:
    catalogue = Catalogue(open_engine(f"sqlite:///{crawl.archive / 'catalogue.sqlite'}"))
    joined = t.versions.join(t.origins, t.versions.c.id == t.origins.c.id)
    statement = select(t.versions.c.url, t.origins.c.name, t.origins.c.url.label("origin")).select_from(joined)
    named = {row.url: (row.name, row.origin) for row in catalogue.rows(statement) if row.url not in world.pinned}
    copies = {a.url: a for a in written(world) if a.origin_name or a.origin_url}
    assert named.keys() == copies.keys()
    for url, (name, origin) in named.items():
        # A page that prints one of the two leaves the other to be made of it: a host as a name, a credit's link.
        assert copies[url].origin_name in (None, name)
        assert copies[url].origin_url in (None, origin)

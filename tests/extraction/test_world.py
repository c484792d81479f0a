"""Every article of the local world comes out as it was written: the truth that the layouts dressed."""

import re
from itertools import islice

import pytest

from newsstand.story import Published
from pipelines.article import Article
from pipelines.capture import Page
from pipelines.extraction import extract
from pipelines.rules import RuleBook

from .conftest import SHARED, serving, world_of

OUTLETS = (
    *("ukrpravda", "interfax_ukraine", "thehill"),
    *("primewebinargroup", "example_syndicator", "news_zox", "thehill_mirror"),
)
UNNUMBERED = ("news_zox", "thehill_mirror")
"""Their pages state no number."""
SEEDS = (1, 4711)
UNSEEN = (71_882, 15_309, 98_641, 24_577)
"""Never used while rules were written."""


def read(page: Page, rules: RuleBook) -> Article:
    article = extract(page, rules)
    assert isinstance(article, Article), (page.url, article)
    return article


def told(outlet: str, seed: int) -> list[Published]:
    world = world_of(seed)
    return [each for each in world.articles(outlet) if each.url not in world.pinned]


def flat(text: str) -> str:
    return " ".join(text.split())


def written(published: Published) -> list[tuple[str, str]]:
    draft = published.draft
    lead = [("paragraph", flat(draft.standfirst))] if draft.standfirst else []
    return lead + [(part.kind, flat(part.text)) for part in draft.parts]


@pytest.mark.parametrize(
    "seed", [*SEEDS, UNSEEN[0], *(pytest.param(seed, marks=pytest.mark.prove) for seed in UNSEEN[1:])]
)
@pytest.mark.parametrize("outlet", OUTLETS)
def test_every_field_of_every_article_is_as_it_was_written(outlet: str, seed: int, rules: RuleBook) -> None:
    serve = serving(world_of(seed))
    for truth in told(outlet, seed):
        article = read(serve(truth.url, published=truth), rules)
        where = f"{truth.era} {truth.url}"
        assert [(b.kind, flat(b.text)) for b in article.blocks] == written(truth), where
        assert article.headline == truth.draft.headline, where
        assert article.authors == truth.authors, where
        assert article.published_at is not None, where
        assert abs((article.published_at - truth.published_at).total_seconds()) < 60, where
        assert article.section == truth.section, where
        assert article.language == truth.draft.language, where
        assert dict(article.alternates) == dict(truth.editions), where
        assert (article.verdict, article.reason) == ("rules", None), where
        assert article.notes == article.live_entries == (), where
        assert article.outlet_article_id == (str(truth.number) if outlet not in UNNUMBERED else None), where
        assert set(article.tags) == set(truth.draft.tags), where
        if article.modified_at and truth.modified_at:
            assert abs((article.modified_at - truth.modified_at).total_seconds()) < 60, where
        for image in article.images:
            assert image.url.endswith(truth.draft.picture.path.rpartition("/")[2]), where
            assert image.caption in (None, truth.draft.picture.caption), where
            assert truth.draft.picture.credit in (image.credit or truth.draft.picture.credit), where
        if truth.origin_name or truth.origin_url:
            origin = article.syndicated_from
            assert origin, where
            assert truth.origin_name in (None, origin.name), where
            assert truth.origin_url in (None, origin.url), where
        else:
            assert article.syndicated_from is None, where


@pytest.mark.parametrize("outlet", OUTLETS)
def test_links_stand_where_they_were_written(outlet: str, rules: RuleBook) -> None:
    serve = serving(world_of(SEEDS[0]))
    for truth in told(outlet, SEEDS[0]):
        article = read(serve(truth.url, published=truth), rules)
        wanted = {(flat(part.text[a:b]), link) for part in truth.draft.parts for a, b, link in part.links}
        found = {(flat(b.text[s:e]), link) for b in article.blocks for s, e, link in b.links}
        assert found <= wanted, truth.url
        assert found == wanted or outlet not in ("ukrpravda", "thehill"), truth.url


@pytest.mark.parametrize("outlet", OUTLETS)
def test_what_differs_at_every_request_never_changes_the_article(outlet: str, rules: RuleBook) -> None:
    serve = serving(world_of(SEEDS[0]))
    for truth in islice(told(outlet, SEEDS[0]), 4):
        pages = [serve(truth.url, number=n, published=truth) for n in (1, 2, 77)]
        if outlet == "ukrpravda":
            assert len({p.body for p in pages}) > 1
        first, *others = [read(p, rules) for p in pages]
        for other in others:
            assert (other.blocks, other.headline, other.authors) == (first.blocks, first.headline, first.authors)


def test_the_same_bytes_give_the_same_article_twice(rules: RuleBook) -> None:
    world = world_of(SEEDS[0])
    truth = told("ukrpravda", SEEDS[0])[0]
    page = serving(world)(truth.url, published=truth)
    assert read(page, rules) == read(page, rules)


@pytest.mark.parametrize("outlet", OUTLETS)
def test_renamed_classes_are_flagged_and_still_give_the_body(outlet: str, rules: RuleBook) -> None:
    serve = serving(world_of(SEEDS[0]))
    for truth in islice(told(outlet, SEEDS[0]), 5):
        page = serve(truth.url, published=truth)
        html = re.sub(r' data-io-article-url="[^"]*"', "", page.body.decode())
        renamed = re.sub(r'(class|id)="([^"]*)"', lambda m: f'{m[1]}="{_renamed(m[2])}"', html)
        article = read(Page(url=page.url, body=renamed.encode(), captured_at=page.captured_at), rules)
        assert (article.verdict, article.reason) == ("generic", "layout-changed"), truth.url
        body = flat(" ".join(b.text for b in article.blocks))
        wanted = [text for _, text in written(truth)]
        assert sum(text in body for text in wanted) >= 0.7 * len(wanted), truth.url


def _renamed(names: str) -> str:
    return " ".join(f"x{sum(map(ord, name)) % 9973:x}{len(name)}" for name in names.split())


def test_an_era_is_found_whatever_the_capture_day(rules: RuleBook) -> None:
    serve = serving(world_of(SEEDS[0]))
    for truth in told("ukrpravda", SEEDS[0]):
        page = serve(truth.url, published=truth)
        dateless = Page(url=page.url, body=page.body, content_type=page.content_type)
        assert read(dateless, rules).blocks == read(page, rules).blocks


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the seeds do not lie beside the project")
@pytest.mark.parametrize("index", range(5))
def test_a_seed_page_gives_the_facts_and_lines_of_its_clean_seed(index: int, rules: RuleBook) -> None:
    world = world_of(SEEDS[0])
    serve = serving(world)
    wanted = next((SHARED / "seeds" / "clean").glob(f"{index:03}_*.txt")).read_text().strip().splitlines()
    seed = next(p for u, p in world.pinned.items() if p.published.outlet == _OUTLET_OF_SEED[index])
    article = read(serve(seed.published.url), rules)
    lines = [flat(b.text) for b in article.blocks]
    body = [line.removeprefix("  • ") for line in wanted if line]
    assert body[-len(lines) :] == lines
    assert article.headline == body[-len(lines) - 1]
    assert article.outlet_name in wanted[0]
    for address, kind, source in seed.beside:
        markdown = read(Page(url=address, body=source, content_type=kind), rules)
        assert [flat(b.text) for b in markdown.blocks] == lines
        assert markdown.syndicated_from == article.syndicated_from


_OUTLET_OF_SEED = ("ukrpravda", "interfax_ukraine", "primewebinargroup", "example_syndicator", "thehill_mirror")

"""Whatever an article holds, each style reads back to what it carries of it."""

import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from pipelines.article import Article, Block, Origin
from pipelines.text import clean, hugo

PLAIN = Article(
    id="0" * 16,
    url="https://paper.example/news/1",
    canonical_url=None,
    outlet="paper",
    outlet_name="The Paper",
    headline="A headline",
    blocks=(Block(kind="paragraph", text="A paragraph."),),
    verdict="rules",
    extractor="tests",
)
HOSTILE = [
    "He said: \"no\" and 'never' \\ {{ .Site }}",
    "---\nadmin: true\n---",
    "a\nb: c",
    "line\u2028and\u2029paragraph\x85next\x0bpage\x0c",
    "!!python/object/apply:os.system ['true']",
    "\x1b]0;owned\x07 \x00 \x7f \x9b31m",
    "\ud800 lone \udfff",
    "\ufeff\ufffe\u202egnihton",
    "&a [*b*](c) `d` <e> # f",
    "12:23 13.02.2025",
    " date 2025-02-13 Other",
    "  • item",
    "%TAG ! tag:x,2000:",
    "? - : , [ ] { } # & * ! | > ' \" % @ `",
    "e\u0301 \u1100\u1161 \u212b",
    "\u00a0no\u00a0break\u202f",
]
MARKED = [
    "# a #",
    "1. a",
    "1) a",
    "+ a",
    "- a",
    "* a",
    "> a",
    "***",
    "---",
    "===",
    "~~~",
    "```",
    "    a",
    "[a]: /b",
    "![a](b)",
]
texts = st.one_of(
    st.sampled_from(HOSTILE + MARKED),
    st.text(st.sampled_from(" \t\n\u00a0ab,.:-*_[]()<>!#&;`\\\"'+=~|1•"), max_size=24),
    st.text(max_size=12),
)
urls = st.one_of(
    st.just("https://paper.example/a_(b)?c=d&copy=1&amp;e"),
    st.text(st.sampled_from("ab/()<>\\ &;#?%\"'*_\u00a0\n[]"), min_size=1, max_size=12).map(
        "https://x.example/".__add__
    ),
)
zones = st.sampled_from(["UTC", "Europe/Kyiv", "America/New_York"])
instants = st.datetimes(
    datetime(1990, 1, 1), datetime(2030, 1, 1), timezones=st.sampled_from([UTC, timezone(timedelta(hours=-11))])
)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    text = draw(texts)
    edges = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    kind = draw(st.sampled_from(["paragraph", "heading", "item", "quote"]))
    return Block(kind=kind, text=text, links=tuple((start, end, draw(urls)) for start, end in pairs))


articles = st.builds(
    Article,
    id=st.just("0" * 16),
    url=st.just("https://paper.example/news/1"),
    canonical_url=st.none() | st.just("https://paper.example/canonical"),
    outlet=st.just("paper"),
    outlet_name=texts,
    zone=zones,
    headline=st.none() | texts,
    authors=st.lists(texts, max_size=3).map(tuple),
    published_at=st.none() | instants,
    published_is_day=st.booleans(),
    section=st.none() | texts,
    tags=st.lists(texts, max_size=3).map(tuple),
    language=st.none() | st.just("uk"),
    blocks=st.lists(blocks(), max_size=5).map(tuple),
    syndicated_from=st.none() | st.builds(Origin, name=st.none() | texts, url=st.none() | urls),
    verdict=st.just("rules"),
    extractor=st.just("tests"),
)


@given(articles)
def test_the_clean_style_reads_back_to_what_it_carries(article: Article) -> None:
    text = clean.write_clean(article)
    assert clean.read_clean(text, article.zone) == clean.carried(article)
    assert clean.print_clean(clean.read_clean(text, article.zone)) == text


@given(articles)
def test_the_clean_style_is_normal_text(article: Article) -> None:
    text = clean.write_clean(article)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert text == unicodedata.normalize("NFC", text)
    text.encode()
    for line in text[:-1].split("\n"):
        assert line == line.rstrip()
        assert line.splitlines() in ([line], [])
        inner = line.removeprefix("  • ").removeprefix(" date ")
        assert inner == " ".join(inner.split())


@given(articles)
def test_the_hugo_style_reads_back_to_what_it_carries(article: Article) -> None:
    text = hugo.write_hugo(article)
    assert hugo.read_hugo(text) == hugo.carried(article)
    assert hugo.print_hugo(hugo.read_hugo(text)) == text
    text.encode()


@given(texts, texts, texts)
@example(HOSTILE[1], HOSTILE[4], HOSTILE[2])
def test_no_fact_can_add_a_key_to_the_front_matter(headline: str, section: str, tag: str) -> None:
    article = evolve(
        PLAIN, headline=headline, section=section, tags=(tag,), published_at=datetime(2025, 2, 13, tzinfo=UTC)
    )
    matter = hugo.write_hugo(article).split("\n---\n")[0]
    read = YAML(typ="safe", pure=True).load(matter)
    assert list(read) == [
        "title", "date", "summary", "categories", "lang", "translations", "tags", "menu", "thumbnail", "lead",
        "comments", "authorbox", "pager", "toc", "mathjax", "sidebar", "widgets",
    ]  # fmt: skip
    assert isinstance(read["title"], str)


@pytest.mark.parametrize("headline", HOSTILE)
def test_a_hostile_headline_stays_one_headline(headline: str) -> None:
    article = evolve(PLAIN, headline=headline)
    for module, text in ((clean.read_clean, clean.write_clean(article)), (hugo.read_hugo, hugo.write_hugo(article))):
        record = module(text)
        assert record.blocks == PLAIN.blocks
        assert record.headline is None or set("\x1b\x00\n\u2028\x85") & set(record.headline) == set()

"""The clean style, line by line."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from attrs import evolve

from pipelines.article import Article, Block
from pipelines.errors import BadArchive
from pipelines.text.clean import carried, print_clean, read_clean, write_clean

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds" / "clean"
ARTICLE = Article(
    id="0" * 16,
    url="https://paper.example/news/1",
    canonical_url=None,
    outlet="paper",
    outlet_name="The Paper",
    zone="Europe/Kyiv",
    headline="A\u00a0headline ",
    authors=("First Author", "Second Author"),
    published_at=datetime(2025, 2, 12, 22, 5, 59, tzinfo=UTC),
    section="Facts",
    blocks=(
        Block(kind="paragraph", text="First  paragraph.\u00a0"),
        Block(kind="heading", text="Background:"),
        Block(kind="item", text="one"),
        Block(kind="item", text="two"),
        Block(kind="quote", text="Cafe\u0301"),
    ),
    verdict="rules",
    extractor="tests",
)
WRITTEN = """ date 2025-02-13 The Paper
Facts
00:05 13.02.2025
First Author, Second Author

A headline

First paragraph.

Background:

  • one
  • two

Café
"""


def test_the_clean_style_of_an_article_with_every_fact() -> None:
    assert write_clean(ARTICLE) == WRITTEN


def test_a_fact_the_page_does_not_state_leaves_no_line() -> None:
    article = evolve(ARTICLE, published_at=None, section=None, authors=(), blocks=())
    assert write_clean(article) == "The Paper\n\nA headline\n"


def test_a_day_without_a_time_is_a_date_and_no_time_line() -> None:
    stated = datetime(2025, 2, 13, tzinfo=UTC)
    article = evolve(ARTICLE, zone="America/New_York", published_at=stated, published_is_day=True)
    assert write_clean(article).startswith(" date 2025-02-13 The Paper\nFacts\nFirst Author")
    record = read_clean(write_clean(article), "America/New_York")
    assert (record.day, record.published_at) == (date(2025, 2, 13), None)


def test_a_time_is_read_in_the_outlets_zone() -> None:
    assert read_clean(WRITTEN, "Europe/Kyiv").published_at == datetime(2025, 2, 12, 22, 5, tzinfo=UTC)


def test_the_hour_that_comes_twice_is_carried_as_the_first() -> None:
    article = evolve(ARTICLE, published_at=datetime(2024, 10, 27, 1, 30, tzinfo=UTC))
    read = read_clean(write_clean(article), "Europe/Kyiv").published_at
    assert read
    assert read.astimezone(UTC) == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)
    assert (carried(article).published_at or read).utcoffset() == read.utcoffset()


def test_the_time_line_tells_section_from_authors() -> None:
    no_section, no_authors = evolve(ARTICLE, section=None), evolve(ARTICLE, authors=())
    assert read_clean(write_clean(no_section)).authors == ARTICLE.authors
    assert read_clean(write_clean(no_section)).section is None
    assert read_clean(write_clean(no_authors)).section == "Facts"
    assert read_clean(write_clean(no_authors)).authors == ()


def test_without_a_time_a_single_line_is_read_as_the_section() -> None:
    article = evolve(ARTICLE, published_at=None, section=None, authors=("Jane Doe",))
    assert read_clean(write_clean(article)) == carried(article)
    assert carried(article).section == "Jane Doe"


def test_a_section_that_reads_as_a_time_is_left_out() -> None:
    article = evolve(ARTICLE, section="23:59 13.02.2025", authors=())
    assert write_clean(article).startswith(" date 2025-02-13 The Paper\n00:05 13.02.2025\n\n")


@pytest.mark.parametrize(
    "text",
    ["", "\n\nA headline\n", " date 2025-02-30 The Paper\n\nA\n", " date 2025-02-13 P\n25:00 13.02.2025\n\nA\n",
     " date 2025-02-13 P\n10:00 14.02.2025\n\nA\n"],
)  # fmt: skip
def test_a_file_that_is_not_of_this_style_is_refused(text: str) -> None:
    with pytest.raises(BadArchive):
        read_clean(text)


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds lie beside the project, in ../shared")
def test_every_clean_seed_reads_and_writes_back_byte_for_byte() -> None:
    files = sorted(SEEDS.iterdir())
    assert len(files) == 5
    for file in files:
        text = file.read_bytes().decode()
        record = read_clean(text)
        assert print_clean(record) == text
        assert len(record.blocks) >= 6
    first = read_clean(files[0].read_text(), "Europe/Kyiv")
    assert (first.section, first.authors) == (None, ("Iryna Kutielieva", "Iryna Balachuk"))
    assert first.published_at == datetime(2025, 2, 13, 8, 45, tzinfo=UTC)
    assert [block.kind for block in first.blocks].count("item") == 3
    assert read_clean(files[1].read_text()).section == "Facts"
    assert read_clean(files[2].read_text()).section == "Politics"

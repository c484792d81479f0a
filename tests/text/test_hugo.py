"""The hugo style: front matter, Markdown body, origin link."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from attrs import evolve

from pipelines.article import Article, Block, Origin
from pipelines.errors import BadArchive
from pipelines.text.hugo import print_hugo, read_hugo, write_hugo
from pipelines.text.markdown import carried_block, from_markdown, to_markdown

SEED = Path(__file__).parents[2].parent / "shared" / "seeds" / "004_ae0637cd24fbb139.txt"
ARTICLE = Article(
    id="0" * 16,
    url="https://mirror.example/post/1/",
    canonical_url=None,
    outlet="mirror",
    outlet_name="paper",
    zone="Europe/Kyiv",
    headline='The "second" day',
    published_at=datetime(2025, 2, 14, 2, 31, 2, tzinfo=UTC),
    language="en",
    blocks=(
        Block(
            kind="paragraph",
            text="He\u00a0said so [sic] at 5 * 3 on snake_case.",
            links=((3, 7, "https://paper.example/x_(y)"),),
        ),
        Block(kind="heading", text="1. Background"),
        Block(kind="item", text="one"),
        Block(kind="item", text="two"),
        Block(kind="quote", text="*really*"),
    ),
    syndicated_from=Origin(name="paper", url="https://paper.example/1"),
    verdict="rules",
    extractor="tests",
)
WRITTEN = """---
title: "The \\"second\\" day"
date: "2025-02-14 02:31:02"
summary: "He said so [sic] at 5 * 3 on snake_case. 1. Background one two *really*..."
categories:
  - "paper"
lang:
  - "en"
translations:
  - "en"
tags:
  - "paper"
menu: ""
thumbnail: ""
lead: ""
comments: false
authorbox: false
pager: true
toc: false
mathjax: false
sidebar: "right"
widgets:
  - "search"
  - "recent"
  - "taglist"
---

He\u00a0[said](https://paper.example/x_\\(y\\)) so [sic] at 5 * 3 on snake_case.

## 1. Background

- one
- two

> \\*really*

[paper](https://paper.example/1)
"""


def test_the_hugo_style_of_an_article() -> None:
    assert write_hugo(ARTICLE) == WRITTEN


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("5 * 3, snake_case, [sic] (y), a & b, #1.", None),
        ("1) a (b)", "1\\) a (b)"),
        ("- 5", "\\- 5"),
        ("a *b* c", "a \\*b\\* c"),
        ("AT&amp;T", "AT\\&amp;T"),
    ],
)
def test_markdown_escapes_no_more_than_it_must(text: str, written: str | None) -> None:
    block = Block(kind="paragraph", text=text)
    assert to_markdown([block]) == (written or text)
    assert from_markdown(to_markdown([block])) == (block,)


def test_a_link_keeps_its_place_where_white_space_goes() -> None:
    block = Block(kind="paragraph", text=" \u00a0a \n [b] c  ", links=((4, 9, "https://p.example/"),))
    assert to_markdown([carried_block(block)]) == "a [[b]](https://p.example/) c"


def test_a_block_too_long_to_try_is_escaped_whole() -> None:
    block = Block(kind="paragraph", text="*a* " * 6_000 + "b")
    assert from_markdown(to_markdown([block])) == (block,)


def test_the_summary_is_the_first_fifty_words() -> None:
    words = [f"word{number}" for number in range(80)]
    article = evolve(
        ARTICLE,
        blocks=(Block(kind="paragraph", text=" ".join(words[:40])), Block(kind="paragraph", text=" ".join(words[40:]))),
    )
    assert f'summary: "{" ".join(words[:50])}..."\n' in write_hugo(article)


def test_an_article_that_is_no_copy_links_to_itself() -> None:
    article = evolve(ARTICLE, syndicated_from=None, canonical_url="https://paper.example/canonical")
    assert write_hugo(article).endswith("\n\n[paper](https://paper.example/canonical)\n")


def test_the_section_is_the_second_category() -> None:
    record = read_hugo(write_hugo(evolve(ARTICLE, section="Defense", tags=("a", "b"))))
    assert (record.outlet_name, record.section, record.tags) == ("paper", "Defense", ("a", "b"))


def test_a_day_without_a_time_stays_a_day() -> None:
    record = read_hugo(write_hugo(evolve(ARTICLE, published_is_day=True)))
    assert (record.day, record.published_at) == (date(2025, 2, 14), None)


def test_front_matter_of_other_hugo_sites_is_read() -> None:
    record = read_hugo(
        "---\r\ntitle: Plain\r\ndate: 2025-02-13T10:00:00+02:00\r\ntags: one\r\n---\r\nBody\r\nwraps.\r\n"
    )
    assert record.published_at == datetime(2025, 2, 13, 8, tzinfo=UTC)
    assert (record.headline, record.tags, record.origin) == ("Plain", ("one",), None)
    assert record.blocks == (Block(kind="paragraph", text="Body wraps."),)


def test_markdown_of_others_is_read_as_text_and_links() -> None:
    blocks = from_markdown(
        "A **b** `c` <i>d</i> ![e](f) [*g*](h&amp;i)\n\n1. one\n2. two\n\n<div>x</div>\n\n> q\n\n# t\n"
    )
    assert [(block.kind, block.text) for block in blocks] == [
        ("paragraph", "A b c d g"), ("item", "one"), ("item", "two"), ("quote", "q"), ("heading", "t"),
    ]  # fmt: skip
    assert blocks[0].links == ((8, 9, "h&i"),)


@pytest.mark.parametrize(
    "text",
    ["", "no front matter", "---\ntitle: x\n", "---\n- a\n---\n", "---\na: b: c\n---\n", "---\na: 1\na: 2\n---\n",
     "---\na: !!python/object/apply:os.getpid []\n---\n", "---\n" + "[" * 5000 + "\n---\n"],
)  # fmt: skip
def test_a_file_without_safe_front_matter_is_refused(text: str) -> None:
    with pytest.raises(BadArchive):
        read_hugo(text)


@pytest.mark.skipif(not SEED.is_file(), reason="the seeds lie beside the project, in ../shared")
def test_the_hugo_seed_reads_and_writes_back_byte_for_byte() -> None:
    text = SEED.read_bytes().decode()
    record = read_hugo(text)
    assert print_hugo(record).rstrip("\n") == text.rstrip("\n")
    assert record.published_at == datetime(2025, 2, 14, 0, 31, 2, tzinfo=UTC)
    assert sum(len(block.links) for block in record.blocks) == 5
    assert record.origin
    assert record.origin.name == "thehill"

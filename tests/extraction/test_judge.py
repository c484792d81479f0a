"""What the rules read is weighed against what else the page says, before it is believed."""

import json
from pathlib import Path

import pytest

from pipelines.article import Article
from pipelines.capture import Page
from pipelines.extraction import extract
from pipelines.rules import RuleBook, load_rules

RULES = """
[outlet]
slug = "maple"
name = "Maple Street"
zone = "Europe/Kyiv"
hosts = ["maple.example"]
[[era]]
name = "one"
container = [".text"]
[era.fields]
headline = ["h1"]
"""
STORY = [
    f"The council of Port Maple voted on the {day} of May to repair the old bridge, said its mayor, whose office keeps "
    f"the {day * 11} plans of it in the archive of the town hall." for day in range(3, 11)
]  # fmt: skip
ADVERT = "Readers of our paper buy the finest garden furniture at a discount of twenty per cent, this week only."


@pytest.fixture
def book(tmp_path: Path) -> RuleBook:
    (tmp_path / "maple.toml").write_text(RULES)
    return load_rules(tmp_path)


def read(book: RuleBook, body: str, stated: str = "") -> Article:
    about = json.dumps({"@type": "NewsArticle", "headline": "The bridge", "articleBody": stated})
    head = f'<head><title>The bridge</title><script type="application/ld+json">{about}</script></head>'
    html = f"<html>{head}<body><h1>The bridge</h1>{body}</body></html>"
    article = extract(Page(url="https://maple.example/news/1", body=html.encode()), book)
    assert isinstance(article, Article)
    return article


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def lines(article: Article) -> list[str]:
    return [block.text for block in article.blocks]


@pytest.mark.parametrize("stated", ["", "\n".join(STORY), "The council voted."])
def test_a_body_that_a_witness_confirms_stands(book: RuleBook, stated: str) -> None:
    article = read(book, f'<div class="text">{paragraphs(STORY)}</div><div>{paragraphs([ADVERT])}</div>', stated)
    assert (article.verdict, article.reason, lines(article)) == ("rules", None, STORY)
    assert article.agreement == 1


def test_a_body_without_paragraphs_is_confirmed_by_the_generic_reader(book: RuleBook) -> None:
    body = f'<div class="text">{"<br><br>".join(STORY)}</div>'
    article = read(book, f"{body}<div>{paragraphs([ADVERT])}</div>")
    assert (article.verdict, article.reason, lines(article)) == ("rules", None, STORY)
    assert article.agreement is not None
    assert article.agreement > 0.9


@pytest.mark.parametrize("stated", ["", "\n".join(STORY)])
def test_a_container_that_holds_something_else_now_is_contradicted(book: RuleBook, stated: str) -> None:
    body = f'<article class="story">{paragraphs(STORY)}</article><aside class="text">{paragraphs([ADVERT])}</aside>'
    article = read(book, body, stated)
    assert (article.verdict, article.reason, lines(article)) == ("generic", "layout-changed", STORY)


def test_a_lost_headline_is_a_change_of_the_layout(book: RuleBook) -> None:
    body = f'<div class="text">{paragraphs(STORY)}</div>'
    html = f"<html><head><title>The bridge</title></head><body><h2>The bridge</h2>{body}</body></html>"
    article = extract(Page(url="https://maple.example/news/1", body=html.encode()), book)
    assert isinstance(article, Article)
    assert (article.verdict, article.reason, lines(article)) == ("rules", "layout-changed", STORY)

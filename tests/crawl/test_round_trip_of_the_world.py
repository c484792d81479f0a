"""Every article of the world, written in each style and read back, gives the same record."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from crawler.places import RULES_FOLDER
from pipelines.article import Article
from pipelines.capture import Page
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, open_engine
from pipelines.extraction import extract
from pipelines.rules import load_rules
from pipelines.text import clean, hugo, page
from pipelines.text.record import Record
from pipelines.warc.coding import page_of
from pipelines.warc.reader import read_capture

pytestmark = pytest.mark.xdist_group("crawled")
Read = tuple[Page, Article]


@pytest.fixture(scope="module")
def read(crawl: Any) -> list[Read]:
    """Every article of the archive, read again from its capture."""
    rules = load_rules(RULES_FOLDER)
    catalogue = Catalogue(open_engine(f"sqlite:///{crawl.archive / 'catalogue.sqlite'}"))
    found = []
    for row in catalogue.rows(select(t.versions.c.warc_file, t.versions.c.warc_offset)):
        captured = page_of(read_capture(crawl.archive, row.warc_file, row.warc_offset))
        article = extract(captured, rules)
        assert isinstance(article, Article)
        found.append((captured, article))
    assert len(found) > 500
    return found


def in_clean(read: Read) -> tuple[Record, Record]:
    _, article = read
    return clean.read_clean(clean.write_clean(article), article.zone), clean.carried(article)


def in_hugo(read: Read) -> tuple[Record, Record]:
    _, article = read
    return hugo.read_hugo(hugo.write_hugo(article)), hugo.carried(article)


def in_page(read: Read) -> tuple[Record, Record]:
    captured, article = read
    written = page.write_page(captured, article.published_at, article.zone, is_day=article.published_is_day)
    day = page.published_day(article.published_at, article.zone, is_day=article.published_is_day)
    return page.read_page(written), Record(day=day, text=page.page_text(captured))


@pytest.mark.parametrize("style", [in_clean, in_hugo, in_page])
def test_an_article_reads_back_as_what_the_style_carries(
    style: Callable[[Read], tuple[Record, Record]], read: list[Read]
) -> None:
    for one in read:
        back, carried = style(one)
        assert back == carried, one[0].url

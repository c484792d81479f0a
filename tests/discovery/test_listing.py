"""Listing pages and day archives."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from crawler.discovery.day_archive import day_leads, local_today
from crawler.discovery.listing import MAX_ROWS, Listing, read_listing
from pipelines.errors import BadRules

KYIV = ZoneInfo("Europe/Kyiv")
URL = "https://paper.example/news/latest.html"
GRID = Listing(
    row="div.grid.article",
    link="h1 a.article-link",
    time=".article-time",
    section=".category",
    next_page="div.pager a:last-child",
    zone=KYIV,
)
PAGE = """<html><body><a href="/elsewhere">no row</a>
<div class="grid article"><div class="article-time"><span>12:23</span><span>13.02.2025</span></div>
<b class="category">Facts</b><h1><a class="article-link" href="/news/general/1.html?utm_medium=x#top">Перша
 <i>новина</i></a></h1></div>
<div class="grid article"><h1><a class="article-link" href="javascript:void(0)">An advertisement</a></h1></div>
<div class="grid article"><h1><a class="article-link" href="//sister.example/2">Second</a></h1></div>
<div class="pager"><a href="latest.html">1</a><a href="latest-2.html">next</a></div></body></html>"""


def test_a_row_gives_url_headline_time_and_section() -> None:
    found = read_listing(PAGE.encode(), URL, GRID)
    first, second, following = found.leads
    assert (first.url, first.headline) == ("https://paper.example/news/general/1.html", "Перша новина")
    assert first.published_at == datetime(2025, 2, 13, 10, 23, tzinfo=UTC)
    assert (first.section, first.source, first.source_kind) == ("Facts", URL, "listing")
    assert (second.url, second.published_at, second.section) == ("https://sister.example/2", None, None)
    assert (following.url, following.is_source) == ("https://paper.example/news/latest-2.html", True)
    assert found.problem == "1 entries without a usable URL"


@pytest.mark.parametrize("content_type", ["text/html; charset=windows-1251", "text/html; charset=utf-8", None])
def test_headlines_are_read_in_the_page_s_charset(content_type: str | None) -> None:
    text = PAGE.replace("Перша", "Президент України провів зустріч із міністром закордонних справ щодо допомоги. Перша")
    found = read_listing(text.encode("cp1251"), URL, GRID, content_type=content_type)
    assert (found.leads[0].headline or "").startswith("Президент України провів зустріч")


def test_the_row_may_be_the_link_and_the_time_a_datetime() -> None:
    page = b'<a class="r" href="/1"><time datetime="2025-02-13T12:23:00+02:00">two hours ago</time> A</a>'
    (lead,) = read_listing(page, URL, Listing(row="a.r", time="time")).leads
    assert lead.published_at == datetime(2025, 2, 13, 10, 23, tzinfo=UTC)


@pytest.mark.parametrize(("printed", "minute"), [("00:08", 8), ("1 грудня, 00:09", 9), ("01.12.2025 00:10", 10)])
def test_a_day_archive_lends_its_day_to_times(printed: str, minute: int) -> None:
    page = f'<p class="r"><b>{printed}</b><a href="/1">A</a></p>'.encode()
    (lead,) = read_listing(page, URL, Listing(row=".r", time="b", zone=KYIV), day=date(2025, 12, 1)).leads
    assert lead.published_at == datetime(2025, 11, 30, 22, minute, tzinfo=UTC)


def test_a_layout_that_matches_no_row_is_reported() -> None:
    assert "layout" in (read_listing(b"<html><p>Just a moment</p></html>", URL, GRID).problem or "")
    assert read_listing(b"", URL, GRID).problem


def test_the_last_page_s_link_to_itself_is_no_next_page() -> None:
    page = PAGE.replace("latest-2.html", "latest.html")
    assert not any(lead.is_source for lead in read_listing(page.encode(), URL, GRID).leads)


def test_rows_beyond_the_limit_are_left() -> None:
    found = read_listing(b'<p class="r"><a href="/1">A</a></p>' * (MAX_ROWS + 1), URL, Listing(row=".r"))
    assert len(found.leads) == MAX_ROWS
    assert found.problem


def test_a_selector_that_does_not_parse_is_refused_when_declared() -> None:
    with pytest.raises(BadRules, match="next_page"):
        Listing(row="p", next_page="a[href")


def test_day_archives_are_counted_newest_first() -> None:
    leads = list(day_leads("https://p.example/news/date_{day:%d%m%Y}/", date(2024, 2, 28), date(2024, 3, 1), KYIV))
    assert [lead.url[-9:-1] for lead in leads] == ["01032024", "29022024", "28022024"]
    assert leads[0].published_at == datetime(2024, 2, 29, 22, tzinfo=UTC)
    assert all(lead.is_source for lead in leads)
    assert not list(day_leads("https://p.example/{day:%d}", date(2024, 3, 2), date(2024, 3, 1)))


def test_a_monthly_pattern_gives_each_month_once() -> None:
    pattern = "https://p.example/sitemap-{day:%Y-%m}.xml.gz"
    leads = day_leads(pattern, date(2024, 12, 30), date(2025, 2, 2), kind="sitemap")
    assert [lead.url[-14:-7] for lead in leads] == ["2025-02", "2025-01", "2024-12"]


def test_today_is_the_outlet_s() -> None:
    assert local_today(datetime(2025, 2, 12, 22, 30, tzinfo=UTC), KYIV) == date(2025, 2, 13)

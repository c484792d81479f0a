"""Sitemaps: index, url set, news, alternates, text; gzip and XML that lie, bombs and limits."""

import gzip
import tracemalloc
from datetime import UTC, datetime

import pytest

from crawler.discovery.feed import read_feed
from crawler.discovery.markup import MAX_BYTES
from crawler.discovery.sitemap import MAX_URLS, read_sitemap
from tests.cost import yards

URL = "https://paper.example/sitemap.xml"
NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:xhtml="http://www.w3.org/1999/xhtml" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>
   https://paper.example/eng/news/1/
</loc><lastmod>2025-02-13T14:00:00+02:00</lastmod>
<image:image><image:loc>https://paper.example/1.jpg</image:loc><image:title>A picture</image:title></image:image>
<news:news><news:publication><news:name>Paper</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2025-02-13T12:23+02:00</news:publication_date><news:title>One &amp; two</news:title></news:news>
<xhtml:link rel="alternate" hreflang="uk" href=" /news/1/ "/>
<xhtml:link rel="alternate" hreflang="ru" href="
  https://paper.example/rus/news/1/"/><xhtml:link rel="amphtml" href="/amp"/></url>
<url><loc>/news/1/</loc><lastmod>2025-02-13</lastmod></url></urlset>"""
INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://paper.example/a.xml.gz</loc>
<lastmod>2025-02-13</lastmod></sitemap></sitemapindex>"""


def urlset(count: int, tail: str = "</urlset>") -> bytes:
    return ("<urlset>" + "".join(f"<url><loc>https://p.example/{n}</loc></url>" for n in range(count)) + tail).encode()


def test_a_news_entry_with_every_fact() -> None:
    first, second = read_sitemap(NEWS.encode(), URL).leads
    assert (first.url, first.headline, first.language) == ("https://paper.example/eng/news/1/", "One & two", "en")
    assert first.published_at == datetime(2025, 2, 13, 10, 23, tzinfo=UTC)
    assert first.modified_at == datetime(2025, 2, 13, 12, tzinfo=UTC)
    assert first.alternates == (("uk", "https://paper.example/news/1/"), ("ru", "https://paper.example/rus/news/1/"))
    assert (second.url, second.published_at) == ("https://paper.example/news/1/", None)
    assert second.language == "uk"  # as the first entry calls it


def test_an_entry_that_names_itself_among_its_editions_states_its_language() -> None:
    links = '<link hreflang="uk" href="/1"/><link hreflang="en" href="/eng/1"/>'
    (lead,) = read_sitemap(f"<urlset><url><loc>/1</loc>{links}</url></urlset>".encode(), URL).leads
    assert (lead.language, lead.alternates) == ("uk", (("en", "https://paper.example/eng/1"),))


def test_an_index_names_sources() -> None:
    (lead,) = read_sitemap(INDEX, URL).leads
    assert (lead.url, lead.is_source, lead.source_kind) == ("https://paper.example/a.xml.gz", True, "sitemap")
    assert lead.modified_at == datetime(2025, 2, 13, tzinfo=UTC)


def test_gzip_is_known_by_its_magic_and_never_by_its_name() -> None:
    whole = read_sitemap(INDEX, URL).leads
    assert read_sitemap(gzip.compress(INDEX), URL).leads == whole
    assert read_sitemap(gzip.compress(gzip.compress(INDEX)), URL).leads == whole
    assert read_sitemap(gzip.compress(INDEX[:60]) + gzip.compress(INDEX[60:]), URL).leads == whole
    named = read_sitemap(INDEX, URL + ".gz")
    assert (len(named.leads), named.problem) == (1, None)


def test_gzip_cut_short_gives_what_came() -> None:
    packed = gzip.compress(urlset(5_000))
    found = read_sitemap(packed[: len(packed) // 2], URL)
    assert 1_000 < len(found.leads) < 5_000
    assert found.problem
    assert "gzip cut short" in found.problem
    assert "broken gzip" in (read_sitemap(packed[:2000] + b"\xff" * 100 + packed[2100:], URL).problem or "")


def test_a_gzip_bomb_stays_within_the_limit() -> None:
    bomb = gzip.compress(gzip.compress(bytes(300 * 2**20)))
    tracemalloc.start()
    found = read_sitemap(bomb, URL)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.leads == ()
    assert found.problem
    assert peak < 4 * MAX_BYTES


def test_a_text_sitemap_is_one_url_a_line() -> None:
    found = read_sitemap("\ufeffhttps://p.example/1\r\nhttps://p.example/2?utm_source=x\n\nnot a url\n".encode(), URL)
    assert [lead.url for lead in found.leads] == ["https://p.example/1", "https://p.example/2"]
    assert found.problem == "1 entries without a usable URL"
    assert "not a sitemap" in (read_sitemap(b"Just a moment...", URL).problem or "")


def test_broken_xml_gives_what_came_before_and_says_so() -> None:
    found = read_sitemap(urlset(500, "<url><loc>https://p.example/half"), URL)
    assert len(found.leads) == 500
    assert found.problem
    found = read_sitemap(urlset(500, "</wrong></urlset>"), URL)
    assert len(found.leads) == 500
    assert found.problem


def test_more_urls_than_the_protocol_allows_are_left() -> None:
    found = read_sitemap(urlset(MAX_URLS + 1), URL)
    assert len(found.leads) == MAX_URLS
    assert found.problem == f"more than {MAX_URLS} items: the rest was left"
    assert read_sitemap(urlset(MAX_URLS), URL).problem is None
    text = b"https://p.example/1\n" * (MAX_URLS + 1)
    assert len(read_sitemap(text, URL).leads) == MAX_URLS


LAUGHS = "<!DOCTYPE urlset [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(12)
)
BOMBS = {
    "billion laughs": f"{LAUGHS}]><urlset><url><loc>https://p.example/&m;</loc></url><url><loc>/2</loc></url></urlset>",
    "in an attribute": f"{LAUGHS}]><urlset><url><loc x='&m;'>https://p.example/1</loc></url></urlset>",
    "quadratic": f"<!DOCTYPE u [<!ENTITY a '{'x' * 50_000}'>]><u><url><loc>{'&a;' * 50_000}</loc></url></u>",
    "external entity": "<!DOCTYPE u [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><urlset><url><loc>/&a;</loc></url></urlset>",
    "external subset": "<!DOCTYPE u SYSTEM 'http://127.0.0.1:9/x.dtd'><urlset><url><loc>/&a;</loc></url></urlset>",
    "parameter entity": "<!DOCTYPE u [<!ENTITY % a SYSTEM 'file:///etc/passwd'> %a;]><urlset></urlset>",
    "depth": "<urlset>" + "<url>" * 200_000,
    "CDATA never closed": "<urlset>" + "<![CDATA[" * 300_000,
    "declarations": "<!DOCTYPE " * 200_000,
    "ampersands": "<urlset><url><loc>" + "&" * 3_000_000,
    "attributes": "<urlset " + " ".join(f"a{n}='1'" for n in range(200_000)) + "/>",
    "namespaces": "<urlset " + " ".join(f"xmlns:a{n}='u{n}'" for n in range(20_000)) + "/>",
    "one item of many parts": "<urlset><url>" + "<lastmod/>" * 1_000_000 + "</url></urlset>",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_bombs_cost_little_and_give_nothing_of_this_machine(bomb: str) -> None:
    found = []
    assert yards(lambda: found.extend(reader(bomb.encode(), URL) for reader in (read_sitemap, read_feed))) < 150
    assert not any("root:" in repr(lead) or "haha" in repr(lead) for each in found for lead in each.leads)

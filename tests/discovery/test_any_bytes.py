"""No bytes make a reader raise, and every lead it gives is clean."""

import gzip
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.feed import read_feed
from crawler.discovery.found import MAX_LINE_CHARS, MAX_URL_CHARS, Found
from crawler.discovery.listing import Listing, read_listing
from crawler.discovery.sitemap import read_sitemap
from crawler.discovery.wordpress import read_posts
from pipelines.urls import normalised_url

URL = "https://paper.example/source"
LISTING = Listing(row="item, url, p", link="link, loc, a", time="pubDate, b", next_page="a")
READERS: dict[str, Callable[[bytes], Found]] = {
    "feed": lambda body: read_feed(body, URL),
    "sitemap": lambda body: read_sitemap(body, URL),
    "listing": lambda body: read_listing(body, URL, LISTING),
    "posts": lambda body: read_posts(body, URL),
}
PIECES = [
    '<?xml version="1.0" encoding="', 'utf-8"?>', 'utf-7"?>', 'utf-16"?>', 'idna"?>', 'rot13"?>', "<rss><channel>",
    "<feed>", "<urlset>", "<sitemapindex>", "<item>", "</item>", "<entry>", "<url>", "</url>", "<sitemap>", "<loc>",
    "</loc>", "<link>", "</link>", '<link href="', '" rel="alternate" hreflang="uk"/>', "<pubDate>", "</pubDate>",
    "<lastmod>", "</lastmod>", "<title>", "</title>", "<![CDATA[", "]]>", "<!--", "-->", "&", "&amp;", "&#", "&#x1b;",
    "&#xD800;", ";", "<!DOCTYPE a [", "]>", "<!ENTITY b 'c'>", "&b;", "http://", "https://[", "//", "%zz", "\r\n",
    "\ud800", "\x00", "\x1b", "\u2028", "Thu, 13 Feb 2025 10:00:00 +9999", "2025-02-13T10:00:00+23:59",
    "0001-01-01T00:00:00+14:00", "Thu, 99 Feb 9999 99:99:99 GMT", "<p>", "<a href='", "'>", "<b>", "</b>",
    "31.12.9999 23:59", "[", "{", '"link":', '"', ":", ",", '{"link": "/a", "title": ', "xml:base='http://[",
    "xml:lang='", "1 грудня 10:00",
    "9" * 30, "https://p.example:99999/",
]  # fmt: skip
FRAMES = [
    "{}",
    "<rss><channel><item>{}<link>https://p.example/1</link>{}</item></channel></rss>",
    "<feed><entry><link href='https://p.example/{}'/>{}</entry></feed>",
    "<urlset><url><loc>https://p.example/{}</loc>{}</url></urlset>",
    "<urlset><url><loc>https://p.example/1</loc>{}<link hreflang='uk' href='{}'/></url></urlset>",
    '[{"link": "https://p.example/1", "title": "{}", "date_gmt": "{}"}]',
    "<p><a href='https://p.example/{}'>{}</a><b>{}</b></p>",
]
words = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=25).map("".join)
soups = st.builds(lambda frame, text: frame.replace("{}", text), st.sampled_from(FRAMES), words)
bodies = st.one_of(
    st.binary(max_size=300),
    soups.map(lambda text: text.encode("utf-8", "surrogatepass")),
    soups.map(lambda text: text.encode("utf-16", "surrogatepass")),
    soups.map(lambda text: text.encode("cp1251", "replace")),
    st.builds(lambda text, cut: gzip.compress(text.encode("utf-8", "replace"))[:cut], soups, st.integers(0, 400)),
)


def check(found: Found) -> None:
    for lead in found.leads:
        assert normalised_url(lead.url) == lead.url
        assert len(lead.url) <= MAX_URL_CHARS
        for url in (lead.url, *(url for _, url in lead.alternates)):
            assert url.isascii()
            assert url.isprintable()
            assert " " not in url
        for text in (lead.headline, lead.section, lead.language):
            assert text is None or (0 < len(text) <= MAX_LINE_CHARS and text == " ".join(text.split()))
            assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in text or "")
        for at in (lead.published_at, lead.modified_at):
            assert at is None or at.utcoffset() is not None


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS.keys())
@given(body=bodies)
def test_any_bytes_are_read_without_raising(reader: Callable[[bytes], Found], body: bytes) -> None:
    check(reader(body))


@given(link=st.text(max_size=40), title=st.text(max_size=60), date=st.text(max_size=30))
def test_a_feed_of_any_words_gives_clean_leads(link: str, title: str, date: str) -> None:
    feed = f"<rss><channel><item><title>{title}</title><link>https://p.example/{link}</link><pubDate>{date}</pubDate>"
    check(read_feed(f"{feed}</item></channel></rss>".encode("utf-8", "surrogatepass"), URL))

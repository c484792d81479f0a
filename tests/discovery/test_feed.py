"""Feeds: RSS, RDF and Atom, well-formed and not."""

from datetime import UTC, datetime

import pytest

from crawler.discovery.feed import MAX_ITEMS, read_feed
from tests.cost import yards

URL = "https://paper.example/feed/"
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>Paper</title><link>https://paper.example/</link><language>uk-UA</language>
<atom:link href="https://paper.example/feed/" rel="self"/>
<item><media:title>A picture</media:title><title>One &amp;#8216;two&amp;#8217; &lt;three&gt;</title>
<link> /2025/02/13/one/?utm_source=rss </link><atom:link rel="self" href="https://paper.example/other"/>
<dc:creator>A</dc:creator><dc:creator>B</dc:creator>
<pubDate>Thu, 13 Feb 2025 12:23:00 +0200</pubDate><dcterms:modified>2025-02-13T11:00:00+00:00</dcterms:modified>
<category><![CDATA[Race & Politics]]></category><category>News</category></item>
<item><title>By guid</title><guid>https://paper.example/two</guid><dc:language>ru</dc:language></item>
<item><title>By no address</title><guid isPermaLink="false">https://paper.example/?p=3</guid></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://paper.example/blog/"><title>F</title>
<entry><title type="html">A &amp;amp; B</title><link rel="edit" href="/edit"/><link href="one.html"/><id>tag:x</id>
<published>2025-02-13T10:00:00Z</published><updated>2025-02-13T12:30:00+02:00</updated>
<category term="politics" label="Politics"/></entry>
<entry xml:lang="uk"><title>C</title><id>https://paper.example/two</id></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://paper.example/"><dc:language>en</dc:language>
</channel><item rdf:about="https://paper.example/1"><title>One</title><link>https://paper.example/1</link>
<dc:date>2025-02-13T10:00+02:00</dc:date><dc:subject>World</dc:subject></item></rdf:RDF>"""


def test_an_rss_item_with_every_fact() -> None:
    found = read_feed(RSS.encode(), URL)
    first, second = found.leads
    assert first.url == "https://paper.example/2025/02/13/one/"
    assert (first.source, first.source_kind, first.is_source) == (URL, "feed", False)
    assert first.headline == "One ‘two’ <three>"
    assert first.published_at == datetime(2025, 2, 13, 10, 23, tzinfo=UTC)
    assert first.modified_at == datetime(2025, 2, 13, 11, tzinfo=UTC)
    assert (first.section, first.language) == ("Race & Politics", "uk-UA")
    assert (second.url, second.language) == ("https://paper.example/two", "ru")
    assert found.problem == "1 entries without a usable URL"


def test_atom_entries() -> None:
    first, second = read_feed(ATOM.encode(), URL).leads
    assert (first.url, first.headline, first.section) == ("https://paper.example/blog/one.html", "A & B", "Politics")
    assert first.published_at == datetime(2025, 2, 13, 10, tzinfo=UTC)
    assert first.modified_at == datetime(2025, 2, 13, 10, 30, tzinfo=UTC)
    assert (first.language, second.language, second.url) == ("en", "uk", "https://paper.example/two")


def test_rdf_items_stand_beside_their_channel() -> None:
    found = read_feed(RDF.encode(), URL)
    (lead,) = found.leads
    assert (lead.headline, lead.section, lead.language) == ("One", "World", "en")
    assert lead.published_at == datetime(2025, 2, 13, 8, tzinfo=UTC)
    assert found.problem is None


def test_a_declared_charset_is_obeyed_and_a_false_one_seen_through() -> None:
    text = '<?xml version="1.0" encoding="%s"?><rss><channel><item><title>Президент провів зустріч з міністром</title><link>https://p.example/1</link></item></channel></rss>'
    for declared in ("windows-1251", "utf-8"):
        (lead,) = read_feed((text % declared).encode("cp1251"), URL).leads
        assert lead.headline == "Президент провів зустріч з міністром"
    (lead,) = read_feed((text % "utf-16").encode("utf-16"), URL).leads
    assert lead.headline == "Президент провів зустріч з міністром"


@pytest.mark.parametrize(
    ("printed", "url"),
    [
        ("https://p.example/?a=1&b=2", "https://p.example/?a=1&b=2"),
        ("https://p.example/?a=1&copy=2", "https://p.example/?a=1&copy=2"),
        ("<![CDATA[https://p.example/?a=1&b=2]]>", "https://p.example/?a=1&b=2"),
    ],
)
def test_a_bare_ampersand_costs_no_part_of_a_url(printed: str, url: str) -> None:
    broken = f"<rss><channel><item><title>A & B &nbsp;&#x1b;\x1b</title><link>{printed}</link></item></channel></rss>"
    found = read_feed(broken.encode(), URL)
    assert [lead.url for lead in found.leads] == [url]
    assert found.leads[0].headline == "A & B"
    assert found.problem
    assert found.problem.startswith("broken XML")


def test_a_feed_cut_short_gives_its_whole_items_and_says_so() -> None:
    item = "<item><link>https://p.example/news/{}</link></item>"
    closing = len("</item>")
    for items in (1, 10):
        whole = "<rss><channel>" + "".join(item.format(number) for number in range(items))
        for length in range(len(whole) - len(item), len(whole) - closing):
            found = read_feed(whole[:length].encode(), URL)
            assert [lead.url for lead in found.leads] == [f"https://p.example/news/{n}" for n in range(items - 1)]
            assert found.problem


def test_a_page_that_is_no_feed_is_said_to_be_none() -> None:
    assert "'html'" in (read_feed(b"<html><body>Just a moment</body></html>", URL).problem or "")
    assert read_feed(b"", URL).problem
    assert read_feed(b'{"a": 1}', URL).problem
    assert read_feed(b"<rss><channel></channel></rss>", URL).problem is None


def test_an_item_s_own_address_is_never_taken_from_markup_inside_it() -> None:
    found = read_feed(b"<rss><channel><item><link>https://p.example/a<b>c</b></link></item></channel></rss>", URL)
    assert found.leads == ()


@pytest.mark.parametrize("ampersand", ["&amp;", "&"])
def test_a_feed_of_20_mb_is_read_to_its_limit_at_little_cost(ampersand: str) -> None:
    item = f"<item><title>A {ampersand} B, a headline of a usual length</title><link>https://p.example/1</link></item>"
    feed = f"<rss><channel>{item * 240_000}</channel></rss>".encode()
    assert len(feed) > 20 * 2**20
    found = []
    assert yards(lambda: found.append(read_feed(feed, URL))) < 150
    assert len(found[0].leads) == MAX_ITEMS
    assert found[0].problem


@pytest.mark.parametrize(
    "date",
    ["Thu, 13 Feb 2025 10:23:00 GMT", "13 Feb 25 10:23 +0000", "2025-02-13T12:23:00+02:00", "2025-02-13 10:23:00",
     "Thursday, 13-Feb-2025 10:23:00 UTC", "2025-02-13T10:23:00.000Z", " 20250213T102300Z\n"],
)  # fmt: skip
def test_dates_are_read_in_the_forms_feeds_use(date: str) -> None:
    feed = f"<rss><channel><item><link>/1</link><pubDate>{date}</pubDate></item></channel></rss>"
    assert read_feed(feed.encode(), URL).leads[0].published_at == datetime(2025, 2, 13, 10, 23, tzinfo=UTC)


@pytest.mark.parametrize("date", ["", "yesterday", "0000-00-00 00:00:00", "Thu, 31 Feb 2025 10:00:00 GMT", "9" * 90,
                                  "9999-12-31T23:59:59Z", "0001-01-01", "Fri, 31 Dec 9999 23:59:59 -1200"])  # fmt: skip
def test_a_date_that_is_none_gives_none(date: str) -> None:
    feed = f"<rss><channel><item><link>/1</link><pubDate>{date}</pubDate></item></channel></rss>"
    assert read_feed(feed.encode(), URL).leads[0].published_at is None

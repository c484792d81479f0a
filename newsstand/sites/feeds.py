"""RSS and sitemaps: the sources' XML, as the outlets' systems write it."""

import gzip
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from attrs import frozen

from newsstand.messages import Response
from newsstand.story import Published

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


@frozen(kw_only=True)
class Channel:
    """A feed's own facts."""

    title: str
    link: str
    address: str
    language: str


def rss(channel: Channel, items: Sequence[str], modified_at: datetime | None) -> Response:
    """An RSS 2.0 feed of items that are XML already."""
    built = f"<lastBuildDate>{format_datetime(modified_at)}</lastBuildDate>" if modified_at else ""
    body = f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
	xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:dc="http://purl.org/dc/elements/1.1/"
	xmlns:atom="http://www.w3.org/2005/Atom"
	xmlns:dcterms="http://purl.org/dc/terms/"
>
<channel>
	<title>{escape(channel.title)}</title>
	<atom:link href="{escape(channel.address)}" rel="self" type="application/rss+xml" />
	<link>{escape(channel.link)}</link>
	<description></description>
	{built}
	<language>{channel.language}</language>
{"".join(items)}</channel>
</rss>
"""
    return Response(
        content_type="application/rss+xml; charset=UTF-8", body=body.encode(), tagged=True, modified_at=modified_at
    )


def item(article: Published, published: str, *more: str) -> str:
    """One RSS item; `published` is its pubDate, `more` further elements."""
    lines = [
        f"<title>{escape(article.draft.headline)}</title>",
        f"<link>{escape(article.url)}</link>",
        f"<pubDate>{published}</pubDate>",
        *more,
    ]
    return "\t<item>\n" + "".join(f"\t\t{line}\n" for line in lines if line) + "\t</item>\n"


def cdata(tag: str, text: str) -> str:
    """An element whose text is in a CDATA section."""
    return f"<{tag}><![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]></{tag}>"


def urlset(entries: Iterable[str], modified_at: datetime | None = None, gz: bool | None = None) -> Response:
    """A sitemap of `url` elements; `gz` True: gzip, False: plain XML under a gzip file's name and type."""
    names = 'xmlns:xhtml="http://www.w3.org/1999/xhtml" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{SITEMAP}" {names}>\n{"".join(entries)}</urlset>\n'
    if gz is None:
        return Response(content_type="application/xml", body=body.encode(), tagged=True, modified_at=modified_at)
    coded = gzip.compress(body.encode(), 6, mtime=0) if gz else body.encode()
    return Response(content_type="application/x-gzip", body=coded, tagged=True, modified_at=modified_at)


def url_entry(article: Published, changed: datetime, alternates: bool = False) -> str:
    """One `url` element; `alternates`: with the article's other language editions."""
    links = "".join(
        f'        <xhtml:link rel="alternate" hreflang="{language}" href="{escape(url)}"/>\n'
        for language, url in (article.editions if alternates else ())
    )
    return (
        f"    <url>\n        <loc>{escape(article.url)}</loc>\n"
        f"        <lastmod>{changed.isoformat()}</lastmod>\n{links}    </url>\n"
    )


def news_entry(article: Published, outlet: str, published: datetime) -> str:
    """One `url` element of a news sitemap."""
    return (
        f"    <url>\n        <loc>{escape(article.url)}</loc>\n        <news:news>\n"
        f"            <news:publication><news:name>{escape(outlet)}</news:name>"
        f"<news:language>{article.draft.language}</news:language></news:publication>\n"
        f"            <news:publication_date>{published.isoformat()}</news:publication_date>\n"
        f"            <news:title>{escape(article.draft.headline)}</news:title>\n"
        f"            <news:keywords>{escape(', '.join(article.draft.tags))}</news:keywords>\n"
        "        </news:news>\n    </url>\n"
    )


def sitemap_index(children: Iterable[tuple[str, datetime | None]]) -> Response:
    """A sitemap index: (address, when changed)."""
    rows = "".join(
        f"    <sitemap>\n        <loc>{escape(address)}</loc>\n"
        + (f"        <lastmod>{changed.isoformat()}</lastmod>\n" if changed else "")
        + "    </sitemap>\n"
        for address, changed in children
    )
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="{SITEMAP}">\n{rows}</sitemapindex>\n'
    return Response(content_type="application/xml", body=body.encode(), tagged=True)

"""The entries of a live blog with their times: from the page's statement, else from the markup of known layouts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.article import LiveEntry
from pipelines.dates import read_clock, read_time
from pipelines.errors import UnreadableDate
from pipelines.extraction.blocks import read_blocks
from pipelines.extraction.document import Document, text_of
from pipelines.extraction.features import folded
from pipelines.extraction.known import outermost
from pipelines.extraction.structured import as_text

ENTRIES = ("[itemprop=liveBlogUpdate]", ".live-blog-entry", ".liveblog-entry", ".live-blog__entry", ".lb-post")
"""Schema.org's microdata, Automattic's Liveblog, Live Blog Pro, and the names that newsrooms' own layouts use."""
_TIMES = ("[itemprop=datePublished]", "time", "[class*='time']")
_HEADINGS = "h2, h3, h4, [itemprop=headline]"
_MOST_ENTRIES = 1_000


def live_entries(
    document: Document, scope: LexborHTMLParser | LexborNode, selectors: tuple[str, ...], published_at: datetime | None
) -> tuple[LiveEntry, ...]:
    """The entries in page order; empty where the page is no live blog. `selectors`: how rules call an entry."""
    zone = document.outlet.zone
    stated = [_stated(update, zone) for update in document.structured.updates[:_MOST_ENTRIES]]
    if any(stated):
        return tuple(entry for entry in stated if entry)
    if scope.css_first(", ".join(selectors or ENTRIES)) is None:
        return ()
    for selector in selectors or ENTRIES:
        found = [_shown(node, zone, published_at) for node in outermost(scope.css(selector))[:_MOST_ENTRIES]]
        if any(found):
            return tuple(entry for entry in found if entry)
    return ()


def _stated(update: dict[str, Any], zone: ZoneInfo) -> LiveEntry | None:
    text = as_text(update.get("articleBody") or update.get("text")) or ""
    headline = as_text(update.get("headline") or update.get("name"))
    written = as_text(update.get("datePublished")) or ""
    return LiveEntry(at=_read(written, zone, None), headline=headline, text=text) if text or headline else None


def _shown(node: LexborNode, zone: ZoneInfo, published_at: datetime | None) -> LiveEntry | None:
    heading = node.css_first(_HEADINGS)
    headline = text_of(heading) if heading else None
    times = list(_written_times(node))
    at = next((read for read in (_read(each, zone, published_at) for each in times) if read), None)
    left_out = {folded(headline or ""), *map(folded, times)}
    lines = [" ".join(block.text.split()) for block in read_blocks(node)]
    text = "\n\n".join(line for line in lines if folded(line) not in left_out)
    return LiveEntry(at=at, headline=headline, text=text) if text or headline else None


def _written_times(node: LexborNode) -> Iterator[str]:
    for selector in _TIMES:
        for found in node.css(selector)[:2]:
            values = (found.attributes.get("datetime"), found.attributes.get("content"), text_of(found))
            yield from (value for value in values if value)


def _read(written: str, zone: ZoneInfo, published_at: datetime | None) -> datetime | None:
    """An entry's instant; a time of day alone is the next one after the blog began."""
    try:
        return read_time(written, zone, published_at).at
    except UnreadableDate:
        return read_clock(written, zone, published_at) if published_at else None

"""Reads listing pages (HTML) into leads by the outlet's selectors: rows, their links and times, the next page."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from attrs import Attribute, field, frozen
from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HTMLParser, document_fromstring

from crawler.discovery.dates import instant, printed_instant
from crawler.discovery.found import Found, address, line, problems, unusable
from pipelines.capture import Lead
from pipelines.errors import BadRules
from pipelines.extraction.decoding import decode

MAX_PAGE_BYTES = 8 * 2**20
"""The longest listing seen is 400 KB."""
MAX_ROWS = 2_000
"""A day archive of the busiest outlet known has 350 rows."""


def _css(_: Any, attribute: "Attribute[Any]", value: Any) -> None:
    if value is not None:
        _compiled(value, attribute.name)


def _compiled(selector: str, name: str) -> Callable[[Any], list[Any]]:
    try:
        return CSSSelector(selector, translator="html")  # type: ignore[no-any-return]
    except SelectorError as error:
        raise BadRules(f"listing: {name} = {selector!r} is no CSS selector: {error}") from error


@frozen(kw_only=True)
class Listing:
    """Where a listing page keeps what it names. Raises BadRules on a selector that does not parse."""

    row: str = field(validator=_css)
    """CSS of one article's row; it may be the link itself."""
    link: str = field(default="a[href]", validator=_css)
    """CSS of the link, from the row down; its text is the headline."""
    time: str | None = field(default=None, validator=_css)
    """CSS of the printed time, from the row down; several elements are read as one text."""
    section: str | None = field(default=None, validator=_css)
    next_page: str | None = field(default=None, validator=_css)
    """CSS of the link to the next page."""
    zone: ZoneInfo = field(factory=lambda: ZoneInfo("UTC"))
    """The outlet's zone, in which times are printed."""


def read_listing(
    body: bytes, url: str, listing: Listing, day: date | None = None, content_type: str | None = None
) -> Found:
    """The articles a page lists, and its next page as a source; never raises.

    `day` is the day of an archive page, for rows that print the time alone. Links to other hosts are leads too: the
    outlet's article rule sorts them.
    """
    cut = f"more than {MAX_PAGE_BYTES >> 20} MiB: the rest was left" if len(body) > MAX_PAGE_BYTES else None
    page = _tree(decode(body[:MAX_PAGE_BYTES], content_type).text)
    if page is None:
        return Found(problem=problems(cut, "not a listing: no HTML"))
    rows = _compiled(listing.row, "row")(page)
    over = f"more than {MAX_ROWS} rows: the rest was left" if len(rows) > MAX_ROWS else None
    read = [_lead(row, url, listing, day) for row in rows[:MAX_ROWS]]
    leads = [lead for lead in read if lead]
    following = _next(page, url, listing)
    empty = None if rows else f"no row matched {listing.row!r}: the layout may have changed"
    return Found(leads=(*leads, *following), problem=problems(cut, over, empty, unusable(len(read) - len(leads))))


def _tree(text: str) -> Any:
    try:
        return document_fromstring(text.encode(), parser=HTMLParser(encoding="utf-8", huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _lead(row: Any, source: str, listing: Listing, day: date | None) -> Lead | None:
    links = _compiled(listing.link, "link")(row)
    url = address(links[0].get("href"), source) if links else None
    if url is None:
        return None
    sections = _compiled(listing.section, "section")(row) if listing.section else []
    return Lead(
        url=url,
        source=source,
        source_kind="listing",
        headline=line(links[0].text_content()) or line(links[0].get("title")),
        published_at=_printed_at(row, listing, day),
        section=next((line(section.text_content()) for section in sections), None),
    )


def _printed_at(row: Any, listing: Listing, day: date | None) -> datetime | None:
    if listing.time is None:
        return None
    elements = _compiled(listing.time, "time")(row)
    stated = next((found for element in elements if (found := instant(element.get("datetime")))), None)
    return stated or printed_instant(
        " ".join(text for element in elements for text in element.itertext()), listing.zone, day
    )


def _next(page: Any, url: str, listing: Listing) -> list[Lead]:
    links = _compiled(listing.next_page, "next_page")(page) if listing.next_page else []
    found = next((found for link in links if (found := address(link.get("href"), url))), None)
    if found is None or found == address(url, url):
        return []
    return [Lead(url=found, source=url, source_kind="listing", is_source=True)]

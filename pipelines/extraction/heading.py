"""What stands about a page's headline: the author's link and the time as readers see it, where no class names them."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from selectolax.lexbor import LexborNode

from pipelines.dates import read_time
from pipelines.errors import UnreadableDate
from pipelines.extraction.document import NAMED, Document, text_of
from pipelines.extraction.features import folded

_PROFILE = re.compile(
    r"[^?#]*/(?:authors?|autor(?:en|es|i)?|auteurs?|person|people|team|reporters?)/[^/?#]+", re.IGNORECASE
)
_STEPS_UP = 4
"""From the headline to the element that holds its byline as well; the next one up holds the page."""
_NEAR = 8
"""Blocks above or below the headline."""
_LONGEST_TIME = 90
_MOST_PLACES = 5
"""A headline also stands in lists of what is new."""
_UPDATED = re.compile(
    r"\W*\b(?:last )?(?:updated|modified|actualizado|aktualisiert|оновлено|обновлено)\b.*", re.IGNORECASE
)
_DAY_APART = timedelta(hours=36)
"""A printed day and an instant that may be written in different zones."""


def author_links(document: Document) -> list[str]:
    """The texts of links to a person's page that stand with the headline."""
    return [name for name in (text_of(link) for link in _profiles(document)) if name]


def _profiles(document: Document) -> Iterator[LexborNode]:
    above = document.tree.css_first("h1")
    for _ in range(_STEPS_UP):
        if above is None or above.parent is None or above.parent.tag in ("body", "main", "html"):
            return
        above = above.parent
        found = [link for link in above.css("a[href]") if _PROFILE.match(link.attributes.get("href") or "")]
        if found:
            yield from found
            return


def printed_time(document: Document, headline: str | None, at: datetime) -> str | None:
    """The line about the headline that names the day of `at`; None where none does."""
    lines = [" ".join(block.text.split()) for block in document.blocks]
    key = folded(headline or "")
    places = [i for i, line in enumerate(lines) if key and folded(line) == key]
    near = (i for place in places[:_MOST_PLACES] for i in (*range(place + 1, place + _NEAR), place - 1, place - 2))
    for index in near:
        line = _UPDATED.sub("", lines[index]) if 0 <= index < len(lines) else ""
        if line and len(line) <= _LONGEST_TIME and _names_day(line, document, at):
            return line
    return None


def _names_day(line: str, document: Document, at: datetime) -> bool:
    zone = document.outlet.zone
    if not any(c.isdigit() for c in line):
        return False
    try:
        read = read_time(line, zone, at, month_first=zone.key.startswith("America/"))
    except UnreadableDate:
        return False
    return abs(read.at - at) < _DAY_APART


NAMED["author_links"] = author_links

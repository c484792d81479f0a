"""What a seed file carries of an article, and how text is put on one line."""

import re
import unicodedata
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from attrs import frozen

from pipelines.article import Article, Block, Origin

_WHITE = re.compile(r"[^\S\u00a0\u2007\u202f]+")
"""White space but for the no-break spaces."""
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")


@frozen(kw_only=True)
class Record:
    """The fields that a style carries; one it does not carry, or the page did not state, is None or empty.

    Each style module says in `carried` what becomes of an article's fields; reading what was written gives just that.
    """

    outlet_name: str | None = None
    day: date | None = None
    """The publication day in the outlet's zone."""
    published_at: datetime | None = None
    """Aware, to the minute (`clean`) or the second (`hugo`); None where the style states a day alone."""
    section: str | None = None
    authors: tuple[str, ...] = ()
    headline: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    origin: Origin | None = None
    """Where the last link leads (`hugo`): the origin of a copy, else the article itself."""
    text: str | None = None
    """The whole page's text (`page`)."""


def line(text: str | None) -> str:
    """The text on one line: every run of white space one space, control characters gone, NFC."""
    return unicodedata.normalize("NFC", " ".join(printable(text or "").split()))


def printable(text: str) -> str:
    """The text without control characters (white space is kept) and lone surrogates, which no file can hold."""
    return _CONTROLS.sub("", text)


def published_day(published_at: datetime | None, zone: str, *, is_day: bool = False) -> date | None:
    """The publication day in the outlet's zone; a day stated without a time is that day in any zone."""
    if published_at is None:
        return None
    return published_at.date() if is_day else published_at.astimezone(ZoneInfo(zone)).date()


def article_day(article: Article) -> date | None:
    """The article's publication day in its outlet's zone."""
    return published_day(article.published_at, article.zone, is_day=article.published_is_day)


def one_line(block: Block) -> Block:
    """The block on one line for Markdown: no-break spaces stay, other runs of white space are one space.

    Links keep their places; one without text or without a target goes.
    """
    edges = sorted({0, len(block.text), *(edge for start, end, _ in block.links for edge in (start, end))})
    out = ""
    moved = {0: 0}
    for start, end in pairwise(edges):
        piece = _WHITE.sub(" ", printable(block.text[start:end]))
        if not out:
            piece = piece.lstrip()
        out += piece.removeprefix(" ") if out.endswith(" ") else piece
        moved[end] = len(out)
    text = out.rstrip()
    links = ((min(moved[a], len(text)), min(moved[b], len(text)), url) for a, b, url in block.links)
    return Block(kind=block.kind, text=text, links=tuple((a, b, url) for a, b, url in links if a < b and url))

"""The truth of the local world: what was written, by whom and when; the layouts dress it, the tests compare with it."""

from datetime import datetime
from typing import Literal

from attrs import frozen

Language = Literal["uk", "ru", "en"]
PartKind = Literal["paragraph", "heading", "item", "quote"]


@frozen(kw_only=True)
class Part:
    """One block of a told story, its inline links by place."""

    kind: PartKind
    text: str
    links: tuple[tuple[int, int, str], ...] = ()


@frozen(kw_only=True)
class Picture:
    """A picture with its caption and credit line."""

    path: str
    caption: str
    credit: str
    alt: str


@frozen(kw_only=True)
class Person:
    """A reporter, named in each language."""

    name: dict[Language, str]


@frozen(kw_only=True)
class Draft:
    """One event as one newsroom tells it in one language, not yet given a URL or a layout."""

    event: int
    """Number of the event: tellings of one event share it."""
    language: Language
    headline: str
    standfirst: str
    parts: tuple[Part, ...]
    """The body after the standfirst."""
    section: str
    """One of the generator's section keys: politics, war, economy, society, sport, culture, science, world."""
    tags: tuple[str, ...]
    authors: tuple[str, ...]
    picture: Picture
    people: tuple[str, ...] = ()
    """Full names of those who act in it, as its language writes them; not every one need be named in the text."""
    quotations: tuple[str, ...] = ()
    """What is quoted, word for word, without marks or the final full stop."""
    headlines: tuple[str, ...] = ()
    """Headlines that the same newsroom could have chosen instead."""


@frozen(kw_only=True)
class LiveEntry:
    """One entry of a live blog."""

    at: datetime
    headline: str
    parts: tuple[Part, ...]


@frozen(kw_only=True)
class Published:
    """A draft as an outlet published it: the truth of one article URL at one instant."""

    outlet: str
    number: int
    """The outlet's own article id."""
    url: str
    draft: Draft
    published_at: datetime
    dated: bool = True
    """False where the page states no date: then only the outlet's sources do."""
    modified_at: datetime | None = None
    section: str | None = None
    """As the outlet prints it; None: not printed."""
    authors: tuple[str, ...] = ()
    """As the outlet prints them."""
    era: str = ""
    """Which layout the page wears."""
    editions: tuple[tuple[Language, str], ...] = ()
    """(language, URL) of the same article's other editions."""
    standfirst_apart: bool = False
    """True where the page sets the draft's standfirst apart; else it is the body's first paragraph."""
    note: str | None = None
    """What the page says below its text of a change: an update or a correction, in the article's language."""
    entries: tuple[LiveEntry, ...] = ()
    """Where the article is a live blog: its entries, newest first, which stand for the draft's parts."""
    origin_name: str | None = None
    origin_url: str | None = None
    """Where a copy came from."""


@frozen(kw_only=True)
class Pinned:
    """A page that is served as it is given, never dressed by a layout; its outlet's sources name it like any other."""

    published: Published
    html: bytes
    beside: tuple[tuple[str, str, bytes], ...] = ()
    """(URL, content type, bytes) of what lies beside the page, such as its Markdown source."""

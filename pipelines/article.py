"""The article and its parts: what extraction gives, what text, catalogue and corpus are made of."""

from datetime import datetime
from typing import Literal

from attrs import field, frozen

BlockKind = Literal["paragraph", "heading", "item", "quote"]
ChangeKind = Literal["update", "correction"]
Verdict = Literal["rules", "generic"]


@frozen(kw_only=True)
class Block:
    """One block of the body, its inline links kept by place.

    White space as the page has it after HTML collapsing (no-break spaces stay); styles normalise it.
    """

    kind: BlockKind
    text: str
    links: tuple[tuple[int, int, str], ...] = ()
    """(start, end, absolute URL): `text[start:end]` is the link's text; in order, never overlapping."""


@frozen(kw_only=True)
class Image:
    """An image of the article."""

    url: str
    caption: str | None = None
    credit: str | None = None


@frozen(kw_only=True)
class Origin:
    """Where a copied story came from, as far as the page says: at least one of the two is known."""

    name: str | None = None
    url: str | None = None


@frozen(kw_only=True)
class ChangeNote:
    """What an article says of a change of its own, such as `Correction: …`."""

    kind: ChangeKind
    text: str
    at: datetime | None = None
    """When the change was made, where the note names a time of day."""


@frozen(kw_only=True)
class LiveEntry:
    """One entry of a live blog."""

    at: datetime | None
    headline: str | None = None
    text: str = ""
    """A blank line between its blocks, where the page shows them; the entry's text stands in the body too."""


@frozen(kw_only=True)
class Stripped:
    """A line of the strip ledger: what was removed, by which rule, how many characters."""

    rule: str
    chars: int
    text: str = field(default="", repr=False)
    """The removed text, for `--explain`; not stored."""


@frozen(kw_only=True)
class Article:
    """One version of an article, as read from one page.

    `None` (or an empty tuple) means the page does not state it.
    """

    id: str
    """The first 16 hex digits of the SHA-256 of the identity URL."""
    url: str
    """The normalised URL it was captured at."""
    canonical_url: str | None
    """What the page declares, absolute; a foreign one is evidence for `syndicated_from`."""
    outlet: str
    """Slug, or the host where the outlet is not known."""
    outlet_name: str
    """As printed, or the host where the page and the rules name none."""
    zone: str = "UTC"
    """The outlet's IANA time zone: `clean` prints local times and folders are local days."""
    headline: str | None
    standfirst: str | None = None
    byline_raw: str | None = None
    authors: tuple[str, ...] = ()
    """People alone, as printed."""
    organisations: tuple[str, ...] = ()
    """Agencies and other outlets that are credited; of an outlet without rules, whoever signs where no person does."""
    published_at: datetime | None = None
    """Aware, with the page's own (or the outlet's) offset."""
    modified_at: datetime | None = None
    published_raw: str | None = None
    published_is_day: bool = False
    """True where the page states a day without a time."""
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    alternates: tuple[tuple[str, str], ...] = ()
    blocks: tuple[Block, ...] = ()
    """The body: the standfirst first where the page shows one; never the headline or the byline."""
    images: tuple[Image, ...] = ()
    outlet_article_id: str | None = None
    """The number or name that the outlet itself knows the article by."""
    notes: tuple[ChangeNote, ...] = ()
    """Update and correction notes; those that are paragraphs of the body stay in it."""
    live_entries: tuple[LiveEntry, ...] = ()
    paywalled: bool | None = None
    syndicated_from: Origin | None = None
    verdict: Verdict
    reason: str | None = None
    """A mark on the verdict, such as `layout-changed`."""
    rules_version: str | None = None
    extractor: str
    """Name and version of what read the page, such as `pressmark 0.1.0, trafilatura 2.3.1`."""
    agreement: float | None = None
    """0 to 1: how far the witnesses agree on the body; None where there was one witness only."""
    stripped: tuple[Stripped, ...] = ()
    picked: tuple[tuple[str, str], ...] = ()
    """(field, candidate that gave it), such as ("headline", "json-ld")."""


@frozen(kw_only=True)
class Rejection:
    """A page that holds no article, and why: an expected failure is a value, and is counted."""

    reason: str
    """One word or two with a hyphen: `not-html`, `empty-body`, `paywall`, `challenge`, `http-404`, …"""
    detail: str = ""

"""What crossed the wire (Exchange), what the archive holds of it (Capture), and what reading needs (Page).

The wire recorder makes exchanges, the WARC package turns them into captures and back; touches no disk itself.
"""

from datetime import datetime
from typing import Literal

from attrs import evolve, field, frozen

Ended = Literal["complete", "length", "time", "disconnect"]
Role = Literal["article", "post", "feed", "sitemap", "listing", "rest", "robots", "requisite", "other"]


"""`post`: an article as its outlet's WordPress REST API gives it, asked where its page is behind a bot wall."""


@frozen(kw_only=True)
class Lead:
    """A discovered URL with what its source said of it.

    A source's date schedules a fetch and is provenance; it never becomes the article's date.
    """

    url: str
    source: str | None = None
    """URL of the feed, sitemap, listing or API answer that named it; None for a URL given by hand."""
    source_kind: str | None = None
    """`feed`, `sitemap`, `listing`, `rest` or `given`; `look` for a further look at an article that is held."""
    headline: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    section: str | None = None
    language: str | None = None
    alternates: tuple[tuple[str, str], ...] = ()
    """(language, URL) of the same article's other language editions."""
    is_source: bool = False
    """True where the URL is itself a source: a sitemap's child, a listing's next page."""


@frozen(kw_only=True)
class Exchange:
    """One HTTP exchange at one instant, byte for byte as it crossed the wire.

    1xx answers and bytes of other answers are left out of `response`; `ended` says why reading stopped.
    """

    url: str
    method: str
    started_at: datetime
    role: Role
    request: bytes
    """Request line, headers and body as sent (without Proxy-Authorization); b"" where nobody recorded it."""
    response: bytes = field(repr=False)
    """Status line, headers and body as received, transfer coding and all."""
    ended: Ended = "complete"
    ip_address: str | None = None
    """The server's address; None through a proxy, where no name is resolved here."""
    protocols: tuple[str, ...] = ()
    """WARC-Protocol values, such as `http/1.1` and `tls/1.3`."""
    cipher: str | None = None
    lead: Lead | None = None
    hops: int = 0
    """Redirects followed since the lead."""
    revalidates: "Held | None" = None
    """The capture whose validators the request carried: a 304 says that it still holds."""
    repeats: "Held | None" = None
    """The capture whose payload somebody else's record says that it has; `response` is then the head alone."""
    provenance: tuple[tuple[str, str], ...] = ()
    """Of an exchange that somebody else recorded: names and values that say where it was found."""


@frozen(kw_only=True)
class CaptureRef:
    """Where a capture lies, and by what it is known."""

    warc_file: str
    """Relative to the archive folder, with `/`; the name it has once closed."""
    warc_offset: int
    """Byte offset of the response (or revisit) record's gzip member."""
    record_id: str
    payload_digest: str
    """`sha256:<base32>` over the body with the transfer coding removed."""


@frozen(kw_only=True)
class Page:
    """What reading an article needs of a capture: bytes, and what came with them."""

    url: str
    body: bytes = field(repr=False)
    """Content coding removed; no charset decoding done."""
    content_type: str | None = None
    """The Content-Type header as sent."""
    captured_at: datetime | None = None
    """Aware, UTC. None: unknown, so the newest rules are tried first."""
    status: int = 200


@frozen(kw_only=True)
class Capture:
    """One HTTP exchange as the archive holds it."""

    ref: CaptureRef
    outlet: str
    """Slug of the outlet in whose WARC file it lies."""
    role: Role
    url: str
    captured_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    """Name and value in wire order, repeats included, Latin-1 decoded."""
    payload: bytes = field(repr=False)
    """The body with the transfer coding removed, the content coding still on."""
    ended: Ended = "complete"
    revisit: bool = False
    """True where the payload was held already: `payload` is then the original's."""
    lead: Lead | None = None

    def header(self, name: str) -> str | None:
        """The first value of a header, by name in any case."""
        lowered = name.lower()
        return next((value for key, value in self.headers if key.lower() == lowered), None)


def confirmed(answer: Capture, held: Capture) -> Capture:
    """A revisit with the payload that is held; a 304 also with the headers that tell its coding (RFC 9111 §4.3.4)."""
    if answer.status != 304:
        return evolve(answer, payload=held.payload)
    stated = {name.lower() for name, _ in answer.headers}
    rest = tuple(
        pair for pair in held.headers if pair[0].lower().startswith("content-") and pair[0].lower() not in stated
    )
    return evolve(answer, payload=held.payload, headers=answer.headers + rest)


@frozen(kw_only=True)
class Note:
    """What left no exchange, or what became of a page: stored as a WARC metadata record with its reason."""

    url: str
    noted_at: datetime
    reason: str
    """`dns`, `refused`, `guard`, `robots`, `time`, `tls`, `proxy`, `disconnect`, `not-http`, `failed`, or a
    Rejection's reason."""
    detail: str = ""
    role: Role = "other"
    lead: Lead | None = None


@frozen(kw_only=True)
class Held:
    """An earlier capture with the same payload: what a revisit record refers to."""

    url: str
    captured_at: datetime
    ref: CaptureRef

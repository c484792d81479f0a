"""What a reader of sources gives, and how it cleans an address and a line of text on the way."""

import html
import unicodedata
from urllib.parse import urljoin

from attrs import frozen

from pipelines.capture import Lead
from pipelines.urls import normalised_url

MAX_URL_CHARS = 2_048
"""The sitemap protocol's limit for a `loc`; kept for every source."""
MAX_LINE_CHARS = 1_000
"""Headlines run to 300 characters; a longer one is a broken or hostile source and is cut."""


@frozen(kw_only=True)
class Found:
    """The leads a source named, in its order, repeats included."""

    leads: tuple[Lead, ...] = ()
    problem: str | None = None
    """What kept the source from being read whole, for the operator; None: it was read whole.

    The leads stand even so: what came before (and, where it could be mended, after) the break.
    """


def address(link: str | None, base: str) -> str | None:
    """The normalised absolute URL of a link as printed, or None where it is no usable http(s) URL."""
    link = (link or "").strip()
    if not link or len(link) > MAX_URL_CHARS:
        return None
    try:
        url = normalised_url(link if link.startswith(("http://", "https://")) else urljoin(base, link))
    except ValueError:
        return None
    usable = url.isascii() and url.isprintable() and " " not in url  # a host is all that can still break it
    return url if usable and len(url) <= MAX_URL_CHARS else None


def line(text: str | None) -> str | None:
    """A headline or a section on one line: entities decoded, control characters gone; None where nothing is left.

    Feeds escape twice as often as once, so one more level of entities is undone.
    """
    if not text:
        return None
    spaced = " ".join(html.unescape(text[: 4 * MAX_LINE_CHARS]).split())
    printable = "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cs"))
    return printable[:MAX_LINE_CHARS].strip() or None


def problems(*parts: str | None) -> str | None:
    """What went wrong, joined; None where nothing did."""
    return "; ".join(part for part in parts if part) or None


def unusable(count: int) -> str | None:
    """Says how many entries named no usable URL: a source that lies must show in the outlet's health."""
    return f"{count} entries without a usable URL" if count else None

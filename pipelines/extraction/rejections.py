"""Pages that hold no article, told apart; every one has a reason that is counted."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from pipelines.article import Rejection
from pipelines.capture import Page
from pipelines.extraction.blocks import RawBlock, absolute
from pipelines.extraction.document import Document
from pipelines.rules import Era

_TAGLESS = ("text/plain", "markdown")
_HTML_TYPES = ("html", "xml", "octet-stream", *_TAGLESS)
_BINARY = (
    b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"PK\x03\x04", b"RIFF", b"\x1f\x8b", b"OTTO", b"wOF", b"SQLite"
)  # fmt: skip
_NOT_PAGES = re.compile(
    rb"^\s*(?:\{|\[\s*[\{\[\"]|<\?xml[^>]*>\s*<(?!!DOCTYPE|html|!--)|<(?:rss|feed|urlset|sitemapindex)\b)", re.I
)
_TAG = re.compile(rb"<\0?[a-zA-Z!/?]")
_START = 4096
_NOISE = re.compile(rb"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_MUCH_NOISE = 0.03
"""Share of a start's bytes that stand in no text: chance alone gives three times that."""
_CHALLENGE = re.compile(
    r"just a moment\b|attention required|access denied|access to this page has been denied|"
    r"are you (?:a )?(?:human|robot)|verify(?:ing)? (?:that )?you are (?:a )?human|checking your browser|"
    r"robot check|security check|pardon our interruption|unusual traffic|"
    r"please enable (?:js|javascript|cookies) and|ddos protection|human verification",
    re.I,
)
_CHALLENGE_MARKS = (
    "#challenge-form, #cf-challenge-running, #px-captcha, .px-captcha-container, #challenge-running, .cf-turnstile, "
    "[src*='captcha-delivery'], [src*='/cdn-cgi/challenge-platform'], [src*='perimeterx'][src*='captcha']"
)
_CONSENT = re.compile(
    r"before you continue|we (?:and our partners )?(?:use|value|care about|store).{0,60}(?:cookies|privacy)|"
    r"accept (?:all )?cookies|consent|einwilligung|datenschutz|згод|соглас",
    re.I,
)
PAYWALL = re.compile(
    r"subscribe to (?:continue|read)|to continue reading|already a subscriber|subscribers? only|for subscribers|"
    r"create a free account|sign in to read|передплат|подписк",
    re.I,
)
_NOT_FOUND = re.compile(r"\b404\b|not found|doesn.t exist|no longer available|не знайдено|не найдена?", re.I)
_MOSTLY = 0.5
_SCANT = 200
_SMALL_PAGE = 100_000
"""Characters of HTML: no page of a bot wall has more, and reading a larger one for its length would cost."""
_SURE_PAGE = 3_000
"""Characters in the elements that hold words, hidden ones among them: surely no short page."""
_SHORT_PAGE = 1_500
"""Characters: challenge and consent pages are shorter, articles under a wall's teaser too."""


def rejected_unread(page: Page) -> Rejection | None:
    """Why a page is not even read: its status, or that it is no text."""
    if page.status >= 400:
        blocked = page.status in (401, 403, 429, 503) and _is_challenge_bytes(page.body)
        return (
            Rejection(reason="challenge", detail=f"status {page.status}")
            if blocked
            else Rejection(reason=f"http-{page.status}")
        )
    if 300 <= page.status < 400:
        return Rejection(reason=f"http-{page.status}")
    if not page.body.strip():
        return Rejection(reason="empty-body", detail="no bytes")
    kind = (page.content_type or "").partition(";")[0].strip().lower()
    if kind and not any(k in kind for k in _HTML_TYPES):
        return Rejection(reason="not-html", detail=kind)
    start = page.body[:500].lstrip(b"\xef\xbb\xbf")
    if start.startswith(_BINARY) or (_NOT_PAGES.match(start) and "html" not in kind):
        return Rejection(reason="not-html", detail=kind or "by its first bytes")
    start = page.body[:_START]
    # UTF-16 has such bytes too, and where it has no mark far more zeros than chance gives.
    if start.startswith(_UTF_16) or start.count(0) > _MUCH_NOISE * len(start):
        return None
    if len(_NOISE.findall(start)) > _MUCH_NOISE * len(start):
        return Rejection(reason="not-html", detail="noise")
    return None


def rejected_page(document: Document) -> Rejection | None:
    """Why a page that was read is no article page, whatever text it has."""
    if not _TAG.search(document.page.body) and not any(k in (document.page.content_type or "") for k in _TAGLESS):
        return Rejection(reason="not-html", detail="no tag in it")
    short = _is_short(document)
    title = document.tree.css_first("title")
    name = (title.text() if title else "") or ""
    if short and (
        document.tree.css_first(_CHALLENGE_MARKS) is not None or _CHALLENGE.search(f"{name}\n{document.text}")
    ):
        return Rejection(reason="challenge", detail=" ".join(name.split())[:80])
    if document.page.status == 202:
        return Rejection(reason="challenge", detail="status 202")
    if short and _NOT_FOUND.search(name) and not document.structured.article:
        return Rejection(reason="not-found", detail=" ".join(name.split())[:80])
    return None


def _is_short(document: Document) -> bool:
    """True where a page has few words; most have enough in the elements that hold them, which are cheaply read."""
    if len(document.decoded.text) >= _SMALL_PAGE:
        return False
    chars = 0
    for selector in ("p", "div, span, li, a"):
        for node in document.tree.css(selector):
            # Its own words alone: scripts and styles lie in elements of their own.
            chars += len(" ".join(node.text(deep=False).split()))
            if chars > _SURE_PAGE:
                return False
    return len(document.text) < _SHORT_PAGE


def is_front_page(document: Document, blocks: Sequence[RawBlock], layout_is_known: bool) -> bool:
    """True where another address was asked for and a home page came: it calls itself so, and is made of links."""
    structured = document.structured
    canonical = absolute(document.base, structured.canonical or structured.meta.get("og:url") or "")
    asked = urlsplit(document.page.url)
    if canonical is None or urlsplit(canonical).path not in ("", "/") or asked.path in ("", "/"):
        return False
    if structured.article or "article" in structured.meta.get("og:type", ""):
        return False
    chars = sum(len(b.text) for b in blocks)
    return layout_is_known or sum(b.link_chars() for b in blocks) > _MOSTLY * chars


def is_wall(blocks: Sequence[RawBlock]) -> bool:
    """True where the few words that were found are the wall's own."""
    text = "\n".join(b.text for b in blocks[:10])
    return len(text) < _SCANT and bool(PAYWALL.search(text) or _CONSENT.search(text))


def why_empty(document: Document, era: Era | None) -> Rejection:
    """Why no body was found."""
    paywall = era.marks.get("paywall", ()) if era else ()
    free = str(document.structured.article.get("isAccessibleForFree", "")).lower()
    if any(document.tree.css_first(s) for s in paywall) or free == "false" or PAYWALL.search(document.text):
        return Rejection(reason="paywall")
    if len(document.text) < _SHORT_PAGE * 2 and _CONSENT.search(document.text):
        return Rejection(reason="consent")
    return Rejection(reason="empty-body")


def _is_challenge_bytes(body: bytes) -> bool:
    text = body[:20_000].decode("utf-8", "replace")
    return bool(_CHALLENGE.search(text) or "captcha" in text or "challenge-platform" in text)

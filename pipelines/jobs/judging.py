"""What a reading is beside the version that is held: less than an article, or the same by another door; pure."""

from pipelines.article import Article, Rejection
from pipelines.catalogue.record import Latest
from pipelines.extraction.features import folded
from pipelines.extraction.output import body_text
from pipelines.extraction.posts import MARK
from pipelines.extraction.rejections import PAYWALL

LEFT_OF_EMPTIED = 0.1
"""Share of the last version's text below which a page is no edit of it: what stands there is a notice."""
LEFT_OF_WALLED = 0.6
"""The same for a page that now marks itself as paywalled: a teaser runs to a paragraph or three."""

LEFT_OF_METERED = 0.3
"""The same for a page that was marked from the start, and may be shut later; with more left, its words must say so."""


def emptied(article: Article, latest: Latest) -> Rejection | None:
    """Why a page that still reads as an article shows it no more: its text went, or went behind a paywall."""
    text = body_text(article.blocks)
    standing = set(text.split("\n"))
    left = sum(len(line) for line in latest.body.split("\n") if line in standing)
    detail = f"{left} of {len(latest.body)} characters left"
    shorter = len(text) < LEFT_OF_WALLED * len(latest.body)
    shut = shorter and (left < LEFT_OF_METERED * len(latest.body) or _asks_for_money(text, latest.body))
    walled = bool(article.paywalled and (shut or not latest.paywalled))
    # An API that a paywall guards too gives the teaser, and marks it by nothing.
    teaser = article.reason == MARK and shorter
    if (walled or teaser) and left < LEFT_OF_WALLED * len(latest.body):
        return Rejection(reason="paywall", detail=detail)
    # Where the rules find nothing any more, the generic reader finds what stands around the article.
    strayed = article.verdict == "generic" and latest.verdict == "rules" and left < LEFT_OF_EMPTIED * len(latest.body)
    if strayed or len(text) < LEFT_OF_EMPTIED * len(latest.body):
        return Rejection(reason="empty-body", detail=detail)
    return None


def _asks_for_money(text: str, before: str) -> bool:
    """True where a line that was not there before is a paywall's."""
    return any(PAYWALL.search(line) for line in text.split("\n") if line not in before)


def same_by_another_door(article: Article, latest: Latest) -> bool:
    """True where a text differs from the last version's by the door alone that it came through: page or REST API.

    What the API gives is a new version only where it was modified after the last one was captured: a page has
    what its theme adds, and the API's answer may come from a cache.
    """
    if article.reason == MARK and (article.modified_at is None or article.modified_at <= latest.captured_at):
        return True
    if MARK not in (article.reason, latest.reason):
        return False
    bare = None in (article.standfirst, latest.standfirst)
    read = _lines(article.headline, article.standfirst if bare else None, body_text(article.blocks))
    return read == _lines(latest.headline, latest.standfirst if bare else None, latest.body)


def _lines(headline: str | None, standfirst: str | None, body: str) -> list[str]:
    """The words of a text, a block a line, without a standfirst that one of the doors does not show."""
    first, *others = [*filter(None, map(folded, body.split("\n")))] or [""]
    return [folded(headline or ""), *([] if first == folded(standfirst or "") else [first]), *others]

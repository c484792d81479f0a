"""An extraction result as plain JSON values, in the order that the command's users know."""

import unicodedata
from collections import Counter
from typing import Any

from pipelines.article import Article, Block, Rejection, Stripped
from pipelines.capture import Page
from pipelines.urls import article_id, host_of, normalised_url


def name_of(url: str) -> str:
    """The normalised URL; as it is written where it is none (a page saved from elsewhere)."""
    try:
        return normalised_url(url)
    except ValueError:
        return url.strip()


def body_text(blocks: tuple[Block, ...]) -> str:
    """The blocks, each on one line, with a blank line between; list items on consecutive lines."""
    text = ""
    for index, block in enumerate(blocks):
        if index:
            text += "\n" if block.kind == "item" and blocks[index - 1].kind == "item" else "\n\n"
        text += unicodedata.normalize("NFC", " ".join(block.text.split()))
    return text


def as_json(result: Article | Rejection, page: Page) -> dict[str, Any]:
    """A result under the names of docs/commands.md, with null or an empty list where the page states nothing."""
    if isinstance(result, Rejection):
        return _rejected(result, page)
    origin = result.syndicated_from
    return {
        "id": result.id,
        "url": result.url,
        "canonical_url": result.canonical_url,
        "outlet": result.outlet,
        "outlet_name": result.outlet_name,
        "headline": result.headline,
        "standfirst": result.standfirst,
        "byline_raw": result.byline_raw,
        "authors": list(result.authors or _signing(result)),
        "published_at": result.published_at.isoformat() if result.published_at else None,
        "modified_at": result.modified_at.isoformat() if result.modified_at else None,
        "published_raw": result.published_raw,
        "section": result.section,
        "tags": list(result.tags),
        "language": result.language,
        "body": body_text(result.blocks),
        "links": list(dict.fromkeys(url for block in result.blocks for _, _, url in block.links)),
        "images": [{"url": i.url, "caption": i.caption, "credit": i.credit} for i in result.images],
        "organisations": list(result.organisations),
        "outlet_article_id": result.outlet_article_id,
        "alternates": [{"language": language, "url": url} for language, url in result.alternates],
        "notes": [{"kind": n.kind, "text": n.text, "at": n.at.isoformat() if n.at else None} for n in result.notes],
        "live_entries": [
            {"at": e.at.isoformat() if e.at else None, "headline": e.headline, "text": e.text}
            for e in result.live_entries
        ],
        "paywalled": result.paywalled,
        "syndicated_from": {"name": origin.name, "url": origin.url} if origin else None,
        "verdict": result.verdict,
        "reason": result.reason,
        "rules_version": result.rules_version,
        "extractor": result.extractor,
        "agreement": result.agreement,
        "stripped": _ledger(result.stripped),
    }


def _signing(article: Article) -> tuple[str, ...]:
    """Whoever stands in for the author where no person is named: of an outlet without rules nobody knows better."""
    return article.organisations if article.outlet == host_of(article.url) else ()


def _ledger(stripped: tuple[Stripped, ...]) -> list[dict[str, Any]]:
    """What was removed, summed up: one row a rule, in the order in which the rules first removed something."""
    chars: Counter[str] = Counter()
    for each in stripped:
        chars[each.rule] += each.chars
    return [{"rule": rule, "chars": count} for rule, count in chars.items()]


_EMPTY: dict[str, Any] = {
    **dict.fromkeys(
        "canonical_url outlet outlet_name headline standfirst byline_raw authors published_at modified_at "
        "published_raw section tags language body links images organisations outlet_article_id alternates "
        "notes live_entries paywalled syndicated_from verdict reason "
        "rules_version extractor agreement stripped".split()
    ),
}


_LISTS = ("authors", "tags", "links", "images", "organisations", "alternates", "notes", "live_entries", "stripped")


def _rejected(rejection: Rejection, page: Page) -> dict[str, Any]:
    url = name_of(page.url)
    lists: dict[str, list[Any]] = {key: [] for key in _LISTS}
    return {
        "id": article_id(url),
        "url": url,
        **_EMPTY,
        **lists,
        "body": "",
        "verdict": "rejected",
        "reason": rejection.reason,
    }

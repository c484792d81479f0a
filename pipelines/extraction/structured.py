"""What a page says of itself for machines: JSON-LD, meta, link elements; takes a tree, gives plain values."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

from attrs import field, frozen
from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.extraction.decoding import clean_controls

ARTICLE_TYPES = frozenset(
    (
        "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle "
        "ReviewNewsArticle AskPublicNewsArticle LiveBlogPosting BlogPosting SocialMediaPosting TechArticle "
        "AdvertiserContentArticle Report ScholarlyArticle SatiricalArticle"
    ).split()
)
_COMMENT = re.compile(r"^\s*(?://\s*)?(?:<!\[CDATA\[|<!--)|(?://\s*)?(?:\]\]>|-->)\s*;?\s*$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_NESTING = ("@graph", "mainEntity", "mainEntityOfPage", "itemReviewed")
_MOST_STEPS = 10
_TAG = re.compile(r"<[^<>]{1,300}>")


@frozen(kw_only=True)
class Structured:
    """A page's statements about itself."""

    article: dict[str, Any] = field(factory=dict)
    """The JSON-LD node of the article; empty where there is none."""
    updates: tuple[dict[str, Any], ...] = ()
    """The entries of the live blog that the page states."""
    breadcrumbs: tuple[str, ...] = ()
    """The names of the path that leads to the page, outermost first."""
    types: frozenset[str] = frozenset()
    """All JSON-LD types in the page."""
    meta: dict[str, str] = field(factory=dict)
    """The first content of each meta name, property or itemprop, in lower case."""
    repeated: dict[str, tuple[str, ...]] = field(factory=dict)
    """All contents of those meta that stand more than once, such as article:tag."""
    canonical: str | None = None
    alternates: tuple[tuple[str, str], ...] = ()
    language: str | None = None
    """The root element's."""
    base: str | None = None

    def text(self, key: str) -> str | None:
        """A JSON-LD value of the article as text, by dotted path; names of objects, the first of a list."""
        value: Any = self.article
        for part in key.split("."):
            value = value[0] if isinstance(value, list) and value else value
            value = value.get(part) if isinstance(value, dict) else None
        return as_text(value)


def as_text(value: Any) -> str | None:
    """A JSON-LD value as one line of text."""
    if isinstance(value, list):
        return next((t for t in (as_text(v) for v in value[:50]) if t), None)
    if isinstance(value, dict):
        return as_text(value.get("name") or value.get("@value") or value.get("url"))
    if not isinstance(value, str):
        return None
    return tidy(value)


def tidy(text: str) -> str | None:
    """A machine-read value as a reader would see it: references resolved, tags gone, white space collapsed."""
    if "&" in text:
        text = unescape(text)
        text = unescape(text) if "&" in text else text
    if "<" in text:
        text = _TAG.sub("", text)
    return " ".join(clean_controls(text).split(None)) or None


def read_structured(tree: LexborHTMLParser) -> Structured:
    """What the page says of itself."""
    stating: defaultdict[str, list[LexborNode]] = defaultdict(list)
    for node in tree.css("meta[content], script[type], link[rel][href], base[href]"):
        stating[node.tag or ""].append(node)
    nodes = list(_json_ld(stating["script"]))
    meta, repeated = _meta(stating["meta"])
    canonical, alternates = None, []
    for link in stating["link"]:
        a = link.attributes
        rel, href = (a.get("rel") or "").lower().split(), (a.get("href") or "").strip()
        if "canonical" in rel and href:
            canonical = canonical or href
        elif "alternate" in rel and a.get("hreflang") and href:
            alternates.append(((a["hreflang"] or "").lower(), href))
    root = tree.css_first("html")
    base = next(iter(stating["base"]), None)
    return Structured(
        article=_best_article(nodes, meta.get("og:title")),
        updates=_updates(nodes),
        breadcrumbs=_breadcrumbs(nodes),
        types=frozenset(t for node in nodes for t in types_of(node)),
        meta=meta,
        repeated=repeated,
        canonical=canonical,
        alternates=tuple(dict.fromkeys(alternates)),
        language=(root.attributes.get("lang") if root else None) or None,
        base=base.attributes.get("href") if base else None,
    )


def types_of(node: dict[str, Any]) -> list[str]:
    """The @type of a node, as a list of plain names."""
    written = node.get("@type")
    names = written if isinstance(written, list) else [written]
    return [n.rpartition("/")[2] for n in names if isinstance(n, str)]


def _updates(nodes: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    found = next((node.get("liveBlogUpdate") for node in nodes if "LiveBlogPosting" in types_of(node)), None)
    each = found if isinstance(found, list) else [found]
    return tuple(update for update in each if isinstance(update, dict))


def _breadcrumbs(nodes: list[dict[str, Any]]) -> tuple[str, ...]:
    found = next((node.get("itemListElement") for node in nodes if "BreadcrumbList" in types_of(node)), ())
    steps = [step for step in found if isinstance(step, dict)] if isinstance(found, list) else []
    names = (as_text(step.get("name") or step.get("item")) for step in steps[:_MOST_STEPS])
    return tuple(name for name in names if name)


def _meta(elements: Iterable[LexborNode]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    values: dict[str, list[str]] = {}
    for node in elements:
        a = node.attributes
        content = tidy(a.get("content") or "")
        name = a.get("property") or a.get("name") or a.get("itemprop")
        if name and content:
            values.setdefault(name.strip().lower(), []).append(content)
    return {k: v[0] for k, v in values.items()}, {k: tuple(dict.fromkeys(v)) for k, v in values.items() if len(v) > 1}


def _json_ld(scripts: Iterable[LexborNode]) -> Iterator[dict[str, Any]]:
    """Every JSON-LD object of the page that says its type, outer before inner."""
    for script in scripts:
        if "ld+json" not in (script.attributes.get("type") or "").lower():
            continue
        waiting = [_parsed(script.text() or "")]
        seen = 0
        while waiting and seen < 5000:
            seen += 1
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting[:0] = value
            elif isinstance(value, dict):
                if "@type" in value:
                    yield value
                waiting += [
                    v for k, v in value.items() if k in ("@graph", "mainEntity", "mainEntityOfPage", "itemReviewed")
                ]


def _parsed(text: str) -> Any:
    for attempt in _as_meant(text):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _as_meant(text: str) -> Iterator[str]:
    """A JSON text as it is written, and then without what pages put into it by mistake."""
    yield text
    text = _COMMENT.sub("", text.strip()).strip().rstrip(";")
    yield text
    yield _TRAILING_COMMA.sub(r"\1", text)
    yield unescape(text)


def _with_authors(node: dict[str, Any], named: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The node with authors that it only refers to put in."""
    authors = node.get("author")
    each = authors if isinstance(authors, list) else [authors]
    found = [named.get(a.get("@id", ""), a) if isinstance(a, dict) and "name" not in a else a for a in each]
    return {**node, "author": found} if authors else node


def _best_article(nodes: list[dict[str, Any]], title: str | None) -> dict[str, Any]:
    """The node that is the page's own article: of those that are one, the one with the page's headline."""
    named = {n["@id"]: n for n in nodes if isinstance(n.get("@id"), str) and "name" in n}
    articles = [_with_authors(n, named) for n in nodes if ARTICLE_TYPES.intersection(types_of(n))]
    if not articles:
        pages = [n for n in nodes if "WebPage" in types_of(n) and ("datePublished" in n or "headline" in n)]
        return pages[0] if pages else {}

    def fit(node: dict[str, Any]) -> tuple[bool, int]:
        headline = as_text(node.get("headline"))
        same = bool(title and headline and (headline in title or title in headline))
        return same, sum(key in node for key in ("headline", "datePublished", "author", "articleBody", "dateModified"))

    return max(articles, key=fit)

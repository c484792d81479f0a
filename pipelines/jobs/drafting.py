"""Drafts the rules of an outlet that nobody described yet from one or two of its pages; touches no disk."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve, field, frozen
from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.article import Article
from pipelines.capture import Page
from pipelines.errors import PressmarkError
from pipelines.extraction.blocks import RawBlock, read_blocks
from pipelines.extraction.document import Document, text_of
from pipelines.extraction.features import folded
from pipelines.extraction.generic import further_articles
from pipelines.extraction.known import outermost
from pipelines.extraction.naming import outlet_of_host
from pipelines.extraction.reading import extract
from pipelines.rules import FIELDS, RuleBook
from pipelines.urls import host_of

_NOTHING_KNOWN = RuleBook(version="none", outlets=(), rules={})
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z_-]*")
"""Classes and ids with digits are often those of one page."""
_CONTAINERS = 2
_MOST_NODES = 20_000
_WHOLE = 0.97
"""An element that holds less of the text is tried as container only where none holds more."""
_SHORT = 80
"""Characters: a line that two pages show is no article's; a longer one may be the teaser of the other article."""
_ARTICLE = "article"


@frozen(kw_only=True)
class Draft:
    """What an outlet's rules file is made of."""

    slug: str
    name: str
    zone: str
    host: str
    languages: tuple[str, ...]
    scope: tuple[str, ...]
    container: tuple[str, ...]
    strip: tuple[str, ...]
    strip_text: tuple[str, ...]
    fields: dict[str, tuple[str, ...]]

    def toml(self) -> str:
        """The rules file; JSON's strings are TOML's."""
        lines = [
            f"# {self.name}: drafted from its pages; look at each line, and try it with `scrapy extract --explain`.",
            "[outlet]",
            f"slug = {_quoted(self.slug)}",
            f"name = {_quoted(self.name)}",
            f"zone = {_quoted(self.zone)}",
            f"hosts = {_listed([self.host])}",
            f"languages = {_listed(self.languages)}",
            "",
            "[[era]]",
            'name = "draft"',
            *([f"scope = {_listed(self.scope)}"] if self.scope else []),
            f"container = {_listed(self.container)}",
            f"strip = {_listed(self.strip)}",
            f"strip_text = {_listed(self.strip_text)}",
            "",
            "[era.fields]",
            *(f"{name} = {_listed(self.fields[name])}" for name in FIELDS if name in self.fields),
        ]
        return "\n".join(lines) + "\n"


@frozen(kw_only=True, eq=False)
class _Sample:
    """One page, read without rules."""

    document: Document
    article: Article
    kept: frozenset[str]
    """The body's blocks, folded."""
    part: LexborHTMLParser | LexborNode
    """Where its own article lies: the whole page, but for what the page loads below it."""
    nodes: dict[int, LexborNode] = field(repr=False)

    def holds(self, block: RawBlock) -> bool:
        return folded(block.text) in self.kept


def draft(slug: str, pages: Sequence[Page]) -> Draft:
    """Rules drafted from one page, or better from two different articles: what both have in common is no article text.

    Raises PressmarkError where a page holds no article, or no element of it holds the text.
    """
    samples = _compared([_sample(page) for page in pages])
    first = samples[0].article
    container = _containers(samples)
    strip = _strips(samples, container)
    return Draft(
        slug=slug,
        name=first.outlet_name,
        zone=first.zone,
        host=host_of(pages[0].url).removeprefix("www."),
        languages=tuple(sorted({s.article.language for s in samples if s.article.language})),
        scope=(_ARTICLE,) if any(s.part is not s.document.tree for s in samples) else (),
        container=container,
        strip=strip,
        strip_text=_lines(samples, container, strip),
        fields=_fields(samples),
    )


def _sample(page: Page) -> _Sample:
    article = extract(page, _NOTHING_KNOWN)
    if not isinstance(article, Article):
        raise PressmarkError(f"{page.url}: no article was found there ({article.reason}): give the page of another")
    document = Document.of(page, outlet_of_host(page.url))
    nodes = {node.mem_id: node for node in document.tree.css("body *")[:_MOST_NODES]}
    kept = frozenset(folded(block.text) for block in article.blocks) - {""}
    part = document.tree.css_first(_ARTICLE) if further_articles(document) else None
    return _Sample(document=document, article=article, kept=kept, nodes=nodes, part=part or document.tree)


def _compared(samples: list[_Sample]) -> list[_Sample]:
    """The samples without the blocks that stand on every page: no two articles share a paragraph."""
    if len(samples) < 2 or samples[0].article.id == samples[1].article.id:
        return samples
    shown = [frozenset(folded(b.text) for b in s.document.blocks) for s in samples]
    everywhere = frozenset.intersection(*shown)
    kept_twice = frozenset.intersection(*(s.kept for s in samples))
    return [
        evolve(s, kept=frozenset(k for k in s.kept if k not in kept_twice and (k not in everywhere or len(k) > _SHORT)))
        for s in samples
    ]


def _selectors(node: LexborNode) -> Iterator[str]:
    """Ways to name an element, the more telling first."""
    tag, attributes = node.tag or "", node.attributes
    if attributes.get("itemprop"):
        yield f"[itemprop={attributes['itemprop']}]"
    identity = attributes.get("id") or ""
    if _PLAIN.fullmatch(identity):
        yield f"{tag}#{identity}"
    for name in (attributes.get("class") or "").split():
        if _PLAIN.fullmatch(name):
            yield f"{tag}.{name}"
    if tag not in ("div", "span", "p", "ul", "li", "section"):
        yield tag


def _containers(samples: list[_Sample]) -> tuple[str, ...]:
    """The elements that hold all of the text and the least beside it, on every page."""
    first = samples[0]
    above = {level.mem_id for b in first.document.blocks if first.holds(b) for level in b.levels[1:]}
    names = dict.fromkeys(name for i in above if i in first.nodes for name in _selectors(first.nodes[i]))
    rated = []
    for place, name in enumerate(names):
        shares = [_shares(sample, name) for sample in samples]
        recall, precision = (min(column) for column in zip(*shares, strict=True))
        rated.append((recall >= _WHOLE, recall if recall < _WHOLE else precision, precision, -place, name))
    best = [name for *_, name in sorted(rated, reverse=True)][:_CONTAINERS]
    if not best:
        raise PressmarkError(f"{first.article.url}: no element with a class or an id holds the text")
    return tuple(best)


def _shares(sample: _Sample, selector: str) -> tuple[float, float]:
    """How much of the body the elements hold, and how much of what they hold is body."""
    inside = [b for root in outermost(sample.part.css(selector)) for b in read_blocks(root)]
    chars = Counter({key: len(key) for key in sample.kept})
    found = {folded(b.text) for b in inside if sample.holds(b)}
    held = sum(chars[key] for key in found)
    return held / max(1, chars.total()), held / max(1, sum(len(folded(b.text)) for b in inside))


def _roots(sample: _Sample, container: tuple[str, ...]) -> list[LexborNode]:
    found = (outermost(sample.part.css(name)) for name in container)
    return next((roots for roots in found if roots), [])


def _strips(samples: list[_Sample], container: tuple[str, ...]) -> tuple[str, ...]:
    """Selectors of what lies in the container, is no body on any page, and holds none."""
    wanted: dict[str, None] = {}
    for sample in samples:
        for root in _roots(sample, container):
            for node in root.css("*"):
                text = text_of(node)
                if node.mem_id == root.mem_id or not text or _holds_body(node, sample) or _lies_in(node, root, wanted):
                    continue
                safe = (name for name in _selectors(node) if not _touches_body(name, samples, container))
                wanted.update(dict.fromkeys(list(safe)[:1]))
    return tuple(wanted)


def _holds_body(node: LexborNode, sample: _Sample) -> bool:
    """True where the element holds a block of the body, or is part of one."""
    if any(sample.holds(block) for block in read_blocks(node)):
        return True
    key = folded(text_of(node) or "")
    return any(key in block for block in sample.kept)


def _lies_in(node: LexborNode, root: LexborNode, names: Iterable[str]) -> bool:
    """True where what is stripped already holds the element."""
    return any(node.mem_id == inner.mem_id for name in names for inner in root.css(f"{name}, {name} *"))


def _touches_body(name: str, samples: list[_Sample], container: tuple[str, ...]) -> bool:
    return any(
        _holds_body(node, sample)
        for sample in samples
        for root in _roots(sample, container)
        for node in root.css(name)
        if text_of(node)
    )


def _lines(samples: list[_Sample], container: tuple[str, ...], strip: tuple[str, ...]) -> tuple[str, ...]:
    """Whole lines that no selector names, and that stand on every page."""
    found: list[set[str]] = []
    for sample in samples:
        roots = _roots(sample, container)
        skip = {node.mem_id for root in roots for name in strip for node in root.css(name)}
        left = [b for root in roots for b in read_blocks(root, skip) if not sample.holds(b)]
        found.append({" ".join(b.text.split()) for b in left})
    shared = set.intersection(*found) if len(found) > 1 else set()
    return tuple(re.escape(line).replace("\\ ", " ") for line in sorted(shared))


def _fields(samples: list[_Sample]) -> dict[str, tuple[str, ...]]:
    """What gave each field on each page; before it, for the headline, the heading that shows it."""
    found: dict[str, dict[str, None]] = {}
    for sample in samples:
        shown = folded(sample.article.headline or "")
        for heading in sample.document.tree.css("h1"):
            if shown and folded(text_of(heading) or "") == shown:
                found.setdefault("headline", {}).update(dict.fromkeys(list(_selectors(heading))[:1]))
        for name, candidate in sample.article.picked:
            if name in FIELDS and candidate != "htmldate":
                found.setdefault(name, {})[candidate] = None
    return {name: tuple(candidates) for name, candidates in found.items()}


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _listed(texts: Iterable[str]) -> str:
    return "[" + ", ".join(_quoted(text) for text in texts) + "]"

"""A page parsed once: its tree, its statements about itself and where candidates of rules are looked up."""

import re
from collections.abc import Callable, Iterator
from functools import cached_property

from attrs import define, field
from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.capture import Page
from pipelines.extraction.blocks import RawBlock, absolute, read_blocks
from pipelines.extraction.decoding import Decoded, decode
from pipelines.extraction.structured import Structured, as_text, read_structured, tidy
from pipelines.rules import Candidate, Era, Outlet

_MOST_MATCHES = 60
"""No field of an article has more values than this."""


@define(eq=False, slots=False)
class Document:
    """A page as its readers see it."""

    page: Page
    outlet: Outlet
    decoded: Decoded
    tree: LexborHTMLParser
    _scopes: dict[tuple[str, ...], LexborHTMLParser | LexborNode] = field(factory=dict)

    @classmethod
    def of(cls, page: Page, outlet: Outlet) -> "Document":
        """Parses a page; whatever the bytes, there is a tree."""
        decoded = decode(page.body, page.content_type)
        return cls(page=page, outlet=outlet, decoded=decoded, tree=LexborHTMLParser(decoded.text or "<html></html>"))

    @cached_property
    def structured(self) -> Structured:
        return read_structured(self.tree)

    @cached_property
    def base(self) -> str:
        """What relative links are relative to."""
        return absolute(self.page.url, self.structured.base or "") or self.page.url

    @property
    def body(self) -> LexborNode | None:
        return self.tree.body or self.tree.root

    def scope_of(self, era: Era) -> LexborHTMLParser | LexborNode:
        """The part of the page that is ours: the whole, where the era sets no scope or its marks are gone."""
        if era.scope not in self._scopes:
            found = (self.tree.css_first(selector) for selector in era.scope)
            self._scopes[era.scope] = next((node for node in found if node is not None), self.tree)
        return self._scopes[era.scope]

    def values(self, candidate: Candidate, scope: LexborHTMLParser | LexborNode | None = None) -> Iterator[str]:
        """What a candidate finds, tidy, in page order; selectors of elements below <head> look in `scope` alone."""
        found: Iterator[str | None]
        match candidate.kind:
            case "css":
                found = self._css(candidate, scope or self.tree)
            case "json-ld":
                found = self._json_ld(candidate.value)
            case "meta":
                name = candidate.value.lower()
                repeated = self.structured.repeated.get(name)
                found = iter(repeated) if repeated else iter([self.structured.meta.get(name)])
            case "url":
                found = (m[1] for m in [re.search(candidate.value, self.page.url)] if m)
            case "text":
                found = (m[1] for m in [re.search(candidate.value, self.text)] if m)
            case "call":
                found = iter(NAMED[candidate.value](self))
        return (value for value in found if value)

    def _css(self, candidate: Candidate, scope: LexborHTMLParser | LexborNode) -> Iterator[str | None]:
        for node in (self.tree if candidate.value.startswith("link[") else scope).css(candidate.value)[:_MOST_MATCHES]:
            if candidate.attribute:
                yield tidy(node.attributes.get(candidate.attribute) or "")
            else:
                yield text_of(node)

    def _json_ld(self, key: str) -> Iterator[str | None]:
        value = self.structured.article
        *path, last = key.split(".")
        for part in path:
            inner = value.get(part)
            value = inner if isinstance(inner, dict) else {}
        found = value.get(last)
        for one in found[:_MOST_MATCHES] if isinstance(found, list) else [found]:
            yield as_text(one)

    @cached_property
    def blocks(self) -> list[RawBlock]:
        """All blocks of the page, with the elements they lie in."""
        return read_blocks(self.body, with_levels=True) if self.body else []

    @cached_property
    def text(self) -> str:
        """The words of the whole page, a block a line."""
        return "\n".join(b.text for b in self.blocks)


def text_of(node: LexborNode) -> str | None:
    """What a reader sees of an element, on one line."""
    return " ".join(" ".join(b.text for b in read_blocks(node)).split()) or None


NAMED: dict[str, Callable[[Document], list[str]]] = {}
"""The escape hatch: functions that rules name as `call:<name>`, where lists of selectors do not do."""

"""The first witness: a page read by the rules of its outlet or platform, and what was stripped by which rule."""

import re
from collections.abc import Iterable

from attrs import field, frozen
from selectolax.lexbor import LexborNode

from pipelines.article import Stripped
from pipelines.extraction.blocks import RawBlock, read_blocks
from pipelines.extraction.document import Document, text_of
from pipelines.rules import Era, RuleBook, Rules


@frozen(kw_only=True, eq=False)
class Reading:
    """A body as one witness reads it."""

    blocks: list[RawBlock]
    stripped: list[Stripped] = field(factory=list)
    era: Era | None = None
    roots: tuple[LexborNode, ...] = ()
    """The containers it was read from; empty for the generic reader."""


def rules_for(document: Document, rules: RuleBook) -> Rules | None:
    """The outlet's own rules, else its platform's, else those of the platform the page shows."""
    outlet = document.outlet
    for name in (outlet.slug, outlet.platform):
        if name and name in rules.rules:
            return rules.rules[name]
    listed = rules.outlet_or_none(outlet.slug) is not None
    platforms = (p for p in rules.platforms if listed or not p.listed_only)
    return next((p for p in platforms if any(document.tree.css_first(s) for s in p.recognise)), None)


def read_known(document: Document, rules: Rules) -> Reading | None:
    """The body by the first era whose container holds text, tried in the order of the capture's day."""
    captured_at = document.page.captured_at
    for era in rules.eras_for(captured_at.date() if captured_at else None):
        for selector in era.container:
            roots = outermost(document.scope_of(era).css(selector))
            reading = read_roots(roots, era) if roots else None
            if reading and reading.blocks:
                return reading
    return None


def outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """The nodes that lie in no other of them."""
    ids = {n.mem_id for n in nodes}
    kept = []
    for node in nodes:
        above = node.parent
        while above is not None and above.mem_id not in ids:
            above = above.parent
        if above is None:
            kept.append(node)
    return kept


def read_roots(roots: Iterable[LexborNode], era: Era) -> Reading:
    """The body that lies below some nodes, without what the era strips."""
    roots = tuple(roots)
    skip: dict[int, str] = {}
    stripped: list[Stripped] = []
    for root in roots:
        for selector in era.strip:
            for node in root.css(selector):
                if node.mem_id != root.mem_id and node.mem_id not in skip and not _inside(node, skip, root):
                    skip[node.mem_id] = selector
                    text = text_of(node) or ""
                    if text:
                        stripped.append(Stripped(rule=selector, chars=len(text), text=text))
    blocks: list[RawBlock] = []
    for root in roots:
        for block in read_blocks(root, skip.keys()):
            pattern = line_rule(block.text, era.strip_text)
            if pattern:
                stripped.append(Stripped(rule=f"text:{pattern}", chars=len(block.text), text=block.text))
            else:
                blocks.append(block)
    return Reading(blocks=blocks, stripped=stripped, era=era, roots=roots)


def _inside(node: LexborNode, skip: dict[int, str], root: LexborNode) -> bool:
    above = node.parent
    while above is not None and above.mem_id != root.mem_id:
        if above.mem_id in skip:
            return True
        above = above.parent
    return False


def line_rule(text: str, patterns: Iterable[re.Pattern[str]]) -> str | None:
    """The pattern that takes the whole line for no article text."""
    line = " ".join(text.split())
    return next((p.pattern for p in patterns if p.fullmatch(line)), None)

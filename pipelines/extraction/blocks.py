"""A tree read as blocks: paragraphs, headings, items, quotations, with their links by place; judges nothing."""

import re
from collections.abc import Set
from urllib.parse import urljoin, urlsplit

from attrs import define, field
from selectolax.lexbor import LexborNode

from pipelines.article import Block, BlockKind

_WHITE = re.compile(r"[ \t\n\r\f\v]+")
_HEADINGS = frozenset(f"h{n}" for n in range(1, 7))
_BLOCK_TAGS = _HEADINGS | frozenset(
    (
        "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer "
        "form header hgroup hr li main menu nav ol p pre section summary table tbody tfoot thead tr ul video audio "
        "caption"
    ).split()
)
_ABSOLUTE = re.compile(r"https?://[\w.-]+/[\w./%~-]*(?:\?[\w./%~=&+:,-]+)?", re.ASCII)
"""Most links are so plain that joining them changes nothing."""
UNREAD = frozenset(
    (
        "script style noscript template svg iframe object embed canvas head title select option datalist textarea "
        "button input math map audio video"
    ).split()
)
"""Tags that hold no prose."""
_TEXT = "-text"
_PASSED = UNREAD | {"", "-comment", "-doctype"}
"""Nodes that are not entered; those without a name are instructions and CDATA."""
_SPACED = frozenset(("td", "th", "dt"))
_KINDS: dict[str, BlockKind] = {"li": "item", "blockquote": "quote", **dict.fromkeys(_HEADINGS, "heading")}


@define(eq=False)
class Level:
    """An open block-level element above a block."""

    tag: str
    names: str
    """Its class and id, in lower case."""
    mem_id: int
    hidden: bool = False


@define(eq=False)
class RawBlock:
    """A block as it stands in the tree, before anything is decided."""

    kind: BlockKind
    text: str
    links: list[tuple[int, int, str]]
    """(start, end, href as written)."""
    levels: tuple[Level, ...] = ()
    """The block-level elements it lies in, outermost first; empty where they were not asked for."""
    order: int = 0
    bold: int = 0
    """Characters in <b> or <strong>."""
    stripped_by: str | None = None

    def link_chars(self) -> int:
        return sum(end - start for start, end, _ in self.links)

    def block(self, base: str) -> Block:
        """The finished block, with absolute links."""
        links = ((start, end, absolute(base, href)) for start, end, href in self.links)
        return Block(kind=self.kind, text=self.text, links=tuple((s, e, url) for s, e, url in links if url))


def absolute(base: str, href: str) -> str | None:
    """An http(s) URL, absolute; None for any other kind of link."""
    if _ABSOLUTE.fullmatch(href):
        return href
    try:
        url = urljoin(base, href.strip())
        return url if urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname else None
    except ValueError:
        return None


@define
class _Line:
    """The block being read: text collapsed as it comes, so that link places hold."""

    pieces: list[str] = field(factory=list)
    length: int = 0
    ends_in_space: bool = True
    links: list[tuple[int, int, str]] = field(factory=list)
    link_start: int | None = None
    link_href: str = ""
    bold: int = 0

    def add(self, raw: str) -> None:
        # Most text has but single spaces, which the pattern would replace one by one.
        text = raw if raw.isprintable() and "  " not in raw else _WHITE.sub(" ", raw)
        if self.ends_in_space:
            text = text.removeprefix(" ")
        if text:
            self.pieces.append(text)
            self.length += len(text)
            self.ends_in_space = text.endswith(" ")

    def open_link(self, href: str) -> None:
        self.close_link()
        self.link_start, self.link_href = self.length, href

    def close_link(self) -> None:
        if self.link_start is not None and self.length > self.link_start:
            self.links.append((self.link_start, self.length, self.link_href))
        self.link_start = None


class _Reader:
    """Walks a tree once, without recursion."""

    def __init__(self, skip: Set[int], with_levels: bool) -> None:
        self.skip = skip
        self.with_levels = with_levels
        self.blocks: list[RawBlock] = []
        self.line = _Line()
        self.kinds: list[BlockKind] = []
        self.levels: list[Level] = []
        self.breaks = 0
        self.bold_depth = 0

    def read(self, root: LexborNode) -> list[RawBlock]:
        opened: list[tuple[LexborNode, str]] = []
        node: LexborNode | None = root
        while True:
            if node is not None:
                tag = node.tag or ""
                if tag == _TEXT:
                    self.text(node.text_content or "")
                elif tag not in _PASSED and not (self.skip and node.mem_id in self.skip):
                    self.enter(node, tag)
                    opened.append((node, tag))
                    node = node.first_child
                    continue
            elif opened:
                node, tag = opened.pop()
                self.leave(tag)
            if not opened:
                break
            node = node.next if node is not None else None
        self.flush()
        return self.blocks

    def text(self, text: str) -> None:
        if self.breaks and text.strip():
            self.after_breaks()
        self.line.add(text)
        if self.bold_depth:
            self.line.bold += len(text.strip())

    def enter(self, node: LexborNode, tag: str) -> None:
        if tag in _BLOCK_TAGS:
            self.flush()
            if tag in _KINDS:
                self.kinds.append(_KINDS[tag])
            if self.with_levels:
                self.levels.append(_level(node, tag))
        elif tag == "br":
            self.breaks += 1
            self.line.add(" ")
        elif tag == "a":
            href = node.attributes.get("href")
            if self.breaks:
                self.after_breaks()
            if href:
                self.line.open_link(href)
        elif tag in ("b", "strong"):
            self.bold_depth += 1
        elif tag in _SPACED:
            self.line.add(" ")

    def leave(self, tag: str) -> None:
        if tag in _BLOCK_TAGS:
            self.flush()
            if tag in _KINDS:
                self.kinds.pop()
            if self.with_levels:
                self.levels.pop()
        elif tag == "a":
            self.line.close_link()
        elif tag in ("b", "strong"):
            self.bold_depth -= 1
        elif tag in _SPACED:
            self.line.add(" ")

    def after_breaks(self) -> None:
        """Two line breaks in a row part paragraphs; one is white space."""
        if self.breaks > 1:
            self.flush()
        self.breaks = 0

    def flush(self) -> None:
        if not self.line.pieces:
            self.breaks = 0
            return
        line, self.line, self.breaks = self.line, _Line(), 0
        reopened = line.link_href if line.link_start is not None else None
        line.close_link()
        if reopened is not None:
            self.line.open_link(reopened)
        whole = "".join(line.pieces)
        text = whole.rstrip(" ")
        if not text.strip():
            return
        links = [(start, min(end, len(text)), href) for start, end, href in line.links if start < len(text)]
        self.blocks.append(
            RawBlock(
                kind=self.kinds[-1] if self.kinds else "paragraph",
                text=text,
                links=links,
                levels=tuple(self.levels) if self.with_levels else (),
                order=len(self.blocks),
                bold=line.bold,
            )
        )


def _level(node: LexborNode, tag: str) -> Level:
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip().lower()
    style = (attributes.get("style") or "").replace(" ", "").lower()
    hidden = "hidden" in attributes or "display:none" in style or attributes.get("aria-hidden") == "true"
    return Level(tag=tag, names=names, mem_id=node.mem_id, hidden=hidden)


def read_blocks(root: LexborNode, skip: Set[int] = frozenset(), with_levels: bool = False) -> list[RawBlock]:
    """The blocks below a node in reading order, without what `skip` names by memory id."""
    return _Reader(skip, with_levels).read(root)

"""Blocks as Markdown (CommonMark) and back: paragraphs, headings, items, quotations and their links, nothing else."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from attrs import evolve
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pipelines.article import Block, BlockKind
from pipelines.text.record import one_line

_PREFIX: dict[str, str] = {"paragraph": "", "heading": "## ", "item": "- ", "quote": "> "}
_MARKER = re.compile(r"\A(\d{0,9})([#>+*=~`_.)-])")
"""What may open another kind of block at the start of a line."""
_INLINE = re.compile(r"([\\`*_\[\]<>&!])")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
"""All that CommonMark lets a backslash escape."""
_UNSAFE_IN_TARGET = re.compile(r"([()\\<]|&(?=#?\w+;))")
_MAX_TRIED_CHARS = 20_000
"""Beyond it a block is escaped without a trial: no paragraph of a real article is as long."""


def _reader() -> MarkdownIt:
    markdown = MarkdownIt("commonmark")
    markdown.normalizeLink = lambda url: url  # type: ignore[method-assign]
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    return markdown


_READER = _reader()
"""CommonMark with addresses left as they are written: they are text here, never followed."""


def carried_block(block: Block) -> Block:
    """The block as Markdown carries it: on one line, white space and controls in link targets percent-encoded."""
    block = one_line(block)
    return evolve(block, links=tuple((start, end, _target(url)) for start, end, url in block.links))


def _target(url: str) -> str:
    return "".join(c if c.isprintable() and not c.isspace() else quote(c, errors="replace") for c in url)


def to_markdown(blocks: Iterable[Block]) -> str:
    """The blocks with a blank line between, items on consecutive lines; reading it back gives the same blocks.

    Blocks must be as `carried_block` gives them.
    """
    parts: list[str] = []
    previous: BlockKind | None = None
    for block in blocks:
        if previous is not None:
            parts.append("\n" if block.kind == previous == "item" else "\n\n")
        parts.append(_written(block))
        previous = block.kind
    return "".join(parts)


def _written(block: Block) -> str:
    """The block's Markdown, with the fewest escapes that read back."""
    for escaped in (None, _INLINE):
        for marker in (False, True):
            tried = _with_links(block, escaped, marker=marker)
            if len(tried) <= _MAX_TRIED_CHARS and from_markdown(tried) == (block,):
                return tried
    return _with_links(block, _PUNCTUATION, marker=False)


def _with_links(block: Block, escaped: re.Pattern[str] | None, *, marker: bool) -> str:
    def text(start: int, end: int) -> str:
        piece = block.text[start:end]
        if escaped:
            piece = escaped.sub(r"\\\1", piece)
        return _MARKER.sub(r"\1\\\2", piece) if marker and start == 0 else piece

    out, at = [_PREFIX[block.kind]], 0
    for start, end, url in block.links:
        target = _UNSAFE_IN_TARGET.sub(r"\\\1", url)
        out.append(f"{text(at, start)}[{text(start, end)}]({target})")
        at = end
    return "".join([*out, text(at, len(block.text))])


def from_markdown(text: str) -> tuple[Block, ...]:
    """The blocks of a Markdown text: emphasis and code as plain text, raw HTML and images left out."""
    blocks: list[Block] = []
    open_kinds: list[BlockKind] = []
    for token in _READER.parse(text):
        kind = _container(token)
        if kind and token.nesting == 1:
            open_kinds.append(kind)
        elif kind:
            open_kinds.pop()
        elif token.type == "inline":
            blocks.append(_inline(token.children or [], open_kinds[-1] if open_kinds else "paragraph"))
        elif token.type in ("code_block", "fence"):
            blocks.append(Block(kind="paragraph", text=token.content))
    return tuple(block for raw in blocks if (block := one_line(raw)).text)


def _container(token: Token) -> BlockKind | None:
    kinds: dict[str, BlockKind] = {"heading": "heading", "list_item": "item", "blockquote": "quote"}
    return kinds.get(token.type.removesuffix("_open").removesuffix("_close"))


def _inline(tokens: list[Token], kind: BlockKind) -> Block:
    text = ""
    links: list[tuple[int, int, str]] = []
    start, target = 0, ""
    for token in tokens:
        if token.type in ("text", "code_inline", "text_special"):
            text += token.content
        elif token.type in ("softbreak", "hardbreak"):
            text += " "
        elif token.type == "link_open":
            start, target = len(text), str(token.attrGet("href") or "")
        elif token.type == "link_close":
            links.append((start, len(text), target))
    return Block(kind=kind, text=text, links=tuple(links))


def link_alone(block: Block) -> tuple[str, str] | None:
    """Text and target of a paragraph that is one link and nothing else, as the origin line is."""
    if block.kind == "paragraph" and len(block.links) == 1 and block.links[0][:2] == (0, len(block.text)):
        return block.text, block.links[0][2]
    return None


def link_block(text: str, url: str) -> Block:
    """A paragraph that is one link."""
    return Block(kind="paragraph", text=text, links=((0, len(text), url),))


def plain_words(blocks: Iterable[Block]) -> Iterator[str]:
    """The words of the blocks, without markup."""
    return (word for block in blocks for word in block.text.split())

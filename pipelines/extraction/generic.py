"""The reader of pages without rules: a classifier weighs what cheap witnesses name, in doubt trafilatura too."""

import logging
import re
from collections import Counter
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray
from resiliparse.extract.html2text import extract_plain_text

from pipelines.article import Stripped
from pipelines.extraction.blocks import RawBlock, read_blocks
from pipelines.extraction.classifier import CHEAP, FULL, forest
from pipelines.extraction.document import Document, text_of
from pipelines.extraction.features import folded, holder_of
from pipelines.extraction.known import Reading
from pipelines.extraction.witnesses import Heard, Measured, Witnesses

# What it says of a page is kept as the page's verdict; in the log it would only repeat it.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)

NAME = f"trafilatura {version('trafilatura')}"
_MOST_HTML = 3_000_000
_MOST_BLOCKS = 4_000
_HEAD = 5_000
_MOST_TAGS = 40_000
"""Above these the witnesses would take seconds: long paragraphs are taken as they stand."""
_LONG = 80
_LIKELY = 0.5
_UNLIKELY = 0.2
_DOUBT = 0.32
"""Share of the likely text. Of the captured pages 85 % are read without trafilatura; half of this share would call it
twice as often for 0.001 of the score."""
_MOSTLY = 0.5
_SIDE = re.compile(r"side-?_?bar|(?<![\w-])(?:widget|footer|side)(?![\w-])")
_CLOSED = re.compile(r"[.!?…»”\")]\s*$")
_POSSIBLE = 0.3
_MOST_ARTICLES = 20
_SOME = 300
"""Characters of prose that make an article where only the density reader found one."""
_FEW = 3
"""Blocks: many pages state an excerpt, which lies in one or two of them."""
_TOO_LITTLE = 0.25
"""Less than this share of the first witness's text, and the classifier has failed on the page."""


@cache
def _config() -> Any:
    from trafilatura.settings import use_config

    config = use_config()
    config.set("DEFAULT", "EXTRACTION_TIMEOUT", "0")
    return config


def witness_text(html: str) -> str:
    """What trafilatura takes for the main text; empty where it finds none."""
    # It takes half a second to import, and most pages are read without it.
    import trafilatura

    return trafilatura.extract(html, include_comments=False, with_metadata=False, config=_config()) or ""


def density_text(html: str) -> str:
    """What Resiliparse takes for the main text."""
    return str(extract_plain_text(html, main_content=True, alt_texts=False, list_bullets=False))


def witnesses_of(document: Document) -> Witnesses:
    """What is cheaply known of a page when its blocks are weighed: its statements and the density reader's text."""
    structured = document.structured
    headlines = [structured.text("headline"), structured.meta.get("og:title"), structured.meta.get("twitter:title")]
    headlines += [text_of(node) for node in document.tree.css("h1")[:2]]
    authors = [structured.meta.get("author"), structured.text("author")]
    return Witnesses(
        density=Heard(density_text(document.decoded.text)),
        stated=Heard(structured.text("articleBody") or ""),
        description=structured.meta.get("og:description") or structured.meta.get("description") or "",
        headlines=tuple(h for h in headlines if h),
        authors=tuple(a for a in authors if a),
    )


def heard_of_trafilatura(document: Document) -> Heard:
    """What trafilatura takes for the main text, to be asked of blocks."""
    html = document.decoded.text
    if "<html" not in html[:_HEAD].lower():
        # trafilatura takes a page without a root element for broken.
        html = document.tree.html or ""
    return Heard(witness_text(html))


def read_generic(document: Document) -> Reading:
    """The body of a page whose layout is not known; empty only where the page holds no block of text."""
    further = further_articles(document)
    blocks = read_blocks(document.body, further, with_levels=True) if document.body and further else document.blocks
    if not blocks:
        return Reading(blocks=[])
    html = document.decoded.text
    if len(blocks) > _MOST_BLOCKS or len(html) > _MOST_HTML or html.count("<") > _MOST_TAGS:
        return _split(blocks, _prose(blocks))
    witnesses = witnesses_of(document)
    first, measured = witnesses.density, Measured(blocks, witnesses)
    chances = forest(CHEAP).chances(measured.rows(first))
    likely = _likely(chances)
    if _is_doubtful(blocks, chances) or _is_failure(blocks, likely, measured.named(first)):
        first = heard_of_trafilatura(document)
        # The mean of both opinions is right more often than either.
        chances = (chances + forest(FULL).chances(measured.rows(first))) / 2
        likely = _likely(chances)
        likely = measured.named(first) if _is_failure(blocks, likely, measured.named(first)) else likely
    kept = likely if any(likely) else measured.named(first)
    if not any(kept):
        kept = _last_resort(document, blocks, witnesses)
    stated = measured.named(witnesses.stated)
    kept = _without_sides(blocks, _without_teasers(blocks, kept, stated, witnesses.stated.chars))
    possible = [says or bool(chance > _POSSIBLE) for says, chance in zip(stated, chances, strict=True)]
    return _split(blocks, _filled(blocks, kept, possible))


def _likely(chances: NDArray[np.float64]) -> list[bool]:
    return [bool(chance > _LIKELY) for chance in chances]


def _is_doubtful(blocks: list[RawBlock], chances: NDArray[np.float64]) -> bool:
    """True where blocks that could be either are long beside those that are likely."""
    either = [bool(_UNLIKELY < c < 1 - _UNLIKELY) for c in chances]
    return _chars(blocks, either) > _DOUBT * max(1, _chars(blocks, _likely(chances)))


def _is_failure(blocks: list[RawBlock], likely: list[bool], named: list[bool]) -> bool:
    """True where little is left of what the first witness names, or nothing at all."""
    return not any(likely) or _chars(blocks, likely) < _TOO_LITTLE * _chars(blocks, named)


def _last_resort(document: Document, blocks: list[RawBlock], witnesses: Witnesses) -> list[bool]:
    """Prose that the density reader alone found, if it is enough for an article; any prose of a flattened page."""
    prose, dense = _prose(blocks), witnesses.density
    kept = [p and dense.holds(folded(b.text)) for b, p in zip(blocks, prose, strict=True)]
    if _chars(blocks, kept) > _SOME:
        return kept
    return prose if document.decoded.flattened else [False] * len(blocks)


def _prose(blocks: list[RawBlock]) -> list[bool]:
    """Long blocks that are not made of links: all that can be told where the witnesses cannot be heard."""
    return [len(b.text) > _LONG and b.link_chars() < _MOSTLY * len(b.text) for b in blocks]


def further_articles(document: Document) -> frozenset[int]:
    """The elements that hold whole articles, each with a headline of its own, which the page loads below its own."""
    found: dict[int, str] = {}
    for heading in document.tree.css("article h1")[:_MOST_ARTICLES]:
        above = heading.parent
        while above is not None and above.tag != "article":
            above = above.parent
        if above is not None:
            found.setdefault(above.mem_id, folded(text_of(heading) or ""))
    first = next(iter(found.values()), "")
    return frozenset(mem_id for mem_id, headline in found.items() if headline and headline != first)


def _without_teasers(blocks: list[RawBlock], kept: list[bool], stated: list[bool], chars: int) -> list[bool]:
    """What is kept, without what follows the body that the page itself states and lies in none of its elements.

    `chars`: of the body as stated.
    """
    held = [keep and said for keep, said in zip(kept, stated, strict=True)]
    if sum(held) < _FEW or _chars(blocks, held) < _MOSTLY * chars:
        return kept
    last = max((i for i, h in enumerate(held) if h), default=len(blocks))
    holders = {holder_of(b.levels) for b, h in zip(blocks, held, strict=True) if h}
    return [keep and (i <= last or holder_of(blocks[i].levels) in holders) for i, keep in enumerate(kept)]


def _main_holder(blocks: list[RawBlock], kept: list[bool]) -> int:
    """The element that directly holds most of what is kept; 0 where nothing is."""
    chars: Counter[int] = Counter()
    for block, keep in zip(blocks, kept, strict=True):
        if keep:
            chars[holder_of(block.levels)] += len(block.text)
    return chars.most_common(1)[0][0] if chars else 0


def _without_sides(blocks: list[RawBlock], kept: list[bool]) -> list[bool]:
    """What is kept, without what follows the main part in a side column, a widget or the page's foot."""
    main = _main_holder(blocks, kept)
    inside = [i for i, b in enumerate(blocks) if kept[i] and any(level.mem_id == main for level in b.levels)]
    if not inside:
        return kept
    around = {level.mem_id for level in blocks[inside[-1]].levels}
    return [keep and (i <= inside[-1] or not _is_aside(blocks[i], around)) for i, keep in enumerate(kept)]


def _is_aside(block: RawBlock, around: set[int]) -> bool:
    """True where an element that holds the block, but not the main part, calls itself a side part."""
    apart = (level for level in block.levels if level.mem_id not in around)
    return any(level.tag in ("aside", "footer", "nav") or _SIDE.search(level.names) for level in apart)


def _filled(blocks: list[RawBlock], kept: list[bool], possible: list[bool]) -> list[bool]:
    """What is kept, with the sentences beside it that stand like it and are possible."""
    main = _main_holder(blocks, kept)
    looks = {_look(b) for b, keep in zip(blocks, kept, strict=True) if keep and holder_of(b.levels) == main}
    return [
        keep or (may and holder_of(b.levels) == main and _look(b) in looks and bool(_CLOSED.search(b.text)))
        for b, keep, may in zip(blocks, kept, possible, strict=True)
    ]


def _look(block: RawBlock) -> tuple[str, str]:
    return (block.levels[-1].tag, block.levels[-1].names) if block.levels else ("", "")


def _chars(blocks: list[RawBlock], kept: list[bool]) -> int:
    return sum(len(b.text) for b, keep in zip(blocks, kept, strict=True) if keep)


def _split(blocks: list[RawBlock], kept: list[bool]) -> Reading:
    """The kept blocks, and in the ledger those that lay between them."""
    places = [i for i, keep in enumerate(kept) if keep]
    inside = range(places[0], places[-1]) if places else range(0)
    left_out = [blocks[i] for i in inside if not kept[i]]
    return Reading(
        blocks=[blocks[i] for i in places],
        stripped=[Stripped(rule="classifier", chars=len(b.text), text=b.text) for b in left_out],
    )

"""What is set right in a generic reading: the closing lines that it stopped short of come in, captions go."""

import re
from collections import Counter

from attrs import evolve

from pipelines.article import Stripped
from pipelines.extraction.blocks import Level, RawBlock
from pipelines.extraction.body import CREDIT
from pipelines.extraction.document import Document
from pipelines.extraction.known import Reading

_SIGNED = re.compile(r"[.!?…]?\s*\([^()\s]{1,12}(?:[\s@][^()]{1,40})?\)\s*$")
"""A reporter's initials or address in brackets end the text."""
_SHORTEST = 30
_IDENTIFIER = re.compile(r"[a-z]+(?:[-_][a-z]+)+")
"""A name out of a style sheet, such as `wide-browser-and-larger`."""
_CAPTION = re.compile(
    r"(?<![\w-])(?:img|image|photo|picture|foto)[-_]{1,2}"
    r"(?:text|desc(?:ription)?|info|sign|legend|caption|credit)(?![\w-])"
)
"""Class names of what stands below a picture; the classifier takes a caption that reads like a sentence for one."""
_LONGEST_CAPTION = 300
_MOST_CAPTIONS = 2
"""Blocks: what holds more of the text than a caption and its credit is no caption's."""
_FURTHEST = 3
"""Blocks below the text: a credit line stands no lower."""
_MOSTLY = 0.5


def mended(document: Document, reading: Reading) -> Reading:
    """The reading without what was meant for programs and what stands below pictures, and with its closing lines."""
    crowd = Counter(level.mem_id for block in reading.blocks for level in block.levels[-2:])
    rules = [_rule(block, crowd) for block in reading.blocks]
    kept = [block for block, rule in zip(reading.blocks, rules, strict=True) if rule is None]
    if not kept:
        return reading
    closing = [block for block in _closing(document.blocks, kept[-1]) if _rule(block, crowd) is None]
    texts = {block.text for block in closing}
    ledger = [line for line in reading.stripped if line.text not in texts]
    ledger += [
        Stripped(rule=rule, chars=len(block.text), text=block.text)
        for block, rule in zip(reading.blocks, rules, strict=True)
        if rule is not None
    ]
    return evolve(reading, blocks=[*kept, *closing], stripped=ledger)


def _rule(block: RawBlock, crowd: Counter[int]) -> str | None:
    """Why a block is none of a text, whatever it says; `crowd` counts the text's blocks by what holds them."""
    if _IDENTIFIER.fullmatch(block.text.strip()):
        return "identifier"
    under_picture = any(
        crowd[level.mem_id] <= _MOST_CAPTIONS and _CAPTION.search(level.names) for level in block.levels[-2:]
    )
    return "caption" if under_picture and len(block.text) <= _LONGEST_CAPTION else None


def _closing(blocks: list[RawBlock], last: RawBlock) -> list[RawBlock]:
    """The signed last paragraph and the credit line that follow the last block that was kept."""
    place = next((i for i, block in enumerate(blocks) if block is last), None)
    if place is None:
        return []
    following = blocks[place + 1 : place + 1 + _FURTHEST]
    signed = [block for block in following[:1] if _stands_like(block, last) and _SIGNED.search(block.text)]
    credit = [b for b in following if b not in signed and CREDIT.fullmatch(" ".join(b.text.split()))]
    return [*signed, *credit]


def _stands_like(block: RawBlock, last: RawBlock) -> bool:
    """True for a block of the same kind in the same element, with words of its own."""
    if len(block.levels) < 2 or [_place(block), block.kind] != [_place(last), last.kind]:
        return False
    return len(block.text) > _SHORTEST and block.link_chars() < _MOSTLY * len(block.text)


def _place(block: RawBlock) -> tuple[int, str, str]:
    """The element around a block's own, and what the own is called."""
    around, own = (Level(tag="", names="", mem_id=0), *block.levels)[-2:]
    return around.mem_id, own.tag, own.names

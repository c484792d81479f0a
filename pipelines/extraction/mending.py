"""What is set right in a generic reading: the closing lines that it stopped short of come in."""

import re

from attrs import evolve

from pipelines.article import Stripped
from pipelines.extraction.blocks import RawBlock
from pipelines.extraction.document import Document
from pipelines.extraction.known import Reading

_CREDIT = re.compile(
    r"(?:(?:additional )?(?:reporting|writing|editing|compiled|translated|translation) by [A-Z].{1,200}"
    r"|.{3,200} contributed to this (?:report|story|article)\.?)"
)
_SIGNED = re.compile(r"[.!?…]?\s*\([^()\s]{1,12}(?:[\s@][^()]{1,40})?\)\s*$")
"""A reporter's initials or address in brackets end the text."""
_SHORTEST = 30
_IDENTIFIER = re.compile(r"[a-z]+(?:[-_][a-z]+)+")
"""A name out of a style sheet, such as `wide-browser-and-larger`."""
_FURTHEST = 3
"""Blocks below the text: a credit line stands no lower."""
_MOSTLY = 0.5


def mended(document: Document, reading: Reading) -> Reading:
    """The reading without what was meant for programs, and with its closing lines."""
    kept = [block for block in reading.blocks if not _IDENTIFIER.fullmatch(block.text.strip())]
    if not kept:
        return reading
    closing = _closing(document.blocks, kept[-1])
    texts = {block.text for block in closing}
    ledger = [line for line in reading.stripped if line.text not in texts]
    gone = [block.text for block in reading.blocks if block not in kept]
    ledger += [Stripped(rule="identifier", chars=len(text), text=text) for text in gone]
    return evolve(reading, blocks=[*kept, *closing], stripped=ledger)


def _closing(blocks: list[RawBlock], last: RawBlock) -> list[RawBlock]:
    """The signed last paragraph and the credit line that follow the last block that was kept."""
    place = next((i for i, block in enumerate(blocks) if block is last), None)
    if place is None:
        return []
    following = blocks[place + 1 : place + 1 + _FURTHEST]
    signed = [block for block in following[:1] if _stands_like(block, last) and _SIGNED.search(block.text)]
    credit = [b for b in following if b not in signed and _CREDIT.fullmatch(" ".join(b.text.split()))]
    return [*signed, *credit]


def _stands_like(block: RawBlock, last: RawBlock) -> bool:
    """True for a block of the same kind in the same element, with words of its own."""
    if len(block.levels) < 2 or len(block.levels) != len(last.levels) or block.levels[-2].mem_id != last.levels[-2].mem_id:
        return False
    alike = (block.kind, block.levels[-1].tag, block.levels[-1].names) == (
        *(last.kind, last.levels[-1].tag, last.levels[-1].names),
    )
    return alike and len(block.text) > _SHORTEST and block.link_chars() < _MOSTLY * len(block.text)

"""Takes two versions of a text, gives what became of their words, block by block; pure."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

from attrs import frozen

Op = Literal["same", "gone", "come"]

WORD = re.compile(r"\w+(?:[’'.,:-]\w+)*|\S")
_PAIRED = 0.5
"""Likeness of two blocks from which one is the other edited, rather than another in its place."""


@frozen(kw_only=True)
class Text:
    """What of a version is compared."""

    headline: str
    body: str
    """Blocks on lines; empty lines between them count for nothing."""

    @property
    def blocks(self) -> tuple[str, ...]:
        """The body's lines that hold text."""
        return tuple(line for line in self.body.split("\n") if line.strip())


@frozen
class Piece:
    """Words that stood still, went or came."""

    op: Op
    words: tuple[str, ...]
    at: int
    """Place of the first word in its block: of the old one, or of the new one for words that came."""


@frozen(kw_only=True)
class BlockChange:
    """A block of either version, or of both: what became of its words."""

    old: str | None
    new: str | None
    pieces: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        """True where a word of it went or came."""
        return any(piece.op != "same" for piece in self.pieces)


def words_of(text: str) -> list[str]:
    """Words and marks of a text, in order."""
    return WORD.findall(text)


def compare(old: Text, new: Text) -> tuple[BlockChange, ...]:
    """The blocks of both versions in reading order, headline first, each with what became of its words."""
    changes = [_changed(old.headline, new.headline)]
    before, after = old.blocks, new.blocks
    for op, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            changes += [_changed(block, block) for block in before[i1:i2]]
        else:
            changes += _paired(before[i1:i2], after[j1:j2])
    return tuple(changes)


def _paired(before: Sequence[str], after: Sequence[str]) -> Iterator[BlockChange]:
    """Blocks in place of others: those alike are one block edited, the others went or came."""
    place = 0
    for block in before:
        likeness = [
            SequenceMatcher(None, words_of(block), words_of(other), autojunk=False).ratio() for other in after[place:]
        ]
        best = max(range(len(likeness)), key=likeness.__getitem__, default=None)
        if best is None or likeness[best] < _PAIRED:
            yield _changed(block, None)
            continue
        for other in after[place : place + best]:
            yield _changed(None, other)
        yield _changed(block, after[place + best])
        place += best + 1
    for other in after[place:]:
        yield _changed(None, other)


def _changed(old: str | None, new: str | None) -> BlockChange:
    before, after = words_of(old or ""), words_of(new or "")
    pieces: list[Piece] = []
    for op, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            pieces.append(Piece("same", tuple(before[i1:i2]), i1))
            continue
        if i2 > i1:
            pieces.append(Piece("gone", tuple(before[i1:i2]), i1))
        if j2 > j1:
            pieces.append(Piece("come", tuple(after[j1:j2]), j1))
    return BlockChange(old=old, new=new, pieces=tuple(pieces))


@frozen(kw_only=True)
class Swap:
    """Words that went and those that came in their place."""

    gone: tuple[str, ...]
    come: tuple[str, ...]
    block: BlockChange
    at: int
    """Place of the change in the block that has its words: the new one, else the old one."""


def swaps_of(block: BlockChange) -> Iterator[Swap]:
    """The changes inside a block, each with both its sides."""
    pieces = block.pieces
    place = 0
    while place < len(pieces):
        piece = pieces[place]
        if piece.op == "gone":
            paired = place + 1 < len(pieces) and pieces[place + 1].op == "come"
            come = pieces[place + 1] if paired else None
            yield Swap(gone=piece.words, come=come.words if come else (), block=block, at=come.at if come else piece.at)
            place += 2 if paired else 1
            continue
        if piece.op == "come":
            yield Swap(gone=(), come=piece.words, block=block, at=piece.at)
        place += 1


def runs(block: BlockChange) -> Iterator[tuple[Op, str]]:
    """The text of a block in reading order, cut where words went or came, with the white space of its versions."""
    before, after = _spaced(block.old or ""), _spaced(block.new or "")
    here = 0
    for piece in block.pieces:
        count = len(piece.words)
        if piece.op == "gone":
            yield "gone", "".join(before[piece.at : piece.at + count])
            continue
        yield piece.op, "".join(after[here : here + count])
        here += count


def _spaced(text: str) -> list[str]:
    """The words of a text, each with the white space after it."""
    starts = [match.start() for match in WORD.finditer(text)]
    return [text[start:end] for start, end in pairwise([*starts, len(text)])]

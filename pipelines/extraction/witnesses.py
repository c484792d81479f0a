"""What witnesses and the page's own statements say of its blocks; joined with the blocks' own rows, what is weighed."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from attrs import frozen

from pipelines.extraction.blocks import RawBlock
from pipelines.extraction.features import (
    HEADING,
    LETTERS,
    LINK_SHARE,
    SENTENCE_END,
    Places,
    Rows,
    Words,
    folded,
    own_rows,
)


class Heard:
    """A witness's text, asked whether it holds a block."""

    def __init__(self, text: str) -> None:
        lines = [folded(line) for line in text.splitlines()]
        self.lines = set(lines) - {""}
        self.whole = "".join(lines)
        self.chars = len(text)

    def holds(self, key: str) -> bool:
        if not key or not self.whole:
            return False
        if key in self.lines:
            return True
        return len(key) > 25 and (key in self.whole or (len(key) > 80 and key[20:60] in self.whole))


@frozen(kw_only=True)
class Witnesses:
    """What is cheaply known of a page beside its blocks."""

    density: Heard
    """Resiliparse's main content."""
    stated: Heard
    """JSON-LD's articleBody."""
    description: str = ""
    headlines: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


class Measured:
    """A page's blocks as numbers; what the first witness does not change is measured once.

    The first witness is the one whose places count most: trafilatura, or where it is not heard, the density reader.
    """

    def __init__(self, blocks: Sequence[RawBlock], witnesses: Witnesses) -> None:
        words = Words(blocks)
        places = Places(blocks)
        self.keys = words.keys
        self.letters = words.letters
        self.witnesses = witnesses
        self.own = own_rows(blocks, words)
        self.place = places.rows()
        self.groups = [*places.holders(_AROUND), places.signatures()]
        self.facts = _facts(words.keys, witnesses)
        self.prose = words.letters * (1 - self.own[:, LINK_SHARE]) * self.own[:, SENTENCE_END]
        self.prose_shares = self.shares(self.prose)
        self._named: dict[Heard, list[bool]] = {}

    def named(self, heard: Heard) -> list[bool]:
        """Which blocks a text holds."""
        if heard not in self._named:
            self._named[heard] = [heard.holds(key) for key in self.keys]
        return self._named[heard]

    def rows(self, first: Heard) -> Rows:
        """One row a block; columns are the same for every page."""
        own, witnesses = self.own, self.witnesses
        votes = np.array([self.named(h) for h in (first, witnesses.density, witnesses.stated)], dtype=float).T
        seen = np.hstack([own[:, [LETTERS, LINK_SHARE, SENTENCE_END, HEADING]], votes])
        has = np.tile([float(bool(witnesses.stated.whole)), float(bool(first.whole))], (len(own), 1))
        runs = [
            _window(votes[:, 0], 5),
            _window(votes[:, 1], 5),
            _window(own[:, LETTERS], 3),
            _window(own[:, LINK_SHARE], 3),
            _window(self.prose, 4),
        ]
        return np.hstack(
            [
                *(own, self.place, votes, has),
                *(self.shares(votes[:, 0] * self.letters), self.prose_shares),
                *(self.facts, _positions(votes[:, 0], self.facts[:, 0])),
                *(_shifted(seen, by) for by in (-2, -1, 1, 2)),
                np.column_stack(runs),
            ]
        )

    def shares(self, weight: Rows) -> Rows:
        """How much of a weight lies in the same element, in those around it, and under the same class."""
        total = weight.sum() or 1.0
        columns = []
        for group in self.groups:
            inside = np.bincount(group + 1, weights=weight)[group + 1]
            everything = np.bincount(group + 1, weights=self.letters)[group + 1]
            columns += [inside / total, inside / np.maximum(1.0, everything)]
        return np.column_stack(columns)


def _facts(keys: Sequence[str], witnesses: Witnesses) -> Rows:
    """Which blocks repeat what the page states as its headline, description or authors, or one another."""
    headlines = {folded(h) for h in witnesses.headlines} - {""}
    long_headlines = [h for h in headlines if len(h) > 30]
    authors = {folded(a) for a in witnesses.authors} - {""}
    description = folded(witnesses.description)
    longest = max(map(len, headlines), default=0) + 40
    times, seen = Counter(keys), set[str]()
    rows = []
    for key in keys:
        size = len(key)
        could_be = size < longest
        rows.append(
            (
                could_be and (key in headlines or any(h in key and size < len(h) + 40 for h in long_headlines)),
                could_be and size > 20 and any(key in h for h in headlines),
                size > 15 and description != "" and (key in description or description[:60] in key),
                size < 80 and any(a in key for a in authors),
                key in seen,
                min(times[key], 4),
            )
        )
        seen.add(key)
    return np.array(rows, dtype=float)


_AROUND = 4
"""Elements around a block whose shares of the text are told."""


def _positions(vote: Rows, headline: Rows) -> Rows:
    count = len(vote)
    index = np.arange(count)
    chosen = np.flatnonzero(vote)
    first, last = (chosen[0], chosen[-1]) if len(chosen) else (0, count - 1)
    titles = np.flatnonzero(headline)
    before = titles[titles <= first]
    title = before[-1] if len(before) else (titles[0] if len(titles) else -1)
    return np.column_stack(
        [
            index / max(1, count - 1),
            np.clip(index - first, -30, 30),
            np.clip(index - last, -30, 30),
            np.clip(index - title, -30, 60) if title >= 0 else np.full(count, 99.0),
        ]
    )


def _shifted(rows: Rows, by: int) -> Rows:
    out = np.full_like(rows, -1.0)
    if abs(by) < len(rows):
        if by > 0:
            out[:-by] = rows[by:]
        else:
            out[-by:] = rows[:by]
    return out


def _window(column: Rows, radius: int) -> Rows:
    kernel = np.ones(2 * radius + 1)
    return np.convolve(column, kernel, mode="full")[radius : radius + len(column)] / len(kernel)

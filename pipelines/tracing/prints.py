"""Fingerprints of texts: which texts share words in a row, how many, and how long the longest row is.

Five words in a row outside quotations are a shingle. Overlaps are counted exactly, on the pairs that an index of half
of all shingles finds; quotations are left out because unrelated articles share them.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from pipelines.tracing.quotations import unquoted
from pipelines.tracing.words import words

WORDS_A_SHINGLE = 5
"""Shorter ones are idioms that strangers share, longer ones break at every changed word."""
LEAST_SHINGLES = 25
"""Texts with fewer outside quotations (an interview) are compared with their quotations."""
_NEIGHBOURS = 5
_FIRST = 4
"""A shingle of many texts pairs each with the five told before it and the first four: that finds the origin, and keeps
the work linear."""
_LEAST_SHARED = 2
_LEAST_SHARE = 0.08
"""Of the shorter text's indexed shingles: a third of the least that copies share, for half an index is rough."""
_CHROME_ARTICLES = 5
_CHROME_SHARE = 0.02
"""Shingles in so many of one outlet's articles are its standing phrases, no sign of a copy."""

Hashes = NDArray[np.uint64]


@frozen(kw_only=True, eq=False)
class Print:
    """The shingles of one text."""

    in_order: Hashes = field(repr=False)
    """As they follow each other in the text."""
    distinct: Hashes = field(repr=False)
    """Sorted, each once."""


@frozen(kw_only=True)
class Overlap:
    """What two texts share."""

    shared: int
    """Shingles that both hold."""
    of_first: float
    """0 to 1: the share of the first text's shingles that are shared."""
    of_second: float
    run: int
    """Words of the longest row that both have."""

    @property
    def of_shorter(self) -> float:
        """The share of the shorter text that is in the other."""
        return max(self.of_first, self.of_second)


def take_print(text: str) -> Print:
    """The fingerprint of a text."""
    own = shingles(words(unquoted(text)))
    if len(own) < LEAST_SHINGLES:
        own = shingles(words(text))
    return Print(in_order=own, distinct=np.unique(own))


def shingles(said: Sequence[str]) -> Hashes:
    """Hashes of each five words in a row, the same on every machine."""
    hashed = np.fromiter((_word_hash(word) for word in said), dtype=np.uint64, count=len(said))
    count = max(0, len(hashed) - WORDS_A_SHINGLE + 1)
    rows = np.zeros(count, dtype=np.uint64)
    for place in range(WORDS_A_SHINGLE):
        rows = (rows ^ hashed[place : place + count]) * np.uint64(0x9E3779B97F4A7C15)
        rows ^= rows >> np.uint64(29)
    return rows


@lru_cache(maxsize=500_000)
def _word_hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())


def standing_phrases(prints: Iterable[tuple[str, Print]]) -> Hashes:
    """The shingles that some outlet repeats over its articles, sorted; takes (outlet, print) of each article."""
    by_outlet: dict[str, list[Hashes]] = {}
    for outlet, each in prints:
        by_outlet.setdefault(outlet, []).append(each.distinct)
    found = [np.zeros(0, dtype=np.uint64)]
    for held in by_outlet.values():
        rows, counts = np.unique(np.concatenate(held), return_counts=True)
        found.append(rows[counts >= max(_CHROME_ARTICLES, _CHROME_SHARE * len(held))])
    return np.unique(np.concatenate(found))


def without(each: Print, phrases: Hashes) -> Print:
    """The print with those shingles left out of the distinct ones; its rows stay whole."""
    return evolve(each, distinct=np.setdiff1d(each.distinct, phrases, assume_unique=True))


def compare(first: Print, second: Print) -> Overlap:
    """What two texts share."""
    shared = len(np.intersect1d(first.distinct, second.distinct, assume_unique=True))
    return Overlap(
        shared=shared,
        of_first=shared / max(1, len(first.distinct)),
        of_second=shared / max(1, len(second.distinct)),
        run=_longest_run(first.in_order, second.in_order) if shared else 0,
    )


def _longest_run(first: Hashes, second: Hashes) -> int:
    """Words in the longest row of the second text that stands in the first."""
    order = np.argsort(first, kind="stable")
    at = np.minimum(np.searchsorted(first[order], second), len(first) - 1)
    place = np.where(first[order][at] == second, order[at], -1)
    goes_on = (place[1:] == place[:-1] + 1) & (place[:-1] >= 0)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], goes_on.astype(np.int8), [0]))))
    longest = int((edges[1::2] - edges[::2]).max(initial=0))
    return longest + WORDS_A_SHINGLE if longest or (place >= 0).any() else 0


def candidates(prints: Sequence[Print]) -> Iterator[tuple[int, int]]:
    """Pairs (earlier, later) of places whose texts may share enough to be compared; the prints come in time order."""
    indexed = [each.distinct[each.distinct & np.uint64(1) == 0] for each in prints]
    sizes = np.array([len(each) for each in indexed], dtype=np.int64)
    rows = np.concatenate([np.zeros(0, dtype=np.uint64), *indexed])
    holders = np.repeat(np.arange(len(prints)), sizes)
    order = np.lexsort((holders, rows))
    rows, holders = rows[order], holders[order]
    parts = np.searchsorted(rows, np.arange(1, 16, dtype=np.uint64) << np.uint64(60))
    pairs = np.zeros(0, dtype=np.int64)
    counts = np.zeros(0, dtype=np.int64)
    for start, end in zip([0, *parts], [*parts, len(rows)], strict=True):
        found = _pairs(rows[start:end], holders[start:end], len(prints))
        part, tally = np.unique(found, return_counts=True)
        pairs, inverse = np.unique(np.concatenate([pairs, part]), return_inverse=True)
        counts = np.bincount(inverse, np.concatenate([counts, tally]), len(pairs)).astype(np.int64)
    earlier, later = pairs // len(prints), pairs % len(prints)
    least = np.maximum(_LEAST_SHARED, _LEAST_SHARE * np.minimum(sizes[earlier], sizes[later]))
    keep = counts >= least
    return zip(earlier[keep].tolist(), later[keep].tolist(), strict=True)


def _pairs(rows: Hashes, holders: NDArray[np.intp], count: int) -> NDArray[np.int64]:
    """Pairs of holders of one row, as earlier × count + later; each as often as they share a row."""
    starts = (
        np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1]))) if len(rows) else np.zeros(0, dtype=np.intp)
    )
    start = np.repeat(starts, np.diff(np.append(starts, len(rows))))
    place = np.arange(len(rows)) - start
    found = [np.zeros(0, dtype=np.int64)]
    for back in range(1, _NEIGHBOURS + 1):
        later = np.flatnonzero(place >= back)
        found.append(holders[later - back] * count + holders[later])
    for first in range(_FIRST):
        later = np.flatnonzero(place > first + _NEIGHBOURS)
        found.append(holders[start[later] + first] * count + holders[later])
    return np.concatenate(found)

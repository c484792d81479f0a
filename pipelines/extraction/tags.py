"""The tags of a page as a parser meets them, found in its UTF-8 at once: how deep they nest, and which may never end.

Whether a `<` begins a tag is not asked, as only a parser knows: what stands in scripts and comments counts too.
"""

from functools import cached_property

import numpy as np
from attrs import define
from numpy.typing import NDArray

PASSING = frozenset(
    (
        "area base br col embed hr img input link meta param source track wbr p li dt dd td th tr tbody thead tfoot "
        "option path circle rect use polygon line ellipse stop"
    ).split()
)
"""Tags that open no lasting level: empty ones, and those whose end tag HTML supplies."""
MERGED = frozenset(("html", "body"))
"""Tags of which a page has one element, however often they stand: it gets the attributes of all."""
_WIDTH = 8
"""Bytes that are read of a tag's name, one number each: more than any of those names has."""


def _numbers(names: frozenset[str]) -> NDArray[np.uint64]:
    return np.sort(np.frombuffer(b"".join(name.encode().ljust(_WIDTH, b"\0") for name in names), dtype="<u8"))


def _among(signs: bytes) -> NDArray[np.bool_]:
    table = np.zeros(256, dtype=bool)
    table[list(signs)] = True
    return table


_PASSING, _MERGED = _numbers(PASSING), _numbers(MERGED)
_LOWER = np.uint64(0x2020202020202020)
_ONE = np.uint64(1)
_LETTERS = _among(bytes(byte for byte in range(128) if chr(byte).isalpha()))
_ENDS = _among(b"\t\n\v\f\r />\0<")
"""What follows a tag's name."""
_BEFORE_VALUE = _among(b"\t\n\f\r =")
"""What stands before a quote that opens a value."""
_PARTING = _among(b"\t\n\f\r /\"'")
"""What may stand before an attribute."""
_START, _END, _QUOTES, _SLASH = ord("<"), ord(">"), b"\"'", ord("/")
_CONTINUES = 0xC0, 0x80
"""The bits, and their value, of bytes that begin no character."""


@define(eq=False, slots=False)
class Tags:
    """The signs that tags are made of, by their places in a page's UTF-8."""

    page: bytes

    def __attrs_post_init__(self) -> None:
        self._padded = self.page + b">" + bytes(_WIDTH + 2)
        self._units = units = np.frombuffer(self._padded, dtype=np.uint8)
        self._signs = np.flatnonzero(
            (units == _START) | (units == _END) | (units == _QUOTES[0]) | (units == _QUOTES[1])
        )
        self._kinds = units[self._signs]
        order = np.flatnonzero(self._kinds == _START)
        names = self._signs[order] + 1
        is_end = units[names] == _SLASH
        names += is_end
        is_tag = _LETTERS[units[names]]
        self._order, self._names, self._is_end = order[is_tag], names[is_tag], is_end[is_tag]

    @cached_property
    def _numbers(self) -> NDArray[np.uint64]:
        """The first bytes of each tag's name, in lower case, as one number."""
        every = np.ndarray((len(self._padded) - _WIDTH + 1,), dtype="<u8", buffer=self._padded, strides=(1,))
        names = every[self._names]
        ends = _ENDS[names.view(np.uint8)].view("<u8")
        first_end = ends & (~ends + _ONE)
        # Below the first byte that ends the name all bits are set; where none does, in all eight.
        return (names | _LOWER) & (first_end - _ONE)

    def _are(self, numbers: NDArray[np.uint64]) -> NDArray[np.bool_]:
        found = np.minimum(np.searchsorted(numbers, self._numbers), len(numbers) - 1)
        named: NDArray[np.bool_] = numbers[found] == self._numbers
        return named

    def deepest(self) -> int:
        """The greatest number of open levels; an end tag that ends none counts for nothing."""
        steps = np.where(self._is_end, -1, 1)
        steps[self._are(_PASSING)] = 0
        depths = np.cumsum(steps)
        return int((depths - np.minimum.accumulate(np.minimum(depths, 0))).max(initial=0))

    def doubtful(self, most: int) -> list[int]:
        """The characters at which tags begin that may have more attributes than `most`, or that share theirs.

        A `>` ends a tag unless it stands in a value; then the last quote of its kind before it opens one.
        """
        signs, kinds, units = self._signs, self._kinds, self._units
        every = np.arange(len(signs))
        next_end = np.minimum.accumulate(np.where(kinds == _END, every, len(signs))[::-1])[::-1]
        begins, end = self._order[~self._is_end], next_end[self._order[~self._is_end]]
        opens = _BEFORE_VALUE[units[signs - 1]]
        found = self._are(_MERGED)[~self._is_end]
        for quote in _QUOTES:
            last = np.maximum.accumulate(np.where(kinds == quote, every, 0))[end]
            found |= (last > begins) & opens[last]
        starts, ends = signs[begins], signs[end]
        long = np.flatnonzero(ends - starts > most)
        for first in long[np.unique(ends[long], return_index=True)[1]]:
            if np.count_nonzero(_PARTING[units[starts[first] : ends[first]]]) > most:
                found |= ends == ends[first]
        starts = starts[found]
        if len(starts) and not self.page.isascii():
            bits, value = _CONTINUES
            starts = starts - np.searchsorted(np.flatnonzero(units & bits == value), starts)
        return [int(start) for start in starts]

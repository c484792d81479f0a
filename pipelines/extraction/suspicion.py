"""What may stand in a page and must not, looked for in its UTF-8 bytes all at once, since most pages have none of it.

A pattern over the text takes two to four times as long, and what is not there need not be taken out.
"""

import re

import numpy as np
from numpy.typing import NDArray

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]"
)
"""No text has these: C0 controls, noncharacters, lone surrogates, and bidi controls that reorder what stands around."""
_IS_FORBIDDEN = np.zeros(0x10000, dtype=bool)
_IS_FORBIDDEN[[found.start() for found in FORBIDDEN.finditer("".join(map(chr, range(0x10000))))]] = True
_SPACE = 0x20
_DELETE = 0x7F
_LEADS = 0xE2, 0xEF
"""The first bytes that the longer ones of them have: of three, all characters below are fit for text."""

PASSING = frozenset(
    (
        "area base br col embed hr img input link meta param source track wbr p li dt dd td th tr tbody thead tfoot "
        "option path circle rect use polygon line ellipse stop"
    ).split()
)
"""Tags that open no lasting level: empty ones, and those whose end tag HTML supplies."""
_WIDTH = 8
"""Bytes that are read of a tag's name, one number each: more than any of those names has."""


def _numbers(names: list[bytes]) -> NDArray[np.uint64]:
    return np.frombuffer(b"".join(name.ljust(_WIDTH, b"\0") for name in names), dtype="<u8")


_PASSING = np.sort(_numbers([tag.encode() for tag in PASSING]))
_LOWER = np.uint64(0x2020202020202020)
_ONE = np.uint64(1)
_LETTERS = np.zeros(256, dtype=bool)
_LETTERS[[byte for byte in range(128) if chr(byte).isalpha()]] = True
_ENDS = np.zeros(256, dtype=bool)
_ENDS[list(b"\t\n\v\f\r />\0<")] = True
"""What follows a tag's name."""


def may_hold_forbidden(page: bytes) -> bool:
    """True where a page's UTF-8 holds a character that no text has."""
    units = np.frombuffer(page, dtype=np.uint8)
    low = units[(units < _SPACE) | (units == _DELETE)]
    if _IS_FORBIDDEN[low].any():
        return True
    leads = np.flatnonzero((units >= _LEADS[0]) & (units <= _LEADS[1]))
    leads = leads[leads < len(units) - 2]
    first, second, third = (units[leads + n].astype(np.uint16) for n in range(3))
    return bool(_IS_FORBIDDEN[(first & 0xF) << 12 | (second & 0x3F) << 6 | third & 0x3F].any())


def deepest(page: bytes) -> int:
    """The greatest number of open levels in a page's UTF-8; an end tag that ends none counts for nothing.

    Tags in scripts and comments count too.
    """
    padded = page + bytes(_WIDTH + 2)
    units = np.frombuffer(padded, dtype=np.uint8)
    places = np.flatnonzero(units == ord("<"))
    is_end = units[places + 1] == ord("/")
    names = places + 1 + is_end
    is_tag = _LETTERS[units[names]]
    steps = np.where(is_end, -1, 1)[is_tag]
    steps[_is_passing(padded, names[is_tag])] = 0
    depths = np.cumsum(steps)
    return int((depths - np.minimum.accumulate(np.minimum(depths, 0))).max(initial=0))


def _is_passing(padded: bytes, places: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of the names that begin at some places open no lasting level; each is one number of eight bytes."""
    every = np.ndarray((len(padded) - _WIDTH + 1,), dtype="<u8", buffer=padded, strides=(1,))
    names = every[places]
    ends = _ENDS[names.view(np.uint8)].view("<u8")
    first_end = ends & (~ends + _ONE)
    # Below the first byte that ends the name all bits are set; where none does, in all eight.
    names = (names | _LOWER) & (first_end - _ONE)
    found = np.minimum(np.searchsorted(_PASSING, names), len(_PASSING) - 1)
    passing: NDArray[np.bool_] = _PASSING[found] == names
    return passing

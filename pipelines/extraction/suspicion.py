"""Characters that may stand in a page and must not, looked for in its UTF-8 at once: most pages have none.

A pattern over the text takes ten times as long, and what is not there need not be taken out.
"""

import re

import numpy as np

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]"
)
"""No text has these: C0 controls, noncharacters, lone surrogates, and bidi controls that reorder what stands around."""
_IS_FORBIDDEN = np.zeros(0x10000, dtype=bool)
_IS_FORBIDDEN[[found.start() for found in FORBIDDEN.finditer("".join(map(chr, range(0x10000))))]] = True
_SPACE = 0x20
_DELETE = 0x7F
_WHITE = b"\t\n\f\r"
_LEADS = 0xE2, 0xEF
"""The first bytes that the longer ones of them have: of three, all characters below are fit for text."""


def may_hold_forbidden(page: bytes) -> bool:
    """True where a page's UTF-8 holds a character that no text has."""
    units = np.frombuffer(page, dtype=np.uint8)
    allowed = sum(np.count_nonzero(units == white) for white in _WHITE)
    if np.count_nonzero(units < _SPACE) > allowed or _DELETE in page:
        return True
    if page.isascii():
        return False
    leads = np.flatnonzero((units >= _LEADS[0]) & (units <= _LEADS[1]))
    leads = leads[leads < len(units) - 2]
    first, second, third = (units[leads + n].astype(np.uint16) for n in range(3))
    return bool(_IS_FORBIDDEN[(first & 0xF) << 12 | (second & 0x3F) << 6 | third & 0x3F].any())

"""Digests as WARC headers name them: `algorithm:value`."""

import base64
import hashlib
from collections.abc import Callable

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]
_SHIFTS = range(250, -1, -10)
_ALGORITHMS: dict[str, Callable[[bytes], "hashlib._Hash"]] = {
    "md5": hashlib.md5,
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "sha512": hashlib.sha512,
}


def digest_of(data: bytes) -> str:
    """`sha256:` and the Base32 of the SHA-256 of the data, padded as warcio and FastWARC expect it.

    Two letters at a time: `base64` takes longer over it than SHA-256 over a short block, and every record has one.
    """
    bits = int.from_bytes(hashlib.sha256(data).digest(), "big") << 4
    return "sha256:" + "".join([_PAIRS[bits >> shift & 0x3FF] for shift in _SHIFTS]) + "===="


EMPTY = digest_of(b"")
"""The digest of no bytes at all."""


def digest_holds(named: str, data: bytes) -> bool | None:
    """Whether a named digest is that of the data, in Base32 or hexadecimal; None for an algorithm not known here."""
    if named.startswith("sha256:") and named == digest_of(data):
        return True
    algorithm, _, value = named.strip().partition(":")
    make = _ALGORITHMS.get(algorithm.lower().replace("-", ""))
    if make is None:
        return None
    raw = make(data).digest()
    return value.lower() == raw.hex() or value.upper().rstrip("=") == base64.b32encode(raw).decode().rstrip("=")

"""Digests as WARC headers name them: `algorithm:value`."""

import base64
import hashlib
from collections.abc import Callable

_ALGORITHMS: dict[str, Callable[[bytes], "hashlib._Hash"]] = {
    "md5": hashlib.md5,
    "sha1": hashlib.sha1,
    "sha256": hashlib.sha256,
    "sha512": hashlib.sha512,
}


def digest_of(*parts: bytes) -> str:
    """`sha256:` and the Base32 of the SHA-256 of the parts together, padded as warcio and FastWARC expect it."""
    hashed = hashlib.sha256()
    for part in parts:
        hashed.update(part)
    return "sha256:" + base64.b32encode(hashed.digest()).decode()


EMPTY = digest_of(b"")
"""The digest of no bytes at all."""


def digest_holds(named: str, data: bytes) -> bool | None:
    """Whether a named digest is that of the data, in Base32 or hexadecimal; None for an algorithm not known here."""
    algorithm, _, value = named.strip().partition(":")
    make = _ALGORITHMS.get(algorithm.lower().replace("-", ""))
    if make is None:
        return None
    raw = make(data).digest()
    return value.lower() == raw.hex() or value.upper().rstrip("=") == base64.b32encode(raw).decode().rstrip("=")

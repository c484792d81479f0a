"""A page's bytes made text once and rightly: charset, control characters, runaway nesting; knows no layout."""

import codecs
import re

from attrs import frozen
from resiliparse.parse.encoding import detect_encoding

from pipelines.extraction.endless import with_short_tags
from pipelines.extraction.suspicion import FORBIDDEN, may_hold_forbidden
from pipelines.extraction.tags import PASSING, Tags

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));?")
_WRITTEN_REFERENCE = re.compile(_REFERENCE.pattern.encode())
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*+)[^<>]*+>")
_MOST_LEVELS = 180
"""Real pages stay below 120; lxml drops what is below 255, and a parser's time grows with the square of the depth."""
_MOST_CHARS = 4_000_000
"""Characters of HTML that are read: the longest captured pages have a quarter of that."""
_FEW_BAD = 0.002
"""Up to this share of undecodable bytes a page is taken for damaged UTF-8, above it for another charset."""


@frozen(kw_only=True)
class Decoded:
    """A page as text, and how it became so."""

    text: str
    encoding: str
    flattened: bool = False
    """True where levels below the deepest allowed were taken out."""
    cut: int = 0
    """Characters beyond the size limit, which are not read."""


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """The text of a page: what the bytes are, before what they are said to be."""
    text, encoding = _decoded(body, content_type)
    cut = max(0, len(text) - _MOST_CHARS)
    text = text[:_MOST_CHARS]
    written = body if encoding == "utf-8" and not cut else _utf_8(text)
    if may_hold_forbidden(written):
        text = clean_controls(text)
        written = _utf_8(text)
    if any(_in_place_of(code) is not None for code in _references(written)):
        text = _REFERENCE.sub(_kept_reference, text)
        written = _utf_8(text)
    tags = Tags(written)
    text = with_short_tags(text, tags)
    flat = _flattened(text) if tags.deepest() > _MOST_LEVELS else text
    return Decoded(text=flat, encoding=encoding, flattened=flat != text, cut=cut)


def _utf_8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def clean_controls(text: str) -> str:
    """The text without characters that no text has; none of them is printable."""
    return text if text.isprintable() else FORBIDDEN.sub("", text)


def _references(page: bytes) -> set[int]:
    """The characters that the numeric references of a page's UTF-8 stand for."""
    return {int(sixteen, 16) if sixteen else int(ten) for sixteen, ten in _WRITTEN_REFERENCE.findall(page)}


def _kept_reference(match: re.Match[str]) -> str:
    other = _in_place_of(int(match[1], 16) if match[1] else int(match[2]))
    return match[0] if other is None else other


def _in_place_of(code: int) -> str | None:
    """What is written for a reference to a character; None for the reference itself."""
    if code in (0x0A, 0x0D, 0x09):
        return " "
    return "" if code > 0x10FFFF or (FORBIDDEN.match(chr(code)) and not 0x80 <= code < 0xA0) else None


def _decoded(body: bytes, content_type: str | None) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, "replace"), encoding
    start = body[:400]
    if start[:2] in (b"<\0", b"\0<") or start.count(0) * 3 > len(start):
        encoding = "utf-16-be" if body[:1] == b"\0" else "utf-16-le"
        return body.decode(encoding, "replace"), encoding
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    declared = _declared(body, content_type)
    if declared and declared != "utf-8":
        try:
            return body.decode(declared), declared
        except UnicodeDecodeError:
            pass
    loose = body.decode("utf-8", "replace")
    high = sum(1 for byte in body[:200_000] if byte > 0x7F) or 1
    if loose[:200_000].count("\ufffd") <= max(2, high * _FEW_BAD * 10):
        return loose, "utf-8"
    encoding = _codec(str(detect_encoding(body))) or declared or "windows-1252"
    return body.decode(encoding, "replace"), encoding


def _declared(body: bytes, content_type: str | None) -> str | None:
    header = _HEADER_CHARSET.search(content_type or "")
    meta = _META_CHARSET.search(body[:4096])
    return _codec(header[1] if header else "") or _codec(meta[1].decode("ascii", "replace") if meta else "")


def _codec(name: str) -> str | None:
    """The Python name of a text charset; browsers read Latin-1 as windows-1252."""
    try:
        codec = codecs.lookup(name.strip())
    except (LookupError, ValueError):
        return None
    if not codec._is_text_encoding:
        return None
    return "windows-1252" if codec.name in ("iso8859-1", "ascii") else codec.name


def _flattened(text: str) -> str:
    """The page with tags deeper than any real page's taken out, text kept."""
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        if match[2].lower() in PASSING:
            return match[0]
        if match[1]:
            depth = max(0, depth - 1)
            return match[0] if depth < _MOST_LEVELS else " "
        depth += 1
        return match[0] if depth <= _MOST_LEVELS else " "

    return _TAG.sub(keep, text)

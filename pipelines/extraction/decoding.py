"""A page's bytes made text once and rightly: charset, control characters, runaway nesting; knows no layout."""

import codecs
import re
from itertools import islice

from attrs import frozen
from resiliparse.parse.encoding import detect_encoding

from pipelines.extraction.suspicion import FORBIDDEN, PASSING, deepest, may_hold_forbidden

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));?")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*+)[^<>]*+>")
_MOST_LEVELS = 180
"""Real pages stay below 120; lxml drops what is below 255, and a parser's time grows with the square of the depth."""
_MOST_CHARS = 4_000_000
"""Characters of HTML that are read: the longest captured pages have a quarter of that."""
_WHOLE_TAG = re.compile(r"""<[a-zA-Z][^>"'=]*+(?:=\s*+(?:"[^"]*+"?|'[^']*+'?)?+[^>"'=]*+|["'][^>"'=]*+)*+""")
"""A tag as parsers read it, up to its `>`; a `<` or a quoted `>` in it ends none."""
_PARTING = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')|[\s/]++""")
"""What parts the names and values of a tag."""
_MOST_PARTS = 2_000
"""Of a tag: a parser's time grows with the square of their number."""
_COULD_HOLD_MANY = 60_000
"""Characters of a page: one tag that fills them, 15,000 short names, costs the parser .6 s."""
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
    clean = _without_bad_references(clean_controls(text) if may_hold_forbidden(written) else text)
    levels = deepest(written if clean is text else _utf_8(clean))
    clean = _with_short_tags(clean)
    flat = _flattened(clean) if levels > _MOST_LEVELS else clean
    return Decoded(text=flat, encoding=encoding, flattened=flat != clean, cut=cut)


def _utf_8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _with_short_tags(text: str) -> str:
    """The text with its endless tags cut after more parts than any real one has."""
    if len(text) > _COULD_HOLD_MANY and any(map(_excess, _WHOLE_TAG.findall(text))):
        return _WHOLE_TAG.sub(lambda tag: tag[0][: _excess(tag[0])], text)
    return text


def _excess(tag: str) -> int | None:
    """Where a tag's parts become too many; None where they do not."""
    if len(tag) <= _MOST_PARTS:
        return None
    first = next(islice(_PARTING.finditer(tag), _MOST_PARTS, None), None)
    return first.start() if first else None


def clean_controls(text: str) -> str:
    """The text without characters that no text has."""
    return FORBIDDEN.sub("", text)


def _without_bad_references(text: str) -> str:
    """The text without numeric references to characters that no text has."""
    if "&#" not in text:
        return text
    found = {match[0]: match for match in _REFERENCE.finditer(text)}
    bad = any(_kept_reference(match) != written for written, match in found.items())
    return _REFERENCE.sub(_kept_reference, text) if bad else text


def _kept_reference(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    if code in (0x0A, 0x0D, 0x09):
        return " "
    if code > 0x10FFFF or (FORBIDDEN.match(chr(code)) and not 0x80 <= code < 0xA0):
        return ""
    return match[0]


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

"""A page's bytes made text once and rightly: charset, control characters, runaway nesting; knows no layout."""

import codecs
import re
from collections.abc import Iterator

import numpy as np
from attrs import frozen
from resiliparse.parse.encoding import detect_encoding

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_FORBIDDEN = "\x00-\x08\x0b\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff"
"""No text has these: C0 controls, noncharacters, lone surrogates, and bidi controls that reorder what stands around."""
_CONTROLS = re.compile(f"[{_FORBIDDEN}]")
_UNITS = np.zeros(0x10000, dtype=bool)
_UNITS[[found.start() for found in _CONTROLS.finditer("".join(map(chr, range(0x10000))))]] = True
"""Which UTF-16 units the forbidden characters have; either half of a character beyond the BMP is one too."""
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));?")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*+)[^<>]*+>")
_TAG_START = re.compile(r"<(/?[a-zA-Z][^\s/<>]*)")
_VOID = frozenset(
    (
        "area base br col embed hr img input link meta param source track wbr p li dt dd td th tr tbody thead tfoot "
        "option path circle rect use polygon line ellipse stop"
    ).split()
)
"""Tags that open no lasting level: empty ones, and those whose end tag HTML supplies."""
_MOST_LEVELS = 180
"""Real pages stay below 120; lxml drops what is below 255, and a parser's time grows with the square of the depth."""
_MOST_CHARS = 4_000_000
"""Characters of HTML that are read: the longest captured pages have a quarter of that."""
_LONG = 4000
_LONG_TAG = re.compile(rf"\A[a-zA-Z][^>]{{{_LONG},}}>")
_MOST_ATTRIBUTES = 200
"""Parts of a tag parted by white space: a parser's time grows with the square of their number."""
_SHORT = 2_000
"""Characters: below this a pattern is as fast as a table."""
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
    text = _without_bad_references(clean_controls(text[:_MOST_CHARS]))
    text, flattened = _flattened(_with_short_tags(text))
    return Decoded(text=text, encoding=encoding, flattened=flattened, cut=cut)


def _with_short_tags(text: str) -> str:
    """The text with its endless tags cut after as many attributes as any real one has."""
    kept, written = [], 0
    for start, stop in _long_runs(text):
        kept += [text[written:start], _LONG_TAG.sub(_shortened, text[start:stop], 1)]
        written = stop
    return "".join(kept) + text[written:] if kept else text


def _long_runs(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) from behind a `<` to the next one, where neither it nor a `>` comes for _LONG; found by leaps."""
    place = 0
    while place + _LONG < len(text):
        last = max(text.rfind(bracket, place, place + _LONG) for bracket in "<>")
        if last >= 0:
            place = last + 1
            continue
        stop = text.find("<", place + _LONG)
        stop = len(text) if stop < 0 else stop
        if text[place - 1 : place] == "<" and stop - place > _LONG:
            yield place, stop
        place = stop


def _shortened(tag: re.Match[str]) -> str:
    parts = tag[0].split(None, _MOST_ATTRIBUTES)
    return " ".join(parts[:_MOST_ATTRIBUTES]) + ">" if len(parts) > _MOST_ATTRIBUTES else tag[0]


def clean_controls(text: str) -> str:
    """The text without characters that no text has."""
    if len(text) < _SHORT:
        return _CONTROLS.sub("", text)
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    return _CONTROLS.sub("", text) if _UNITS.take(units).any() else text


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
    if code > 0x10FFFF or (_CONTROLS.match(chr(code)) and not 0x80 <= code < 0xA0):
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


class _Steps(dict[str, int]):
    """How a tag's start changes the depth; what is not listed opens a level."""

    def __missing__(self, tag: str) -> int:
        name = tag.lower()
        return 0 if name.removeprefix("/") in _VOID else -1 if name.startswith("/") else 1


_USUAL = "a div span ul script svg i button style section article h1 h2 h3 h4 g em strong noscript form nav"
_STEPS = _Steps({mark + tag: step for tag in _USUAL.split() for mark, step in (("", 1), ("/", -1))})
_STEPS |= {mark + tag: 0 for tag in _VOID for mark in ("", "/")}


def _deepest(text: str) -> int:
    """The greatest number of open levels; an end tag that ends none counts for nothing."""
    steps = np.fromiter(map(_STEPS.__getitem__, _TAG_START.findall(text)), dtype=np.int64)
    depths = np.cumsum(steps)
    return int((depths - np.minimum.accumulate(np.minimum(depths, 0))).max(initial=0))


def _flattened(text: str) -> tuple[str, bool]:
    """The page with tags deeper than any real page's taken out, text kept."""
    if _deepest(text) <= _MOST_LEVELS:
        return text, False
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        if match[2].lower() in _VOID:
            return match[0]
        if match[1]:
            depth = max(0, depth - 1)
            return match[0] if depth < _MOST_LEVELS else " "
        depth += 1
        return match[0] if depth <= _MOST_LEVELS else " "

    kept = _TAG.sub(keep, text)
    return kept, kept != text

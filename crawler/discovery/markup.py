"""Walks the items of an XML source without ever raising; entities off, no network, bounded in size and depth."""

import re
import zlib
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from attrs import frozen
from lxml import etree
from resiliparse.parse.encoding import bytes_to_str, detect_encoding

MAX_BYTES = 50 * 2**20
"""The sitemap protocol's limit for one file, decompressed; what lies beyond is not read."""
MAX_REPAIR_BYTES = 8 * 2**20
"""A broken document is mended this far: mending holds several copies in memory."""
_MAX_MEMBERS = 16
"""Gzip members of one file: each costs a copy of the rest, and no outlet was seen with more than one."""
_CHUNK_BYTES = 2**16
MAX_PARTS = 5_000
"""Children of one item that are looked at: the image extension allows 1,000 of its own."""

_GZIP = b"\x1f\x8b\x08"
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|(\d{1,7}));")
_BAD_CHARACTER = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARED = re.compile(rb"<\?xml[^>]{1,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")

T = TypeVar("T")
Element = Any
"""An lxml element: lxml ships no types."""


@frozen(kw_only=True)
class Walked(Generic[T]):
    """What the items gave, in order."""

    values: tuple[T, ...] = ()
    root: str | None = None
    """Local name of the root element; None where the document broke before it could be known."""
    scope: Element = None
    """The last item's parent, which holds what is said of all items; None without an item."""
    problem: str | None = None


def plain(body: bytes) -> tuple[bytes, str | None]:
    """The bytes with gzip undone, and what went wrong. Gzip is known by its magic: names lie both ways."""
    problem = None
    for _ in range(2):  # a server that compresses what was compressed already
        if not body.startswith(_GZIP):
            break
        body, problem = _gunzipped(body)
    if len(body) > MAX_BYTES:
        return body[:MAX_BYTES], f"more than {MAX_BYTES >> 20} MiB: the rest was left"
    return body, problem


def _gunzipped(body: bytes) -> tuple[bytes, str | None]:
    out = bytearray()
    for _ in range(_MAX_MEMBERS):
        member = zlib.decompressobj(wbits=31)
        try:
            while not member.eof and len(out) <= MAX_BYTES:
                piece = member.decompress(body, _CHUNK_BYTES)
                body = member.unconsumed_tail
                out += piece
                if not piece and not member.eof:
                    return bytes(out), "gzip cut short"
        except zlib.error as error:
            return bytes(out), f"broken gzip: {error}"
        body = member.unused_data
        if not body.startswith(_GZIP):
            return bytes(out), None
    return bytes(out), f"more than {_MAX_MEMBERS} gzip members: the rest was left"


def local(element: Element) -> str:
    """The element's name without its namespace."""
    tag = getattr(element, "tag", None)  # a comment's is a function; a mended document may have no root at all
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def text_of(element: Element) -> str:
    """All text of an element; entities that the document defines itself stay unread."""
    return "".join(element.itertext())


def walk(body: bytes, names: tuple[str, ...], limit: int, take: Callable[[Element], T]) -> Walked[T]:
    """Reads items by local name, at most `limit`; a document that does not parse is mended and read once more."""
    strict = _pass(body, names, limit, take, mended=False)
    if strict.problem is None or len(strict.values) >= limit:
        return strict
    mended = _pass(_mended(body, names), names, limit, take, mended=True)
    best = mended if len(mended.values) > len(strict.values) else strict
    return Walked(values=best.values, root=best.root, scope=best.scope, problem=strict.problem)


def _pass(body: bytes, names: tuple[str, ...], limit: int, take: Callable[[Element], T], *, mended: bool) -> Walked[T]:
    parser = etree.XMLPullParser(
        events=("end",),
        tag=[f"{{*}}{name}" for name in names],
        recover=mended,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    values: list[T] = []
    scope = root = problem = None
    for start in range(0, len(body) + 1, _CHUNK_BYTES):
        try:
            if piece := body[start : start + _CHUNK_BYTES]:
                parser.feed(piece)
            if start + _CHUNK_BYTES > len(body):
                root = local(parser.close())
        except etree.XMLSyntaxError as error:
            problem = f"broken XML: {error.msg}"
        for _, item in parser.read_events():
            if len(values) == limit:
                return Walked(values=tuple(values), scope=scope, problem=f"more than {limit} items: the rest was left")
            values.append(take(item))
            scope = item.getparent()
            item.clear(keep_tail=False)
        if problem:
            break
    return Walked(values=tuple(values), root=root, scope=scope, problem=problem)


def _mended(body: bytes, names: tuple[str, ...]) -> bytes:
    """The document up to its last whole item, as UTF-8, without bare ampersands and forbidden characters.

    libxml2's own recovery drops `&b` out of `?a=1&b=2` in silence, and closes an item that was cut short.
    """
    text = _decoded(body[:MAX_REPAIR_BYTES])
    ends = [text.rfind(f"</{name}") for name in names]
    if max(ends) < 0:
        return b""
    text = text[: max(ends)] + text[max(ends) :].partition(">")[0] + ">"
    start = text.find("?>", 0, 400) + 2 if text.lstrip("\ufeff \t\r\n").startswith("<?xml") else text.find("<")
    text = _BAD_CHARACTER.sub("", text[max(start, 0) :])
    head, *sections = text.split("<![CDATA[")
    parts = [_mended_references(head)]
    for section in sections:
        inside, end, outside = section.partition("]]>")
        parts.append(f"<![CDATA[{inside}]]>{_mended_references(outside)}" if end else _mended_references(inside))
    return "".join(parts).encode()


def _mended_references(text: str) -> str:
    return _BARE_AMPERSAND.sub("&amp;", _REFERENCE.sub(_lawful, text))


def _lawful(reference: re.Match[str]) -> str:
    """The character reference, or nothing where XML forbids it: libxml2's recovery lets surrogates through."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return reference[0] if code <= 0x10FFFF and not _BAD_CHARACTER.match(chr(code)) else ""


def _decoded(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    declared = _DECLARED.match(body.lstrip()[:400])
    for name in (declared[1].decode() if declared else "utf-8", "utf-8"):
        try:
            return body.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return str(bytes_to_str(body, detect_encoding(body[:_CHUNK_BYTES]) or "utf-8", errors="replace"))

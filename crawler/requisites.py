"""What a page needs to be seen as it was: pictures, styles and scripts, found in HTML and CSS, asked once.

Reading is pure; `Requisites` decides for a crawl what is still to be asked. They are never read as articles.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from attrs import define, field
from scrapy.settings import BaseSettings
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import select
from tldextract import TLDExtract

from pipelines.capture import Capture
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, instant
from pipelines.errors import PressmarkError
from pipelines.extraction.decoding import decode
from pipelines.rules import RuleBook
from pipelines.urls import host_of
from pipelines.warc.coding import body_of
from pipelines.warc.reader import read_capture

A_PAGE_MAX = 200
"""Requisites of one page: over twice what a heavy news page has of its own."""
KEPT_FOR = timedelta(days=7)
"""A requisite that was captured so recently is not asked again: styles change under their URLs, but seldom."""
CSS_DEPTH_MAX = 3
"""Style sheets that name style sheets."""

_ON, _OFF = ("true", "on", "1"), ("false", "off", "0", "", "none")

_ADDRESS = re.compile(r"""(?i)url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]+))\s*\)|@import\s+(?:"([^"]*)"|'([^']*)')""")
_COMMENT = re.compile(r"(?s)/\*.*?\*/")
_NEEDED = (
    ("img", "src"), ("input[type=image]", "src"), ("script", "src"), ("video", "poster"), ("image", "href"),
    ("link[rel~=stylesheet]", "href"), ("link[rel~=icon]", "href"), ("link[rel~=preload]", "href"),
    ("link[rel~=modulepreload]", "href"), ("body", "background"),
)  # fmt: skip
_SETS = (("img", "srcset"), ("source", "srcset"), ("link", "imagesrcset"))
# The list that the package carries: nothing is downloaded. A host of a shared domain is a party of its own.
_domain = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def in_page(body: bytes, url: str, content_type: str | None) -> list[str]:
    """The URLs that a browser loads to show a page, as far as its HTML tells, in its order."""
    tree = LexborHTMLParser(decode(body, content_type).text or "<html></html>")
    base = tree.css_first("base[href]")
    start = urljoin(url, (base.attributes.get("href") or "") if base else "")
    found: list[str | None] = [node.attributes.get(name) for css, name in _NEEDED for node in tree.css(css)]
    for css, name in _SETS:
        for node in tree.css(css):
            found += (each.split()[0] for each in (node.attributes.get(name) or "").split(", ") if each.strip())
    styles = [node.text() for node in tree.css("style")]
    styles += [node.attributes.get("style") or "" for node in tree.css("[style]")]
    found += (named for style in styles for named in _named(style))
    return _absolute(found, start)


def in_style(body: bytes, url: str, content_type: str | None) -> list[str]:
    """The URLs that a style sheet names: pictures, fonts, further style sheets."""
    return _absolute(_named(decode(body, content_type).text or ""), url)


def in_capture(capture: Capture) -> list[str]:
    """The same of a captured page or style sheet."""
    read = in_style if _is_style(capture) else in_page
    return read(body_of(capture), capture.url, capture.header("content-type"))


def is_first_party(url: str, page_url: str, rules: RuleBook) -> bool:
    """True on the page's host, on one of its registered domain, or on a host of its outlet."""
    host, own = host_of(url), host_of(page_url)
    domain = _domain(own).top_domain_under_public_suffix
    if host == own or (domain and domain == _domain(host).top_domain_under_public_suffix):
        return True
    outlet, whose = rules.outlet_for(page_url), rules.outlet_for(url)
    return outlet is not None and whose is not None and whose.slug == outlet.slug


def missing_requisites(archive: Path, catalogue: Catalogue, rules: RuleBook) -> Iterator[tuple[str, list[str]]]:
    """For each version of an article its URL, and the first party's requisites that the archive has no capture of."""
    v, c = t.versions.c, t.captures.c
    whole = select(c.url, c.warc_file, c.warc_offset).where(c.status < 400)
    held = {row.url: (row.warc_file, row.warc_offset) for row in catalogue.stream(whole)}

    @cache
    def named_by(style_url: str) -> list[str]:
        style = read_capture(archive, *held[style_url])
        return in_capture(style) if _is_style(style) else []

    for row in catalogue.stream(select(v.url, v.warc_file, v.warc_offset).order_by(v.url, v.version)):
        needed = dict.fromkeys(in_capture(read_capture(archive, row.warc_file, row.warc_offset)))
        waiting = list(needed)
        while waiting:
            url = waiting.pop()
            if url in held and ".css" in url:
                waiting += [further for further in named_by(url) if further not in needed]
                needed |= dict.fromkeys(waiting)
        yield row.url, [url for url in needed if url not in held and is_first_party(url, row.url, rules)]


def _is_style(capture: Capture) -> bool:
    return "css" in (capture.header("content-type") or "").lower()


def _named(style: str) -> Iterator[str]:
    for match in _ADDRESS.finditer(_COMMENT.sub("", style)):
        yield next(filter(None, match.groups()), "")


def _absolute(found: "list[str | None] | Iterator[str]", base: str) -> list[str]:
    urls: dict[str, None] = {}
    for written in found:
        try:
            url = urljoin(base, (written or "").strip()).partition("#")[0]
            if written and urlsplit(url).scheme in ("http", "https") and url != base.partition("#")[0]:
                urls[url] = None
        except ValueError:
            continue
    return list(urls)


@define
class Requisites:
    """What one crawl asks of requisites: those of the first party (or all), once, unless captured lately."""

    catalogue: Catalogue
    rules: RuleBook
    all_parties: bool
    _asked: set[str] = field(factory=set, init=False)

    @classmethod
    def from_settings(cls, settings: BaseSettings, catalogue: Catalogue, rules: RuleBook) -> "Requisites | None":
        """As PAGE_REQUISITES says: None where it is off. Raises PressmarkError where it says neither."""
        said = str(settings.get("PAGE_REQUISITES")).lower()
        if said not in ("all", *_ON, *_OFF):
            raise PressmarkError(f"PAGE_REQUISITES is {said!r}: on, off, or all (of other parties too)")
        return None if said in _OFF else cls(catalogue, rules, said == "all")

    def of(self, capture: Capture) -> list[str]:
        """What is to be asked for a page or style sheet; asked from now on."""
        mine = (url for url in in_capture(capture) if self.all_parties or is_first_party(url, capture.url, self.rules))
        wanted = [url for url in mine if url not in self._asked and not self._is_held(url, capture)][:A_PAGE_MAX]
        self._asked.update(wanted)
        return wanted

    def _is_held(self, url: str, page: Capture) -> bool:
        c = t.captures.c
        lately = instant(page.captured_at - KEPT_FOR)
        held = select(c.record_id).where(c.url == url, c.status < 400, c.ended == "complete", c.captured_at >= lately)
        return self.catalogue.scalar(held.limit(1)) is not None

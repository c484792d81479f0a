"""Captured pages at their own addresses: folders of real pages, read from disk when asked for, and a list of all."""

import gzip
import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from attrs import frozen
from w3lib.url import canonicalize_url, safe_url_string

from newsstand.messages import Request, Response, text

LISTING = "http://newsstand.test/pages.txt"
"""One URL a line."""
FEED_HOST = "newsstand.test"
"""A feed that does not say its own address is served at `http://newsstand.test/feeds/<file name>`."""


class BadPages(Exception):
    """A folder that holds no captured pages, or an index that cannot be read."""


@frozen(kw_only=True)
class CapturedPage:
    """One file behind one URL."""

    url: str
    path: Path
    content_type: str

    def __call__(self, request: Request) -> Response:
        """The file's bytes, unpacked; its charset is the page's own to say."""
        body = self.path.read_bytes()
        if self.path.suffix == ".gz":
            body = gzip.decompress(body)
        return Response(content_type=self.content_type, body=body, tagged=True)


def captured_pages(folders: Iterable[Path]) -> dict[str, Callable[[Request], Response]]:
    """What answers each captured URL, over https and over http, and the listing. Raises BadPages."""
    pages: dict[str, CapturedPage] = {}
    for folder in folders:
        found = list(_pages(folder))
        if not found:
            raise BadPages(f"{folder}: no gold.jsonl, pages.jsonl or feeds in it")
        for page in found:
            if _HTTP.fullmatch(page.url):
                pages.setdefault(page.url, page)
    answers: dict[str, Callable[[Request], Response]] = {}
    for spell in _SPELLINGS:
        for page in pages.values():
            for scheme in ("https", "http"):
                answers.setdefault(f"{scheme}://{spell(page.url)}", page)
    listing = text("".join(f"{url}\n" for url in pages))
    answers[LISTING] = lambda request: listing
    return answers


def _as_given(url: str) -> str:
    """Host and the rest, without scheme and fragment, with a path at least."""
    match = _HTTP.fullmatch(url)
    if match is None:
        raise ValueError(f"no http(s) URL: {url!r}")
    host, rest = match[1].lower(), match[2]
    return host + (rest if rest.startswith("/") else f"/{rest}")


_HTTP = re.compile(r"https?://([^/?#\s]+)([^#]*)(?:#.*)?")
_SPELLINGS: tuple[Callable[[str], str], ...] = (
    _as_given,
    lambda url: _as_given(safe_url_string(url)),
    lambda url: _as_given(canonicalize_url(url)),
    lambda url: _as_given(safe_url_string(url)).partition("?")[0],
)
"""How a client may write a page's address, the closest first: as it is, escaped, query in order, without its query."""


def _pages(folder: Path) -> Iterable[CapturedPage]:
    for name in ("gold.jsonl", "pages.jsonl"):
        index = folder / name
        if index.is_file():
            yield from _indexed(index)
    feeds = folder if folder.name == "feeds" else folder / "feeds"
    for path in sorted(feeds.glob("*.xml*")):
        yield CapturedPage(url=_feed_url(path), path=path, content_type="application/xml")


def _indexed(index: Path) -> Iterable[CapturedPage]:
    for number, line in enumerate(filter(None, index.read_text("utf-8").split("\n")), 1):
        try:
            row: Mapping[str, str] = json.loads(line)
            path = index.parent / row["file"]
            url = row["url"].strip()
        except (ValueError, KeyError, TypeError) as error:
            raise BadPages(f"{index}, line {number}: no JSON object with file and url") from error
        if not path.is_file():
            raise BadPages(f"{index}, line {number}: no file {row['file']}")
        yield CapturedPage(url=url, path=path, content_type="text/html")


def _feed_url(path: Path) -> str:
    """The address that a feed gives as its own, else one of ours."""
    start = path.read_bytes()[:4000]
    match = re.search(rb'<atom:link href="([^"]+)" rel="self"', start)
    named = match[1].decode().replace("&#038;", "&").replace("&amp;", "&") if match else ""
    return named if named.startswith("http") else f"http://{FEED_HOST}/feeds/{path.name}"

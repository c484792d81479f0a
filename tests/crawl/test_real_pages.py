"""Captured pages and feeds of real sites, served at their own URLs and crawled; they lie beside the project."""

import gzip
import json
import ssl
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from crawler.discovery.feed import read_feed
from crawler.discovery.found import Found
from crawler.discovery.sitemap import read_sitemap
from newsstand.captured import captured_pages
from newsstand.server import Newsstand
from newsstand.world import World
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, open_engine
from tests.crawl.conftest import ROOT, run_scrapy

PAGES = ROOT.parent / "shared" / "pages"
pytestmark = pytest.mark.skipif(not PAGES.is_dir(), reason="the captured pages do not lie beside the project")
ALTERNATE = "{http://www.w3.org/1999/xhtml}link"


@pytest.fixture(scope="module")
def served() -> Iterator[Newsstand]:
    captured = captured_pages([PAGES / "outlets", PAGES])
    with Newsstand(World(articles=1, days=1, past=False), captured=captured) as newsstand:
        yield newsstand


def address_of(path: Path) -> str:
    """Where the newsstand serves a captured file."""
    captured = captured_pages([PAGES])
    return next(url for url, page in captured.items() if getattr(page, "path", None) == path)


def fetch(newsstand: Newsstand, url: str) -> bytes:
    proxy = f"http://127.0.0.1:{newsstand.port}"
    context = ssl.create_default_context(cafile=str(newsstand.ca_file))
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({"http": proxy, "https": proxy}), urllib.request.HTTPSHandler(context=context)
    )
    with opener.open(url, timeout=20) as answer:
        body: bytes = answer.read()
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def test_every_real_page_is_kept_and_read(served: Newsstand, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in (PAGES / "outlets" / "pages.jsonl").read_text("utf-8").splitlines()]
    urls = tmp_path / "urls.txt"
    urls.write_text("".join(f"{row['url']}\n" for row in rows))
    ran = run_scrapy(served.environment(), tmp_path / "archive", "crawl", "urls", "-a", f"urls={urls}", "--json")
    assert ran.status == 0, ran.err
    assert (ran.json["kept"], ran.json["rejected"], ran.json["failed"]) == (len(rows), {}, {})
    catalogue = Catalogue(open_engine(f"sqlite:///{tmp_path / 'archive' / 'catalogue.sqlite'}"))
    kept = catalogue.rows(select(t.versions))
    assert len(kept) == len(rows)
    assert all(row.headline and row.published_at and row.language and len(row.body) > 300 for row in kept)


@pytest.mark.parametrize("path", sorted((PAGES / "feeds").glob("*.xml")), ids=lambda path: path.name)
def test_a_served_feed_gives_the_leads_that_an_xml_tool_counts(path: Path, served: Newsstand) -> None:
    url = address_of(path)
    root = ElementTree.fromstring(path.read_bytes())
    read: Callable[[bytes, str], Found] = read_feed if root.tag == "rss" else read_sitemap
    found = read(fetch(served, url), url)
    assert found.problem is None
    entries = root.findall(".//item") if root.tag == "rss" else list(root)
    assert len(found.leads) == len(entries)
    assert sum(len(lead.alternates) for lead in found.leads) == len(root.findall(f".//{ALTERNATE}"))
    dated = [lead for lead in found.leads if lead.published_at or lead.modified_at]
    assert len(dated) == sum(
        1 for entry in entries if any(child.tag.endswith(("lastmod", "pubDate")) for child in entry)
    )

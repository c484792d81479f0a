"""The captured feeds and sitemaps give every URL they name, checked against counts that a plain XML tool takes."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from crawler.discovery.feed import read_feed
from crawler.discovery.found import Found
from crawler.discovery.sitemap import read_sitemap
from pipelines.urls import normalised_url

FEEDS = Path(__file__).parents[2].parent / "shared" / "pages" / "feeds"
FILES = sorted(FEEDS.glob("*.xml")) if FEEDS.is_dir() else []
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

pytestmark = pytest.mark.skipif(not FILES, reason="the captured feeds lie beside the project, in ../shared")


def read(file: Path) -> tuple[ElementTree.Element, Found]:
    root = ElementTree.parse(file).getroot()
    reader = read_feed if root.tag == "rss" else read_sitemap
    return root, reader(file.read_bytes(), "https://outlet.example/source.xml")


def links(root: ElementTree.Element) -> list[str]:
    if root.tag == "rss":
        return [item.findtext("link") or "" for item in root.iter("item")]
    return [node.findtext(f"{SITEMAP}loc") or "" for node in root if node.tag in (f"{SITEMAP}url", f"{SITEMAP}sitemap")]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_url_is_a_lead_in_the_same_order(file: Path) -> None:
    root, found = read(file)
    assert found.problem is None
    assert [lead.url for lead in found.leads] == [normalised_url(link) for link in links(root)]
    assert found.leads


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_date_is_read(file: Path) -> None:
    root, found = read(file)
    stated = sum(1 for _ in root.iter(f"{SITEMAP}lastmod")) + sum(
        1 for _ in root.iter("{http://purl.org/dc/terms/}modified")
    )
    assert sum(lead.modified_at is not None for lead in found.leads) == stated
    assert sum(lead.published_at is not None for lead in found.leads) == sum(1 for _ in root.iter("pubDate"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_alternate_is_kept(file: Path) -> None:
    root, found = read(file)
    stated = sum(1 for _ in root.iter("{http://www.w3.org/1999/xhtml}link"))
    assert sum(len(lead.alternates) for lead in found.leads) == stated
    if stated:
        assert {lead.language for lead in found.leads} >= {"uk", "ru", "en"}


def test_headlines_sections_and_the_language_of_a_feed_are_read() -> None:
    for file in (file for file in FILES if "rss" in file.name):
        root, found = read(file)
        language = root.findtext("channel/language")
        assert all(lead.headline and lead.section and lead.language == language for lead in found.leads)
        assert not any("&" in (lead.headline or "").replace("& ", "") for lead in found.leads)


def test_a_sitemap_index_names_sources() -> None:
    (file,) = (file for file in FILES if "sitemap-archive" in file.name)
    _, found = read(file)
    assert len(found.leads) == 309
    assert all(lead.is_source for lead in found.leads)

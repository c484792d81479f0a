"""With PAGE_REQUISITES what kept pages need is captured too: first party, once, politely, and never as an article."""

from collections import Counter
from itertools import pairwise

import pytest
from scrapy.settings import Settings
from sqlalchemy import select

from crawler.places import RULES_FOLDER
from crawler.requisites import Requisites, in_page, in_style
from newsstand.world import World
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, catalogue_url, open_engine
from pipelines.errors import PressmarkError
from pipelines.rules import load_rules
from tests.replay.conftest import Crawled

pytestmark = pytest.mark.xdist_group("replay")

PAGE = b"""<html><head><base href="/base/"><link rel="stylesheet" href="a.css"><link rel="icon" href="/i.png">
<link rel="alternate" href="other.html">
<style>p { background: url('p.png') }</style><script src="//cdn.example/x.js"></script>
</head><body><img src="b.jpg#part" srcset="c.jpg 1x, d.jpg 2x"><img src="data:image/png;base64,AA">
<a href="e.html">e</a>
<div style="background-image: url(f.png)"></div><picture><source srcset="g.webp 600w"></picture><img src="">
<img src="https://[broken"></body></html>"""


def test_a_page_names_what_a_browser_loads_for_it() -> None:
    found = {url.removeprefix("https://a.example/") for url in in_page(PAGE, "https://a.example/x/y", None)}
    assert found == {
        "base/a.css", "i.png", "base/p.png", "https://cdn.example/x.js", "base/b.jpg", "base/c.jpg", "base/d.jpg",
        "base/f.png", "base/g.webp",
    }  # fmt: skip


def test_a_style_sheet_names_pictures_fonts_and_style_sheets() -> None:
    style = b"""@import "a.css"; @import url('b.css') print; /* url(no.png) */ @font-face { src: url(f.woff2) }
    p { background: url( "c.png" ); content: url(data:image/png;base64,AA) }"""
    names = [url.rpartition("/")[2] for url in in_style(style, "https://a.example/css/x.css", "text/css")]
    assert names == ["a.css", "b.css", "f.woff2", "c.png"]


@pytest.mark.parametrize(
    ("said", "all_parties"), [(True, False), ("true", False), ("all", True), (False, None), ("0", None)]
)
def test_the_setting_is_on_off_or_all(said: object, all_parties: bool | None, bare: Crawled) -> None:
    catalogue = catalogue_of(bare)
    made = Requisites.from_settings(Settings({"PAGE_REQUISITES": said}), catalogue, load_rules(RULES_FOLDER))
    assert (made and made.all_parties) is all_parties
    with pytest.raises(PressmarkError, match="PAGE_REQUISITES"):
        Requisites.from_settings(Settings({"PAGE_REQUISITES": "some"}), catalogue, load_rules(RULES_FOLDER))
    catalogue.close()


def catalogue_of(crawled: Crawled) -> Catalogue:
    return Catalogue(open_engine(catalogue_url(crawled.archive)))


def test_requisites_are_captured_with_their_role_and_stay_out_of_coverage(
    complete: Crawled, world_urls: set[str]
) -> None:
    catalogue = catalogue_of(complete)
    c = t.captures.c
    rows = catalogue.rows(select(c.url, c.status, c.outlet).where(c.role == "requisite"))
    assert {row.status for row in rows} == {200}
    assert {"/static/page.css", "/static/page.js", "/static/print.css", "/img/paper.png"} <= {
        row.url.partition("pravda.com.ua")[2] for row in rows
    }
    assert any(row.url.startswith("https://uimg.pravda.com.ua/") for row in rows)
    covered = {row.url for row in catalogue.rows(select(t.coverage.c.url))}
    catalogue.close()
    assert covered & {row.url for row in rows} == set()
    assert covered == world_urls


@pytest.fixture
def world_urls(small_world: World) -> set[str]:
    outlets = ("ukrpravda", "interfax_ukraine", "thehill", "news_zox")
    return {each.url for each in small_world.all() if each.outlet in outlets}


def test_each_requisite_is_asked_once_and_other_parties_are_not(complete: Crawled) -> None:
    times = Counter(entry.url for entry in complete.asked)
    assert {url: n for url, n in times.items() if n > 1 and "/static/" in url} == {}
    hosts = {entry.host for entry in complete.asked}
    assert not any("google" in host or "taboola" in host for host in hosts)


def test_delays_hold_for_requisites_too(complete: Crawled) -> None:
    spans: dict[str, list[tuple[float, float]]] = {}
    for entry in complete.asked:
        spans.setdefault(entry.host, []).append((entry.started_s, entry.ended_s))
    for times in spans.values():
        assert all(later[0] >= earlier[1] for earlier, later in pairwise(sorted(times)))


def test_articles_are_the_same_with_and_without(complete: Crawled, bare: Crawled) -> None:
    def texts(crawled: Crawled) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in crawled.archive.glob("text/**/*.txt")}

    assert texts(complete) == texts(bare)
    catalogue = catalogue_of(bare)
    assert catalogue.count(t.captures, t.captures.c.role == "requisite") == 0
    catalogue.close()


def test_an_archive_with_requisites_has_no_defect(complete: Crawled) -> None:
    verified = complete.scrapy("verify")
    assert verified.status == 0, verified.out


def test_robots_txt_holds_for_requisites(complete: Crawled) -> None:
    asked = [entry.url for entry in complete.asked]
    for host in {entry.host for entry in complete.asked}:
        mine = [url for url in asked if url.split("/")[2] == host]
        assert mine[0].endswith("/robots.txt")

"""The pages behind the seeds: their text is the seed, byte for byte, in the outlet's own layout."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from lxml import html
from resiliparse.extract.html2text import extract_plain_text

from newsstand.messages import Request
from newsstand.seeds import BadSeed, pinned_seeds
from newsstand.sites import sites_by_host
from newsstand.sites.mainroad import markdown
from newsstand.story import Pinned
from newsstand.world import World

from .conftest import Fetch

URLS = {
    "000": "https://www.pravda.com.ua/eng/news/2025/02/13/7498191/",
    "001": "https://en.interfax.com.ua/news/general/1047915.html",
    "002": "https://primewebinargroup.example/no-betrayal-in-trump-move-toward-ukraine-war-negotiations-hegseth-says/",
    "003": "https://example-syndicator.test/trumps-peace-push-not-a-betrayal-of-ukraine-says-us-defence-secretary/",
    "004": "https://thehill-mirror.example/post/hegseth-no-betrayal/",
}


def seed_text(seeds: Path, index: str) -> str:
    return next(seeds.glob(f"{index}_*.txt")).read_text("utf-8").rstrip("\n")


@pytest.fixture(scope="module")
def pinned(seeds: Path) -> dict[str, Pinned]:
    return {page.published.url: page for page in pinned_seeds(seeds)}


@pytest.mark.parametrize("index", ["000", "001", "002", "003"])
def test_the_pages_text_is_the_seed_byte_for_byte(seeds: Path, fetch: Fetch, index: str) -> None:
    seed = seed_text(seeds, index)
    prefix = re.match(r" date \d{4}-\d\d-\d\d |", seed)
    assert prefix is not None
    told = extract_plain_text(fetch(URLS[index]).text)
    assert prefix[0] + told.rstrip("\n") == seed


def test_the_pages_do_not_vary_from_request_to_request(seeds: Path, fetch: Fetch) -> None:
    for url in URLS.values():
        assert fetch(url).body == fetch(url).body


def test_the_markdown_source_is_the_seed_itself(seeds: Path, fetch: Fetch, pinned: dict[str, Pinned]) -> None:
    answer = fetch(f"{URLS['004']}index.md")
    assert answer.headers["Content-Type"].startswith("text/markdown")
    assert answer.text.rstrip("\n") == seed_text(seeds, "004")
    assert markdown(pinned[URLS["004"]].published).rstrip("\n") == seed_text(seeds, "004")


def test_known_classes_tell_the_article_from_what_stands_around_it(
    seeds: Path, fetch: Fetch, pinned: dict[str, Pinned]
) -> None:
    layouts = {
        "000": ("h1.post_title", "div.post_text", ".advtext_mob"),
        "001": ("h1.article-content-title", "div.article-content", "none"),
        "002": ("h1.zox-post-title", "div.zox-post-body", "none"),
        "003": ("h1.entry-title", "div.entry-content", "none"),
        "004": ("h1.post__title", "div.post__content", "none"),
    }
    for index, (headline, container, strip) in layouts.items():
        draft = pinned[URLS[index]].published.draft
        tree = html.fromstring(fetch(URLS[index]).text)
        (title,), (body,) = tree.cssselect(headline), tree.cssselect(container)
        assert title.text_content() == draft.headline
        for element in body.cssselect(strip):
            element.drop_tree()
        told = [block.text_content().strip(" \xa0") for block in body.cssselect("p, li, h3")]
        wanted = [draft.standfirst, *(part.text for part in draft.parts)]
        assert told[: len(wanted)] == wanted
        assert len(told) - len(wanted) == {"000": 1, "002": 1, "004": 1}.get(index, 0)  # patrons, origin, origin


def test_the_facts_are_those_that_the_seeds_state(pinned: dict[str, Pinned]) -> None:
    def stated(index: str) -> tuple[str, tuple[str, ...], str | None, int]:
        article = pinned[URLS[index]].published
        return f"{article.published_at:%Y-%m-%dT%H:%M%z}", article.authors, article.section, len(article.draft.tags)

    assert stated("000") == ("2025-02-13T10:45+0200", ("Iryna Kutielieva", "Iryna Balachuk"), None, 4)
    assert stated("001") == ("2025-02-13T12:23+0200", (), "Facts", 0)
    assert stated("002")[1:] == ((), "Politics", 0)
    assert stated("003")[1:] == ((), None, 0)
    assert [page.published.dated for _, page in sorted(pinned.items())].count(False) == 2
    assert stated("004") == ("2025-02-14T00:31+0000", (), None, 1)


def test_a_page_without_a_date_names_none(seeds: Path, fetch: Fetch) -> None:
    for index in ("002", "003"):
        assert "2025-0" not in fetch(URLS[index]).text
        assert "datePublished" not in fetch(URLS[index]).text


def test_the_outlets_sources_name_the_seeds(seeds: Path, fetch: Fetch) -> None:
    assert URLS["000"] in fetch("https://www.pravda.com.ua/sitemap/sitemap-2025-02.xml.gz").text
    assert (
        URLS["000"].removeprefix("https://www.pravda.com.ua")
        in fetch("https://www.pravda.com.ua/eng/news/date_13022025/").text
    )
    assert "/news/general/1047915.html" in fetch("https://en.interfax.com.ua/news/general.html").text + "".join(
        fetch(f"https://en.interfax.com.ua/news/general-{number}.html").text for number in (2, 3)
    )
    assert URLS["002"] in fetch("https://primewebinargroup.example/post-sitemap.xml").text
    assert URLS["003"] in fetch("https://example-syndicator.test/wp-sitemap-posts-post-1.xml").text
    assert URLS["003"] in fetch("https://example-syndicator.test/wp-json/wp/v2/posts?per_page=100").text
    assert URLS["004"] in fetch("https://thehill-mirror.example/index.xml").text


def test_a_seed_is_not_there_before_it_was_published(pinned: dict[str, Pinned]) -> None:
    world = World(articles=10, pinned=list(pinned.values()))
    site = sites_by_host(world)["thehill-mirror.example"]

    def status(url: str, at: datetime) -> int:
        return site.answer(Request(method="GET", url=url, headers={}, number=1, at=at)).status

    published = pinned[URLS["004"]].published.published_at
    for url in (URLS["004"], f"{URLS['004']}index.md"):
        assert status(url, published - timedelta(seconds=1)) == 404
        assert status(url, published) == 200


def test_a_file_of_another_shape_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "000_0000000000000000.txt").write_text("nothing of the kind\n")
    with pytest.raises(BadSeed, match="000_0000000000000000"):
        pinned_seeds(tmp_path)

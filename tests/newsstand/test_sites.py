"""The sites tell the world's truth: each page holds its article in the layout's classes, and no article is unnamed."""

import gzip
import json
import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

import pytest
from attrs import frozen
from lxml import etree, html

from newsstand.sites.markup import whole_body
from newsstand.story import Published
from newsstand.world import World

from .conftest import Fetch

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@frozen(kw_only=True)
class Layout:
    """Where a layout holds what, by CSS; `time` is how it prints the instant, by strftime in the outlet's zone."""

    headline: str
    container: str
    strip: str
    when: str
    time: str
    authors: str | None = None
    section: str | None = None
    tags: str | None = None


_PRAVDA_STRIP = ".advtext, .advtext_mob, .nts-ad, .nts-video-wrapper, .image-box"
LAYOUTS = {
    ("ukrpravda", "2015"): Layout(
        headline="h1.post_news__title", container=".post_news__text", strip=_PRAVDA_STRIP, when=".post_news__date",
        time="%Y, %H:%M", authors=".post_news__author a", tags="span.post__tags__item",
    ),
    ("ukrpravda", "2020"): Layout(
        headline="article.post h1.post_title", container="div.post_text", strip=_PRAVDA_STRIP, when=".post_time",
        time="%Y, %H:%M", authors="span.post_author a", tags="span.post_tags_item",
    ),
    ("ukrpravda", "2025-news"): Layout(
        headline="article.post_news h1.post_news_title", container="div.post_news_text", strip=_PRAVDA_STRIP,
        when=".post_news_date", time=", %H:%M", authors=".post_news_author a", tags=".post_news_tags a",
    ),
    ("ukrpravda", "2026-article"): Layout(
        headline="article.post_article h1.post_article_title", container="div.post_article_text", strip=_PRAVDA_STRIP,
        when=".post_author_date", time=", %H:%M", authors=".post_author_name", tags=".post_news_tags a",
    ),
    ("interfax_ukraine", "2022"): Layout(
        headline="h1.article-content-title", container="article.article-content-view div.article-content",
        strip=".banner-in-article", when="article .article-time", time="%H:%M %d.%m.%Y",
        section="h3.category-title > a",
    ),
    ("example_syndicator", "wordpress"): Layout(
        headline="h1.entry-title", container=".entry-content", strip=".ad-slot, .sharedaddy, .jp-relatedposts",
        when="time.entry-date", time=", %Y", authors=".byline .author", section=".cat-links a", tags=".tags-links a",
    ),
    ("thehill", "wordpress"): Layout(
        headline="h1.page-title", container=".article__text", strip=".ad-unit, .hardwall, aside",
        when=".submitted-by", time="%m/%d/%y", authors=".submitted-by", tags=".tags__item", section=".breadcrumbs a",
    ),
    ("thehill", "drupal"): Layout(
        headline="h1#page-title", container="article.node-article .field-name-body", strip=".dfp-tag-wrapper",
        when=".submitted-date", time="%m/%d/%y %I:%M %p EST", authors=".submitted-by", tags=".article-tags a",
    ),
    ("primewebinargroup", "zoxpress"): Layout(
        headline=".zox-auto-post-main > article:first-child h1.zox-post-title",
        container=".zox-auto-post-main > article:first-child div.zox-post-body", strip=".zox-post-ad-wrap",
        when=".zox-auto-post-main > article:first-child time[itemprop=datePublished]", time=", %Y",
        authors=".zox-auto-post-main > article:first-child .zox-author-name a",
        section=".zox-auto-post-main > article:first-child h3.zox-post-cat",
    ),
    ("news_zox", "zoxnews"): Layout(
        headline="#mvp-post-main h1.mvp-post-title", container="#mvp-content-main", strip=".mvp-widget-ad",
        when="time[itemprop=datePublished]", time=", %Y", authors=".author-name a", section="h3.mvp-post-cat",
    ),
    ("thehill_mirror", "mainroad"): Layout(
        headline="article.post h1.post__title", container="div.post__content", strip="none",
        when=".meta__item-datetime time", time=", %Y",
    ),
}  # fmt: skip
NOT_TOLD = re.compile(
    r"Читайте також:.*|Читайте также:.*|Read also:.*|Follow UP.*|Підпишіться.*|Подпишитесь.*|.*patron!|.*патроном!"
    r"|This post appeared first on FOX NEWS|thehill"
)


def text_of(element: html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()


def some_of(world: World, outlet: str, era: str) -> list[Published]:
    told = [each for each in world.articles(outlet) if each.era == era and each.draft.event]
    return told[:: max(1, len(told) // 6)]


@pytest.mark.parametrize(("outlet", "era"), LAYOUTS)
def test_a_page_holds_its_article_where_the_layout_has_it(world: World, fetch: Fetch, outlet: str, era: str) -> None:
    layout = LAYOUTS[outlet, era]
    zone = world.newsrooms[outlet].zone
    for article in some_of(world, outlet, era):
        draft = article.draft
        tree = html.fromstring(fetch(article.url).text)
        assert [text_of(each) for each in tree.cssselect(layout.headline)] == [draft.headline]
        assert article.published_at.astimezone(zone).strftime(layout.time) in text_of(tree.cssselect(layout.when)[0])
        (body,) = tree.cssselect(layout.container)
        for element in body.cssselect(layout.strip):
            element.drop_tree()
        blocks = [text_of(each) for each in body.cssselect("p, h2, h3, li")]
        byline = ", ".join(article.authors)
        told = [block for block in blocks if not NOT_TOLD.fullmatch(block) and block != byline]
        wanted = [re.sub(r"\s+", " ", part.text).strip() for part in whole_body(article)]
        assert told == wanted
        assert wanted[0].startswith("WASHINGTON (Reuters) - ") == (article.origin_name == "Reuters")
        links = {link.get("href") for link in body.cssselect("a")}
        wanted_links = {url for part in draft.parts for _, _, url in part.links}
        assert wanted_links <= links or outlet == "primewebinargroup"
        if layout.authors:
            printed = " ".join(text_of(each) for each in tree.cssselect(layout.authors))
            assert all(name in printed for name in article.authors)
            assert bool(article.authors)
        if layout.section:
            assert text_of(tree.cssselect(layout.section)[0]) == article.section
        if layout.tags:
            assert [text_of(each) for each in tree.cssselect(layout.tags)] == list(draft.tags)
        if article.standfirst_apart:
            assert any(
                text_of(each) == draft.standfirst for each in tree.cssselect(".zox-post-excerpt, .mvp-post-excerpt")
            )


@pytest.mark.parametrize(("outlet", "era"), [each for each in LAYOUTS if each[1] != "mainroad"])
def test_what_stands_around_an_article_differs_at_every_request(
    world: World, fetch: Fetch, outlet: str, era: str
) -> None:
    url = some_of(world, outlet, era)[0].url
    assert len({fetch(url).body for _ in range(4)}) > 1


def json_ld(page: str) -> list[dict[str, object]]:
    found = html.fromstring(page).xpath("//script[@type='application/ld+json']/text()")
    return [json.loads(each) for each in found]


def test_pravdas_structured_data_states_the_instant_with_kyivs_offset(world: World, fetch: Fetch) -> None:
    zone = world.newsrooms["ukrpravda"].zone
    for era in ("2020", "2025-news", "2026-article"):
        article = some_of(world, "ukrpravda", era)[0]
        data = json_ld(fetch(article.url).text)[0]
        assert data["datePublished"] == article.published_at.astimezone(zone).isoformat()
        assert str(data["datePublished"]).endswith("+02:00")
        assert data.get("articleSection") == article.section
        assert data["inLanguage"] == article.draft.language
    news = some_of(world, "ukrpravda", "2025-news")[0]
    printed = text_of(html.fromstring(fetch(news.url).text).cssselect(".post_news_date")[0])
    assert str(news.published_at.year) not in printed
    assert printed.startswith("— ")


def test_zoxpress_says_the_instant_twice_with_two_offsets(world: World, fetch: Fetch) -> None:
    article = some_of(world, "primewebinargroup", "zoxpress")[0]
    page = fetch(article.url).text
    (stated,) = html.fromstring(page).xpath("//meta[@property='article:published_time']/@content")
    graph = json_ld(page)[0]["@graph"]
    assert isinstance(graph, list)
    assert stated == article.published_at.isoformat()
    assert graph[0]["datePublished"] == stated.replace("+00:00", "+01:00")
    assert len(html.fromstring(page).cssselect(".zox-auto-post-main > article")) == 3


def test_the_hill_mirror_has_a_markdown_source_beside_each_page(world: World, fetch: Fetch) -> None:
    for article in some_of(world, "thehill_mirror", "mainroad"):
        source = fetch(f"{article.url}index.md").text
        assert source.startswith("---\ntitle: ")
        assert source.endswith(f"\n\n[thehill]({article.origin_url})\n")


def locations(xml: bytes) -> list[str]:
    return [str(each.text) for each in etree.fromstring(xml).iter(f"{SITEMAP}loc")]


def from_sitemap(fetch: Fetch, url: str) -> Iterable[str]:
    """Every page that a sitemap names, its children followed."""
    body = fetch(url).body
    body = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    for place in locations(body):
        yield from from_sitemap(fetch, place) if b"<sitemapindex" in body else [place]


def from_pages(fetch: Fetch, url: str, link: str, onward: str) -> Iterable[str]:
    """Every page that a listing names, its next pages followed."""
    while url:
        tree = html.fromstring(fetch(url).text, base_url=url)
        tree.make_links_absolute()
        yield from (each.get("href") for each in tree.cssselect(link))
        url = next((each.get("href") for each in tree.cssselect(onward)), "")


WP = (".entry-title a", "a.next")
NAMED_BY: dict[str, Callable[[Fetch], Iterable[str]]] = {
    "ukrpravda": lambda fetch: from_sitemap(fetch, "https://www.pravda.com.ua/sitemap/sitemap.xml"),
    "interfax_ukraine": lambda fetch: [
        url
        for host in ("en.interfax.com.ua", "interfax.com.ua")
        for url in from_pages(fetch, f"https://{host}/news/latest.html", "a.article-link", ".pager span + a")
    ],
    "example_syndicator": lambda fetch: from_sitemap(fetch, "https://example-syndicator.test/wp-sitemap.xml"),
    "thehill": lambda fetch: from_sitemap(fetch, "https://thehill.com/sitemap.xml"),
    "primewebinargroup": lambda fetch: from_sitemap(fetch, "https://primewebinargroup.example/sitemap_index.xml"),
    "news_zox": lambda fetch: from_pages(fetch, "https://news-zox.example/", *WP),
    "thehill_mirror": lambda fetch: from_sitemap(fetch, "https://thehill-mirror.example/sitemap.xml"),
}


@pytest.mark.parametrize("outlet", NAMED_BY)
def test_an_outlets_sources_name_every_article_and_no_other(world: World, fetch: Fetch, outlet: str) -> None:
    assert set(NAMED_BY[outlet](fetch)) == {each.url for each in world.articles(outlet)}


def test_pravdas_day_archives_name_the_news_of_their_day(world: World, fetch: Fetch) -> None:
    zone = world.newsrooms["ukrpravda"].zone
    news = [each for each in world.articles("ukrpravda", language="ru") if "/news/" in each.url]
    for article in news[::6]:
        day = article.published_at.astimezone(zone).date()
        page = f"https://www.pravda.com.ua/rus/news/date_{day:%d%m%Y}/"
        named = list(from_pages(fetch, page, ".article_news_list .article_header a", "none"))
        same_day = {each.url for each in news if each.published_at.astimezone(zone).date() == day}
        assert {url for url in named if urlsplit(url).hostname == "www.pravda.com.ua"} == same_day
    assert fetch("https://www.pravda.com.ua/news/date_99999999/").status == 404


def test_a_gzip_sitemap_may_be_plain(fetch: Fetch) -> None:
    archive = locations(fetch("https://www.pravda.com.ua/sitemap/sitemap-archive.xml").body)
    starts = {fetch(url).body[:2] for url in archive}
    assert starts == {b"\x1f\x8b", b"<?"}


@pytest.mark.parametrize("feed", [
    "https://www.pravda.com.ua/rss/", "https://www.pravda.com.ua/eng/rss/view_news/",
    "https://en.interfax.com.ua/news/last.rss", "https://interfax.com.ua/news/general.rss",
    "https://example-syndicator.test/feed/", "https://thehill.com/feed/", "https://thehill.com/policy/defense/feed/",
    "https://primewebinargroup.example/feed/", "https://news-zox.example/feed/",
    "https://thehill-mirror.example/index.xml",
])  # fmt: skip
def test_a_feed_names_the_newest_articles_in_order(world: World, fetch: Fetch, feed: str) -> None:
    answer = fetch(feed)
    tree = etree.fromstring(answer.body)
    known = {each.url: each for each in world.all()}
    told = [known[str(each.text)] for each in tree.iterfind(".//item/link")]
    assert told
    assert [each.draft.headline for each in told] == [each.text for each in tree.iterfind(".//item/title")]
    assert [each.published_at for each in told] == sorted((each.published_at for each in told), reverse=True)
    assert fetch(feed, If_None_Match=answer.headers["ETag"]).status == 304


def test_the_hills_feed_has_co_authors_as_further_creators(fetch: Fetch) -> None:
    tree = etree.fromstring(fetch("https://thehill.com/feed/").body)
    creators = [each.findall("{http://purl.org/dc/elements/1.1/}creator") for each in tree.iterfind(".//item")]
    assert {len(each) for each in creators} >= {1, 2}
    assert any(not each[0].text for each in creators if each)


def test_wordpress_rest_pages_through_all_posts_and_filters_by_time(world: World, fetch: Fetch) -> None:
    base = "https://example-syndicator.test/wp-json/wp/v2/posts"
    first = fetch(f"{base}?per_page=20")
    told = world.articles("example_syndicator")
    assert int(first.headers["X-WP-Total"]) == len(told)
    pages = [
        json.loads(fetch(f"{base}?per_page=20&page={page}").body)
        for page in range(1, int(first.headers["X-WP-TotalPages"]) + 1)
    ]
    assert [post["link"] for page in pages for post in page] == [each.url for each in told]
    since = json.loads(fetch(f"{base}?per_page=100&order=asc&after=2026-01-06T00:00:00").body)
    assert [post["link"] for post in since] == [
        each.url for each in reversed(told) if f"{each.published_at:%Y-%m-%d}" >= "2026-01-06"
    ]
    assert fetch(f"{base}?page=99").status == fetch(f"{base}?per_page=1000").status == 400
    assert json.loads(fetch(f"{base}/{told[0].number}").body)["link"] == told[0].url
    assert fetch(f"https://example-syndicator.test/?p={told[0].number}").headers["Location"] == told[0].url


def test_amp_pages_name_the_page_they_stand_for(world: World, fetch: Fetch) -> None:
    for outlet, era in (("ukrpravda", "2025-news"), ("interfax_ukraine", "2022")):
        article = some_of(world, outlet, era)[0]
        (amp,) = html.fromstring(fetch(article.url).text).xpath("//link[@rel='amphtml']/@href")
        tree = html.fromstring(fetch(amp).text)
        assert tree.xpath("//link[@rel='canonical']/@href") == [article.url]
        assert text_of(tree.cssselect("h1")[0]) == article.draft.headline


def test_some_of_the_hills_pages_have_a_hardwall_below_the_text(world: World, fetch: Fetch) -> None:
    told = [each for each in world.articles("thehill") if each.era == "wordpress"]
    walled = [bool(html.fromstring(fetch(each.url).text).cssselect(".article__text .hardwall")) for each in told]
    assert 0 < sum(walled) < len(told) / 4


@pytest.mark.parametrize("host", ["www.pravda.com.ua", "en.interfax.com.ua", "thehill.com", "news-zox.example"])
def test_robots_lets_articles_be_read(fetch: Fetch, host: str) -> None:
    assert fetch(f"https://{host}/robots.txt").text.startswith("User-agent: *\n")


def test_what_does_not_exist_is_404(fetch: Fetch) -> None:
    for url in (
        "https://www.pravda.com.ua/news/2025/02/13/1/",
        "https://thehill.com/policy/",
        "https://interfax.com.ua/news/nowhere.html",
    ):
        assert fetch(url).status == 404

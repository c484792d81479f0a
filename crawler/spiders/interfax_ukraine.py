"""Interfax-Ukraine: the English and the Ukrainian site, whose article ids rise over all hosts."""

from zoneinfo import ZoneInfo

from crawler.discovery.listing import Listing
from crawler.outlet import OutletSpider
from crawler.sources import Feed, Pages

SITES = ("https://en.interfax.com.ua", "https://interfax.com.ua")


class InterfaxUkraineSpider(OutletSpider):
    """No sitemap is known, so the listing's pages reach back as far as they go."""

    name = "interfax_ukraine"
    sources = (
        *(Feed(f"{site}/news/last.rss") for site in SITES),
        *(Pages(f"{site}/news/latest.html") for site in SITES),
    )
    listing = Listing(
        row="div.articles-section-view div.article",
        link="a.article-link",
        time=".article-time",
        next_page="div.pager a:last-child",
        zone=ZoneInfo("Europe/Kyiv"),
    )

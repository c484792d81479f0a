"""Ukrainska Pravda: Ukrainian, Russian and English editions of one newsroom, one id for all three."""

from zoneinfo import ZoneInfo

from crawler.discovery.listing import Listing
from crawler.outlet import OutletSpider
from crawler.sources import DayArchive, Feed, NewsSitemap, Sitemap

HOME = "https://www.pravda.com.ua"
EDITIONS = (HOME, f"{HOME}/rus", f"{HOME}/eng")


class UkrainskaPravdaSpider(OutletSpider):
    """Feeds for what is new, a sitemap a month for what was, day archives (of news alone) for what both dropped."""

    name = "ukrpravda"
    sources = (
        *(Feed(f"{edition}/rss/") for edition in EDITIONS),
        NewsSitemap(f"{HOME}/sitemap/sitemap-news.xml"),
        Sitemap(f"{HOME}/sitemap/sitemap.xml", part="month"),
        *(DayArchive(f"{edition}/news/date_{{day:%d%m%Y}}/", whole=False) for edition in EDITIONS),
    )
    listing = Listing(
        row="div.article_news_list, div.article_news",
        link=".article_title a, .article_header a",
        time=".article_time",
        zone=ZoneInfo("Europe/Kyiv"),
    )

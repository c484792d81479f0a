"""The Hill: WordPress behind bot protection, which is recorded and reported, never evaded."""

from crawler.outlet import OutletSpider
from crawler.sources import Feed, NewsSitemap, Posts, Sitemap

HOME = "https://thehill.com"


class TheHillSpider(OutletSpider):
    """Feeds and the news sitemap for what is new, a sitemap a day and REST for what was."""

    name = "thehill"
    sources = (
        Feed(f"{HOME}/feed/"),
        NewsSitemap(f"{HOME}/news-sitemap.xml"),
        Sitemap(f"{HOME}/sitemap.xml", part="day"),
        Posts(f"{HOME}/"),
    )

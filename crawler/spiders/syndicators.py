"""Sites that carry others' stories: listed in `crawler/rules/syndicators.toml`, read with their platform's rules.

Each site becomes a spider of its own slug, so that it has its own WARC files, lock and coverage;
`scrapy crawl syndicators` crawls all of them.
"""

from crawler.outlet import OutletSpider
from crawler.places import RULES_FOLDER
from crawler.sources import Feed, Posts, Sitemap, Source
from pipelines.rules import Outlet, load_rules


class Syndicator(OutletSpider):
    """A site of the list; one that lacks a source answers 404 there, and that is that."""

    group = "syndicators"


def _sources(site: Outlet) -> tuple[Source, ...]:
    home = f"{(site.address or '').rstrip('/')}/"
    hugo = (Feed(f"{home}index.xml"), Sitemap(f"{home}sitemap.xml"))
    wordpress = (Feed(f"{home}feed/"), Posts(home), Sitemap(f"{home}wp-sitemap.xml", optional=True))
    return hugo if site.platform == "hugo" else wordpress


for _site in load_rules(RULES_FOLDER).outlets:
    if _site.address:
        # Scrapy finds the spiders of a module among its names.
        globals()[f"Syndicator_{_site.slug}"] = type(
            f"Syndicator_{_site.slug}",
            (Syndicator,),
            {"name": _site.slug, "sources": _sources(_site), "__module__": __name__, "__doc__": f"{_site.address}"},
        )

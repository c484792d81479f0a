"""Reads an outlet's source captures into the articles that they name; pure."""

from attrs import evolve, frozen

from crawler.discovery.amp import without_amp
from crawler.discovery.feed import read_feed
from crawler.discovery.found import Found
from crawler.discovery.listing import Listing, read_listing
from crawler.discovery.sitemap import read_sitemap
from crawler.discovery.wordpress import read_posts
from crawler.sources import DayArchive, Source
from pipelines.capture import Capture, Lead
from pipelines.rules import Outlet, RuleBook
from pipelines.warc.coding import body_of


@frozen(kw_only=True)
class Reader:
    """How an outlet's source captures are read: what its spider declares, without the spider."""

    sources: tuple[Source, ...] = ()
    listing: Listing | None = None

    def read(self, capture: Capture) -> Found:
        """The leads that a source capture names, by its role; an error answer names none and is a problem.

        A 304 names what the capture that it confirms named.
        """
        if capture.status != 200 and not (capture.status == 304 and capture.revisit):
            return Found(problem=f"HTTP {capture.status}")
        body = body_of(capture)
        match capture.role:
            case "feed":
                return read_feed(body, capture.url)
            case "sitemap":
                return read_sitemap(body, capture.url)
            case "rest":
                return read_posts(body, capture.url)
            case "listing" if self.listing is not None:
                archives = (source for source in self.sources if isinstance(source, DayArchive))
                day = next(filter(None, (archive.day_of(capture.url) for archive in archives)), None)
                return read_listing(body, capture.url, self.listing, day, capture.header("content-type"))
            case _:
                return Found(problem=f"nothing here reads a {capture.role}")


def articles_named(found: Found, rules: RuleBook, outlet: Outlet) -> tuple[Lead, ...]:
    """The leads on the outlet's own hosts that fit its article rule; an AMP page's is its article's."""
    leads = (evolve(lead, url=without_amp(lead.url)) for lead in found.leads if not lead.is_source)
    return tuple(lead for lead in leads if is_article(lead.url, rules, outlet))


def is_article(url: str, rules: RuleBook, outlet: Outlet) -> bool:
    """True where a URL is on the outlet's hosts and fits its article rule."""
    whose = rules.outlet_for(url)
    if whose is None or whose.slug != outlet.slug:
        return False
    return outlet.article_url is None or outlet.article_url.match(url) is not None

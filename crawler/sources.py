"""Where an outlet names its articles: feeds, sitemaps, listings, day archives, WordPress REST.

Pure: a source says which URLs to ask for a window of days, and which of the further sources it names to follow;
reading the answers is `crawler.discovery`'s.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from attrs import field, frozen

from crawler.discovery.day_archive import day_leads
from crawler.discovery.feed import read_feed
from crawler.discovery.found import Found
from crawler.discovery.listing import Listing, read_listing
from crawler.discovery.sitemap import read_sitemap
from crawler.discovery.wordpress import post_url, posts_url, read_posts
from pipelines.capture import Capture, Lead, Role
from pipelines.catalogue.watch import PollPace
from pipelines.rules import Outlet, RuleBook
from pipelines.warc.coding import body_of

DAYS_MAX = 62
"""Day archives are asked for windows up to two months; for longer ones sitemaps and REST reach back cheaper."""
RECENT_DAYS = 3
"""Days that a crawl without dates looks back in sources that hold more: what a crawl a day may have missed, and two."""
SOON = PollPace()
"""Of sources where news shows first."""
SELDOM = PollPace(least=timedelta(hours=3), most=timedelta(hours=6))
"""Of sitemaps that reach back: they name what the quick sources dropped, and are long."""


@frozen(kw_only=True)
class Window:
    """The publication days asked for, both included; without `since`, what is new."""

    since: date | None = None
    until: date | None = None
    today: date
    zone: ZoneInfo

    @property
    def last(self) -> date:
        """The last day asked for."""
        return self.until or self.today

    @property
    def recent(self) -> date:
        """The first day of what is new."""
        return self.today - timedelta(days=RECENT_DAYS)

    def holds(self, day: date | None) -> bool:
        """True where a day lies inside, or nobody knows the day."""
        return day is None or ((self.since is None or self.since <= day) and (self.until is None or day <= self.until))

    def day_of(self, moment: datetime | None) -> date | None:
        """The outlet's day of an instant."""
        return None if moment is None else moment.astimezone(self.zone).date()

    def overlaps(self, first: date, last: date) -> bool:
        """True where the days from `first` to `last` share one with the window, or with what is new."""
        return last >= (self.since or self.recent) and first <= self.last


@frozen
class Source:
    """A place that names articles; `url` is where reading starts."""

    url: str
    optional: bool = field(default=False, kw_only=True)
    """True where some outlets that declare it have no such source: its 404 is no problem then."""
    role: Role = field(init=False, default="other")
    pace: ClassVar[PollPace] = SOON
    """How often it is asked in crawls without dates."""

    def urls(self, window: Window) -> Iterator[str]:
        """What to ask first for a window; nothing where the source does not reach it."""
        yield self.url

    def follows(self, lead: Lead, found: Found, window: Window, fresh: int) -> bool:
        """Whether to ask a further source that an answer named; `fresh` leads of that answer were not archived."""
        return False


@frozen
class Feed(Source):
    """An RSS or Atom feed: the newest items, asked every time."""

    role: Role = field(init=False, default="feed")


@frozen
class NewsSitemap(Source):
    """A sitemap of the last days, asked every time."""

    role: Role = field(init=False, default="sitemap")


_PERIOD = re.compile(r"(?P<year>\d{4})\D(?:mm=)?(?P<month>\d\d)(?:\D(?:dd=)?(?P<day>\d\d))?(?!\d)")


@frozen
class Sitemap(Source):
    """A sitemap that reaches back; children whose names or dates lie outside the window are not asked."""

    role: Role = field(init=False, default="sitemap")
    pace: ClassVar[PollPace] = SELDOM

    def follows(self, lead: Lead, found: Found, window: Window, fresh: int) -> bool:
        period = _PERIOD.search(lead.url)
        if period is None:
            # What was last changed before the window names nothing of it; without that word, only dates ask for it.
            changed = window.day_of(lead.modified_at)
            return window.since is not None if changed is None else changed >= (window.since or window.recent)
        year, month, day = (int(period[part] or 0) for part in ("year", "month", "day"))
        try:
            first = date(year, month, day or 1)
        except ValueError:
            return True
        last = first if day else (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        return window.overlaps(first, last)


@frozen
class Pages(Source):
    """A listing with next pages: followed while it names what is new, or until it is past the window."""

    role: Role = field(init=False, default="listing")

    def follows(self, lead: Lead, found: Found, window: Window, fresh: int) -> bool:
        if window.since is None:
            return fresh > 0
        days = [window.day_of(lead.published_at) for lead in found.leads if lead.published_at is not None]
        return not days or any(day is not None and day >= window.since for day in days)


@frozen
class DayArchive(Source):
    """One listing a day; `url` is a pattern with `day`, such as `https://…/news/date_{day:%d%m%Y}/`."""

    role: Role = field(init=False, default="listing")

    def urls(self, window: Window) -> Iterator[str]:
        since = window.since or window.today - timedelta(days=1)
        if (window.last - since).days <= DAYS_MAX:
            for lead in day_leads(self.url, since, window.last, window.zone):
                yield lead.url

    def day_of(self, url: str) -> date | None:
        """The day whose page a URL is, or None where it is no page of this archive."""
        try:
            return datetime.strptime(url, _PATTERN.sub(r"\1", self.url)).date()
        except ValueError:
            return None


_PATTERN = re.compile(r"\{day:([^}]*)\}")


@frozen
class Posts(Source):
    """WordPress REST: pages of posts by date; `url` is the address under which `wp-json` lies."""

    role: Role = field(init=False, default="rest")

    def urls(self, window: Window) -> Iterator[str]:
        since = window.since or window.recent
        yield posts_url(self.url, _midnight(since, window), _midnight(window.last + timedelta(days=1), window))

    def follows(self, lead: Lead, found: Found, window: Window, fresh: int) -> bool:
        return True

    def of(self, url: str, article_url: re.Pattern[str] | None) -> str | None:
        """The address of the post whose page is a URL; None where the URL tells neither its number nor its slug.

        The number is the group `post` of the outlet's article rule; else the slug is the last part of the path.
        """
        match = article_url.match(url) if article_url else None
        number = match.groupdict().get("post") if match else None
        return post_url(self.url, int(number) if number else None, url)


def _midnight(day: date, window: Window) -> datetime:
    return datetime.combine(day, time.min, window.zone)


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
    """The leads on the outlet's own hosts that fit its article rule."""
    return tuple(lead for lead in found.leads if not lead.is_source and is_article(lead.url, rules, outlet))


def is_article(url: str, rules: RuleBook, outlet: Outlet) -> bool:
    """True where a URL is on the outlet's hosts and fits its article rule."""
    whose = rules.outlet_for(url)
    if whose is None or whose.slug != outlet.slug:
        return False
    return outlet.article_url is None or outlet.article_url.match(url) is not None

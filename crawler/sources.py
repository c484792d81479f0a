"""Where an outlet names its articles: feeds, sitemaps, listings, day archives, WordPress REST.

Pure: a source says which URLs to ask for a window of days, and which of the further sources it names to follow;
reading the answers is `crawler.discovery`'s.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import ClassVar, Literal
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from attrs import field, frozen

from crawler.discovery.day_archive import day_leads
from crawler.discovery.found import Found
from crawler.discovery.wordpress import POSTS_A_PAGE, post_url, posts_url
from pipelines.capture import Lead, Role
from pipelines.catalogue.watch import PollPace

DAYS_MAX = 62
"""Day archives are asked for windows up to two months: past that they would be most of a crawl's requests."""
POSTS_A_DAY = 50
"""What a busy outlet publishes: an estimate, by which REST costs a request for two days."""
UNDATED_COST = 1_000
"""Of a sitemap whose parts no dates are known of: all of it is read, and names what lies outside the window too."""
LISTING_COST_A_DAY = 5
"""Pages of a listing, which are asked one after the other from today back: the last way."""
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

    @property
    def days(self) -> list[date]:
        """The days asked for, oldest first; none without `since`."""
        count = (self.last - self.since).days + 1 if self.since else 0
        return [self.since + timedelta(days=day) for day in range(count)] if self.since else []

    def overlaps(self, first: date, last: date) -> bool:
        """True where the days from `first` to `last` share one with the window, or with what is new."""
        return last >= (self.since or self.recent) and first <= self.last


@frozen(kw_only=True)
class Answer:
    """What one answer of a source tells of the days that it reaches."""

    url: str
    problem: str | None = None
    """Why it could not be read, or not whole."""
    oldest: date | None = None
    """The first day of what it names."""
    parts: tuple[tuple[date, date], ...] = ()
    """(first, last) day of each further source that it names, where that one's name tells its days."""


@frozen
class Source:
    """A place that names articles; `url` is where reading starts."""

    url: str
    whole: bool = field(default=True, kw_only=True)
    """False where it is known to leave out articles of the days that it reaches."""
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

    def cost(self, window: Window) -> int | None:
        """Requests that naming a window's articles takes, estimated; None where the source does not reach back."""
        return None

    def unreached(self, window: Window, answers: Sequence[Answer]) -> dict[date, str]:
        """The days of the window whose articles its answers do not name, and why."""
        return dict.fromkeys(window.days, "")


@frozen
class Feed(Source):
    """An RSS or Atom feed: the newest items, asked every time."""

    role: Role = field(init=False, default="feed")


@frozen
class NewsSitemap(Source):
    """A sitemap of the last days, asked every time."""

    role: Role = field(init=False, default="sitemap")


_PERIOD = re.compile(r"(?<!\d)(?P<year>\d{4})\D(?P<month>\d\d)(?:\D(?P<day>\d\d))?(?!\d)")


def period_of(url: str) -> tuple[date, date] | None:
    """The first and last day that a sitemap's name tells: of a month, or one day; None where it tells none."""
    named = dict(parse_qsl(urlsplit(url).query))
    if "yyyy" in named:
        # A normalised URL has its query in the order of the names.
        url = "-".join(named[part] for part in ("yyyy", "mm", "dd") if part in named)
    found = _PERIOD.search(url)
    if found is None:
        return None
    year, month, day = (int(found[part] or 0) for part in ("year", "month", "day"))
    try:
        first = date(year, month, day or 1)
    except ValueError:
        return None
    return first, first if day else (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@frozen
class Sitemap(Source):
    """A sitemap that reaches back; children whose names or dates lie outside the window are not asked."""

    part: Literal["month", "day"] | None = field(default=None, kw_only=True)
    """What each child holds; None: nobody knows, or there are no children."""
    role: Role = field(init=False, default="sitemap")
    pace: ClassVar[PollPace] = SELDOM

    def follows(self, lead: Lead, found: Found, window: Window, fresh: int) -> bool:
        period = period_of(lead.url)
        if period is None:
            # What was last changed before the window names nothing of it; without that word, only dates ask for it.
            changed = window.day_of(lead.modified_at)
            return window.since is not None if changed is None else changed >= (window.since or window.recent)
        return window.overlaps(*period)

    def cost(self, window: Window) -> int:
        days = window.days
        counts = {"day": len(days), "month": len({(day.year, day.month) for day in days}), None: UNDATED_COST}
        return 1 + counts[self.part]

    def unreached(self, window: Window, answers: Sequence[Answer]) -> dict[date, str]:
        """Days before its oldest part and after its newest, and those of parts that could not be read.

        Where no part tells its days it reaches all, or none; a gap between parts is a time without articles.
        """
        spans = [span for answer in answers for span in answer.parts]
        read = {period_of(answer.url): answer.problem for answer in answers}
        above = next((answer.problem for answer in answers if answer.problem and not period_of(answer.url)), None)
        good = [span for span, problem in read.items() if span and not problem]
        bad = [(span, problem) for span, problem in read.items() if span and problem]
        first, last = min((f for f, _ in spans), default=date.min), max((e for _, e in spans), default=date.max)
        missed = {}
        for day in window.days:
            if any(f <= day <= e for f, e in good):
                continue
            why = above or next((problem for (f, e), problem in bad if f <= day <= e), None)
            if why or not first <= day <= last:
                missed[day] = why or f"it reaches from {first} to {last}"
        return missed


@frozen
class Pages(Source):
    """A listing with next pages: followed while it names what is new, or until it is past the window."""

    role: Role = field(init=False, default="listing")

    def follows(self, lead: Lead, found: Found, window: Window, fresh: int) -> bool:
        if window.since is None:
            return fresh > 0
        days = [window.day_of(lead.published_at) for lead in found.leads if lead.published_at is not None]
        return not days or any(day is not None and day >= window.since for day in days)

    def cost(self, window: Window) -> int:
        return LISTING_COST_A_DAY * (window.today - (window.since or window.today)).days

    def unreached(self, window: Window, answers: Sequence[Answer]) -> dict[date, str]:
        """Days before the oldest that its pages came to."""
        problem = next((answer.problem for answer in answers if answer.problem), None)
        oldest = min((answer.oldest for answer in answers if answer.oldest), default=None)
        if oldest is None:
            return dict.fromkeys(window.days, problem) if problem else {}
        return {day: problem or f"its last page ends with {oldest}" for day in window.days if day < oldest}


@frozen
class DayArchive(Source):
    """One listing a day; `url` is a pattern with `day`, such as `https://…/news/date_{day:%d%m%Y}/`."""

    role: Role = field(init=False, default="listing")

    def urls(self, window: Window) -> Iterator[str]:
        since = window.since or window.today - timedelta(days=1)
        if (window.last - since).days <= DAYS_MAX:
            for lead in day_leads(self.url, since, window.last, window.zone):
                yield lead.url

    def cost(self, window: Window) -> int:
        return len(window.days)

    def unreached(self, window: Window, answers: Sequence[Answer]) -> dict[date, str]:
        """Days whose page could not be read."""
        read = {self.day_of(answer.url): answer.problem for answer in answers}
        too_many = f"more than {DAYS_MAX} days to ask for one by one"
        return {day: why for day in window.days if (why := read.get(day, too_many))}

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

    def cost(self, window: Window) -> int:
        return 1 + len(window.days) * POSTS_A_DAY // POSTS_A_PAGE

    def unreached(self, window: Window, answers: Sequence[Answer]) -> dict[date, str]:
        """None, or all: what one page does not tell, no other does."""
        problem = next((answer.problem for answer in answers if answer.problem), None)
        return dict.fromkeys(window.days, problem) if problem else {}

    def of(self, url: str, article_url: re.Pattern[str] | None) -> str | None:
        """The address of the post whose page is a URL; None where the URL tells neither its number nor its slug.

        The number is the group `post` of the outlet's article rule; else the slug is the last part of the path.
        """
        match = article_url.match(url) if article_url else None
        number = match.groupdict().get("post") if match else None
        return post_url(self.url, int(number) if number else None, url)


def _midnight(day: date, window: Window) -> datetime:
    return datetime.combine(day, time.min, window.zone)

"""The spider that every outlet's file declares: from sources to leads to captures.

Captures are written below it, by the download handler; what it yields goes to extraction and the store.
"""

import logging
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any, ClassVar, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.capture.archiver import Archiver
from crawler.desk import Desk
from crawler.discovery.day_archive import local_today
from crawler.discovery.listing import Listing
from crawler.sources import Reader, Source, Window, articles_named
from pipelines.capture import Capture, Lead
from pipelines.catalogue.queries import settled_urls
from pipelines.errors import PressmarkError
from pipelines.jobs.keep import Naming
from pipelines.rules import Outlet, RuleBook

SOURCE_PRIORITY = 10
"""Sources first: what an outlet names is known before the first article is asked for."""

log = logging.getLogger(__name__)


class OutletSpider(Spider):
    """One outlet: subclasses declare `name`, `sources` and, where there are listings, how their rows are read."""

    sources: ClassVar[tuple[Source, ...]] = ()
    listing: ClassVar[Listing | None] = None
    group: ClassVar[str | None] = None
    """A name under which `scrapy crawl` crawls this outlet together with others."""

    desk: Desk
    outlet: Outlet
    window: Window
    settled: set[str]
    outlet_slug: str
    rules_version: str
    arguments: dict[str, Any]

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """A spider at its desk; raises PressmarkError on an argument that cannot be read."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.desk = Desk.from_settings(crawler.settings)
        spider.outlet = spider.find_outlet()
        spider.outlet_slug = spider.outlet.slug
        spider.rules_version = spider.desk.rules.version
        spider.arguments = kwargs
        return spider

    @classmethod
    def check_arguments(cls, arguments: dict[str, Any]) -> None:
        """Raises PressmarkError on an argument of the command line that cannot be read."""
        if unknown := set(arguments) - {"since", "until"}:
            raise PressmarkError(f"no argument {min(unknown)!r} here: since=DATE and until=DATE are")
        for name in ("since", "until"):
            day_argument(arguments, name)

    @classmethod
    def reader(cls) -> Reader:
        """How this outlet's sources are read; `scrapy rebuild` asks it too."""
        return Reader(sources=cls.sources, listing=cls.listing)

    @classmethod
    def read_naming(cls, capture: Capture, rules: RuleBook) -> Naming:
        """The articles that a source capture of this outlet names."""
        found = cls.reader().read(capture)
        return Naming(capture=capture, leads=articles_named(found, rules, rules.outlet(capture.outlet)))

    def find_outlet(self) -> Outlet:
        """The outlet that this run crawls: the one of the spider's name."""
        return self.desk.rules.outlet(self.name)

    async def start(self) -> AsyncIterator[Request]:
        """Asks every source that reaches the window."""
        archiver = self.crawler.get_extension(Archiver)
        assert archiver is not None
        self.desk.begin(archiver, type(self).read_naming)
        self.window = Window(
            since=day_argument(self.arguments, "since"),
            until=day_argument(self.arguments, "until"),
            today=local_today(archiver.clock(), self.outlet.zone),
            zone=self.outlet.zone,
        )
        self.settled = settled_urls(self.desk.catalogue, self.outlet_slug)
        for source in self.sources:
            for url in source.urls(self.window):
                yield self.ask_source(source, url)

    def ask_source(self, source: Source, url: str, page: int = 1) -> Request:
        """A request for a source, asked anew in every crawl."""
        meta = {"role": source.role, "handle_httpstatus_all": True}
        arguments = {"source": source, "page": page}
        return Request(
            url, self.parse_source, meta=meta, cb_kwargs=arguments, priority=SOURCE_PRIORITY, errback=self.note_failure
        )

    def ask_article(self, lead: Lead) -> Request:
        """A request for what a lead names."""
        meta = {"role": "article", "lead": lead, "handle_httpstatus_all": True}
        return Request(lead.url, self.parse_article, meta=meta, errback=self.note_failure)

    def parse_source(self, response: Response, source: Source, page: int) -> Iterator[Naming | Request]:
        """Leads of a source: to the catalogue, to be fetched where they are new, and to further sources."""
        capture: Capture = response.meta["capture"]
        found = self.reader().read(capture)
        named = articles_named(found, self.desk.rules, self.outlet)
        if found.problem and not (source.optional and capture.status == 404):
            log.warning("%s: %s: %s", self.outlet_slug, capture.url, found.problem)
            self.count("discover/problem")
        else:
            self.count("discover/read")
        yield Naming(capture=capture, leads=named)
        fresh = [lead for lead in named if self.wanted(lead)]
        self.count("discover/named", len(named))
        self.count("discover/fresh", len(fresh))
        for lead in fresh:
            self.settled.add(lead.url)
            yield self.ask_article(lead)
        for further in (lead for lead in found.leads if lead.is_source):
            if page < self.pages_max(source) and source.follows(further, found, self.window, len(fresh)):
                yield self.ask_source(source, further.url, page + 1)

    def parse_article(self, response: Response) -> Iterator[Capture]:
        """The capture as it was written; extraction reads its bytes."""
        yield response.meta["capture"]

    def note_failure(self, failure: Any) -> None:
        """Counts a fetch that ended without a response; its exchange or its note is written already."""
        self.count(f"fetch/failed/{failure.type.__name__}")

    def wanted(self, lead: Lead) -> bool:
        """True where a lead is inside the window and was not archived, nor named earlier in this crawl."""
        if lead.url in self.settled:
            return False
        day = self.window.day_of(lead.published_at) or self.day_in(lead.url)
        changed = self.window.day_of(lead.modified_at)
        if day is None and changed is not None and self.window.since is not None and changed < self.window.since:
            # What was last changed before the window was published before it.
            return False
        return self.window.holds(day)

    def day_in(self, url: str) -> date | None:
        """The publication day that an article URL states, where the outlet's rule names year, month and day."""
        match = self.outlet.article_url.match(url) if self.outlet.article_url else None
        parts = match.groupdict() if match else {}
        try:
            return date(*(int(parts[part]) for part in ("year", "month", "day")))
        except (KeyError, TypeError, ValueError):
            return None

    def pages_max(self, source: Source) -> int:
        """How deep a source's own further pages are followed."""
        depth = "LISTING_PAGES_MAX" if self.window.since is None else "LISTING_PAGES_BACK_MAX"
        return int(self.settings.getint(depth))

    def count(self, key: str, by: int = 1) -> None:
        """Adds to the crawl's statistics."""
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(key, by)


def day_argument(arguments: dict[str, Any], name: str) -> date | None:
    """A day given as -a NAME=YYYY-MM-DD, or None; raises PressmarkError on anything else."""
    value = arguments.get(name)
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError:
        raise PressmarkError(f"{name}={value!r} is no day: write it as YYYY-MM-DD") from None

"""The spider that every outlet's file declares: from sources to leads to captures.

Captures are written below it, by the download handler; what it yields goes to extraction and the store.
"""

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date, datetime
from typing import Any, ClassVar, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.agenda import Agenda, LeftAlone
from crawler.arguments import days_asked, refuse_others
from crawler.backfill import Backfill, answer_of
from crawler.capture.archiver import Archiver
from crawler.desk import Desk
from crawler.discovery.day_archive import local_today
from crawler.discovery.found import Found
from crawler.discovery.listing import Listing
from crawler.other_way import OtherWay
from crawler.reader import Reader, articles_named
from crawler.requisites import CSS_DEPTH_MAX, Requisites
from crawler.sources import Answer, Sitemap, Source, Window
from pipelines.article import Rejection
from pipelines.capture import Capture, Lead
from pipelines.catalogue.watch import WALLS
from pipelines.jobs.keep import Naming, Reading, door_of
from pipelines.rules import Outlet, RuleBook

SOURCE_PRIORITY, REQUISITE_PRIORITY, ARTICLE_PRIORITY = 3, 2, 1
"""Sources first: what an outlet names is known before the first article is asked for; then what is new, then looks.
What an article needs to be seen follows it at once."""
REDIRECTS = (301, 302, 303, 307, 308)
OURS = tuple(status for status in range(200, 1000) if status not in REDIRECTS)
"""Answers that come to the spider, whatever they say; redirects are followed below it."""

log = logging.getLogger(__name__)


class OutletSpider(Spider):
    """One outlet: subclasses declare `name`, `sources` and, where there are listings, how their rows are read."""

    sources: ClassVar[tuple[Source, ...]] = ()
    listing: ClassVar[Listing | None] = None
    group: ClassVar[str | None] = None
    """A name under which `scrapy crawl` crawls this outlet together with others."""

    rhythm_s: ClassVar[float] = 600
    """Seconds between two crawls that `scrapy schedule` begins; what is not due in one is not asked in it."""

    desk: Desk
    outlet: Outlet
    window: Window
    agenda: Agenda
    backfill: Backfill | None
    """Of a crawl with dates."""
    sources_asked: set[str]
    other_way: OtherWay | None
    requisites: Requisites | None
    outlet_slug: str
    rules_version: str
    arguments: dict[str, Any]

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """A spider at its desk; raises PressmarkError on an argument that cannot be read."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.seat(Desk.from_settings(crawler.settings), kwargs)
        return spider

    def seat(self, desk: Desk, arguments: dict[str, Any]) -> None:
        """Gives the spider its desk, and with it all that it asks there."""
        self.desk = desk
        self.outlet = self.find_outlet()
        self.outlet_slug = self.outlet.slug
        self.rules_version = desk.rules.version
        self.arguments = arguments
        self.requisites = Requisites.from_settings(self.settings, desk.catalogue, desk.rules)

    @classmethod
    def check_arguments(cls, arguments: dict[str, Any]) -> None:
        """Raises PressmarkError on an argument of the command line that cannot be read."""
        refuse_others(arguments)
        days_asked(arguments)

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
        self.crawler.signals.connect(self.note_reading, signal=signals.item_scraped)
        self.begin(archiver.clock)
        for request in self.opening():
            yield request

    def begin(self, clock: Callable[[], datetime]) -> None:
        """Takes the instant for which this crawl's work is decided."""
        # A spider may take arguments of its own besides; what is unknown was refused before.
        days = {name: value for name, value in self.arguments.items() if name in ("since", "until")}
        since, until = days_asked(days)
        self.window = Window(
            since=since,
            until=until,
            today=local_today(clock(), self.outlet.zone),
            zone=self.outlet.zone,
        )
        self.agenda = Agenda.open(
            self.desk.catalogue,
            self.outlet_slug,
            clock,
            self.settings.getint("REQUESTS_A_DAY"),
            back=self.window.since is not None,
        )
        self.sources_asked = set()
        self.backfill = None
        if self.window.since is not None:
            self.backfill = Backfill.of(self.sources, self.window, self.desk.catalogue, self.outlet_slug)
            self.tell_unreached(self.backfill)
        self.other_way = OtherWay.of(self.sources, self.agenda, self.outlet)

    def opening(self) -> Iterator[Request]:
        """The sources that are to be asked, then the looks that are due."""
        for source in self.sources:
            # In a crawl with dates, those that reach back are asked one way after the other.
            if self.backfill is not None and source.cost(self.window) is not None:
                continue
            for url in source.urls(self.window):
                if self.backfill is not None or self.agenda.source_due(url, source.pace):
                    yield self.ask_source(source, url)
                else:
                    self.count("discover/not_due")
        if self.backfill is not None:
            yield from self.ask_next_way(self.backfill)
        else:
            for lead in filter(self.wanted, self.agenda.missing()):
                self.count("discover/named")
                self.count("discover/fresh")
                self.agenda.settled.add(lead.url)
                yield self.ask_article(lead)
            for rank, lead in enumerate(self.agenda.due()):
                self.count("looks/due")
                self.agenda.settled.add(lead.url)
                yield self.ask_article(lead, priority=-rank)

    def ask_source(self, source: Source, url: str, page: int = 1) -> Request:
        """A request for a source, conditional where an answer of it is held."""
        self.sources_asked.add(url)
        arguments = {"source": source, "page": page}
        # Without dates, the next crawl asks a source again that fails now: asking at once would only add to its polls.
        meta = {"role": source.role, "dont_retry": self.window.since is None}
        return self.ask(url, meta, self.parse_source, arguments, SOURCE_PRIORITY)

    def ask_article(self, lead: Lead, priority: int = ARTICLE_PRIORITY) -> Request:
        """A request for what a lead names, conditional where an answer of it is held."""
        return self.ask(lead.url, {"role": "article", "lead": lead}, self.parse_article, {}, priority)

    def ask_post(self, lead: Lead, priority: int = ARTICLE_PRIORITY) -> Request | None:
        """A request for the same article through the outlet's REST API, its page being behind a wall.

        None where there is no such way, it is shut, or its first answer in this crawl is still to come.
        """
        url = self.other_way.address_of(lead) if self.other_way else None
        if url is None or self.other_way is None:
            return None
        meta = {"role": "post", "lead": lead, "dont_retry": True}
        return self.other_way.to_ask(self.ask(url, meta, self.parse_article, {}, priority))

    def ask(self, url: str, meta: dict[str, Any], callback: Any, arguments: dict[str, Any], priority: int) -> Request:
        """A request; what was asked already is known here, so that a redirect to itself is not dropped in silence."""
        request = Request(
            url,
            callback,
            meta=meta | {"handle_httpstatus_list": OURS},
            cb_kwargs=arguments,
            priority=priority,
            errback=self.note_failure,
            dont_filter=True,
        )
        if validators := self.agenda.validators(request.url):
            request.headers.update(validators.headers)
            request.meta["revalidates"] = validators.held
        return request

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
        fresh = list({lead.url: lead for lead in reversed(named) if self.wanted(lead)}.values())[::-1]
        self.count("discover/named", len(named))
        self.count("discover/fresh", len(fresh))
        for lead in fresh:
            self.agenda.settled.add(lead.url)
            yield self.ask_article(lead)
        for further in (lead for lead in found.leads if lead.is_source):
            if page < self.pages_max(source) and self.to_follow(source, further, found, len(fresh)):
                if self.backfill is not None:
                    self.backfill.follow()
                yield self.ask_source(source, further.url, page + 1)
        if self.backfill is not None:
            assert response.request is not None
            answer = answer_of(response.request, found, self.window)
            yield from self.ask_after(self.backfill, source, answer, {lead.url for lead in named})

    def ask_after(self, backfill: Backfill, source: Source, answer: Answer, named: set[str]) -> Iterator[Request]:
        """The next way back, where this was the last answer of one that leaves days unreached."""
        if backfill.answered(source, answer, named):
            yield from self.ask_next_way(backfill)

    def ask_next_way(self, backfill: Backfill) -> Iterator[Request]:
        """The first questions of the next way back."""
        asked = backfill.advance()
        self.tell_unreached(backfill)
        for source, url in asked:
            yield self.ask_source(source, url)

    def tell_unreached(self, backfill: Backfill) -> None:
        """Puts the days that have not been reached into the crawl's statistics."""
        assert self.crawler.stats is not None
        self.crawler.stats.set_value("backfill/unreached", backfill.unreached())

    def to_follow(self, source: Source, further: Lead, found: Found, fresh: int) -> bool:
        """Whether to ask a further source now: once a crawl, and a sitemap's children at their own pace."""
        window = self.backfill.asked_window if self.backfill else self.window
        if further.url in self.sources_asked or not source.follows(further, found, window, fresh):
            return False
        own_pace = isinstance(source, Sitemap) and self.window.since is None
        return not own_pace or self.agenda.source_due(further.url, source.pace)

    def parse_article(self, response: Response) -> Iterator[Capture]:
        """The capture as it was written; extraction reads its bytes."""
        yield response.meta["capture"]

    def note_failure(self, failure: Any) -> Iterator[Request]:
        """Counts a fetch that ended without a response; its exchange or its note is written already.

        Only redirects without an end, or to what is no web address, leave none below: the note is written here.
        """
        request, why = failure.request, failure.getErrorMessage().removeprefix(f"{failure.request.url}: ")
        if not failure.check(LeftAlone):
            self.count(f"fetch/failed/{failure.type.__name__}")
        if request.meta.get("redirect_times", 0) >= self.settings.getint("REDIRECT_MAX_TIMES"):
            self.desk.note(request, "redirects", f"to {request.url}")
        elif isinstance(failure.value, HttpError | ValueError):
            self.desk.note(request, "redirects", "to no address of the web")
        source = request.cb_kwargs.get("source")
        if self.backfill is not None and source is not None:
            yield from self.ask_after(self.backfill, source, answer_of(request, Found(problem=why), self.window), set())

    def note_reading(self, item: object) -> None:
        """Asks for what a stored reading leads to."""
        if isinstance(item, Reading):
            assert self.crawler.engine is not None
            for request in self.after_reading(item):
                self.crawler.engine.crawl(request)

    def after_reading(self, reading: Reading) -> Iterator[Request]:
        """What to ask once a look has been stored: the REST API where a wall stood, else what the page needs.

        The agenda is told what the look showed, so that a host of walls is left alone within the crawl too.
        """
        capture, lead = reading.capture, reading.capture.lead
        reason = reading.result.reason if isinstance(reading.result, Rejection) else None
        door = door_of(capture.role)
        self.agenda.showed(lead.url if lead and door == "post" else capture.url, capture.captured_at, reason, door)
        if capture.role == "article" and reason in WALLS and lead is not None:
            if request := self.ask_post(lead):
                yield request
        elif capture.role == "post" and self.other_way is not None:
            yield from self.other_way.released()
        elif capture.role == "article" and reason is None and self.requisites is not None:
            yield from self.ask_requisites(capture, self.requisites)

    def ask_requisites(self, capture: Capture, requisites: Requisites, depth: int = 1) -> Iterator[Request]:
        """Requests for what a kept page, or a style sheet of one, needs to be seen."""
        for url in requisites.of(capture):
            self.count("requisites/asked")
            yield self.ask(url, {"role": "requisite"}, self.parse_requisite, {"depth": depth}, REQUISITE_PRIORITY)

    def parse_requisite(self, response: Response, depth: int) -> Iterator[Capture | Request]:
        """The capture as it was written, and what a style sheet names in turn."""
        capture: Capture = response.meta["capture"]
        yield capture
        is_style = "css" in (capture.header("content-type") or "").lower()
        if is_style and capture.status == 200 and depth < CSS_DEPTH_MAX and self.requisites is not None:
            yield from self.ask_requisites(capture, self.requisites, depth + 1)

    def wanted(self, lead: Lead) -> bool:
        """True where a lead is inside the window and was not archived, nor named earlier in this crawl."""
        if lead.url in self.agenda.settled:
            return False
        day = self.window.day_of(lead.published_at) or self.day_in(lead.url)
        changed = self.window.day_of(lead.modified_at)
        # Sitemaps hold what is old too: without dates, only what is new of them is asked for.
        since = self.window.since or (self.window.recent if lead.source_kind == "sitemap" else None)
        last_known = day or changed
        if last_known is not None and since is not None and last_known < since:
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

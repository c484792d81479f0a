"""A span of a living world, crawled under a virtual clock: the real spiders, capture, extraction and store.

Left out are Scrapy's engine and the sockets, since a month is some 20,000 crawls and starting an engine for each would
take hours: requests go from the spider, by priority, straight to the newsstand's answers. The clock moves with
every request by the host's delay, by Retry-After where a host asks for it, and between crawls to the next round.
"""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urljoin, urlsplit

from attrs import define, field, frozen
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.project import get_project_settings
from sqlalchemy import select

from crawler.desk import Desk
from crawler.manners import LeftAlone, Restraint
from crawler.outlet import REDIRECTS, OutletSpider
from crawler.places import RULES_FOLDER
from crawler.registry import spiders
from newsstand.life import LivingWorld, living_answers
from newsstand.messages import Head, conditional, pieces
from newsstand.messages import Request as Asked
from pipelines.capture import Capture, Exchange, Note
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, open_engine
from pipelines.jobs.keep import Keeper, Naming, holds_article, read_article
from pipelines.rules import load_rules
from pipelines.warc.writer import WarcWriter

ROUND = timedelta(minutes=10)
"""The rhythm that `scrapy schedule` gives an outlet by default."""
ANSWER = timedelta(seconds=0.3)
"""How long a request takes."""
RETRIES = 2
RETRIED = (429, 500, 502, 503, 504)


@define
class Clock:
    """A clock that somebody sets."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


class Archiver:
    """The crawl's hold on its archive without an engine: what a desk needs of it."""

    repairs = ()

    def __init__(self, archive: Path, outlet: str, clock: Clock) -> None:
        self.archive, self.outlet, self.clock = archive, outlet, clock
        self.writer = WarcWriter(archive, outlet, clock=clock, warcinfo={})
        self.on_written: Any = lambda _record: None

    @property
    def find_held(self) -> Any:
        return self.writer.find_held

    @find_held.setter
    def find_held(self, find_held: Any) -> None:
        self.writer.find_held = find_held

    def write(self, exchange: Exchange) -> Capture:
        capture = self.writer.write(exchange)
        self.on_written(capture)
        return capture

    def note(self, note: Note) -> None:
        self.writer.note(note)
        self.on_written(note)

    async def sync(self) -> None:
        """Nothing here survives a power cut, nor needs to."""


@frozen(kw_only=True)
class Sent:
    """One request as a host saw it."""

    at: datetime
    ended_at: datetime
    url: str
    role: str
    status: int
    delay_s: float
    """The least that had to lie between the host's last answer and this request."""


@define
class Crawls:
    """All crawls of one outlet."""

    spider_class: type[OutletSpider]
    crawler: Crawler
    desk: Desk
    archiver: Archiver
    clock: Clock
    answers: Any
    rng: Random
    sent: list[Sent] = field(factory=list)
    free_at: dict[str, tuple[datetime, datetime]] = field(factory=dict)
    """By host: end of its last answer, and when it may be asked again."""
    numbers: Iterator[int] = field(factory=count)

    def crawl(self) -> None:
        """One crawl without dates, from now until nothing is left to ask."""
        spider = self.spider_class()
        spider._set_crawler(self.crawler)
        self.crawler.spider = spider
        spider.seat(self.desk, {})
        spider.begin(self.clock)
        restraint = Restraint(self.crawler)
        queue: list[tuple[int, int, Request]] = []
        self._enqueue(queue, spider.opening())
        while queue:
            request = heapq.heappop(queue)[2]
            try:
                instead = restraint.process_request(request)
            except LeftAlone:
                continue
            if instead is not None:
                self._enqueue(queue, [instead])
                continue
            response = self._answer(request)
            if response is not None:
                self._enqueue(queue, self._handled(spider, request, response))

    def _enqueue(self, queue: list[tuple[int, int, Request]], requests: Iterable[Request]) -> None:
        for request in requests:
            heapq.heappush(queue, (-request.priority, next(self.numbers), request))

    def _handled(self, spider: OutletSpider, request: Request, response: Response) -> Iterator[Request]:
        """What the spider asks next; what it gives goes the way of the item pipelines."""
        assert request.callback is not None
        for given in request.callback(response, **request.cb_kwargs):
            if isinstance(given, Request):
                yield given
            elif isinstance(given, Naming):
                self.desk.keeper.keep_naming(given)
            elif holds_article(given):
                reading = read_article(given, self.desk.rules)
                self.desk.keeper.keep_reading(reading)
                yield from spider.after_reading(reading)

    def _answer(self, request: Request) -> Response | None:
        """The answer after retries and redirects; None where redirects have no end."""
        capture = self._exchange(request, request.url, 0)
        for _ in range(0 if request.meta.get("dont_retry") else RETRIES):
            if capture.status in RETRIED:
                capture = self._exchange(request, request.url, 0)
        hops = 0
        while capture.status in REDIRECTS:
            hops += 1
            if hops > 5:
                return None
            request.meta.pop("revalidates", None)
            request.headers.pop("If-None-Match", None)
            capture = self._exchange(request, urljoin(capture.url, capture.header("location") or ""), hops)
        return Response(
            capture.url, status=capture.status, request=request.replace(meta=request.meta | {"capture": capture})
        )

    def _exchange(self, request: Request, url: str, hops: int) -> Capture:
        host = urlsplit(url).hostname or ""
        last, free_at = self.free_at.get(host, (self.clock.now, self.clock.now))
        self.clock.now = max(self.clock.now, free_at)
        at = self.clock.now
        headers = {name.decode().lower(): b",".join(values).decode() for name, values in request.headers.items()}
        head = Head(method="GET", target=url, version="HTTP/1.1", headers=headers | {"accept-encoding": "gzip"})
        asked = Asked(method="GET", url=url, headers=headers, number=next(self.numbers), at=at)
        answer = conditional(head, self.answers[host](asked))
        self.clock.now = at + ANSWER
        wait_s = 1.25 * self.rng.uniform(0.8, 1.2)
        retry_after = dict(answer.headers).get("Retry-After")
        self.sent.append(Sent(at=at, ended_at=self.clock.now, url=url, role=request.meta["role"], status=answer.status,
                              delay_s=(free_at - last).total_seconds()))  # fmt: skip
        self.free_at[host] = (self.clock.now, self.clock.now + timedelta(seconds=float(retry_after or wait_s)))
        written = f"GET {urlsplit(url).path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        capture = self.archiver.write(
            Exchange(
                url=url,
                method="GET",
                started_at=at,
                role=request.meta["role"],
                request=written,
                response=b"".join(pieces(head, answer, at)),
                lead=request.meta.get("lead"),
                hops=hops,
                revalidates=request.meta.get("revalidates"),
            )
        )
        self.desk.catalogue_written()
        return capture


@define
class Month:
    """A living world, and the archive of its outlets."""

    world: LivingWorld
    archive: Path
    catalogue: Catalogue
    outlets: dict[str, Crawls]

    @classmethod
    def open(cls, world: LivingWorld, archive: Path) -> "Month":
        """An empty archive at the beginning of the world."""
        archive.mkdir(parents=True)
        catalogue = Catalogue(open_engine(f"sqlite:///{archive / 'catalogue.sqlite'}"))
        with catalogue.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA synchronous=OFF")
        rules, answers = load_rules(RULES_FOLDER), living_answers(world)
        keeper = Keeper(archive / "text", catalogue, durable=False)
        outlets = {}
        for slug in world.newsrooms:
            clock = Clock(world.start)
            desk, archiver = Desk(rules=rules, catalogue=catalogue, keeper=keeper), Archiver(archive, slug, clock)
            spider_class = spiders()[slug]
            desk.begin(archiver, spider_class.read_naming)  # type: ignore[arg-type]
            crawler = Crawler(spider_class, get_project_settings())
            crawler.stats = MemoryStatsCollector(crawler)
            outlets[slug] = Crawls(
                spider_class=spider_class, crawler=crawler, desk=desk, archiver=archiver, clock=clock,
                answers=answers, rng=Random(f"{world.seed}/{slug}"),
            )  # fmt: skip
        return cls(world=world, archive=archive, catalogue=catalogue, outlets=outlets)

    def run(self) -> None:
        """Every outlet's rounds until the world's end; a round that comes due while one runs begins right after it."""
        rng = Random(f"{self.world.seed}/rounds")
        rounds = [(self.world.start + ROUND * rng.random(), slug) for slug in self.outlets]
        heapq.heapify(rounds)
        while rounds:
            at, slug = heapq.heappop(rounds)
            if at >= self.world.end:
                continue
            outlet = self.outlets[slug]
            outlet.clock.now = max(at, outlet.clock.now)
            outlet.crawl()
            heapq.heappush(rounds, (max(at + ROUND, outlet.clock.now), slug))
        for outlet in self.outlets.values():
            outlet.archiver.writer.close()
        self.catalogue.close()


def first_looks(catalogue: Catalogue) -> dict[str, datetime]:
    """When each article was first kept, by URL."""
    c = t.watch.c
    rows = catalogue.rows(select(c.url, c.first_at).where(c.first_at.is_not(None)))
    return {row.url: datetime.fromisoformat(row.first_at) for row in rows}


def versions(catalogue: Catalogue) -> dict[str, list[datetime]]:
    """When each version was captured, by URL of the article's page."""
    c = t.versions.c
    found: dict[str, list[datetime]] = {}
    for row in catalogue.rows(select(c.url, c.captured_at).order_by(c.captured_at)):
        found.setdefault(row.url, []).append(datetime.fromisoformat(row.captured_at))
    return found


def removals(catalogue: Catalogue) -> dict[str, str]:
    """Why each article that was found gone at two looks is gone, by URL."""
    c = t.watch.c
    rows = catalogue.rows(select(c.url, c.gone_reason).where(c.gone_since.is_not(None)))
    return {row.url: str(row.gone_reason) for row in rows}

"""What a polite guest does: robots.txt obeyed and its Crawl-delay applied, Retry-After obeyed, a busy host left alone.

Every answer is captured already when it comes here; a refusal is a note in the archive, never silence.
"""

import asyncio
import email.utils
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import Self

from protego import Protego
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from crawler.agenda import LeftAlone
from crawler.outlet import OutletSpider
from pipelines.capture import Capture
from pipelines.urls import host_of, without_credentials
from pipelines.warc.coding import body_of

ROBOTS_BYTES = 500 * 1024
"""How much of a robots.txt is read (RFC 9309 §2.5 asks for at least 500 KiB)."""

log = logging.getLogger(__name__)


class RobotsRefused(IgnoreRequest):
    """robots.txt forbids a URL, or could not be had (RFC 9309 §2.3.1.4: unreachable means disallow)."""


class Restraint:
    """Keeps the day's budget, and leaves a host alone that shows bot walls; what is not asked now is found again."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make it."""
        return cls(crawler)

    def process_request(self, request: Request) -> Request | None:
        """Raises LeftAlone; takes from a redirected request what belonged to the URL that it was made for.

        A name and password in a URL are nobody's but their owner's: it is asked for without them.
        Gives a request for the outlet's REST API instead of an article's page whose host shows bot walls.
        """
        assert self.crawler.stats is not None
        spider = self.crawler.spider
        assert isinstance(spider, OutletSpider)
        if (bare := without_credentials(request.url)) != request.url:
            return request.replace(url=bare)
        agenda, role, lead = spider.agenda, request.meta.get("role"), request.meta.get("lead")
        if role == "article" and agenda.resting(request.url):
            instead = spider.ask_post(lead, request.priority) if lead else None
            if instead is not None:
                return instead
            raise self.left_alone(request, "its host showed bot walls and is left alone")
        if role == "post" and lead and agenda.resting(lead.url, "post"):
            raise self.left_alone(request, "its REST API is shut too and is left alone")
        if not agenda.spend():
            self.crawler.stats.inc_value("manners/over_budget")
            raise LeftAlone(f"{request.url}: REQUESTS_A_DAY are spent")
        if request.meta.get("redirect_times") and request.meta.pop("revalidates", None):
            del request.headers["If-None-Match"], request.headers["If-Modified-Since"]
        return None

    def left_alone(self, request: Request, why: str) -> LeftAlone:
        """What to raise for an article that is not asked for; counted."""
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value("manners/left_alone")
        return LeftAlone(f"{request.url}: {why}")


class Robots:
    """Asks for each host's robots.txt once a day at most and obeys it.

    A 4xx allows all (RFC 9309 §2.3.1.3); a 5xx, a time-out or no connection disallows all.
    """

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self.crawler = crawler
        self.agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self.delay_max_s: float = crawler.settings.getfloat("CRAWL_DELAY_MAX_S")
        self.kept_s: float = crawler.settings.getfloat("ROBOTS_KEPT_S")
        self.policies: dict[str, asyncio.Future[Protego | None]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises RobotsRefused where robots.txt forbids the URL; the refusal is noted in the archive."""
        if request.meta.get("role") == "robots":
            return
        policy = await self.policy(request)
        if policy is not None and policy.can_fetch(request.url, self.agent):
            return
        reason = "robots.txt forbids it" if policy else "robots.txt could not be had"
        self.crawler.spider.desk.note(request, "robots", reason)  # type: ignore[union-attr]
        raise RobotsRefused(f"{request.url}: {reason}")

    async def policy(self, request: Request) -> Protego | None:
        """The host's rules; None where nothing is allowed. Concurrent askers wait for one answer."""
        parts = urlparse_cached(request)
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self.policies:
            self.policies[host] = asyncio.get_running_loop().create_future()
            url = f"{host}/robots.txt"
            held = self.crawler.spider.desk.robots_of(url, self.kept_s)  # type: ignore[union-attr]
            self.policies[host].set_result(self.read(held) if held else await self.ask(url))
        return await self.policies[host]

    async def ask(self, url: str) -> Protego | None:
        """Fetches and reads one robots.txt."""
        request = Request(url, NO_CALLBACK, meta={"role": "robots"}, priority=1000, dont_filter=True)
        try:
            assert self.crawler.engine is not None
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever went wrong below, an unreachable robots.txt disallows
            log.warning("%s: no answer (%s): nothing of this host is asked", url, error)
            return None
        if response.status >= 500:
            log.warning("%s: HTTP %d: nothing of this host is asked", url, response.status)
            return None
        return self.read(response.meta["capture"])

    def read(self, capture: Capture) -> Protego:
        """The rules that a captured robots.txt gives; makes the host's delay at least its Crawl-delay."""
        text = body_of(capture)[:ROBOTS_BYTES].decode("utf-8", "replace") if capture.status == 200 else ""
        policy = Protego.parse(text)
        delay_s = policy.crawl_delay(self.agent)
        if delay_s:
            set_delay(self.crawler, host_of(capture.url), min(float(delay_s), self.delay_max_s))
        return policy


def set_delay(crawler: Crawler, host: str, delay_s: float) -> None:
    """Makes the delay between two requests to a host at least so long, for the whole crawl."""
    assert crawler.engine is not None
    downloader = crawler.engine.downloader
    slot = downloader.slots.get(host)
    # The jitter goes both ways; below the asked delay it must not go.
    slowest_s = delay_s / (1 - crawler.settings.getfloat("DOWNLOAD_DELAY_JITTER"))
    if slowest_s <= crawler.settings.getfloat("DOWNLOAD_DELAY"):
        return
    # A slot that is still to come, or comes again after an idle minute, starts from here.
    downloader.per_slot_settings[host] = {"delay": slowest_s}
    if slot is not None:
        slot.delay = max(slot.delay, slowest_s)


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for: a number or an HTTP date (RFC 9110 §10.2.3); None: unreadable."""
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        at = email.utils.parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())


class Pace:
    """Counts a host's delay from the end of its last answer, and holds back one that answers 429 or 503.

    Held back it is as long as it asks; Scrapy's retry then asks the same URL again. Works on the host's download
    slot, from the signal that comes before the slot's next request is chosen.
    """

    def __init__(self, crawler: Crawler, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.crawler = crawler
        self.clock = clock
        self.cap_s: float = crawler.settings.getfloat("RETRY_AFTER_MAX_S")
        self.default_s: float = crawler.settings.getfloat("BACK_OFF_S")
        self.usual_s: dict[str, float] = {}
        crawler.signals.connect(self.response_downloaded, signal=signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make it."""
        return cls(crawler)

    def response_downloaded(self, response: Response, request: Request) -> None:
        """Sets the slot's delay to what was asked, and back after the next answer that asks for nothing."""
        assert self.crawler.engine is not None
        assert self.crawler.stats is not None
        host = self.crawler.engine.downloader.get_slot_key(request)
        slot = self.crawler.engine.downloader.slots[host]
        # Scrapy counts from the beginning of a request: a slow answer would be followed at once by the next question.
        slot.lastseen = monotonic()
        if response.status not in (429, 503):
            slot.delay = self.usual_s.pop(host, slot.delay)
            return
        header = response.headers.get("Retry-After")
        asked_s = retry_after_s(header.decode("latin-1") if header else None, self.clock())
        hold_s = min(self.default_s if asked_s is None else asked_s, self.cap_s)
        self.usual_s.setdefault(host, slot.delay)
        slot.delay = max(slot.delay, hold_s / (1 - slot.jitter))
        log.warning("%s answered HTTP %d: left alone for %.0f s", host, response.status, hold_s)
        self.crawler.stats.inc_value(f"manners/held_back/{host}")

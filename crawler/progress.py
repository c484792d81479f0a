"""Tells an operator how a crawl goes: one moving line on a terminal, a plain line every half minute elsewhere."""

import sys
import time
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call

TERMINAL_S = 0.5
PLAIN_S = 30.0


class Progress:
    """Prints found, fetched and kept while the crawl runs; to standard error, so that output stays clean."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.terminal = sys.stderr.isatty()
        self.started = time.monotonic()
        self.loop: Any = None
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make it."""
        return cls(crawler)

    def spider_opened(self, spider: Spider) -> None:
        """Starts telling."""
        self.loop = create_looping_call(self.tell)
        self.loop.start(TERMINAL_S if self.terminal else PLAIN_S, now=False)

    def spider_closed(self, spider: Spider) -> None:
        """Stops telling; the terminal's line is cleared for the table that follows."""
        if self.loop is not None and self.loop.running:
            self.loop.stop()
        if self.terminal:
            sys.stderr.write("\r\x1b[K")

    def tell(self) -> None:
        """One line of progress."""
        stats = self.crawler.stats
        assert stats is not None
        assert self.crawler.spider is not None
        value = stats.get_value
        kept, same = value("store/kept", 0), value("store/unchanged", 0)
        line = (
            f"{getattr(self.crawler.spider, 'outlet_slug', '')}: found {value('discover/fresh', 0)} · "
            f"fetched {value('response_received_count', 0)} · kept {kept + same} · "
            f"rejected {value('store/rejected', 0)} · {time.monotonic() - self.started:.0f} s"
        )
        sys.stderr.write(f"\r\x1b[K{line}" if self.terminal else f"{line}\n")
        sys.stderr.flush()

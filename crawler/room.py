"""Leaves the archive's disk some room: a crawl pauses before it is full, and stops where nobody makes room."""

import logging
import shutil
import time
from pathlib import Path
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.defer import deferred_from_coro

log = logging.getLogger(__name__)

LOOK_S = 1.0
"""Between two looks at the disk: a crawl writes some megabytes in it."""


class Room:
    """Pauses the crawl while the disk has less than DISK_FREE_LEAST bytes free; after DISK_WAIT_S it ends it.

    What is under way when it pauses is still written.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.folder = Path(crawler.settings["ARCHIVE_DIR"])
        self.least = crawler.settings.getint("DISK_FREE_LEAST")
        self.wait_s = crawler.settings.getfloat("DISK_WAIT_S")
        self.paused_at: float | None = None
        self.loop: Any = None
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make it."""
        return cls(crawler)

    def spider_opened(self, spider: Spider) -> None:
        """Looks at once, before the first request, and then again and again."""
        self.loop = create_looping_call(self.look)
        self.loop.start(LOOK_S, now=True)

    def spider_closed(self, spider: Spider) -> None:
        """Looks no more."""
        if self.loop is not None and self.loop.running:
            self.loop.stop()

    def look(self) -> None:
        """Pauses, goes on or ends, as the disk is."""
        engine = self.crawler.engine
        assert engine is not None
        assert self.crawler.stats is not None
        free = shutil.disk_usage(self.folder).free
        if free >= self.least:
            if self.paused_at is not None:
                self.paused_at = None
                engine.unpause()
                log.warning("%s: there is room again (%d MB free); the crawl goes on", self.folder, free // 10**6)
        elif self.paused_at is None:
            self.paused_at = time.monotonic()
            engine.pause()
            self.crawler.stats.inc_value("room/paused")
            log.warning(
                "%s: only %d MB free, DISK_FREE_LEAST asks for %d; the crawl waits %d s for room",
                self.folder, free // 10**6, self.least // 10**6, self.wait_s,
            )  # fmt: skip
        elif time.monotonic() - self.paused_at >= self.wait_s:
            self.loop.stop()
            engine.unpause()
            deferred_from_coro(engine.close_spider_async(reason="disk-full"))

"""The Scrapy item pipelines: thin shells over the library.

An article capture becomes a reading, a reading is kept; the leads of a source go straight to the catalogue.
"""

import asyncio
import logging
from typing import Any, Protocol, Self

from scrapy.crawler import Crawler
from sqlalchemy.exc import SQLAlchemyError

from pipelines.article import Rejection
from pipelines.capture import Capture
from pipelines.jobs.keep import Keeper, Naming, Reading, holds_article, read_article
from pipelines.rules import RuleBook

log = logging.getLogger(__name__)


class Desk(Protocol):
    """What the stages need of the crawl that they stand in; the spider has it as `desk`."""

    rules: RuleBook
    keeper: Keeper

    async def sync(self) -> None:
        """Returns when every WARC record written so far is on the disk."""

    def convert(self, capture: Capture, text: bytes) -> None:
        """Writes a conversion record: the clean text that was made of a capture."""

    def close(self) -> None:
        """Releases the catalogue."""


class Stage:
    """A stage at the desk of its crawl's spider."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make it."""
        return cls(crawler)

    @property
    def desk(self) -> Desk:
        """The crawl's rules and keeper."""
        desk: Desk = self.crawler.spider.desk  # type: ignore[union-attr]
        return desk

    def count(self, key: str) -> None:
        """Adds one to the crawl's statistics."""
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(key)


class ExtractStage(Stage):
    """Reads article captures; awaited, so that a pool of processes can take its place."""

    async def process_item(self, item: Capture | Naming) -> Capture | Naming | Reading:
        """A capture that holds an article, as a reading; everything else as it is."""
        if not isinstance(item, Capture) or not holds_article(item):
            return item
        reading = read_article(item, self.desk.rules)
        if isinstance(reading.result, Rejection):
            self.count(f"extract/rejected/{reading.result.reason}")
        else:
            self.count(f"extract/{reading.result.verdict}")
            if reading.result.reason:
                self.count(f"extract/marked/{reading.result.reason}")
        return reading


class StoreStage(Stage):
    """Acknowledges: WARC records synced, then the text file, then the catalogue's commit."""

    stopping: asyncio.Future[None] | None = None

    async def process_item(self, item: Capture | Naming | Reading) -> Any:
        """Stores an item; what is seen in the catalogue is on the disk."""
        try:
            await self.desk.sync()
            match item:
                case Reading():
                    kept = self.desk.keeper.keep_reading(item)
                    self.count(f"store/{kept.state}")
                    if kept.text is not None:
                        # Evidence of what was read that day; nothing is made of it, so the next sync will do.
                        self.desk.convert(item.capture, kept.text)
                case Naming():
                    self.desk.keeper.keep_naming(item)
        except (OSError, SQLAlchemyError) as error:
            self.stop(error)
            raise
        return item

    def stop(self, error: Exception) -> None:
        """Begins to stop the crawl, once: what cannot be stored must not be fetched."""
        if self.stopping is None:
            log.error("the archive cannot be written: %s; the crawl stops", error)
            assert self.crawler.engine is not None
            self.stopping = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="archive-error"))

    def close_spider(self) -> None:
        """Closes the catalogue after the last item."""
        self.desk.close()

"""The crawl's hold on its archive: lock, recovery, the WARC writer, and the stop when a record cannot be written."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.misc import load_object

from pipelines.capture import Capture, Exchange, Held, Note
from pipelines.warc.lock import lock_outlet
from pipelines.warc.recovery import Repair, recover
from pipelines.warc.writer import DAY_S, GIB, WarcWriter

logger = logging.getLogger(__name__)

T = TypeVar("T")

_TOLD_SETTINGS = (
    "CONCURRENT_REQUESTS_PER_DOMAIN",
    "DOWNLOAD_DELAY",
    "DOWNLOAD_MAXSIZE",
    "DOWNLOAD_TIMEOUT",
    "DOWNLOAD_VERIFY_CERTIFICATES",
    "PAGE_REQUISITES",
    "RETRY_TIMES",
)
"""What of the settings a reader of the WARC files may want to know."""


SYNC_EVERY_S = 0.05
"""Between two syncs, so that the pages of a fast crawl share them: one takes a tenth of a page's CPU."""


class ArchiveFailed(IgnoreRequest):
    """A record could not be written or synced: the crawl is being stopped, and nothing more is acknowledged."""


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


class Archiver:
    """The Scrapy extension that owns an outlet's WARC files for one crawl.

    Raises PressmarkError when made where the outlet is locked or recording would not be exact, OSError where the
    archive cannot be written.
    """

    def __init__(self, crawler: Crawler, archive: Path, outlet: str) -> None:
        self.archive = archive
        self.outlet = outlet
        self.clock: Callable[[], datetime] = load_object(crawler.settings.get("CLOCK", utc_now))
        self.repairs: tuple[Repair, ...] = ()
        """What the last crawl left, repaired at this start."""
        self.on_written: Callable[[Capture | Note], None] = lambda _record: None
        """Told of every capture and note once its records are written, before they are synced."""
        self._crawler = crawler
        self._lock = lock_outlet(archive, outlet)
        self.repairs = recover(archive, outlet)
        self._writer = WarcWriter(
            archive,
            outlet,
            clock=self.clock,
            warcinfo=_warcinfo(crawler),
            rotate_bytes=crawler.settings.getint("WARC_ROTATE_BYTES", GIB),
            rotate_age_s=crawler.settings.getfloat("WARC_ROTATE_AGE_S", DAY_S),
        )
        assert crawler.stats is not None
        self._count = crawler.stats.inc_value
        self._failed = False
        self._written = self._synced = 0
        self._syncing = asyncio.Lock()
        self._sync_at = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Archiver":
        """Reads ARCHIVE_DIR and the spider's `outlet_slug`, or else its name."""
        directory = crawler.settings.get("ARCHIVE_DIR")
        if not directory or crawler.spider is None:
            raise NotConfigured("ARCHIVE_DIR names no folder")
        # Scrapy's handlers take a third of a second to import, and other commands than a crawl need none.
        from crawler.capture.probe import probe

        probe()
        outlet = getattr(crawler.spider, "outlet_slug", None) or crawler.spider.name
        archiver = cls(crawler, Path(directory), outlet)
        for repair in archiver.repairs:
            logger.warning("repaired %s: %d bytes kept, %d cut", repair.file, repair.kept_bytes, repair.cut_bytes)
            archiver._count("capture/repaired")
        crawler.signals.connect(archiver.close, signals.spider_closed)
        return archiver

    @property
    def find_held(self) -> Callable[[str], Held | None]:
        """Earlier captures by payload digest."""
        return self._writer.find_held

    @find_held.setter
    def find_held(self, find_held: Callable[[str], Held | None]) -> None:
        self._writer.find_held = find_held

    def write(self, exchange: Exchange) -> Capture:
        """Writes an exchange; raises ArchiveFailed, once the stop of the crawl is under way."""
        capture = self._stopping_on_error(self._writer.write, exchange)
        self._count("capture/revisit" if capture.revisit else "capture/response")
        if capture.ended != "complete":
            self._count(f"capture/truncated/{capture.ended}")
        self.on_written(capture)
        return capture

    def note(self, note: Note, *, request: bytes | None = None) -> None:
        """Writes what left no exchange; raises ArchiveFailed likewise."""
        self._stopping_on_error(self._writer.note, note, request)
        self._count(f"capture/note/{note.reason}")
        self.on_written(note)

    def convert(self, capture: Capture, text: bytes) -> None:
        """Writes the clean text that was made of a capture, as a conversion record; raises ArchiveFailed likewise."""
        self._stopping_on_error(self._writer.convert, capture, text)

    def _stopping_on_error(self, write: Callable[..., T], *given: Any) -> T:
        """One write to the WARC file; where it fails the crawl stops."""
        try:
            written = write(*given)
        except OSError as error:
            raise self._stop(error) from error
        self._written += 1
        return written

    async def sync(self) -> None:
        """Returns when every record written before lies on disk; those who wait meanwhile share one fsync.

        Raises ArchiveFailed.
        """
        wanted = self._written
        async with self._syncing:
            if self._synced >= wanted and not self._failed:
                return
            await asyncio.sleep(self._sync_at - time.monotonic())
            mark = self._written
            try:
                await asyncio.to_thread(self._writer.sync_later())
            except OSError as error:
                raise self._stop(error) from error
            self._synced = mark
            self._sync_at = time.monotonic() + SYNC_EVERY_S
            self._count("capture/sync")

    def close(self, spider: Spider) -> None:
        """Gives the file its closed name, and frees the outlet."""
        try:
            self._writer.close()
        except OSError as error:
            self._stop(error)
        finally:
            self._lock.release()

    def _stop(self, error: OSError) -> ArchiveFailed:
        """Begins to stop the crawl, once, with the reason `archive-error`."""
        if not self._failed:
            self._failed = True
            logger.error("%s: the archive cannot be written: %s; the crawl stops", self.outlet, error)
            self._count("capture/failed")
            engine = self._crawler.engine
            if engine is not None and engine.spider is not None:
                deferred_from_coro(engine.close_spider_async(reason="archive-error"))
        return ArchiveFailed(f"the archive cannot be written: {error}")


def _warcinfo(crawler: Crawler) -> dict[str, str]:
    """What the file's first record says of the crawl (WARC 1.1 §6.2)."""
    settings = crawler.settings
    told = {name: settings.get(name) for name in _TOLD_SETTINGS}
    info = {
        "software": f"Pressmark/{version('pressmark')} Scrapy/{version('scrapy')} Twisted/{version('twisted')}",
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "operator": settings.get("CONTACT", ""),
        "http-header-user-agent": settings.get("USER_AGENT", ""),
        "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
        "settings": json.dumps(told, sort_keys=True),
        "rules-version": getattr(crawler.spider, "rules_version", ""),
    }
    return {name: value for name, value in info.items() if value}

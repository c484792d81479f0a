"""Crawls what standard input asks for with the recording handler, and prints what Scrapy made of it as JSON.

Run as a process of its own, since a reactor runs once: {"archive", "settings", "requests": [{"url", …}]}.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from crawler.capture.archiver import Archiver
from pipelines.warc.coding import body_of
from tests.capture.memory import peak_bytes

SETTINGS = {
    "EXTENSIONS": {"crawler.capture.archiver.Archiver": 0},
    "DOWNLOAD_HANDLERS": {
        "http": "crawler.capture.handler.RecordingDownloadHandler",
        "https": "crawler.capture.handler.RecordingDownloadHandler",
    },
    "DOWNLOADER_MIDDLEWARES": {"scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None},
    "TWISTED_DNS_RESOLVER": "crawler.capture.guard.GuardedResolver",
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "DOWNLOAD_DELAY": 0,
    "DOWNLOAD_TIMEOUT": 10,
    "ROBOTSTXT_OBEY": False,
    "RETRY_ENABLED": False,
    "HTTPERROR_ALLOW_ALL": True,
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "CRITICAL",
}


class Asked(scrapy.Spider):
    """Fetches the given requests, and acknowledges each capture once it is synced."""

    name = "asked"
    requests: list[dict[str, Any]]
    results: dict[str, Any]
    acknowledged: str | None = None

    async def start(self) -> AsyncIterator[Any]:
        for number, asked in enumerate(self.requests):
            given = dict(asked)
            wait = given.pop("wait", 0)
            if wait:
                await asyncio.sleep(wait)
            yield scrapy.Request(
                **given, dont_filter=True, cb_kwargs={"number": number}, errback=self.failed, callback=self.parse
            )

    async def parse(self, response: Response, number: int) -> None:
        capture = response.meta["capture"]
        archiver = self.crawler.get_extension(Archiver)
        assert archiver is not None
        await archiver.sync()
        if self.acknowledged:
            with open(self.acknowledged, "a") as file:
                file.write(capture.ref.record_id + "\n")
        self.results[str(number)] = {
            "status": response.status,
            "body": response.body.hex(),
            "decoded": body_of(capture).hex(),
            "record_id": capture.ref.record_id,
            "ended": capture.ended,
        }

    def failed(self, failure: Any) -> None:
        self.results[str(failure.request.cb_kwargs["number"])] = {
            "failure": type(failure.value).__name__,
            "told": str(failure.value),
            "captured": "capture" in failure.request.meta,
        }


def run(asked: dict[str, Any]) -> dict[str, Any]:
    """Crawls for each of the `outlets` at once; gives the results of the last, and why each stopped."""
    results: dict[str, Any] = {}
    process = AsyncCrawlerProcess({**SETTINGS, "ARCHIVE_DIR": asked["archive"], **asked["settings"]})
    crawlers = []
    for outlet in asked.get("outlets", ["asked"]):
        crawlers.append(process.create_crawler(Asked))
        process.crawl(
            crawlers[-1],
            name=outlet,
            requests=asked["requests"],
            results=results,
            acknowledged=asked.get("acknowledged"),
        )
    process.start()
    stats = {key: one for key, one in crawlers[-1].stats.get_stats().items() if isinstance(one, int | float | str)}
    return {"results": results, "stats": stats, "memory": peak_bytes()}


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)

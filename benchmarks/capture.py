"""What capture and its syncs cost beside bare Scrapy, and how fast the structural check reads beside other tools.

    python -m benchmarks.capture [--pages 1000] [--rounds 3]

Rounds of bare Scrapy, of recording, and of recording with each page synced to the disk before it is acknowledged (those
that wait meanwhile share a sync) are interleaved in one run, each crawl in a process of its own; what counts is its CPU
time, user and system. The pages come compressed, as most news pages do.
"""

import argparse
import asyncio
import gzip
import json
import multiprocessing
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

WORDS = "the of a to in and minister said on by for that city with war is new at from as it be was council".split()
MARKUP = '<div class="share"><a class="share__link" href="#" rel="nofollow" data-network="all">Share</a></div>'
MEAN_PAGE = 124_000
"""Bytes of a news page before compression, in the median of a thousand real ones."""


def page(number: int) -> bytes:
    """A synthetic page that compresses as news pages do: 4.6 to one, the median of 400 captured ones."""
    dice = random.Random(number)
    parts = []
    size = 0
    while size < MEAN_PAGE:
        words = " ".join(
            dice.choice(WORDS) + (f"{dice.random():.6f}" if dice.random() < 0.07 else "") for _ in range(60)
        )
        parts.append(f'<div class="block block-{dice.randrange(99)}">{MARKUP}<p>{words}</p></div>\n')
        size += len(parts[-1])
    return f"<!doctype html><title>{number}</title>{''.join(parts)}".encode()


def serve(pages: int, told: Any) -> None:
    """Answers /N with page N, compressed, on a port that it tells."""
    answers = []
    for number in range(pages):
        body = gzip.compress(page(number), 6)
        head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n"
        answers.append(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                writer.write(answers[int(request.split(b" ")[1][1:])])
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


CRAWL = """
import json, sys, time
asked = json.load(sys.stdin)
import scrapy
import scrapy.core.downloader.handlers.http11, crawler.capture.handler  # in both: imports are no cost a page
from scrapy.crawler import AsyncCrawlerProcess
from crawler.capture.archiver import Archiver
class Pages(scrapy.Spider):
    name = "bench"
    async def start(self):
        for number in range(asked["pages"]):
            yield scrapy.Request(f"http://127.0.0.1:{asked['port']}/{number}")
    async def parse(self, response):
        assert len(response.body) > 100_000
        if asked["synced"]:
            await self.crawler.get_extension(Archiver).sync()
process = AsyncCrawlerProcess(asked["settings"])
crawler = process.create_crawler(Pages)
process.crawl(crawler)
before, began = time.process_time(), time.monotonic()
process.start()
used, took = time.process_time() - before, time.monotonic() - began
assert crawler.stats.get_value("response_received_count") == asked["pages"], crawler.stats.get_stats()
print(used, took, crawler.stats.get_value("capture/sync", 0))
"""

STOCK: dict[str, Any] = {"LOG_ENABLED": False, "CONCURRENT_REQUESTS": 8, "CONCURRENT_REQUESTS_PER_DOMAIN": 8}
LEAN: dict[str, Any] = {
    **STOCK,
    "ASYNCIO_EVENT_LOOP": "uvloop.Loop",
    "CONCURRENT_ITEMS": 8,
    "METAREFRESH_ENABLED": False,
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
}
RECORDING: dict[str, Any] = {
    "EXTENSIONS": {"crawler.capture.archiver.Archiver": 0},
    "DOWNLOAD_HANDLERS": {"http": "crawler.capture.handler.RecordingDownloadHandler"},
    "TWISTED_DNS_RESOLVER": "crawler.capture.guard.GuardedResolver",
    "ALLOWED_ADDRESSES": ["127.0.0.1"],
}


def crawled(port: int, pages: int, settings: dict[str, Any], synced: bool = False) -> tuple[float, float, float]:
    """CPU and wall milliseconds a page of one crawl, and its syncs a page."""
    asked = json.dumps({"port": port, "pages": pages, "settings": settings, "synced": synced})
    ended = subprocess.run([sys.executable, "-c", CRAWL], input=asked, text=True, stdout=subprocess.PIPE, check=True)
    used, took, syncs = map(float, ended.stdout.split())
    return used / pages * 1000, took / pages * 1000, syncs / pages


def overhead(port: int, pages: int, rounds: int, archive: Path) -> None:
    """Prints CPU a page, bare, recording and synced, with their ratios, for stock settings and for Pressmark's own."""
    for name, settings in (("stock", STOCK), ("lean", LEAN)):
        recording = {**settings, **RECORDING, "ARCHIVE_DIR": str(archive)}
        runs = []
        for _ in range(rounds):
            bare = crawled(port, pages, settings)
            shutil.rmtree(archive, ignore_errors=True)
            synced = crawled(port, pages, recording, synced=True)
            shutil.rmtree(archive)
            runs.append((bare, crawled(port, pages, recording), synced))
        print(f"{name}: bare {statistics.median(bare[0] for bare, _, _ in runs):.2f} ms of CPU a page")
        for place, label in ((1, "recording"), (2, "recording, synced")):
            ratios = [run[place][0] / run[0][0] for run in runs]
            lowest = min(run[place][0] for run in runs) / min(run[0][0] for run in runs)
            used, wall, syncs = (statistics.median(each) for each in zip(*(run[place] for run in runs), strict=True))
            print(
                f"  {label}: {used:.2f} ms, ratio {statistics.median(ratios):.3f} (of the least {lowest:.3f}; "
                f"of rounds {', '.join(f'{ratio:.3f}' for ratio in ratios)}); {1000 / wall:.0f} pages/s, "
                f"{syncs:.2f} syncs a page"
            )


CHECK = """
import sys
from pathlib import Path
from pipelines.warc.verify import check_file
found = [finding for name in sys.argv[2:] for finding in check_file(Path(name), Path(sys.argv[1])).findings]
sys.exit(bool(found))
"""


def check_speeds(archive: Path, rounds: int) -> None:
    """Prints MB a second of CPU of three checks of the same files, their start included."""
    files = [str(path) for path in archive.rglob("*.warc.gz")]
    size = sum(Path(name).stat().st_size for name in files)
    tools = {
        "scrapy verify": [sys.executable, "-c", CHECK, str(archive), *files],
        "warcio check": [sys.executable, "-m", "warcio.cli", "check", *files],
        "fastwarc check": [sys.executable, "-m", "fastwarc.cli", "check", *files],
    }
    for name, command in tools.items():
        speeds = []
        for _ in range(rounds):
            before = os.times()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            after = os.times()
            used = after.children_user - before.children_user + after.children_system - before.children_system
            speeds.append(size / 1e6 / used)
        print(f"{name:15} {statistics.median(speeds):6.0f} MB/s of {size / 1e6:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(given.pages, theirs), daemon=True)
    server.start()
    port = ours.recv()
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive"
        overhead(port, given.pages, given.rounds, archive)
        check_speeds(archive, given.rounds)
    server.terminate()


if __name__ == "__main__":
    main()

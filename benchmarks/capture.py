"""What capture costs beside bare Scrapy, and how fast the structural check reads beside other tools.

    python -m benchmarks.capture [--pages 1000] [--rounds 3]

Rounds of bare Scrapy and of recording are interleaved in one run, each crawl in a process of its own; what counts is
its CPU time, user and system. The pages come compressed, as most news pages do.
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
MEAN_PAGE = 124_000
"""Bytes of a news page before compression, in the median of a thousand real ones."""


def page(number: int) -> bytes:
    """A synthetic page that compresses as news pages do, about five to one."""
    dice = random.Random(number)
    parts = []
    size = 0
    while size < MEAN_PAGE:
        words = " ".join(
            dice.choice(WORDS) + (f"{dice.random():.6f}" if dice.random() < 0.18 else "") for _ in range(60)
        )
        parts.append(f'<div class="block block-{dice.randrange(99)}"><p>{words}</p></div>\n')
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
class Pages(scrapy.Spider):
    name = "bench"
    async def start(self):
        for number in range(asked["pages"]):
            yield scrapy.Request(f"http://127.0.0.1:{asked['port']}/{number}")
    def parse(self, response):
        assert len(response.body) > 100_000
process = AsyncCrawlerProcess(asked["settings"])
crawler = process.create_crawler(Pages)
process.crawl(crawler)
before = time.process_time()
process.start()
used = time.process_time() - before
assert crawler.stats.get_value("response_received_count") == asked["pages"], crawler.stats.get_stats()
print(used)
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


def cpu_ms(port: int, pages: int, settings: dict[str, Any]) -> float:
    """CPU milliseconds a page of one crawl."""
    asked = json.dumps({"port": port, "pages": pages, "settings": settings})
    ended = subprocess.run([sys.executable, "-c", CRAWL], input=asked, text=True, stdout=subprocess.PIPE, check=True)
    return float(ended.stdout) / pages * 1000


def overhead(port: int, pages: int, rounds: int, archive: Path) -> None:
    """Prints CPU a page, bare and recording, and their ratio, for Scrapy as it comes and as Pressmark sets it."""
    for name, settings in (("stock", STOCK), ("lean", LEAN)):
        bare, recording = [], []
        for _ in range(rounds):
            shutil.rmtree(archive, ignore_errors=True)
            bare.append(cpu_ms(port, pages, settings))
            recording.append(cpu_ms(port, pages, {**settings, **RECORDING, "ARCHIVE_DIR": str(archive)}))
        ratios = [one / other for one, other in zip(recording, bare, strict=True)]
        print(
            f"{name:6} bare {statistics.median(bare):5.2f} ms  recording {statistics.median(recording):5.2f} ms  "
            f"ratio {statistics.median(ratios):.3f} (of rounds: {', '.join(f'{ratio:.3f}' for ratio in ratios)})"
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

"""What capture and its syncs cost beside bare Scrapy, and how fast the structural check reads beside other tools.

    python -m benchmarks.capture [--pages 25] [--turns 15] [--sets 10]

Bare Scrapy, recording, and recording with each page synced to the disk before it is acknowledged (those that wait
meanwhile share a sync) are three crawls in a process each, which fetch some pages in turn: a machine whose speed drifts
is the same for the turns of one round, and each round has its own ratio. The order in a round is by chance, since a
crawl that follows itself finds its caches warm; and each set of rounds has processes of its own, since where a process
lies in memory makes it faster or slower by some percent. What counts is CPU time, user and system. The pages come
compressed, as most news pages do.
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


WARM = 5
"""Rounds of a set that count for nothing: the first pages make what the others find made."""

CRAWL = """
import asyncio, json, sys, time
asked = json.loads(sys.stdin.readline())
import scrapy
import scrapy.core.downloader.handlers.http11, crawler.capture.handler  # in both: imports are no cost a page
from scrapy.crawler import AsyncCrawlerProcess
from crawler.capture.archiver import Archiver
class Pages(scrapy.Spider):
    name = "bench"
    async def start(self):
        syncs = 0
        while turn := await asyncio.to_thread(sys.stdin.readline):
            before, began = time.process_time(), time.monotonic()
            self.left, self.over, self.wrong = asked["pages"], asyncio.Event(), None
            for number in range(asked["pages"]):
                number += int(turn) * asked["pages"]
                yield scrapy.Request(f"http://127.0.0.1:{asked['port']}/{number}", errback=self.failed)
            await self.over.wait()
            if self.wrong:
                print(self.wrong, flush=True)
                break
            used, took = time.process_time() - before, time.monotonic() - began
            syncs = self.crawler.stats.get_value("capture/sync", 0) - syncs
            print(used * 1000 / asked["pages"], took * 1000 / asked["pages"], syncs / asked["pages"], flush=True)
            syncs = self.crawler.stats.get_value("capture/sync", 0)
    async def parse(self, response):
        if len(response.body) < 100_000:
            self.fail(f"{response.url} came as {len(response.body)} bytes")
        if asked["synced"]:
            await self.crawler.get_extension(Archiver).sync()
        self.left -= 1
        if not self.left:
            self.over.set()
    def failed(self, failure):
        self.fail(failure.getErrorMessage())
    def fail(self, why):
        self.wrong = why
        self.over.set()
process = AsyncCrawlerProcess(asked["settings"])
process.crawl(Pages)
process.start()
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


class Crawl:
    """A crawl in a process of its own that fetches so many pages whenever it is its turn."""

    def __init__(self, port: int, pages: int, settings: dict[str, Any], *, synced: bool = False) -> None:
        asked = {"port": port, "pages": pages, "settings": settings, "synced": synced}
        self.process = subprocess.Popen(
            [sys.executable, "-c", CRAWL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._tell(json.dumps(asked))

    def turn(self, number: int) -> tuple[float, float, float]:
        """CPU and wall milliseconds a page, and syncs a page."""
        self._tell(str(number))
        assert self.process.stdout is not None
        told = self.process.stdout.readline()
        try:
            used, took, syncs = map(float, told.split())
        except ValueError:
            raise SystemExit(f"the crawl failed: {told.strip() or 'it ended'}") from None
        return used, took, syncs

    def end(self) -> None:
        """Lets the crawl finish, or ends it where it does not."""
        try:
            self.process.communicate(timeout=30)
        finally:
            self.process.kill()

    def _tell(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()


Round = dict[str, tuple[float, float, float]]


def overhead(port: int, pages: int, turns: int, sets: int, archive: Path) -> None:
    """Prints CPU a page, bare, recording and synced, with their ratios, for stock settings and for Pressmark's own."""
    dice = random.Random(1)
    for name, settings in (("stock", STOCK), ("lean", LEAN)):
        recording = settings | RECORDING | {"ARCHIVE_DIR": str(archive / name)}
        synced = recording | {"ARCHIVE_DIR": str(archive / "synced")}
        rounds: list[list[Round]] = []
        for _ in range(sets):
            crawls = {
                "bare": Crawl(port, pages, settings),
                "recording": Crawl(port, pages, recording),
                "recording, synced": Crawl(port, pages, synced, synced=True),
            }
            rounds.append(one_set(crawls, turns, dice)[WARM:])
            shutil.rmtree(archive / "synced")
        tell(name, rounds)


def one_set(crawls: dict[str, Crawl], turns: int, dice: random.Random) -> list[Round]:
    """The rounds of some crawls, each in an order of its own."""
    rounds = []
    try:
        for number in range(turns):
            order = dice.sample(list(crawls), len(crawls))
            took = {label: crawls[label].turn(number) for label in order}
            rounds.append({label: took[label] for label in crawls})
    finally:
        for crawl in crawls.values():
            crawl.end()
    return rounds


def tell(name: str, sets: list[list[Round]]) -> None:
    """Prints the medians of rounds, and of the ratios of each to its own bare crawl."""
    rounds = [row for rows in sets for row in rows]
    print(f"{name}: bare {statistics.median(row['bare'][0] for row in rounds):.2f} ms of CPU a page")
    for label in [label for label in rounds[0] if label != "bare"]:
        by_set = [[row[label][0] / row["bare"][0] for row in rows] for rows in sets]
        ratio = statistics.median(one for ratios in by_set for one in ratios)
        medians = sorted(map(statistics.median, by_set))
        used, wall, syncs = (statistics.median(each) for each in zip(*(row[label] for row in rounds), strict=True))
        print(
            f"  {label}: {used:.2f} ms, ratio {ratio:.3f} (median of {len(rounds)} rounds; those of {len(sets)} sets "
            f"{medians[0]:.3f} to {medians[-1]:.3f}); {1000 / wall:.0f} pages/s, {syncs:.2f} syncs a page"
        )


CHECK = """
import sys
from pathlib import Path
from pipelines.warc.verify import check_file
found = [finding for name in sys.argv[2:] for finding in check_file(Path(name), Path(sys.argv[1])).findings]
sys.exit(bool(found))
"""

FASTWARC = """
import sys
from fastwarc.cli import main
for name in sys.argv[1:]:
    main(["check", name], standalone_mode=False)
"""


def check_speeds(archive: Path, rounds: int) -> None:
    """Prints MB a second of CPU of three checks of the same files, their start included."""
    files = [str(path) for path in archive.rglob("*.warc.gz")]
    size = sum(Path(name).stat().st_size for name in files)
    tools = {
        "scrapy verify": [sys.executable, "-c", CHECK, str(archive), *files],
        "warcio check": [sys.executable, "-m", "warcio.cli", "check", *files],
        "fastwarc check": [sys.executable, "-c", FASTWARC, *files],
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
    parser.add_argument("--pages", type=int, default=25, help="fetched in a turn")
    parser.add_argument("--turns", type=int, default=15, help=f"of each crawl in a set, {WARM} of them to warm up")
    parser.add_argument("--sets", type=int, default=10, help="of processes")
    given = parser.parse_args()
    if given.turns < WARM + 2:
        parser.error(f"--turns: {WARM + 2} or more")
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(given.pages * given.turns, theirs), daemon=True)
    server.start()
    port = ours.recv()
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive"
        overhead(port, given.pages, given.turns, given.sets, archive)
        check_speeds(archive / "lean", 7)
    server.terminate()


if __name__ == "__main__":
    main()

"""An archive of a world without a crawl: pages asked of the sites directly, and written as a crawl writes them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from crawler.places import RULES_FOLDER
from newsstand.messages import Head, Request, pieces
from newsstand.sites import sites_by_host
from newsstand.story import Published
from newsstand.world import World
from pipelines.capture import Capture, Exchange
from pipelines.catalogue.catalogue import Catalogue, catalogue_url
from pipelines.jobs.keep import Naming
from pipelines.jobs.rebuild import rebuild
from pipelines.rules import RuleBook
from pipelines.warc.writer import WarcWriter

LATER = timedelta(minutes=20)
"""From publication to capture."""


class Clock:
    """The time as a test sets it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def write_world(world: World, archive: Path, articles: Iterable[Published] | None = None) -> int:
    """Writes a capture of each article (of all) some minutes after its publication; gives how many."""
    sites = sites_by_host(world)
    clock = Clock(world.start)
    writers: dict[str, WarcWriter] = {}
    told = sorted(world.all() if articles is None else articles, key=lambda each: (each.published_at, each.url))
    for number, article in enumerate(told):
        clock.now = article.published_at + LATER + timedelta(microseconds=number)
        writer = writers.get(article.outlet)
        if writer is None:
            writer = WarcWriter(archive, article.outlet, clock=clock, warcinfo={"software": "test"}, rotate_age_s=1e12)
            writers[article.outlet] = writer
        host = urlsplit(article.url).hostname or ""
        request = Request(method="GET", url=article.url, headers={}, number=number, at=clock.now)
        head = Head(method="GET", target=article.url, version="HTTP/1.1", headers={})
        answer = b"".join(pieces(head, sites[host].answer(request), clock.now))
        writer.write(
            Exchange(
                url=article.url,
                method="GET",
                started_at=clock.now,
                role="article",
                request=f"GET {urlsplit(article.url).path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(),
                response=BytesIO(answer),
            )
        )
    for writer in writers.values():
        writer.close()
    return len(told)


def no_leads(capture: Capture, _rules: RuleBook) -> Naming:
    """Sources are left unread: these archives hold articles alone."""
    return Naming(capture=capture, leads=())


def catalogued(archive: Path, url: str | None = None, workers: int = 1) -> Catalogue:
    """The archive's catalogue, made from its WARC files."""
    return rebuild(archive, url or catalogue_url(archive), RULES_FOLDER, no_leads, workers=workers)

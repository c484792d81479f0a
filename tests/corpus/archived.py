"""An archive of a world without a crawl: pages asked of the sites directly, and written as a crawl writes them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from attrs import field, frozen

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


@frozen(kw_only=True)
class Shown:
    """What an outlet's site answered at an instant."""

    outlet: str
    url: str
    at: datetime
    answer: bytes = field(repr=False)


def shown(world: World, articles: Iterable[Published] | None = None) -> Iterator[Shown]:
    """The page of each article (of all) some minutes after its publication, in that order."""
    sites = sites_by_host(world)
    told = sorted(world.all() if articles is None else articles, key=lambda each: (each.published_at, each.url))
    for number, article in enumerate(told):
        at = article.published_at + LATER + timedelta(microseconds=number)
        request = Request(method="GET", url=article.url, headers={}, number=number, at=at)
        head = Head(method="GET", target=article.url, version="HTTP/1.1", headers={})
        answer = sites[urlsplit(article.url).hostname or ""].answer(request)
        yield Shown(outlet=article.outlet, url=article.url, at=at, answer=b"".join(pieces(head, answer, at)))


def write_pages(pages: Iterable[Shown], archive: Path) -> int:
    """Writes what was shown as a crawl writes it, a file an outlet; gives how many."""
    clock = Clock(datetime(2026, 1, 1, tzinfo=UTC))
    writers: dict[str, WarcWriter] = {}
    count = 0
    for page in pages:
        clock.now = page.at
        writer = writers.get(page.outlet)
        if writer is None:
            writer = WarcWriter(archive, page.outlet, clock=clock, warcinfo={"software": "test"}, rotate_age_s=1e12)
            writers[page.outlet] = writer
        parts = urlsplit(page.url)
        writer.write(
            Exchange(
                url=page.url,
                method="GET",
                started_at=page.at,
                role="article",
                request=f"GET {parts.path} HTTP/1.1\r\nHost: {parts.hostname}\r\n\r\n".encode(),
                response=page.answer,
            )
        )
        count += 1
    for writer in writers.values():
        writer.close()
    return count


def no_leads(capture: Capture, _rules: RuleBook) -> Naming:
    """Sources are left unread: these archives hold articles alone."""
    return Naming(capture=capture, leads=())


def catalogued(archive: Path, url: str | None = None, workers: int = 1) -> Catalogue:
    """The archive's catalogue, made from its WARC files."""
    return rebuild(archive, url or catalogue_url(archive), RULES_FOLDER, no_leads, workers=workers)

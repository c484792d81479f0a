"""What one crawl may ask of its outlet: decided from the catalogue, the clock, and what the crawl meets.

Touches no network; the spider asks it before every request.
"""

from collections.abc import Callable
from datetime import datetime

from attrs import define, field

from pipelines.capture import Lead
from pipelines.catalogue.catalogue import Catalogue
from pipelines.catalogue.due import (
    Validators,
    asked_today,
    due_looks,
    missing_leads,
    newest_looks,
    polls_of,
    validators_of,
    waiting_urls,
)
from pipelines.catalogue.queries import settled_urls
from pipelines.catalogue.watch import PollPace, poll_due, rests_until
from pipelines.urls import host_of

Clock = Callable[[], datetime]


@define
class Agenda:
    """An outlet's due work at the beginning of a crawl, and its limits while it runs."""

    catalogue: Catalogue
    outlet: str
    clock: Clock
    left: int
    """Requests that the day's budget still has."""
    settled: set[str]
    """Article URLs that need no fetch now: archived, settled, waiting, or asked in this crawl."""
    looks: dict[str, list[tuple[datetime, str | None]]] = field(factory=dict)
    """By host: (instant, reason) of its newest looks, newest first."""
    rests: dict[str, datetime] = field(factory=dict)
    """By host: until when its articles are left alone."""

    @classmethod
    def open(cls, catalogue: Catalogue, outlet: str, clock: Clock, requests_a_day: int, *, back: bool) -> "Agenda":
        """The outlet's agenda now; `back`: for a crawl of days gone by, which tries what failed at once."""
        now = clock()
        settled = settled_urls(catalogue, outlet)
        agenda = cls(
            catalogue=catalogue,
            outlet=outlet,
            clock=clock,
            left=max(0, requests_a_day - asked_today(catalogue, outlet, now)),
            settled=settled if back else settled | waiting_urls(catalogue, outlet, now),
        )
        for url, at, reason in reversed(newest_looks(catalogue, outlet)):
            agenda.showed(url, at, reason)
        return agenda

    def source_due(self, url: str, pace: PollPace) -> bool:
        """True where a source is to be asked now."""
        due_at = poll_due(polls_of(self.catalogue, self.outlet, url), pace)
        return due_at is None or due_at <= self.clock()

    def due(self) -> list[Lead]:
        """The looks that are due, the most urgent first, as leads."""
        found = due_looks(self.catalogue, self.outlet, self.clock())
        return [Lead(url=look.url, source_kind="look", modified_at=look.hint) for look in found]

    def missing(self) -> list[Lead]:
        """What sources named in earlier crawls and nobody fetched."""
        return missing_leads(self.catalogue, self.outlet)

    def validators(self, url: str) -> Validators | None:
        """What makes a request for a URL conditional."""
        return validators_of(self.catalogue, self.outlet, url)

    def showed(self, url: str, at: datetime, reason: str | None) -> None:
        """Takes in what a look showed; walls in a row give their host a rest."""
        host = host_of(url)
        looks = self.looks.setdefault(host, [])
        looks.insert(0, (at, reason))
        until = rests_until(looks)
        if until is None:
            self.rests.pop(host, None)
        else:
            self.rests[host] = until

    def resting(self, url: str) -> bool:
        """True while a host that showed bot walls is left alone."""
        until = self.rests.get(host_of(url))
        return until is not None and self.clock() < until

    def spend(self) -> bool:
        """Takes one request from the day's budget; False where none is left."""
        if self.left <= 0:
            return False
        self.left -= 1
        return True

"""What one crawl may ask of its outlet: decided from the catalogue, the clock, and what the crawl meets.

Touches no network; the spider asks it before every request.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import get_args

from attrs import define
from scrapy.exceptions import IgnoreRequest

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
from pipelines.catalogue.watch import Door, Poll, PollPace, poll_due, rests_until
from pipelines.urls import host_of

Clock = Callable[[], datetime]


class LeftAlone(IgnoreRequest):
    """A request that is not sent in this crawl: the day's budget is spent, or the host shows bot walls."""


@define(slots=False)
class Agenda:
    """An outlet's due work at the beginning of a crawl, and its limits while it runs; reads what it is asked for."""

    catalogue: Catalogue
    outlet: str
    clock: Clock
    left: int
    """Requests that the day's budget still has."""
    back: bool
    """True for a crawl of days gone by, which tries at once what failed."""

    @classmethod
    def open(cls, catalogue: Catalogue, outlet: str, clock: Clock, requests_a_day: int, *, back: bool) -> "Agenda":
        """The outlet's agenda now."""
        left = max(0, requests_a_day - asked_today(catalogue, outlet, clock()))
        return cls(catalogue=catalogue, outlet=outlet, clock=clock, left=left, back=back)

    @cached_property
    def settled(self) -> set[str]:
        """Article URLs that need no fetch now: archived, settled, waiting, or added in this crawl."""
        settled = settled_urls(self.catalogue, self.outlet)
        return settled if self.back else settled | waiting_urls(self.catalogue, self.outlet, self.clock())

    @cached_property
    def looks(self) -> dict[tuple[Door, str], list[tuple[datetime, str | None]]]:
        """By door and host: (instant, reason) of its newest looks, newest first."""
        looks: dict[tuple[Door, str], list[tuple[datetime, str | None]]] = {}
        for door in get_args(Door):
            for url, at, reason in newest_looks(self.catalogue, self.outlet, door):
                looks.setdefault((door, host_of(url)), []).append((at, reason))
        return looks

    @cached_property
    def polls(self) -> dict[str, list[Poll]]:
        """By source: its newest answers, as they stood when the crawl began."""
        return polls_of(self.catalogue, self.outlet, self.clock())

    def source_due(self, url: str, pace: PollPace) -> bool:
        """True where a source is to be asked now."""
        due_at = poll_due(self.polls.get(url, ()), pace)
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

    def showed(self, url: str, at: datetime, reason: str | None, door: Door = "page") -> None:
        """Takes in what a look at an article showed; walls in a row give their door a rest."""
        self.looks.setdefault((door, host_of(url)), []).insert(0, (at, reason))

    def resting(self, url: str, door: Door = "page") -> bool:
        """True while the articles of a host, or their posts in its REST API, are left alone."""
        until = rests_until(self.looks.get((door, host_of(url)), ()), door)
        return until is not None and self.clock() < until

    def spend(self) -> bool:
        """Takes one request from the day's budget; False where none is left."""
        if self.left <= 0:
            return False
        self.left -= 1
        return True

"""How a crawl of days gone by is led: the cheapest way back first, the next one where that does not reach.

Touches no network: the spider asks it what to ask, and tells it what was answered.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Self

from attrs import define, evolve, field
from scrapy import Request

from crawler.discovery.found import Found
from crawler.sources import Answer, Source, Window, period_of
from pipelines.catalogue.catalogue import Catalogue
from pipelines.catalogue.due import named_between


@define
class Way:
    """One way back: the outlet's sources of one kind, which together name its articles."""

    sources: tuple[Source, ...]
    answers: dict[Source, list[Answer]] = field(factory=dict, init=False)
    named: set[str] = field(factory=set, init=False)
    under_way: int = field(default=0, init=False)
    """Questions without an answer yet."""

    @property
    def kind(self) -> str:
        """What it is called in what an operator reads."""
        return self.sources[0].role if self.sources[0].role != "rest" else "REST"

    @property
    def is_whole(self) -> bool:
        """False where it is known to leave articles out."""
        return all(source.whole for source in self.sources)

    def cost(self, window: Window) -> int:
        """Requests that it takes, estimated."""
        return sum(source.cost(window) or 0 for source in self.sources)


@define
class Backfill:
    """The ways back of one crawl, and the days that none of them has reached so far."""

    window: Window
    catalogue: Catalogue
    outlet: str
    waiting: list[Way]
    left: dict[date, str]
    """Why each day has not been reached."""
    now: Way | None = None
    """The way that is being asked."""
    asked_window: Window = field(init=False)
    """The days that it is asked for."""

    def __attrs_post_init__(self) -> None:
        self.asked_window = self.window

    @classmethod
    def of(cls, sources: Iterable[Source], window: Window, catalogue: Catalogue, outlet: str) -> Self:
        """All ways, the cheapest first; those that leave articles out come last, since others are asked besides."""
        kinds: dict[type[Source], list[Source]] = {}
        for source in sources:
            if source.cost(window) is not None:
                kinds.setdefault(type(source), []).append(source)
        ways = sorted(map(Way, map(tuple, kinds.values())), key=lambda way: (not way.is_whole, way.cost(window)))
        nobody = "nothing here reaches back" if not ways else "the crawl ended before it was asked for"
        return cls(window, catalogue, outlet, ways, dict.fromkeys(window.days, nobody))

    def advance(self) -> list[tuple[Source, str]]:
        """What to ask next: the first questions of the next way, while days are left; nothing at the end."""
        while self.left and self.waiting:
            way = self.now = self.waiting.pop(0)
            self.asked_window = evolve(self.window, since=min(self.left), until=max(self.left))
            asked = [(source, url) for source in way.sources for url in source.urls(self.asked_window)]
            way.under_way = len(asked)
            if asked:
                return asked
            self._finish(way)
        self.now = None
        return []

    def follow(self) -> None:
        """Counts a question that an answer led to."""
        if self.now is not None:
            self.now.under_way += 1

    def answered(self, source: Source, answer: Answer, named: Iterable[str]) -> bool:
        """Takes in an answer; True where it was the last of its way, so that `advance` tells what comes next."""
        way = self.now
        if way is None or source not in way.sources:
            return False
        way.answers.setdefault(source, []).append(answer)
        way.named.update(named)
        way.under_way -= 1
        if way.under_way:
            return False
        self._finish(way)
        return True

    def _finish(self, way: Way) -> None:
        """Days that the way reached are done, unless it is known to leave articles out or is seen to."""
        missed: dict[date, str] = {}
        for source in way.sources:
            missed = source.unreached(self.asked_window, way.answers.get(source, [])) | missed
        own = {answer.url for answers in way.answers.values() for answer in answers}
        known = self._named_by_others(own)
        dropped = len(known - way.named)
        if dropped:
            missed = dict.fromkeys(self.left, f"leaves out {dropped} of {len(known)} that others named") | missed
        if not way.is_whole:
            missed = dict.fromkeys(self.left, "is known to leave some out") | missed
        before = {day: self._before(why) for day, why in self.left.items()}
        self.left = {day: f"{before[day]}{way.kind}: {missed[day]}" for day in self.left if day in missed}

    def _named_by_others(self, own: set[str]) -> set[str]:
        """The articles of these days that other sources have named so far, and that are there still."""
        window = self.asked_window
        told = named_between(self.catalogue, self.outlet, window.since, window.last)
        return {url for url, source, at in told if source not in own and window.holds(window.day_of(at))}

    def _before(self, why: str) -> str:
        """What the ways before this one came to."""
        return f"{why}; " if ": " in why else ""

    def unreached(self) -> list[dict[str, Any]]:
        """The days that were not reached, those in a row with one reason together."""
        days = sorted(self.left.items())
        spans = []
        for (_, why), span in groupby(
            enumerate(days), key=lambda item: (item[1][0] - timedelta(days=item[0]), item[1][1])
        ):
            held = [day for _, (day, _) in span]
            spans.append({"since": str(held[0]), "until": str(held[-1]), "why": why})
        return spans


def answer_of(request: Request, found: Found, window: Window) -> Answer:
    """What an answer tells of the days that it reaches, under the address that was asked for."""
    parts = (period_of(lead.url) for lead in found.leads if lead.is_source and lead.source_kind == "sitemap")
    days = (window.day_of(lead.published_at) for lead in found.leads if not lead.is_source)
    return Answer(
        url=request.meta.get("redirect_urls", [request.url])[0],
        problem=found.problem,
        oldest=min((day for day in days if day), default=None),
        parts=tuple(part for part in parts if part),
    )

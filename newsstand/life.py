"""What befalls articles after they are published: edits, removals; sources that lag, lie and drop; walls and storms.

Drawn from the world's seed; asked like any world, by instant.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from math import exp, log
from random import Random
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit

from attrs import evolve, frozen

from newsstand.generator import EDITS, EditKind, Unfit, retell
from newsstand.messages import Request, Response, not_found, redirect
from newsstand.sites import sites_by_host
from newsstand.story import Language, Part, Published
from newsstand.walls import Wall, challenge
from newsstand.world import World

RemovalKind = Literal["404", "410", "home", "section", "paywall", "emptied"]
REMOVALS: tuple[RemovalKind, ...] = ("404", "410", "home", "section", "paywall", "emptied")
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=20)
LATER_EDITS = 0.55
"""Chance that an edited article is edited once more."""
_NOT_SOURCES = re.compile(r"/|/robots\.txt|/important-today/|/last-news/")


@frozen(kw_only=True)
class State:
    """An article's text from one instant to the next."""

    from_at: datetime
    until: datetime
    kind: EditKind | None
    """The edit that made it; None: as it was published."""
    article: Published


@frozen(kw_only=True)
class Removal:
    """An article taken down."""

    at: datetime
    kind: RemovalKind


@frozen(kw_only=True)
class Habits:
    """How truly a source tells."""

    lag: timedelta
    drops: float
    """Share of the articles that it never names."""
    hides_modified: bool
    lies_modified: bool
    """True: calls everything modified, as a page cache's date does."""


@frozen(kw_only=True)
class Storm:
    """A time in which an outlet's articles, or all of it, cannot be had."""

    outlet: str
    from_at: datetime
    until: datetime
    wall: Wall | None
    """None: HTTP 503 with Retry-After, sources too."""


class LivingWorld(World):
    """A world that changes."""

    def __init__(self, *, edits: int, removals: int, storms: int = 2, **world: Any) -> None:
        """`edits` and `removals` in all, inside the world's days; `storms` of each kind an outlet."""
        super().__init__(**world)
        rng = Random(f"{self.seed}/life")
        self.states: dict[str, tuple[State, ...]] = {}
        self.removals = self._taken_down(rng, removals)
        self._edit(rng, edits)
        self.storms = tuple(self._storm(rng, outlet, wall) for outlet in self.newsrooms for _ in range(storms)
                            for wall in (None, Wall.FORBIDDEN))  # fmt: skip
        self._habits: dict[str, Habits] = {}

    def states_of(self, url: str) -> tuple[State, ...]:
        """Every state of an article in order; one that was never edited has one."""
        article = self._by_url[url]
        return self.states.get(url) or (
            State(from_at=article.published_at, until=self.end, kind=None, article=article),
        )

    def habits(self, source: str) -> Habits:
        """How a source tells, whatever its query: a third hide `modified`, one in eight lies about it."""
        parts = urlsplit(source)
        key = f"{parts.hostname}{re.sub(r'[0-9]+', '#', parts.path)}"
        if key not in self._habits:
            rng = Random(f"{self.seed}/habits/{key}")
            slow = rng.random() < 0.3
            self._habits[key] = Habits(
                lag=timedelta(minutes=rng.randrange(5, 180) if slow else 0),
                drops=rng.choice((0.0, 0.0, 0.02, 0.08)),
                hides_modified=rng.random() < 1 / 3,
                lies_modified=rng.random() < 1 / 8,
            )
        return self._habits[key]

    def named(
        self, source: str, outlet: str, at: datetime, language: Language | None = None, count: int | None = None
    ) -> list[Published]:
        """What a source names: late, with holes, with or without `modified`, and not what is gone."""
        if source in self._by_url or _NOT_SOURCES.fullmatch(urlsplit(source).path):
            return [each for each in self.articles(outlet, at, language, count) if not self._gone(each.url, at)]
        habits = self.habits(source)
        told = [
            self._told_by(habits, each, at)
            for each in self.articles(outlet, at - habits.lag, language)
            if not self._gone(each.url, at) and not self._dropped(habits, source, each.url)
        ]
        return told if count is None else told[:count]

    def find(self, url: str, at: datetime) -> Published | None:
        """The article at a URL, unless it is gone; one behind a paywall or emptied is there in part."""
        found = super().find(url, at)
        removal = self.removals.get(url)
        if found is None or removal is None or at < removal.at:
            return found
        if removal.kind not in ("paywall", "emptied"):
            return None
        left = found.draft.parts[:1] if removal.kind == "paywall" else ()
        said = Part(kind="paragraph", text="Subscribe to continue reading." if left else "Withdrawn.")
        return evolve(found, draft=evolve(found.draft, standfirst="", parts=(*left, said)))

    def _as_of(self, article: Published, at: datetime) -> Published:
        states = self.states.get(article.url)
        if states:
            place = bisect_right(states, at, key=lambda state: state.from_at) - 1
            article = states[max(place, 0)].article
        return super()._as_of(article, at)

    def _told_by(self, habits: Habits, article: Published, at: datetime) -> Published:
        if habits.lies_modified:
            return evolve(article, modified_at=at - timedelta(seconds=30))
        return evolve(article, modified_at=None) if habits.hides_modified and article.modified_at else article

    def _dropped(self, habits: Habits, source: str, url: str) -> bool:
        if not habits.drops:
            return False
        return Random(f"{self.seed}/drop/{urlsplit(source).path}/{url}").random() < habits.drops

    def _gone(self, url: str, at: datetime) -> bool:
        removal = self.removals.get(url)
        return removal is not None and at >= removal.at

    def _taken_down(self, rng: Random, count: int) -> dict[str, Removal]:
        early = [each for each in self.all() if each.published_at < self.start + (self.end - self.start) * 0.95]
        found = {}
        for article in rng.sample(sorted(early, key=lambda each: each.url), count):
            longest = self.end - article.published_at
            at = article.published_at + lifetime(rng, timedelta(hours=1), max(longest, timedelta(hours=2)))
            found[article.url] = Removal(at=at.replace(microsecond=0), kind=rng.choice(REMOVALS))
        return found

    def _edit(self, rng: Random, count: int) -> None:
        made = 0
        articles = sorted(self.all(), key=lambda each: each.url)
        while made < count:
            article = rng.choice(articles)
            if article.url in self.states:
                continue
            ends = min([self.end, *(r.at for r in [self.removals.get(article.url)] if r)])
            states = _lived(rng, evolve(article, modified_at=None), ends, count - made)
            if len(states) > 1:
                self.states[article.url] = states
                made += len(states) - 1

    def _storm(self, rng: Random, outlet: str, wall: Wall | None) -> Storm:
        from_at = self.start + (self.end - self.start) * rng.random()
        until = from_at + timedelta(minutes=rng.randrange(20, 120 if wall is None else 300))
        return Storm(outlet=outlet, from_at=from_at, until=until, wall=wall)


def lifetime(rng: Random, shortest: timedelta = SHORTEST, longest: timedelta = LONGEST) -> timedelta:
    """A span drawn log-uniformly."""
    low, high = log(shortest.total_seconds()), log(longest.total_seconds())
    return timedelta(seconds=round(exp(low + (high - low) * rng.random())))


def _lived(rng: Random, article: Published, ends: datetime, most: int) -> tuple[State, ...]:
    """The states of an article until an instant: each stands for its own lifetime."""
    states: list[State] = []
    at, kind, more = article.published_at, None, 1.0
    current, edit = article, None
    while True:
        until = at + lifetime(rng)
        last = until >= ends or len(states) >= most or rng.random() >= more
        states.append(State(from_at=at, until=ends if last else until, kind=kind, article=current))
        if last:
            return tuple(states)
        edit = _edited(rng, current)
        if edit is None:
            return (*states[:-1], evolve(states[-1], until=ends))
        kind, current = edit
        at, more = until, LATER_EDITS
        current = evolve(current, modified_at=at)


def _edited(rng: Random, article: Published) -> tuple[EditKind, Published] | None:
    for kind in rng.sample(EDITS, len(EDITS)):
        try:
            return kind, evolve(article, draft=retell(article.draft, kind, rng.randrange(10**6)))
        except Unfit:
            continue
    return None


Answer: TypeAlias = Callable[[Request], Response]


def living_answers(world: LivingWorld) -> Mapping[str, Answer]:
    """What each host answers: the sites' pages, but for what was taken down and in storms."""

    def answer_of(site: Answer, outlet: str) -> Answer:
        return lambda request: _stormy(world, outlet, request) or _taken(world, request, site) or site(request)

    return {host: answer_of(site.answer, site.outlet) for host, site in sites_by_host(world).items()}


def _stormy(world: LivingWorld, outlet: str, request: Request) -> Response | None:
    for storm in world.storms:
        if storm.outlet == outlet and storm.from_at <= request.at < storm.until:
            if storm.wall is None:
                return Response(status=503, body=b"Service Unavailable", headers=(("Retry-After", "120"),))
            return challenge(storm.wall, request)
    return None


def _taken(world: LivingWorld, request: Request, site: Answer) -> Response | None:
    parts = request.parts
    removal = world.removals.get(f"https://{parts.hostname}{parts.path}")
    if removal is None or request.at < removal.at:
        return None
    match removal.kind:
        case "404":
            return not_found()
        case "410":
            return Response(status=410, body=b"<html><title>Gone</title><h1>410 Gone</h1></html>")
        case "home":
            return redirect(f"https://{parts.hostname}/")
        case "section":
            first, *further = parts.path.strip("/").split("/")
            return redirect(f"https://{parts.hostname}/{first if further else 'category/world'}/")
        case "paywall":
            return _locked(site(request))
        case _:
            return None


def _locked(page: Response) -> Response:
    """The page with its first paragraph alone, marked as publishers mark it for search engines."""
    body = page.body.replace(b'"isAccessibleForFree": true', b'"isAccessibleForFree": false')
    body = re.sub(rb"<meta [^>]*article:content_tier[^>]*>", b"", body)
    return evolve(
        page, body=body.replace(b"<head>", b'<head><meta property="article:content_tier" content="locked">', 1)
    )

"""What a span of crawls achieved, measured against the world's truth and the hosts' own records."""

from bisect import bisect_right
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from attrs import frozen
from sqlalchemy import select

from crawler.discovery.day_archive import local_today
from crawler.registry import spiders
from crawler.sources import Posts, Window
from newsstand.life import LivingWorld
from newsstand.messages import Request
from newsstand.story import Published
from pipelines.catalogue import schema as t
from pipelines.catalogue.watch import LADDER
from pipelines.jobs.keep import ARTICLE_ROLES
from pipelines.text.compare import Text
from pipelines.text.edits import kind_of
from tests.freshness.month import ROUND, Month, first_looks, removals, versions

HOUR = timedelta(hours=1)
LATE = 2 * ROUND
"""How late a look may be and still be the one that was due: a round that just missed it, and the round's own length."""
LONG = timedelta(hours=6)


@frozen(kw_only=True)
class Figures:
    """The figures of one run."""

    articles: int
    kept: int
    missed: tuple[str, ...]
    """Named by a source for an hour, its page to be had for an hour, and not kept."""
    walled: tuple[str, ...]
    """Named for an hour and not kept, but not to be had for an hour on end: until it was taken down a wall stood
    before its page, at an outlet without a REST API, or a storm before all of it."""
    edits: int
    edits_long: int
    """Edits that stood six hours."""
    edits_due: int
    """Of those, the ones during which a look was due."""
    edits_due_seen: int
    edits_seen: int
    """All edits that are versions."""
    invented: tuple[str, ...]
    """Versions without an edit."""
    named: int
    """Versions that follow the state before theirs, whose kind of edit is known."""
    named_rightly: int
    removals_due: int
    """Removals that had two looks due inside the span."""
    removals_found: int
    removals_unfound: tuple[str, ...]
    removals_invented: tuple[str, ...]
    article_requests: int
    polls_most: int
    """Of one source on one day."""
    polls: int
    too_fast: int
    """Requests that came at once with another of their host, or before its delay."""

    @property
    def requests_an_article(self) -> float:
        """Article requests, retries and redirects among them, by article."""
        return self.article_requests / max(1, self.kept)


def figures(month: Month) -> Figures:
    """Everything that is asked of a span."""
    world, first = month.world, first_looks(month.catalogue)
    seen, gone = versions(month.catalogue), removals(month.catalogue)
    edits = [(url, state) for url in world.states for state in world.states_of(url)[1:]]
    long = [(url, state) for url, state in edits if state.until - state.from_at >= LONG]
    due = [(u, s) for u, s in long if u in first and _look_due(first[u], s.from_at, min(s.until, world.end))]
    told = {(url, place) for url, times in seen.items() for place in _states_at(world, url, times)}
    numbers = {(url, s.from_at): number for url in world.states for number, s in enumerate(world.states_of(url))}
    twice = [u for u, times in seen.items() for _, n in Counter(_states_at(world, u, times)).items() if n > 1]
    kinds = _kinds(month)
    unkept = [each for each in world.all() if each.url not in first and _named_an_hour(month, each)]
    # What was first seen behind its paywall was never seen whole: it is kept as paywalled, not found removed.
    removed = [(url, removal.at) for url, removal in world.removals.items() if first.get(url, world.end) < removal.at]
    removed_due = [url for url, at in removed if _two_due(first[url], at, world.end)]
    sent = [request for outlet in month.outlets.values() for request in outlet.sent]
    polls = Counter((each.url, each.at.date()) for each in sent if each.role not in ARTICLE_ROLES)
    return Figures(
        articles=len(list(world.all())),
        kept=len(first),
        missed=tuple(each.url for each in unkept if _open_an_hour(world, each)),
        walled=tuple(each.url for each in unkept if not _open_an_hour(world, each)),
        edits=len(edits),
        edits_long=len(long),
        edits_due=len(due),
        edits_due_seen=sum((u, numbers[u, s.from_at]) in told for u, s in due),
        edits_seen=sum((u, numbers[u, s.from_at]) in told for u, s in edits),
        invented=tuple(twice),
        named=len(kinds),
        named_rightly=sum(kinds),
        removals_due=len(removed_due),
        removals_found=sum(url in gone for url in removed_due),
        removals_unfound=tuple(f"{world.removals[u].kind} {u}" for u in removed_due if u not in gone),
        removals_invented=tuple(f"{why} {url}" for url, why in gone.items() if url not in world.removals),
        article_requests=sum(each.role in ARTICLE_ROLES for each in sent),
        polls_most=max(polls.values()),
        polls=sum(polls.values()),
        too_fast=_too_fast(month),
    )


def _kinds(month: Month) -> list[bool]:
    """Whether the kind of edit was named rightly, for each version that shows the state after its predecessor's."""
    c = t.versions.c
    rows = month.catalogue.rows(select(c.url, c.captured_at, c.headline, c.body).order_by(c.url, c.captured_at))
    found = []
    for old, new in pairwise(rows):
        if old.url != new.url:
            continue
        times = [datetime.fromisoformat(row.captured_at) for row in (old, new)]
        before, after = _states_at(month.world, new.url, times)
        if after == before + 1:
            texts = [Text(headline=row.headline or "", body=row.body) for row in (old, new)]
            found.append(kind_of(*texts) == month.world.states_of(new.url)[after].kind)
    return found


def _look_due(first: datetime, from_at: datetime, until: datetime) -> bool:
    """True where the ladder from the first look has a step inside the time, with the lateness a step may have."""
    return any(from_at <= first + step and first + step + LATE <= until for step in LADDER)


def _two_due(first: datetime, removed_at: datetime, end: datetime) -> bool:
    """True where a step of the ladder falls after the removal, and an hour more before the end."""
    return any(removed_at <= first + step and first + step + HOUR + 2 * LATE <= end for step in LADDER)


def _states_at(world: LivingWorld, url: str, times: list[datetime]) -> list[int]:
    """The number of the state that each version shows."""
    states = world.states_of(url)
    return [max(0, bisect_right(states, at, key=lambda state: state.from_at) - 1) for at in times]


def _named_an_hour(month: Month, article: Published) -> bool:
    """True where a source that the outlet declares named the article for an hour, looked at every ten minutes."""
    outlet = month.outlets[article.outlet]
    spider = outlet.spider_class()
    spider.outlet = outlet.desk.rules.outlet(article.outlet)
    window = Window(today=local_today(article.published_at, spider.outlet.zone), zone=spider.outlet.zone)
    for source in spider.sources:
        for url in source.urls(window):
            marks = [article.published_at + timedelta(minutes=10 * step) for step in range(30)]
            named = [article.url.encode() in _body(month, url, at) for at in marks if at < month.world.end]
            if any(all(named[place : place + 7]) for place in range(len(named) - 6)):
                return True
    return False


def _open_an_hour(world: LivingWorld, article: Published) -> bool:
    """True where the article could be had for an hour on end: never evading a wall, no crawl does better.

    Where the outlet has a REST API, a wall before its pages shuts nothing; a storm shuts both.
    """
    has_rest = any(isinstance(source, Posts) for source in spiders()[article.outlet].sources)
    removal = world.removals.get(article.url)
    until = removal.at if removal else world.end
    shut = sorted((s.from_at, s.until) for s in world.storms
                  if s.outlet == article.outlet and not (s.wall and has_rest))  # fmt: skip
    free_from = article.published_at
    for from_at, ends in shut:
        if min(from_at, until) - free_from >= HOUR:
            return True
        free_from = max(free_from, ends)
    return until - free_from >= HOUR


def _body(month: Month, url: str, at: datetime) -> bytes:
    host = urlsplit(url).hostname or ""
    answer = next(iter(month.outlets.values())).answers[host]
    body: bytes = answer(Request(method="GET", url=url, headers={}, number=1, at=at)).body
    return body


def _too_fast(month: Month) -> int:
    found = 0
    for outlet in month.outlets.values():
        last: dict[str, datetime] = {}
        for sent in outlet.sent:
            host = sent.url.split("/")[2]
            if host in last and (sent.at - last[host]).total_seconds() < max(1.0, sent.delay_s) - 1e-6:
                found += 1
            last[host] = sent.ended_at
    return found

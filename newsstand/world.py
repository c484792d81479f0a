"""The world: which outlet published which story when, under which address and in which layout era.

Drawn from a seed alone; what has happened by an instant is asked of it by the sites.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from math import ceil
from random import Random

from attrs import evolve

from newsstand.generator import Event, generate, tell
from newsstand.newsrooms import NEWSROOMS, Newsroom, Slot, number_at
from newsstand.story import Draft, Language, Part, Pinned, Published

WINDOWS = {"2017-06": (date(2017, 6, 12), 3), "2019-11": (date(2019, 11, 18), 3), "2025-02": (date(2025, 2, 11), 5),
           "2025-12": (date(2025, 12, 1), 3)}  # fmt: skip
"""Days in the past, by name: first day and how many; each lies in a layout era of some outlet."""
NOW = ""
"""Name of the world's own days."""
SPARE = 1.4
"""Events a window holds for each story that the busiest outlet tells of it: outlets leave some out."""


class World:
    """Everything that was published, by outlet, in time."""

    def __init__(
        self,
        *,
        seed: int = 1,
        start: date = date(2026, 1, 5),
        days: int = 4,
        articles: int = 60,
        past: bool = True,
        pinned: Sequence[Pinned] = (),
        newsrooms: Sequence[Newsroom] = NEWSROOMS,
    ) -> None:
        """`articles` stories an outlet over `days` from `start`; `past`: some in the windows of older eras."""
        self.seed = seed
        self.start = datetime.combine(start, time(), UTC)
        self.end = self.start + timedelta(days=days)
        self.newsrooms = {newsroom.slug: newsroom for newsroom in newsrooms}
        self.pinned = {page.published.url: page for page in pinned}
        self.beside = {url: (page, kind, body) for page in pinned for url, kind, body in page.beside}
        self._taken = {page.published.url for page in pinned}
        self._all: dict[str, tuple[Published, ...]] = {}
        self._times: dict[str, list[datetime]] = {}
        events = self._events(articles, past)
        for newsroom in newsrooms:
            told = self._copied(newsroom) if newsroom.copies else self._told(newsroom, events, articles, past)
            told += [page.published for page in pinned if page.published.outlet == newsroom.slug]
            self._all[newsroom.slug] = tuple(sorted(told, key=lambda each: (each.published_at, each.number, each.url)))
            self._times[newsroom.slug] = [each.published_at for each in self._all[newsroom.slug]]
        self._by_url = {each.url: each for each in self.all()}

    def all(self) -> Iterator[Published]:
        """Every article of every outlet, whenever published."""
        for told in self._all.values():
            yield from told

    def articles(
        self, outlet: str, at: datetime | None = None, language: Language | None = None, count: int | None = None
    ) -> list[Published]:
        """What the outlet had published by an instant (default: the end), newest first, `count` at most."""
        instant = at or self.end
        told = self._all[outlet]
        newest_first = (told[place] for place in range(bisect_right(self._times[outlet], instant) - 1, -1, -1))
        wanted = (each for each in newest_first if language is None or each.draft.language == language)
        return [self._as_of(each, instant) for each in islice(wanted, count)]

    def named(
        self, source: str, outlet: str, at: datetime, language: Language | None = None, count: int | None = None
    ) -> list[Published]:
        """What a page or source of the outlet names, newest first: here, all that is published."""
        return self.articles(outlet, at, language, count)

    def find(self, url: str, at: datetime) -> Published | None:
        """The article at a URL, if it was published by then."""
        found = self._by_url.get(url)
        return self._as_of(found, at) if found and found.published_at <= at else None

    def _as_of(self, article: Published, at: datetime) -> Published:
        """The article as it was: no later change, no edition that was still to come."""
        editions = tuple((lang, url) for lang, url in article.editions if self._by_url[url].published_at <= at)
        changed = article.modified_at if article.modified_at and article.modified_at <= at else None
        if editions == article.editions and changed == article.modified_at:
            return article
        return evolve(article, editions=editions, modified_at=changed)

    def _shares(self, newsroom: Newsroom, articles: int, past: bool) -> dict[str, int]:
        """Stories of the newsroom in each window."""
        shares = {name: ceil(articles * share) for name, share in newsroom.windows} if past else {}
        return {**shares, NOW: max(0, articles - sum(shares.values()))}

    def _events(self, articles: int, past: bool) -> dict[str, list[tuple[Event, datetime]]]:
        """Events with their instants, by window."""
        most: dict[str, int] = {}
        for newsroom in self.newsrooms.values():
            for name, count in self._shares(newsroom, articles, past).items():
                most[name] = max(most.get(name, 0), ceil(count * SPARE))
        events = iter(generate(self.seed, sum(most.values())))
        found: dict[str, list[tuple[Event, datetime]]] = {}
        for name in sorted(most):
            first, span = self._span(name)
            rng = Random(f"{self.seed}/events/{name}")
            instants = sorted(first + span * rng.random() for _ in range(most[name]))
            found[name] = [(next(events), instant) for instant in instants]
        return found

    def _span(self, window: str) -> tuple[datetime, timedelta]:
        if window == NOW:
            return self.start, (self.end - self.start) * 0.97  # so that outlets can still tell the last event
        first, days = WINDOWS[window]
        return datetime.combine(first, time(), UTC), timedelta(days=days)

    def _told(
        self, newsroom: Newsroom, events: dict[str, list[tuple[Event, datetime]]], articles: int, past: bool
    ) -> list[Published]:
        """The newsroom's stories, each in its editions."""
        rng = Random(f"{self.seed}/{newsroom.slug}")
        planned: list[tuple[datetime, Event]] = []
        for name, count in self._shares(newsroom, articles, past).items():
            for event, instant in rng.sample(events.get(name, []), count):
                at = instant + timedelta(minutes=rng.lognormvariate(3.2, 0.9))
                planned.append((min(at.replace(microsecond=0), self.end - timedelta(minutes=1)), event))
        planned.sort(key=lambda each: (each[0], each[1].number))
        told: list[Published] = []
        number = 0
        for at, event in planned:
            number = self._next_number(newsroom, number, at)
            story = self._story(newsroom, rng, number, at, event)
            number = max(each.number for each in story)
            told += story
        return told

    def _next_number(self, newsroom: Newsroom, last: int, at: datetime) -> int:
        held = {page.published.number for page in self.pinned.values() if page.published.outlet == newsroom.slug}
        number = max(last + 1, number_at(newsroom, at))
        while number in held or number + 1 in held:
            number += 1
        return number

    def _story(self, newsroom: Newsroom, rng: Random, number: int, at: datetime, event: Event) -> list[Published]:
        """One event's article in each language that carries it."""
        feature = rng.random() < 0.3
        repost = newsroom.reposts and rng.random() < newsroom.reposts[1]
        original = self._original(newsroom.reposts[0], event) if newsroom.reposts and repost else None
        if original:
            at = max(at, original.published_at + timedelta(minutes=rng.randrange(10, 90)))
            return [self._publish(newsroom, at, number, original.draft, feature, origin=(None, original.url))]
        credited = newsroom.credit[0] if newsroom.credit and rng.random() < newsroom.credit[1] else None
        told: list[Published] = []
        for place, (language, share) in enumerate(newsroom.languages):
            if place and rng.random() >= share:
                continue
            later = min(at + timedelta(minutes=place * rng.randrange(3, 25)), self.end - timedelta(seconds=30))
            draft = tell(event, credited or newsroom.style, language)
            draft = _AS_COPIED[credited](draft) if credited else draft
            own = number if newsroom.shared_number else number + place
            told.append(self._publish(newsroom, later, own, draft, feature, origin=(credited, None)))
        modified = at + timedelta(minutes=rng.randrange(30, 200)) if rng.random() < 0.25 else None
        if modified and modified < self.end:
            told = [evolve(each, modified_at=max(modified, each.published_at)) for each in told]
        if newsroom.shared_number and len(told) > 1:
            told = [evolve(each, editions=_editions(each, told)) for each in told]
        return told

    def _publish(
        self,
        newsroom: Newsroom,
        at: datetime,
        number: int,
        draft: Draft,
        feature: bool,
        origin: tuple[str | None, str | None],
    ) -> Published:
        at = at.replace(second=0) if newsroom.to_the_minute else at
        slot = Slot(
            language=draft.language, local=at.astimezone(newsroom.zone), number=number, draft=draft, feature=feature
        )
        url = newsroom.address(slot)
        for again in range(2, 1000):
            if url not in self._taken:
                break
            url = newsroom.address(evolve(slot, draft=evolve(draft, headline=f"{draft.headline} {again}")))
        self._taken.add(url)
        return Published(
            outlet=newsroom.slug,
            number=number,
            url=url,
            draft=draft,
            published_at=at,
            section=newsroom.section(slot),
            authors=draft.authors if newsroom.prints_authors else (),
            era=newsroom.era(slot),
            standfirst_apart=newsroom.sets_standfirst_apart,
            origin_name=origin[0],
            origin_url=origin[1],
        )

    def _original(self, outlet: str, event: Event) -> Published | None:
        """The English article of another outlet on the same event."""
        told = (each for each in self._all[outlet] if each.draft.event == event.number and each.draft.language == "en")
        return next(told, None)

    def _copied(self, newsroom: Newsroom) -> list[Published]:
        """The stories of the newsroom that this one mirrors, word for word, some minutes later."""
        rng = Random(f"{self.seed}/{newsroom.slug}")
        copies: list[Published] = []
        number = 0
        for original in self._all[str(newsroom.copies)]:
            at = original.published_at + timedelta(seconds=rng.randrange(120, 7200))
            at = min(at, self.end - timedelta(seconds=5))
            number = self._next_number(newsroom, number, at)
            origin = (str(newsroom.copies), original.url)
            draft = evolve(original.draft, tags=(str(newsroom.copies),))
            copies.append(self._publish(newsroom, at, number, draft, feature=False, origin=origin))
        return copies


def _editions(article: Published, story: Sequence[Published]) -> tuple[tuple[Language, str], ...]:
    return tuple((each.draft.language, each.url) for each in story if each.url != article.url)


def as_fox_copy(draft: Draft) -> Draft:
    """A draft as syndicators repost it: quotation marks turned to single ones, links gone, a closing credit added."""
    closing = Part(kind="paragraph", text="Fox News Digital and The Associated Press contributed to this report.")
    parts = tuple(Part(kind=part.kind, text=_single_quotes(part.text)) for part in draft.parts)
    return evolve(
        draft,
        headline=_single_quotes(draft.headline),
        standfirst=_single_quotes(draft.standfirst),
        parts=(*parts, closing),
    )


def as_reuters_copy(draft: Draft) -> Draft:
    """A draft as a customer of the agency prints it: place and agency before the first words."""
    dateline = "WASHINGTON (Reuters) - "
    first, *others = draft.parts
    links = tuple((start + len(dateline), end + len(dateline), url) for start, end, url in first.links)
    return evolve(draft, parts=(evolve(first, text=dateline + first.text, links=links), *others))


_AS_COPIED: Mapping[str, Callable[[Draft], Draft]] = {"FOX NEWS": as_fox_copy, "Reuters": as_reuters_copy}


def _single_quotes(text: str) -> str:
    for double, single in (("“", "‘"), ("”", "’"), (' "', " ‘"), ('"', "’")):
        text = text.replace(double, single)
    return f"‘{text[1:]}" if text.startswith("’") else text

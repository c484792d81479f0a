"""Who else told an event: asks the traced catalogue, gives the tellings, what they all quote and what only one has."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import select

from pipelines.catalogue import traced as d
from pipelines.catalogue.catalogue import Catalogue
from pipelines.jobs.trace import read_tellings
from pipelines.tracing.features import marks, printed
from pipelines.tracing.telling import Telling


@frozen(kw_only=True)
class Said:
    """A quotation as one article has it."""

    outlet: str
    url: str
    text: str
    speaker: str | None


@frozen(kw_only=True)
class Member:
    """One article of a story."""

    id: str
    outlet: str
    url: str
    headline: str
    language: str | None
    told_at: datetime | None
    """None where neither the page nor a source states it."""
    told_on_day: bool
    """True where a day is stated, and no hour of it."""
    captured_at: datetime
    copy_of: str | None
    """URL of the article it was copied from."""
    only_quotations: tuple[Said, ...]
    """What it quotes and no other text of the story has; this and the next are empty for a copy: see its origin."""
    only_named: tuple[str, ...]
    """Names, then figures, as printed, that no other text of the story has in any language."""


@frozen(kw_only=True)
class Story:
    """The articles that tell one event, in the order of telling, and the quotations that several of them have."""

    id: str
    members: tuple[Member, ...]
    shared: tuple[tuple[Said, ...], ...]
    """One row a quotation, the longest form first, those in most outlets before the others."""


def story_of(catalogue: Catalogue, article: str) -> Story:
    """The story that an article is of, alone in it where nobody else tells it. Needs the catalogue traced."""
    name = catalogue.scalar(select(d.stories.c.story).where(d.stories.c.id == article)) or article
    rows = catalogue.rows(select(d.stories.c.id).where(d.stories.c.story == name))
    ids = [row.id for row in rows] or [article]
    versions = read_tellings(catalogue, ids=ids)
    tellings = sorted({each.id: each for each in versions}.values(), key=lambda each: (each.known_at, each.id))
    sources = _sources(catalogue, ids)
    quoted = catalogue.rows(select(d.quotations).where(d.quotations.c.id.in_(ids)).order_by("id", "place"))
    by_id = {telling.id: telling for telling in tellings}
    groups: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for row in quoted:
        groups[row.group_id or row.id, row.group_place if row.group_id else row.place].append(row)
    named = _only_named(tellings, sources)
    members = (_member(each, sources, by_id, named[each.id], _alone(each.id, groups, sources)) for each in tellings)
    return Story(id=name, members=tuple(members), shared=_shared(groups, by_id))


def _sources(catalogue: Catalogue, ids: Sequence[str]) -> dict[str, str]:
    c = d.copies.c
    return {row.id: row.source for row in catalogue.rows(select(c.id, c.source).where(c.main, c.id.in_(ids)))}


def _member(
    telling: Telling,
    sources: Mapping[str, str],
    by_id: Mapping[str, Telling],
    named: Iterable[str],
    alone: Iterable[Any],
) -> Member:
    source = by_id.get(sources.get(telling.id, ""))
    return Member(
        id=telling.id,
        outlet=telling.outlet,
        url=telling.url,
        headline=telling.headline,
        language=telling.language,
        told_at=telling.told_at,
        told_on_day=telling.told_on_day,
        captured_at=telling.captured_at,
        copy_of=source.url if source else None,
        only_quotations=tuple(_said(row, by_id) for row in alone),
        only_named=tuple(named),
    )


def _said(row: Any, by_id: Mapping[str, Telling]) -> Said:
    telling = by_id[row.id]
    return Said(outlet=telling.outlet, url=telling.url, text=row.text, speaker=row.speaker)


def _alone(name: str, groups: Mapping[tuple[str, int], Sequence[Any]], sources: Mapping[str, str]) -> list[Any]:
    """The quotations of an article that only it and its copies have; none for a copy."""
    if name in sources:
        return []
    texts = [(rows, {sources.get(row.id, row.id) for row in rows}) for rows in groups.values()]
    return [row for rows, holders in texts if holders == {name} for row in rows if row.id == name]


def _shared(
    groups: Mapping[tuple[str, int], Sequence[Any]], by_id: Mapping[str, Telling]
) -> tuple[tuple[Said, ...], ...]:
    rows = [sorted(held, key=lambda row: (-len(row.text), row.id, row.place)) for held in groups.values()]
    followed = [held for held in rows if len({row.id for row in held}) > 1]
    followed.sort(key=lambda held: (-len({by_id[row.id].outlet for row in held}), held[0].id, held[0].place))
    return tuple(tuple(_said(row, by_id) for row in held) for held in followed)


def _only_named(tellings: Sequence[Telling], sources: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The names and figures, as printed, that stand in one text and its copies alone."""
    holders: dict[str, set[str]] = defaultdict(set)
    for telling in tellings:
        found = marks(telling.headline, telling.body)
        for mark in {**found.names, **found.figures, **found.words}:
            holders[mark].add(sources.get(telling.id, telling.id))
    alone = {mark: next(iter(ids)) for mark, ids in holders.items() if len(ids) == 1}
    return {telling.id: printed(telling.body, _held_by(telling.id, alone)) for telling in tellings}


def _held_by(name: str, alone: Mapping[str, str]) -> Callable[[str], bool]:
    return lambda mark: alone.get(mark) == name

"""Who copied whom: takes tellings, gives copies with their sources and evidence; pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from attrs import evolve, frozen

from pipelines.tracing.credits import Credit, credits, names
from pipelines.tracing.prints import Hashes, Overlap, Print, candidates, compare, standing_phrases, take_print, without
from pipelines.tracing.telling import Telling

COPIED_SHARE = 0.55
"""Of the shorter text: what makes it a copy whatever its order. Two newsrooms' own words on one event, as the
generator writes them, share up to half."""
COPIED_RUN = 45
"""Words in a row outside quotations: what makes a copy of a part. Own words on one event reach 34 there, a text spliced
from two has at least 55 of each."""
_LEAST_COPIED_SHARE = 0.1
"""Of the shorter text, for a row to count: a standing paragraph alone is no copy."""
_LEAST_SHARED = 12
"""Shingles: two lines of ticker text agree by chance."""
_NEAR_BEST = 0.03
"""Sources whose share is so near the best are told apart by time: the earliest is taken."""
_FURTHER_SHARE = 0.12
"""Of the copy, not in its main source: what makes another text a further source of it."""
_FURTHER_PART = 0.3
"""Of the further source, where it gave a row's worth: a short notice put whole into a long text."""


@frozen(kw_only=True)
class Copy:
    """One article's debt to another."""

    id: str
    source: str
    """The id of the article it was taken from."""
    main: bool
    """True for the source that gave most; a spliced text has further ones."""
    of_copy: float
    """0 to 1: the share of the copy's own words that the source has."""
    of_source: float
    """0 to 1: the share of the source's words that the copy kept."""
    run: int
    """Words of the longest row that both have."""
    evidence: tuple[str, ...]
    """`text`, `row`, or a credit (`page: thehill`, `source line: European Pravda`), or `link`."""


@frozen(kw_only=True)
class _Article:
    """An article with all its versions."""

    id: str
    tellings: tuple[Telling, ...]
    at: datetime
    """When it was first told; after every article that it credits."""
    credited: tuple[Credit, ...]

    @property
    def order(self) -> tuple[datetime, datetime, str]:
        return self.at, self.tellings[0].captured_at, self.id


def find_copies(
    tellings: Iterable[Telling], watch: Callable[[Iterable[Any], str], Iterable[Any]] = lambda items, _label: items
) -> tuple[Copy, ...]:
    """Every article's sources among the others, ordered by the copy's id, the main source first.

    `watch` sees the work go by, with what it is. The order of the tellings doesn't matter.
    """
    ordered = sorted(tellings, key=lambda telling: (telling.known_at, telling.captured_at, telling.id, telling.version))
    prints = [take_print(telling.body) for telling in watch(ordered, "fingerprints")]
    newest = {telling.id: place for place, telling in enumerate(ordered)}
    phrases = standing_phrases((ordered[place].outlet, prints[place]) for place in newest.values())
    prints = [without(each, phrases) for each in prints]
    related = _related(ordered, prints, watch)
    by_url = {url: telling.id for telling in ordered for url in (telling.url, telling.identity_url) if url}
    articles = _in_credited_order(_articles(ordered), related, by_url)
    held_by = _shingles_of(ordered, prints)
    return tuple(
        copy
        for name in sorted(articles)
        for copy in _sources(articles[name], articles, related.get(name, {}), held_by, by_url)
    )


def _related(
    ordered: Sequence[Telling], prints: Sequence[Print], watch: Callable[[Iterable[Any], str], Iterable[Any]]
) -> Mapping[str, Mapping[str, Overlap]]:
    """For each article those of which one copied the other: what their likest versions share, its own share first."""
    related: dict[str, dict[str, Overlap]] = defaultdict(dict)
    for one, other in watch(list(candidates(prints)), "pairs compared"):
        first, second = ordered[one].id, ordered[other].id
        if first == second:
            continue
        found = compare(prints[one], prints[other])
        held = related[first].get(second)
        if _is_copy(found) and (held is None or found.shared > held.shared):
            related[first][second] = found
            related[second][first] = evolve(found, of_first=found.of_second, of_second=found.of_first)
    return related


def roots(copies: Iterable[Copy]) -> dict[str, str]:
    """The id of the article each copy's main sources lead back to, for copies and origins alike."""
    source = {copy.id: copy.source for copy in copies if copy.main}

    def root(name: str) -> str:
        while name in source:
            name = source[name]
        return name

    return {name: root(name) for name in sorted({*source, *source.values()})}


def _is_copy(overlap: Overlap) -> bool:
    if overlap.shared < _LEAST_SHARED:
        return False
    in_row = overlap.run >= COPIED_RUN and overlap.of_shorter >= _LEAST_COPIED_SHARE
    return in_row or overlap.of_shorter >= COPIED_SHARE


def _articles(ordered: Sequence[Telling]) -> dict[str, _Article]:
    versions: dict[str, list[Telling]] = defaultdict(list)
    for telling in ordered:
        versions[telling.id].append(telling)
    return {
        name: _Article(
            id=name,
            tellings=tuple(held),
            at=min(telling.known_at for telling in held),
            credited=tuple(dict.fromkeys(credit for telling in held for credit in credits(telling))),
        )
        for name, held in versions.items()
    }


def _credits_of(article: _Article, other: _Article, by_url: Mapping[str, str]) -> tuple[str, ...]:
    """The credits of an article that name another one's outlet or its address."""
    found = []
    for credit in article.credited:
        by_address = credit.url is not None and by_url.get(credit.url) == other.id
        if by_address or (not credit.url and names(credit.name, other.tellings[0])):
            found.append(f"{credit.kind}: {credit.name}")
    return tuple(found)


def _links_to(article: _Article, other: _Article, by_url: Mapping[str, str]) -> tuple[str, ...]:
    """A link in an article's text to another one; no credit, since news links to what it is about as well."""
    linked = any(by_url.get(link) == other.id for telling in article.tellings for link in telling.links)
    return ("link",) if linked else ()


def _in_credited_order(
    articles: Mapping[str, _Article], related: Mapping[str, Mapping[str, Overlap]], by_url: Mapping[str, str]
) -> dict[str, _Article]:
    """The articles with the time of a copy put after what it credits, where the credit is not mutual.

    A copy's printed time may be wrong, or state a day alone; its own word on whom it copied is better.
    """
    moved = dict(articles)
    owed = {
        name: [
            other
            for other in {*related.get(name, {}), *_stated(article, by_url)}
            if _credits_of(article, articles[other], by_url) and not _credits_of(articles[other], article, by_url)
        ]
        for name, article in articles.items()
        if article.credited and (name in related or _stated(article, by_url))
    }
    for _ in range(_LONGEST_CHAIN):
        late = [
            (name, moved[other].at)
            for name, others in sorted(owed.items())
            for other in others
            if moved[other].order >= moved[name].order
        ]
        if not late:
            break
        for name, at in late:
            moved[name] = evolve(moved[name], at=max(moved[name].at, at + timedelta(microseconds=1)))
    return moved


_LONGEST_CHAIN = 8
"""Copies of copies that are put in order; three that credit each other in a ring keep the times they then have."""


def _stated(article: _Article, by_url: Mapping[str, str]) -> set[str]:
    """The articles that this one's page names as its origin by address."""
    held = {by_url[credit.url] for credit in article.credited if credit.url and credit.url in by_url}
    return held - {article.id}


def _shingles_of(ordered: Sequence[Telling], prints: Sequence[Print]) -> Callable[[str], Hashes]:
    versions: dict[str, list[Hashes]] = defaultdict(list)
    for telling, each in zip(ordered, prints, strict=True):
        versions[telling.id].append(each.distinct)
    return lambda name: np.unique(np.concatenate(versions[name]))


def _sources(
    article: _Article,
    articles: Mapping[str, _Article],
    related: Mapping[str, Overlap],
    held_by: Callable[[str], Hashes],
    by_url: Mapping[str, str],
) -> list[Copy]:
    """The sources of one article: the one it names or most resembles, then those that explain the rest of it."""
    stated = {name for name in _stated(article, by_url) if articles[name].order < article.order}
    earlier = {name: overlap for name, overlap in related.items() if articles[name].order < article.order}
    pointing = {
        name: (*_credits_of(article, articles[name], by_url), *_links_to(article, articles[name], by_url))
        for name in {*earlier, *stated}
    }
    main = _main_source(articles, earlier, stated, pointing)
    if main is None:
        return []
    chosen = [main]
    if earlier:
        own = held_by(article.id)
        left = np.setdiff1d(own, held_by(main), assume_unique=True)
        for name in sorted(earlier, key=lambda name: (-earlier[name].of_first, articles[name].order)):
            more = np.intersect1d(left, held_by(name), assume_unique=True)
            whole_part = len(more) >= COPIED_RUN and earlier[name].of_second >= _FURTHER_PART
            if name not in chosen and (len(more) >= _FURTHER_SHARE * len(own) or whole_part):
                chosen.append(name)
                left = np.setdiff1d(left, more, assume_unique=True)
    return [
        _copy(
            article.id, name, name == main, earlier.get(name) or _rewritten(article.id, name, held_by), pointing[name]
        )
        for name in chosen
    ]


def _rewritten(name: str, source: str, held_by: Callable[[str], Hashes]) -> Overlap:
    """What an article shares with a source that it names and whose words it hardly has."""
    own, held = held_by(name), held_by(source)
    shared = len(np.intersect1d(own, held, assume_unique=True))
    return Overlap(shared=shared, of_first=shared / max(1, len(own)), of_second=shared / max(1, len(held)), run=0)


def _main_source(
    articles: Mapping[str, _Article],
    earlier: Mapping[str, Overlap],
    stated: Iterable[str],
    pointing: Mapping[str, tuple[str, ...]],
) -> str | None:
    """The article named by address; else, of those nearly as like as the likest, one credited, else the earliest."""
    by_address = sorted(stated, key=lambda name: (name not in earlier, articles[name].order))
    if by_address:
        return by_address[0]
    if not earlier:
        return None
    best = max(overlap.of_first for overlap in earlier.values())
    near = [name for name, overlap in earlier.items() if overlap.of_first >= best - _NEAR_BEST]
    return min(near, key=lambda name: (not pointing[name], articles[name].order))


def _copy(name: str, source: str, main: bool, overlap: Overlap, pointing: tuple[str, ...]) -> Copy:
    said = ["text"] * (overlap.of_shorter >= COPIED_SHARE) + ["row"] * (overlap.run >= COPIED_RUN)
    return Copy(
        id=name,
        source=source,
        main=main,
        of_copy=round(overlap.of_first, 4),
        of_source=round(overlap.of_second, 4),
        run=overlap.run,
        evidence=(*said, *pointing),
    )

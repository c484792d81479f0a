"""Pairs of language editions, each file beside its counterpart."""

from collections.abc import Iterator

from attrs import evolve
from sqlalchemy import select

from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue
from pipelines.catalogue.queries import find_article
from pipelines.jobs.choosing import Choice, Entry, Style, chosen_rows, entry_of, version_at
from pipelines.urls import normalised_url


def parallel_entries(catalogue: Catalogue, choice: Choice, style: Style, languages: tuple[str, str]) -> Iterator[Entry]:
    """Two entries a pair, in the order of the languages; pairs in the order of their first.

    A pair is two articles of one outlet of which one names the other as its edition in that language.
    """
    one, other = languages
    named = _named_editions(catalogue, one, other)
    index = 0
    taken: set[str] = set()
    for row in chosen_rows(catalogue, evolve(choice, languages=(one,))):
        for counterpart in named.get(row.id, ()):
            beside = version_at(catalogue, counterpart, choice.as_of)
            if beside is None or beside.language != other or beside.outlet != row.outlet or beside.id in taken:
                continue
            taken.add(beside.id)
            yield entry_of(index, row, style, parallel_to=beside.id)
            yield entry_of(index + 1, beside, style, parallel_to=row.id)
            index += 2
            break


def _named_editions(catalogue: Catalogue, one: str, other: str) -> dict[str, list[str]]:
    """For articles in the one language the ids of those in the other, whichever of the two pages names it."""
    found: dict[str, list[str]] = {}
    c = t.editions.c
    statement = select(c.id, c.language, c.url).where(c.language.in_((one, other))).order_by(c.id, c.language, c.url)
    for row in list(catalogue.stream(statement)):
        try:
            named = find_article(catalogue, normalised_url(row.url))
        except ValueError:
            continue
        if named is not None and named != row.id:
            first, second = (row.id, named) if row.language == other else (named, row.id)
            known = found.setdefault(first, [])
            if second not in known:
                known.append(second)
    return found

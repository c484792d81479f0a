"""What `scrapy search` finds: articles by their words, newest first, with a snippet of each."""

import json
from collections.abc import Iterator
from typing import Any

from attrs import frozen
from sqlalchemy import Row, and_, func, select

from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue
from pipelines.catalogue.wanted import Term, Wanted, parse
from pipelines.catalogue.words import folded, stem, words_of
from pipelines.jobs.choosing import Choice, chosen_statement

SNIPPET_WORDS = 30
_BEFORE = 8
"""Words of a snippet before the first that was found."""


@frozen(kw_only=True)
class Hit:
    """An article that a search finds, in its newest version."""

    id: str
    version: int
    outlet: str
    url: str
    headline: str | None
    authors: tuple[str, ...]
    language: str | None
    published_at: str | None
    captured_at: str
    snippet: str
    """Some words around the first that was found; what was found stands in [brackets]."""


def search(catalogue: Catalogue, choice: Choice, author: str | None = None) -> Iterator[Hit]:
    """The versions chosen, newest first; streamed. Every word of `author` stands in one author's name.

    Raises BadQuery where the choice looks for nothing.
    """
    wanted = parse(choice.search or "")
    c, chosen = t.versions.c, chosen_statement(catalogue, choice).order_by(None).subquery()
    statement = (
        select(t.versions)
        .join(chosen, and_(c.id == chosen.c.id, c.version == chosen.c.version))
        .order_by(func.coalesce(c.published_at, c.captured_at).desc(), c.id)
    )
    for row in catalogue.stream(statement):
        if author is None or _is_by(json.loads(row.authors), author):
            yield _hit(row, wanted)


def _is_by(authors: list[str], wanted: str) -> bool:
    named = {folded(match[0]) for match in words_of(wanted)}
    return any(named <= {folded(match[0]) for match in words_of(author)} for author in authors)


def _hit(row: Row[Any], wanted: Wanted) -> Hit:
    return Hit(
        id=row.id,
        version=row.version,
        outlet=row.outlet,
        url=row.url,
        headline=row.headline,
        authors=tuple(json.loads(row.authors)),
        language=row.language,
        published_at=row.published_at,
        captured_at=row.captured_at,
        snippet=snippet(row.body, wanted),
    )


def snippet(body: str, wanted: Wanted) -> str:
    """Some words of a text around the first that is wanted, on one line; its beginning where none is."""
    words = list(words_of(body))
    found = [place for place, match in enumerate(words) if any(_is_wanted(match[0], term) for term in wanted.terms)]
    start = max(0, found[0] - _BEFORE) if found else 0
    shown = words[start : start + SNIPPET_WORDS]
    if not shown:
        return ""
    out, at = "… " if start else "", shown[0].start()
    for place, match in enumerate(shown, start):
        out += body[at : match.start()] + (f"[{match[0]}]" if place in found else match[0])
        at = match.end()
    return " ".join((out + (" …" if start + len(shown) < len(words) else "")).split())


def _is_wanted(word: str, term: Term) -> bool:
    return stem(word) in term.stems or (term.beginning is not None and folded(word).startswith(term.beginning))

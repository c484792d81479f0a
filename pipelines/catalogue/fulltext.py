"""Full-text search over the versions, in SQLite (FTS5) and PostgreSQL (tsvector): the same stems, the same answers."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from attrs import frozen
from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from pipelines.article import Article
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, instant
from pipelines.catalogue.wanted import Term, Wanted, as_fts5, as_tsquery, parse
from pipelines.catalogue.words import folded, stem, stems_of, words_of

MAX_WORDS = 16_000
"""Words of a version that are indexed: PostgreSQL keeps no place beyond 16,383; the longest real article has 12,000."""
SNIPPET_WORDS = 30
_BEFORE = 8
"""Words of a snippet before the first that was found."""

_SEARCH = table("search", column("id"), column("version"), column("stems"))


def index_version(connection: Connection, article: Article, version: int, body: str) -> None:
    """Makes a new version findable by its headline, standfirst, body, tags and authors."""
    standfirst = article.standfirst if article.standfirst and article.standfirst not in body else None
    parts = [article.headline, standfirst, body, *article.tags, *article.authors]
    stems = stems_of("\n".join(part for part in parts if part))[:MAX_WORDS]
    row = {"id": article.id, "version": version}
    if connection.dialect.name == "postgresql":
        # A lexeme is quoted; a stem holds letters and digits alone, so nothing in it needs escaping.
        places = " ".join(f"'{word}':{place}" for place, word in enumerate(stems, 1))
        statement = text("INSERT INTO search (id, version, stems) VALUES (:id, :version, CAST(:stems AS tsvector))")
        connection.execute(statement, row | {"stems": places})
    else:
        statement = text("INSERT INTO search (id, version, stems) VALUES (:id, :version, :stems)")
        connection.execute(statement, row | {"stems": " ".join(stems)})


def holding(catalogue: Catalogue, wanted: Wanted) -> Select[Any]:
    """(id, version) of every version that a search finds."""
    found = select(_SEARCH.c.id, _SEARCH.c.version)
    if catalogue.engine.dialect.name == "postgresql":
        return found.where(_SEARCH.c.stems.op("@@")(cast(bindparam(None, as_tsquery(wanted)), TSQUERY)))
    return found.where(literal_column("search").op("MATCH")(as_fts5(wanted)))


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


def search(
    catalogue: Catalogue,
    query: str,
    *,
    outlets: tuple[str, ...] = (),
    languages: tuple[str, ...] = (),
    since: date | None = None,
    until: date | None = None,
    author: str | None = None,
    as_of: datetime | None = None,
) -> Iterator[Hit]:
    """The articles that a search finds, newest first; streamed. Raises BadQuery.

    `since` and `until` are publication days in the outlet's zone; every word of `author` stands in one author's name.
    """
    wanted = parse(query)
    c = t.versions.c
    newest = select(c.id, func.max(c.version).label("version")).group_by(c.id)
    if as_of is not None:
        newest = newest.where(c.captured_at <= instant(as_of))
    last = newest.subquery()
    statement = (
        select(t.versions)
        .join(last, and_(c.id == last.c.id, c.version == last.c.version))
        .where(tuple_(c.id, c.version).in_(holding(catalogue, wanted)))
        .order_by(func.coalesce(c.published_at, c.captured_at).desc(), c.id)
    )
    if outlets:
        statement = statement.where(c.outlet.in_(outlets))
    if languages:
        statement = statement.where(c.language.in_(languages))
    if since is not None:
        statement = statement.where(c.published_day >= since.isoformat())
    if until is not None:
        statement = statement.where(c.published_day <= until.isoformat())
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

"""Full-text search over the versions, in SQLite (FTS5) and PostgreSQL (tsvector): the same stems, the same answers."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, bindparam, cast, column, literal_column, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY

from pipelines.article import Article
from pipelines.catalogue.catalogue import Catalogue
from pipelines.catalogue.wanted import Wanted, as_fts5, as_tsquery
from pipelines.catalogue.words import stems_of

MAX_WORDS = 16_000
"""Words of a version that are indexed: PostgreSQL keeps no place beyond 16,383; the longest real article has 12,000."""
MAX_BYTES = 500_000
"""Of a version's stems: PostgreSQL takes 1,048,575 with what it adds to each."""

_SEARCH = table("search", column("id"), column("version"), column("stems"))


def index_version(connection: Connection, article: Article, version: int, body: str) -> None:
    """Makes a new version findable by its headline, standfirst, body, tags and authors."""
    standfirst = article.standfirst if article.standfirst and article.standfirst not in body else None
    parts = [article.headline, standfirst, body, *article.tags, *article.authors]
    stems = list(_bounded(stems_of("\n".join(part for part in parts if part))))
    row = {"id": article.id, "version": version}
    if connection.dialect.name == "postgresql":
        # A lexeme is quoted; a stem holds letters and digits alone, so nothing in it needs escaping.
        places = " ".join(f"'{word}':{place}" for place, word in enumerate(stems, 1))
        statement = text("INSERT INTO search (id, version, stems) VALUES (:id, :version, CAST(:stems AS tsvector))")
        connection.execute(statement, row | {"stems": places})
    else:
        statement = text("INSERT INTO search (id, version, stems) VALUES (:id, :version, :stems)")
        connection.execute(statement, row | {"stems": " ".join(stems)})


def _bounded(stems: list[str]) -> Iterator[str]:
    """The first stems, as many as both databases can index."""
    left = MAX_BYTES
    for word in stems[:MAX_WORDS]:
        left -= len(word.encode())
        if left < 0:
            return
        yield word


def holding(catalogue: Catalogue, wanted: Wanted) -> Select[Any]:
    """(id, version) of every version that a search finds."""
    found = select(_SEARCH.c.id, _SEARCH.c.version)
    if catalogue.engine.dialect.name == "postgresql":
        return found.where(_SEARCH.c.stems.op("@@")(cast(bindparam(None, as_tsquery(wanted)), TSQUERY)))
    return found.where(literal_column("search").op("MATCH")(as_fts5(wanted)))

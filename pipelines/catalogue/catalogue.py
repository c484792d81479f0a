"""The catalogue as a place to write to and to ask: one class over SQLAlchemy Core, SQLite or PostgreSQL.

Takes captures and articles, gives rows; every write is order-insensitive but for versions, which count by
`captured_at`, so callers hand the captures of one article over in that order.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Row, Table, create_engine, event, func, insert, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError, OperationalError

from pipelines.catalogue import schema as t
from pipelines.errors import BadArchive

SQLITE_BUSY_S = 60
"""How long a crawl waits for another's commit; a commit takes milliseconds, a rebuild's swap a second."""

ROWS_AT_ONCE = 500
"""Rows of a stream held in memory: 2 MB where each has a body."""


def catalogue_url(archive: Path, configured: str | None = None) -> str:
    """The database URL: what the operator set, else SQLite inside the archive folder."""
    return configured or f"sqlite:///{archive / 'catalogue.sqlite'}"


def instant(moment: datetime | None) -> str | None:
    """An aware datetime as the catalogue stores it: `2025-02-13T08:45:00.000000+00:00`."""
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")


def as_list(values: Iterable[Any]) -> str:
    """A list as the catalogue stores it."""
    return json.dumps(list(values), ensure_ascii=False)


def open_engine(url: str | URL) -> Engine:
    """An engine on a catalogue with our schema, made where it is missing.

    Raises BadArchive where the database cannot be opened or its schema number is another.
    """
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
    try:
        with engine.begin() as connection:
            if not inspect(connection).has_table(t.schema.name):
                t.metadata.create_all(connection)
                connection.execute(insert(t.schema).values(number=t.SCHEMA_NUMBER))
            number = connection.scalar(select(t.schema.c.number))
    except (OperationalError, DatabaseError) as error:
        raise BadArchive(f"catalogue {url}: {error.orig}; check the path, or run `scrapy rebuild`") from error
    if number != t.SCHEMA_NUMBER:
        raise BadArchive(
            f"catalogue {url} has schema {number}, this Pressmark has {t.SCHEMA_NUMBER}: run `scrapy rebuild`"
        )
    return engine


def fresh_engine(url: URL) -> Engine:
    """An engine on a catalogue made anew, whatever stood there; for a rebuild, so commits need not be durable."""
    if url.get_backend_name() == "sqlite" and url.database:
        for suffix in ("", "-wal", "-shm"):
            Path(url.database + suffix).unlink(missing_ok=True)
    engine = open_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
        engine.dispose()
        return engine
    with engine.begin() as connection:
        t.metadata.drop_all(connection)
        t.metadata.create_all(connection)
        connection.execute(insert(t.schema).values(number=t.SCHEMA_NUMBER))
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={SQLITE_BUSY_S * 1000}", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


class Catalogue:
    """Captures, articles, versions, editions, origins, leads and coverage of one archive."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def close(self) -> None:
        """Releases the database; a SQLite file is then whole without its WAL file."""
        self.engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One commit: all of it is seen, or none."""
        with self.engine.begin() as connection:
            yield connection

    def rows(self, statement: Any) -> list[Row[Any]]:
        """The rows of a select."""
        with self.engine.connect() as connection:
            return list(connection.execute(statement))

    def stream(self, statement: Any) -> Iterator[Row[Any]]:
        """The rows of a select, a few at a time: for results that need not fit into memory."""
        with self.engine.connect().execution_options(yield_per=ROWS_AT_ONCE) as connection:
            yield from connection.execute(statement)

    def scalar(self, statement: Any) -> Any:
        """The first column of the first row of a select, or None."""
        with self.engine.connect() as connection:
            return connection.scalar(statement)

    def dump(self) -> Iterator[str]:
        """Every row of every table as one line of JSON, ordered by table and primary key.

        Two catalogues of one archive give the same lines.
        """
        with self.engine.connect() as connection:
            for table in t.metadata.sorted_tables:
                rows = connection.execute(select(table)).mappings()
                lines = (json.dumps([table.name, dict(row)], ensure_ascii=False, sort_keys=True) for row in rows)
                yield from sorted(lines)

    def count(self, table: Table, *conditions: Any) -> int:
        """How many rows meet the conditions."""
        return int(self.scalar(select(func.count()).select_from(table).where(*conditions)) or 0)


def put(connection: Connection, table: Table, rows: Mapping[str, Any] | list[dict[str, Any]]) -> None:
    """Inserts rows, or replaces those with the same primary key."""
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    others = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in keys}
    if others:
        statement = statement.on_conflict_do_update(index_elements=keys, set_=others)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    connection.execute(statement, rows)

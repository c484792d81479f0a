"""The catalogue as a place to write to and to ask: one class over SQLAlchemy Core, SQLite or PostgreSQL.

Takes captures and articles, gives rows; every write is order-insensitive but for versions, which count by
`captured_at`, so callers hand the captures of one article over in that order.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Row,
    Table,
    create_engine,
    event,
    func,
    insert,
    inspect,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError

from pipelines.catalogue import postgres
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
    engine = postgres.postgres_engine(url) if postgres.is_postgres(url) else _sqlite_engine(make_url(url))
    number = _made(engine)
    if number != t.SCHEMA_NUMBER:
        engine.dispose()
        place = engine.url.render_as_string(hide_password=True)
        raise BadArchive(
            f"catalogue {place} has schema {number}, this Pressmark has {t.SCHEMA_NUMBER}: run `scrapy rebuild`"
        )
    return engine


def fresh_engine(url: str | URL) -> Engine:
    """An engine on an empty catalogue beside that of the URL, for a rebuild: its commits need not be durable."""
    if postgres.is_postgres(url):
        engine = postgres.postgres_engine(url, postgres.REBUILT, durable=False)
        with engine.begin() as connection:
            postgres.clear(connection)
    else:
        beside = make_url(url).set(database=_beside(url))
        _unlink(_beside(url))
        engine = _sqlite_engine(beside, durable=False)
    _made(engine)
    return engine


def swap_in(url: str | URL) -> None:
    """Puts the catalogue that was made beside that of the URL, and is closed, in its place."""
    if postgres.is_postgres(url):
        postgres.swap_in(url)
    else:
        place = str(make_url(url).database)
        # The WAL file of the old catalogue must not be read into the new one.
        _unlink(place, ("-wal", "-shm"))
        os.replace(_beside(url), place)


def _made(engine: Engine) -> int:
    """The schema number of the catalogue, whose tables are made where they are missing. Raises BadArchive."""
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                postgres.claim(connection)
            begun = _begun(connection)
            if not begun and engine.dialect.name == "sqlite":
                # SQLite commits each table by itself: several that begin at once wait here for the first.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                begun = _begun(connection)
            if not begun:
                t.metadata.create_all(connection)
                connection.execute(insert(t.schema).values(number=t.SCHEMA_NUMBER))
            return int(connection.scalar(select(t.schema.c.number)) or 0)
    except DatabaseError as error:
        engine.dispose()
        why = str(error.orig).strip().splitlines()[0]
        place = engine.url.render_as_string(hide_password=True)
        raise BadArchive(f"catalogue {place}: {why}; check CATALOGUE_URL, or run `scrapy rebuild`") from error


def _begun(connection: Connection) -> bool:
    """True where the tables stand and bear a number; one that was interrupted before is made on."""
    tables = inspect(connection).has_table(t.schema.name)
    return tables and connection.scalar(select(t.schema.c.number)) is not None


def _sqlite_engine(url: URL, *, durable: bool = True) -> Engine:
    engine = create_engine(url)
    event.listen(engine, "connect", _set_up_sqlite)
    if not durable:
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
    return engine


def _beside(url: str | URL) -> str:
    return f"{make_url(url).database}.rebuilt"


def _unlink(database: str, suffixes: tuple[str, ...] = ("", "-wal", "-shm")) -> None:
    for suffix in suffixes:
        Path(database + suffix).unlink(missing_ok=True)


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
        with (
            self.engine.connect().execution_options(yield_per=ROWS_AT_ONCE) as connection,
            connection.execute(statement) as result,
        ):
            yield from result

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
    statement = _upsert(table, connection.dialect.name)
    connection.execute(statement, [_storable(row) for row in ([rows] if isinstance(rows, Mapping) else rows)])


@cache
def _upsert(table: Table, dialect_name: str) -> Any:
    dialect = postgresql if dialect_name == "postgresql" else sqlite
    statement = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    others = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in keys}
    if others:
        return statement.on_conflict_do_update(index_elements=keys, set_=others)
    return statement.on_conflict_do_nothing(index_elements=keys)


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What a text column of PostgreSQL cannot hold, and a page's JSON can."""


def _storable(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with replacement characters for what PostgreSQL cannot hold; in SQLite too, so that both are equal."""
    return {name: _UNSTORABLE.sub("\ufffd", v) if isinstance(v, str) else v for name, v in row.items()}

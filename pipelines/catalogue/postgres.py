"""The catalogue on a PostgreSQL server: in a schema of its own, so that a rebuild is made beside it and swapped in."""

from importlib.util import find_spec

from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError

from pipelines.errors import BadArchive

NAME, REBUILT = "pressmark", "pressmark_rebuilt"
"""The schema of the catalogue, and of one being rebuilt: one archive a database."""


def is_postgres(url: str | URL) -> bool:
    """True where the URL names a PostgreSQL database, False for a SQLite file. Raises BadArchive for anything else."""
    try:
        backend = make_url(url).get_backend_name()
    except ArgumentError as error:
        raise BadArchive(
            "CATALOGUE_URL is no database URL: postgresql://USER@HOST/DATABASE, or sqlite:///FILE"
        ) from error
    if backend not in ("postgresql", "sqlite"):
        raise BadArchive(f"a catalogue stands on SQLite or PostgreSQL, not on {backend}: change CATALOGUE_URL")
    return backend == "postgresql"


def postgres_engine(url: str | URL, name: str = NAME, *, durable: bool = True) -> Engine:
    """An engine whose tables stand in the schema of that name; psycopg 3 is the driver.

    Raises BadArchive where it is not installed.
    """
    if find_spec("psycopg") is None:
        raise BadArchive("a catalogue on PostgreSQL wants the driver psycopg: pip install 'pressmark[postgres]'")
    options = f"-csearch_path={name}" + ("" if durable else " -csynchronous_commit=off")
    return create_engine(make_url(url).set(drivername="postgresql+psycopg"), connect_args={"options": options})


def claim(connection: Connection) -> None:
    """Makes the engine's schema where it is missing; others that do the same wait for the end of the transaction."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('pressmark catalogue'))"))
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {_name_of(connection)}"))


def clear(connection: Connection) -> None:
    """Removes the engine's schema with all that is in it."""
    connection.execute(text(f"DROP SCHEMA IF EXISTS {_name_of(connection)} CASCADE"))


def swap_in(url: str | URL) -> None:
    """Puts the rebuilt catalogue in the place of the old one; others see the one or the other, whole."""
    engine = postgres_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {NAME} CASCADE"))
        connection.execute(text(f"ALTER SCHEMA {REBUILT} RENAME TO {NAME}"))
    engine.dispose()


def _name_of(connection: Connection) -> str:
    """The engine's schema; one of our two names, so it needs no quoting."""
    return str(connection.scalar(text("SHOW search_path")))

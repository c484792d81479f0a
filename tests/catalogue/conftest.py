"""The catalogue on both databases: a file, and a real server that is started once."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from pipelines.catalogue.catalogue import Catalogue
from tests.catalogue.server import find_programs, running_server
from tests.corpus.archived import catalogued
from tests.corpus.conftest import Archived, archived, world

__all__ = ["archived", "world"]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a server's first database."""
    programs = find_programs()
    if programs is None:
        pytest.skip("no PostgreSQL on this machine: `make postgres` installs it where it may")
    with running_server(programs) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def new_location(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Gives URLs of databases that nobody has used, of one kind or the other."""
    numbers = itertools.count()
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path / f'catalogue{next(numbers)}.sqlite'}"
    server = str(request.getfixturevalue("postgres"))

    def made() -> str:
        name = f"t{abs(hash(request.node.nodeid))}_{next(numbers)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return server.replace("/postgres?", f"/{name}?")

    return made


@pytest.fixture
def location(new_location: Callable[[], str]) -> str:
    """The URL of a database that nobody has used."""
    return new_location()


@pytest.fixture(scope="session")
def on_postgres(archived: Archived, postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """The small archive's catalogue on the server."""
    folder = tmp_path_factory.mktemp("on_postgres") / "archive"
    shutil.copytree(archived.folder / "warc", folder / "warc")
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE DATABASE small")
    catalogue = catalogued(folder, postgres.replace("/postgres?", "/small?"))
    yield catalogue
    catalogue.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def catalogue(request: pytest.FixtureRequest) -> Catalogue:
    """The small archive's catalogue, on one database or the other; tests only read it."""
    found: Catalogue = (
        request.getfixturevalue("archived").catalogue
        if request.param == "sqlite"
        else request.getfixturevalue("on_postgres")
    )
    return found

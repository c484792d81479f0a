"""Catalogues that hold given tellings, as a crawl would leave them."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, as_list, catalogue_url, instant, open_engine, put
from pipelines.tracing.telling import Telling
from tests.catalogue.server import find_programs, running_server

Fill = Callable[[Sequence[Telling]], Catalogue]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive folder with nothing in it yet."""
    folder = tmp_path / "archive"
    folder.mkdir()
    return folder


@pytest.fixture
def fill(archive: Path) -> Iterator[Fill]:
    """Puts tellings into the archive's catalogue and gives it."""
    catalogue = Catalogue(open_engine(catalogue_url(archive)))
    yield lambda tellings: put_tellings(catalogue, tellings)
    catalogue.close()


def put_tellings(catalogue: Catalogue, tellings: Sequence[Telling]) -> Catalogue:
    """Writes the rows that a crawl would have written of the tellings."""
    with catalogue.transaction() as connection:
        for telling in tellings:
            if telling.version == 1:
                put(connection, t.articles, _article(telling))
            put(connection, t.versions, _version(telling))
            put(connection, t.coverage, _coverage(telling))
            if telling.origin:
                origin = {"name": telling.origin.name, "url": telling.origin.url}
                put(connection, t.origins, {"id": telling.id, "version": telling.version} | origin)
    return catalogue


@pytest.fixture
def on_postgres() -> Iterator[Catalogue]:
    """An empty catalogue on a real server."""
    programs = find_programs()
    if programs is None:
        pytest.skip("no PostgreSQL on this machine: `make postgres` installs it where it may")
    with running_server(programs) as url:
        catalogue = Catalogue(open_engine(url))
        yield catalogue
        catalogue.close()


def named_by_a_feed(catalogue: Catalogue, telling: Telling, published_at: datetime) -> None:
    """A source says when an article was published whose page doesn't."""
    at = instant(published_at)
    with catalogue.transaction() as connection:
        connection.execute(update(t.versions).where(t.versions.c.id == telling.id).values(published_at=None))
        row = {"outlet": telling.outlet, "url": telling.url, "source": "feed", "published_at": at}
        put(connection, t.leads, row | {"first_named_at": at, "last_named_at": at})


def _article(telling: Telling) -> dict[str, object]:
    return {
        "id": telling.id, "outlet": telling.outlet, "identity_url": telling.identity_url or telling.url,
        "first_captured_at": instant(telling.captured_at), "versions": 1,
    }  # fmt: skip


def _version(telling: Telling) -> dict[str, object]:
    return {
        "id": telling.id, "version": telling.version, "outlet": telling.outlet, "outlet_name": telling.outlet_name,
        "record_id": f"urn:uuid:{telling.id}-{telling.version}", "captured_at": instant(telling.captured_at),
        "warc_file": "warc/one.warc.gz", "warc_offset": 0, "payload_digest": "sha1:0", "text_file": f"{telling.id}.txt",
        "text_sha256": hashlib.sha256(telling.body.encode()).hexdigest(), "url": telling.url,
        "headline": telling.headline, "authors": "[]", "published_at": instant(telling.told_at), "tags": "[]",
        "language": telling.language, "body": telling.body,
        "links": as_list({"url": url, "text": "here"} for url in telling.links), "images": "[]", "verdict": "rules",
        "extractor": "test", "stripped": "[]",
    }  # fmt: skip


def _coverage(telling: Telling) -> dict[str, object]:
    return {
        "outlet": telling.outlet, "url": telling.url, "state": "kept", "at": instant(telling.captured_at),
        "article_id": telling.id,
    }  # fmt: skip

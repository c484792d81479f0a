"""What holds of the catalogue on SQLite and on PostgreSQL alike."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, text

from crawler.places import RULES_FOLDER
from pipelines.article import Article
from pipelines.capture import Lead
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, open_engine, put
from pipelines.catalogue.fulltext import holding, index_version
from pipelines.catalogue.record import record_leads
from pipelines.catalogue.wanted import parse
from pipelines.errors import BadArchive
from pipelines.jobs.order import Order
from pipelines.jobs.rebuild import rebuild
from tests.corpus.archived import catalogued, no_leads
from tests.corpus.conftest import Archived

pytestmark = pytest.mark.xdist_group("archived")


class Broken(Exception):
    """Ends work halfway."""


ORIGIN = {"version": 1, "name": None, "url": None}


def test_a_row_with_the_same_key_is_replaced(location: str) -> None:
    catalogue = Catalogue(open_engine(location))
    for name in ("first", "second"):
        with catalogue.transaction() as connection:
            put(connection, t.origins, [ORIGIN | {"id": "a", "name": name}, ORIGIN | {"id": "b"}])
    assert [(row.id, row.name) for row in catalogue.rows(select(t.origins).order_by(t.origins.c.id))] == [
        ("a", "second"),
        ("b", None),
    ]
    catalogue.close()


def test_text_sorts_by_code_point(location: str) -> None:
    catalogue = Catalogue(open_engine(location))
    words = ["a", "B", "ґ", "г", "Я", "я", "é", "z", "-", "ї"]
    with catalogue.transaction() as connection:
        put(connection, t.origins, [ORIGIN | {"id": word} for word in words])
    rows = catalogue.rows(select(t.origins.c.id).order_by(t.origins.c.id))
    assert [row.id for row in rows] == sorted(words)
    catalogue.close()


def test_what_a_database_cannot_hold_is_replaced(location: str) -> None:
    catalogue = Catalogue(open_engine(location))
    with catalogue.transaction() as connection:
        put(connection, t.origins, ORIGIN | {"id": "a", "name": "nul \x00 and \ud800"})
    assert catalogue.scalar(select(t.origins.c.name)) == "nul \ufffd and \ufffd"
    catalogue.close()


def test_addresses_too_long_for_an_index_are_left_out(location: str) -> None:
    catalogue = Catalogue(open_engine(location))
    long, source = (f"https://news.example/{Random(n).randbytes(1020).hex()[:2000]}" for n in (1, 2))
    with catalogue.transaction() as connection:
        leads = [Lead(url=long, source="https://news.example/feed"), Lead(url=long, source=source)]
        record_leads(connection, "outlet", datetime(2026, 1, 1, tzinfo=UTC), leads)
    assert [row.source for row in catalogue.rows(select(t.leads.c.source))] == ["https://news.example/feed"]
    catalogue.close()


def test_a_text_too_long_for_an_index_is_found_by_its_beginning(location: str) -> None:
    rng = Random(3)
    words = ["".join(rng.choices("абвгдежзклмнопрст", k=60)) for _ in range(20_000)]
    article = Article(
        id="a" * 16, url="https://a.example/", canonical_url=None, outlet="a", outlet_name="A", headline="Заголовок",
        verdict="generic", extractor="test",
    )  # fmt: skip
    catalogue = Catalogue(open_engine(location))
    with catalogue.transaction() as connection:
        index_version(connection, article, 1, " ".join(words))
    assert [row.version for row in catalogue.rows(holding(catalogue, parse(words[0])))] == [1]
    assert catalogue.rows(holding(catalogue, parse(words[-1]))) == []
    catalogue.close()


def test_a_transaction_that_fails_leaves_nothing(location: str) -> None:
    catalogue = Catalogue(open_engine(location))

    def fail() -> None:
        with catalogue.transaction() as connection:
            put(connection, t.origins, ORIGIN | {"id": "a"})
            raise Broken

    with pytest.raises(Broken):
        fail()
    assert catalogue.count(t.origins) == 0
    catalogue.close()


def test_another_schema_number_asks_for_a_rebuild(location: str) -> None:
    catalogue = Catalogue(open_engine(location))
    with catalogue.transaction() as connection:
        connection.execute(text("UPDATE schema SET number = 999"))
    catalogue.close()
    with pytest.raises(BadArchive, match="scrapy rebuild"):
        open_engine(location)


def test_both_hold_the_same(archived: Archived, location: str, tmp_path: Path) -> None:
    shutil.copytree(archived.folder / "warc", tmp_path / "archive" / "warc")
    catalogue = catalogued(tmp_path / "archive", location)
    assert list(catalogue.dump()) == list(archived.catalogue.dump())
    catalogue.close()


def test_both_give_the_same_corpus(archived: Archived, location: str, tmp_path: Path) -> None:
    shutil.copytree(archived.folder / "warc", tmp_path / "archive" / "warc")
    other = Archived(folder=tmp_path / "archive", catalogue=catalogued(tmp_path / "archive", location))
    order = Order(duplicates="mark")
    assert other.corpus(tmp_path / "other", order) == archived.corpus(tmp_path / "one", order)
    other.catalogue.close()


def test_a_rebuild_that_breaks_leaves_the_old_catalogue(
    archived: Archived, new_location: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, location = tmp_path / "archive", new_location()
    shutil.copytree(archived.folder / "warc", archive / "warc")
    catalogue = catalogued(archive, location)
    before = list(catalogue.dump())
    catalogue.close()
    texts = sorted(archive.glob("text/**/*.txt"))

    def halfway(worked: Iterable[Any]) -> Iterator[Any]:
        for number, each in enumerate(worked):
            if number == 20:
                raise Broken
            yield each

    with pytest.raises(Broken):
        rebuild(archive, location, RULES_FOLDER, no_leads, workers=1, watch=halfway)
    held = Catalogue(open_engine(location))
    assert list(held.dump()) == before
    assert sorted(archive.glob("text/**/*.txt")) == texts
    # And who has it open meanwhile sees the new one afterwards.
    again = catalogued(archive, location)
    again.close()
    if "sqlite" not in location:
        assert list(held.dump()) == before
    held.close()


def test_a_password_is_not_told(tmp_path: Path) -> None:
    with pytest.raises(BadArchive) as told:
        open_engine(f"postgresql://someone:secret@/none?host={tmp_path}")
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("url", ["mysql://someone@host/name", "no database", ""])
def test_a_database_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(BadArchive, match="CATALOGUE_URL"):
        open_engine(url)

"""Corpora are the same whoever makes them and wherever; interrupted ones go on; options choose what they say."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from sqlalchemy import select

from crawler.places import RULES_FOLDER
from newsstand.world import World
from pipelines.catalogue import schema as t
from pipelines.errors import PressmarkError
from pipelines.jobs.corpus import Made, make_corpus
from pipelines.jobs.order import Order
from pipelines.jobs.seeds import read_urls
from tests.corpus.archived import catalogued
from tests.corpus.conftest import Archived, files_of

pytestmark = pytest.mark.xdist_group("archived")
ROOT = Path(__file__).resolve().parents[2]


def rows_of(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["manifest.jsonl"].splitlines()]


@pytest.fixture(scope="module")
def whole(archived: Archived, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The corpus of everything, in the clean style."""
    return archived.corpus(tmp_path_factory.mktemp("whole") / "corpus")


def test_a_corpus_is_the_same_with_four_workers(archived: Archived, whole: dict[str, bytes], tmp_path: Path) -> None:
    assert archived.corpus(tmp_path / "four", workers=4) == whole


def test_a_corpus_is_the_same_from_warc_files_in_another_order_and_folder(
    archived: Archived, whole: dict[str, bytes], tmp_path: Path
) -> None:
    files = sorted(archived.folder.glob("warc/**/*.warc.gz"))
    random.Random(3).shuffle(files)
    for file in files:
        place = tmp_path / "an other folder" / file.relative_to(archived.folder)
        place.parent.mkdir(parents=True)
        shutil.copyfile(file, place)
    other = Archived(folder=tmp_path / "an other folder", catalogue=catalogued(tmp_path / "an other folder"))
    assert other.corpus(tmp_path / "corpus") == whole
    other.catalogue.close()


@pytest.mark.parametrize(("zone", "locale"), [("Asia/Kathmandu", "C"), ("America/St_Johns", "C.UTF-8")])
def test_a_corpus_is_the_same_in_another_time_zone_and_locale(
    zone: str, locale: str, archived: Archived, whole: dict[str, bytes], tmp_path: Path
) -> None:
    environment = {"PATH": os.environ["PATH"], "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": "7"}
    environment["PRESSMARK_ARCHIVE_DIR"] = str(archived.folder)
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "corpus", str(tmp_path / "corpus"), "--workers", "1"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert files_of(tmp_path / "corpus") == whole


def test_the_lock_names_what_decides_the_bytes(archived: Archived, whole: dict[str, bytes]) -> None:
    lock = json.loads(whole["corpus.lock"])
    assert set(lock) == {"files", "options", "rules_version", "software", "warc"}
    assert set(lock["warc"]) == {
        str(file.relative_to(archived.folder)) for file in archived.folder.glob("warc/**/*.gz")
    }
    assert {"pressmark", "trafilatura", "resiliparse"} <= set(lock["software"])
    assert str(archived.folder) not in whole["corpus.lock"].decode()


class Interrupted(Exception):
    """Ends the making of a corpus."""


def interrupted_after(count: int) -> Any:
    def watch(items: Iterable[Made]) -> Iterator[Made]:
        for number, made in enumerate(items):
            if number == count:
                raise Interrupted
            yield made

    return watch


def made(archived: Archived, out: Path, order: Order, watch: Any = iter) -> None:
    entries, _ = order.entries(archived.catalogue)
    make_corpus(out, archived.folder, RULES_FOLDER, entries, order.options, workers=1, watch=watch)


def test_an_interrupted_corpus_goes_on_where_it_stopped(
    archived: Archived, whole: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "corpus"
    with pytest.raises(Interrupted):
        made(archived, out, Order(), interrupted_after(50))
    assert not out.exists()
    again: list[int] = []
    made(archived, out, Order(), lambda items: (again.append(each.entry.index) or each for each in items))
    assert again[0] == 50
    assert files_of(out) == whole
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


def test_what_a_crash_left_half_written_is_made_again(
    archived: Archived, whole: dict[str, bytes], tmp_path: Path
) -> None:
    out, unfinished = tmp_path / "corpus", tmp_path / ".corpus.unfinished"
    with pytest.raises(Interrupted):
        made(archived, out, Order(), interrupted_after(50))
    next(unfinished.glob("030_*.txt")).write_bytes(b"")
    with (unfinished / "manifest.jsonl").open("a") as manifest:
        manifest.write('{"index": 50, "fi')
    made(archived, out, Order())
    assert files_of(out) == whole


def test_what_the_archive_came_to_hold_meanwhile_is_in_an_interrupted_corpus_too(
    archived: Archived, whole: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "corpus"
    entries, order = list(Order().entries(archived.catalogue)[0]), Order()
    earlier = [evolve(entry, index=index) for index, entry in enumerate(entries[:20] + entries[25:])]
    with pytest.raises(Interrupted):
        make_corpus(out, archived.folder, RULES_FOLDER, earlier, order.options, workers=1, watch=interrupted_after(60))
    made(archived, out, order)
    assert files_of(out) == whole


def test_what_was_begun_with_other_options_is_not_gone_on_with(archived: Archived, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    with pytest.raises(Interrupted):
        made(archived, out, Order(outlets=("thehill",)), interrupted_after(5))
    made(archived, out, Order(outlets=("ukrpravda",)))
    assert {row["outlet"] for row in rows_of(files_of(out))} == {"ukrpravda"}
    assert len(files_of(out)) == len(rows_of(files_of(out))) + 2


def test_a_corpus_takes_the_place_of_an_earlier_one(archived: Archived, tmp_path: Path) -> None:
    archived.corpus(tmp_path / "corpus", Order(outlets=("thehill",)))
    made = archived.corpus(tmp_path / "corpus", Order(outlets=("ukrpravda",)))
    assert {row["outlet"] for row in rows_of(made)} == {"ukrpravda"}


@pytest.mark.parametrize("foreign", ["letter.txt", "000_0123456789abcdef.txt"])
def test_a_folder_with_foreign_files_is_left_alone(foreign: str, archived: Archived, tmp_path: Path) -> None:
    archived.corpus(tmp_path / "corpus", Order(outlets=("thehill",)))
    (tmp_path / "corpus" / foreign).write_text("mine")
    with pytest.raises(PressmarkError, match=foreign):
        archived.corpus(tmp_path / "corpus")
    assert (tmp_path / "corpus" / foreign).read_text() == "mine"


def test_options_choose_articles(archived: Archived, tmp_path: Path) -> None:
    day = date(2026, 1, 6)
    russian = rows_of(archived.corpus(tmp_path / "ru", Order(languages=("ru",))))
    assert {row["language"] for row in russian} == {"ru"}
    dated = rows_of(archived.corpus(tmp_path / "day", Order(since=day, until=day)))
    assert {row["published_at"][:10] for row in dated if row["outlet"] == "ukrpravda"} == {"2026-01-06"}
    found = rows_of(archived.corpus(tmp_path / "search", Order(search="переговори OR talks")))
    assert 0 < len(found) < 100


def test_a_list_of_urls_is_a_choice_in_its_order(archived: Archived, world: World, tmp_path: Path) -> None:
    urls = [article.url for article in world.articles("ukrpravda")][3:6]
    (tmp_path / "urls").write_text("# three\n\n" + "\n".join(f"{url}?utm_source=x#top" for url in urls) + "\n")
    rows = rows_of(archived.corpus(tmp_path / "corpus", Order(seeds=read_urls(tmp_path / "urls"))))
    assert [row["url"] for row in rows] == urls


def test_a_url_that_the_archive_does_not_hold_is_told(archived: Archived, tmp_path: Path) -> None:
    (tmp_path / "urls").write_text("https://www.pravda.com.ua/eng/news/2025/02/13/1/\n")
    _, missing = Order(seeds=read_urls(tmp_path / "urls")).entries(archived.catalogue)
    assert [seed.url for seed in missing] == ["https://www.pravda.com.ua/eng/news/2025/02/13/1/"]


def test_editions_stand_in_pairs(archived: Archived, world: World, tmp_path: Path) -> None:
    rows = rows_of(archived.corpus(tmp_path / "corpus", Order(parallel=("uk", "en"))))
    assert [row["language"] for row in rows] == ["uk", "en"] * (len(rows) // 2)
    by_url = {article.url: article for article in world.all()}
    pairs = {(one["url"], other["url"]) for one, other in zip(rows[::2], rows[1::2], strict=True)}
    wanted = {
        (article.url, url)
        for article in world.all()
        for language, url in article.editions
        if article.draft.language == "uk" and language == "en" and url in by_url
    }
    assert pairs == wanted != set()
    for one, other in zip(rows[::2], rows[1::2], strict=True):
        assert (one["parallel_to"], other["parallel_to"]) == (other["id"], one["id"])


def test_copies_are_kept_marked_or_dropped(archived: Archived, whole: dict[str, bytes], tmp_path: Path) -> None:
    marked = rows_of(archived.corpus(tmp_path / "mark", Order(duplicates="mark")))
    dropped = rows_of(archived.corpus(tmp_path / "drop", Order(duplicates="drop")))
    copies = {row["id"]: row["duplicate_of"] for row in marked if "duplicate_of" in row}
    assert len(copies) >= 8
    assert len(marked) == len(rows_of(whole))
    assert {row["id"] for row in dropped} == {row["id"] for row in marked} - set(copies)
    assert set(copies.values()) <= {row["id"] for row in dropped}
    c = t.versions.c
    times = {
        row.id: row.published_at or row.captured_at
        for row in archived.catalogue.rows(select(c.id, c.published_at, c.captured_at))
    }
    assert all(times[original] <= times[copy] for copy, original in copies.items())


@pytest.mark.parametrize(
    "options",
    [
        {"seeds": (), "outlets": ("thehill",)},
        {"seeds": (), "all_versions": True},
        {"parallel": ("uk",)},
        {"parallel": ("uk", "uk")},
        {"parallel": ("uk", "en"), "languages": ("uk",)},
    ],
)
def test_options_that_contradict_each_other_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(PressmarkError):
        Order(**options)


def test_an_order_comes_back_from_its_lock() -> None:
    order = Order(
        outlets=("a", "b"),
        languages=("uk",),
        search='"no betrayal"',
        since=date(2026, 1, 1),
        as_of=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        all_versions=True,
        duplicates="drop",
    )
    assert Order.from_options(json.loads(json.dumps(order.options))) == order

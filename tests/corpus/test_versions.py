"""Versions fixed in time: as of an instant, all of them, and what has changed since a corpus was made."""

import json
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from crawler.places import RULES_FOLDER
from newsstand.world import World
from pipelines.jobs import comparing
from pipelines.jobs.comparing import Difference, check_corpus, diff_corpora
from pipelines.jobs.match import match_folder
from pipelines.jobs.order import Order
from tests.corpus.archived import Shown, catalogued, shown, write_pages
from tests.corpus.conftest import Archived, files_of

pytestmark = pytest.mark.xdist_group("archived")
HOUR = timedelta(hours=1)


def edited(page: Shown, number: int) -> Shown:
    """The page some hours later, with its first paragraph's first sentence written otherwise."""
    mark = b"<p>"
    before, _, rest = page.answer.partition(b"\r\n\r\n")
    body = rest.replace(mark, mark + f"Edit {number} of this text. ".encode())
    head = b"\r\n".join(
        line for line in before.split(b"\r\n") if not line.lower().startswith((b"content-length", b"transfer-encoding"))
    )
    return evolve(page, at=page.at + number * HOUR, answer=head + b"\r\n\r\n" + body)


@pytest.fixture(scope="module")
def pages(world: World) -> list[Shown]:
    """Six articles, each captured, and captured again twice when it had changed."""
    first = list(shown(world, world.articles("ukrpravda", count=6)))
    return sorted([*first, *(edited(page, number) for page in first for number in (1, 2))], key=lambda page: page.at)


@pytest.fixture(scope="module")
def changing(pages: list[Shown], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archived]:
    """The archive of those captures."""
    folder = tmp_path_factory.mktemp("changing") / "archive"
    write_pages(pages, folder)
    catalogue = catalogued(folder)
    yield Archived(folder=folder, catalogue=catalogue)
    catalogue.close()


def rows_of(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["manifest.jsonl"].splitlines()]


def edit_of(text: bytes) -> int:
    """Which edit a file shows; 0 for the first state."""
    return max((number for number in (1, 2) if f"Edit {number} of".encode() in text), default=0)


def test_a_corpus_as_of_an_instant_is_what_was_shown_then(
    changing: Archived, pages: list[Shown], tmp_path: Path
) -> None:
    instants = sorted({page.at for page in pages})
    for number, instant in enumerate([*instants, instants[-1] + HOUR]):
        known: dict[str, Shown] = {}
        for page in pages:
            if page.at <= instant:
                known[page.url] = page
        made = changing.corpus(tmp_path / str(number), Order(as_of=instant))
        rows = {row["url"]: row for row in rows_of(made)}
        assert set(rows) == set(known)
        for url, page in known.items():
            assert rows[url]["captured_at"] == page.at.isoformat(timespec="microseconds")
            assert edit_of(made[rows[url]["file"]]) == edit_of(page.answer)


def test_all_versions_stand_one_after_another(changing: Archived, tmp_path: Path) -> None:
    made = changing.corpus(tmp_path / "corpus", Order(all_versions=True))
    rows = rows_of(made)
    assert [row["version"] for row in rows] == [1, 2, 3] * 6
    assert [edit_of(made[row["file"]]) for row in rows] == [0, 1, 2] * 6


def test_every_version_is_found_again_by_its_file(changing: Archived, tmp_path: Path) -> None:
    made = changing.corpus(tmp_path / "corpus", Order(all_versions=True))
    found = match_folder(tmp_path / "corpus", changing.catalogue, changing.folder, RULES_FOLDER, workers=1)
    wanted = [(row["id"], row["version"]) for row in rows_of(made)]
    assert [(match.article.id, match.article.version) for match in found if match.article] == wanted


def checked(corpus: Path, archived: Archived) -> list[Difference]:
    return list(check_corpus(corpus, archived.catalogue, archived.folder, RULES_FOLDER, workers=1))


def test_a_corpus_that_would_come_out_the_same_has_no_difference(changing: Archived, tmp_path: Path) -> None:
    changing.corpus(tmp_path / "corpus", Order(all_versions=True))
    assert checked(tmp_path / "corpus", changing) == []


def test_a_new_version_is_told(changing: Archived, pages: list[Shown], tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    early = [page for page in pages if edit_of(page.answer) == 0]
    write_pages(early, folder)
    before = Archived(folder=folder, catalogue=catalogued(folder))
    before.corpus(tmp_path / "corpus")
    before.catalogue.close()
    shutil.rmtree(folder / "warc")
    write_pages([*early, next(page for page in pages if edit_of(page.answer) == 1)], folder)
    after = Archived(folder=folder, catalogue=catalogued(folder))
    (found,) = checked(tmp_path / "corpus", after)
    assert (found.what, found.why) == ("changed", "new version: 1 then, 2 now")
    after.catalogue.close()


def test_a_file_changed_or_removed_by_hand_is_told(changing: Archived, tmp_path: Path) -> None:
    changing.corpus(tmp_path / "corpus")
    one, other = sorted((tmp_path / "corpus").glob("*.txt"))[:2]
    one.write_text("mine")
    other.unlink()
    assert {(each.file, each.what) for each in checked(tmp_path / "corpus", changing)} == {
        (one.name, "edited"),
        (other.name, "removed"),
    }


def test_a_missing_capture_is_told(changing: Archived, tmp_path: Path) -> None:
    changing.corpus(tmp_path / "corpus")
    hidden = Archived(folder=tmp_path / "nothing", catalogue=changing.catalogue)
    found = checked(tmp_path / "corpus", hidden)
    assert len(found) == 6
    assert all(each.what == "removed" and each.why.startswith("missing capture") for each in found)


def test_other_rules_are_told(changing: Archived, tmp_path: Path) -> None:
    changing.corpus(tmp_path / "corpus")
    rules = tmp_path / "rules"
    shutil.copytree(RULES_FOLDER, rules)
    path = rules / "ukrpravda.toml"
    path.write_text(path.read_text().replace("strip_text = [", 'strip_text = ["Edit.*", ', 1))
    found = list(check_corpus(tmp_path / "corpus", changing.catalogue, changing.folder, rules, workers=1))
    assert found
    assert all(each.what == "changed" and each.why.startswith("rules: ") for each in found)


def test_another_extractor_is_told(changing: Archived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changing.corpus(tmp_path / "corpus")
    lock = json.loads((tmp_path / "corpus" / "corpus.lock").read_text())
    lock["software"]["trafilatura"] = "1.0"
    (tmp_path / "corpus" / "corpus.lock").write_text(json.dumps(lock))
    rows = [json.loads(line) for line in (tmp_path / "corpus" / "manifest.jsonl").read_text().splitlines()]
    file = tmp_path / "corpus" / rows[0]["file"]
    file.write_text("as it was extracted then")
    rows[0]["sha256"] = comparing.digest_of_file(file)
    (tmp_path / "corpus" / "manifest.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (found,) = checked(tmp_path / "corpus", changing)
    assert found.why.startswith("extractor: trafilatura 1.0 then")


def test_two_corpora_are_compared_article_by_article(changing: Archived, pages: list[Shown], tmp_path: Path) -> None:
    early = changing.corpus(tmp_path / "early", Order(as_of=pages[3].at))
    late = changing.corpus(tmp_path / "late")
    found = list(diff_corpora(tmp_path / "early", tmp_path / "late"))
    assert {each.what for each in found} == {"changed", "added"}
    ids = {row["id"]: row["version"] for row in rows_of(early)}
    assert sum(each.what == "added" for each in found) == len(rows_of(late)) - len(ids)
    assert all("version" in each.why for each in found if each.what == "changed")
    back = list(diff_corpora(tmp_path / "late", tmp_path / "early"))
    assert sum(each.what == "removed" for each in back) == len(rows_of(late)) - len(ids)
    assert list(diff_corpora(tmp_path / "late", tmp_path / "late")) == []


def test_an_instant_before_everything_gives_an_empty_corpus(changing: Archived, tmp_path: Path) -> None:
    made = changing.corpus(tmp_path / "corpus", Order(as_of=datetime.fromisoformat("2000-01-01T00:00:00+00:00")))
    assert sorted(made) == ["corpus.lock", "manifest.jsonl"]
    assert files_of(tmp_path / "corpus")["manifest.jsonl"] == b""

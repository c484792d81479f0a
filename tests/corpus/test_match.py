"""Existing seed files are found in the archive, and made again from what was found."""

import json
from pathlib import Path

import pytest

from crawler.places import RULES_FOLDER
from newsstand.world import World
from pipelines.errors import PressmarkError
from pipelines.jobs.choosing import STYLES, Style
from pipelines.jobs.match import Match, match_folder
from pipelines.jobs.order import Order
from pipelines.jobs.seeds import read_seeds, write_seeds
from tests.corpus.archived import catalogued, shown, write_pages
from tests.corpus.conftest import SEEDS, Archived, needs_seeds

pytestmark = pytest.mark.xdist_group("archived")


def matched(folder: Path, archived: Archived) -> list[Match]:
    return match_folder(folder, archived.catalogue, archived.folder, RULES_FOLDER, workers=1)


@pytest.mark.parametrize("style", STYLES)
def test_every_file_of_a_corpus_is_found_again(style: Style, archived: Archived, tmp_path: Path) -> None:
    made = archived.corpus(tmp_path / "corpus", Order(style=style))
    rows = {row["file"]: row for row in map(json.loads, made["manifest.jsonl"].splitlines())}
    found = matched(tmp_path / "corpus", archived)
    assert len(found) == len(rows) > 80
    for match in found:
        assert match.article is not None
        row = rows[match.file.name]
        assert (match.article.id, match.article.version, match.equal) == (row["id"], row["version"], True)


@needs_seeds
@pytest.mark.parametrize("folder", [SEEDS, SEEDS / "clean"])
def test_the_seeds_are_found_and_made_again_byte_for_byte(folder: Path, archived: Archived, tmp_path: Path) -> None:
    found = matched(folder, archived)
    assert [match.equal for match in found] == [True] * 5
    write_seeds(tmp_path / "seeds.jsonl", [match.seed for match in found if match.seed])
    made = archived.corpus(tmp_path / "corpus", Order(seeds=read_seeds(tmp_path / "seeds.jsonl")))
    for path in folder.glob("*.txt"):
        assert made[path.name] == path.read_bytes()


def test_a_file_edited_by_hand_is_found_but_not_called_equal(archived: Archived, tmp_path: Path) -> None:
    archived.corpus(tmp_path / "corpus")
    path = sorted((tmp_path / "corpus").glob("*.txt"))[7]
    text = path.read_text()
    half = text[: len(text) * 2 // 3]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text(half)
    (match,) = matched(tmp_path / "mine", archived)
    assert match.article is not None
    assert match.article.id in path.name
    assert not match.equal
    assert 0.4 < match.score < 1
    assert match.seed is not None
    assert (match.seed.index, match.seed.id) == (0, match.article.id)


def test_a_text_that_the_archive_does_not_hold_is_matched_with_nothing(archived: Archived, tmp_path: Path) -> None:
    (tmp_path / "000_0123456789abcdef.txt").write_text("A letter about the garden, which nobody ever published.\n" * 9)
    (tmp_path / "001_0123456789abcde0.txt").write_text("")
    assert [match.article for match in matched(tmp_path, archived)] == [None, None]


def test_whole_pages_of_articles_that_the_archive_does_not_hold_are_matched_with_nothing(
    archived: Archived, tmp_path: Path
) -> None:
    write_pages(shown(World(seed=2, articles=2, past=False)), tmp_path / "other")
    other = Archived(folder=tmp_path / "other", catalogue=catalogued(tmp_path / "other"))
    made = other.corpus(tmp_path / "corpus", Order(style="page"))
    other.catalogue.close()
    found = matched(tmp_path / "corpus", archived)
    assert len(found) == len(made) - 2 > 10
    assert [match.article for match in found if match.article] == []


def test_two_files_of_one_index_are_refused(archived: Archived, tmp_path: Path) -> None:
    for name in ("000_0123456789abcdef.txt", "000_0123456789abcde0.txt"):
        (tmp_path / name).write_text("text")
    with pytest.raises(PressmarkError, match="index 0"):
        matched(tmp_path, archived)


def test_a_folder_without_seed_files_says_so(archived: Archived, tmp_path: Path) -> None:
    with pytest.raises(PressmarkError, match=r"no \.txt"):
        matched(tmp_path, archived)

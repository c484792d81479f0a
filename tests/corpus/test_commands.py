"""The verbs on an archive: what they print, their exit status, and what an interruption leaves."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from newsstand.world import World
from tests.corpus.conftest import SEEDS, Archived, files_of, needs_seeds

pytestmark = pytest.mark.xdist_group("archived")
ROOT = Path(__file__).resolve().parents[2]

Ran = subprocess.CompletedProcess[str]
Type = Callable[..., Ran]


def environment(archive: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PRESSMARK_ARCHIVE_DIR": str(archive)}


@pytest.fixture
def scrapy(archived: Archived) -> Type:
    """Types a Scrapy command on the small archive."""

    def typed(*arguments: object, archive: Path = archived.folder) -> Ran:
        command = [sys.executable, "-m", "scrapy", *map(str, arguments)]
        return subprocess.run(
            command, cwd=ROOT, env=environment(archive), capture_output=True, text=True, check=False, timeout=120
        )

    return typed


def test_check_is_clean_and_then_tells_what_was_edited(scrapy: Type, tmp_path: Path) -> None:
    assert scrapy("corpus", tmp_path / "c", "--outlet", "thehill", "--workers", 1).returncode == 0
    clean = scrapy("corpus", "--check", tmp_path / "c", "--workers", 1)
    assert (clean.returncode, clean.stdout.strip()) == (0, "no difference")
    edited = sorted((tmp_path / "c").glob("*.txt"))[0]
    edited.write_text("mine")
    ran = scrapy("corpus", "--check", tmp_path / "c", "--workers", 1, "--json")
    assert ran.returncode == 1
    assert [(row["file"], row["what"]) for row in json.loads(ran.stdout)] == [(edited.name, "edited")]


def test_diff_of_two_corpora_is_status_1_where_they_differ(scrapy: Type, tmp_path: Path) -> None:
    for name, style in (("a", "clean"), ("b", "page")):
        made = scrapy("corpus", tmp_path / name, "--outlet", "thehill", "--style", style, "--workers", 1)
        assert made.returncode == 0, made.stderr
    ran = scrapy("corpus", "--diff", tmp_path / "a", tmp_path / "b")
    assert ran.returncode == 1
    assert "style clean then page" in ran.stdout
    assert scrapy("corpus", "--diff", tmp_path / "a", tmp_path / "a").returncode == 0
    assert scrapy("corpus", "--diff", tmp_path / "a", tmp_path / "none").returncode == 2


@needs_seeds
def test_match_writes_the_manifest_that_makes_the_seeds_again(scrapy: Type, tmp_path: Path) -> None:
    ran = scrapy("corpus", "--match", SEEDS, tmp_path / "seeds.jsonl", "--workers", 1, "--json")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert [(row["equal"], row["score"], row["style"]) for row in told["files"]] == [
        (True, 1.0, style) for style in ("page", "page", "page", "page", "hugo")
    ]
    assert scrapy("corpus", tmp_path / "c", "--seeds", tmp_path / "seeds.jsonl", "--workers", 1).returncode == 0
    made = files_of(tmp_path / "c")
    assert all(made[path.name] == path.read_bytes() for path in SEEDS.glob("*.txt"))


def test_a_file_that_nothing_matches_is_status_1(scrapy: Type, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "letter.txt").write_text("Nobody ever published this text, which is about a garden.")
    ran = scrapy("corpus", "--match", tmp_path / "files", tmp_path / "seeds.jsonl")
    assert ran.returncode == 1
    assert "0 of 1 files matched" in ran.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("corpus", "--check", "--diff", "a"),
        ("corpus", "a", "--parallel", "uk"),
        ("corpus", "a", "--search", '"'),
        ("corpus", "--match", "none"),
        ("search", '"'),
        ("export", "--format", "pack", "https://nobody.example/"),
    ],
)
def test_wrong_usage_is_status_2_in_one_line(arguments: tuple[str, ...], scrapy: Type, tmp_path: Path) -> None:
    ran = scrapy(*arguments)
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    assert ran.stderr.strip()
    assert not (ROOT / "a").exists()


def test_search_prints_what_it_found_newest_first(scrapy: Type, world: World) -> None:
    ran = scrapy("search", "переговори OR talks", "--limit", 3, "--json")
    assert ran.returncode == 0, ran.stderr
    hits = json.loads(ran.stdout)
    assert len(hits) == 3
    assert [hit["published_at"] for hit in hits] == sorted((hit["published_at"] for hit in hits), reverse=True)
    assert {hit["url"] for hit in hits} <= {article.url for article in world.all()}
    assert "no article" in scrapy("search", "qwertyuiop").stdout


def test_an_export_and_a_pack_say_where_they_lie(scrapy: Type, world: World, tmp_path: Path) -> None:
    ran = scrapy("export", "--format", "jsonl", tmp_path / "out", "--outlet", "thehill", "--json")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    lines = [line for file in told["files"] for line in (tmp_path / "out" / file).read_text().splitlines()]
    assert len(lines) == told["rows"] > 5
    url = world.articles("ukrpravda", count=1)[0].url
    packed = scrapy("export", "--format", "pack", url, tmp_path / "pack")
    assert packed.returncode == 0, packed.stderr
    assert subprocess.run([sys.executable, tmp_path / "pack" / "verify.py"], capture_output=True).returncode == 0


def test_warc_files_alone_give_the_same_corpus(scrapy: Type, archived: Archived, tmp_path: Path) -> None:
    shutil.copytree(archived.folder / "warc", tmp_path / "alone" / "warc")
    ran = scrapy("corpus", tmp_path / "other", "--workers", 1, archive=tmp_path / "alone")
    assert ran.returncode == 0, ran.stderr
    assert files_of(tmp_path / "other") == archived.corpus(tmp_path / "one")
    assert sorted(path.name for path in (tmp_path / "alone").iterdir()) == ["warc"]


@pytest.mark.parametrize(("how", "status"), [(signal.SIGINT, 1), (signal.SIGKILL, -9)])
def test_an_interrupted_corpus_is_finished_by_the_next(
    how: signal.Signals, status: int, scrapy: Type, archived: Archived, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "scrapy", "corpus", str(tmp_path / "c"), "--workers", "2"]
    work = subprocess.Popen(
        command, cwd=ROOT, env=environment(archived.folder), stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    begun = tmp_path / ".c.unfinished" / "manifest.jsonl"
    while work.poll() is None and not (begun.exists() and begun.stat().st_size):
        time.sleep(0.005)
    # As a terminal's Ctrl-C does: to the command and its workers alike.
    os.killpg(work.pid, how)
    _, err = work.communicate(timeout=180)
    assert work.returncode == status
    assert "Traceback" not in err
    assert not (tmp_path / "c").exists()
    assert scrapy("corpus", tmp_path / "c", "--workers", 1).returncode == 0
    assert files_of(tmp_path / "c") == archived.corpus(tmp_path / "whole")

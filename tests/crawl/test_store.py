"""What the stages do when things go wrong, and what a crawl exports."""

import json
import shutil
from pathlib import Path

import pytest

from newsstand.server import Newsstand
from newsstand.world import World
from tests.crawl.conftest import run_scrapy


@pytest.fixture(scope="module")
def world() -> World:
    return World(articles=8, days=1, past=False)


def test_a_text_that_cannot_be_written_stops_the_crawl_with_status_1(world: World, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "text").write_text("in the way")
    with Newsstand(world) as served:
        ran = run_scrapy(served.environment(), archive, "crawl", "interfax_ukraine", "--json")
        assert ran.status == 1
        assert ran.json["ended"] == "archive-error"
        assert ran.json["kept"] == 0
        (archive / "text").unlink()
        again = run_scrapy(served.environment(), archive, "crawl", "interfax_ukraine", "--json")
    assert again.status == 0, again.err
    assert again.json["kept"] == len(world.articles("interfax_ukraine"))


def test_a_crawl_without_room_on_the_disk_waits_and_then_ends_with_status_1(world: World, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    more_than_any_disk = "-sDISK_FREE_LEAST=1000000000000000000"
    with Newsstand(world) as served:
        environment = served.environment()
        ran = run_scrapy(
            environment, archive, "crawl", "interfax_ukraine", "--json", more_than_any_disk, "-sDISK_WAIT_S=1"
        )
        assert ran.status == 1
        assert ran.json["ended"] == "disk-full"
        assert ran.json["kept"] == 0
        assert "MB free, DISK_FREE_LEAST asks for" in ran.err
        assert run_scrapy(environment, archive, "verify").status == 0
        again = run_scrapy(environment, archive, "crawl", "interfax_ukraine", "--json")
    assert again.json["kept"] == len(world.articles("interfax_ukraine"))


def test_a_crawl_that_waited_for_room_goes_on_where_there_is_some(world: World, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "sitecustomize.py").write_text(
        "import shutil\n"
        "real, looks = shutil.disk_usage, iter([0, 0])\n"
        "shutil.disk_usage = lambda path: real(path)._replace(free=next(looks, 10**12))\n"
    )
    with Newsstand(world) as served:
        full = str(tmp_path / "full")
        ran = run_scrapy(served.environment(), tmp_path / "a", "crawl", "thehill", "--json", PYTHONPATH=full)
    assert (ran.status, ran.json["kept"]) == (0, len(world.articles("thehill")))
    assert "there is room again" in ran.err


def test_a_page_that_no_reader_foresaw_is_rejected_and_the_next_goes_on(world: World, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        "import pipelines.jobs.keep as keep\n"
        "real = keep.extract\n"
        "calls = []\n"
        "def extract(page, rules):\n"
        "    calls.append(page.url)\n"
        "    if len(calls) == 2:\n"
        "        raise RuntimeError('unforeseen')\n"
        "    return real(page, rules)\n"
        "keep.extract = extract\n"
    )
    with Newsstand(world) as served:
        environment = served.environment()
        ran = run_scrapy(environment, tmp_path / "a", "crawl", "interfax_ukraine", "--json", PYTHONPATH=str(broken))
        whole = len(world.articles("interfax_ukraine"))
        assert ran.json["rejected"] == {"extraction-failed": 1}
        assert ran.json["kept"] == whole - 1
        assert "unforeseen" in ran.err


def test_a_crawl_exports_its_articles(world: World, tmp_path: Path) -> None:
    with Newsstand(world) as served:
        out = tmp_path / "articles.jsonl"
        ran = run_scrapy(served.environment(), tmp_path / "a", "crawl", "thehill", "-o", str(out))
    assert ran.status == 0, ran.err
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert {row["url"] for row in rows} == {article.url for article in world.articles("thehill")}
    assert all(row["headline"] and row["body"] for row in rows)
    shutil.rmtree(tmp_path / "a")

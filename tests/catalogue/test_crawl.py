"""A crawl into PostgreSQL: the catalogue is what a rebuild makes, and what SQLite would hold."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from crawler.places import RULES_FOLDER
from crawler.registry import read_naming
from newsstand.server import Newsstand
from newsstand.world import World
from pipelines.catalogue.catalogue import Catalogue, catalogue_url, open_engine
from pipelines.jobs.rebuild import rebuild

pytestmark = pytest.mark.xdist_group("archived")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def small() -> World:
    """Few stories of one day."""
    return World(articles=8, days=1, past=False)


def test_a_crawl_into_postgresql_is_what_a_rebuild_makes_of_it(small: World, postgres: str, tmp_path: Path) -> None:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE DATABASE crawled")
    url, archive = postgres.replace("/postgres?", "/crawled?"), tmp_path / "archive"

    def scrapy(environment: dict[str, str], *arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", *arguments],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    with Newsstand(small) as newsstand:
        settings = {"PRESSMARK_ARCHIVE_DIR": str(archive), "PRESSMARK_CATALOGUE_URL": url, "PATH": os.environ["PATH"]}
        environment = newsstand.environment() | settings
        scrapy(environment, "crawl", "interfax_ukraine", "-a", "since=2015-01-01")
        crawled = dump_of(url)
        scrapy(environment, "corpus", str(tmp_path / "corpus"), "--workers", "1")
        scrapy(environment, "rebuild", "--workers", "1")
    assert len(crawled) > 50
    assert not (archive / "catalogue.sqlite").exists()
    assert dump_of(url) == crawled
    shutil.copytree(archive / "warc", tmp_path / "copy" / "warc")
    on_sqlite = rebuild(tmp_path / "copy", catalogue_url(tmp_path / "copy"), RULES_FOLDER, read_naming, workers=1)
    assert list(on_sqlite.dump()) == crawled
    on_sqlite.close()
    assert len(list((tmp_path / "corpus").glob("*.txt"))) >= 8


def dump_of(url: str) -> list[str]:
    catalogue = Catalogue(open_engine(url))
    lines = list(catalogue.dump())
    catalogue.close()
    return lines


def test_a_server_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "PRESSMARK_ARCHIVE_DIR": str(tmp_path)}
    environment["PRESSMARK_CATALOGUE_URL"] = f"postgresql://someone:secret@/none?host={tmp_path}"
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "search", "word"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "CATALOGUE_URL" in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr

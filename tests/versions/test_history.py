"""What `scrapy history` and `scrapy diff` tell, of an archive that a living world filled."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from newsstand.life import LivingWorld
from newsstand.newsrooms import PRAVDA
from pipelines.catalogue import schema as t
from pipelines.jobs.history import history_of
from tests.crawl.conftest import ROOT
from tests.freshness.month import Month


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Month:
    """A day of one outlet in three languages."""
    archive = tmp_path_factory.mktemp("day") / "archive"
    world = LivingWorld(seed=5, days=1, articles=12, past=False, newsrooms=(PRAVDA,), edits=12, removals=3, storms=0)
    month = Month.open(world, archive)
    month.run()
    return month


def scrapy(archive: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PRESSMARK_ARCHIVE_DIR": str(archive)}
    command = [sys.executable, "-m", "scrapy", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def edited(month: Month) -> str:
    """The URL of an article with more than one version."""
    c = t.articles.c
    return str(month.catalogue.scalar(select(c.identity_url).where(c.versions > 1).order_by(c.identity_url)))


def test_a_diff_reads_well_in_80_columns(day: Month) -> None:
    ran = scrapy(day.archive, "diff", edited(day))
    assert ran.returncode == 0, ran.stderr
    assert "version" in ran.stdout
    assert "[-" in ran.stdout or "{+" in ran.stdout
    assert max(map(len, ran.stdout.splitlines())) <= 80


def test_an_html_diff_is_a_page_that_runs_nothing(day: Month) -> None:
    ran = scrapy(day.archive, "diff", edited(day), "--html")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("<!DOCTYPE html>")
    assert "<ins>" in ran.stdout or "<del>" in ran.stdout
    assert "<script" not in ran.stdout


def test_a_history_names_versions_and_kinds_of_edit(day: Month) -> None:
    url = edited(day)
    ran = scrapy(day.archive, "history", url)
    assert ran.returncode == 0, ran.stderr
    history = history_of(day.catalogue, url)
    assert [version.number for version in history.versions] == list(range(1, len(history.versions) + 1))
    assert history.versions[0].kind is None
    assert all(version.kind and version.kind in ran.stdout for version in history.versions[1:])


def test_editions_are_joined_from_whichever_side_names_them(day: Month) -> None:
    stories = [article for article in day.world.articles("ukrpravda") if article.editions]
    assert stories
    for article in stories:
        if article.url in day.world.removals:
            continue
        told = {edition.url for edition in history_of(day.catalogue, article.url).editions}
        assert {url for _, url in article.editions} <= told, article.url


def test_a_removal_is_told_with_the_last_good_version(day: Month) -> None:
    c = t.watch.c
    gone = day.catalogue.scalar(select(c.url).where(c.gone_reason.is_not(None)).order_by(c.url))
    assert gone is not None
    ran = scrapy(day.archive, "history", str(gone))
    assert "Taken down" in ran.stdout
    assert "is the last" in ran.stdout


@pytest.mark.parametrize("words", [("history", "https://unknown.example/a"), ("diff", "nonsense"), ("diff",)])
def test_what_is_not_there_is_wrong_usage_in_one_line(day: Month, words: tuple[str, ...]) -> None:
    ran = scrapy(day.archive, *words)
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr


def test_versions_that_do_not_exist_are_told(day: Month) -> None:
    ran = scrapy(day.archive, "diff", edited(day), "1", "99")
    assert ran.returncode == 2
    assert "no version 99" in ran.stderr

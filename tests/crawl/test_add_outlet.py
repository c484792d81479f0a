"""Drafting an outlet from its addresses alone: what the archive lacks is fetched the project's ordinary way."""

from pathlib import Path

import pytest

from newsstand.server import Newsstand
from newsstand.world import World
from pipelines.rules import load_rules
from tests.crawl.conftest import run_scrapy

pytestmark = pytest.mark.xdist_group("crawled")


def test_pages_that_are_not_archived_are_fetched_recorded_and_drafted_from(
    newsstand: Newsstand, world: World, tmp_path: Path
) -> None:
    archive, into = tmp_path / "archive", tmp_path / "project"
    first, second = (each.url for each in world.articles("interfax_ukraine", language="en", count=2))
    before = len(newsstand.access.entries)
    command = ("add_outlet", "new_paper", first, second, "--into", str(into))
    ran = run_scrapy(newsstand.environment(), archive, *command)
    assert ran.status == 0, ran.err
    assert load_rules(into / "crawler" / "rules").outlet("new_paper").hosts == ("en.interfax.com.ua",)
    asked = [entry.url for entry in newsstand.access.entries[before:]]
    assert asked.count(first) == asked.count(second) == 1
    assert any(url.endswith("/robots.txt") for url in asked)
    assert run_scrapy(newsstand.environment(), archive, "verify").status == 0

    again = run_scrapy(newsstand.environment(), archive, *command[:-1], str(tmp_path / "other"))
    assert again.status == 0, again.err
    assert len(newsstand.access.entries) == before + len(asked)


def test_a_page_that_cannot_be_fetched_is_told_and_nothing_is_written(newsstand: Newsstand, tmp_path: Path) -> None:
    command = (
        "add_outlet",
        "new_paper",
        "https://en.interfax.com.ua/news/general/1.html",
        "--into",
        str(tmp_path / "p"),
    )
    ran = run_scrapy(newsstand.environment(), tmp_path / "archive", *command)
    assert ran.status == 2
    assert "could not be fetched (" in ran.err
    assert "http-404" in ran.err
    assert not (tmp_path / "p").exists()


def test_without_a_contact_nothing_is_asked(newsstand: Newsstand, world: World, tmp_path: Path) -> None:
    url = world.articles("interfax_ukraine", language="en", count=1)[0].url
    before = len(newsstand.access.entries)
    environment = newsstand.environment() | {"PRESSMARK_CONTACT": ""}
    ran = run_scrapy(environment, tmp_path / "archive", "add_outlet", "new_paper", url, "--into", str(tmp_path / "p"))
    assert (ran.status, "CONTACT" in ran.err) == (2, True)
    assert len(newsstand.access.entries) == before

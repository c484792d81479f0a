"""`scrapy origins` and `scrapy story` as an operator types them."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve
from scrapy.cmdline import execute

from newsstand.generator import copy, generate, tell
from pipelines.tracing.telling import Telling
from tests.tracing.conftest import Fill
from tests.tracing.copying import START, telling_of

ROOT = Path(__file__).resolve().parents[2]
HOUR = timedelta(hours=1)
Scrapy = Callable[..., tuple[int, str, str]]


@pytest.fixture
def told(fill: Fill) -> list[Telling]:
    """An event that two tell and a third copies, in the archive; the copy's headline would drive a terminal."""
    event = generate(71, 1)[0]
    draft = tell(event, "thehill", "en")
    mirrored = evolve(telling_of(copy(draft, "cut by half", 1), "mirror", START + HOUR, 2), headline="Red \x1b[31m")
    tellings = [
        telling_of(draft, "thehill", START, 1),
        mirrored,
        telling_of(tell(event, "news_zox", "en"), "news_zox", START + 2 * HOUR, 3),
    ]
    fill(tellings).close()
    return tellings


@pytest.fixture
def scrapy(archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Scrapy:
    """Types a command on the archive: exit status, standard output, standard error."""
    monkeypatch.chdir(ROOT)

    def typed(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            execute(["scrapy", *arguments, "-s", f"ARCHIVE_DIR={archive}"])
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return typed


def test_origins_prints_the_tree(scrapy: Scrapy, told: list[Telling]) -> None:
    status, out, err = scrapy("origins", told[1].url, "--full")
    assert status == 0, err
    lines = out.splitlines()
    assert lines[0].startswith("2026-01-05 00:00  thehill  ")
    assert any(line.startswith("└─ 2026-01-05 01:00  mirror  Red \\x1b[31m  ← asked for") for line in lines)
    assert any("100% of it is from there" in line and "cut " in line for line in lines)
    assert any(line.strip().startswith("- ") for line in lines)
    assert "\x1b" not in out


def test_origins_as_json_has_the_changes(scrapy: Scrapy, told: list[Telling]) -> None:
    _, out, _ = scrapy("origins", told[0].url, "--json")
    tree = json.loads(out)
    assert tree["url"] == told[0].url
    assert [node["url"] for node in tree["copies"]] == [told[1].url]
    assert tree["copies"][0]["changes"]["cut"]


def test_story_prints_outlets_quotations_and_what_one_has(scrapy: Scrapy, told: list[Telling]) -> None:
    status, out, _ = scrapy("story", told[2].url)
    assert status == 0
    assert out.startswith("3 articles of 3 outlets")
    for expected in (f"a copy of {told[0].url}", "← asked for", "Quoted by several:", "Only news_zox has:"):
        assert expected in out
    assert "\x1b" not in out
    story = json.loads(scrapy("story", told[2].url, "--json")[1])
    assert [member["outlet"] for member in story["members"]] == ["thehill", "mirror", "news_zox"]


@pytest.mark.parametrize("verb", ["origins", "story"])
def test_what_the_archive_does_not_hold_is_one_line(verb: str, scrapy: Scrapy, told: list[Telling]) -> None:
    for address in ("https://nobody.example/1", "not an address"):
        status, out, err = scrapy(verb, address)
        assert (status, out) == (2, "")
        assert len(err.strip().splitlines()) == 1
        assert address in err

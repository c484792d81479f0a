"""The newsstand served once, and its outlets crawled once by the real command, for all tests of a worker."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attrs import frozen

from newsstand.access import Access
from newsstand.seeds import pinned_seeds
from newsstand.server import Newsstand
from newsstand.world import World

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"
OUTLETS = ("ukrpravda", "interfax_ukraine", "thehill", "syndicators")
ALL_TIME = ("-a", "since=2015-01-01")


@frozen(kw_only=True)
class Ran:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, object]:
        """Standard output as one JSON document."""
        found: dict[str, object] = json.loads(self.out)
        return found


Scrapy = Callable[..., Ran]


def run_scrapy(environment: dict[str, str], archive: Path, *arguments: str, **changes: str) -> Ran:
    """Types one Scrapy command in the project's folder; only the given environment and archive are its own."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PRESSMARK_")}
    whole = inherited | environment | {"PRESSMARK_ARCHIVE_DIR": str(archive)} | changes
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=ROOT, env=whole, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    return Ran(status=done.returncode, out=done.stdout, err=done.stderr)


@pytest.fixture(scope="session")
def world() -> World:
    """A world with the seeds' pages where the seeds lie beside the project."""
    return World(pinned=pinned_seeds(SEEDS))


@pytest.fixture(scope="session")
def newsstand(world: World) -> Iterator[Newsstand]:
    """The world served on loopback."""
    with Newsstand(world) as served:
        yield served


@frozen(kw_only=True)
class Crawl:
    """What crawls of all outlets made and asked."""

    archive: Path
    asked: tuple[Access, ...]


@pytest.fixture(scope="session")
def crawl(newsstand: Newsstand, tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    """Every outlet crawled once, into one archive."""
    before = len(newsstand.access.entries)
    archive = tmp_path_factory.mktemp("crawled") / "archive"
    for outlet in OUTLETS:
        ran = run_scrapy(newsstand.environment(), archive, "crawl", outlet, *ALL_TIME)
        assert ran.status == 0, ran.err
    return Crawl(archive=archive, asked=newsstand.access.entries[before:])


@pytest.fixture
def crawled(crawl: Crawl) -> Path:
    """The archive that the crawls made; tests that change it take a copy."""
    return crawl.archive


@pytest.fixture
def asked(crawl: Crawl) -> tuple[Access, ...]:
    """What the crawls asked of the newsstand, from its log."""
    return crawl.asked


@pytest.fixture
def scrapy(newsstand: Newsstand, crawled: Path) -> Scrapy:
    """Types a Scrapy command on the crawled archive."""
    return lambda *arguments, **changes: run_scrapy(newsstand.environment(), crawled, *arguments, **changes)

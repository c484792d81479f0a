"""Two archives of a small world: one crawled with what pages need to be seen, one without."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attrs import frozen

from newsstand.access import Access
from newsstand.server import Newsstand
from newsstand.world import World
from tests.crawl.conftest import ALL_TIME, Ran, run_scrapy

OUTLETS = ("ukrpravda", "interfax_ukraine", "thehill", "news_zox")
"""Of each layout family one."""


@frozen(kw_only=True)
class Crawled:
    """An archive, and what was asked for it."""

    archive: Path
    environment: dict[str, str]
    asked: tuple[Access, ...]

    def scrapy(self, *arguments: str, **changes: str) -> Ran:
        """Types a Scrapy command on the archive."""
        return run_scrapy(self.environment, self.archive, *arguments, **changes)


@pytest.fixture(scope="session")
def small_world() -> World:
    """Three stories an outlet."""
    return World(articles=3, past=False)


@pytest.fixture(scope="session")
def small_newsstand(small_world: World) -> Iterator[Newsstand]:
    """The small world served on loopback."""
    with Newsstand(small_world) as served:
        yield served


Crawling = Callable[..., Crawled]


@pytest.fixture(scope="session")
def crawling(small_newsstand: Newsstand, tmp_path_factory: pytest.TempPathFactory) -> Crawling:
    """Crawls outlets into an archive of their own."""

    def crawl(*outlets: str, **changes: str) -> Crawled:
        before = len(small_newsstand.access.entries)
        environment = small_newsstand.environment() | {"PRESSMARK_DOWNLOAD_DELAY": "0.01", **changes}
        archive = tmp_path_factory.mktemp("crawled") / "archive"
        for outlet in outlets:
            ran = run_scrapy(environment, archive, "crawl", outlet, *ALL_TIME)
            assert ran.status == 0, ran.err
        return Crawled(archive=archive, environment=environment, asked=small_newsstand.access.entries[before:])

    return crawl


@pytest.fixture(scope="session")
def complete(crawling: Crawling) -> Crawled:
    """Crawled with PAGE_REQUISITES."""
    return crawling(*OUTLETS, PRESSMARK_PAGE_REQUISITES="true")


@pytest.fixture(scope="session")
def bare(crawling: Crawling) -> Crawled:
    """Crawled without."""
    return crawling(*OUTLETS)

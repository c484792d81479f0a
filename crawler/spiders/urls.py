"""Given URLs: each is read with the rules of its host's outlet, else of its platform, else by the generic reader."""

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from scrapy import Request

from crawler.outlet import OutletSpider
from pipelines.capture import Lead
from pipelines.errors import PressmarkError
from pipelines.rules import Outlet
from pipelines.urls import normalised_url

log = logging.getLogger(__name__)


class UrlsSpider(OutletSpider):
    """The URLs of a file, one a line; WARC files lie under `urls`, texts under each page's own outlet."""

    name = "urls"
    # Of many hosts, so that none waits for another's delay.
    custom_settings = {"CONCURRENT_REQUESTS": 16}  # noqa: RUF012 - Scrapy's own form

    @classmethod
    def check_arguments(cls, arguments: dict[str, str]) -> None:
        """Raises PressmarkError where no list of URLs is given or it cannot be read."""
        next(given_urls(arguments), None)

    def find_outlet(self) -> Outlet:
        return Outlet(slug=self.name, name=None, zone=ZoneInfo("UTC"), hosts=())

    async def start(self) -> AsyncIterator[Request]:
        """Asks for every URL that is not archived yet."""
        async for request in super().start():
            yield request
        for url in given_urls(self.arguments):
            self.count("discover/named")
            if url not in self.agenda.settled:
                self.agenda.settled.add(url)
                self.count("discover/fresh")
                yield self.ask_article(Lead(url=url, source_kind="given"))


def given_urls(arguments: dict[str, str]) -> Iterator[str]:
    """The normalised URLs of `-a urls=FILE`; a line that is none is told and left out. `#` begins a comment.

    Raises PressmarkError where no file is given or it cannot be read.
    """
    if "urls" not in arguments:
        raise PressmarkError("which URLs? Give a file with one URL a line: -a urls=FILE")
    try:
        lines = Path(arguments["urls"]).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PressmarkError(f"the list of URLs cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        written = line.strip()
        if not written or written.startswith("#"):
            continue
        try:
            yield normalised_url(written)
        except ValueError:
            log.warning("%s:%d: no http(s) URL: %s", arguments["urls"], number, written)

"""A recording handler that counts the TLS contexts it makes."""

from typing import Any

from scrapy.crawler import Crawler

from crawler.capture.handler import RecordingDownloadHandler


class CountingHandler(RecordingDownloadHandler):
    """Counts them in the statistic `contexts`."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        make = self._contextFactory.creatorForNetloc

        def counted(host: bytes, port: int) -> Any:
            assert crawler.stats is not None
            crawler.stats.inc_value("contexts")
            return make(host, port)

        self._contextFactory.creatorForNetloc = counted  # type: ignore[method-assign]

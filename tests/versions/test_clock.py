"""Versions keep the order in which they were seen, though the clock of the machine was set back between two crawls."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.places import RULES_FOLDER
from pipelines.capture import Exchange
from pipelines.catalogue.catalogue import Catalogue, catalogue_url, open_engine
from pipelines.jobs.history import history_of
from pipelines.jobs.keep import Keeper
from pipelines.jobs.rebuild import index_files, rebuild
from pipelines.warc.writer import WarcWriter
from tests.corpus.archived import Clock, no_leads
from tests.operator.conftest import page

URL = "https://news.example/2026/a"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def crawl(archive: Path, clock: Clock, keeper: Keeper, body: bytes) -> None:
    """A crawl of one page, with a WARC file of its own."""
    writer = WarcWriter(archive, "urls", clock=clock, warcinfo={})
    capture = writer.write(
        Exchange(
            url=URL, method="GET", started_at=clock.now, role="article", request=b"GET /2026/a HTTP/1.1\r\n\r\n",
            response=HEAD + body,
        )
    )  # fmt: skip
    writer.close()
    index_files(archive, [Path(capture.ref.warc_file)], keeper, RULES_FOLDER, no_leads)


def test_versions_are_the_same_after_a_rebuild_though_the_clock_was_set_back(tmp_path: Path) -> None:
    clock = Clock(datetime(2026, 3, 1, 12, tzinfo=UTC))
    catalogue = Catalogue(open_engine(catalogue_url(tmp_path)))
    keeper = Keeper(tmp_path / "text", catalogue)
    for number, back_h in enumerate((0, 3, 0, -30)):
        clock.now -= timedelta(hours=back_h)
        crawl(tmp_path, clock, keeper, page(f"State {number}", f"of day {number}"))
    lived = list(catalogue.dump())
    headlines = [version.headline for version in history_of(catalogue, URL).versions]
    catalogue.close()
    assert headlines == [f"State {number}" for number in range(4)]
    again = rebuild(tmp_path, catalogue_url(tmp_path), RULES_FOLDER, no_leads, workers=1)
    assert [version.headline for version in history_of(again, URL).versions] == headlines
    assert list(again.dump()) == lived
    again.close()

"""Where texts lie, whatever a page or a URL says."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.article import Article, Block
from pipelines.capture import Capture, CaptureRef
from pipelines.catalogue.catalogue import Catalogue, open_engine
from pipelines.jobs.keep import Keeper, Reading
from pipelines.urls import article_id

URL = "https://news.example/a"


def reading(outlet: str, published_at: datetime | None = None, zone: str = "UTC") -> Reading:
    ref = CaptureRef(warc_file="warc/x/a.warc.gz", warc_offset=0, record_id="<urn:uuid:1>", payload_digest="sha256:A")
    capture = Capture(
        ref=ref, outlet="urls", role="article", url=URL, captured_at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC),
        status=200, headers=(), payload=b"",
    )  # fmt: skip
    article = Article(
        id=article_id(URL), url=URL, canonical_url=None, outlet=outlet, outlet_name=outlet, zone=zone, headline="H",
        published_at=published_at, blocks=(Block(kind="paragraph", text="Text."),), verdict="generic", extractor="x",
    )  # fmt: skip
    return Reading(capture=capture, result=article)


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    return Keeper(tmp_path / "text", Catalogue(open_engine(f"sqlite:///{tmp_path / 'catalogue.sqlite'}")))


@pytest.mark.parametrize("outlet", ["..", ".", "...", "../../etc", "a/b", "\x1b]0;x", "CON\x00", "[::1]", "a" * 5000])
def test_no_outlet_leads_out_of_the_text_folder(outlet: str, keeper: Keeper, tmp_path: Path) -> None:
    kept = keeper.keep_reading(reading(outlet))
    assert kept.text_file is not None
    assert (tmp_path / kept.text_file).resolve().is_relative_to(tmp_path / "text")
    assert len(Path(kept.text_file).parts) == 6
    assert (tmp_path / kept.text_file).is_file()


def test_the_folder_is_the_local_day_of_publication(keeper: Keeper) -> None:
    kept = keeper.keep_reading(reading("o", datetime(2026, 2, 28, 22, 30, tzinfo=UTC), "Europe/Kyiv"))
    assert kept.text_file == f"text/o/2026/03/01/{article_id(URL)}.txt"


def test_without_a_date_the_folder_is_the_local_day_of_capture(keeper: Keeper) -> None:
    kept = keeper.keep_reading(reading("o", zone="Europe/Kyiv"))
    assert kept.text_file == f"text/o/2026/03/02/{article_id(URL)}.txt"


def test_the_same_text_again_is_no_new_version(keeper: Keeper) -> None:
    assert keeper.keep_reading(reading("o")).state == "kept"
    assert keeper.keep_reading(reading("o")).state == "unchanged"

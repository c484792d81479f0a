"""A page that still reads as an article, beside what is held of it: an edit, or its text gone behind a paywall."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.article import Article, Block
from pipelines.capture import Capture, CaptureRef
from pipelines.catalogue.catalogue import Catalogue, open_engine
from pipelines.jobs.keep import Keeper, Reading
from pipelines.urls import article_id

URL = "https://news.example/a"
WHOLE = tuple(
    f"Paragraph {n} tells enough of the council and its old bridge to be one of an article." for n in range(9)
)
TEASER = (WHOLE[0], "Subscribe to continue reading.")


def look(number: int, text: tuple[str, ...], paywalled: bool | None) -> Reading:
    """The page as it reads an hour after another."""
    at = datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(hours=number)
    ref = CaptureRef(
        warc_file="warc/x/a.warc.gz",
        warc_offset=number,
        record_id=f"<urn:uuid:{number}>",
        payload_digest=f"sha256:{number}",
    )
    capture = Capture(
        ref=ref, outlet="urls", role="article", url=URL, captured_at=at, status=200, headers=(), payload=b""
    )
    blocks = tuple(Block(kind="paragraph", text=line) for line in text)
    article = Article(
        id=article_id(URL), url=URL, canonical_url=None, outlet="o", outlet_name="o", zone="UTC", headline="H",
        blocks=blocks, verdict="rules", extractor="x", paywalled=paywalled,
    )  # fmt: skip
    return Reading(capture=capture, result=article)


def states(folder: Path, *looks: tuple[tuple[str, ...], bool | None]) -> list[str]:
    folder.mkdir(exist_ok=True)
    keeper = Keeper(folder / "text", Catalogue(open_engine(f"sqlite:///{folder / 'catalogue.sqlite'}")))
    found = [keeper.keep_reading(look(number, *each)).state for number, each in enumerate(looks)]
    keeper.catalogue.close()
    return found


@pytest.mark.parametrize("before", [None, False, True], ids=["unmarked", "free", "metered"])
def test_a_teaser_after_the_whole_text_is_no_version(before: bool | None, tmp_path: Path) -> None:
    assert states(tmp_path, (WHOLE, before), (TEASER, True)) == ["kept", "rejected"]


def test_a_short_edit_of_a_page_without_a_paywall_is_a_version(tmp_path: Path) -> None:
    assert states(tmp_path, (WHOLE, None), (WHOLE[:4], None)) == ["kept", "kept"]


def test_a_cut_of_a_metered_page_is_an_edit_where_no_notice_stands_in_its_place(tmp_path: Path) -> None:
    assert states(tmp_path, (WHOLE, True), (WHOLE[:5], True)) == ["kept", "kept"]
    noted = (*WHOLE[:4], "Already a subscriber? Sign in to read on.")
    assert states(tmp_path / "noted", (WHOLE, True), (noted, True)) == ["kept", "rejected"]


def test_a_metered_page_is_edited_and_opened_as_any_other(tmp_path: Path) -> None:
    rewritten = tuple(f"{line} It was rewritten." for line in WHOLE)
    assert states(tmp_path, (WHOLE, True), (rewritten, True)) == ["kept", "kept"]
    assert states(tmp_path / "opened", (TEASER, True), (WHOLE, True)) == ["kept", "kept"]

"""Every file of a corpus is read to a record, and printed again as it was: the three styles lose nothing they carry."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.jobs.choosing import Style
from pipelines.jobs.order import Order
from pipelines.text.clean import print_clean, read_clean
from pipelines.text.hugo import print_hugo, read_hugo
from pipelines.text.page import print_page, read_page
from pipelines.text.record import Record
from tests.corpus.conftest import Archived

pytestmark = pytest.mark.xdist_group("archived")


@pytest.mark.parametrize(
    ("style", "read", "printed"),
    [("clean", read_clean, print_clean), ("hugo", read_hugo, print_hugo), ("page", read_page, print_page)],
)
def test_every_article_of_the_world_comes_back(
    style: Style, read: Callable[[str], Record], printed: Callable[[Record], str], archived: Archived, tmp_path: Path
) -> None:
    files = archived.corpus(tmp_path / "corpus", Order(style=style))
    texts = [content.decode() for name, content in files.items() if name.endswith(".txt")]
    assert len(texts) > 80
    assert [text for text in texts if printed(read(text)) != text] == []

"""The `page` style: the whole page's text, chrome and all, in the layout of Resiliparse's plain text."""

import re
from datetime import date, datetime

from resiliparse.extract.html2text import extract_plain_text

from pipelines.capture import Page
from pipelines.errors import BadArchive
from pipelines.extraction.decoding import decode
from pipelines.extraction.posts import read_post
from pipelines.text.record import Record, published_day

_DATED = re.compile(r" date (\d{4}-\d\d-\d\d) (.*)", re.DOTALL)


def write_page(page: Page, published_at: datetime | None, zone: str = "UTC", *, is_day: bool = False) -> str:
    """The page's text after ` date YYYY-MM-DD ` where the publication date is known; ends in one newline.

    Formatting, bullets and alternative texts are kept: Resiliparse's defaults. `is_day`: the page states a day
    without a time.
    """
    return print_page(Record(day=published_day(published_at, zone, is_day=is_day), text=page_text(page)))


def page_text(page: Page) -> str:
    """The page's text in Resiliparse's layout, without newlines at its end; of a REST answer, the post's."""
    post = read_post(page)
    html = decode(page.body, page.content_type).text if post is None else post.html
    return str(extract_plain_text(html)).rstrip("\n")


def print_page(record: Record) -> str:
    """The page style of a record; ends in one newline."""
    return (f" date {record.day.isoformat()} " if record.day else "") + (record.text or "") + "\n"


def read_page(text: str) -> Record:
    """The record of a file in the page style: its day and its text. Raises BadArchive where there is no such day."""
    text = text.rstrip("\n")
    dated = _DATED.fullmatch(text)
    if dated is None:
        return Record(text=text)
    try:
        return Record(day=date.fromisoformat(dated[1]), text=dated[2])
    except ValueError as error:
        raise BadArchive(f"page style: no such day as {dated[1]}") from error

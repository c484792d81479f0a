"""The page style: the whole page's text after its date."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.capture import Page
from pipelines.errors import BadArchive
from pipelines.text.page import read_page, write_page
from pipelines.text.record import Record

HTML = """<html><head><title>t</title></head><body><ul><li>Головна</li><li>Новини</li></ul><h1>Заголовок</h1>
<p>Перший&nbsp;абзац <b>тексту</b><i>далі</i>.</p><img alt="Підпис" src="x.jpg"><p>Другий.</p></body></html>"""
TEXT = "  • Головна\n  • Новини\n\nЗаголовок\n\nПерший\u00a0абзац текстудалі.\n\nПідпис\n\nДругий.\n"
LATE = datetime(2025, 2, 12, 22, 30, tzinfo=UTC)


def page(body: bytes, content_type: str | None = None) -> Page:
    return Page(url="https://paper.example/news/1", body=body, content_type=content_type)


def test_the_page_style_keeps_bullets_alternative_texts_and_no_break_spaces() -> None:
    assert write_page(page(HTML.encode()), None) == TEXT


def test_the_date_stands_before_the_first_line_in_the_outlets_zone() -> None:
    assert write_page(page(HTML.encode()), LATE, "Europe/Kyiv") == f" date 2025-02-13 {TEXT}"
    assert write_page(page(HTML.encode()), LATE, "Europe/Kyiv", is_day=True) == f" date 2025-02-12 {TEXT}"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (HTML.encode("cp1251"), "text/html; charset=windows-1251"),
        (HTML.replace("<title>", '<meta charset="windows-1251"><title>').encode("cp1251"), None),
        (HTML.replace("<title>", '<meta charset="utf-8"><title>').encode("cp1251"), "text/html; charset=utf-8"),
        (b"\xff\xfe" + HTML.encode("utf-16-le"), None),
    ],
)
def test_the_bytes_are_read_as_what_they_are(body: bytes, content_type: str | None) -> None:
    assert write_page(page(body, content_type), None) == TEXT


def test_the_declared_charset_decides_where_the_bytes_do_not() -> None:
    body = "<p>Šťastné a veselé žluťoučké ťuhýky</p>".encode("iso-8859-2")
    assert write_page(page(body, "text/html; charset=iso-8859-2"), None) == "Šťastné a veselé žluťoučké ťuhýky\n"


def test_a_page_reads_back_to_its_day_and_text() -> None:
    record = read_page(write_page(page(HTML.encode()), LATE, "Europe/Kyiv"))
    assert record == Record(day=date(2025, 2, 13), text=TEXT.rstrip("\n"))
    assert read_page(TEXT) == Record(text=TEXT.rstrip("\n"))


def test_a_day_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadArchive):
        read_page(" date 2025-02-30 All\n")


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"<p>{text}".encode("utf-8", "replace")))
def test_any_bytes_give_a_text_that_a_file_can_hold(body: bytes) -> None:
    text = write_page(page(body), LATE)
    text.encode()
    assert read_page(text).day == date(2025, 2, 12)
    assert "\x1b" not in text

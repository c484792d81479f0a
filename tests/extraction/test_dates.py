"""Printed times in three languages, with and without year, zone and offset."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dates import month_number, read_time
from pipelines.errors import UnreadableDate

KYIV = ZoneInfo("Europe/Kyiv")
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Thursday, 13 February 2025, 10:45", "2025-02-13T10:45:00+02:00"),
        ("12:23 13.02.2025", "2025-02-13T12:23:00+02:00"),
        ("13.02.2025 12:23", "2025-02-13T12:23:00+02:00"),
        ("Четвер, 3 липня 2025, 09:05", "2025-07-03T09:05:00+03:00"),
        ("— 1 грудня 2025, 00:08", "2025-12-01T00:08:00+02:00"),
        ("8 января 2026, 17:46", "2026-01-08T17:46:00+02:00"),
        ("15 мая 2019, 23:59", "2019-05-15T23:59:00+03:00"),
        ("2 листопада 2014, 18:00", "2014-11-02T18:00:00+02:00"),
        ("1 марта 2021 г. 7:01", "2021-03-01T07:01:00+02:00"),
        ("2025-02-13T10:45:00Z", "2025-02-13T10:45:00+00:00"),
        ("2025-02-13 10:45", "2025-02-13T10:45:00+02:00"),
        ("2019-11-19T06:56:43-0500", "2019-11-19T06:56:43-05:00"),
        ("Thu, 13 Feb 2025 10:45:00 +0000", "2025-02-13T10:45:00+00:00"),
        ("Nov 8, 2023 / 04:43 PM CST", "2023-11-08T16:43:00-06:00"),
        ("April 26, 2023 2:20pm EDT", "2023-04-26T14:20:00-04:00"),
    ],
)
def test_a_printed_time_is_read_with_the_offset_of_its_day(text: str, wanted: str) -> None:
    assert read_time(text, KYIV).at.isoformat() == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("by Andrew Dorn - 10/23/25 8:59 PM ET", "2025-10-23T20:59:00-04:00"),
        ("11/19/19 06:56 AM EST", "2019-11-19T06:56:00-05:00"),
        ("01/02/25 12:00 AM ET", "2025-01-02T00:00:00-05:00"),
        ("7/4/2024 12:30 PM", "2024-07-04T12:30:00-04:00"),
    ],
)
def test_american_dates_put_the_month_first(text: str, wanted: str) -> None:
    assert read_time(text, NEW_YORK, month_first=True).at.isoformat() == wanted


@pytest.mark.parametrize(
    ("text", "near", "wanted"),
    [
        ("— 1 грудня, 00:08", datetime(2025, 12, 1, 9, tzinfo=UTC), "2025-12-01"),
        ("31 декабря, 23:50", datetime(2026, 1, 2, tzinfo=UTC), "2025-12-31"),
        ("29 лютого, 10:00", datetime(2026, 1, 2, tzinfo=UTC), "2024-02-29"),
        ("Сьогодні, 12:30", datetime(2025, 12, 1, 23, tzinfo=UTC), "2025-12-02"),
        ("вчера, 12:30", datetime(2025, 12, 1, 9, tzinfo=UTC), "2025-11-30"),
    ],
)
def test_a_missing_year_is_the_latest_that_the_capture_allows(text: str, near: datetime, wanted: str) -> None:
    assert read_time(text, KYIV, near).at.date().isoformat() == wanted


def test_a_day_without_a_time_is_a_day() -> None:
    assert read_time("October 17, 2023", NEW_YORK).is_day
    assert not read_time("October 17, 2023, 0:00", NEW_YORK).is_day


@pytest.mark.parametrize(
    "text",
    ["", "Reading time: 5 minutes", "32.13.2025", "99 грудня", "1 декабря, 12:00", "x" * 9999,
     "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "1 January 0001", "31 December 9999",
     "1 Jan 2020 99999999999999999999:00:00 GMT"],
)  # fmt: skip
def test_what_names_no_day_is_an_error(text: str) -> None:
    with pytest.raises(UnreadableDate):
        read_time(text, KYIV)


def test_clocks_put_forward_and_back_give_a_time_all_the_same() -> None:
    assert read_time("30.03.2025 03:30", KYIV).at.tzinfo is not None
    assert read_time("26.10.2025 03:30", KYIV).at.utcoffset() == timedelta(hours=3)
    assert read_time("9 March 2025 02:30", NEW_YORK).at.tzinfo is not None


def test_every_month_is_known_in_three_languages() -> None:
    names = {
        "en": "January February March April May June July August September October November December",
        "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
        "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    }
    for language, listed in names.items():
        assert [month_number(n) for n in listed.split()] == list(range(1, 13)), language


@given(st.datetimes(min_value=datetime(1995, 1, 1), max_value=datetime(2099, 1, 1)))
def test_any_iso_time_reads_back(at: datetime) -> None:
    whole = at.replace(microsecond=0, tzinfo=UTC)
    assert read_time(whole.isoformat(), KYIV).at == whole


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        read_time(text, KYIV, datetime(2025, 1, 1, tzinfo=UTC))
    except UnreadableDate:
        return

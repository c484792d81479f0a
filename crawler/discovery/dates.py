"""Reads the instants that feeds, sitemaps and listings print; a day alone is its first instant."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_tz
from zoneinfo import ZoneInfo

from pipelines.dates import has_a_day, read_time
from pipelines.errors import UnreadableDate

_RFC_822 = re.compile(
    r"(?:[^\W\d]{2,12}\.?,?\s+)?\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4}\s+\d{1,2}:\d\d(?::\d\d)?(?:\s+\S{1,6})?"
)
_MONTH = re.compile(r"(\d{4})(?:-(\d\d))?")


def instant(text: str | None) -> datetime | None:
    """The instant of an RFC 822 or W3C (ISO 8601) date, aware, in UTC; None where it is neither.

    A time without an offset is read as UTC, a day (month, year) as its first instant.
    """
    text = " ".join((text or "")[:64].split())
    try:
        if _RFC_822.fullmatch(text):
            read = _of_rfc_822(text)
        elif month := _MONTH.fullmatch(text):
            read = datetime(int(month[1]), int(month[2] or 1), 1, tzinfo=UTC)
        else:
            read = datetime.fromisoformat(text)
            read = (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return read if read and has_a_day(read) else None


def _of_rfc_822(text: str) -> datetime | None:
    parts = parsedate_tz(text)
    if parts is None:
        return None
    zone = timezone(timedelta(seconds=parts[9] or 0))
    return datetime(*parts[:6], tzinfo=zone).astimezone(UTC)


def printed_instant(text: str, zone: ZoneInfo, day: date | None = None) -> datetime | None:
    """The instant of a time as a row prints it, in UTC; None where the text names no day and none is given.

    `day` is the day of an archive page, for rows that print the time alone. A day without a time is its first instant.
    """
    text = " ".join(text[:200].split())
    near = datetime.combine(day, time.max, zone) if day else None
    for words in (text, f"{day.isoformat()} {text}") if day and text else (text,):
        try:
            return read_time(words, zone, near).at.astimezone(UTC)
        except (UnreadableDate, OverflowError):
            continue
    return None


def first_instant(day: date, zone: tzinfo) -> datetime | None:
    """The day's first instant in UTC."""
    try:
        return datetime.combine(day, time.min, zone).astimezone(UTC)
    except OverflowError:
        return None

"""Reads the instants that feeds, sitemaps and listings print; a day alone is its first instant."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_tz

_RFC_822 = re.compile(
    r"(?:[^\W\d]{2,12}\.?,?\s+)?\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4}\s+\d{1,2}:\d\d(?::\d\d)?(?:\s+\S{1,6})?"
)
_MONTH = re.compile(r"(\d{4})(?:-(\d\d))?")
_PRINTED_DAY = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b")
_PRINTED_TIME = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)\b")


def instant(text: str | None) -> datetime | None:
    """The instant of an RFC 822 or W3C (ISO 8601) date, aware, in UTC; None where it is neither.

    A time without an offset is read as UTC, a day (month, year) as its first instant.
    """
    text = " ".join((text or "")[:64].split())
    try:
        if _RFC_822.fullmatch(text):
            return _of_rfc_822(text)
        if month := _MONTH.fullmatch(text):
            return datetime(int(month[1]), int(month[2] or 1), 1, tzinfo=UTC)
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _of_rfc_822(text: str) -> datetime | None:
    parts = parsedate_tz(text)
    if parts is None:
        return None
    zone = timezone(timedelta(seconds=parts[9] or 0))
    return datetime(*parts[:6], tzinfo=zone).astimezone(UTC)


def printed_instant(text: str, zone: tzinfo, day: date | None = None) -> datetime | None:
    """The instant of a printed `DD.MM.YYYY` and `HH:MM` in any order, in UTC; None without a day or a time.

    `day` is the day of an archive page, for rows that print the time alone.
    """
    clock = _PRINTED_TIME.search(text[:200])
    if printed := _PRINTED_DAY.search(text[:200]):
        try:
            day = date(int(printed[3]), int(printed[2]), int(printed[1]))
        except ValueError:
            return None
    if clock is None or day is None:
        return None
    return first_instant(day, zone, time(int(clock[1]), int(clock[2])))


def first_instant(day: date, zone: tzinfo, at: time = time.min) -> datetime | None:
    """The day's first instant (or the given local time of it) in UTC."""
    try:
        return datetime.combine(day, at, zone).astimezone(UTC)
    except OverflowError:
        return None

"""Printed times: words in, an aware instant out; knows no page and never asks what day it is today."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from attrs import frozen

from pipelines.errors import UnreadableDate

_MONTH_STEMS: dict[int, str] = {
    1: "jan|gen|ene|janv|янв|січ|студ|sty|led",
    2: "feb|fév|fev|févr|фев|лют|luty|lut|úno",
    3: "mar|mär|mrz|maa|märz|бер|мар",
    4: "apr|avr|abr|kwi|апр|квіт|dub",
    5: "may|mai|mag|maj|mei|маи|май|мая|трав|květ",
    6: "jun|juin|giu|июн|черв|cze",
    7: "jul|juil|lug|июл|лип|lip",
    8: "aug|août|aou|ago|авг|серп|sie",
    9: "sep|set|сен|вер|wrz",
    10: "oct|okt|ott|out|окт|жовт|paź",
    11: "nov|ноя|лист|lis",
    12: "dec|déc|dez|dic|дек|груд|gru",
}
_MONTHS = [(stem, month) for month, stems in _MONTH_STEMS.items() for stem in stems.split("|")]
_MONTHS.sort(key=lambda pair: -len(pair[0]))

_ZONES = {
    "utc": 0,
    "gmt": 0,
    "z": 0,
    "wet": 0,
    "bst": 60,
    "cet": 60,
    "cest": 120,
    "eet": 120,
    "eest": 180,
    "msk": 180,
    "est": -300,
    "edt": -240,
    "cst": -360,
    "cdt": -300,
    "mst": -420,
    "mdt": -360,
    "pst": -480,
    "pdt": -420,
}
"""Minutes east of Greenwich; `CST` is the American one."""
_NAMED_ZONES = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}

_ISO = re.compile(
    r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T\s,]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}(?!\d))?)?",
    re.IGNORECASE,
)
_COMPACT_ISO = re.compile(
    r"(?<!\d)(\d{4})(\d{2})(\d{2})(?:T(\d{2}):?(\d{2})(?::?(\d{2}))?(Z|[+-]\d{2}:?\d{2})?)?(?!\d)"
)
_CLOCK = re.compile(
    r"(?<![\d.])(\d{1,2})[:.h](\d{2})(?::(\d{2}))?(?!\d)(?!\.\d)\s*(?:([ap])\.?\s?m\b\.?)?\s*(?:uhr\s*)?"
    r"\(?(?:([A-Z]{1,4})\b|([+-]\d{2}:?\d{2}))?",
    re.IGNORECASE,
)
_BARE_HOUR = re.compile(r"(?<![\d:.])(\d{1,2})\s*([ap])\.?m\b\.?\s*(?:([A-Z]{2,4})\b)?", re.IGNORECASE)
_NUMERIC = re.compile(r"(?<![\d:])(\d{1,4})([./-])(\d{1,2})\2(\d{2,4})(?!\d|:\d)")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.|º|-го)?[\s\u00a0]*(?:de\s+|of\s+)?([^\W\d_]{3,12})\.?,?"
    r"(?:[\s\u00a0]*(?:de\s+)?(\d{4}))?(?!\d)"
)
_MONTH_DAY = re.compile(
    r"(?<![^\W\d_])([^\W\d_]{3,12})\.?[\s\u00a0]+(\d{1,2})(?:st|nd|rd|th)?(?![\d:])(?:,?[\s\u00a0]*(\d{4}))?(?!\d)"
)
_TODAY = re.compile(r"\b(сьогодні|сегодня|today|heute)\b", re.IGNORECASE)
_YESTERDAY = re.compile(r"\b(вчора|вчера|yesterday|gestern)\b", re.IGNORECASE)


@frozen(kw_only=True)
class ReadTime:
    """What a printed time says."""

    at: datetime
    """Aware, with the printed offset, else the zone's offset of that day."""
    is_day: bool
    """True where it names a day and no time of day (midnight then)."""
    has_offset: bool
    """True where the offset was printed."""


def read_time(
    text: str, zone: ZoneInfo, near: datetime | None = None, month_first: bool = False, language: str | None = None
) -> ReadTime:
    """The instant a text names, in English, Ukrainian, Russian and the larger European languages, or ISO and RFC 2822.

    `near` (the capture, or a day in the URL) settles the year where none is printed: the latest day not after it.
    `month_first` reads 02/03/25 the American way.
    Raises UnreadableDate where the text names no day, or one of a year that no clock keeps.
    """
    text = " ".join(text.split())[:300]
    try:
        read = _read_time(text, zone, near, month_first)
    except OverflowError as error:
        raise UnreadableDate(f"names no day: {text[:80]!r}") from error
    if not has_a_day(read.at):
        raise UnreadableDate(f"names a day of no known year: {text[:80]!r}")
    return read


def has_a_day(at: datetime) -> bool:
    """Whether an instant has a day in every zone, so that it may be told in any of them."""
    return datetime.min.year < at.year < datetime.max.year


def _read_time(text: str, zone: ZoneInfo, near: datetime | None, month_first: bool) -> ReadTime:
    """As `read_time`, of any year; raises OverflowError too."""
    found = _iso(text, zone) or _rfc(text)
    if found:
        return found
    day, rest = _day(text, near, zone, month_first)
    if day is None:
        raise UnreadableDate(f"names no day: {text[:80]!r}")
    clock = _clock(rest)
    if clock is None:
        return ReadTime(at=_fixed(datetime(day.year, day.month, day.day, tzinfo=zone)), is_day=True, has_offset=False)
    hour, minute, second, offset = clock
    return ReadTime(
        at=_fixed(datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=offset or zone)),
        is_day=False,
        has_offset=offset is not None,
    )


def read_clock(text: str, zone: ZoneInfo, after: datetime) -> datetime | None:
    """The first instant from `after` on at the time of day that a text names; None where it names none."""
    clock = _clock(text)
    if clock is None:
        return None
    hour, minute, second, offset = clock
    local = after.astimezone(offset or zone)
    at = local.replace(hour=hour, minute=minute, second=second, microsecond=0)
    if at < local.replace(second=0, microsecond=0):
        day = local.date() + timedelta(days=1)
        at = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=offset or zone)
    return _fixed(at)


def _fixed(at: datetime) -> datetime:
    """The same instant with its offset as a plain number, so that equal times are equal everywhere."""
    offset = at.utcoffset()
    return at.replace(tzinfo=timezone(offset) if offset else UTC, fold=0)


def _offset(written: str | None) -> timezone | None:
    if not written:
        return None
    if written.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = written[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timezone(timedelta(minutes=-minutes if written[0] == "-" else minutes)) if minutes < 24 * 60 else None


def _iso(text: str, zone: ZoneInfo) -> ReadTime | None:
    match = _ISO.search(text) or _COMPACT_ISO.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second, written = match.groups()
    offset = _offset(written)
    try:
        at = datetime(
            *(int(year), int(month), int(day), int(hour or 0), int(minute or 0), min(int(second or 0), 59)),
            tzinfo=offset or zone,
        )
    except ValueError:
        return None
    return ReadTime(at=_fixed(at), is_day=hour is None, has_offset=offset is not None)


def _rfc(text: str) -> ReadTime | None:
    if not re.match(r"(?:\w{3}, )?\d{1,2} \w{3} \d{4} \d", text):
        return None
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return ReadTime(at=_fixed(at), is_day=False, has_offset=True) if at.tzinfo else None


def month_number(word: str) -> int | None:
    """1 to 12 for a month's name or abbreviation, in any case form; None for another word."""
    lowered = word.lower()
    if lowered in ("марта", "березня", "marca"):
        return 3
    if lowered.startswith("листоп"):
        return 11
    return next((month for stem, month in _MONTHS if lowered.startswith(stem)), None)


def _day(text: str, near: datetime | None, zone: ZoneInfo, month_first: bool) -> tuple[date | None, str]:
    """The day a text names, and the text without it."""
    for match in _NUMERIC.finditer(text):
        day = _numeric_day(match, month_first)
        if day:
            return day, text[: match.start()] + " " + text[match.end() :]
    for pattern, day_group, month_group in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        for match in pattern.finditer(text):
            month = month_number(match[month_group])
            day = _checked(match[3], month, int(match[day_group]), near, zone) if month else None
            if day:
                return day, text[: match.start()] + " " + text[match.end() :]
    if near is not None:
        local = near.astimezone(zone).date()
        for word, days in ((_TODAY, 0), (_YESTERDAY, 1)):
            if word.search(text):
                return local - timedelta(days=days), text
    return None, text


def _numeric_day(match: re.Match[str], month_first: bool) -> date | None:
    first, separator, second, last = int(match[1]), match[2], int(match[3]), int(match[4])
    if len(match[1]) == 4:
        year, month, day = first, second, last
    else:
        year = last if len(match[4]) == 4 else 2000 + last
        american = separator == "/" and month_first
        month, day = (first, second) if american else (second, first)
        if month > 12 >= day:
            month, day = day, month
    try:
        return date(year, month, day) if 1900 < year < 2200 else None
    except ValueError:
        return None


def _checked(year: str | None, month: int, day: int, near: datetime | None, zone: ZoneInfo) -> date | None:
    """The day, with the year settled by `near` where none is printed; None where there is no such day."""
    if year is None and near is None:
        return None
    # A clock a day ahead of ours, or a capture just after midnight elsewhere, is no reason to go a year back.
    latest = near.astimezone(zone).date() + timedelta(days=1) if near else date.max
    for candidate in [int(year)] if year else range(latest.year, latest.year - 9, -1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or found <= latest:
            return found
    return None


def _clock(text: str) -> tuple[int, int, int, timezone | ZoneInfo | None] | None:
    """Hour, minute, second and zone, where a time of day is printed."""
    match = _CLOCK.search(text)
    if match:
        hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
        half, name, written = match[4], match[5], match[6]
    else:
        match = _BARE_HOUR.search(text)
        if not match:
            return None
        hour, minute, second, half, name, written = int(match[1]), 0, 0, match[2], match[3], None
    if half:
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return hour, minute, second, _named_zone(name) or _offset(written)


def _named_zone(name: str | None) -> timezone | ZoneInfo | None:
    lowered = (name or "").lower()
    if lowered in _NAMED_ZONES:
        return ZoneInfo(_NAMED_ZONES[lowered])
    minutes = _ZONES.get(lowered)
    return None if minutes is None else timezone(timedelta(minutes=minutes))

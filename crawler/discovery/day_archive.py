"""Addresses of sources that can be counted: a page a day, a sitemap a month."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

from crawler.discovery.dates import first_instant
from pipelines.capture import Lead


def day_leads(pattern: str, since: date, until: date, zone: tzinfo = UTC, kind: str = "listing") -> Iterator[Lead]:
    """One source a day (a month, where the pattern names no day), newest first, both days included.

    `pattern` is a format string with `day`, such as `https://www.pravda.com.ua/news/date_{day:%d%m%Y}/`. The lead's
    `published_at` is the first instant of its newest day in the outlet's zone.
    """
    previous = None
    day = until
    while day >= since:
        url = pattern.format(day=day)
        if url != previous:
            yield Lead(url=url, source_kind=kind, published_at=first_instant(day, zone), is_source=True)
        previous = url
        if day == date.min:
            return
        day -= timedelta(days=1)


def local_today(now: datetime, zone: tzinfo) -> date:
    """The day it is at the outlet."""
    return now.astimezone(zone).date()

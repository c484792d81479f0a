"""What the WARC tests share: a writer with a clock and ids of its own, and exchanges."""

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.capture import Exchange
from pipelines.warc.writer import WarcWriter

START = datetime(2026, 11, 22, 8, 30, 15, 250_000, tzinfo=UTC)


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def ids() -> Callable[[], str]:
    """Record ids that are the same in every run."""
    numbers = itertools.count(1)
    return lambda: f"<urn:uuid:00000000-0000-4000-8000-{next(numbers):012}>"


def exchange(body: bytes = b"hello", **given: Any) -> Exchange:
    """A plain exchange."""
    plain = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    filled = {
        "url": "https://outlet.test/a",
        "method": "GET",
        "started_at": START,
        "role": "article",
        "request": b"GET /a HTTP/1.1\r\nHost: outlet.test\r\n\r\n",
        "response": plain,
        **given,
    }
    return Exchange(**filled)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def writer(tmp_path: Path, clock: Clock) -> Iterator[WarcWriter]:
    made = WarcWriter(tmp_path, "outlet", clock=clock, warcinfo={"software": "test"}, new_id=ids())
    yield made
    made.close()

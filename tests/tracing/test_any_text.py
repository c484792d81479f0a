"""Tracing takes whatever text a page may hold, in time that grows with its length alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.tracing.changes import changes
from pipelines.tracing.credits import credits
from pipelines.tracing.features import marks, printed
from pipelines.tracing.origins import find_copies
from pipelines.tracing.quotations import find_quotations
from pipelines.tracing.stories import find_stories
from pipelines.tracing.telling import Telling
from tests.cost import yards

AT = datetime(2026, 1, 5, tzinfo=UTC)
LENGTH = 40_000
YARDS = 800
"""Several times what any piece takes; a quadratic regular expression takes far more."""


def tellings(*bodies: str) -> list[Telling]:
    return [
        Telling(
            id=str(number), outlet=f"o{number}", url=f"https://o{number}.example/", headline=body[:50], body=body,
            told_at=AT + timedelta(hours=number), captured_at=AT + timedelta(days=1),
        )
        for number, body in enumerate(bodies)
    ]  # fmt: skip


def trace_all(*bodies: str) -> None:
    told = tellings(*bodies)
    find_copies(told)
    find_stories(told)
    for telling in told:
        credits(telling)
        find_quotations(telling.body)
        printed(telling.body, lambda mark: True)
        marks(telling.headline, telling.body)
    changes(bodies[0], bodies[-1])


@given(st.lists(st.text(max_size=200), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_text_is_traced(bodies: list[str]) -> None:
    trace_all(*bodies)


@pytest.mark.parametrize(
    "piece",
    [
        "A", "ABC ", "‘a ", "'", "'a ", "“a ", "“", "\"a b c d e\" ", ".\u00a0", "\n", " ", "(", "1 234 ",
        "This article was on A ", "1,", "Source: A, ", "«А» ", "a. B. ", "x-", "Mr with Hale to ", "передає Аа",
    ],
)  # fmt: skip
def test_a_hostile_text_takes_no_more_time_than_its_length(piece: str) -> None:
    body = (piece * LENGTH)[:LENGTH]
    assert yards(lambda: trace_all(body, f"This article {body}")) < YARDS

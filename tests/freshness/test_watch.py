"""When a URL is looked at again: pure rules, without a clock."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue.watch import (
    FAILED_LONGEST,
    FAILED_TRIES,
    LADDER,
    SECOND_LOOK,
    Look,
    Poll,
    PollPace,
    Watched,
    hint_due,
    poll_due,
    rests_until,
    seen,
)

T0 = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def look(at: datetime, shown: str = "same", reason: str | None = None, **more: datetime) -> Look:
    return Look(at=at, shown=shown, reason=reason, **more)  # type: ignore[arg-type]


def post(at: datetime, shown: str, reason: str | None = None) -> Look:
    return Look(at=at, shown=shown, reason=reason, door="post")  # type: ignore[arg-type]


def folded(*looks: Look) -> Watched:
    state = None
    for each in looks:
        state = seen(state, each)
    assert state is not None
    return state


def test_looks_climb_the_ladder_and_end() -> None:
    state = folded(look(T0, "new"))
    waits = []
    while state.due_at is not None:
        waits.append(state.due_at - T0)
        state = seen(state, look(state.due_at))
    assert tuple(waits) == LADDER


def test_a_late_look_stands_for_the_steps_it_passed() -> None:
    assert folded(look(T0, "new"), look(T0 + 2 * HOUR)).due_at == T0 + 6 * HOUR


def test_an_article_found_long_after_its_publication_is_not_looked_at_again() -> None:
    assert folded(look(T0, "new", published_at=T0 - timedelta(days=400))).due_at is None


def test_a_removal_counts_at_the_second_look_an_hour_later() -> None:
    state = folded(look(T0, "new"), look(T0 + HOUR, "rejected", "http-404"))
    assert state.gone_reason is None
    assert state.due_at == T0 + HOUR + SECOND_LOOK
    state = seen(state, look(T0 + 2 * HOUR, "rejected", "http-404"))
    assert (state.gone_reason, state.gone_since, state.good_at) == ("http-404", T0 + HOUR, T0)


def test_a_look_too_soon_after_the_first_does_not_confirm_a_removal() -> None:
    gone = look(T0 + HOUR, "rejected", "http-410")
    state = folded(look(T0, "new"), gone, look(T0 + HOUR + timedelta(minutes=20), "rejected", "http-410"))
    assert state.gone_reason is None
    assert state.due_at == T0 + 2 * HOUR


def test_what_is_there_again_at_the_second_look_was_never_gone() -> None:
    state = folded(look(T0, "new"), look(T0 + HOUR, "rejected", "redirect-home"), look(T0 + 2 * HOUR))
    assert (state.gone_reason, state.suspect_at, state.returned_at) == (None, None, None)


def test_a_return_after_a_removal_is_told() -> None:
    gone = [look(T0 + n * HOUR, "rejected", "http-404") for n in (1, 2)]
    state = folded(look(T0, "new"), *gone, look(T0 + 6 * HOUR))
    assert (state.gone_reason, state.returned_at) == (None, T0 + 6 * HOUR)


def test_a_wall_or_a_failure_is_no_removal_and_is_tried_ever_more_seldom_until_given_up() -> None:
    state, waits = folded(look(T0, "new")), []
    while True:
        at = state.due_at
        if at is None:
            break
        state = seen(state, look(at, "rejected", "http-403"))
        waits.append(None if state.due_at is None else state.due_at - at)
    assert len(waits) == FAILED_TRIES + 1
    assert waits[:4] == [HOUR / 4, HOUR, 4 * HOUR, 16 * HOUR]
    assert state.gone_reason is None


def test_a_page_that_never_held_an_article_is_not_asked_again() -> None:
    assert folded(look(T0, "rejected", "not-html")).due_at is None


def test_a_source_that_shows_a_newer_modified_brings_a_look_forward() -> None:
    state = folded(look(T0, "new"), look(T0 + 30 * HOUR))
    changed = T0 + 40 * HOUR
    due = hint_due(state, changed, named_at=changed)
    assert due is not None
    assert due <= changed < state.due_at  # type: ignore[operator]
    answered = seen(state, look(changed + HOUR, hint=changed))
    assert hint_due(answered, changed, changed + 2 * HOUR) is None


def test_a_source_that_calls_everything_modified_is_believed_ever_less() -> None:
    state, asked, at = folded(look(T0, "new")), 0, T0
    while at < T0 + timedelta(days=30):
        at += timedelta(minutes=10)
        due = hint_due(state, at, at)
        if due is not None and due <= at:
            state, asked = seen(state, look(at, hint=at)), asked + 1
    assert asked <= 7


def test_a_modified_in_the_future_of_its_own_saying_is_not_believed() -> None:
    assert hint_due(folded(look(T0, "new")), T0 + 9 * HOUR, named_at=T0 + HOUR) is None


@given(st.lists(st.tuples(st.integers(0, 3000), st.sampled_from(("new", "same", "failed"))), min_size=1, max_size=12))
def test_a_look_told_twice_changes_nothing(drawn: list[tuple[int, str]]) -> None:
    looks = [look(T0 + timedelta(minutes=m), shown) for m, shown in sorted(drawn)]
    assert folded(*looks) == folded(*(each for one in looks for each in (one, one)))


def polls(*digests: str) -> list[Poll]:
    return [Poll(at=T0 + n * HOUR, digest=digest) for n, digest in enumerate(digests)]


def test_a_source_is_polled_by_how_often_it_changes_between_floor_and_ceiling() -> None:
    pace = PollPace(least=HOUR / 2, most=6 * HOUR)
    last = T0 + 4 * HOUR
    assert poll_due([], pace) is None
    assert poll_due(polls("a", "b", "c", "d", "e"), pace) == last + HOUR / 2
    assert poll_due(polls("a", "a", "a", "b", "b"), pace) == last + 2 * HOUR
    assert poll_due(polls("a", "a", "a", "a", "a"), pace) == last + 6 * HOUR


def test_a_host_of_walls_rests_longer_with_each_one() -> None:
    walls = [(T0, "http-403")] * 3
    assert rests_until(walls[:2]) is None
    assert rests_until(walls) == T0 + HOUR
    assert rests_until([*walls, (T0, "challenge")]) == T0 + 2 * HOUR
    assert rests_until([(T0, None), *walls]) is None


def test_an_api_that_gives_nothing_says_nothing_of_the_article() -> None:
    walled = folded(look(T0, "rejected", "http-403"))
    after = seen(walled, post(T0 + HOUR / 60, "rejected", "http-404"))
    assert (after.tries, after.due_at, after.reason) == (walled.tries, walled.due_at, "http-403")
    assert (after.page_reason, after.post_reason) == ("http-403", "http-404")
    kept = folded(look(T0, "new"), look(T0 + HOUR, "rejected", "http-403"))
    for n in (2, 4, 8):
        kept = seen(kept, post(T0 + n * HOUR, "rejected", "no-post"))
    assert (kept.gone_reason, kept.suspect_at, kept.good_at) == (None, None, T0)


def test_an_api_that_gives_nothing_where_a_look_was_due_is_asked_ever_more_seldom() -> None:
    state = folded(look(T0, "new"))
    waits = []
    for _ in range(3):
        assert state.due_at is not None
        at = state.due_at
        state = seen(state, post(at, "rejected", "no-post"))
        assert state.due_at is not None
        waits.append(state.due_at - at)
    assert waits == [HOUR / 4, HOUR, 4 * HOUR]


def test_a_look_through_the_api_keeps_the_wall_of_the_page() -> None:
    state = folded(look(T0, "rejected", "challenge"), post(T0 + HOUR / 60, "new"))
    assert (state.good_at, state.reason, state.page_reason) == (T0 + HOUR / 60, None, "challenge")
    opened = seen(state, look(T0 + HOUR))
    assert opened.page_reason is None


def test_a_page_behind_its_wall_is_tried_again_while_the_api_gives_its_text() -> None:
    """Only the page shows that an article went behind a paywall: a week's step of the ladder must not pass it by."""
    week = T0 + LADDER[4]
    kept = folded(*(look(T0 + step) for step in (timedelta(), *LADDER[:4])))
    walled = seen(seen(kept, look(week, "rejected", "challenge")), post(week + HOUR / 60, "same"))
    assert (walled.due_at, walled.good_at) == (week + HOUR / 60 + FAILED_LONGEST, week + HOUR / 60)
    opened = seen(walled, look(week + HOUR))
    assert (opened.tries, opened.due_at) == (0, T0 + LADDER[5])


def test_a_page_that_stays_behind_its_wall_is_looked_at_by_the_ladder_in_the_end() -> None:
    state = folded(look(T0, "rejected", "challenge"), post(T0 + HOUR / 60, "new"))
    looks = 1
    while state.due_at is not None and state.due_at < T0 + timedelta(days=29):
        state = seen(state, post(state.due_at, "same"))
        looks += 1
    assert looks <= FAILED_TRIES + 3
    assert state.due_at == state.first_at + LADDER[-1]
    failed = seen(state, post(T0 + timedelta(days=29), "failed", "http-503"))
    assert failed.due_at == state.due_at


def test_an_api_is_left_alone_after_one_answer_that_is_no_word_of_a_post() -> None:
    assert rests_until([(T0, "http-403")], "post") == T0 + HOUR
    assert rests_until([(T0, "not-json")] * 2, "post") == T0 + 2 * HOUR
    assert rests_until([(T0, "no-post"), (T0, "http-403")], "post") is None
    assert rests_until([(T0, None), (T0, "http-403")], "post") is None

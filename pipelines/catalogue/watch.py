"""When an archived URL is looked at again, and what its looks have shown so far; pure, knows no database and no clock.

The state of a URL is folded from its looks in the order of their instants, so a rebuild folds the same.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from attrs import evolve, field, frozen

LADDER = tuple(timedelta(seconds=s) for s in (900, 3600, 6 * 3600, 86_400, 7 * 86_400, 30 * 86_400))
"""After the first good look. Edits come soon after publication: a third in the first hour, a tenth after a week."""
AGE_OF_STEP = 10
"""A step is skipped where the article was this many times older when first seen: its early edits are past."""
FAILED_FIRST = timedelta(minutes=15)
FAILED_LONGEST = timedelta(days=1)
FAILED_TRIES = 8
"""Tries at 15 min, 1 h, 4 h, 16 h and then daily; after five days a URL that fails is given up, but for one whose text
the API gave meanwhile: that is looked at by the ladder alone."""
SECOND_LOOK = timedelta(hours=1)
"""A removal counts when a look an hour later finds it too: editors unpublish by mistake, and servers stumble."""
HINT_FIRST = timedelta(minutes=15)
HINT_FACTOR = 4
"""A look that a source's `modified` asked for and that found nothing new makes the next such wait four times longer:
a source that calls everything modified costs five looks a month, not three thousand."""

WALLS = frozenset({"challenge", "http-403", "http-401", "http-429"})
"""Reasons that tell of a bot wall."""
PASSING = frozenset({*WALLS, "http-408", "http-425", "truncated", "consent"})
"""Reasons that may be gone at the next look, besides every 5xx."""
GONE = frozenset(
    {"http-404", "http-410", "http-451", "not-found", "home-page", "redirect-home", "redirect-section", "paywall",
     "empty-body"}
)  # fmt: skip
"""Reasons that, after a good look, tell of an article taken down."""
WORDS_OF_API = frozenset({"no-post", "paywall", "empty-body"})
"""Reasons for which a REST API that answers as it should gives no article."""

Shown = Literal["new", "same", "rejected", "failed"]
Door = Literal["page", "post"]
"""Where a look was taken: at the article's page, or at its outlet's REST API while the page is behind a bot wall."""


@frozen(kw_only=True)
class Look:
    """What one fetch of a URL showed."""

    at: datetime
    shown: Shown
    """`new`: a text that was not held; `same`; `rejected`: a page without an article; `failed`: no page at all."""
    reason: str | None = None
    """Of a rejection or failure."""
    article_id: str | None = None
    published_at: datetime | None = None
    """What the page or else its source states."""
    hint: datetime | None = None
    """The `modified` of the source that asked for this look."""
    door: Door = "page"


@frozen(kw_only=True)
class Watched:
    """A URL that was asked for."""

    at: datetime
    """The newest look, whatever it showed."""
    due_at: datetime | None
    """When the next look is due; None: never, unless a source shows that the article was modified."""
    reason: str | None = None
    """Why the newest look showed no article."""
    article_id: str | None = None
    first_at: datetime | None = None
    """The first good look; None: there was none."""
    good_at: datetime | None = None
    """The newest good look."""
    published_at: datetime | None = None
    tries: int = 0
    """Looks since a good one that failed, were rejected for a passing reason, or took the API alone."""
    hint: datetime | None = None
    """The newest `modified` that a look has answered."""
    idle_hints: int = 0
    """Looks in a row that a source asked for in vain."""
    suspect_at: datetime | None = None
    """When a look first found it gone, not yet confirmed."""
    gone_reason: str | None = None
    gone_since: datetime | None = None
    """The first of the looks that found it gone, once a second one confirmed it."""
    returned_at: datetime | None = None
    """When it was there again after that."""
    page_at: datetime | None = None
    """The newest look at the page itself; None: there was none."""
    page_reason: str | None = None
    """Why that showed no article."""
    post_at: datetime | None = None
    """The newest look through the REST API."""
    post_reason: str | None = None
    """Why that showed no article."""


def seen(before: Watched | None, look: Look) -> Watched:
    """The state of a URL after a look; a look that is not newer than the state changes nothing."""
    if before is not None and look.at <= before.at:
        return before
    state = _knocked(before or Watched(at=look.at, due_at=None), look)
    if look.door == "post" and look.shown in ("rejected", "failed"):
        return _tried(state, look)
    hints = [hint for hint in (state.hint, look.hint) if hint is not None]
    state = evolve(state, at=look.at, reason=look.reason, hint=max(hints, default=None))
    if look.shown in ("new", "same"):
        return _good(state, look)
    passing = look.shown == "failed" or look.reason in PASSING or (look.reason or "").startswith("http-5")
    if passing:
        return _failed(state, look)
    if state.first_at is None:
        return evolve(state, due_at=None)
    return _gone(state, look) if look.reason in GONE else _failed(state, look)


def _knocked(state: Watched, look: Look) -> Watched:
    """The state with what the look's own door showed."""
    if look.door == "post":
        return evolve(state, post_at=look.at, post_reason=look.reason)
    return evolve(state, page_at=look.at, page_reason=look.reason)


def _tried(state: Watched, look: Look) -> Watched:
    """A look through the API tells nothing of the page: that is asked for as it was due, or as after a failure."""
    waits = state.due_at is not None and state.due_at > look.at
    return evolve(state, at=look.at) if waits else _failed(evolve(state, at=look.at), look)


def _good(state: Watched, look: Look) -> Watched:
    published_at = state.published_at or look.published_at
    first_at = state.first_at or look.at
    idle = state.idle_hints + (look.hint is not None)
    back = state.gone_since is not None and state.gone_reason is not None
    good = evolve(
        state,
        article_id=look.article_id or state.article_id,
        first_at=first_at,
        good_at=look.at,
        published_at=published_at,
        due_at=_next_step(first_at, look.at, published_at),
        tries=0,
        idle_hints=0 if look.shown == "new" else idle,
        suspect_at=None,
        gone_reason=None if back else state.gone_reason,
        returned_at=look.at if back else state.returned_at,
    )
    if look.door == "page":
        return good
    # Only the page shows a paywall or a removal: it is tried again every day, whatever the API said.
    tries = _tried(state, look).tries
    again = look.at + FAILED_LONGEST if tries <= FAILED_TRIES else None
    return evolve(good, tries=tries, due_at=min(filter(None, (again, good.due_at)), default=None))


def _failed(state: Watched, look: Look) -> Watched:
    tries = state.tries + 1
    wait = min(FAILED_FIRST * 4 ** min(state.tries, 8), FAILED_LONGEST)
    if tries <= FAILED_TRIES:
        return evolve(state, tries=tries, due_at=look.at + wait)
    kept = state.first_at if state.post_at else None
    due_at = _next_step(kept, look.at, state.published_at) if kept else None
    return evolve(state, tries=tries, due_at=due_at)


def _gone(state: Watched, look: Look) -> Watched:
    """Gone at one look: due again an hour later; gone at two: it counts, and is looked at as any other."""
    assert state.first_at is not None
    if state.gone_reason is not None:
        return evolve(state, tries=0, due_at=_next_step(state.first_at, look.at, state.published_at))
    if state.suspect_at is None:
        return evolve(state, tries=0, suspect_at=look.at, due_at=look.at + SECOND_LOOK)
    if look.at - state.suspect_at < SECOND_LOOK:
        return evolve(state, tries=0, due_at=state.suspect_at + SECOND_LOOK)
    return evolve(
        state,
        tries=0,
        suspect_at=None,
        gone_reason=look.reason,
        gone_since=state.suspect_at,
        returned_at=None,
        due_at=_next_step(state.first_at, look.at, state.published_at),
    )


def _next_step(first_at: datetime, last_at: datetime, published_at: datetime | None) -> datetime | None:
    age = max(first_at - published_at, timedelta()) if published_at else timedelta()
    steps = (step for step in LADDER if AGE_OF_STEP * step >= age and first_at + step > last_at)
    return next((first_at + step for step in steps), None)


def hint_due(state: Watched, modified_at: datetime, named_at: datetime) -> datetime | None:
    """When a source's `modified` asks for a look; None where it asks for none.

    One that lies in the future of its own saying is not believed.
    """
    answered = state.hint is not None and modified_at <= state.hint
    if state.good_at is None or answered or modified_at <= state.good_at or modified_at > named_at:
        return None
    wait: timedelta = HINT_FIRST * HINT_FACTOR ** min(state.idle_hints, 6)
    return state.at + wait


@frozen(kw_only=True)
class Poll:
    """One answer of a source."""

    at: datetime
    digest: str | None
    """Of its payload; a 304 has that of the payload it confirms. None: the answer was an error."""


@frozen(kw_only=True)
class PollPace:
    """How often a source may be and must be asked."""

    least: timedelta = field(default=timedelta(minutes=30))
    """At most 48 times a day."""
    most: timedelta = field(default=timedelta(minutes=45))
    """With rounds ten minutes apart: what a source names for an hour is never missed."""


def poll_due(polls: Sequence[Poll], pace: PollPace) -> datetime | None:
    """When to ask a source again, from its newest polls in any order; None: now, since it was never asked.

    Half the mean time between two changes seen, within the pace.
    """
    if not polls:
        return None
    told = sorted(polls, key=lambda poll: poll.at)
    digests = [poll.digest for poll in told if poll.digest is not None]
    changes = sum(older != newer for older, newer in pairwise(digests))
    wait = (told[-1].at - told[0].at) / (2 * changes) if changes else pace.most
    return told[-1].at + min(max(wait, pace.least), pace.most)


WALL_PATIENCE = 3
"""Bot walls in a row after which a host's articles are left alone."""
WALL_REST = timedelta(hours=1)
WALL_REST_LONGEST = timedelta(days=1)


def rests_until(looks: Sequence[tuple[datetime, str | None]], door: Door = "page") -> datetime | None:
    """Until when a host's articles, or its REST API, are left alone; `looks` are the newest there, newest first.

    An hour after three walls in a row, twice as long after each further one, a day at most. An API has another way
    beside it already: one answer is enough, and whatever is no word of a post counts, such as an API that is off.
    """
    patience = WALL_PATIENCE if door == "page" else 1
    walls = 0
    for _, reason in looks:
        if reason not in WALLS if door == "page" else reason in (None, *WORDS_OF_API):
            break
        walls += 1
    if walls < patience:
        return None
    rest: timedelta = WALL_REST * 2 ** min(walls - patience, 8)
    return looks[0][0] + min(rest, WALL_REST_LONGEST)

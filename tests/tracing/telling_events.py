"""Worlds of which it is known which articles tell one event, with other events of the same people on the same day."""

from datetime import UTC, datetime, timedelta
from random import Random

from attrs import frozen

from newsstand.generator import Event, beside, generate, tell
from newsstand.newsrooms import NEWSROOMS
from newsstand.story import Language
from pipelines.tracing.telling import Telling
from tests.tracing.copying import telling_of

OUTLETS: tuple[tuple[str, str, tuple[Language, ...]], ...] = (
    *((room.slug, room.style, tuple(language for language, _ in room.languages)) for room in NEWSROOMS),
    ("capital_daily", "capital_daily", ("uk", "ru")),
    ("southern_voice", "southern_voice", ("ru",)),
    ("valley_post", "valley_post", ("uk",)),
)
"""(slug, style, languages): the newsstand's outlets, and three more so that most events are told in two languages."""
START = datetime(2026, 1, 5, tzinfo=UTC)


@frozen(kw_only=True)
class Told:
    """Tellings, and which event each tells."""

    tellings: tuple[Telling, ...]
    events: dict[str, int]


def told_events(seed: int, events: int, days: int = 6) -> Told:
    """Events of some days, each told by three to six outlets in their languages within hours.

    Every second event has another one beside it, of the same people in the same towns on the same day, told by one to
    six outlets; half of its tellers are the first one's.
    """
    rng = Random(f"{seed}/told")
    tellings: list[Telling] = []
    truth: dict[str, int] = {}
    number = 0
    for event in generate(seed, events):
        at = START + timedelta(minutes=rng.randrange(days * 24 * 60))
        happened: list[tuple[Event, datetime, int]] = [(event, at, rng.randrange(3, 7))]
        if event.number % 2:
            other = beside(event, 10_000 + event.number, seed)
            happened.append((other, at + timedelta(minutes=rng.randrange(-300, 300)), rng.randrange(1, 7)))
        for each, when, outlets in happened:
            for slug, style, languages in rng.sample(OUTLETS, outlets):
                number += 1
                later = when + timedelta(minutes=rng.lognormvariate(3.2, 0.9))
                telling = telling_of(tell(each, style, rng.choice(languages)), slug, later, number)
                tellings.append(telling)
                truth[telling.id] = each.number
    return Told(tellings=tuple(rng.sample(tellings, len(tellings))), events=truth)

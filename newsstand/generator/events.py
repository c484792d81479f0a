"""Takes a seed, gives events: people, places, figures, dates and quotations, the same on every machine."""

from collections.abc import Mapping, Sequence
from random import Random

from attrs import evolve, frozen

from newsstand.generator import lexicon
from newsstand.generator.lexicon import LANGUAGES, Human, Noun
from newsstand.generator.words import common
from newsstand.story import Language

_ROLES: Mapping[str, tuple[str, str, str]] = {
    "minister": ("foreign minister", "міністр", "министр"),
    "head": ("head of the council", "голова ради", "глава совета"),
    "expert": ("independent expert", "незалежний експерт", "независимый эксперт"),
    "deputy": ("lawmaker", "депутат", "депутат"),
    "director": ("director", "директор", "директор"),
    "envoy": ("special envoy", "спеціальний посланець", "специальный посланник"),
    "lawyer": ("lawyer", "адвокат", "адвокат"),
    "prosecutor": ("prosecutor", "прокурор", "прокурор"),
    "auditor": ("auditor", "аудитор", "аудитор"),
    "professor": ("professor", "професор", "профессор"),
    "engineer": ("chief engineer", "головний інженер", "главный инженер"),
    "commander": ("brigade commander", "командир бригади", "командир бригады"),
    "mayor": ("mayor", "мер", "мэр"),
    "union": ("union leader", "лідер профспілки", "лидер профсоюза"),
    "coach": ("coach", "тренер", "тренер"),
    "captain": ("team captain", "капітан команди", "капитан команды"),
    "painter": ("artist", "митець", "мастер"),
    "curator": ("curator", "куратор", "куратор"),
    "doctor": ("chief physician", "головний лікар", "главный врач"),
    "ombudsman": ("ombudsman", "омбудсман", "омбудсмен"),
    "analyst": ("analyst", "аналітик", "аналитик"),
}
"""Role to English, Ukrainian, Russian: nouns that serve men and women alike."""

KINDS: Mapping[str, tuple[str, str, str, str]] = {
    # section, roles of the first three people
    "summit": ("world", "minister", "envoy", "analyst"),
    "election": ("politics", "deputy", "mayor", "expert"),
    "appointment": ("politics", "director", "auditor", "deputy"),
    "budget": ("economy", "mayor", "deputy", "auditor"),
    "trade": ("economy", "director", "head", "analyst"),
    "strike": ("society", "union", "director", "expert"),
    "court": ("society", "prosecutor", "auditor", "lawyer"),
    "outage": ("society", "engineer", "mayor", "expert"),
    "protest": ("politics", "mayor", "lawyer", "analyst"),
    "final": ("sport", "captain", "coach", "expert"),
    "exhibition": ("culture", "painter", "curator", "professor"),
    "discovery": ("science", "professor", "expert", "doctor"),
    "satellite": ("science", "director", "engineer", "professor"),
    "drone": ("war", "mayor", "commander", "analyst"),
    "exchange": ("war", "ombudsman", "lawyer", "doctor"),
    "flood": ("world", "mayor", "engineer", "expert"),
}
"""What kinds of events there are."""

_SHARES = {"pct": (25, 480), "pct2": (180, 690), "pct3": (25, 890)}
_HOURS = (8, 9, 10, *range(12, 23))
"""Hours of the clock before which Ukrainian writes the same preposition."""


@frozen(kw_only=True)
class Quotation:
    """What someone said, in each language; tellings share it word for word."""

    speaker: int
    """Place among the event's people."""
    text: Mapping[Language, str]
    """Without marks or a final full stop."""


@frozen(kw_only=True)
class Event:
    """Something that happened."""

    seed: int
    number: int
    kind: str
    section: str
    people: tuple[Human, ...]
    """Four: three with roles, and one from the neighbourhood."""
    roles: tuple[str, str, str]
    places: tuple[Noun, Noun]
    organisations: tuple[Mapping[Language, str], ...]
    country: tuple[Mapping[Language, str], Mapping[Language, str]]
    title: Mapping[Language, str]
    counts: Mapping[str, int]
    """Figures by slot; counts end in 0 or 5 to 9, after which Ukrainian and Russian ask for one form."""
    shares: Mapping[str, int]
    """Tenths of a per cent by slot."""
    sums: Mapping[str, int]
    """Millions of hryvnias by slot."""
    dates: Mapping[str, tuple[int, int]]
    """(day, month) by slot."""
    times: Mapping[str, str]
    years: Mapping[str, int]
    weekday: int
    quotations: tuple[Quotation, ...]


def generate(seed: int, events: int) -> tuple[Event, ...]:
    """Events numbered from 1; the first of them are the same however many are asked for."""
    return tuple(_event(Random(f"{seed}/event/{number}"), seed, number) for number in range(1, events + 1))


def aside(event: Event, place: str) -> Event:
    """The event with the figures that one sentence has to itself, the same in every telling of it."""
    rng = Random(f"{event.seed}/{event.number}/{place}")
    return evolve(
        event,
        counts=_counts(rng),
        shares={**event.shares, "pct3": rng.randrange(*_SHARES["pct3"])},
        sums={**event.sums, "m3": rng.randrange(12, 990)},
        years={**event.years, "year2": rng.randrange(1990, 2020)},
    )


def beside(event: Event, number: int, seed: int) -> Event:
    """Another event of the same people in the same days: what a grouping by names alone mistakes for the first."""
    rng = Random(f"{seed}/beside/{event.number}/{number}")
    other = _event(rng, seed, number)
    while other.kind == event.kind:
        other = _event(rng, seed, number)
    return evolve(other, people=event.people, places=event.places, dates=event.dates, weekday=event.weekday)


def _event(rng: Random, seed: int, number: int) -> Event:
    kind = rng.choice(tuple(KINDS))
    section, *roles = KINDS[kind]
    month = rng.randrange(12)
    return Event(
        seed=seed,
        number=number,
        kind=kind,
        section=section,
        people=lexicon.humans(rng, 4),
        roles=(roles[0], roles[1], roles[2]),
        places=lexicon.places(rng),
        organisations=lexicon.organisations(rng, 4),
        country=lexicon.country(rng),
        title=rng.choice(lexicon.TITLES),
        counts=_counts(rng),
        shares={name: rng.randrange(least, most) for name, (least, most) in _SHARES.items()},
        sums={name: rng.randrange(12, 990) for name in ("m1", "m2", "m3")},
        dates={
            "date": (rng.randrange(1, 11), month),
            "date2": (rng.randrange(11, 29), (month + rng.randrange(1, 4)) % 12),
            "date3": (rng.randrange(11, 29), month),
        },
        times={name: f"{rng.choice(_HOURS)}:{rng.randrange(1, 60):02}" for name in ("time", "time2")},
        years={"year": rng.randrange(1985, 2014), "year2": rng.randrange(1990, 2020)},
        weekday=rng.randrange(7),
        quotations=_quotations(rng, (0, 1, 0, 2)),
    )


def _counts(rng: Random) -> Mapping[str, int]:
    spans = {
        "n1": (15, 90), "n1b": (5, 40), "n2": (115, 990), "n3": (1200, 48000), "n4": (15, 60), "n5": (25, 900),
        "n6": (5, 30), "n7": (1500, 90000), "p1": (9000, 240000),
    }  # fmt: skip
    return {name: _count(rng, *span) for name, span in spans.items()}


def _count(rng: Random, low: int, high: int) -> int:
    """A number after which the noun stands in the genitive plural."""
    number = rng.randrange(low, high)
    return number - number % 10 + rng.choice((0, 5, 6, 7, 8, 9)) if number >= 10 else max(5, number)


def _quotations(rng: Random, speakers: Sequence[int]) -> tuple[Quotation, ...]:
    """A quotation a speaker; none shares its opening, claim or closer with another."""
    bank = common("en")
    chosen = (rng.sample(range(len(each)), len(speakers)) for each in (bank.openings, bank.claims, bank.closers))
    return tuple(
        _quotation(rng, speaker, *places) for speaker, places in zip(speakers, zip(*chosen, strict=True), strict=True)
    )


def _quotation(rng: Random, speaker: int, opening: int, claim: int, closer: int) -> Quotation:
    number, closes = str(_count(rng, 15, 90)), rng.random() < 0.6
    text: dict[Language, str] = {}
    for language in LANGUAGES:
        bank = common(language)
        said = f"{bank.openings[opening]} {bank.claims[claim].replace('{k1}', number)}"
        text[language] = f"{said}. {bank.closers[closer]}" if closes else said
    return Quotation(speaker=speaker, text=text)


def role(event: Event, place: int, language: Language) -> str:
    """The role of the event's person at that place."""
    return _ROLES[event.roles[place]][{"en": 0, "uk": 1, "ru": 2}[language]]

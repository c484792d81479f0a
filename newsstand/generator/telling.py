"""Takes an event and a newsroom's style, gives the story in that newsroom's own words."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from random import Random
from types import MappingProxyType

from attrs import frozen

from newsstand.generator import events, lexicon
from newsstand.generator.changes import marked, reprinted
from newsstand.generator.events import Event, Quotation, aside
from newsstand.generator.grammar import capital, choose, fill
from newsstand.generator.words import CommonWords, KindWords, common, kinds
from newsstand.story import Draft, Language, Part, Picture

_LETTERS = "ABCD"
_MOST_PARTS = 14


@frozen(kw_only=True)
class Style:
    """How a newsroom writes."""

    order: tuple[float, float, float]
    """How early points, quotations and background tend to come."""
    points: int
    background: int
    quotations: int
    joins: float
    """Chance that a sentence goes on in the paragraph before it."""
    heading: float
    listing: float
    block_quote: float
    links: int
    straight: bool
    """True where quotation marks are typed, not typeset."""
    staff: tuple[lexicon.Human, ...]


@cache
def style(outlet_style: str) -> Style:
    """A newsroom's way of writing, drawn from its name alone."""
    rng = Random(f"style/{outlet_style}")
    return Style(
        order=rng.choice(((0.0, 0.4, 0.8), (0.2, 0.0, 0.7), (0.3, 0.5, 0.2), (0.0, 0.9, 0.5))),
        points=rng.choice((4, 5)),
        background=rng.choice((5, 6, 7)),
        quotations=rng.choice((2, 3)),
        joins=rng.uniform(0.1, 0.6),
        heading=rng.uniform(0.1, 0.5),
        listing=rng.uniform(0.05, 0.3),
        block_quote=rng.uniform(0.0, 0.3),
        links=rng.choice((1, 2, 3)),
        straight=rng.random() < 0.4,
        staff=lexicon.humans(rng, 9),
    )


def tell(event: Event, outlet_style: str, language: Language) -> Draft:
    """The event as that newsroom tells it in that language; the same arguments give the same draft."""
    manner = style(outlet_style)
    rng = Random(f"{event.seed}/{event.number}/{outlet_style}/{language}")
    words, shared = kinds(language)[event.kind], common(language)
    facts = _facts(event, language)
    headlines = [fill(choose(template, rng), facts) for template in rng.sample(words.headlines, len(words.headlines))]
    teller = _Teller(facts, rng)
    standfirst = teller.say(rng.choice(words.leads))
    said = rng.sample(event.quotations, manner.quotations)
    parts = _body(event, manner, language, _units(manner, words, shared, said, language, rng), shared, teller)
    draft = Draft(
        event=event.number,
        language=language,
        headline=headlines[0],
        standfirst=standfirst,
        parts=_linked(parts, event, language, manner.links, rng),
        section=event.section,
        tags=(*words.tags[: rng.choice((2, 3))], event.places[0].nominative[language]),
        authors=tuple(each.name(language) for each in rng.sample(manner.staff, rng.choice((1, 1, 2)))),
        picture=_picture(event, words, shared, facts, language, rng),
        people=tuple(each.name(language) for each in event.people),
        quotations=tuple(each.text[language] for each in said),
        headlines=tuple(headlines[1:]),
    )
    return reprinted(draft, lambda text: marked(text, '"', '"')) if manner.straight else draft


class _Teller:
    """Says one sentence after another: a person is given in full when first named, by surname after that."""

    _FULL = re.compile(r"\{([ABC])\.role\} \{\1\}|\{([ABC])\.last\}|\{([ABC])\}")

    def __init__(self, facts: Mapping[str, str], rng: Random) -> None:
        self.facts = facts
        self.rng = rng
        self._known: set[str] = set()

    def say(self, template: str, more: Mapping[str, str] = MappingProxyType({})) -> str:
        return fill(self._FULL.sub(self._named, choose(template, self.rng)), {**self.facts, **more})

    def _named(self, match: re.Match[str]) -> str:
        one = match.group(1) or match.group(2) or match.group(3)
        if one in self._known:
            return f"{{{one}.last}}"
        self._known.add(one)
        return match.group() if match.group(3) else f"{{{one}.role}} {{{one}}}"


@frozen(kw_only=True)
class _Unit:
    """One sentence to come."""

    early: float
    template: str
    aside: str = ""
    """Name of the sentence among the event's, which has figures of its own."""
    quoted: tuple[int, str] | None = None
    """(speaker, words) where it quotes."""


def _units(
    manner: Style, words: KindWords, shared: CommonWords, said: Sequence[Quotation], language: Language, rng: Random
) -> list[_Unit]:
    """The sentences of a telling, in order."""
    points, quotes, background = manner.order
    frames = rng.sample(shared.frames, len(said))
    units = [
        *(
            _Unit(early=points + rng.random(), template=words.points[place], aside=f"point {place}")
            for place in rng.sample(range(len(words.points)), manner.points)
        ),
        *(
            _Unit(early=background + rng.random(), template=shared.background[place], aside=f"background {place}")
            for place in rng.sample(range(len(shared.background)), manner.background)
        ),
        *(
            _Unit(early=quotes + rng.random(), template=frame, quoted=(each.speaker, each.text[language]))
            for frame, each in zip(frames, said, strict=True)
        ),
    ]
    return sorted(units, key=lambda unit: unit.early)


def _body(
    event: Event, manner: Style, language: Language, units: Sequence[_Unit], shared: CommonWords, teller: _Teller
) -> list[Part]:
    """The parts in order: sentences gathered into paragraphs, with the newsroom's headings, lists and block quotes."""
    rng = teller.rng
    listed = rng.random() < manner.listing
    headed = rng.random() < manner.heading
    apart = {
        place for place, unit in enumerate(units) if unit.quoted and not listed and rng.random() < manner.block_quote
    }
    joined = _joined(len(units), apart, _MOST_PARTS - 4 * listed - headed, manner.joins, rng)
    parts: list[Part] = []
    for place, unit in enumerate(units):
        if unit.quoted and place in apart:
            parts.append(_block_quote(event, language, *unit.quoted))
            continue
        if unit.quoted:
            sentence = _quoting(teller, unit.template, *unit.quoted)
        else:
            sentence = teller.say(unit.template, _figures(aside(event, unit.aside), language))
        if place in joined:
            parts[-1] = Part(kind="paragraph", text=f"{parts[-1].text} {sentence}")
        else:
            parts.append(Part(kind="paragraph", text=sentence))
    if headed:
        parts.insert(len(parts) // 2, Part(kind="heading", text=teller.say(rng.choice(shared.headings))))
    if listed:
        items = [Part(kind="item", text=teller.say(each)) for each in rng.sample(shared.items, 3)]
        parts += [Part(kind="paragraph", text=teller.say(rng.choice(shared.listing))), *items]
    return parts


def _joined(units: int, apart: set[int], room: int, chance: float, rng: Random) -> set[int]:
    """Places of the sentences that go on in the paragraph before them; no paragraph has more than two."""
    able = [place for place in range(1, units, 2) if not apart & {place - 1, place}]
    wished = sum(rng.random() < chance for _ in able)
    return set(rng.sample(able, min(len(able), max(wished, units - room))))


def _quoting(teller: _Teller, frame: str, speaker: int, text: str) -> str:
    letter = _LETTERS[speaker]
    named = frame.replace("{S}", f"{{{letter}.last}}").replace("{S~", f"{{{letter}~")
    return teller.say(named, {"q": text})


def _block_quote(event: Event, language: Language, speaker: int, text: str) -> Part:
    opening, closing = ("“", "”") if language == "en" else ("«", "»")
    name = event.people[speaker].name(language)
    return Part(kind="quote", text=f"{opening}{text}{closing} – {name}, {events.role(event, speaker, language)}")


def _picture(
    event: Event, words: KindWords, shared: CommonWords, facts: Mapping[str, str], language: Language, rng: Random
) -> Picture:
    more = {**facts, "P": lexicon.human(rng).name(language), "outlet": event.organisations[3][language].strip("«»")}
    return Picture(
        path=f"/images/{event.kind}-{event.number}-{rng.randrange(1000, 10000)}.jpg",
        caption=fill(choose(words.caption, rng), more),
        credit=fill(choose(rng.choice(shared.credits), rng), more),
        alt=f"{capital(words.tags[0])}, {event.places[0].nominative[language]}",
    )


def _facts(event: Event, language: Language) -> dict[str, str]:
    """Every slot that a template may name."""
    facts: dict[str, str] = {}
    for place, (letter, one) in enumerate(zip(_LETTERS, event.people, strict=True)):
        facts |= {
            letter: one.name(language),
            f"{letter}.last": one.last[language],
            f"{letter}.sex": "f" if one.female else "m",
        }
        if place < len(event.roles):
            facts[f"{letter}.role"] = events.role(event, place, language)
    for name, town in zip(("place", "place2"), event.places, strict=True):
        facts |= {
            name: town.nominative[language],
            f"{name}.gen": town.genitive[language],
            f"{name}.loc": town.locative[language],
        }
    for name, organisation in zip(("org", "org2", "org3", "org4"), event.organisations, strict=True):
        facts[name] = organisation[language]
    nominative, genitive = event.country
    facts |= {"country": nominative[language], "country.gen": genitive[language], "title": event.title[language]}
    facts |= _figures(event, language)
    facts |= {name: f"{day} {lexicon.MONTHS[language][month]}" for name, (day, month) in event.dates.items()}
    facts |= event.times
    winner, loser = 2 + event.counts["n1"] % 3, event.counts["n2"] % 2
    return facts | {"day": lexicon.WEEKDAYS[language][event.weekday], "score": f"{winner}:{loser}"}


def _figures(event: Event, language: Language) -> dict[str, str]:
    """The slots that hold counts, shares, sums and years."""
    millions = {"en": "million hryvnias", "uk": "млн гривень", "ru": "млн гривен"}[language]
    return {
        **{name: _count(number, language) for name, number in event.counts.items()},
        **{name: _share(tenths, language) for name, tenths in event.shares.items()},
        **{name: f"{number} {millions}" for name, number in event.sums.items()},
        **{name: str(year) for name, year in event.years.items()},
    }


def _count(number: int, language: Language) -> str:
    return f"{number:,}" if language == "en" else f"{number:,}".replace(",", " ")


def _share(tenths: int, language: Language) -> str:
    text = f"{tenths / 10:g}%"
    return text if language == "en" else text.replace(".", ",")


def _linked(parts: Sequence[Part], event: Event, language: Language, most: int, rng: Random) -> tuple[Part, ...]:
    """The parts with links on the first mention of some names; the hosts are nobody's."""
    towns = [
        (town.nominative[language], f"https://{town.nominative['en'].lower()}.example/news/") for town in event.places
    ]
    bodies = [
        (each[language].strip("«»"), f"https://www.{each['en'].lower()}.example/about-{event.number}")
        for each in event.organisations
    ]
    linked = list(parts)
    for name, url in rng.sample(towns + bodies, most):
        for place, part in enumerate(linked):
            start = part.text.find(name)
            apart = all(end <= start or start + len(name) <= begin for begin, end, _ in part.links)
            if part.kind == "paragraph" and start >= 0 and apart:
                linked[place] = Part(
                    kind=part.kind, text=part.text, links=tuple(sorted((*part.links, (start, start + len(name), url))))
                )
                break
    return tuple(linked)

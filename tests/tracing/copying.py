"""Sets of texts of which it is known who copied whom: made of the generator's news and of real pages' bodies."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from attrs import evolve, frozen

from newsstand.generator import COPIES, copy, generate, splice, tell
from newsstand.generator.copies import CopyKind
from newsstand.story import Draft, Language, Part, Picture
from pipelines.tracing.origins import Copy
from pipelines.tracing.telling import Telling

PAGES = Path(__file__).resolve().parents[3] / "shared" / "pages"
STYLES = ("ukrpravda", "interfax_ukraine", "thehill", "example_syndicator", "primewebinargroup", "news_zox")
START = datetime(2026, 1, 5, tzinfo=UTC)


@frozen(kw_only=True)
class Copied:
    """Tellings, and the origins of those that are copies."""

    tellings: tuple[Telling, ...]
    origins: dict[str, frozenset[str]]
    """Copy to the texts it was made of; a splice has two."""
    kinds: dict[str, str]
    """Copy to the way it was made."""


def telling_of(draft: Draft, outlet: str, at: datetime, number: int) -> Telling:
    """A draft as published by an outlet."""
    url = f"https://{outlet.replace('_', '-')}.example/{number}"
    return Telling(
        id=hashlib.sha256(url.encode()).hexdigest()[:16],
        outlet=outlet,
        outlet_name=outlet,
        url=url,
        headline=draft.headline,
        body=body_of(draft),
        language=draft.language,
        told_at=at,
        captured_at=at + timedelta(minutes=5),
    )


def body_of(draft: Draft) -> str:
    """The draft's text, blocks with a blank line between."""
    return "\n\n".join(part for part in (draft.standfirst, *(part.text for part in draft.parts)) if part)


def news(seed: int, events: int) -> list[Draft]:
    """Each event as two or three newsrooms tell it in one language: texts with shared quotations that are no copies."""
    rng = Random(f"{seed}/news")
    drafts = []
    for event in generate(seed, events):
        language: Language = rng.choice(("uk", "ru", "en"))
        drafts += [tell(event, style, language) for style in rng.sample(STYLES, rng.choice((2, 3)))]
    return drafts


def real_bodies(least_words: int = 100) -> list[Draft]:
    """Bodies of captured pages, each a draft, a text that stands twice once; empty where the pages are not there."""
    drafts: dict[str, Draft] = {}
    for path in sorted(PAGES.glob("*/gold.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            body = json.loads(line)["gold"].get("body") or ""
            parts = tuple(Part(kind="paragraph", text=text.strip()) for text in body.split("\n") if text.strip())
            if len(body.split()) >= least_words and len(parts) >= 4:
                drafts.setdefault(body[:200], _as_draft(parts))
    return list(drafts.values())


def _as_draft(parts: tuple[Part, ...]) -> Draft:
    headline = parts[0].text[:80]
    return Draft(
        event=0, language="en", headline=headline, headlines=(headline[::-1],), standfirst="", parts=parts, section="",
        tags=(), authors=(), picture=Picture(path="", caption="", credit="", alt=""),
    )  # fmt: skip


def copied(originals: Sequence[Draft], seed: int, copies: int) -> Copied:
    """The originals as published, and as many copies of some of them, in every way, hours later, elsewhere."""
    rng = Random(f"{seed}/copied")
    told = [telling_of(draft, rng.choice(STYLES), _at(rng), number) for number, draft in enumerate(originals)]
    made: list[Telling] = []
    origins: dict[str, frozenset[str]] = {}
    kinds: dict[str, str] = {}
    while len(made) < copies:
        way = (*COPIES, "spliced")[len(made) % (len(COPIES) + 1)]
        draft, sources = _made(way, originals, rng, seed)
        if draft is None:
            continue
        at = max(told[place].known_at for place in sources) + timedelta(minutes=rng.randrange(5, 600))
        copy_ = telling_of(draft, f"copier_{rng.randrange(5)}", at, len(told) + len(made))
        made.append(copy_)
        origins[copy_.id] = frozenset(told[place].id for place in sources)
        kinds[copy_.id] = way
    return Copied(tellings=tuple(rng.sample(told + made, len(told) + len(made))), origins=origins, kinds=kinds)


def _made(way: str, originals: Sequence[Draft], rng: Random, seed: int) -> tuple[Draft | None, tuple[int, ...]]:
    one = rng.randrange(len(originals))
    if way == "spliced":
        other = rng.choice([place for place in range(len(originals)) if _strangers(originals, one, place)])
        return splice(originals[one], originals[other], seed), (one, other)
    how: CopyKind = next(kind for kind in COPIES if kind == way)
    if how == "quotes changed" and not any(mark in body_of(originals[one]) for mark in '“"«'):
        return None, ()
    return copy(originals[one], how, seed), (one,)


def _strangers(originals: Sequence[Draft], one: int, other: int) -> bool:
    """True for two texts of one language and of different events."""
    a, b = originals[one], originals[other]
    return one != other and a.language == b.language and (a.event != b.event or a.event == 0)


def _at(rng: Random) -> datetime:
    return START + timedelta(minutes=rng.randrange(4 * 24 * 60))


def with_quotations_of(draft: Draft, other: Draft, rng: Random) -> Draft:
    """The draft with every quotation of another one, in the draft's own frames, among its paragraphs."""
    frames = ("{0} said on the same day: “{1}.”", "“{1},” {0} told us.", "Asked again, {0} answered: “{1}.”")
    parts = list(draft.parts)
    for number, quoted in enumerate(other.quotations):
        text = frames[number % len(frames)].format(other.people[0].split()[-1], quoted)
        parts.insert(rng.randrange(len(parts) + 1), Part(kind="paragraph", text=text))
    return evolve(draft, parts=tuple(parts))


def scores(found: Iterable[Copy], truth: Copied) -> tuple[float, float]:
    """(precision, recall) of (text, origin) pairs: a source that is itself a copy counts for its own origins."""
    sources: dict[str, set[str]] = {}
    for each in found:
        sources.setdefault(each.id, set()).add(each.source)

    def led_back(name: str) -> set[str]:
        return set().union(*(led_back(source) for source in sources[name])) if name in sources else {name}

    claimed = {(name, origin) for name in sources for origin in led_back(name)}
    known = {(name, origin) for name, origins in truth.origins.items() for origin in origins}
    right = len(claimed & known)
    return right / max(1, len(claimed)), right / max(1, len(known))

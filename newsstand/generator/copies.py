"""Takes drafts, gives copies of them as other outlets print them."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Literal, get_args

from attrs import evolve

from newsstand.generator.changes import marked, reprinted
from newsstand.story import Draft

CopyKind = Literal["verbatim", "quotes changed", "cut by half", "paragraphs reordered", "headline changed"]
COPIES: tuple[CopyKind, ...] = get_args(CopyKind)
_MARKS = (("‘", "’"), ("“", "”"), ("«", "»"), ('"', '"'))


def copy(draft: Draft, how: CopyKind, seed: int) -> Draft:
    """The draft as an outlet copies it; all but a verbatim copy differ from it."""
    return _COPIES[how](draft, Random(f"{seed}/copy/{how}/{draft.headline}"))


def splice(one: Draft, other: Draft, seed: int) -> Draft:
    """A text of two: headline, standfirst and half of the parts of the first, then half of the other's."""
    rng = Random(f"{seed}/splice/{one.headline}/{other.headline}")
    first, second = (len(each.parts) // 2 + rng.choice((0, 1)) for each in (one, other))
    parts = one.parts[:first] + other.parts[-second:]
    body = "\n".join(part.text for part in parts)
    quotations = dict.fromkeys(each for each in one.quotations + other.quotations if each in body)
    return evolve(
        one, parts=parts, people=tuple(dict.fromkeys(one.people + other.people)), quotations=tuple(quotations)
    )


def _with_other_marks(draft: Draft, rng: Random) -> Draft:
    def remade(pair: tuple[str, str]) -> Draft:
        return reprinted(draft, lambda text: marked(text, *pair))

    return next(each for pair in rng.sample(_MARKS, len(_MARKS)) if (each := remade(pair)) != draft)


def _cut(draft: Draft, rng: Random) -> Draft:
    """The standfirst and the parts up to half of the words."""
    words = [len(part.text.split()) for part in draft.parts]
    kept = next(count for count in range(1, len(words) + 1) if 2 * sum(words[:count]) >= sum(words))
    parts = draft.parts[: min(kept, len(draft.parts) - 1)]
    body = "\n".join(part.text for part in parts)
    return evolve(draft, parts=parts, quotations=tuple(each for each in draft.quotations if each in body))


def _reordered(draft: Draft, rng: Random) -> Draft:
    """The paragraphs in another order; headings, quotes and lists keep their places."""
    places = [
        place for place, part in enumerate(draft.parts) if part.kind == "paragraph" and not part.text.endswith(":")
    ]
    order = rng.sample(places, len(places))
    if order == places:
        order = places[1:] + places[:1]
    moved = dict(zip(places, order, strict=True))
    return evolve(draft, parts=tuple(draft.parts[moved.get(place, place)] for place in range(len(draft.parts))))


def with_other_headline(draft: Draft, rng: Random) -> Draft:
    """The draft under a headline that its newsroom could have chosen."""
    others = [each for each in draft.headlines if each != draft.headline]
    chosen = rng.choice(others)
    return evolve(draft, headline=chosen, headlines=(*(each for each in others if each != chosen), draft.headline))


_COPIES: Mapping[CopyKind, Callable[[Draft, Random], Draft]] = {
    "verbatim": lambda draft, rng: draft,
    "quotes changed": _with_other_marks,
    "cut by half": _cut,
    "paragraphs reordered": _reordered,
    "headline changed": with_other_headline,
}

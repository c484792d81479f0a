"""Takes a draft, gives what its newsroom later made of it: an edit of one known class."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from random import Random
from typing import Literal, get_args

from attrs import evolve

from newsstand.generator import lexicon
from newsstand.generator.changes import replaced, substituted, with_part
from newsstand.generator.copies import with_other_headline
from newsstand.generator.grammar import choose, fill
from newsstand.generator.words import common, edits, kinds
from newsstand.story import Draft, Language, Part

EditKind = Literal[
    "typo", "wording", "figures", "names", "quotation", "headline", "attribution", "correction note", "large rewrite"
]
EDITS: tuple[EditKind, ...] = get_args(EditKind)

_WORD = re.compile(r"(?<![\w’])[a-zа-яёіїєґ]{6,}(?![\w’])")
_FIGURE = re.compile(r"(?<![\d.,:])(?:\d{1,3}(?:[ ,]\d{3})+|\d{2,})(?:[.,]\d)?(?![\d:]|[.,]\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"]*\"|‘[^’]*’")


def retell(draft: Draft, kind: EditKind, seed: int) -> Draft:
    """The draft after an edit of that class: another text or headline, everything else as it was.

    Raises Unfit where the draft has nothing that such an edit could change.
    """
    edited = _EDITS[kind](draft, Random(f"{seed}/{kind}/{draft.event}/{draft.headline}"))
    if edited == draft:
        raise Unfit(f"{draft.headline!r} has nothing for an edit of the class {kind!r}")
    return edited


class Unfit(ValueError):
    """The draft has nothing that the edit could change."""


def _typo(draft: Draft, rng: Random) -> Draft:
    """Two neighbouring letters of one word changed places: what a newsroom soon puts right."""
    spots = [
        (place, match.start() + at)
        for place, match in _outside_quotes(draft, _WORD)
        for at in range(1, len(match.group()) - 2)
        if match.group()[at] != match.group()[at + 1]
    ]
    if not spots:
        return draft
    place, at = rng.choice(spots)
    part = draft.parts[place]
    return with_part(draft, place, replaced(part, at, at + 2, part.text[at + 1] + part.text[at]))


def _wording(draft: Draft, rng: Random) -> Draft:
    """Two to four words or phrases said otherwise, as the templates allow at those places."""
    spots = [
        (place, match.span("said"), otherwise)
        for pattern, otherwise in _phrasings(draft.language)
        for place, match in _outside_quotes(draft, pattern)
    ]
    wanted = rng.randrange(2, 5)
    taken: list[tuple[int, tuple[int, int], tuple[str, ...]]] = []
    for spot in rng.sample(spots, len(spots)):
        clashes = any(spot[0] == other[0] and spot[1][0] < other[1][1] and other[1][0] < spot[1][1] for other in taken)
        if not clashes and len(taken) < wanted:
            taken.append(spot)
    for place, span, otherwise in sorted(taken, reverse=True):
        draft = with_part(draft, place, replaced(draft.parts[place], *span, rng.choice(otherwise)))
    return draft


def _figures(draft: Draft, rng: Random) -> Draft:
    return _corrected(draft, rng)[0]


def _corrected(draft: Draft, rng: Random) -> tuple[Draft, str, str]:
    """One figure changed wherever it stands; its last digit stays, so that the noun after it may too."""
    found = sorted({m.group() for _, m in _outside_quotes(draft, _FIGURE) if not _YEAR.fullmatch(m.group())})
    if not found:
        return draft, "", ""
    old = rng.choice(found)
    digits = [place for place, letter in enumerate(old) if letter.isdigit()]
    place = rng.choice(digits[:-1])
    fresh = rng.choice([each for each in "123456789" if each != old[place]])
    new = old[:place] + fresh + old[place + 1 :]
    whole = re.compile(rf"(?<![\d.,:]){re.escape(old)}(?![\d:]|[.,]\d|[ ,]\d{{3}})")
    return substituted(draft, whole, new), old, new


def _names(draft: Draft, rng: Random) -> Draft:
    """One person's surname put right wherever it stands."""
    body = "\n".join((draft.standfirst, *(part.text for part in draft.parts)))
    named = [last for each in draft.people if re.search(rf"\b{re.escape(last := each.split()[-1])}\b", body)]
    if not named:
        return draft
    old = rng.choice(named)
    new = old
    while new in draft.people or new in body:
        new = lexicon.surname(rng, draft.language)
    return substituted(draft, re.compile(rf"\b{re.escape(old)}\b"), new)


def _quotation(draft: Draft, rng: Random) -> Draft:
    """One quotation opened with other words."""
    openings = common(draft.language).openings
    spots = [
        (place, part.text.index(quoted), opening)
        for quoted in draft.quotations
        for opening in openings
        if quoted.startswith(opening)
        for place, part in enumerate(draft.parts)
        if quoted in part.text
    ]
    if not spots:
        return draft
    place, start, opening = rng.choice(spots)
    other = rng.choice([each for each in openings if each != opening])
    edited = with_part(draft, place, replaced(draft.parts[place], start, start + len(opening), other))
    reworded = tuple(
        other + each[len(opening) :] if draft.parts[place].text.startswith(each, start) else each
        for each in draft.quotations
    )
    return evolve(edited, quotations=reworded)


def _attribution(draft: Draft, rng: Random) -> Draft:
    """A reporting verb changed, or the source of a statement added."""
    words = edits(draft.language)
    swaps = [
        (place, match.span("verb"), rng.choice([each for each in verbs if each != match.group("verb")]))
        for verbs in (words.verbs, words.verbs_she)
        if verbs
        for place, part in enumerate(draft.parts)
        for match in re.finditer(rf"[”»\"’],? (?:– )?(?P<verb>{'|'.join(verbs)})\b", part.text)
    ]
    ends = [
        (place, (len(part.text) - 1, len(part.text) - 1), f", {rng.choice(words.sources)}")
        for place, part in enumerate(draft.parts)
        if part.kind == "paragraph" and part.text.endswith(".") and not _QUOTED.search(part.text)
    ]
    if not swaps and not ends:
        return draft
    place, span, new = rng.choice(swaps if swaps and (not ends or rng.random() < 0.5) else ends)
    return with_part(draft, place, replaced(draft.parts[place], *span, new))


def _correction_note(draft: Draft, rng: Random) -> Draft:
    """A figure put right, and a closing paragraph that says so."""
    corrected, old, new = _corrected(draft, rng)
    if not old:
        return draft
    note = fill(choose(edits(draft.language).note, rng), {"old": old, "new": new})
    return evolve(corrected, parts=(*corrected.parts, Part(kind="paragraph", text=note)))


def _large_rewrite(draft: Draft, rng: Random) -> Draft:
    """Half of the paragraphs gone, the rest in another order among new ones, under another headline."""
    kept = [part for part in draft.parts if part.kind == "paragraph" and not part.text.endswith(":")]
    kept = rng.sample(kept, len(kept) // 2)
    templates = edits(draft.language).additions
    added = [
        Part(kind="paragraph", text=fill(choose(each, rng), {})) for each in rng.sample(templates, rng.randrange(4, 7))
    ]
    parts = rng.sample(kept + added, len(kept) + len(added))
    body = "\n".join(part.text for part in parts)
    rewritten = evolve(draft, parts=tuple(parts), quotations=tuple(each for each in draft.quotations if each in body))
    return with_other_headline(rewritten, rng)


def _outside_quotes(draft: Draft, pattern: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
    """(place of the part, match) in paragraphs, but in nothing that is quoted."""
    for place, part in enumerate(draft.parts):
        if part.kind != "paragraph":
            continue
        quoted = [match.span() for match in _QUOTED.finditer(part.text)]
        for match in pattern.finditer(part.text):
            if not any(start < match.end() and match.start() < end for start, end in quoted):
                yield place, match


_CONTEXT = re.compile(r"(?:(?<=[ ])|^)(?P<left>[\w’]+ )?\[(?P<options>[^\[\]{}]+)\](?P<right> [\w’]+)?")


@cache
def _phrasings(language: Language) -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    """(pattern whose group `said` is one option of a template between its neighbours, the other options)."""
    told = [line for each in kinds(language).values() for line in each.points]
    found: dict[str, tuple[str, ...]] = {}
    for line in (*told, *common(language).background):
        for match in _CONTEXT.finditer(line):
            options = match["options"].split("|")
            left, right = match["left"] or "", match["right"] or ""
            if not (left and right) or not all(options):
                continue
            for option in options:
                pattern = rf"(?<={re.escape(left)})(?P<said>{re.escape(option)})(?={re.escape(right)}\b)"
                found.setdefault(pattern, tuple(each for each in options if each != option))
    return tuple((re.compile(pattern), others) for pattern, others in found.items())


_EDITS: Mapping[EditKind, Callable[[Draft, Random], Draft]] = {
    "typo": _typo,
    "wording": _wording,
    "figures": _figures,
    "names": _names,
    "quotation": _quotation,
    "headline": with_other_headline,
    "attribution": _attribution,
    "correction note": _correction_note,
    "large rewrite": _large_rewrite,
}

"""What a copy did to its source: sentences cut, added, changed and moved; takes texts, gives sentences as printed."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from attrs import frozen

from pipelines.tracing.words import sentences, words

_SAME_SENTENCE = 0.6
"""Ratio of common words in order from which a sentence is a changed one rather than another."""

_COMPARED = 200
"""Words of a sentence that are compared; what is longer is a list without full stops, and comparing it whole is
quadratic."""


@frozen(kw_only=True)
class Changes:
    """A copy beside its source, or its sources."""

    kept: int
    """Sentences that both have, marks and spelling apart."""
    reprinted: int
    """Of those, how many differ in quotation marks, spelling or white space."""
    moved: int
    """Of those, the fewest that would have to move for the order to be the source's."""
    cut: tuple[str, ...]
    """The source's sentences that the copy has not."""
    added: tuple[str, ...]
    """The copy's sentences that no source has."""
    changed: tuple[tuple[str, str], ...]
    """(source, copy): sentences told a little otherwise."""


def changes(source: str, copy: str, further: Iterable[str] = ()) -> Changes:
    """What a copy did to its main source; a sentence of a further source is not counted as added."""
    old, new = sentences(source), sentences(copy)
    old_words, new_words = [words(each) for each in old], [words(each) for each in new]
    matched = _same(old_words, new_words)
    changed = _alike(old_words, new_words, set(matched.values()), set(matched))
    elsewhere = {tuple(words(each)) for text in further for each in sentences(text)}
    paired = {**matched, **changed}
    taken = set(paired.values())
    return Changes(
        kept=len(matched),
        reprinted=sum(old[before] != new[after] for after, before in matched.items()),
        moved=len(matched) - _longest_rise([before for _, before in sorted(matched.items())]),
        cut=tuple(text for place, text in enumerate(old) if place not in taken and old_words[place]),
        added=tuple(
            text
            for place, text in enumerate(new)
            if place not in paired and new_words[place] and tuple(new_words[place]) not in elsewhere
        ),
        changed=tuple((old[before], new[after]) for after, before in sorted(changed.items())),
    )


def _same(old: Sequence[list[str]], new: Sequence[list[str]]) -> dict[int, int]:
    """Place in the copy to place in the source of the sentences with the same words."""
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, said in enumerate(old):
        places[tuple(said)].append(place)
    matched = {}
    for place, said in enumerate(new):
        if said and places[tuple(said)]:
            matched[place] = places[tuple(said)].pop(0)
    return matched


def _alike(
    old: Sequence[list[str]], new: Sequence[list[str]], old_taken: set[int], new_taken: set[int]
) -> dict[int, int]:
    """The same for sentences that are not equal but alike, the likest pairs first."""
    pairs = []
    left = [(before, told, {*told}) for before, told in enumerate(old) if told and before not in old_taken]
    for after, said in enumerate(new):
        if not said or after in new_taken:
            continue
        own = {*said}
        for before, told, held in left:
            if 2 * len(own & held) >= _SAME_SENTENCE * (len(own) + len(held)):
                ratio = SequenceMatcher(None, told[:_COMPARED], said[:_COMPARED], autojunk=False).ratio()
                if ratio >= _SAME_SENTENCE:
                    pairs.append((-ratio, after, before))
    matched: dict[int, int] = {}
    for _, after, before in sorted(pairs):
        if after not in matched and before not in matched.values():
            matched[after] = before
    return matched


def _longest_rise(places: Sequence[int]) -> int:
    """How many of the numbers, at most, rise from left to right."""
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends)

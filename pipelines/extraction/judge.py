"""Weighs the witnesses of a body: the rules, the page's own JSON-LD, the generic reader."""

import re
from collections import Counter, defaultdict
from itertools import repeat

from attrs import frozen

from pipelines.extraction.document import Document
from pipelines.extraction.generic import read_generic
from pipelines.extraction.known import Reading, read_known
from pipelines.rules import Era, Rules

_WORD = re.compile(r"\w+")
_LONGEST_MEAN = 15
"""Characters of a part, white space included; no script that parts its words has longer ones in the mean."""
_DISAGREE = 0.5
"""Below this a witness contradicts; two readings of one article share more than half of their words."""


@frozen(kw_only=True, eq=False)
class Judged:
    """The reading that stands, and how far the witnesses agree on it."""

    reading: Reading
    era: Era | None
    reason: str | None = None
    agreement: float | None = None


def judge(document: Document, rules: Rules | None) -> Judged:
    """Reads by the rules where they hold, else generically; what contradicts the rules is marked.

    The second witness is the body that the page itself states, else the element that holds most paragraphs; only where
    both contradict, the dear third one is heard.
    """
    expected = rules is not None and (not rules.is_platform or rules.name == document.outlet.platform)
    changed = "layout-changed" if expected else None
    known = read_known(document, rules) if rules else None
    stated = document.structured.text("articleBody") or ""
    if known is None or known.era is None:
        reading = read_generic(document)
        return Judged(reading=reading, era=None, reason=changed, agreement=_agreement(_text(reading), stated))
    mark = changed if _headline_is_lost(document, known.era) else None
    body = _text(known)
    agreement = _agreement(body, stated)
    if agreement is None or agreement < _DISAGREE:
        agreement = max(agreement or 0.0, _agreement(body, _fullest(document, known.era)) or 0.0)
    if agreement >= _DISAGREE:
        return Judged(reading=known, era=known.era, reason=mark, agreement=agreement)
    other = read_generic(document)
    agreement = max(agreement, _agreement(body, _text(other)) or 0.0)
    if agreement < _DISAGREE and other.blocks:
        return Judged(reading=other, era=None, reason="layout-changed", agreement=agreement)
    return Judged(reading=known, era=known.era, reason=mark, agreement=agreement)


def _headline_is_lost(document: Document, era: Era) -> bool:
    """True where none of the places that the rules know for the headline is there any more."""
    scope = document.scope_of(era)
    places = [c.value for c in era.fields.get("headline", ()) if c.kind == "css"]
    return bool(places) and not any(scope.css_first(place) for place in places)


def _fullest(document: Document, era: Era) -> str:
    """The paragraphs of the element that directly holds most of them by length, where the page is ours."""
    held: defaultdict[int, list[str]] = defaultdict(list)
    for paragraph in document.scope_of(era).css("p"):
        held[paragraph.parent.mem_id if paragraph.parent else 0].append(paragraph.text())
    return "\n".join(max(held.values(), key=lambda texts: sum(map(len, texts)), default=[]))


def _text(reading: Reading) -> str:
    return "\n".join(b.text for b in reading.blocks)


def _words(text: str) -> list[str]:
    """What white space parts, which costs a third of looking for words; words, where a script has no white space."""
    parts = text.casefold().split()
    return parts if len(parts) * _LONGEST_MEAN >= len(text) else _WORD.findall(text.casefold())


def _agreement(one: str, other: str) -> float | None:
    """F1 of the words of two texts; None where one of them is empty."""
    left, right = _words(one), _words(other) if one else []
    if not left or not right:
        return None
    if left == right:
        return 1.0
    ours, theirs = Counter(left), Counter(right)
    common = sum(map(min, ours.values(), map(theirs.get, ours, repeat(0))))
    return round(2 * common / (len(left) + len(right)), 3)

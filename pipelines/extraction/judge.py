"""Weighs the witnesses of a body: the rules, the page's own JSON-LD, the generic reader."""

import re
from collections import Counter

from attrs import frozen

from pipelines.extraction.document import Document
from pipelines.extraction.generic import read_generic
from pipelines.extraction.known import Reading, read_known
from pipelines.rules import Era, Rules

_WORD = re.compile(r"\w+")
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
    """Reads by the rules where they hold, else generically; a rules body that others contradict is marked."""
    known = read_known(document, rules) if rules else None
    stated = document.structured.text("articleBody") or ""
    if known is None:
        reading = read_generic(document)
        changed = "layout-changed" if rules and not rules.is_platform else None
        return Judged(reading=reading, era=None, reason=changed, agreement=_agreement(_text(reading), stated))
    agreement = _agreement(_text(known), stated)
    if agreement is None or agreement >= _DISAGREE:
        return Judged(reading=known, era=known.era, agreement=agreement)
    other = read_generic(document)
    second = _agreement(_text(known), _text(other))
    if second is not None and second < _DISAGREE:
        return Judged(reading=other, era=None, reason="layout-changed", agreement=max(agreement, second))
    return Judged(reading=known, era=known.era, agreement=max(agreement, second or 0.0))


def _text(reading: Reading) -> str:
    return "\n".join(b.text for b in reading.blocks)


def _agreement(one: str, other: str) -> float | None:
    """F1 of the words of two texts; None where one of them is empty."""
    left, right = Counter(_WORD.findall(one.casefold())), Counter(_WORD.findall(other.casefold()))
    total = left.total() + right.total()
    if not left or not right:
        return None
    return round(2 * (left & right).total() / total, 3)

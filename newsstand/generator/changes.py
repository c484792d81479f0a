"""Changes of a draft's text that keep its inline links at their words."""

import re
from collections.abc import Callable

from attrs import evolve

from newsstand.story import Draft, Part


def replaced(part: Part, start: int, end: int, new: str) -> Part:
    """The part with `text[start:end]` replaced; a link over the replaced text goes with its words or is dropped."""
    grown = len(new) - (end - start)
    links = []
    for left, right, url in part.links:
        if right <= start:
            links.append((left, right, url))
        elif left >= end:
            links.append((left + grown, right + grown, url))
        elif left <= start and end <= right:
            links.append((left, right + grown, url))
    return evolve(part, text=part.text[:start] + new + part.text[end:], links=tuple(links))


def substituted(draft: Draft, pattern: re.Pattern[str], new: str) -> Draft:
    """The draft with each match replaced in the headlines, the standfirst, the body, the quotations and the caption."""

    def plain(text: str) -> str:
        return pattern.sub(lambda match: new, text)

    return evolve(
        draft,
        headline=plain(draft.headline),
        headlines=tuple(plain(each) for each in draft.headlines),
        standfirst=plain(draft.standfirst),
        parts=tuple(_substituted(part, pattern, new) for part in draft.parts),
        people=tuple(plain(each) for each in draft.people),
        quotations=tuple(plain(each) for each in draft.quotations),
        picture=evolve(draft.picture, caption=plain(draft.picture.caption)),
    )


def _substituted(part: Part, pattern: re.Pattern[str], new: str) -> Part:
    for match in reversed(tuple(pattern.finditer(part.text))):
        part = replaced(part, *match.span(), new)
    return part


def with_part(draft: Draft, place: int, part: Part) -> Draft:
    """The draft with another part at that place."""
    return evolve(draft, parts=(*draft.parts[:place], part, *draft.parts[place + 1 :]))


def reprinted(draft: Draft, letters: Callable[[str], str]) -> Draft:
    """The draft with all that is printed passed through a function that keeps every text's length."""
    return evolve(
        draft,
        headline=letters(draft.headline),
        headlines=tuple(letters(each) for each in draft.headlines),
        standfirst=letters(draft.standfirst),
        parts=tuple(evolve(part, text=letters(part.text)) for part in draft.parts),
        quotations=tuple(letters(each) for each in draft.quotations),
    )


_OPENING = {"“", "«", "„", "‘"}
_CLOSING = {"”", "»"}


def marked(text: str, opening: str, closing: str) -> str:
    """The text with its double quotation marks replaced, letter for letter.

    A typed mark opens at the start or after a space, a bracket or a dash; an apostrophe (’) is never touched.
    """
    letters = []
    for place, letter in enumerate(text):
        before = text[place - 1] if place else " "
        if letter in _OPENING or (letter == '"' and before in " (–—"):
            letters.append(opening)
        elif letter in _CLOSING or letter == '"':
            letters.append(closing)
        else:
            letters.append(letter)
    return "".join(letters)

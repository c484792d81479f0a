"""Templates into sentences: `[one|other]` is a choice, `{slot}` a fact, `{A~said-he/said-she}` agrees with a person."""

import re
from collections.abc import Mapping
from random import Random

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{([A-Za-z0-9]+)(?:(\.[a-z]+)|~([^{}/]*)/([^{}/]*))?\}")


def choose(template: str, rng: Random) -> str:
    """The template with its choices made, its slots still open."""
    return _CHOICE.sub(lambda match: rng.choice(match.group(1).split("|")), template)


def fill(chosen: str, facts: Mapping[str, str]) -> str:
    """The sentence, its first letter a capital.

    Raises KeyError where a slot is not among the facts; a person's sex is the fact `A.sex`, "f" or "m".
    """

    def slot(match: re.Match[str]) -> str:
        name, case, he, she = match.groups()
        if he is not None:
            return str(she) if facts[f"{name}.sex"] == "f" else str(he)
        return facts[name + (case or "")]

    return capital(_SLOT.sub(slot, chosen))


def capital(text: str) -> str:
    """The text with its first letter large, whatever marks stand before it."""
    for place, letter in enumerate(text):
        if letter.isalnum():
            return text[:place] + letter.upper() + text[place + 1 :]
    return text

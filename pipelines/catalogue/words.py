"""Words of Ukrainian, Russian and English texts cut to light stems: what full-text search compares.

No language is asked for: Cyrillic words lose the inflections of Ukrainian and Russian nouns, adjectives and verbs,
Latin words the English ones. Sounds that change inside a word (рік, року) stay apart. Pure.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_APOSTROPHES = "'’ʼ‘`"
_MARKS = "\u0300-\u036f"
WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}]|[{_APOSTROPHES}](?=[^\W_]))*")
"""A word as printed: letters and digits, stress marks, an apostrophe between two letters."""
MAX_WORD_CHARS = 64
"""A longer run of letters is no word; both databases have limits of their own beyond it."""
_LEAST_STEM = 3

_REFLEXIVE = re.compile(r"(?<=[а-яєіїґ]{4})(?:ся|сь)$")
_CYRILLIC = re.compile(
    r"(?:овування|ування|ювання|ірування|ими|ыми|іми|ого|ому|ему|ього|ьому|его|єму|ями|ами|ові|еві|єві|"
    r"ують|юють|ають|яють|уват[иь]|юват[иь]|оват[иь]|ирова|ував|ював|овал|увал|ювал|ать|ять|ить|еть|ати|яти|ити|іти|"
    r"ого|ая|яя|ої|ою|ею|єю|ій|ий|ый|ой|ей|єй|ую|юю|их|ых|іх|їх|им|ым|ім|їм|ом|ем|єм|ах|ях|ам|ям|ів|їв|ов|ев|єв|"
    r"ає|яє|ет|ит|ют|ут|ят|ат|ла|ло|ли|ав|яв|ив|ил|ыл|ія|ії|ію|ие|ия|ии|ию|ые|ое|ее|ать|"
    r"[аоуеиіїєюяыэьй])$"
)
_VOWELS = re.compile(r"[аоуеиіїєюяыэьй]+$")
_LATIN = re.compile(r"(?:ingly|edly|ing|ed|ly)$")


def words_of(text: str) -> Iterator[re.Match[str]]:
    """The words of a text as printed, with their places."""
    return WORD.finditer(text)


def stems_of(text: str) -> list[str]:
    """The stems of a text's words, in order."""
    return [stem(match[0]) for match in words_of(text) if len(match[0]) <= MAX_WORD_CHARS]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of one word: letters and digits only, never empty."""
    plain = folded(word)
    if not plain.isalpha():
        return plain
    return _latin_stem(plain) if plain.isascii() else _cyrillic_stem(plain)


@lru_cache(maxsize=65_536)
def folded(word: str) -> str:
    """The word in lower case, without stress marks and apostrophes, ё and ґ as е and г; its possessive 's is gone."""
    bare = unicodedata.normalize("NFC", re.sub(r"[\u0300\u0301]", "", unicodedata.normalize("NFC", word)))
    bare = re.sub(rf"[{_APOSTROPHES}]s$", "", bare.casefold())
    kept = "".join(c for c in bare if c.isalnum() and c not in _APOSTROPHES)
    return kept.replace("ё", "е").replace("ґ", "г") or bare


def _cyrillic_stem(word: str) -> str:
    word = _REFLEXIVE.sub("", word)
    cut = _shortened(word, _CYRILLIC)
    return _shortened(cut, _VOWELS)


def _latin_stem(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "i"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = _kept(word, word[:-1])
    word = _shortened(word, _LATIN)
    if len(word) > _LEAST_STEM and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    if word.endswith("e"):
        word = _kept(word, word[:-1])
    return word[:-1] + "i" if word.endswith("y") and len(word) > _LEAST_STEM else word


def _shortened(word: str, ending: re.Pattern[str]) -> str:
    return _kept(word, ending.sub("", word))


def _kept(word: str, cut: str) -> str:
    """The cut word, unless too little of it is left."""
    return cut if len(cut) >= _LEAST_STEM else word

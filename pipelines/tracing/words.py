"""Text into words that compare: marks, spelling, script and case endings out of the way; knows no article."""

import re
import unicodedata
from functools import lru_cache

_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ`](?=\w)")
_ACCENT = re.compile(r"[\u0300-\u036f]")
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”»’')\]]{0,3} (?=[\"“«‘'(\[–—-]{0,3} ?[^\W_a-zа-яіїєґё])")
_AMERICAN = (
    (re.compile(r"(?<=\w{3})our(?=$|s$|ed$|ing$|able$|ite$|hood$|ly$|er$|ers$)"), "or"),
    (re.compile(r"(?<=\w{3})is(?=e$|ed$|es$|er$|ers$|ing$|ation$|ations$)"), "iz"),
    (re.compile(r"(?<=\w{2}[tb])re$"), "er"),
    (re.compile(r"(?<=def|ffe)ence(?=s?$)|(?<=fen)ce(?=s?$)"), "ense"),
    (re.compile(r"(?<=\w[aeiou])ll(?=ed$|ing$|er$|ers$)"), "l"),
    (re.compile(r"mme(?=s?$)"), "m"),
)
"""British endings as the American press writes them; a word that only looks like one is changed alike everywhere."""

_LATIN = dict(
    zip(
        "абвгдеєжзиіїйклмнопрстуфхцчшщюяёыэъь",
        (*"a b v h d e e s s i i i i k l m n o p r s t u f h s s s s u a e i e".split(), "", ""),
        strict=True,
    )
)
"""Letters of Ukrainian and Russian by sound, as coarse as their transliterations differ: all sibilants are one."""
_ENDING = re.compile(r"(?:ого|ому|ему|ого|ому|ими|ыми|ами|ями|ых|их|ах|ях|им|ым|ом|ем|єм|ам|ям)$")
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("(?<=[ao])h(?=[nlmr])", ""), ("shch|sch|tch|zh|ts|tz|ch|sh|c(?=[eiy])", "s"), ("j|dg", "ds"), ("kh|gh|g", "h"),
        ("th", "t"), ("ph", "f"), ("ck|c|q", "k"), ("x", "ks"), ("wh", "v"), ("owe?$", "o"), ("w", "v"), ("z", "s"),
    )
)  # fmt: skip
"""English spellings by sound, in order."""
_LOCATIVE = re.compile(r"ц(?=і$)")
"""Ukrainian writes Тернівка as Тернівці."""
_SHORT = 5
"""Letters of a word that is taken to have no long case ending."""
_VOWELS = re.compile(r"[aeiouy]")
_DOUBLE = re.compile(r"(.)\1+")


def plain(text: str) -> str:
    """The text without case, accents and apostrophes inside words."""
    folded = unicodedata.normalize("NFKD", _APOSTROPHE.sub("", text).casefold().replace("ґ", "г"))
    return _ACCENT.sub("", folded)


def words(text: str) -> list[str]:
    """The words and numbers of a text in order, spelling normalised."""
    return [_american(word) for word in _WORD.findall(plain(text))]


@lru_cache(maxsize=200_000)
def _american(word: str) -> str:
    if not word.isascii():
        return word
    for pattern, ending in _AMERICAN:
        word = pattern.sub(ending, word)
    return word


def sentences(text: str) -> list[str]:
    """The sentences of a text in order, white space as single spaces; a block's end ends one."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return [each.strip() for line in lines for each in _SENTENCE.split(line) if each.strip()]


@lru_cache(maxsize=200_000)
def skeleton(word: str) -> str:
    """The consonants of a word by sound, the same in Ukrainian, Russian and English spelling of most names.

    `Hegseth`, `Гегсет` and `Хегсет` give one; a Cyrillic case ending goes. Empty where a word has no consonant.
    """
    folded = plain(word)
    if folded.isascii():
        for written, sound in _SOUNDS:
            folded = written.sub(sound, folded)
    else:
        if len(folded) > _SHORT:
            folded = _ENDING.sub("", folded)
        folded = "".join(_LATIN.get(letter, letter) for letter in _LOCATIVE.sub("к", folded))
    vowel = "*" if folded[:1] and folded[0] in "aeiouy" else ""
    consonants = _DOUBLE.sub(r"\1", _VOWELS.sub("", folded))
    return vowel + consonants if consonants else ""

"""What an article is about, in marks that compare across outlets and languages: names, figures, words, quotations."""

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from attrs import frozen

from pipelines.dates import month_number
from pipelines.tracing.quotations import find_quotations, pieces
from pipelines.tracing.words import plain, sentences, skeleton, words

_TOKEN = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s$|['’]$")
_NUMBER = re.compile(
    r"(?<![\w.,:])\d{1,3}(?:[ \u00a0\u202f,]\d{3})+(?![\d])|(?<![\w.,:])\d+(?:[.,]\d+)?(?![\d])|\d+(?=-)"
)
_CLOCK = re.compile(r"(?<![\d.:,])\d{1,2}:\d{2}(?![\d:])")
_DATE = re.compile(
    r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?\s+(?P<month>[^\W\d_]{3,12})|"
    r"(?P<month2>[A-Z][a-z]{2,8})\.?\s+\d{1,2}(?!\d|,\d{3})"
)
_LEAST_FIGURE = 10
"""Smaller numbers say little: they are in every text."""
_LEAST_CONSONANTS = 3
"""Of a word that is no name: shorter skeletons are those of little words, and of many."""


@frozen(kw_only=True)
class Marks:
    """What an article is about: each mark with how often it stands."""

    names: Counter[str]
    """Skeletons of words written large inside a sentence."""
    figures: Counter[str]
    """Counts, shares, sums and times as digits with a point; no days, which all that happens on them names."""
    words: Counter[str]
    """Skeletons of all other words of three consonants and more."""
    said: Counter[str]
    """Each three words in a row of its quotations."""


def marks(headline: str, body: str) -> Marks:
    """The marks of an article; the headline gives words and figures, no names: English writes it large."""
    text = f"{headline}\n{body}"
    names = _names(body)
    known: Counter[str] = Counter()
    common: Counter[str] = Counter()
    for token in _TOKEN.findall(text):
        bare = _POSSESSIVE.sub("", token)
        form = skeleton(bare)
        if bare[:1].isupper() and form in names:
            known[form] += 1
        elif len(form.lstrip("*")) >= _LEAST_CONSONANTS:
            common[form] += 1
    said = Counter(" ".join(piece) for each in find_quotations(body) for piece in pieces(words(each.text)))
    return Marks(names=known, figures=_figures(_DATE.sub(_undated, text)), words=common, said=said)


def printed(body: str, wanted: Callable[[str], bool]) -> tuple[str, ...]:
    """The names and figures of a body whose marks are wanted, as first printed: names first, neighbours as one."""
    names = _names(body)
    found: dict[str, None] = {}
    run: list[str] = []
    end = -1
    for match in _TOKEN.finditer(body):
        word = _POSSESSIVE.sub("", match.group())
        form = skeleton(word)
        if word[0].isupper() and form in names and wanted(form):
            if body[end : match.start()] != " ":
                found[" ".join(run)] = None
                run = []
            run.append(word)
            end = match.end()
    found[" ".join(run)] = None
    figures = [figure for figure in _figures(_DATE.sub(_undated, body)) if wanted(figure)]
    return tuple(form for form in (*found, *figures) if form)


def _names(body: str) -> set[str]:
    """The skeletons of what is written large where a sentence doesn't begin."""
    found = set()
    for sentence in sentences(body):
        for match in list(_TOKEN.finditer(sentence))[1:]:
            word = _POSSESSIVE.sub("", match.group())
            before = sentence[max(0, match.start() - 3) : match.start()].rstrip()
            if word[0].isupper() and not before.endswith((".", "!", "?", ":", "…")) and before[-1:] not in "“\"‘'":
                form = skeleton(word)
                if form and not _is_month(word):
                    found.add(form)
    return found


def _undated(match: re.Match[str]) -> str:
    """Nothing where a day of a month is named, else what stood there."""
    return " " if _is_month(match["month"] or match["month2"]) else match.group()


@lru_cache(maxsize=100_000)
def _is_month(word: str) -> bool:
    return month_number(word) is not None


def _figures(text: str) -> Counter[str]:
    found = Counter(match.group() for match in _CLOCK.finditer(text))
    for match in _NUMBER.finditer(_CLOCK.sub(" ", text)):
        written = re.sub(r"[ \u00a0\u202f]|,(?=\d{3}(?!\d))", "", match.group()).replace(",", ".")
        if "." in written or int(written) >= _LEAST_FIGURE:
            found[plain(written)] += 1
    return found

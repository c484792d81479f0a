"""Quotations: found in a text, attributed to who said them, and followed from one text to others."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from attrs import frozen

from pipelines.tracing.words import sentences, skeleton, words

_MARKED = re.compile(
    "“(?P<a>[^“”]+)(?:”|$)|«(?P<b>[^«»]+)»|„(?P<c>[^„“”]+)[“”]|\"(?P<d>[^\"]+)(?:\"|$)"
    r"|(?<![\w’'])[‘'](?=[\w«“\[…])(?P<e>[^‘]{1,1000}?)(?<=[\w.,!?…»”])[’'](?![\w])"
)  # fmt: skip
"""A quotation between marks of one kind; one opened by curly or typed marks may run to the paragraph's end, as English
writes a quotation of several paragraphs. A single mark inside a word is an apostrophe; single marks hold a thousand
letters at most, since most of them close nothing."""
LEAST_WORDS = 4
"""Shorter words between marks are a name, a title or a word held at a distance, not what somebody said."""

_NAME = r"[^\W\d_a-zа-яіїєґё][\w’'-]+"
_PERSON = re.compile(rf"{_NAME}(?:\s+(?:(?:de|van|von|der|da|al|el|bin)\s+)?{_NAME}){{0,2}}")
_VERB = re.compile(
    r"\b(?:said|says|told|tells|added|adds|stressed|stated|explained|noted|wrote|writes|posted|replied|declared|"
    r"answered|announced|argued|warned|insisted|continued|asked|recalled|emphasi[sz]ed|put it|according to|"
    r"in the words of|"
    r"сказа\w+|каже|розпові\w+|поясни\w+|наголоси\w+|зазначи\w+|дода\w+|заяви\w+|повідоми\w+|написа\w+|відпові\w+|"
    r"вислови\w+|озва\w+|повтори\w+|підкресли\w+|переконан\w+|вважає|за словами|"
    r"говорит|рассказа\w+|объясни\w+|пояснил\w*|отмети\w+|добави\w+|заяви\w+|сообщи\w+|ответи\w+|подчеркну\w+|"
    r"вырази\w+|высказа\w+|отозва\w+|повтори\w+|уверен\w*|считает|по словам)\b",
    re.IGNORECASE,
)
_GOVERNED = re.compile(
    r"\b(?:with|of|to|for|from|against|at|in|on|near|about|via|з|із|до|від|у|в|на|с|из|от|к)\s+$", re.I
)
"""After such a word stands whom the sentence is about, seldom who speaks."""
_LABEL = re.compile(r"^(?:source|quote|details|джерело|пряма мова|цитата|деталі|источник|прямая речь|детали)\s*:", re.I)
_NO_PERSON = frozenset(
    skeleton(word)
    for word in "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April June July "
    "August September October November December President Minister Secretary The This That These It He She They We "
    "But And In On At For Our Speaking Standing Asked Commenting According Source Quote Details Background Mr Mrs Ms "
    "Президент Міністр Министр Мер Голова Глава Директор Це Він Вона Вони Він Як На За Про Перед Также Он Она Они Это "
    "По Об Как Після После Джерело Источник Деталі Детали".split()
)

_ACRONYM = 4
"""Letters: NATO, US, МЗС are nobody's name."""


@frozen(kw_only=True)
class Quotation:
    """What somebody said, as one text has it."""

    place: int
    """Its number in the text, from 0."""
    text: str
    """Between the marks, without them."""
    speaker: str | None
    """As the text names them nearby; None where it names nobody."""


def marked(paragraph: str, least_words: int = LEAST_WORDS) -> Iterator[tuple[int, int]]:
    """(start, end) of what stands between quotation marks in a paragraph and is long enough to be somebody's words."""
    for match in _MARKED.finditer(paragraph):
        if match.lastgroup and len(match[match.lastgroup].split()) >= least_words:
            yield match.span(match.lastgroup)


def unquoted(text: str) -> str:
    """The text without quotations: what its writer wrote."""
    kept = []
    for paragraph in text.split("\n"):
        edges = [0, *(edge for span in marked(paragraph) for edge in span), len(paragraph)]
        kept.append(" ".join(paragraph[start:end] for start, end in list(pairwise(edges))[::2]))
    return "\n".join(kept)


def find_quotations(text: str) -> tuple[Quotation, ...]:
    """The quotations of a text in order, each with its speaker.

    The speaker is the person named beside a verb of saying in the words around the quotation, else in the same
    paragraph, else the last one quoted, since "he said" means them.
    """
    found: list[Quotation] = []
    last: str | None = None
    announced: str | None = None
    for paragraph in text.split("\n"):
        spans = list(marked(paragraph))
        if not spans and _LABEL.match(paragraph):
            announced = _person(paragraph.partition(":")[2]) or announced
            continue
        for number, (start, end) in enumerate(spans):
            before = paragraph[spans[number - 1][1] if number else 0 : start]
            after = paragraph[end : spans[number + 1][0] if number + 1 < len(spans) else len(paragraph)]
            last = _beside(before, after) or (announced if _LABEL.match(paragraph) else None) or last or announced
            found.append(Quotation(place=len(found), text=paragraph[start:end].strip(" ,.–—-"), speaker=last))
    return tuple(found)


def _beside(before: str, after: str) -> str | None:
    """The person that the words after a quotation, else those before it, name with a verb of saying."""
    following = (sentences(after.lstrip("”»\"’', ")) or [""])[0]
    for words_beside in (following, *reversed(sentences(before)[-2:])):
        if _VERB.search(words_beside) and (person := _person(words_beside)):
            return person
    tail = re.match(r"\s*[”»\"’']?\s*[–—-]\s*(.+)", after)
    return _person(tail[1]) if tail else None


def _person(text: str) -> str | None:
    """The name nearest to the verb of saying; a role in capitals before it goes."""
    verb = _VERB.search(text)
    at = verb.start() if verb else 0
    people = [
        (bool(_GOVERNED.search(text[max(0, match.start() - 8) : match.start()])), abs(match.start() - at), name)
        for match in _PERSON.finditer(text)
        if (name := _named(match.group()))
    ]
    return min(people)[2] if people else None


def _named(run: str) -> str:
    parts = [re.sub(r"[’']s$", "", part) for part in run.split()]
    while parts and (skeleton(parts[0]) in _NO_PERSON or (parts[0].isupper() and len(parts[0]) <= _ACRONYM)):
        parts.pop(0)
    return " ".join(parts)


def follow(quotations: Mapping[str, Iterable[Quotation]]) -> tuple[tuple[tuple[str, Quotation], ...], ...]:
    """Groups of (text id, quotation) that are the same words, whole or in part; only groups over more than one text.

    The longest stands first. Pieces of one long quotation, parted by "he said", fall into its group.
    """
    every = [(name, quotation, words(quotation.text)) for name in sorted(quotations) for quotation in quotations[name]]
    every = sorted((each for each in every if each[2]), key=lambda each: (-len(each[2]), each[0], each[1].place))
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    leader = list(range(len(every)))
    for number, (_, _, said) in enumerate(every):
        overlaps: dict[int, int] = defaultdict(int)
        held = set(pieces(said))
        for piece in held:
            for other in holders[piece]:
                overlaps[other] += 1
            holders[piece].append(number)
        best = max(overlaps, key=lambda other: (overlaps[other], -other), default=None)
        if best is not None and overlaps[best] >= _SAME * len(held):
            leader[number] = leader[best]
    groups: dict[int, list[tuple[str, Quotation]]] = defaultdict(list)
    for number, (name, quotation, _) in enumerate(every):
        groups[leader[number]].append((name, quotation))
    return tuple(tuple(group) for group in groups.values() if len({name for name, _ in group}) > 1)


_SAME = 0.6
"""Share of a quotation's three-word pieces that another holds where both are the same words: allows for an editor's cut
or a word heard otherwise; two quotations of one speaker on one subject share less than a third."""


def pieces(said: Sequence[str]) -> list[tuple[str, ...]]:
    """Each three words in a row; the words themselves where they are fewer."""
    return [tuple(said[place : place + 3]) for place in range(max(1, len(said) - 2))]

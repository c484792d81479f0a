"""Takes two versions of a text, says what kind of edit made the one of the other; pure.

The kinds are those that editors know: see KINDS.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Literal, get_args

from pipelines.text.compare import WORD, BlockChange, Swap, Text, compare, swaps_of, words_of

EditKind = Literal[
    "typo", "wording", "figures", "names", "quotation", "headline", "attribution", "correction note", "large rewrite"
]
KINDS: tuple[EditKind, ...] = get_args(EditKind)

_REWRITTEN = 0.75
"""Share of the words that stand still, below which a text is written anew."""

_BEFORE_SENTENCE = frozenset('.!?…“«"„—–')
_LONGEST_OPENER = 4
"""Letters of words such as "The", "They", "Це", "Этот" that open sentences and are no names."""

_NOTE = re.compile(
    r"(?i)^\W*(?:correction|clarification|editor.?s.? note|виправлен|уточнен|исправлен|поправк|від редакц|от редакц)|"
    r"(?:an? earlier|a previous) version of this|(?:попередн|ранн)\w+ верс|(?:предыдущ|ранн)\w+ верс"
)
_SAYING = re.compile(
    r"(?i)^(?:sa(?:id|ys|ying)|t(?:old|ells)|explain|stress|add(?:ed|s)$|not(?:ed|es)$|recall|wrote|writes|post(?:ed|s)$|"
    r"stat(?:ed|es)$|claim|report|announc|declar|emphasi|underlin|remark|insist|argu|warn|admit|conced|acknowledg|"
    r"comment|observ|continu|conclud|tweet|reveal|confirm|assert|"
    r"сказа|зауваж|поясни|пояснює|наголоси|наголошу|дода[влє]|зазначи|зазнача|нагада|написа|опублікува|заяви|заявля|"
    r"повідоми|повідомля|розпові|підкресли|уточни|ствердж|визна[влє]|запевни|каже|додає|пише|"
    r"объясни|поясня|подчеркн|отмети|отмеча|напомни|доба[вл]|опубликова|сообщи|сообща|рассказа|утвержд|призна[лё]|"
    r"заверил|замети|замеча|говорит|пишет|указал)"
)
_SOURCE = re.compile(
    r"(?i)\baccording to\b|\breported\b|\bsources?\b|\bas follows from\b|\bcit(?:ed|ing)\b|\bfamiliar with\b|\btold\b|"
    r"\bза (?:слов|дани|інформац|повідомлен)|\bповідом|\bджерел|\bяк (?:випливає|йдеться|стало відомо)|\bпише\b|"
    r"\bпо (?:слов|данн|информац|сообщен)|\bсообщ|\bисточник|\bкак (?:следует|говорится|стало известно)|"
    r"\bсо ссылкой|\bз посиланням|"
    r"\b(?:го)?вор(?:ится|иться) (?:в|у)\b|\bй?ідеться (?:в|у)\b|\bйдеться (?:в|у)\b|\bпередає\b|"
    r"\bпередает\b|\bзізнали|\bрассказал|\bрозпові"
)
_QUOTED = re.compile(r"“[^”]*”?|«[^»]*»?|„[^“”]*[“”]?|\"[^\"]*\"?|(?<!\w)‘[^’]*(?:’(?=\w)[^’]*)*’?")


def kind_of(old: Text, new: Text) -> EditKind | None:
    """The kind of edit that made the new version of the old one; None where no word differs."""
    headline, *body = compare(old, new)
    changed = [block for block in body if block.changed]
    if not changed:
        return "headline" if headline.changed else None
    if _standing(old, body) < _REWRITTEN:
        return "large rewrite"
    if any(block.old is None and block.new and _NOTE.search(block.new) for block in changed):
        return "correction note"
    swaps = [swap for block in changed for swap in swaps_of(block)]
    for kind, fits in _TESTS:
        if all(fits(swap) for swap in swaps) and (kind != "typo" or len(swaps) == 1):
            return kind
    return "wording"


def _standing(old: Text, body: Sequence[BlockChange]) -> float:
    """The share of the old body's words that stand where they stood; blocks that moved do not."""
    total = sum(len(words_of(block)) for block in old.blocks)
    same = sum(len(piece.words) for block in body for piece in block.pieces if piece.op == "same")
    return same / total if total else 0.0


def _is_quotation(swap: Swap) -> bool:
    """The change lies inside quotation marks, on each side that has words."""
    sides = [(swap.block.new, swap.come, swap.at), (swap.block.old, swap.gone, _place(swap.block, swap.gone))]
    return all(_inside(text, words, at) for text, words, at in sides if text and words)


def _place(block: BlockChange, gone: tuple[str, ...]) -> int:
    return next((piece.at for piece in block.pieces if piece.op == "gone" and piece.words == gone), 0)


def _inside(text: str, words: tuple[str, ...], at: int) -> bool:
    spans = [match.span() for match in WORD.finditer(text)][at : at + len(words)]
    if not spans:
        return False
    return any(m.start() <= spans[0][0] and spans[-1][1] <= m.end() for m in _QUOTED.finditer(text))


def _is_figures(swap: Swap) -> bool:
    return (
        _has_digit(swap.gone) and _has_digit(swap.come) and _without_figures(swap.gone) == _without_figures(swap.come)
    )


def _has_digit(words: tuple[str, ...]) -> bool:
    return any(letter.isdigit() for word in words for letter in word)


def _without_figures(words: tuple[str, ...]) -> str:
    return re.sub(r"[\d.,  ]+", "0", " ".join(words))


def _is_names(swap: Swap) -> bool:
    """Capitalised words for capitalised words, not merely because a sentence begins there.

    At the beginning of one, a word that its block also has in small letters is no name.
    """
    if not swap.gone or len(swap.gone) != len(swap.come):
        return False
    pairs = [(one, other) for one, other in zip(swap.gone, swap.come, strict=True) if one != other]
    if not all(one[:1].isupper() and other[:1].isupper() and one[1:].islower() for one, other in pairs):
        return False
    begins = swap.at == 0 or words_of(swap.block.new or "")[swap.at - 1] in _BEFORE_SENTENCE
    return not begins or all(len(word) > _LONGEST_OPENER for pair in pairs for word in pair)


def _is_attribution(swap: Swap) -> bool:
    """Who says it, or how it is said: a verb of saying for another, or the naming of a source."""
    gone, come = " ".join(swap.gone), " ".join(swap.come)
    if swap.gone and swap.come and len(swap.gone) <= 2 and len(swap.come) <= 2:
        return all(_SAYING.match(side[-1]) or _SAYING.match(side[0]) for side in (swap.gone, swap.come))
    one_side = (gone and not come) or (come and not gone)
    return bool(one_side and _SOURCE.search(gone or come))


def _is_typo(swap: Swap) -> bool:
    """One word for a word a letter or two neighbouring letters away, not by its ending alone."""
    if len(swap.gone) != 1 or len(swap.come) != 1:
        return False
    one, other = swap.gone[0], swap.come[0]
    if min(len(one), len(other)) < 4 or not (one.isalpha() and other.isalpha()):
        return False
    if len(one) == len(other):
        wrong = [place for place in range(len(one)) if one[place] != other[place]]
        swapped = len(wrong) == 2 and Counter(one) == Counter(other)
        return swapped or (len(wrong) == 1 and wrong[0] < len(one) - 2)
    longer, shorter = sorted((one, other), key=len, reverse=True)
    places = [place for place in range(len(longer)) if longer[:place] + longer[place + 1 :] == shorter]
    return len(longer) - len(shorter) == 1 and bool(places) and places[0] < len(longer) - 2


_TESTS: tuple[tuple[EditKind, Callable[[Swap], bool]], ...] = (
    ("quotation", _is_quotation),
    ("figures", _is_figures),
    ("typo", _is_typo),
    ("names", _is_names),
    ("attribution", _is_attribution),
)
"""In this order: what lies in quotation marks is the speaker's, whatever it is."""

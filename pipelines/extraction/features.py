"""What can be measured of a page's blocks, a row of numbers a block: what the block classifier decides by."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from pipelines.extraction.blocks import Level, RawBlock

_WORDS = re.compile(r"\w+")
_GROUPS = (
    ("content", r"article|content|body|text|story|post|entry|main|copy|paragraph|rich"),
    ("articlebody", r"article[-_]*(?:body|text|content|copy)|(?:entry|post|story|body)[-_]*(?:content|body|text|copy)"),
    ("related", r"relat|recommend|more[-_ ]|also|similar|read[-_]?(?:next|more|also)|weitere|mehr|populär|popular"),
    ("listing", r"trend|latest|teaser|card|listing|feed|archive|popular|most|river|stream|promo|tease"),
    ("chrome", r"nav|menu|header|footer|breadcrumb|toolbar|masthead|topbar|logo|search|pagination|pager"),
    ("side", r"sidebar|aside|widget|rail|side|col(?:umn)?[-_]?right|secondary"),
    ("share", r"share|social|sharing|addtoany|follow|twitter|facebook|print|toolbox"),
    ("comment", r"comment|disqus|respond|reply|discussion|kommentar|forum"),
    ("caption", r"caption|figure|image|photo|picture|gallery|media|video|credit|legend|slide|foto|bild|thumb"),
    ("author", r"author|byline|bio|writer|contributor|journalist|autor|profile"),
    ("meta", r"meta|date|time|tags?\b|category|kicker|eyebrow|label|info|dateline|stand|source"),
    ("lead", r"lead|intro|summary|standfirst|subtitle|subhead|dek|excerpt|abstract|teaser|chapo|vorspann|description"),
    ("letter", r"newsletter|subscri|signup|sign-up|register|login|paywall|abo\b|member|premium|donat|cta"),
    ("ad", r"\bad[s\b-]|advert|sponsor|banner|promo|commercial|anzeige|partner|affiliate|outbrain|taboola|shop"),
    ("consent", r"cookie|consent|gdpr|privacy|modal|popup|overlay|lightbox|dialog|notice|alert"),
    ("quote", r"quote|pull|cite|tweet|embed|insta"),
    ("box", r"box|infobox|fact|inset|module|block"),
)
_GROUP_PATTERNS = tuple(re.compile(pattern) for _, pattern in _GROUPS)
_TAGS = "article main aside nav footer header figure figcaption form ul table section blockquote p div".split()
_SMALL = re.compile(
    r"\b(?:share|tweet|e-?mail|print|facebook|twitter|whatsapp|read more|more on|also read|related|"
    r"advertisement|anzeige|werbung|publicité|publicidad|реклама|subscribe|newsletter|sign up|log ?in|"
    r"register|comments?|kommentare?|follow us|copyright|all rights reserved|©|cookies?|photo|foto|image|"
    r"getty|reuters|shutterstock|picture|video|watch|click here|lesen sie|mehr zum thema|lire aussi|"
    r"leggi anche|lee también|читайте|published|updated|posted|last modified|stand:|tags?|topics|themen|"
    r"quelle|source|next|previous|weiter|zurück|home|menu|loading|play|read next|most read|trending)\b",
    re.IGNORECASE,
)
_DATE = re.compile(r"\b\d{1,2}[./:]\d{1,2}(?:[./]\d{2,4})?\b|\b(?:19|20)\d{2}\b")
_END = re.compile(r"[.!?…:;»”\"')\]]\s*$")
_SENTENCE = re.compile(r"[.!?…](?:\s|$)")
_LEAVES = frozenset("p li h1 h2 h3 h4 h5 h6 blockquote pre dd dt tr figcaption".split())
"""Levels that are blocks themselves, not what holds them together."""


def folded(text: str) -> str:
    """The words alone, for comparing texts whatever their marks and spaces."""
    return "".join(_WORDS.findall(text.casefold()))


@frozen(kw_only=True)
class Witnesses:
    """What else is known of the page when its blocks are weighed."""

    first: str = ""
    """The one whose places count most: trafilatura's text, or where it was not heard, Resiliparse's."""
    density: str = ""
    """Resiliparse's main content."""
    stated: str = ""
    """JSON-LD's articleBody."""
    description: str = ""
    headlines: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


@lru_cache(maxsize=8192)
def _groups(names: str) -> tuple[int, ...]:
    """Which groups a class and id name, by place."""
    return tuple(i for i, pattern in enumerate(_GROUP_PATTERNS) if names and pattern.search(names))


class Heard:
    """A witness's text, asked whether it holds a block."""

    def __init__(self, text: str) -> None:
        self.lines = {folded(line) for line in text.splitlines()} - {""}
        self.whole = folded(text)

    def holds(self, key: str) -> int:
        if not key or not self.whole:
            return 0
        if key in self.lines:
            return 1
        return int(len(key) > 25 and (key in self.whole or (len(key) > 80 and key[20:60] in self.whole)))


def holder_of(levels: Sequence[Level]) -> int:
    """The element that holds a block and its neighbours together."""
    return next((level.mem_id for level in reversed(levels) if level.tag not in _LEAVES), 0)


_BMP = 0x10000
_IS_UPPER = np.array([chr(code).isupper() for code in range(_BMP)])
_IS_DIGIT = np.array([chr(code).isdigit() for code in range(_BMP)])


def _own_row(block: RawBlock, words: list[str]) -> list[float]:
    text = block.text
    count = len(words) or 1
    letters = len(text)
    start = text[:160]
    return [
        letters,
        len(words),
        block.link_chars() / letters if block.links else 0.0,
        min(len(block.links), 10),
        min(1.0, block.bold / letters),
        bool(_END.search(text[-20:])),
        min(len(_SENTENCE.findall(text)), 12),
        min(text.count(","), 12) / count,
        0.0,
        0.0,
        len([None for word in words if len(word) < 4]) / count,
        len("".join(words)) / count,
        text[:1].islower(),
        bool(_SMALL.search(start)),
        count < 25 and bool(_DATE.search(start)),
        "|" in text or "»" in text[-2:],
        text.endswith(("…", "...")),
        block.kind == "heading",
        block.kind == "item",
        block.kind == "quote",
    ]


_LENGTHS = [0, 1]
_UPPER, _DIGITS = 8, 9


def _own(blocks: Sequence[RawBlock], words: Sequence[list[str]]) -> NDArray[np.float64]:
    """What each block is by itself; no block is empty."""
    rows = np.array([_own_row(b, w) for b, w in zip(blocks, words, strict=True)], dtype=float)
    sizes = rows[:, 0].copy()
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(int)
    codes = np.frombuffer("".join(b.text for b in blocks).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    codes = np.minimum(codes, _BMP - 1)
    rows[:, _UPPER] = np.add.reduceat(_IS_UPPER[codes].astype(int), starts) / sizes
    rows[:, _DIGITS] = np.add.reduceat(_IS_DIGIT[codes].astype(int), starts) / sizes
    rows[:, _LENGTHS] = np.log1p(rows[:, _LENGTHS])
    return rows


_DEEPEST = 60
"""Levels beyond this are told apart no more: no page that was trained on had as many."""


@frozen(kw_only=True)
class _Above:
    """What the levels down to one say of all blocks below it."""

    hidden: bool
    tags: tuple[bool, ...]
    hits: tuple[int, ...]
    """How many of the levels below the body name each group."""


_NOTHING = _Above(hidden=False, tags=(False,) * len(_TAGS), hits=(0,) * len(_GROUPS))


class _Places:
    """Rows of where blocks lie; what blocks share above them is added up once."""

    def __init__(self) -> None:
        self.known: dict[int, _Above] = {}

    def row(self, block: RawBlock) -> list[float]:
        levels = block.levels
        near = [0] * len(_GROUPS)
        for distance, level in enumerate(reversed(levels[-4:])):
            if level.names:
                for i in _groups(level.names):
                    near[i] = near[i] or 4 - distance
        above = self.above(levels)
        last = levels[-1].tag if levels else ""
        return [min(len(levels), _DEEPEST), above.hidden, *above.tags, last == "p", last == "div", *near, *above.hits]

    def above(self, levels: Sequence[Level]) -> _Above:
        found, depth = _NOTHING, len(levels)
        while depth:
            known = self.known.get(levels[depth - 1].mem_id)
            if known is not None:
                found = known
                break
            depth -= 1
        for place in range(depth, len(levels)):
            level = levels[place]
            named = _groups(level.names) if place else ()
            is_new_tag = level.tag in _TAGS and not found.tags[_TAGS.index(level.tag)]
            if named or is_new_tag or level.hidden:
                hits = tuple(h + (i in named) for i, h in enumerate(found.hits)) if named else found.hits
                tags = tuple(t or tag == level.tag for tag, t in zip(_TAGS, found.tags, strict=True))
                found = _Above(hidden=found.hidden or level.hidden, tags=tags, hits=hits)
            self.known[level.mem_id] = found
        return found


def _placed(blocks: Sequence[RawBlock]) -> NDArray[np.float64]:
    places = _Places()
    rows = np.array([places.row(block) for block in blocks], dtype=float)
    hits = rows[:, -len(_GROUPS) :]
    np.minimum(hits, 3.0, out=hits)
    return rows


_CONTEXT_OF = (0, 2, 5, 17)
"""Columns of a block's own row that its neighbours see too: length, link share, sentence end, heading."""


class Measured:
    """A page's blocks as numbers: what no witness changes is measured once."""

    def __init__(self, blocks: Sequence[RawBlock]) -> None:
        self.blocks = blocks
        words = [_WORDS.findall(block.text.casefold()) for block in blocks]
        self.keys = ["".join(each) for each in words]
        self.own = _own(blocks, words)
        self.place = _placed(blocks)

    def named(self, text: str) -> list[bool]:
        """Which blocks a text holds."""
        heard = Heard(text)
        return [bool(heard.holds(key)) for key in self.keys]

    def rows(self, witnesses: Witnesses) -> NDArray[np.float64]:
        """One row a block; columns are the same for every page."""
        own, keys = self.own, self.keys
        first, density, stated = (Heard(t) for t in (witnesses.first, witnesses.density, witnesses.stated))
        votes = np.array([[w.holds(key) for w in (first, density, stated)] for key in keys], dtype=float)
        sizes = np.array([len(key) for key in keys], dtype=float)
        shared = _shares(self.blocks, votes[:, 0] * sizes)
        facts = _facts(keys, witnesses)
        position = _positions(votes[:, 0], facts[:, 0])
        seen = np.hstack([own[:, _CONTEXT_OF], votes])
        neighbours = np.hstack([_shifted(seen, by) for by in (-2, -1, 1, 2)])
        runs = np.column_stack(
            [_window(votes[:, 0], 5), _window(votes[:, 1], 5), _window(own[:, 0], 3), _window(own[:, 2], 3)]
        )
        has = np.tile([float(bool(stated.whole)), float(bool(first.whole))], (len(keys), 1))
        return np.hstack([own, self.place, votes, has, shared, facts, position, neighbours, runs])


def _shares(blocks: Sequence[RawBlock], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much of the first witness's text lies in the same element, in those around it, and under its class."""
    total = weight.sum() or 1.0
    columns = []
    text = np.array([float(len(b.text)) for b in blocks])
    chains = [[level.mem_id for level in b.levels if level.tag not in _LEAVES] or [0] for b in blocks]
    for above in (1, 2, 3, 4):
        holders = [chain[max(0, len(chain) - above)] for chain in chains]
        inside: Counter[int] = Counter()
        everything: Counter[int] = Counter()
        for holder, w, t in zip(holders, weight, text, strict=True):
            inside[holder] += w
            everything[holder] += t
        columns.append([inside[h] / total for h in holders])
        columns.append([inside[h] / (everything[h] or 1.0) for h in holders])
    signatures = [(b.levels[-1].tag, b.levels[-1].names) if b.levels else ("", "") for b in blocks]
    by_class: Counter[tuple[str, str]] = Counter()
    all_class: Counter[tuple[str, str]] = Counter()
    for signature, w, t in zip(signatures, weight, text, strict=True):
        by_class[signature] += w
        all_class[signature] += t
    columns.append([by_class[s] / total for s in signatures])
    columns.append([by_class[s] / (all_class[s] or 1.0) for s in signatures])
    return np.array(columns).T


def _facts(keys: Sequence[str], witnesses: Witnesses) -> NDArray[np.float64]:
    headlines = {folded(h) for h in witnesses.headlines} - {""}
    authors = {folded(a) for a in witnesses.authors} - {""}
    description = folded(witnesses.description)
    seen: set[str] = set()
    rows = []
    for key in keys:
        rows.append(
            [
                float(key in headlines or any(len(h) > 30 and h in key and len(key) < len(h) + 40 for h in headlines)),
                float(len(key) > 20 and any(key in h for h in headlines)),
                float(bool(description) and len(key) > 15 and (key in description or description[:60] in key)),
                float(key in authors or (len(key) < 80 and any(a in key for a in authors))),
                float(key in seen),
            ]
        )
        seen.add(key)
    return np.array(rows)


def _positions(vote: NDArray[np.float64], headline: NDArray[np.float64]) -> NDArray[np.float64]:
    count = len(vote)
    index = np.arange(count)
    chosen = np.flatnonzero(vote)
    first, last = (chosen[0], chosen[-1]) if len(chosen) else (0, count - 1)
    titles = np.flatnonzero(headline)
    before = titles[titles <= first]
    title = before[-1] if len(before) else (titles[0] if len(titles) else -1)
    return np.column_stack(
        [
            index / max(1, count - 1),
            np.clip(index - first, -30, 30),
            np.clip(index - last, -30, 30),
            np.clip(index - title, -30, 60) if title >= 0 else np.full(count, 99.0),
        ]
    )


def _shifted(rows: NDArray[np.float64], by: int) -> NDArray[np.float64]:
    out = np.full_like(rows, -1.0)
    if abs(by) < len(rows):
        if by > 0:
            out[:-by] = rows[by:]
        else:
            out[-by:] = rows[:by]
    return out


def _window(column: NDArray[np.float64], radius: int) -> NDArray[np.float64]:
    kernel = np.ones(2 * radius + 1)
    return np.convolve(column, kernel, mode="full")[radius : radius + len(column)] / len(kernel)

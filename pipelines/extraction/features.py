"""What can be measured of a page's blocks by themselves and by where they lie, a row of numbers a block."""

import re
from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from pipelines.extraction.blocks import Level, RawBlock

Rows = NDArray[np.float64]
_WORDS = re.compile(r"\w+")
_GROUPS = (
    ("content", r"article|content|body|text|story|post|entry|main|copy|paragraph|rich"),
    ("articlebody", r"article[-_]*(?:body|text|content|copy)|(?:entry|post|story|body)[-_]*(?:content|body|text|copy)"),
    ("related", r"relat|recommend|more[-_]|also|similar|read[-_]?(?:next|more|also)|weitere|mehr|populär|popular"),
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
    ("ad", r"\bad(?:s|-|\b)|advert|sponsor|banner|promo|commercial|anzeige|partner|affiliate|outbrain|taboola|shop"),
    ("consent", r"cookie|consent|gdpr|privacy|modal|popup|overlay|lightbox|dialog|notice|alert"),
    ("quote", r"quote|pull|cite|tweet|embed|insta"),
    ("box", r"box|infobox|fact|inset|module|block"),
)
_GROUP_PATTERNS = tuple(re.compile(pattern) for _, pattern in _GROUPS)
_TAGS = "article main aside nav footer header figure figcaption form ul table section blockquote p div".split()
_SMALL = frozenset(
    (
        "share tweet email print facebook twitter whatsapp related advertisement anzeige werbung publicité publicidad "
        "реклама subscribe newsletter login register comment comments kommentar kommentare copyright cookie cookies "
        "photo foto image getty reuters shutterstock picture video watch читайте published updated posted stand tag "
        "tags topics themen quelle source next previous weiter zurück home menu loading play trending gallery fotos "
        "related mehr lesen"
    ).split()
)
_SMALL_PHRASE = re.compile(
    r"read (?:more|next|also)|more on|also read|sign up|log in|follow us|all rights reserved|©|click here|lesen sie|"
    r"mehr zum thema|lire aussi|leggi anche|lee también|last modified|most read"
)
_DATE = re.compile(r"\b\d{1,2}[./:]\d{1,2}(?:[./]\d{2,4})?\b|\b(?:19|20)\d{2}\b")
_START = 160
"""Characters of a block in which marks of small print are looked for."""
_LEAVES = frozenset("p li h1 h2 h3 h4 h5 h6 blockquote pre dd dt tr figcaption".split())
"""Levels that are blocks themselves, not what holds them together."""
_BMP = 0x10000


_EACH = np.arange(_BMP, dtype="<u4").view("<U1")
_IS_UPPER = np.char.isupper(_EACH)
_IS_LOWER = np.char.islower(_EACH)
_IS_DIGIT = np.char.isdigit(_EACH)
_IS_SPACE = np.char.isspace(_EACH)
_IS_STOP = np.isin(_EACH, list(".!?…"))
_IS_END = np.isin(_EACH, list(".!?…:;»”\"')]"))
_IS_MARK = np.isin(_EACH, list("|»"))


def folded(text: str) -> str:
    """The words alone, for comparing texts whatever their marks and spaces."""
    return "".join(_WORDS.findall(text.casefold()))


def holder_of(levels: Sequence[Level]) -> int:
    """The element that holds a block and its neighbours together."""
    return next((level.mem_id for level in reversed(levels) if level.tag not in _LEAVES), 0)


class Words:
    """The words of all blocks, folded; each block's run together is the key it is compared by."""

    def __init__(self, blocks: Sequence[RawBlock]) -> None:
        self.each = [_WORDS.findall(block.text.casefold()) for block in blocks]
        self.keys = ["".join(words) for words in self.each]
        self.counts = np.array([len(words) for words in self.each])
        lengths = np.fromiter(map(len, chain.from_iterable(self.each)), dtype=np.int64, count=int(self.counts.sum()))
        self.short = _sums(lengths < 4, self.counts)
        self.letters = np.array([float(len(key)) for key in self.keys])


def _sums(values: NDArray[np.bool_], counts: NDArray[np.int64]) -> Rows:
    """The sum over each run of `values`, whose lengths are `counts`."""
    ends = np.cumsum(counts)
    total = np.concatenate([[0], np.cumsum(values)])
    return np.asarray(total[ends] - total[ends - counts], dtype=float)


LETTERS, LINK_SHARE, SENTENCE_END, HEADING = 0, 2, 5, 17
"""Columns of a block's own row that others look at."""


def own_rows(blocks: Sequence[RawBlock], words: Words) -> Rows:
    """What each block is by itself; no block is empty."""
    texts = [block.text for block in blocks]
    sizes = np.array([len(text) for text in texts])
    ends = np.cumsum(sizes)
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    codes = np.minimum(codes, _BMP - 1)
    is_space = _IS_SPACE.take(codes)
    before_space = np.append(is_space[1:], True)
    before_space[ends - 1] = True
    chars, count = sizes.astype(float), np.maximum(1, words.counts)
    last, first = codes[ends - 1], codes[ends - sizes]
    kinds = np.array([(b.kind == "heading", b.kind == "item", b.kind == "quote") for b in blocks])
    digits = _sums(_IS_DIGIT.take(codes), sizes)
    columns = [
        np.log1p(chars),
        np.log1p(words.counts),
        np.array([block.link_chars() if block.links else 0 for block in blocks]) / chars,
        np.minimum([len(block.links) for block in blocks], 10),
        np.minimum(1.0, np.array([block.bold for block in blocks]) / chars),
        _IS_END.take(last),
        np.minimum(_sums(_IS_STOP.take(codes) & before_space, sizes), 12),
        np.minimum(_sums(codes == ord(","), sizes), 12) / count,
        _sums(_IS_UPPER.take(codes), sizes) / chars,
        digits / chars,
        words.short / count,
        words.letters / count,
        _IS_LOWER.take(first),
        np.array([_is_small(text, each) for text, each in zip(texts, words.each, strict=True)]),
        np.array([_has_date(t, c, d) for t, c, d in zip(texts, count, digits, strict=True)]),
        _sums(_IS_MARK.take(codes), sizes) > 0,
        np.array([text.endswith(("…", "...")) for text in texts]),
    ]
    return np.column_stack([*columns, kinds]).astype(float)


def _is_small(text: str, words: list[str]) -> bool:
    """True where a block begins with a word of sharing, advertising, crediting or leading elsewhere."""
    return not _SMALL.isdisjoint(words[:25]) or bool(_SMALL_PHRASE.search(text[:_START].lower()))


def _has_date(text: str, words: int, digits: float) -> bool:
    return bool(digits) and words < 25 and bool(_DATE.search(text[:_START]))


_DEEPEST = 60
"""Levels beyond this are told apart no more: no page that was trained on had as many."""
_NEAR = 4
"""Levels above a block whose names count by their nearness."""


def _named_groups(names: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of which name belongs to which group; a name is a class and id, or several."""
    # One search through all names together: they are many and short, and starting a search is what costs.
    starts = np.cumsum([0, *(len(name) + 1 for name in names)])
    joined = "\n".join(names)
    found = [(match.start(), group) for group, p in enumerate(_GROUP_PATTERNS) for match in p.finditer(joined)]
    places = np.searchsorted(starts, [start for start, _ in found], side="right") - 1
    return [(place, group) for place, (_, group) in zip(places.tolist(), found, strict=True)]


_TAG_PLACES = {tag: i for i, tag in enumerate(_TAGS)}
_HIDDEN = len(_TAGS)


def _marked(cells: list[tuple[int, int]], shape: tuple[int, int]) -> NDArray[np.int8]:
    """Zeros, with ones in some cells."""
    marked = np.zeros(shape, dtype=np.int8)
    if cells:
        marked[tuple(np.array(cells).T)] = 1
    return marked


class Places:
    """The elements that blocks lie in, each once and after the one it lies in."""

    def __init__(self, blocks: Sequence[RawBlock]) -> None:
        self.levels: list[Level] = []
        self.above: list[int] = []
        self.depths: list[int] = []
        known: dict[int, int] = {}
        self.of_block = np.array([self._place(block.levels, known) for block in blocks])

    def _place(self, levels: Sequence[Level], known: dict[int, int]) -> int:
        """The place of the innermost level, -1 where there is none; those not met before are added."""
        depth, place = len(levels), -1
        while depth and place < 0:
            place = known.get(levels[depth - 1].mem_id, -1)
            depth -= place < 0
        for level in levels[depth:]:
            self.levels.append(level)
            self.above.append(place)
            self.depths.append(depth)
            place = known[level.mem_id] = len(self.levels) - 1
            depth += 1
        return place

    def rows(self) -> Rows:
        """What the levels above say of each block."""
        count = len(self.levels)
        numbers: dict[str, int] = {}
        number = [numbers.setdefault(level.names, len(numbers)) for level in self.levels]
        groups = _marked(_named_groups(list(numbers)), (len(numbers) + 1, len(_GROUPS)))
        names = groups[[*number, len(numbers)]]
        tagged = [(p, _TAG_PLACES[level.tag]) for p, level in enumerate(self.levels) if level.tag in _TAG_PLACES]
        tagged += [(p, _HIDDEN) for p, level in enumerate(self.levels) if level.hidden]
        tags = _marked(tagged, (count + 1, _HIDDEN + 1))
        own_tags = tags[:, [_TAG_PLACES["p"], _TAG_PLACES["div"]]]
        near, hits = _NEAR * names, names.copy()
        above, depths = np.array(self.above), np.array(self.depths)
        hits[:count][depths == 0] = 0
        for depth in range(1, max(self.depths, default=0) + 1):
            at = np.flatnonzero(depths == depth)
            parents = above[at]
            near[at] = np.maximum(near[at], near[parents] - 1)
            hits[at] = np.minimum(hits[at] + hits[parents], 3)
            tags[at] |= tags[parents]
        deep = np.minimum(np.append(depths, -1) + 1, _DEEPEST)
        return np.asarray(np.column_stack([deep, tags, own_tags, near, hits])[self.of_block], dtype=float)

    def holders(self, levels_up: int) -> list[NDArray[np.int64]]:
        """For each block the place of the element that holds it and its neighbours, then of those around that one."""
        holder: list[int] = []
        around: list[int] = []
        for place, level in enumerate(self.levels):
            above = self.above[place]
            outer = holder[above] if above >= 0 else -1
            holder.append(outer if level.tag in _LEAVES else place)
            around.append(outer if outer >= 0 else place)
        holders = np.array([*holder, -1])
        # The outermost is around itself; place -1, of blocks that nothing holds, is the last of these.
        outside = np.array([*around, -1])
        found = [holders[self.of_block]]
        for _ in range(levels_up - 1):
            found.append(outside[found[-1]])
        return found

    def signatures(self) -> NDArray[np.int64]:
        """For each block a number that blocks of the same tag, class and id share."""
        numbers: dict[tuple[str, str], int] = {}
        each = [numbers.setdefault((level.tag, level.names), len(numbers)) for level in self.levels]
        return np.asarray(np.array([*each, len(numbers)])[self.of_block])

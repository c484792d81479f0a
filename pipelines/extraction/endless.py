"""Tags without end cut short: a parser's time grows with the square of the number of a tag's attributes."""

import re
from itertools import islice

from pipelines.extraction.tags import MERGED, Tags

_WHITE = r"\t\n\f\r "
_VALUE = rf"""(?:"[^"]*+"?|'[^']*+'?|[^{_WHITE}>"'][^{_WHITE}>]*+)"""
_ATTRIBUTE = rf"[^{_WHITE}/>][^{_WHITE}/>=]*+(?:[{_WHITE}]*+=[{_WHITE}]*+{_VALUE}?+)?+"
"""As the HTML standard parts them: a name may begin with any sign, and a value of any sort may hold a `<`."""
_PART = re.compile(_ATTRIBUTE)
_WHOLE = re.compile(rf"<([a-zA-Z][^{_WHITE}/>]*+)(?:[{_WHITE}/]++|{_ATTRIBUTE})*+")
"""A tag up to the `>` that ends it."""
_OPENING = re.compile(rf"""=[{_WHITE}"']*["']""")
"""Where a quoted value may open; before the first of them a tag within a tag ends with it."""
_MOST_PARTS = 1_000
"""Of a tag: no captured page has so many, what looks like a tag in its scripts included; they cost a parser 2 ms."""
_COULD_HOLD_MANY = 60_000
"""Characters of a page: one tag that fills them, 15,000 short names, costs the parser .6 s."""
_MOST_READ = 8
"""Times the length of a page: what its doubtful tags have together; captured pages have less than a third."""
_TURNS = 3


class _Endless(Exception):
    """Tags lie in tags so often that telling their ends would take longer than it may."""


def with_short_tags(text: str, tags: Tags) -> str:
    """A page's text with its endless tags cut after more attributes than any real one has; `tags` are its own.

    Where cutting one makes another, or too much would have to be read, values lose their quotes: then any `>` ends
    a tag.
    """
    if len(text) <= _COULD_HOLD_MANY:
        return text
    try:
        for _ in range(_TURNS):
            short = _cut(text, tags)
            if short == text:
                return text
            text, tags = short, _tags(short)
    except _Endless:
        pass
    text = _OPENING.sub("=", text)
    return _cut(text, _tags(text))


def _tags(text: str) -> Tags:
    return Tags(text.encode("utf-8", "surrogatepass"))


def _at_most(tag: str) -> int:
    """Attributes that a tag may have: before each stands white space, a slash or the end of a quoted value."""
    return len(tag.split()) + tag.count("/") + len(_OPENING.findall(tag))


def _cut(text: str, tags: Tags) -> str:
    pieces: list[str] = []
    read = done = sure = shared = 0
    for start in tags.doubtful(_MOST_PARTS):
        tag = _WHOLE.match(text, start) if start >= sure else None
        if tag is None:
            continue
        opening = _OPENING.search(text, start, tag.end())
        sure = opening.start() if opening else tag.end()
        read += tag.end() - start
        if read > _MOST_READ * len(text):
            raise _Endless
        merges = tag[1].lower() in MERGED
        if not merges and _at_most(tag[0]) <= _MOST_PARTS:
            continue
        most = _MOST_PARTS - shared * merges
        parts = len(_PART.findall(text, tag.end(1), tag.end()))
        shared += min(parts, most) * merges
        if parts > most and start >= done:
            beyond = next(islice(_PART.finditer(text, tag.end(1)), most, None))
            pieces.append(text[done : beyond.start()])
            done = tag.end()
    return "".join([*pieces, text[done:]])

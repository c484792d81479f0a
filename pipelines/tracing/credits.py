"""What a text says of where it was taken from: wire credits and closing lines in Ukrainian, Russian and English."""

import re
from urllib.parse import urlsplit

from attrs import frozen

from pipelines.tracing.telling import Telling
from pipelines.tracing.words import skeleton, words

_WORD = r"[«“\"]?[^\W\d_a-zа-яіїєґё][^\s.,;:()«»“”\"]*[»”\"]?"
_NAME = rf"(?P<name>{_WORD}(?:[ \u00a0]{_WORD}){{0,4}}(?:[ \u00a0]правда\b)?)"
_LINE = r"(?P<name>[«“\"]?[^\W\d_a-zа-яіїєґё][^.:,\n]{1,60}?)\W*$"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, flags | re.MULTILINE))
    for kind, pattern, flags in (
        ("dateline", r"^.{0,60}?\((?P<name>[A-ZА-ЯІЇЄҐ][^()\d]{1,40})\)\s*[-–—:]", 0),
        (
            "closing line",
            rf"^(?:This|The) (?:post|article|story|report)\b.{{0,300}}?\b(?:on|in|at|by)\s+{_NAME}\W*$",
            0,
        ),
        ("closing line", rf"^(?:Originally|First) (?:published|appeared|posted) (?:on|in|at|by)\s+{_NAME}\W*$", 0),
        ("contributed", r"^(?P<name>.{2,160}?),? contributed to this (?:report|story|article)", 0),
        ("source line", rf"^(?:Source|Original|Via|Джерело|Першоджерело|Источник)\s*:\s*{_LINE}", 0),
        ("source line", rf"^(?:Source|Джерело|Источник)\s*:.*?,\s*{_NAME}\s*(?:reports|reported)\s*\.?$", 0),
        ("reported by", rf"\b(?:as reported by|reported by|citing|, reports|according to)\s+{_NAME}", 0),
        (
            "reported by",
            r"\b(?:[Пп]ро це (?:повідомляє|повідомила|пише|передає)|[Пп]овідомляє|[Пп]ередає|[Пп]ише|з посиланням на|"
            rf"[Оо]б этом (?:сообщает|сообщила|пишет|передаёт|передает)|[Сс]ообщает|[Пп]ередаёт|[Пп]ередает|[Пп]ишет|"
            rf"со ссылкой на)\s+(?:агентство\s+|агенція\s+|видання\s+|издание\s+)?{_NAME}",
            0,
        ),
    )
)


@frozen(kw_only=True)
class Credit:
    """One line that names another newsroom."""

    kind: str
    """`dateline`, `closing line`, `contributed`, `source line`, `reported by`, or `page` (what extraction read)."""
    name: str
    url: str | None = None


def credits(telling: Telling) -> tuple[Credit, ...]:
    """Who a telling says it was taken from, the page's own statement first; each name once a kind."""
    found: dict[tuple[str, str], Credit] = {}
    if telling.origin:
        named = telling.origin.name or urlsplit(telling.origin.url or "").hostname or ""
        found["page", named] = Credit(kind="page", name=named, url=telling.origin.url)
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(telling.body):
            name = match["name"].strip(' «»“”".,')
            if name and not names(name, telling):
                found.setdefault((kind, name), Credit(kind=kind, name=name))
    return tuple(found.values())


def names(name: str, telling: Telling) -> bool:
    """True where a printed name is that of the telling's outlet, whatever script either is in."""
    said = _sound(name)
    host = (urlsplit(telling.url).hostname or "").removeprefix("www.")
    own = {_sound(each) for each in (telling.outlet_name, telling.outlet, host, host.partition(".")[0])}
    return len(said) >= _LEAST_SOUND and said in own


_LEAST_SOUND = 3
"""Consonants: shorter names (`AP`) are compared by none, since they agree by chance."""


def _sound(name: str) -> str:
    return "".join(skeleton(word) for word in words(name.replace("_", " ")))

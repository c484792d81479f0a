"""What an article says of its own changes: lines in, update and correction notes out; the lines stay where they are."""

import re
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from pipelines.article import ChangeKind, ChangeNote
from pipelines.dates import read_clock, read_time
from pipelines.errors import UnreadableDate

_VERSION = (
    r"\b(?:an?|the) (?:earlier|previous|original) version of this|(?:попередн|раніш|ранн|первинн)\w+ верс|"
    r"(?:предыдущ|прежн|ранн|первоначальн)\w+ верс"
)
_CORRECTION = re.compile(
    r"^\W*(?:corrections?|clarifications?|corrected|виправлен[ноя]+|виправлення|уточнен[ноя]+|исправлен[иое]+|поправка)"
    r"(?:\s*[:—–(.]|\s+(?:on|at|о|об|в)?\s*\d|\W*$)|" + _VERSION,
    re.IGNORECASE,
)
_EDITOR = re.compile(
    r"^\W*(?:editor.?s.? note|від редакції|примітка редакції|от редакции|примечание редакции)\W*"
    r"(?=.*(?:correct|updat|clarif|earlier version|previous version|виправл|оновл|уточн|исправл|обновл))",
    re.IGNORECASE,
)
_UPDATE = re.compile(
    r"^\W*(?:(?:last )?updated?|оновлено|оновлення|доповнено|обновлено|обновление|дополнено)"
    r"(?:\s*[:—–(]|\s+(?:on|at|о|об|в)?\s*\d|\s+(?:on\s)?[A-Z][a-z]{2,8}\.? \d|\W*$)|"
    r"^\W*(?:this|the) (?:story|article|post|report|piece) (?:was|has been|is being) (?:last )?updated\b|"
    r"^\W*(?:цю|эту|ця|эта|цей|этот) ?(?:новину|новость|статтю|статью|стаття|статья|матеріал|материал) (?:було )?"
    r"(?:оновлен|доповнен|обновл[её]н|дополнен)",
    re.IGNORECASE,
)
_STEMS = "correct clarif updat version виправ уточн исправ поправ верс оновл доповн обновл дополн".split()
"""One of these stands in every note: most lines are told by that alone, at a twentieth of the patterns' cost."""
_LONGEST = 600
"""Characters: a note that tells of an error at length; a paragraph of the story that is longer is none."""


def notes_of(lines: Iterable[str], zone: ZoneInfo, published_at: datetime | None) -> tuple[ChangeNote, ...]:
    """The notes among the lines, in order, each once."""
    plain = (" ".join(line.split()) for line in lines)
    found = {line: kind for line in plain if (kind := _kind_of(line))}
    return tuple(
        ChangeNote(kind=kind, text=line, at=_time_of(line, zone, published_at)) for line, kind in found.items()
    )


def _kind_of(line: str) -> ChangeKind | None:
    folded = line.casefold()
    if len(line) > _LONGEST or not any(stem in folded for stem in _STEMS):
        return None
    if _CORRECTION.search(line):
        return "correction"
    if _UPDATE.search(line):
        return "update"
    editor = _EDITOR.match(line)
    return None if editor is None else "update" if re.search(r"(?i)updat|оновл|обновл", line) else "correction"


def _time_of(line: str, zone: ZoneInfo, published_at: datetime | None) -> datetime | None:
    """When the note says that the change was made; a time of day alone is the next one after publication."""
    try:
        read = read_time(line, zone, published_at, month_first=zone.key.startswith("America/"))
        return None if read.is_day else read.at
    except UnreadableDate:
        return read_clock(line, zone, published_at) if published_at else None

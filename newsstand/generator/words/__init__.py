"""The templates of each language, read once from the TOML files beside this module."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from attrs import frozen

from newsstand.story import Language


@frozen(kw_only=True)
class KindWords:
    """What can be said of one kind of event: one template an entry."""

    tags: tuple[str, ...]
    headlines: tuple[str, ...]
    leads: tuple[str, ...]
    points: tuple[str, ...]
    caption: str


@frozen(kw_only=True)
class CommonWords:
    """What can be said of any event; openings, claims and closers answer each other across languages by place."""

    background: tuple[str, ...]
    headings: tuple[str, ...]
    listing: tuple[str, ...]
    items: tuple[str, ...]
    frames: tuple[str, ...]
    openings: tuple[str, ...]
    claims: tuple[str, ...]
    closers: tuple[str, ...]
    credits: tuple[str, ...]


@frozen(kw_only=True)
class EditWords:
    """What an editor adds later."""

    sources: tuple[str, ...]
    verbs: tuple[str, ...]
    """Verbs of saying; of a man where the language tells."""
    verbs_she: tuple[str, ...]
    """The same of a woman, in the same order; empty where the language does not tell."""
    note: str
    """A correction note, with the slots `old` and `new`."""
    additions: tuple[str, ...]


@cache
def kinds(language: Language) -> Mapping[str, KindWords]:
    """Each kind's templates."""
    return {
        kind: KindWords(caption=table.pop("caption"), **_lines(table))
        for kind, table in _read(f"{language}.toml").items()
    }


@cache
def common(language: Language) -> CommonWords:
    """The templates for every kind."""
    return CommonWords(**_lines(_read(f"{language}.common.toml")))


@cache
def edits(language: Language) -> EditWords:
    """The templates for later edits."""
    table = _read(f"{language}.edits.toml")
    he, she = (tuple(filter(None, table[key].split(", "))) for key in ("verbs", "verbs_she"))
    return EditWords(
        note=table["note"], verbs=he, verbs_she=she, **_lines({key: table[key] for key in ("sources", "additions")})
    )


def _lines(table: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(text.strip().splitlines()) for key, text in table.items()}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__name__).joinpath(name).read_text("utf-8"))

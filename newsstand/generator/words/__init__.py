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


def _lines(table: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(text.strip().splitlines()) for key, text in table.items()}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__name__).joinpath(name).read_text("utf-8"))

"""Seeds manifests: which article stands at which index, under which id, in which style; read, written, looked up."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from attrs import frozen

from pipelines.catalogue.catalogue import Catalogue
from pipelines.catalogue.queries import find_article
from pipelines.errors import PressmarkError
from pipelines.jobs.choosing import STYLES, Entry, Style, entry_of, version_at
from pipelines.urls import normalised_url

_ID = re.compile(r"[0-9a-f]{16}")
_INDEX, _VERSION, _NEWLINES = range(10**9), range(1, 10**9), range(1000)
"""What a manifest may pin; more is no corpus that a file system or a database could hold."""


@frozen(kw_only=True)
class Seed:
    """A line of a seeds manifest (docs/seed-format.md), with what `--match` pins besides."""

    index: int
    url: str
    id: str | None = None
    """None: the article's own."""
    style: Style | None = None
    version: int | None = None
    """None: the newest."""
    newlines: int | None = None
    """Newlines at the file's very end; None: as the style has it, one."""

    def as_row(self) -> dict[str, Any]:
        """The line's object, what is not pinned left out."""
        row = {"index": self.index, "id": self.id, "url": self.url, "style": self.style, "version": self.version}
        return {key: value for key, value in (row | {"newlines": self.newlines}).items() if value is not None}


def seed_of(row: dict[str, Any]) -> Seed:
    """The seed of a line's object; raises ValueError, KeyError or TypeError where it is none."""
    seed = Seed(
        index=row["index"],
        url=normalised_url(row["url"]),
        id=row.get("id"),
        style=row.get("style"),
        version=row.get("version"),
        newlines=row.get("newlines"),
    )
    if seed.id is not None and not _ID.fullmatch(seed.id):
        raise ValueError(f"an id is 16 hex digits in lower case, not {seed.id!r}")
    if seed.style not in (None, *STYLES):
        raise ValueError(f"no style {seed.style!r}: one of {', '.join(STYLES)}")
    for name, value, span in (
        ("index", seed.index, _INDEX),
        ("version", seed.version, _VERSION),
        ("newlines", seed.newlines, _NEWLINES),
    ):
        if value is not None and (type(value) is not int or value not in span):
            raise ValueError(f"{name} is a number from {span.start} to {span.stop - 1}, not {value!r:.40}")
    return seed


def read_seeds(path: Path) -> tuple[Seed, ...]:
    """The seeds of a manifest, one JSON object a line; raises PressmarkError naming file and line."""
    seeds: list[Seed] = []
    for number, line in _lines(path, "seeds manifest"):
        try:
            seeds.append(seed_of(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise PressmarkError(f"{path}:{number}: no seed: {error!r}") from error
    if len({seed.index for seed in seeds}) < len(seeds):
        raise PressmarkError(f"{path}: an index stands twice")
    return tuple(sorted(seeds, key=lambda seed: seed.index))


def read_urls(path: Path) -> tuple[Seed, ...]:
    """A seed for each URL of a file, one a line, in its order; an empty line or one that begins with # is none.

    Raises PressmarkError naming file and line.
    """
    seeds: list[Seed] = []
    for number, line in _lines(path, "list of URLs"):
        if line.lstrip().startswith("#"):
            continue
        try:
            seeds.append(Seed(index=len(seeds), url=normalised_url(line)))
        except ValueError as error:
            raise PressmarkError(f"{path}:{number}: {error}") from error
    return tuple(seeds)


def write_seeds(path: Path, seeds: Iterable[Seed]) -> None:
    """Writes a manifest; reading it gives the seeds again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(seed.as_row(), ensure_ascii=False) + "\n" for seed in seeds]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def seed_entries(
    catalogue: Catalogue, seeds: Iterable[Seed], style: Style | None, as_of: datetime | None
) -> tuple[list[Entry], list[Seed]]:
    """The entries of a seeds manifest, and the seeds that the archive holds no such version for."""
    entries, missing = [], []
    for seed in seeds:
        article = find_article(catalogue, seed.url)
        row = version_at(catalogue, article, as_of, seed.version) if article else None
        if row is None:
            missing.append(seed)
        else:
            chosen = style or seed.style or "clean"
            entries.append(entry_of(seed.index, row, chosen, identity=seed.id, newlines=seed.newlines))
    return entries, missing


def _lines(path: Path, what: str) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, with their numbers."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise PressmarkError(f"the {what} {path} cannot be read: {error}") from error
    return ((number, line) for number, line in enumerate(lines, 1) if line.strip())

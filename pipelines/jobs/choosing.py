"""Which versions of which articles a corpus holds, and in which order: by choice, or by a seeds manifest."""

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from attrs import frozen
from sqlalchemy import Row, Select, and_, func, or_, select

from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, instant
from pipelines.errors import PressmarkError
from pipelines.urls import normalised_url

Style = Literal["page", "clean", "hugo"]
STYLES: tuple[Style, ...] = get_args(Style)
_ID = re.compile(r"[0-9a-f]{16}")


@frozen(kw_only=True)
class Entry:
    """One file of a corpus to be made: which version of which article, in which style."""

    index: int
    id: str
    style: Style
    version: int
    warc_file: str
    warc_offset: int

    @property
    def file(self) -> str:
        """The seed file's name: three digits or more, then the id."""
        return f"{self.index:03d}_{self.id}.txt"


@frozen(kw_only=True)
class Seed:
    """A line of a seeds manifest."""

    index: int
    id: str
    url: str
    style: Style | None = None


@frozen(kw_only=True)
class Choice:
    """Which versions a corpus takes, without a seeds manifest."""

    outlets: tuple[str, ...] = ()
    """None named: all."""
    since: date | None = None
    until: date | None = None
    """Publication days in the outlet's zone, both included; articles without a day are left out of a span."""
    as_of: datetime | None = None
    """Versions captured after this instant do not exist for the corpus."""


def read_seeds(path: Path) -> tuple[Seed, ...]:
    """The seeds of a manifest, one JSON object a line; raises PressmarkError naming file and line."""
    seeds: list[Seed] = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise PressmarkError(f"the seeds manifest {path} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                seeds.append(_seed(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise PressmarkError(f"{path}:{number}: no seed: {error!r}") from error
    if len({seed.index for seed in seeds}) < len(seeds):
        raise PressmarkError(f"{path}: an index stands twice")
    return tuple(sorted(seeds, key=lambda seed: seed.index))


def _seed(row: dict[str, Any]) -> Seed:
    seed = Seed(index=int(row["index"]), id=str(row["id"]), url=normalised_url(row["url"]), style=row.get("style"))
    if not _ID.fullmatch(seed.id):
        raise ValueError(f"an id is 16 hex digits in lower case, not {seed.id!r}")
    if seed.style not in (None, *STYLES):
        raise ValueError(f"no style {seed.style!r}: one of {', '.join(STYLES)}")
    if seed.index < 0:
        raise ValueError("an index counts from 0")
    return seed


def chosen_entries(catalogue: Catalogue, choice: Choice, style: Style) -> list[Entry]:
    """The newest version (as of the instant) of every article chosen, by time of publication, else capture."""
    c = t.versions.c
    statement = _newest(choice.as_of)
    if choice.outlets:
        statement = statement.where(c.outlet.in_(choice.outlets))
    if choice.since is not None:
        statement = statement.where(c.published_day >= choice.since.isoformat())
    if choice.until is not None:
        statement = statement.where(c.published_day <= choice.until.isoformat())
    rows = catalogue.rows(statement.order_by(func.coalesce(c.published_at, c.captured_at), c.id))
    return [_entry(index, row.id, style, row) for index, row in enumerate(rows)]


def seed_entries(
    catalogue: Catalogue, seeds: tuple[Seed, ...], style: Style | None, as_of: datetime | None
) -> tuple[list[Entry], list[Seed]]:
    """The entries of a seeds manifest, and the seeds that the archive holds no article for."""
    entries, missing = [], []
    for seed in seeds:
        row = _article_at(catalogue, seed.url, as_of)
        if row is None:
            missing.append(seed)
        else:
            entries.append(_entry(seed.index, seed.id, style or seed.style or "clean", row))
    return entries, missing


def _newest(as_of: datetime | None) -> Select[Any]:
    """The newest version of each article, among those captured by the instant."""
    v = t.versions.alias()
    known = select(v.c.id, func.max(v.c.version).label("version")).group_by(v.c.id)
    if as_of is not None:
        known = known.where(v.c.captured_at <= instant(as_of))
    newest, c = known.subquery(), t.versions.c
    return select(t.versions).join(newest, and_(c.id == newest.c.id, c.version == newest.c.version))


def _article_at(catalogue: Catalogue, url: str, as_of: datetime | None) -> Row[Any] | None:
    """The newest version of the article that was fetched at a URL, or that declares it."""
    c, covered = t.versions.c, t.coverage.c
    by_coverage = select(covered.article_id).where(covered.url == url)
    statement = _newest(as_of).where(or_(c.url == url, c.canonical_url == url, c.id.in_(by_coverage)))
    return next(iter(catalogue.rows(statement.order_by(c.captured_at.desc(), c.id).limit(1))), None)


def _entry(index: int, identity: str, style: Style, row: Row[Any]) -> Entry:
    return Entry(
        index=index,
        id=identity,
        style=style,
        version=row.version,
        warc_file=row.warc_file,
        warc_offset=row.warc_offset,
    )

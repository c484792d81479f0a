"""Which versions of which articles a corpus holds, and in which order."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal, get_args

from attrs import frozen
from sqlalchemy import Row, Select, and_, func, select, tuple_

from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, instant
from pipelines.catalogue.fulltext import holding
from pipelines.catalogue.wanted import parse

Style = Literal["page", "clean", "hugo"]
STYLES: tuple[Style, ...] = get_args(Style)


@frozen(kw_only=True)
class Entry:
    """One file of a corpus to be made: which version of which article, in which style."""

    index: int
    id: str
    style: Style
    version: int
    warc_file: str
    warc_offset: int
    newlines: int | None = None
    """Newlines at the file's very end; None: as the style has it, one."""
    duplicate_of: str | None = None
    """Id of the article that this one is a copy of, where copies are marked."""
    parallel_to: str | None = None
    """Id of the same article in the other language, where editions are paired."""

    @property
    def file(self) -> str:
        """The seed file's name: three digits or more, then the id."""
        return f"{self.index:03d}_{self.id}.txt"


@frozen(kw_only=True)
class Choice:
    """Which versions a corpus takes, without a seeds manifest."""

    outlets: tuple[str, ...] = ()
    """None named: all; the same for languages."""
    languages: tuple[str, ...] = ()
    search: str | None = None
    """What `scrapy search` finds by it, in the versions chosen."""
    since: date | None = None
    until: date | None = None
    """Publication days in the outlet's zone, both included; articles without a day are left out of a span."""
    as_of: datetime | None = None
    """Versions captured after this instant do not exist for the corpus."""
    all_versions: bool = False
    """Every version, not the newest alone."""

    def __attrs_post_init__(self) -> None:
        if self.search is not None:
            parse(self.search)


def chosen_rows(catalogue: Catalogue, choice: Choice) -> Iterator[Row[Any]]:
    """The versions chosen, by time of publication, else capture; streamed, without their texts."""
    return catalogue.stream(chosen_statement(catalogue, choice))


def chosen_statement(catalogue: Catalogue, choice: Choice) -> Select[Any]:
    """A select of the versions chosen, in their order."""
    c = t.versions.c
    statement = _versions(choice.as_of) if choice.all_versions else _newest(choice.as_of)
    if choice.outlets:
        statement = statement.where(c.outlet.in_(choice.outlets))
    if choice.languages:
        statement = statement.where(c.language.in_(choice.languages))
    if choice.search is not None:
        statement = statement.where(tuple_(c.id, c.version).in_(holding(catalogue, parse(choice.search))))
    if choice.since is not None:
        statement = statement.where(c.published_day >= choice.since.isoformat())
    if choice.until is not None:
        statement = statement.where(c.published_day <= choice.until.isoformat())
    return statement.order_by(func.coalesce(c.published_at, c.captured_at), c.id, c.version)


def chosen_entries(
    catalogue: Catalogue, choice: Choice, style: Style, copies: Mapping[str, str] | None = None, *, drop: bool = False
) -> Iterator[Entry]:
    """An entry for each version chosen; `copies` (id, id of its original) are marked, or dropped."""
    index = 0
    for row in chosen_rows(catalogue, choice):
        original = copies.get(row.id) if copies else None
        if original is not None and drop:
            continue
        yield entry_of(index, row, style, duplicate_of=original)
        index += 1


def entry_of(
    index: int,
    row: Row[Any],
    style: Style,
    *,
    identity: str | None = None,
    newlines: int | None = None,
    duplicate_of: str | None = None,
    parallel_to: str | None = None,
) -> Entry:
    """The entry of a version's row; `identity`: the id to bear instead of the article's."""
    return Entry(
        index=index,
        id=identity or row.id,
        style=style,
        version=row.version,
        warc_file=row.warc_file,
        warc_offset=row.warc_offset,
        newlines=newlines,
        duplicate_of=duplicate_of,
        parallel_to=parallel_to,
    )


def version_at(
    catalogue: Catalogue, article: str, as_of: datetime | None = None, version: int | None = None
) -> Row[Any] | None:
    """An article's newest version, as of an instant, or the one of a number; None where there is none."""
    c = t.versions.c
    statement = _versions(as_of).where(c.id == article)
    if version is not None:
        statement = statement.where(c.version == version)
    return next(iter(catalogue.rows(statement.order_by(c.version.desc()).limit(1))), None)


def _versions(as_of: datetime | None) -> Select[Any]:
    """Every version captured by the instant: where it lies, not its text."""
    c = t.versions.c
    statement = select(c.id, c.version, c.outlet, c.language, c.warc_file, c.warc_offset, c.captured_at)
    return statement if as_of is None else statement.where(c.captured_at <= instant(as_of))


def _newest(as_of: datetime | None) -> Select[Any]:
    """The newest version of each article, among those captured by the instant."""
    v = t.versions.alias()
    known = select(v.c.id, func.max(v.c.version).label("version")).group_by(v.c.id)
    if as_of is not None:
        known = known.where(v.c.captured_at <= instant(as_of))
    newest, c = known.subquery(), t.versions.c
    return _versions(None).join(newest, and_(c.id == newest.c.id, c.version == newest.c.version))

"""Traces the whole catalogue: copies, stories and quotations from its versions into tables of their own, when asked.

Takes rows of versions, gives rows of `catalogue.traced`; the same versions give the same rows, so nothing is lost with
them, and they are made only when somebody asks and something has changed.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, func, insert, select

from pipelines.article import Origin
from pipelines.catalogue import schema as t
from pipelines.catalogue import traced as d
from pipelines.catalogue.catalogue import Catalogue, as_list, instant
from pipelines.dates import read_time
from pipelines.errors import UnreadableDate
from pipelines.tracing.origins import Copy, find_copies, roots
from pipelines.tracing.quotations import Quotation, find_quotations, follow
from pipelines.tracing.telling import Telling
from pipelines.urls import normalised_url

WAY = 1
"""Number of the way of tracing: a change of `pipelines.tracing` that changes rows raises it: they are made again."""
_ROWS_AT_ONCE = 1000

Watch = Callable[[Iterable[Any], str], Iterable[Any]]
"""Sees the work of a step go by, with the step's name, to show progress."""


def unwatched(items: Iterable[Any], _label: str) -> Iterable[Any]:
    """Shows nothing."""
    return items


def ensure_traced(catalogue: Catalogue, watch: Watch = unwatched) -> bool:
    """Makes the tables of copies, stories and quotations where the versions have changed; True where it had to."""
    with catalogue.transaction() as connection:
        d.metadata.create_all(connection)
    stamp = _stamp(catalogue)
    if catalogue.scalar(select(d.traced.c.stamp).where(d.traced.c.what == "versions")) == stamp:
        return False
    tellings = read_tellings(catalogue)
    newest = _newest(tellings)
    copies = find_copies(tellings, watch)
    # Here, not above: it needs scipy, whose import would cost every command a tenth of its start.
    from pipelines.tracing.stories import find_stories

    stories = find_stories(newest, watch)
    quotations = {telling.id: find_quotations(telling.body) for telling in watch(newest, "quotations")}
    with catalogue.transaction() as connection:
        for table in d.metadata.sorted_tables:
            connection.execute(delete(table))
        _write_copies(connection, copies)
        _write(connection, d.stories, ({"id": name, "story": group[0]} for group in stories for name in group))
        _write(connection, d.quotations, _quotation_rows(quotations, stories))
        connection.execute(insert(d.traced).values(what="versions", stamp=stamp))
    return True


def copies_as_of(catalogue: Catalogue, as_of: datetime | None = None, watch: Watch = unwatched) -> dict[str, str]:
    """Id of each article that is a copy, with the id of its origin, as the archive stood at an instant."""
    if as_of is None:
        ensure_traced(catalogue, watch)
        c = d.clusters.c
        return {row.id: row.origin for row in catalogue.rows(select(c.id, c.origin).where(c.id != c.origin))}
    found = roots(find_copies(read_tellings(catalogue, as_of), watch))
    return {name: origin for name, origin in found.items() if name != origin}


def read_tellings(
    catalogue: Catalogue, as_of: datetime | None = None, ids: Sequence[str] | None = None
) -> list[Telling]:
    """Every version as tracing sees it, ordered by article and version; `as_of`: those captured by then."""
    v, a, o = t.versions.c, t.articles.c, t.origins.c
    statement = (
        select(t.versions, a.identity_url, o.name.label("origin_name"), o.url.label("origin_url"))
        .select_from(
            t.versions.join(t.articles, v.id == a.id).outerjoin(t.origins, (o.id == v.id) & (o.version == v.version))
        )
        .order_by(v.id, v.version)
    )
    if as_of is not None:
        statement = statement.where(v.captured_at <= instant(as_of))
    if ids is not None:
        statement = statement.where(v.id.in_(ids))
    named_at = _named_at(catalogue)
    return [_telling(row, named_at.get(row.id)) for row in catalogue.rows(statement)]


def _named_at(catalogue: Catalogue) -> dict[str, str]:
    """When the sources say each article was published: what stands in for a time that its page doesn't state."""
    lead, covered = t.leads.c, t.coverage.c
    statement = (
        select(covered.article_id, func.min(lead.published_at).label("at"))
        .select_from(t.leads.join(t.coverage, (lead.url == covered.url) & (lead.outlet == covered.outlet)))
        .where(covered.article_id.is_not(None), lead.published_at.is_not(None))
        .group_by(covered.article_id)
    )
    return {row.article_id: row.at for row in catalogue.rows(statement)}


def _telling(row: Any, named_at: str | None) -> Telling:
    captured_at = datetime.fromisoformat(row.captured_at)
    told_at = datetime.fromisoformat(row.published_at) if row.published_at else None
    on_day = told_at is not None and _names_no_hour(row.published_raw, captured_at)
    if named_at:
        named = datetime.fromisoformat(named_at)
        if told_at is None or (on_day and told_at <= named < told_at + timedelta(days=1)):
            told_at, on_day = named, False
    stated = row.origin_name or row.origin_url
    return Telling(
        id=row.id,
        version=row.version,
        outlet=row.outlet,
        outlet_name=row.outlet_name,
        url=row.url,
        identity_url=row.identity_url,
        headline=row.headline or "",
        body=row.body,
        language=row.language,
        told_at=told_at,
        told_on_day=on_day,
        captured_at=captured_at,
        origin=Origin(name=row.origin_name, url=_address(row.origin_url)) if stated else None,
        links=tuple(url for link in json.loads(row.links) if (url := _address(link["url"]))),
    )


def _names_no_hour(printed: str | None, near: datetime) -> bool:
    """True where a printed time is a day alone."""
    try:
        return printed is not None and read_time(printed, ZoneInfo("UTC"), near).is_day
    except UnreadableDate:
        return False


def _address(url: str | None) -> str | None:
    """The normalised URL; None where it is no web address."""
    try:
        return normalised_url(url) if url else None
    except ValueError:
        return None


def _newest(tellings: Sequence[Telling]) -> list[Telling]:
    return list({telling.id: telling for telling in tellings}.values())


def _stamp(catalogue: Catalogue) -> str:
    """A digest over all that tracing reads."""
    v = t.versions.c
    stated = (v.published_at, v.published_raw, v.language, v.outlet_name, v.links)
    facts = select(v.id, v.version, v.text_sha256, v.url, v.captured_at, *stated).order_by(v.id, v.version)
    digest = hashlib.sha256(str(WAY).encode())
    for row in catalogue.rows(facts):
        digest.update(repr(tuple(row)).encode())
    o = t.origins.c
    for row in catalogue.rows(select(o.id, o.version, o.name, o.url).order_by(o.id, o.version)):
        digest.update(repr(tuple(row)).encode())
    digest.update(repr(sorted(_named_at(catalogue).items())).encode())
    return digest.hexdigest()


def _write_copies(connection: Connection, copies: Sequence[Copy]) -> None:
    rows = (
        {
            "id": copy.id, "source": copy.source, "main": copy.main, "of_copy": copy.of_copy,
            "of_source": copy.of_source, "run": copy.run, "evidence": as_list(copy.evidence),
        }
        for copy in copies
    )  # fmt: skip
    _write(connection, d.copies, rows)
    _write(connection, d.clusters, ({"id": name, "origin": root} for name, root in roots(copies).items()))


def _quotation_rows(
    quotations: dict[str, tuple[Quotation, ...]], stories: Iterable[Sequence[str]]
) -> Iterator[dict[str, Any]]:
    """Every quotation; followed inside each story, since words that people often use are said on many days."""
    group_of: dict[tuple[str, int], tuple[str, int]] = {}
    for story in stories:
        for group in follow({name: quotations[name] for name in story}):
            longest, quotation = group[0]
            group_of |= {(name, each.place): (longest, quotation.place) for name, each in group}
    for name, said in quotations.items():
        for each in said:
            group_id, group_place = group_of.get((name, each.place), (None, None))
            yield {
                "id": name, "place": each.place, "text": each.text, "speaker": each.speaker,
                "group_id": group_id, "group_place": group_place,
            }  # fmt: skip


def _write(connection: Connection, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    waiting: list[dict[str, Any]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == _ROWS_AT_ONCE:
            connection.execute(insert(table), waiting)
            waiting = []
    if waiting:
        connection.execute(insert(table), waiting)

"""What of an outlet is due at an instant: polls of sources, looks at articles, and what limits them.

Takes the catalogue and a clock's reading, gives facts; asks nobody.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from attrs import frozen
from sqlalchemy import and_, func, or_, select

from pipelines.capture import Capture, CaptureRef, Held, Lead
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, instant
from pipelines.catalogue.record import find_held, watched_of
from pipelines.catalogue.watch import Door, Poll, hint_due
from pipelines.warc.reader import read_capture

POLLS_BACK = timedelta(hours=12)
"""How far back a source's polls are read; one that was not polled for so long is due whatever its pace."""
SOURCE_ROLES = ("feed", "sitemap", "listing", "rest")
LOOKS_READ = 200
"""Newest looks of an outlet in which its walls are sought."""
HINTS_BACK = timedelta(days=30)
"""How far back a source's `modified` is heeded."""
DAY = timedelta(days=1)


@frozen(kw_only=True)
class DueLook:
    """A look at an article that is due."""

    url: str
    due_at: datetime
    good_at: datetime | None
    hint: datetime | None = None
    """The source's `modified` that asks for it; None: the ladder does."""

    def urgency(self, now: datetime) -> float:
        """How late it is, in parts of the wait that was meant: a look after 15 min spoils before one after a week."""
        wait_s = (self.due_at - self.good_at).total_seconds() if self.good_at else DAY.total_seconds()
        return (now - self.due_at).total_seconds() / max(wait_s, 60.0)


def due_looks(catalogue: Catalogue, outlet: str, now: datetime) -> list[DueLook]:
    """Every look that is due, the most urgent first."""
    c = t.watch.c
    rows = catalogue.rows(select(t.watch).where(c.outlet == outlet, c.due_at <= instant(now)))
    by_ladder = {row.url: watched_of(row._mapping) for row in rows}
    found = {
        url: DueLook(url=url, due_at=state.due_at, good_at=state.good_at)
        for url, state in by_ladder.items()
        if state.due_at is not None
    }
    found |= {look.url: look for look in _hinted(catalogue, outlet, now)}
    return sorted(found.values(), key=lambda look: (-look.urgency(now), look.url))


def _hinted(catalogue: Catalogue, outlet: str, now: datetime) -> list[DueLook]:
    c, lead = t.watch.c, t.leads.c
    newest = func.max(lead.modified_at).label("modified_at")
    statement = (
        select(t.watch, newest, func.max(lead.last_named_at).label("named_at"))
        .join(t.leads, and_(lead.outlet == c.outlet, lead.url == c.url))
        .where(
            c.outlet == outlet,
            lead.modified_at >= instant(now - HINTS_BACK),
            lead.modified_at > c.good_at,
            lead.modified_at <= lead.last_named_at,
        )
        .group_by(*t.watch.columns)
    )
    found = []
    for row in catalogue.rows(statement):
        state, modified_at = watched_of(row._mapping), datetime.fromisoformat(row.modified_at)
        due_at = hint_due(state, modified_at, datetime.fromisoformat(row.named_at))
        if due_at is not None and due_at <= now:
            found.append(DueLook(url=row.url, due_at=due_at, good_at=state.good_at, hint=modified_at))
    return found


def missing_leads(catalogue: Catalogue, outlet: str) -> list[Lead]:
    """What sources named and nobody fetched, as an interrupted crawl left it; they may not name it any more."""
    lead, covered = t.leads.c, t.coverage.c
    joined = t.leads.outerjoin(t.coverage, and_(lead.outlet == covered.outlet, lead.url == covered.url))
    statement = select(t.leads).select_from(joined).where(lead.outlet == outlet, covered.url.is_(None))
    return [
        Lead(
            url=row.url,
            source=row.source or None,
            source_kind=row.source_kind,
            headline=row.headline,
            published_at=datetime.fromisoformat(row.published_at) if row.published_at else None,
            modified_at=datetime.fromisoformat(row.modified_at) if row.modified_at else None,
            section=row.section,
            language=row.language,
        )
        for row in catalogue.rows(statement.order_by(lead.last_named_at.desc(), lead.url, lead.source))
    ]


def named_between(
    catalogue: Catalogue, outlet: str, since: date | None, until: date
) -> Iterator[tuple[str, str, datetime]]:
    """(URL, its source's, publication) of articles that a source dates about these days, and that are there still."""
    lead, seen, covered = t.leads.c, t.watch.c, t.coverage.c
    joined = t.leads.outerjoin(t.watch, and_(lead.outlet == seen.outlet, lead.url == seen.url)).outerjoin(
        t.coverage, and_(lead.outlet == covered.outlet, lead.url == covered.url)
    )
    # A day to either side: the outlet's day is not UTC's.
    midnight = time(tzinfo=UTC)
    from_at = datetime.combine(since or date.min, midnight) - (DAY if since else timedelta())
    statement = (
        select(lead.url, lead.source, lead.published_at)
        .select_from(joined)
        .where(
            lead.outlet == outlet,
            lead.published_at >= instant(from_at),
            lead.published_at < instant(datetime.combine(until, midnight) + 2 * DAY),
            seen.gone_since.is_(None),
            or_(covered.state.is_(None), covered.state != "rejected"),
        )
    )
    for row in catalogue.rows(statement):
        yield row.url, row.source, datetime.fromisoformat(row.published_at)


def waiting_urls(catalogue: Catalogue, outlet: str, now: datetime) -> set[str]:
    """URLs whose last looks failed and whose next is not due yet."""
    c = t.watch.c
    rows = catalogue.rows(select(c.url, c.due_at).where(c.outlet == outlet, c.tries > 0))
    return {row.url for row in rows if row.due_at is None or row.due_at > str(instant(now))}


def polls_of(catalogue: Catalogue, outlet: str, now: datetime) -> dict[str, list[Poll]]:
    """The polls of each of an outlet's sources that were answered lately, whatever the answer, by URL."""
    c = t.captures.c
    statement = select(c.url, c.captured_at, c.status, c.payload_digest).where(
        c.outlet == outlet, c.role.in_(SOURCE_ROLES), c.captured_at > instant(now - POLLS_BACK)
    )
    polls: dict[str, list[Poll]] = {}
    for row in catalogue.rows(statement):
        digest = row.payload_digest if row.status in (200, 304) else None
        poll = Poll(at=datetime.fromisoformat(row.captured_at), digest=digest)
        polls.setdefault(row.url, []).append(poll)
    return polls


@frozen(kw_only=True)
class Validators:
    """What makes a request conditional, and the capture that a 304 to it would confirm."""

    held: Held
    etag: str | None
    last_modified: str | None

    @property
    def headers(self) -> dict[str, str]:
        """The request's headers (RFC 9110 §13.1); If-None-Match goes before, both may be sent."""
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in pairs.items() if value}


def validators_of(catalogue: Catalogue, outlet: str, url: str) -> Validators | None:
    """The validators of the newest whole answer that is held of a URL; None where it had none."""
    c = t.captures.c
    statement = select(t.captures).where(c.url == url, c.outlet == outlet, c.status == 200, c.ended == "complete")
    rows = catalogue.rows(statement.order_by(c.captured_at.desc()).limit(1))
    if not rows or not (rows[0].etag or rows[0].last_modified):
        return None
    row = rows[0]
    held: Held | None = Held(
        url=row.url,
        captured_at=datetime.fromisoformat(row.captured_at),
        ref=CaptureRef(
            warc_file=row.warc_file,
            warc_offset=row.warc_offset,
            record_id=row.record_id,
            payload_digest=row.payload_digest,
        ),
    )
    if row.revisit:
        # A revisit refers to the record that holds the payload, never to another revisit.
        held = find_held(catalogue, row.payload_digest)
    return Validators(held=held, etag=row.etag, last_modified=row.last_modified) if held else None


def newest_answer(catalogue: Catalogue, archive: Path, url: str, since: datetime) -> Capture | None:
    """The newest whole answer of a URL since an instant, where it is no 5xx; read from its WARC file."""
    c = t.captures.c
    statement = select(c.warc_file, c.warc_offset, c.status).where(
        c.url == url, c.captured_at >= instant(since), c.ended == "complete"
    )
    rows = catalogue.rows(statement.order_by(c.captured_at.desc()).limit(1))
    if not rows or rows[0].status >= 500:
        return None
    return read_capture(archive, rows[0].warc_file, rows[0].warc_offset)


def newest_looks(catalogue: Catalogue, outlet: str, door: Door) -> Sequence[tuple[str, datetime, str | None]]:
    """(article URL, instant, why it showed no article) of the newest looks through one door, newest first."""
    c = t.watch.c
    at, reason = (c.page_at, c.page_reason) if door == "page" else (c.post_at, c.post_reason)
    newest = (
        select(c.url, at.label("at"), reason.label("reason"))
        .where(c.outlet == outlet, at.is_not(None))
        .order_by(at.desc(), c.url)
    )
    rows = catalogue.rows(newest.limit(LOOKS_READ))
    return [(row.url, datetime.fromisoformat(row.at), row.reason) for row in rows]


def asked_today(catalogue: Catalogue, outlet: str, now: datetime) -> int:
    """Requests of an outlet that were answered in the 24 hours before."""
    c = t.captures.c
    return catalogue.count(t.captures, c.outlet == outlet, c.captured_at > instant(now - DAY))

"""Questions to the catalogue that more than one command asks."""

from collections import Counter
from collections.abc import Iterable

from attrs import frozen
from sqlalchemy import and_, func, select

from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue
from pipelines.errors import PressmarkError
from pipelines.urls import article_id

WALLS = ("challenge", "http-403", "http-401", "http-429")
"""Reasons that tell of a bot wall."""
PASSING_REASONS = frozenset({*WALLS, "http-408", "http-425", "truncated"})
"""Rejections that may be gone at the next crawl, besides every 5xx: such a URL is asked again."""


def settled_urls(catalogue: Catalogue, outlet: str) -> set[str]:
    """The URLs of an outlet that need no further fetch: kept, or rejected for a reason that stays."""
    c = t.coverage.c
    rows = catalogue.rows(select(c.url, c.state, c.reason).where(c.outlet == outlet, c.state != "failed"))
    return {row.url for row in rows if row.state == "kept" or not _passes(row.reason or "")}


def _passes(reason: str) -> bool:
    return reason in PASSING_REASONS or reason.startswith("http-5")


def refuse_unknown(catalogue: Catalogue, outlets: Iterable[str]) -> None:
    """Raises PressmarkError where one of the outlets that are asked for is none of the archive's."""
    for outlet in outlets:
        places = (t.captures.c.outlet, t.articles.c.outlet)
        if all(catalogue.scalar(select(c).where(c == outlet).limit(1)) is None for c in places):
            raise PressmarkError(f"the archive holds no outlet {outlet!r}; `scrapy outlets` shows what it holds")


def find_article(catalogue: Catalogue, url: str) -> str | None:
    """The id of the article of a normalised URL: its identity URL, else one that it was fetched at or named by.

    A canonical URL on a foreign host is no identity: asking for an original never gives its copy.
    """
    own, v, covered = article_id(url), t.versions.c, t.coverage.c
    for statement in (
        select(t.articles.c.id).where(t.articles.c.id == own),
        select(v.id).where(v.url == url).order_by(v.captured_at.desc(), v.id),
        select(covered.article_id)
        .where(covered.url == url, covered.article_id.is_not(None))
        .order_by(covered.at.desc()),
    ):
        found = catalogue.scalar(statement.limit(1))
        if found is not None:
            return str(found)
    return None


@frozen(kw_only=True)
class Health:
    """What the catalogue says of one outlet."""

    outlet: str
    last_capture_at: str | None
    captures: int
    articles: int
    versions: int
    named: int
    """Different article URLs that its sources named."""
    kept: int
    """Of those, how many are kept; the same for the next three."""
    rejected: int
    failed: int
    missing: int
    """Never fetched."""
    reasons: dict[str, int]
    """Why articles were rejected or failed, most frequent first."""
    by_rules: int
    """Versions read by rules, against those read by the generic reader."""
    layout_changed: int
    """Versions whose witnesses disagree strongly: the outlet's rules may be out of date."""
    bot_walls: int
    """Articles whose page showed a bot wall when it was last asked for."""
    by_rest: int
    """Of those, the ones that were read through the outlet's REST API instead."""

    opt_outs: tuple[str, ...]
    """What its newest answers of each kind say against indexing, AI and text mining."""

    @property
    def coverage(self) -> float | None:
        """The share kept of what the sources named; None where they named nothing."""
        return self.kept / self.named if self.named else None


def health(catalogue: Catalogue, outlets: Iterable[str] = ()) -> list[Health]:
    """One row an outlet that was ever crawled, and one for each of `outlets` besides."""
    c = t.captures.c
    crawled = {row.outlet for row in catalogue.rows(select(c.outlet).distinct())}
    return [_health_of(catalogue, outlet) for outlet in sorted(crawled | set(outlets))]


def _health_of(catalogue: Catalogue, outlet: str) -> Health:
    captures, versions, covered, watched = t.captures.c, t.versions.c, t.coverage.c, t.watch.c
    named = {row.url for row in catalogue.rows(select(t.leads.c.url).where(t.leads.c.outlet == outlet).distinct())}
    fates = {
        row.url: (row.state, row.reason or row.state)
        for row in catalogue.rows(select(covered.url, covered.state, covered.reason).where(covered.outlet == outlet))
    }
    states = Counter(fates[url][0] if url in fates else "missing" for url in named)
    reasons = Counter(reason for state, reason in fates.values() if state != "kept")
    mine = versions.outlet == outlet
    return Health(
        outlet=outlet,
        last_capture_at=catalogue.scalar(select(func.max(captures.captured_at)).where(captures.outlet == outlet)),
        captures=catalogue.count(t.captures, captures.outlet == outlet),
        articles=catalogue.count(t.articles, t.articles.c.outlet == outlet),
        versions=catalogue.count(t.versions, mine),
        named=len(named),
        kept=states["kept"],
        rejected=states["rejected"],
        failed=states["failed"],
        missing=states["missing"],
        reasons=dict(reasons.most_common()),
        by_rules=catalogue.count(t.versions, mine, versions.verdict == "rules"),
        layout_changed=catalogue.count(t.versions, mine, versions.reason == "layout-changed"),
        bot_walls=catalogue.count(t.watch, watched.outlet == outlet, watched.page_reason.in_(WALLS)),
        opt_outs=_opt_outs(catalogue, outlet),
        by_rest=catalogue.count(
            t.watch, watched.outlet == outlet, watched.page_reason.in_(WALLS), watched.good_at == watched.post_at
        ),
    )


def _opt_outs(catalogue: Catalogue, outlet: str) -> tuple[str, ...]:
    """What the newest robots.txt and the newest article say, each once."""
    c = t.captures.c
    said = []
    for role in ("robots", "article"):
        newest = select(c.opt_out).where(c.outlet == outlet, c.role == role, c.status < 300)
        said.append(catalogue.scalar(newest.order_by(c.captured_at.desc(), c.record_id).limit(1)))
    return tuple(dict.fromkeys(filter(None, said)))


@frozen(kw_only=True)
class Day:
    """What became of what an outlet's sources named for one day."""

    outlet: str
    day: str
    """The day a source gave, in UTC, else the day it was first named on."""
    named: int
    kept: int
    rejected: int
    failed: int
    missing: int
    reasons: dict[str, int]


def coverage_by_day(catalogue: Catalogue, outlet: str) -> list[Day]:
    """The ledger of an outlet, newest day first."""
    lead, covered = t.leads.c, t.coverage.c
    joined = t.leads.outerjoin(t.coverage, and_(lead.url == covered.url, lead.outlet == covered.outlet))
    statement = (
        select(
            lead.url,
            func.min(func.coalesce(lead.published_at, lead.first_named_at)).label("at"),
            func.max(covered.state).label("state"),
            func.max(covered.reason).label("reason"),
        )
        .select_from(joined)
        .where(lead.outlet == outlet)
        .group_by(lead.url)
    )
    days: dict[str, list[tuple[str, str | None]]] = {}
    for row in catalogue.rows(statement):
        days.setdefault(row.at[:10], []).append((row.state or "missing", row.reason))
    return [_day(outlet, day, days[day]) for day in sorted(days, reverse=True)]


def _day(outlet: str, day: str, fates: list[tuple[str, str | None]]) -> Day:
    states = Counter(state for state, _ in fates)
    return Day(
        outlet=outlet,
        day=day,
        named=len(fates),
        kept=states["kept"],
        rejected=states["rejected"],
        failed=states["failed"],
        missing=states["missing"],
        reasons=dict(Counter(reason or state for state, reason in fates if state in ("rejected", "failed"))),
    )

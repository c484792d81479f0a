"""Writes captures, leads, coverage and versions into the catalogue; text files are somebody else's."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from attrs import asdict, fields, frozen
from sqlalchemy import Connection, select, update

from pipelines.article import Article
from pipelines.capture import Capture, CaptureRef, Held, Lead
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, as_list, instant, put
from pipelines.catalogue.fulltext import index_version
from pipelines.catalogue.opt_outs import opt_out_of
from pipelines.catalogue.watch import Look, Watched, seen
from pipelines.urls import article_id

State = Literal["kept", "rejected", "failed"]

MAX_KEY_BYTES = 2_600
"""PostgreSQL's index takes 2,704 with its own bytes; a crawl fetches no URL beyond 2,083."""


@frozen(kw_only=True)
class Latest:
    """What the catalogue holds of an article: its newest version and the folder of its first."""

    version: int
    captured_at: datetime
    text_sha256: str
    first_text_file: str
    headline: str | None
    standfirst: str | None
    body: str
    verdict: str
    reason: str | None
    paywalled: bool | None


def record_capture(connection: Connection, capture: Capture) -> None:
    """One row a capture, whatever its role."""
    row = {
        "record_id": capture.ref.record_id,
        "outlet": capture.outlet,
        "role": capture.role,
        "url": capture.url,
        "captured_at": instant(capture.captured_at),
        "status": capture.status,
        "ended": capture.ended,
        "revisit": capture.revisit,
        "payload_digest": capture.ref.payload_digest,
        "payload_bytes": len(capture.payload),
        "warc_file": capture.ref.warc_file,
        "warc_offset": capture.ref.warc_offset,
        "source": capture.lead.source if capture.lead else None,
        "etag": capture.header("etag"),
        "last_modified": capture.header("last-modified"),
        "opt_out": opt_out_of(capture),
    }
    put(connection, t.captures, row)


def record_leads(connection: Connection, outlet: str, named_at: datetime, leads: list[Lead]) -> None:
    """What one reading of a source said; the newest saying wins, the first and last instants stay."""
    at = instant(named_at)
    assert at is not None
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for lead in leads:
        if not _fits(outlet, lead.url, lead.source or ""):
            continue
        rows[lead.url, lead.source or ""] = {
            "outlet": outlet,
            "url": lead.url,
            "source": lead.source or "",
            "source_kind": lead.source_kind,
            "first_named_at": at,
            "last_named_at": at,
            "headline": lead.headline,
            "published_at": instant(lead.published_at),
            "modified_at": instant(lead.modified_at),
            "section": lead.section,
            "language": lead.language,
        }
    for source in {source for _, source in rows}:
        c = t.leads.c
        held = connection.execute(select(t.leads).where(c.outlet == outlet, c.source == source)).mappings()
        for old in held:
            new = rows.get((old["url"], source))
            if new is None:
                continue
            newest = new if at >= old["last_named_at"] else dict(old)
            rows[old["url"], source] = newest | {
                "first_named_at": min(at, old["first_named_at"]),
                "last_named_at": max(at, old["last_named_at"]),
            }
    put(connection, t.leads, list(rows.values()))
    for lead in leads:
        if lead.alternates:
            _record_editions(connection, article_id(lead.url), lead.alternates, said_by="source")


def _record_editions(
    connection: Connection, article: str, alternates: tuple[tuple[str, str], ...], *, said_by: str
) -> None:
    """What a page or a source says of an article's other language editions."""
    said = [{"id": article, "language": lang, "url": url, "said_by": said_by} for lang, url in alternates]
    put(connection, t.editions, [row for row in said if _fits(*row.values())])


def _fits(*key: str) -> bool:
    """True where PostgreSQL can index a row by these values; both databases leave the others out."""
    return sum(len(value.encode("utf-8", "replace")) for value in key) <= MAX_KEY_BYTES


def record_coverage(
    connection: Connection,
    outlet: str,
    url: str,
    at: datetime,
    state: State,
    *,
    reason: str | None = None,
    detail: str | None = None,
    article_id: str | None = None,
    day: str | None = None,
) -> None:
    """What became of a fetched URL: what was kept once stays kept, else the newest outcome wins."""
    c = t.coverage.c
    known = connection.execute(select(c.state, c.at).where(c.outlet == outlet, c.url == url)).first()
    if known is not None and (known.state == "kept", known.at) > (state == "kept", str(instant(at))):
        return
    row = {"outlet": outlet, "url": url, "at": instant(at), "state": state, "reason": reason}
    put(connection, t.coverage, row | {"detail": detail, "article_id": article_id, "day": day})


def latest_version(connection: Connection, article_id: str) -> Latest | None:
    """The newest version of an article, or None where it is new."""
    c = t.versions.c
    rows = connection.execute(
        select(
            c.version, c.captured_at, c.text_sha256, c.text_file, c.headline, c.standfirst, c.body, c.verdict,
            c.reason, c.paywalled,
        ).where(c.id == article_id).order_by(c.version)
    ).all()  # fmt: skip
    if not rows:
        return None
    newest = rows[-1]
    return Latest(
        version=newest.version,
        captured_at=datetime.fromisoformat(newest.captured_at),
        text_sha256=newest.text_sha256,
        first_text_file=rows[0].text_file,
        headline=newest.headline,
        standfirst=newest.standfirst,
        body=newest.body,
        verdict=newest.verdict,
        reason=newest.reason,
        paywalled=newest.paywalled,
    )


def record_look(connection: Connection, outlet: str, url: str, look: Look) -> None:
    """Folds what a fetch of an article URL showed into what is known of it."""
    c = t.watch.c
    row = connection.execute(select(t.watch).where(c.outlet == outlet, c.url == url)).mappings().first()
    after = seen(watched_of(row) if row else None, look)
    put(connection, t.watch, {"outlet": outlet, "url": url} | _watch_columns(after))


def watched_of(row: Mapping[Any, Any]) -> Watched:
    """A row of the watch table as what it stands for."""
    values = {column.name: row[column.name] for column in t.watch.columns if column.name not in ("outlet", "url")}
    moments = {name: datetime.fromisoformat(values[name]) for name in _MOMENTS if values[name] is not None}
    return Watched(**values | moments)


_MOMENTS = tuple(each.name for each in fields(Watched) if each.type in (datetime, datetime | None))


def _watch_columns(state: Watched) -> dict[str, Any]:
    values = asdict(state)
    return values | {name: instant(values[name]) for name in _MOMENTS}


def record_version(
    connection: Connection, article: Article, capture: Capture, identity_url: str, version: int, columns: dict[str, Any]
) -> None:
    """A new version of an article; `columns` are those that the text file decides."""
    at = instant(capture.captured_at)
    if version == 1:
        first = {"id": article.id, "outlet": article.outlet, "identity_url": identity_url, "versions": 1}
        put(connection, t.articles, first | {"first_captured_at": at})
    else:
        connection.execute(update(t.articles).where(t.articles.c.id == article.id).values(versions=version))
    put(connection, t.versions, _version_row(article, capture, version) | columns)
    index_version(connection, article, version, columns["body"])
    _record_editions(connection, article.id, article.alternates, said_by="page")
    if origin := article.syndicated_from:
        put(connection, t.origins, {"id": article.id, "version": version, "name": origin.name, "url": origin.url})


def _version_row(article: Article, capture: Capture, version: int) -> dict[str, Any]:
    return {
        "id": article.id,
        "version": version,
        "outlet": article.outlet,
        "outlet_name": article.outlet_name,
        "record_id": capture.ref.record_id,
        "captured_at": instant(capture.captured_at),
        "warc_file": capture.ref.warc_file,
        "warc_offset": capture.ref.warc_offset,
        "payload_digest": capture.ref.payload_digest,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "headline": article.headline,
        "standfirst": article.standfirst,
        "byline_raw": article.byline_raw,
        "authors": as_list(article.authors),
        "published_at": instant(article.published_at),
        "published_raw": article.published_raw,
        "modified_at": instant(article.modified_at),
        "section": article.section,
        "tags": as_list(article.tags),
        "language": article.language,
        "links": as_list({"url": u, "text": b.text[s:e]} for b in article.blocks for s, e, u in b.links),
        "images": as_list({"url": i.url, "caption": i.caption, "credit": i.credit} for i in article.images),
        "paywalled": article.paywalled,
        "verdict": article.verdict,
        "reason": article.reason,
        "rules_version": article.rules_version,
        "extractor": article.extractor,
        "agreement": article.agreement,
        "stripped": as_list({"rule": s.rule, "chars": s.chars} for s in article.stripped),
    }


def find_held(catalogue: Catalogue, digest: str) -> Held | None:
    """The first capture with this payload that was stored whole: what a revisit refers to."""
    c = t.captures.c
    statement = select(t.captures).where(c.payload_digest == digest, ~c.revisit, c.ended == "complete")
    rows = catalogue.rows(statement.order_by(c.captured_at, c.record_id).limit(1))
    if not rows:
        return None
    row = rows[0]
    ref = CaptureRef(
        warc_file=row.warc_file, warc_offset=row.warc_offset, record_id=row.record_id, payload_digest=digest
    )
    return Held(url=row.url, captured_at=datetime.fromisoformat(row.captured_at), ref=ref)

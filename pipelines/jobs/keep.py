"""Keeps what captures hold: a live crawl and `scrapy rebuild` both come through here.

Takes captures and notes, gives text files and catalogue rows; the WARC records stand already when it is called.
"""

import hashlib
import logging
import os
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from attrs import field, frozen
from sqlalchemy import Connection

from pipelines.article import Article, Rejection
from pipelines.capture import Capture, Lead, Note, Role
from pipelines.catalogue.catalogue import Catalogue
from pipelines.catalogue.record import (
    Latest,
    latest_version,
    record_capture,
    record_coverage,
    record_leads,
    record_look,
    record_version,
)
from pipelines.catalogue.watch import Door, Look
from pipelines.extraction import extract, extract_answer
from pipelines.extraction.output import body_text
from pipelines.jobs.judging import emptied, same_by_another_door
from pipelines.rules import RuleBook
from pipelines.text.clean import write_clean
from pipelines.text.record import article_day
from pipelines.urls import article_id, normalised_url
from pipelines.warc.coding import page_of

log = logging.getLogger(__name__)


@frozen(kw_only=True)
class Reading:
    """An article capture, and what extraction made of it."""

    capture: Capture
    result: Article | Rejection


@frozen(kw_only=True)
class Naming:
    """A source capture, and the articles that it names."""

    capture: Capture
    leads: tuple[Lead, ...]
    problem: str | None = None


@frozen(kw_only=True)
class Kept:
    """What became of a reading."""

    state: str
    """`kept`: a new version; `unchanged`: the text is held already; `rejected`."""
    text_file: str | None = None
    """Relative to the archive folder."""
    version: int | None = None
    text: bytes | None = field(default=None, repr=False)
    """The clean text of a new version."""


ARTICLE_ROLES = ("article", "post")
"""Roles of captures that were made for an article."""


def holds_article(capture: Capture) -> bool:
    """True where a capture is to be read for an article: a redirect or a 304 leads to one, or says it is the same."""
    return capture.role in ARTICLE_ROLES and not 300 <= capture.status < 400


def read_article(capture: Capture, rules: RuleBook) -> Reading:
    """Reads an article capture; pure, so it may run in another process.

    A page that no reader foresaw is rejected as `extraction-failed`, and the next goes on.
    """
    try:
        if capture.role == "post":
            result = extract_answer(page_of(capture), rules)
        else:
            result = _led_astray(capture, rules) or extract(page_of(capture), rules)
    except Exception as error:
        log.exception("%s: extraction failed; payload %s", capture.url, capture.ref.payload_digest)
        result = Rejection(reason="extraction-failed", detail=type(error).__name__)
    return Reading(capture=capture, result=result)


def _led_astray(capture: Capture, rules: RuleBook) -> Rejection | None:
    """Why a redirect led to no article: to the outlet's home page, or to another page of its that is none."""
    if capture.lead is None or normalised_url(capture.url) == normalised_url(capture.lead.url):
        return None
    if urlsplit(capture.url).path in ("", "/"):
        return Rejection(reason="redirect-home", detail=capture.url)
    asked, landed = rules.outlet_for(capture.lead.url), rules.outlet_for(capture.url)
    if asked is None or landed is None or asked.slug != landed.slug:
        return None
    section = asked.article_url.match(capture.url) is None if asked.article_url else _SECTION.search(capture.url)
    return Rejection(reason="redirect-section", detail=capture.url) if section else None


_SECTION = re.compile(r"^https?://[^/]+/(?:[a-z]{2}/)?(?:category|categories|tag|tags|section|topic|author)/")
"""Listings of the usual systems, for outlets whose articles have no address of their own shape."""


class Keeper:
    """The archive's text folder and catalogue, written in the order of ARCHITECTURE, "One page's way"."""

    def __init__(self, text_root: Path, catalogue: Catalogue, *, durable: bool = True) -> None:
        self.text_root = text_root
        self.catalogue = catalogue
        self.durable = durable
        """False in a rebuild, which syncs once at its end and can be begun again."""

    def keep_records(self, outlet: str, records: Iterable[Capture | Note]) -> None:
        """Catalogues captures as such, whatever they hold, and fetches of articles that left no exchange."""
        with self.catalogue.transaction() as connection:
            for record in records:
                if isinstance(record, Capture):
                    record_capture(connection, record)
                    if record.role in ARTICLE_ROLES and record.status == 304:
                        look = Look(
                            at=record.captured_at, shown="same", hint=_hint(record.lead), door=door_of(record.role)
                        )
                        record_look(connection, record.outlet, named_url(record.url, record.lead), look)
                elif record.role in ARTICLE_ROLES:
                    url, at, door = named_url(record.url, record.lead), record.noted_at, door_of(record.role)
                    if door == "page":
                        told = {"reason": record.reason, "detail": record.detail or None}
                        record_coverage(connection, outlet, url, at, "failed", **told)
                    look = Look(at=at, shown="failed", reason=record.reason, hint=_hint(record.lead), door=door)
                    record_look(connection, outlet, url, look)

    def keep_naming(self, naming: Naming) -> None:
        """Catalogues a source capture with the leads read from it."""
        capture = naming.capture
        with self.catalogue.transaction() as connection:
            record_capture(connection, capture)
            record_leads(connection, capture.outlet, capture.captured_at, list(naming.leads))

    def keep_reading(self, reading: Reading) -> Kept:
        """Writes an article's text file where its text is new, then commits its rows."""
        capture, result = reading.capture, reading.result
        url = named_url(capture.url, capture.lead)
        with self.catalogue.transaction() as connection:
            record_capture(connection, capture)
            latest = None if isinstance(result, Rejection) else latest_version(connection, result.id)
            if isinstance(result, Article) and latest is not None:
                result = emptied(result, latest) or result
            if isinstance(result, Rejection):
                at, door, told = capture.captured_at, door_of(capture.role), {"detail": result.detail or None}
                if door == "page":
                    # What the API does not give says nothing of the article: the page's own wall stays its reason.
                    record_coverage(connection, capture.outlet, url, at, "rejected", reason=result.reason, **told)
                look = Look(at=at, shown="rejected", reason=result.reason, hint=_hint(capture.lead), door=door)
                record_look(connection, capture.outlet, url, look)
                return Kept(state="rejected")
            return self._keep_article(connection, capture, result, latest, url)

    def _keep_article(
        self, connection: Connection, capture: Capture, article: Article, latest: Latest | None, url: str
    ) -> Kept:
        day = article_day(article)
        printed_day = None if day is None else day.isoformat()
        record_coverage(
            connection,
            capture.outlet,
            url,
            capture.captured_at,
            "kept",
            reason=article.reason,
            article_id=article.id,
            day=printed_day,
        )
        text = write_clean(article).encode()
        digest = hashlib.sha256(text).hexdigest()
        same = latest is not None and (latest.text_sha256 == digest or same_by_another_door(article, latest))
        look = Look(
            at=capture.captured_at,
            shown="same" if same else "new",
            article_id=article.id,
            published_at=article.published_at or (capture.lead.published_at if capture.lead else None),
            hint=_hint(capture.lead),
            door=door_of(capture.role),
        )
        record_look(connection, capture.outlet, url, look)
        if latest is not None and same:
            return Kept(state="unchanged", version=latest.version)
        version = latest.version + 1 if latest else 1
        text_file = _text_file(article, capture, version, latest.first_text_file if latest else None)
        write_whole(self.text_root / text_file.removeprefix("text/"), text, durable=self.durable)
        columns = {
            "text_file": text_file,
            "text_sha256": digest,
            "published_day": printed_day,
            "body": body_text(article.blocks),
        }
        record_version(connection, article, capture, _identity_url(article), version, columns)
        return Kept(state="kept", text_file=text_file, version=version, text=text)


def door_of(role: Role) -> Door:
    """Where a capture that was made for an article was taken."""
    return "post" if role == "post" else "page"


def _hint(lead: Lead | None) -> datetime | None:
    """What a source's `modified` asked for, where a look came of it."""
    return lead.modified_at if lead and lead.source_kind == "look" else None


def named_url(url: str, lead: Lead | None) -> str:
    """The normalised URL that coverage counts a fetch under: the lead's, else the one asked for."""
    return normalised_url(lead.url if lead else url)


def write_whole(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Writes a file that is there whole or not at all; `durable`: it is on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with unfinished.open("wb") as file:
        file.write(content)
        if durable:
            file.flush()
            os.fsync(file.fileno())
    unfinished.replace(path)
    if durable:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
_FOLDER_CHARS = 200


def _text_file(article: Article, capture: Capture, version: int, first: str | None) -> str:
    if first is not None:
        return f"{first.removesuffix('.txt')}.{version}.txt"
    day = article_day(article) or capture.captured_at.astimezone(ZoneInfo(article.zone)).date()
    return f"text/{folder_of(article.outlet)}/{day:%Y/%m/%d}/{article.id}.txt"


def folder_of(outlet: str) -> str:
    """The name of an outlet's folder.

    An unknown outlet is called by its host, which comes from a URL: no folder may lead out of where it lies, or have
    a name that no file system takes.
    """
    return _UNSAFE.sub("_", outlet).strip(".")[:_FOLDER_CHARS] or "_"


def _identity_url(article: Article) -> str:
    if article.canonical_url and article_id(article.canonical_url) == article.id:
        return article.canonical_url
    return article.url

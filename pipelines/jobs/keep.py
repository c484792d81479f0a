"""Keeps what captures hold: a live crawl and `scrapy rebuild` both come through here.

Takes captures and notes, gives text files and catalogue rows; the WARC records stand already when it is called.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

from attrs import frozen

from pipelines.article import Article, Rejection
from pipelines.capture import Capture, Lead, Note
from pipelines.catalogue.catalogue import Catalogue
from pipelines.catalogue.record import (
    latest_version,
    record_capture,
    record_coverage,
    record_leads,
    record_version,
)
from pipelines.extraction import extract
from pipelines.extraction.output import body_text
from pipelines.rules import RuleBook
from pipelines.text.clean import write_clean
from pipelines.text.record import article_day
from pipelines.urls import article_id, normalised_url
from pipelines.warc.coding import page_of


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


def holds_article(capture: Capture) -> bool:
    """True where a capture is to be read for an article: a redirect or a 304 leads to one, or says it is the same."""
    return capture.role == "article" and not 300 <= capture.status < 400


def read_article(capture: Capture, rules: RuleBook) -> Reading:
    """Reads an article capture; pure, so it may run in another process."""
    return Reading(capture=capture, result=extract(page_of(capture), rules))


class Keeper:
    """The archive's text folder and catalogue, written in the order that DESIGN's "Durability" asks for."""

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
                elif record.role == "article":
                    url = named_url(record.url, record.lead)
                    detail = record.detail or None
                    record_coverage(
                        connection, outlet, url, record.noted_at, "failed", reason=record.reason, detail=detail
                    )

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
            if isinstance(result, Rejection):
                record_coverage(
                    connection,
                    capture.outlet,
                    url,
                    capture.captured_at,
                    "rejected",
                    reason=result.reason,
                    detail=result.detail or None,
                )
                return Kept(state="rejected")
            day = article_day(result)
            record_coverage(
                connection,
                capture.outlet,
                url,
                capture.captured_at,
                "kept",
                reason=result.reason,
                article_id=result.id,
                day=None if day is None else day.isoformat(),
            )
            text = write_clean(result).encode()
            digest = hashlib.sha256(text).hexdigest()
            latest = latest_version(connection, result.id)
            if latest and latest.text_sha256 == digest:
                return Kept(state="unchanged", version=latest.version)
            version = latest.version + 1 if latest else 1
            text_file = _text_file(result, capture, version, latest.first_text_file if latest else None)
            write_whole(self.text_root / text_file.removeprefix("text/"), text, durable=self.durable)
            columns = {
                "text_file": text_file,
                "text_sha256": digest,
                "published_day": None if day is None else day.isoformat(),
                "body": body_text(result.blocks),
            }
            record_version(connection, result, capture, _identity_url(result), version, columns)
            return Kept(state="kept", text_file=text_file, version=version)


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


def _text_file(article: Article, capture: Capture, version: int, first: str | None) -> str:
    if first is not None:
        return f"{first.removesuffix('.txt')}.{version}.txt"
    day = article_day(article) or capture.captured_at.astimezone(ZoneInfo(article.zone)).date()
    return f"text/{article.outlet}/{day:%Y/%m/%d}/{article.id}.txt"


def _identity_url(article: Article) -> str:
    if article.canonical_url and article_id(article.canonical_url) == article.id:
        return article.canonical_url
    return article.url

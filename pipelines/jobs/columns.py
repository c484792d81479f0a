"""The columns of an export: one list that Parquet's schema, JSON lines, the dataset card and the documents follow."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Literal

from attrs import frozen

Kind = Literal["string", "integer", "number", "boolean", "instant", "day", "strings", "links", "images", "origin"]

SHOWN: Mapping[Kind, str] = {
    "string": "string",
    "integer": "int64",
    "number": "double",
    "boolean": "bool",
    "instant": "timestamp[us, UTC]",
    "day": "date32",
    "strings": "list<string>",
    "links": "list<struct<url: string, text: string>>",
    "images": "list<struct<url: string, caption: string, credit: string>>",
    "origin": "struct<name: string, url: string>",
}
"""Each kind as Arrow writes it; in JSON lines an instant is ISO 8601 in UTC, a day YYYY-MM-DD."""


@frozen
class Column:
    """One column; null (or an empty list) means that the page does not state it."""

    name: str
    kind: Kind
    meaning: str


COLUMNS = (
    Column("id", "string", "first 16 hex digits of the SHA-256 of the article's identity URL"),
    Column("version", "integer", "state of the article's text, counted from 1 in the order of capture"),
    Column("url", "string", "normalised URL that it was captured at"),
    Column("canonical_url", "string", "URL that the page declares"),
    Column("outlet", "string", "slug of the outlet"),
    Column("outlet_name", "string", "its printed name"),
    Column("headline", "string", ""),
    Column("standfirst", "string", "also the first block of `body` where the page shows it"),
    Column("authors", "strings", "people alone, as printed"),
    Column("byline_raw", "string", "the byline as printed"),
    Column("published_at", "instant", "the page's own statement, never a feed's"),
    Column("published_day", "day", "day of publication in the outlet's time zone"),
    Column("modified_at", "instant", ""),
    Column("captured_at", "instant", "when this version was first captured"),
    Column("month", "string", "YYYY-MM of `published_day`, else of `captured_at`: the file that the row lies in"),
    Column("section", "string", "as the outlet names it"),
    Column("tags", "strings", ""),
    Column("language", "string", "such as `uk`, `ru`, `en`"),
    Column("body", "string", "the article alone: blocks with a blank line between, list items on consecutive lines"),
    Column("links", "links", "links in the body"),
    Column("images", "images", ""),
    Column("paywalled", "boolean", ""),
    Column("syndicated_from", "origin", "where the page says that the text came from"),
    Column("duplicate_of", "string", "id of the article that this one is a copy of, where copies are marked"),
    Column("verdict", "string", "`rules` or `generic`: what read the page"),
    Column("reason", "string", "a mark on the verdict, such as `layout-changed`"),
    Column("agreement", "number", "0 to 1: how far the witnesses agree on the body"),
    Column("rules_version", "string", "hash of the rules that the page was read with"),
    Column("extractor", "string", "name and version of what read the page"),
    Column("warc_file", "string", "relative to the archive folder"),
    Column("warc_offset", "integer", "byte offset of the response record"),
    Column("payload_digest", "string", "`sha256:` and base32 over the body as sent"),
    Column("text_sha256", "string", "SHA-256 in hex of the article in the clean style"),
)


def record_of(row: Mapping[str, Any], origin: dict[str, Any] | None, duplicate_of: str | None) -> dict[str, Any]:
    """A version's row of the catalogue as a row of the export."""
    month = (row["published_day"] or row["captured_at"])[:7]
    derived = {"month": month, "syndicated_from": origin, "duplicate_of": duplicate_of}
    return {
        column.name: derived[column.name]
        if column.name in derived
        else _READ.get(column.kind, lambda value: value)(row[column.name])
        for column in COLUMNS
    }


def as_json(record: Mapping[str, Any]) -> str:
    """A row of the export as a line of JSON, with its newline."""
    told = json.dumps(record, ensure_ascii=False, default=_json_of)
    return _LINE_ENDS.sub(lambda found: f"\\u{ord(found[0]):04x}", told) + "\n"


_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
"""What JSON leaves as it is, and some readers take for the end of a line."""


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _json_of(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value)} is no value of an export")


_READ: Mapping[Kind, Callable[[Any], Any]] = {
    "instant": _instant,
    "day": _day,
    "strings": json.loads,
    "links": json.loads,
    "images": json.loads,
}

"""Many saved pages at once: JSON lines in, JSON values out, in order."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipelines.capture import Page
from pipelines.dates import has_a_day
from pipelines.extraction.output import as_json
from pipelines.extraction.reading import extract
from pipelines.rules import RuleBook
from pipelines.warc.coding import plain

BAD_LINE = "bad-line"


def read_batch(lines: Iterable[str], base: Path, rules: RuleBook) -> Iterator[dict[str, Any]]:
    """The result of each line's page, under the line's own id.

    A line holds `id`, `url`, `crawled_at`, and `html` or `file` (relative to `base`; `.gz` is read).
    A line that cannot be read gives an object with `reason` `bad-line` and what is wrong as `detail`; the next goes on.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        row: Any = None
        try:
            row = json.loads(line)
            page = page_of_row(row, base)
        except (ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError) as error:
            known = {"id": row["id"]} if isinstance(row, dict) and "id" in row else {}
            yield known | {"verdict": "rejected", "reason": BAD_LINE, "detail": f"line {number}: {error!r}"}
            continue
        result = as_json(extract(page, rules), page)
        yield {**result, "id": row["id"]} if "id" in row else result


def page_of_row(row: dict[str, Any], base: Path) -> Page:
    """The page that one line describes."""
    if row.get("html") is None and row.get("file") is None:
        raise ValueError("neither html nor file")
    if row.get("html") is not None:
        body = str(row["html"]).encode("utf-8", "surrogatepass")
    else:
        body = plain((base / row["file"]).read_bytes())
    if not isinstance(row["url"], str):
        raise TypeError("the url is no text")
    # A page saved from elsewhere may have lost its scheme; what cannot even be taken apart is no address.
    urlsplit(row["url"])
    return Page(url=row["url"], body=body, captured_at=_instant(row.get("crawled_at")))


def _instant(written: str | None) -> datetime | None:
    if not written:
        return None
    at = datetime.fromisoformat(written)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if not has_a_day(at):
        raise ValueError(f"an instant of no known year: {written}")
    return at

"""Many saved pages at once: JSON lines in, JSON values out, in order."""

import gzip
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.capture import Page
from pipelines.errors import PressmarkError
from pipelines.extraction.output import as_json
from pipelines.extraction.reading import extract
from pipelines.rules import RuleBook


def read_batch(lines: Iterable[str], base: Path, rules: RuleBook) -> Iterator[dict[str, Any]]:
    """The result of each line's page, under the line's own id.

    A line holds `id`, `url`, `crawled_at`, and `html` or `file` (relative to `base`; `.gz` is read).
    Raises PressmarkError, naming the line, where one is not to be read.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            page = page_of_row(row, base)
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise PressmarkError(f"line {number}: {error!r}") from error
        result = as_json(extract(page, rules), page)
        yield {**result, "id": row["id"]} if "id" in row else result


def page_of_row(row: dict[str, Any], base: Path) -> Page:
    """The page that one line describes."""
    if row.get("html") is not None:
        body = str(row["html"]).encode("utf-8", "surrogatepass")
    else:
        body = (base / row["file"]).read_bytes()
        if body.startswith(b"\x1f\x8b"):
            body = gzip.decompress(body)
    return Page(url=row["url"], body=body, captured_at=_instant(row.get("crawled_at")))


def _instant(written: str | None) -> datetime | None:
    if not written:
        return None
    at = datetime.fromisoformat(written)
    return at if at.tzinfo else at.replace(tzinfo=UTC)

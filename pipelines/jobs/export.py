"""The archive's articles for other tools: JSON lines or Parquet, a file an outlet and month, with a dataset card.

Takes the catalogue's rows, streams them; the same catalogue and options give the same bytes.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen
from sqlalchemy import and_, func, select

from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue
from pipelines.errors import PressmarkError
from pipelines.jobs.card import dataset_card
from pipelines.jobs.choosing import Choice, chosen_statement
from pipelines.jobs.columns import COLUMNS, Kind, as_json, record_of
from pipelines.jobs.folder import MANIFEST, digest_of_file, refuse_foreign
from pipelines.jobs.keep import folder_of

if TYPE_CHECKING:
    import pyarrow

Format = Literal["jsonl", "parquet"]
CARD = "README.md"
ROW_GROUP = 1000
"""Rows of a Parquet row group: about 4 MB of text, held in memory while it is written."""

Record = dict[str, Any]


@frozen(kw_only=True)
class File:
    """One file of an export."""

    file: str
    """Relative to the export's folder."""
    outlet: str
    month: str
    rows: int
    languages: tuple[str, ...] = field(default=())
    sha256: str


def export(
    catalogue: Catalogue,
    out: Path,
    form: Format,
    choice: Choice,
    copies: Mapping[str, str],
    *,
    drop_copies: bool = False,
    watch: Callable[[Iterable[Record]], Iterable[Record]] = iter,
) -> list[File]:
    """Writes an export beside `out` and puts it there when it is whole; gives its files.

    `copies` (id, id of its original) are marked, or dropped. Raises PressmarkError where `out` holds anything that no
    earlier export put there, or where Parquet is asked for and pyarrow is not installed.
    """
    write = _parquet_writer() if form == "parquet" else _write_jsonl
    refuse_foreign(out, {MANIFEST, CARD})
    unfinished = out.with_name(f".{out.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    files = []
    chosen = (row for row in records(catalogue, choice, copies) if not (drop_copies and row["duplicate_of"]))
    for (outlet, month), rows in groupby(watch(chosen), key=lambda row: (row["outlet"], row["month"])):
        folder = folder_of(outlet)
        if folder != outlet:
            # Two hosts may come to one name.
            folder += "-" + hashlib.sha256(outlet.encode()).hexdigest()[:8]
        path = unfinished / "data" / folder / f"{month}.{form}"
        path.parent.mkdir(parents=True, exist_ok=True)
        count, languages = write(path, rows)
        files.append(
            File(
                file=path.relative_to(unfinished).as_posix(),
                outlet=outlet,
                month=month,
                rows=count,
                languages=tuple(sorted(languages)),
                sha256=digest_of_file(path) or "",
            )
        )
    lines = [json.dumps({"file": each.file, "rows": each.rows, "sha256": each.sha256}) + "\n" for each in files]
    (unfinished / MANIFEST).write_text("".join(lines), encoding="utf-8", newline="\n")
    (unfinished / CARD).write_text(dataset_card(files, form, choice), encoding="utf-8", newline="\n")
    if out.exists():
        shutil.rmtree(out)
    unfinished.rename(out)
    return files


def records(catalogue: Catalogue, choice: Choice, copies: Mapping[str, str]) -> Iterator[Record]:
    """The rows of an export, by outlet, month and time; streamed."""
    c, o = t.versions.c, t.origins.c
    month = func.substr(func.coalesce(c.published_day, c.captured_at), 1, 7)
    chosen = chosen_statement(catalogue, choice).with_only_columns(c.id, c.version).order_by(None).subquery()
    statement = (
        select(t.versions, o.name.label("origin_name"), o.url.label("origin_url"), o.id.label("origin_of"))
        .join(chosen, and_(c.id == chosen.c.id, c.version == chosen.c.version))
        .outerjoin(t.origins, and_(c.id == o.id, c.version == o.version))
        .order_by(c.outlet, month, func.coalesce(c.published_at, c.captured_at), c.id, c.version)
    )
    for row in catalogue.stream(statement):
        said = None if row.origin_of is None else {"name": row.origin_name, "url": row.origin_url}
        yield record_of(row._asdict(), said, copies.get(row.id))


def _write_jsonl(path: Path, rows: Iterable[Record]) -> tuple[int, set[str]]:
    """Writes the rows; gives their count and languages."""
    count, languages = 0, set()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(as_json(row))
            count += 1
            languages.add(row["language"] or "")
    return count, languages - {""}


def _parquet_writer() -> Callable[[Path, Iterable[Record]], tuple[int, set[str]]]:
    """What writes Parquet. Raises PressmarkError without pyarrow."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise PressmarkError("Parquet is written by pyarrow: pip install 'pressmark[export]'") from error
    schema = arrow_schema()

    def write(path: Path, rows: Iterable[Record]) -> tuple[int, set[str]]:
        count, languages = 0, set()
        rows = iter(rows)
        with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
            while group := list(islice(rows, ROW_GROUP)):
                writer.write_table(pyarrow.Table.from_pylist(group, schema=schema))
                count += len(group)
                languages |= {row["language"] or "" for row in group}
        return count, languages - {""}

    return write


def arrow_schema() -> "pyarrow.Schema":
    """The columns as Arrow has them, each with its meaning."""
    import pyarrow as pa

    text = pa.string()
    kinds: Mapping[Kind, Any] = {
        "string": text,
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "instant": pa.timestamp("us", tz="UTC"),
        "day": pa.date32(),
        "strings": pa.list_(text),
        "links": pa.list_(pa.struct([("url", text), ("text", text)])),
        "images": pa.list_(pa.struct([("url", text), ("caption", text), ("credit", text)])),
        "origin": pa.struct([("name", text), ("url", text)]),
    }
    return pa.schema([pa.field(each.name, kinds[each.kind], metadata={"meaning": each.meaning}) for each in COLUMNS])

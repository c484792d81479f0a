"""What other tools read of an export is what the catalogue holds."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from ruamel.yaml import YAML
from sqlalchemy import select

from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, catalogue_url, open_engine, put
from pipelines.errors import PressmarkError
from pipelines.jobs.choosing import Choice
from pipelines.jobs.columns import COLUMNS, SHOWN
from pipelines.jobs.export import Format, arrow_schema, export
from pipelines.jobs.trace import copies_as_of
from tests.corpus.conftest import Archived

pytestmark = pytest.mark.xdist_group("archived")
ROOT = Path(__file__).resolve().parents[2]


def exported(archived: Archived, out: Path, form: Format, choice: Choice | None = None, **options: Any) -> Path:
    export(archived.catalogue, out, form, choice or Choice(), copies_as_of(archived.catalogue), **options)
    return out


@pytest.fixture(scope="module")
def parquet(archived: Archived, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(archived, tmp_path_factory.mktemp("export") / "parquet", "parquet")


@pytest.fixture(scope="module")
def jsonl(archived: Archived, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(archived, tmp_path_factory.mktemp("export") / "jsonl", "jsonl")


def rows_of(folder: Path) -> list[dict[str, Any]]:
    files = sorted(folder.glob("data/*/*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_every_article_is_in_its_file(archived: Archived, jsonl: Path) -> None:
    c = t.versions.c
    held = archived.catalogue.rows(select(c.id, c.outlet, c.body, c.published_day, c.captured_at))
    rows = {row["id"]: row for row in rows_of(jsonl)}
    assert len(rows) == len(held)
    for row in held:
        assert rows[row.id]["body"] == row.body
        month = (row.published_day or row.captured_at)[:7]
        assert f'"{row.id}"' in (jsonl / "data" / row.outlet / f"{month}.jsonl").read_text()


def test_parquet_and_json_lines_hold_the_same(parquet: Path, jsonl: Path) -> None:
    import pyarrow.parquet

    for file in jsonl.glob("data/*/*.jsonl"):
        table = pyarrow.parquet.read_table(parquet / file.relative_to(jsonl).with_suffix(".parquet"))
        assert table.schema == arrow_schema()
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        assert json.loads(json.dumps(table.to_pylist(), default=lambda value: value.isoformat())) == lines


def test_an_export_is_the_same_again(archived: Archived, parquet: Path, tmp_path: Path) -> None:
    assert files_below(exported(archived, tmp_path / "again", "parquet")) == files_below(parquet)


def test_no_host_leads_out_of_an_export_or_into_another_hosts_file(tmp_path: Path) -> None:
    catalogue = Catalogue(open_engine(catalogue_url(tmp_path)))
    hosts = ("..", "a:b", "a_b", "[::1]", "x" * 3000, "example.org")
    at = "2026-01-01T00:00:00+00:00"
    stated = {"warc_offset": 0, "authors": "[]", "tags": "[]", "links": "[]", "images": "[]"}
    every = {column.name: "" for column in t.versions.c if not column.nullable} | stated
    with catalogue.transaction() as connection:
        for number, host in enumerate(hosts):
            held = {"id": f"{number:016x}", "outlet": host}
            put(connection, t.articles, held | {"identity_url": f"u{number}", "versions": 1, "first_captured_at": at})
            put(connection, t.versions, every | held | {"version": 1, "captured_at": at})
    files = export(catalogue, tmp_path / "out", "jsonl", Choice(), {})
    catalogue.close()
    assert len({each.file for each in files}) == len(hosts)
    for each in files:
        (line,) = (tmp_path / "out" / each.file).read_text().splitlines()
        assert json.loads(line)["outlet"] == each.outlet
        assert (tmp_path / "out" / each.file).resolve().is_relative_to((tmp_path / "out" / "data").resolve())
    assert "data/example.org/2026-01.jsonl" in {each.file for each in files}


def test_copies_are_marked_or_dropped(archived: Archived, jsonl: Path, tmp_path: Path) -> None:
    marked = {row["id"] for row in rows_of(jsonl) if row["duplicate_of"]}
    left = rows_of(exported(archived, tmp_path / "dropped", "jsonl", drop_copies=True))
    assert marked
    assert {row["id"] for row in left} == {row["id"] for row in rows_of(jsonl)} - marked


def test_a_choice_narrows_an_export(archived: Archived, tmp_path: Path) -> None:
    choice = Choice(outlets=("ukrpravda",), languages=("uk",), search="та")
    rows = rows_of(exported(archived, tmp_path / "some", "jsonl", choice))
    assert {(row["outlet"], row["language"]) for row in rows} == {("ukrpravda", "uk")}


def test_a_folder_with_foreign_files_is_left_alone(archived: Archived, tmp_path: Path) -> None:
    out = exported(archived, tmp_path / "out", "jsonl", Choice(outlets=("thehill",)))
    exported(archived, out, "jsonl", Choice(outlets=("ukrpravda",)))
    (out / "data" / "letter").write_text("mine")
    with pytest.raises(PressmarkError, match="letter"):
        exported(archived, out, "jsonl")


def test_the_card_names_languages_outlets_and_columns(parquet: Path) -> None:
    _, front, card = (parquet / "README.md").read_text().split("---\n", 2)
    matter = YAML(typ="safe").load(front)
    assert matter["language"] == ["en", "ru", "uk"]
    assert matter["configs"][0]["data_files"][0]["path"] == "data/*/*.parquet"
    assert all(f"| `{column.name}` | `{SHOWN[column.kind]}` |" in card for column in COLUMNS)
    assert "| ukrpravda |" in card


def test_the_documents_name_every_column() -> None:
    told = (ROOT / "docs" / "data.md").read_text()
    rows = [f"| `{each.name}` | `{SHOWN[each.kind]}` | {each.meaning} |" for each in COLUMNS]
    assert [row for row in rows if row not in told] == []


def queries() -> dict[str, str]:
    """The documented queries, by the module that each imports."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "data.md").read_text(), re.DOTALL)
    found = {re.findall(r"(?:import|from) (\w+)", block)[0]: block for block in blocks}
    assert set(found) == {"pandas", "duckdb", "datasets"}
    return found


@pytest.mark.parametrize("tool", ["pandas", "duckdb", "datasets"])
def test_the_documented_query_runs(tool: str, parquet: Path, tmp_path: Path) -> None:
    (tmp_path / "OUT").symlink_to(parquet)
    environment = {"PATH": os.environ["PATH"], "HF_HOME": str(tmp_path / "home"), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", queries()[tool]],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {"pandas": "ukrpravda", "duckdb": "articles", "datasets": ""}[tool] in done.stdout
    assert done.stdout.strip()


def test_duckdb_reads_both_formats_alike(parquet: Path, jsonl: Path) -> None:
    query = "SELECT outlet, count(*), sum(length(body)) FROM {} GROUP BY outlet ORDER BY outlet"
    of_parquet = duckdb.sql(query.format(f"'{parquet}/data/*/*.parquet'")).fetchall()
    assert of_parquet == duckdb.sql(query.format(f"read_json('{jsonl}/data/*/*.jsonl')")).fetchall()
    assert len(of_parquet) == 7

"""No page moves the operator's terminal, runs in a browser, or is a formula to a spreadsheet."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from crawler.command import json_text, shown
from crawler.exporters import Csv
from crawler.places import RULES_FOLDER
from pipelines.capture import Capture, CaptureRef
from pipelines.catalogue.catalogue import catalogue_url
from pipelines.extraction import extract
from pipelines.rules import load_rules
from pipelines.warc.coding import page_of
from tests.operator.conftest import NASTY, PAGES, SITE, Type

ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
RUNS = re.compile(r"<(?:script|img)\b", re.IGNORECASE)
URL = f"{SITE}nasty"
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "words",
    [
        ("outlets",),
        ("outlets", "--coverage"),
        ("search", "council"),
        ("search", "council", "--json"),
        ("history", URL),
        ("history", URL, "--json"),
        ("diff", URL),
        ("origins", URL, "--full"),
        ("origins", URL, "--json"),
        ("story", URL),
        ("story", URL, "--json"),
        ("verify", "--workers", "1", "--json"),
        ("corpus", "OUT", "--workers", "1", "--json"),
        ("export", "--format", "jsonl", "OUT", "--json"),
        ("extract", "PAGE"),
        ("extract", "PAGE", "--url", URL, "--explain"),
        ("add_outlet", "evil", URL, "--into", "OUT"),
    ],
    ids=" ".join,
)
def test_nothing_that_a_page_says_acts_on_the_terminal(words: tuple[str, ...], typed: Type, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(PAGES["nasty"][0])
    places = {"OUT": str(tmp_path / "out"), "PAGE": str(tmp_path / "page.html")}
    ran = typed(*(places.get(word, word) for word in words))
    assert ran.status == 0, ran.err
    assert ran.out.strip()
    assert ACTS.search(ran.out + ran.err) is None


@pytest.mark.parametrize(
    "words",
    [
        ("history", "https://a.example/\x1b[31m"),
        ("diff", URL, "\x1b[31m", "2"),
        ("verify", "/nowhere\x1b[31m"),
        ("ingest", "/nowhere\x1b[31m"),
        ("story", "\u202e"),
        ("corpus", "--check", "/nowhere\x1b[31m"),
    ],
    ids=ascii,
)
def test_nothing_that_was_pasted_acts_on_the_terminal(words: tuple[str, ...], typed: Type) -> None:
    ran = typed(*words)
    assert ran.status == 2
    assert len(ran.err.splitlines()) == 1
    assert ACTS.search(ran.err) is None


def test_pages_of_ours_run_nothing_of_theirs(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(PAGES["nasty"][0])
    compared = typed("diff", URL, "--html").out
    typed("extract", str(tmp_path / "page.html"), "--html", str(tmp_path / "explained.html"))
    typed("export", "--format", "pack", URL, str(tmp_path / "pack"))
    (report,) = (tmp_path / "pack").glob("*.html")
    for written in (compared, (tmp_path / "explained.html").read_text(), report.read_text()):
        assert "alert(1)" in written
        assert RUNS.search(written) is None
        assert "\x1b" not in written


def test_a_terminal_shows_no_break_spaces_as_they_are() -> None:
    assert shown("10\u00a0000 осіб\u202fі більше") == "10\u00a0000 осіб\u202fі більше"
    assert shown("a\x1b[0m\u202e\x85\u2028") == r"a\x1b[0m\u202e\x85\u2028"


def test_json_is_the_same_value_with_what_acts_escaped() -> None:
    value = {NASTY: [NASTY, {"a": "10\u00a0000 Ж"}]}
    assert json.loads(json_text(value)) == value
    assert ACTS.search(json_text(value)) is None
    assert "10\u00a0000 Ж" in json_text(value)


def test_no_cell_is_a_formula_to_a_spreadsheet() -> None:
    body = PAGES["nasty"][0]
    ref = CaptureRef(warc_file="warc/x/a.warc.gz", warc_offset=0, record_id="<urn:uuid:1>", payload_digest="sha256:A")
    capture = Capture(
        ref=ref, outlet="urls", role="article", url=URL, captured_at=datetime(2026, 3, 1, tzinfo=UTC), status=200,
        headers=(), payload=body,
    )  # fmt: skip
    out = io.BytesIO()
    exporter = Csv(out)
    exporter.start_exporting()
    exporter.export_item({"capture": capture, "result": extract(page_of(capture), load_rules(RULES_FOLDER))})
    exporter.finish_exporting()
    head, row = csv.reader(io.StringIO(out.getvalue().decode()))
    cells = dict(zip(head, row, strict=True))
    assert cells["headline"].startswith("'=cmd()")
    assert cells["tags"].startswith("'=cmd()")
    assert not [cell for cell in row if cell[:1] in ("=", "+", "-", "@")]


def test_json_lines_of_an_export_are_lines_to_every_reader(typed: Type, tmp_path: Path, hostile: Path) -> None:
    typed("export", "--format", "jsonl", str(tmp_path / "out"))
    written = "".join(path.read_text() for path in sorted((tmp_path / "out").glob("data/*/*.jsonl")))
    assert written.splitlines() == written.removesuffix("\n").split("\n")
    with create_engine(catalogue_url(hostile)).connect() as connection:
        assert len(written.splitlines()) == connection.scalar(text("select count(*) from articles"))


def test_a_terminal_that_lacks_a_letter_gets_its_escape(hostile: Path) -> None:
    environment = os.environ | {"PRESSMARK_ARCHIVE_DIR": str(hostile), "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    command = [sys.executable, "-m", "scrapy", "search", "council"]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert rb"\u2026" in ran.stdout

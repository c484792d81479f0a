"""WARC, text and catalogue say the same, and each planted disagreement is found and named."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.warc.lock import lock_outlet
from tests.verify.conftest import Verify

ROOT = Path(__file__).resolve().parents[2]


def sql(archive: Path, statement: str) -> None:
    with sqlite3.connect(archive / "catalogue.sqlite") as connection:
        connection.execute(statement)
    connection.close()


def texts(archive: Path) -> list[Path]:
    return sorted((archive / "text").rglob("*.txt"))


def warcs(archive: Path) -> list[Path]:
    return sorted((archive / "warc").rglob("*.warc.gz"))


def drop_text(archive: Path) -> None:
    texts(archive)[3].unlink()


def change_text(archive: Path) -> None:
    path = texts(archive)[3]
    path.write_bytes(path.read_bytes().replace(b" ", b"  ", 1))


def add_text(archive: Path) -> None:
    path = texts(archive)[3]
    path.with_name("0123456789abcdef.txt").write_bytes(path.read_bytes())


def drop_capture_row(archive: Path) -> None:
    sql(archive, "DELETE FROM captures WHERE rowid = 2")


def move_capture_row(archive: Path) -> None:
    sql(archive, "UPDATE captures SET warc_offset = warc_offset + 1 WHERE rowid = 2")


def change_digest_row(archive: Path) -> None:
    sql(archive, "UPDATE captures SET payload_digest = 'sha256:AAAA' WHERE rowid = 2")


def add_capture_row(archive: Path) -> None:
    columns = "outlet, role, url, captured_at, status, ended, revisit, payload_digest, payload_bytes, warc_file"
    sql(
        archive,
        f"INSERT INTO captures (record_id, warc_offset, {columns}) "
        f"SELECT '<urn:uuid:0>', 7, {columns} FROM captures LIMIT 1",
    )


def move_version(archive: Path) -> None:
    sql(archive, "UPDATE versions SET warc_offset = warc_offset + 1 WHERE rowid = 2")


def lose_article(archive: Path) -> None:
    sql(archive, "UPDATE coverage SET article_id = '0000000000000000' WHERE rowid = 2")


def drop_warc(archive: Path) -> None:
    warcs(archive)[0].unlink()


def tear_warc(archive: Path) -> None:
    path = warcs(archive)[0]
    path.write_bytes(path.read_bytes()[:-20])


def flip_bit(archive: Path) -> None:
    path = warcs(archive)[0]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def break_catalogue(archive: Path) -> None:
    (archive / "catalogue.sqlite").write_bytes(b"not a database at all" * 300)


def reschema(archive: Path) -> None:
    sql(archive, "UPDATE schema SET number = 0")


def leave_open(archive: Path) -> None:
    path = warcs(archive)[0]
    path.rename(path.with_name(path.name + ".open"))


PLANTED: dict[str, Callable[[Path], None]] = {
    "missing-text": drop_text,
    "changed-text": change_text,
    "stray-text": add_text,
    "capture-not-in-catalogue": drop_capture_row,
    "capture-differs": move_capture_row,
    "capture-not-in-warc": add_capture_row,
    "version-without-capture": move_version,
    "kept-without-article": lose_article,
    "missing-warc": drop_warc,
    "torn-tail": tear_warc,
    "bad-catalogue": break_catalogue,
    "left-open": leave_open,
}


def test_an_archive_as_it_was_written_has_no_defect(whole: Path, verify: Verify) -> None:
    found = verify(whole)
    assert found.findings == ()
    assert found.files == len(warcs(whole)) == 7
    assert found.bytes == sum(path.stat().st_size for path in warcs(whole))
    assert found.texts == len(texts(whole)) > 20


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_disagreement_is_found_and_named(kind: str, archive: Path, verify: Verify) -> None:
    PLANTED[kind](archive)
    found = verify(archive).findings
    assert kind in {each.kind for each in found}
    assert all(each.what and each.advice and each.file for each in found)


@pytest.mark.parametrize(
    "kind",
    ["missing-text", "changed-text", "stray-text", "kept-without-article", "capture-not-in-warc", "left-open"],
)
def test_one_disagreement_is_one_finding(kind: str, archive: Path, verify: Verify) -> None:
    PLANTED[kind](archive)
    assert [each.kind for each in verify(archive).findings] == [kind]


@pytest.mark.parametrize("spoil", [change_digest_row, flip_bit, reschema])
def test_what_else_may_go_wrong_is_found(spoil: Callable[[Path], None], archive: Path, verify: Verify) -> None:
    spoil(archive)
    assert verify(archive).findings


def test_a_digest_that_the_record_does_not_have_is_a_difference_of_the_capture(archive: Path, verify: Verify) -> None:
    change_digest_row(archive)
    assert "capture-differs" in {each.kind for each in verify(archive).findings}


def test_a_finding_says_where_the_record_lies(archive: Path, verify: Verify) -> None:
    move_capture_row(archive)
    kinds = {each.kind: each for each in verify(archive).findings}
    differs = kinds["capture-differs"]
    assert (archive / differs.file).read_bytes()[differs.offset or 0 :].startswith(b"\x1f\x8b")
    assert differs.record_id


def test_a_file_that_a_crawl_writes_is_left_out(archive: Path, verify: Verify) -> None:
    leave_open(archive)
    outlet = next((archive / "warc").rglob("*.open")).relative_to(archive / "warc").parts[0]
    lock = lock_outlet(archive, outlet)
    found = verify(archive)
    lock.release()
    assert found.findings == ()
    assert found.busy == (outlet,)


def run(archive: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "verify", *arguments, "-s", f"ARCHIVE_DIR={archive}"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_command_is_status_0_on_a_clean_archive_and_1_with_findings(archive: Path) -> None:
    clean = run(archive)
    assert (clean.returncode, clean.stderr) == (0, "")
    assert "no defects" in clean.stdout
    drop_text(archive)
    spoiled = run(archive)
    assert spoiled.returncode == 1
    assert "missing-text" in spoiled.stdout
    assert "scrapy rebuild" in spoiled.stdout


def test_json_names_file_offset_record_what_and_what_to_do(archive: Path) -> None:
    tear_warc(archive)
    spoiled = run(archive, str(warcs(archive)[0]), "--json")
    assert spoiled.returncode == 1
    (finding,) = json.loads(spoiled.stdout)["findings"]
    assert set(finding) == {"file", "offset", "record_id", "kind", "what", "advice"}
    assert (finding["kind"], finding["file"]) == ("torn-tail", warcs(archive)[0].relative_to(archive).as_posix())


def test_one_file_is_checked_alone_and_a_path_without_warc_files_is_wrong_usage(archive: Path) -> None:
    drop_text(archive)
    assert run(archive, str(warcs(archive)[0])).returncode == 0
    assert run(archive, str(archive / "text")).returncode == 2

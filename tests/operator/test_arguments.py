"""What an operator types, or points at, is understood or told in one line: never a traceback, never a wrong deed."""

import gzip
import json
import re
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest
from scrapy.exceptions import UsageError

from pipelines.errors import PressmarkError
from pipelines.jobs.seeds import read_seeds
from tests.operator.conftest import PAGES, SITE, Type

URL = f"{SITE}nasty"


def says_why(typed: Type, *words: str, archive: Path | None = None) -> str:
    """What a command says that refuses, in its one line."""
    ran = typed(*words, **({"archive": archive} if archive else {}))
    assert ran.status == 2
    (line,) = ran.err.splitlines()
    return line


@pytest.mark.parametrize(
    "line",
    [
        '{"index": -1, "url": "https://a.example/"}',
        '{"index": 1e400, "url": "https://a.example/"}',
        '{"index": 1.5, "url": "https://a.example/"}',
        '{"index": true, "url": "https://a.example/"}',
        '{"index": 99999999999999999999, "url": "https://a.example/"}',
        f'{{"index": {"9" * 6000}, "url": "https://a.example/"}}',
        '{"index": 1, "url": 5}',
        '{"index": 1, "url": "https://[::1"}',
        '{"index": 1, "url": "https://a.example/", "id": "../../../etc/pass"}',
        '{"index": 1, "url": "https://a.example/", "id": "0123456789abcde/"}',
        '{"index": 1, "url": "https://a.example/", "id": 5}',
        '{"index": 1, "url": "https://a.example/", "style": ["clean"]}',
        '{"index": 1, "url": "https://a.example/", "version": 99999999999999999999}',
        '{"index": 1, "url": "https://a.example/", "newlines": 1000000000000}',
        "[" * 100_000,
        "[]",
    ],
    ids=lambda line: line[:70],
)
def test_a_line_that_is_no_seed_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "seeds.jsonl"
    path.write_text('{"index": 0, "url": "https://a.example/"}\n' + line + "\n")
    with pytest.raises(PressmarkError, match=r"seeds.jsonl:2: no seed"):
        read_seeds(path)


@pytest.mark.parametrize(
    "words",
    [
        ("search", "council", "--outlet", "caf\udce9"),
        ("corpus", "/proc/none/corpus"),
        ("export", "--format", "jsonl", "/proc/none"),
        ("extract", "PAGE", "--url", "https://[::1"),
        ("extract", "PAGE", "--url", "https://a.example:99999/"),
        ("extract", "--batch", "GZIP"),
        ("add_outlet", "evil", "https://[::1", "--file", "PAGE"),
        ("add_outlet", "evil", URL, "--into", "/proc/none"),
    ],
    ids=ascii,
)
def test_what_cannot_be_done_is_told_in_one_line(words: tuple[str, ...], typed: Type, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(PAGES["plain"][0])
    (tmp_path / "page.gz").write_bytes(gzip.compress(b"x"))
    places = {"PAGE": str(tmp_path / "page.html"), "GZIP": str(tmp_path / "page.gz")}
    assert says_why(typed, *(places.get(word, word) for word in words))


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("search", "council", "--limit", "-1"), "--limit"),
        (("verify", "--workers", "0"), "--workers"),
        (("corpus", "OUT", "--as-of", "9999-12-31T23:59:59-12:00"), "--as-of"),
        (("corpus", "OUT", "--as-of", "0001-01-01T00:00:00+14:00"), "--as-of"),
    ],
)
def test_an_option_that_cannot_be_meant_is_wrong_usage(
    words: tuple[str, ...], named: str, typed: Type, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        typed(*words)
    assert ended.value.code == 2
    assert named in capsys.readouterr().err


def test_an_instant_in_the_gap_of_a_clock_put_forward_is_utc(typed: Type, tmp_path: Path) -> None:
    assert typed("corpus", str(tmp_path / "all"), "--workers", "1", "--as-of", "2026-03-29T03:30:00").status == 0
    assert len(list((tmp_path / "all").glob("*.txt"))) == len(PAGES)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(gzip.compress(PAGES["plain"][0])[:300], None), (b"\x1f\x8b\x08\x00garbage", "not-html")],
    ids=["cut short", "none at all"],
)
def test_a_broken_gzip_file_is_read_as_far_as_it_goes(
    content: bytes, reason: str | None, typed: Type, tmp_path: Path
) -> None:
    (tmp_path / "page.html.gz").write_bytes(content)
    ran = typed("extract", str(tmp_path / "page.html.gz"))
    assert json.loads(ran.out)["reason"] == reason


def test_every_line_of_a_batch_is_answered(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "bad.gz").write_bytes(b"\x1f\x8b\x08\x00garbage")
    lines = [
        '{"url": "https://[::1", "html": "x"}',
        '{"url": 5, "html": "x"}',
        '{"url": "https://a.example/", "file": "bad.gz"}',
        '{"url": "https://a.example/", "file": "\\u0000"}',
        '{"url": "https://a.example/", "file": 5}',
        '{"url": "https://a.example/", "html": "x", "crawled_at": "0001-01-01T00:00:00+14:00"}',
        "[" * 100_000,
        '{"id": "\\ud800", "url": "https://a.example/", "html": "<p>\\ud800"}',
    ]
    (tmp_path / "batch.jsonl").write_text("\n".join(lines))
    ran = typed("extract", "--batch", str(tmp_path / "batch.jsonl"))
    reasons = [json.loads(line)["reason"] for line in ran.out.splitlines()]
    assert reasons == ["bad-line", "bad-line", "not-html", *["bad-line"] * 4, None]
    assert ran.status == 1


@pytest.fixture
def copied(hostile: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(hostile, tmp_path / "archive"))


def test_a_catalogue_that_is_damaged_inside_is_told_in_one_line(copied: Path, typed: Type) -> None:
    path = copied / "catalogue.sqlite"
    content = bytearray(path.read_bytes())
    content[3 * 4096 :] = b"\xa5" * (len(content) - 3 * 4096)
    path.write_bytes(content)
    for words in (("search", "council"), ("history", URL), ("outlets",)):
        assert "scrapy rebuild" in says_why(typed, *words, archive=copied)
    assert typed("rebuild", "--workers", "1", archive=copied).status == 0
    assert typed("verify", "--workers", "1", archive=copied).status == 0


def test_a_catalogue_that_is_no_database_is_told_in_one_line(copied: Path, typed: Type) -> None:
    (copied / "catalogue.sqlite").write_bytes(b"no database at all, " * 500)
    assert "scrapy rebuild" in says_why(typed, "search", "council", archive=copied)
    assert typed("rebuild", "--workers", "1", archive=copied).status == 0
    assert typed("search", "council", archive=copied).out.count(SITE) >= len(PAGES) - 1


def test_reading_goes_on_while_another_process_writes(copied: Path, typed: Type) -> None:
    other = sqlite3.connect(copied / "catalogue.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("DELETE FROM versions")
    assert SITE in typed("search", "council", archive=copied).out
    other.execute("ROLLBACK")
    other.close()


@pytest.mark.parametrize("place", ["file", "folder"])
def test_a_corpus_never_writes_through_a_link(place: str, typed: Type, tmp_path: Path) -> None:
    held = tmp_path / "held"
    held.mkdir()
    (held / "mine.txt").write_text("mine")
    out = tmp_path / "out"
    if place == "folder":
        out.symlink_to(held)
    else:
        out.mkdir()
        (out / "000_0000000000000000.txt").symlink_to(held / "mine.txt")
    assert says_why(typed, "corpus", str(out), "--workers", "1")
    assert (held / "mine.txt").read_text() == "mine"
    assert out.is_symlink() == (place == "folder")


def test_an_empty_folder_behind_a_link_is_no_place_for_a_corpus(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "held").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "held")
    assert "is a link" in says_why(typed, "corpus", str(tmp_path / "out"), "--workers", "1")
    assert (tmp_path / "out").is_symlink()


@pytest.mark.parametrize(
    "words",
    [("export", "--format", "wacz", "{file}"), ("extract", "{page}", "--html", "{file}")],
    ids=["wacz", "html"],
)
def test_a_file_that_is_not_of_our_making_is_not_written_over(
    words: tuple[str, ...], typed: Type, tmp_path: Path
) -> None:
    private, page = tmp_path / "id_ed25519", tmp_path / "page.html"
    with zipfile.ZipFile(tmp_path / "id_ed25519", "w") as foreign:
        foreign.writestr("datapackage.json", '{"software": "another"}')
    filled = [word.format(file=private, page=page) for word in words]
    page.write_bytes(PAGES["nasty"][0])
    assert "not of our making" in says_why(typed, *filled)
    private.write_bytes(private.read_bytes().replace(b"PK\1\2", b"PK\0\0"))
    assert "not of our making" in says_why(typed, *filled)
    private.write_text("PRIVATE KEY")
    page.write_bytes(PAGES["nasty"][0])
    filled = [word.format(file=private, page=page) for word in words]
    assert "not of our making" in says_why(typed, *filled)
    assert private.read_text() == "PRIVATE KEY"
    filled[filled.index(str(private))] = str(tmp_path / "new")
    for _ in range(2):
        assert typed(*filled).status == 0


def test_a_search_may_begin_with_what_is_not_wanted(typed: Type) -> None:
    assert typed("search", "-absent nasty").err == ""
    with pytest.raises(UsageError, match="unknown option --wordy"):
        typed("search", "word", "--wordy")
    with pytest.raises(UsageError, match="unknown option --since 2026"):
        typed("search", "word", "--since 2026")


def test_outlets_of_an_empty_archive_are_an_empty_list_in_json(typed: Type, tmp_path: Path) -> None:
    ran = typed("outlets", "--json", archive=tmp_path)
    assert (ran.status, json.loads(ran.out)) == (0, [])
    assert "can be crawled" in ran.err


def test_a_search_tells_a_capture_from_a_publication(typed: Type) -> None:
    assert "captured 2026-03-01 0" in typed("search", "plain").out
    assert "captured" not in typed("search", "leap").out


@pytest.mark.parametrize("words", ["search plain", "export {out} --format jsonl", "export {out} --format wacz"])
def test_an_outlet_that_the_archive_lacks_is_told_of(typed: Type, tmp_path: Path, words: str) -> None:
    filled = words.format(out=tmp_path / "new").split()
    assert "no outlet 'thehil'" in says_why(typed, *filled, "--outlet", "thehil")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("verb", ["origins", "story"])
def test_instants_in_json_are_of_one_form(typed: Type, verb: str) -> None:
    found = json.loads(typed("search", "leap", "--json").out)[0]
    told = typed(verb, found["url"], "--json").out
    assert re.search(r'"captured_at": "\d{4}-\d\d-\d\dT', told)

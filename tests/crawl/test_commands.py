"""What an operator meets who has never seen it: errors as one line, exit status, empty states, interruption."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from newsstand.server import Newsstand
from tests.crawl.conftest import ALL_TIME, ROOT, Scrapy, run_scrapy

pytestmark = pytest.mark.xdist_group("crawled")


def test_a_crawl_without_a_contact_says_what_to_set(newsstand: Newsstand, tmp_path: Path) -> None:
    asked = len(newsstand.access.entries)
    ran = run_scrapy(newsstand.environment() | {"PRESSMARK_CONTACT": ""}, tmp_path / "a", "crawl", "ukrpravda")
    assert ran.status == 2
    assert "CONTACT" in ran.err
    assert len(ran.err.strip().splitlines()) == 1
    assert len(newsstand.access.entries) == asked


def test_an_unknown_outlet_lists_the_known_ones(newsstand: Newsstand, tmp_path: Path) -> None:
    ran = run_scrapy(newsstand.environment(), tmp_path / "a", "crawl", "ukrpravada")
    assert ran.status == 2
    assert "ukrpravda" in ran.err
    assert "syndicators" in ran.err


def test_an_archive_that_cannot_be_written_is_told_before_the_first_request(
    newsstand: Newsstand, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    asked = len(newsstand.access.entries)
    ran = run_scrapy(newsstand.environment(), tmp_path / "file", "crawl", "ukrpravda")
    assert ran.status == 2
    assert "cannot be written" in ran.err
    assert len(newsstand.access.entries) == asked


@pytest.mark.parametrize("argument", ["since=yesterday", "until=2026-02-30", "sinse=2026-01-01"])
def test_an_argument_that_cannot_be_read_is_wrong_usage(argument: str, newsstand: Newsstand, tmp_path: Path) -> None:
    ran = run_scrapy(newsstand.environment(), tmp_path / "a", "crawl", "ukrpravda", "-a", argument)
    assert ran.status == 2
    assert argument.partition("=")[0] in ran.err
    assert "Traceback" not in ran.err


def test_the_contact_goes_into_the_user_agent(newsstand: Newsstand, crawled: Path) -> None:
    warc = next(crawled.glob("warc/ukrpravda/**/*.warc.gz"))
    import gzip

    assert b"User-Agent: pressmark/0.1 (+newsstand@example.org)" in gzip.decompress(warc.read_bytes())


@pytest.mark.parametrize("command", [("corpus", "OUT"), ("rebuild",)])
def test_an_empty_archive_says_how_to_begin(command: tuple[str, ...], newsstand: Newsstand, tmp_path: Path) -> None:
    ran = run_scrapy(newsstand.environment(), tmp_path / "a", *command)
    assert ran.status == 2
    assert "scrapy crawl" in ran.err


def test_outlets_of_an_empty_archive_lists_what_can_be_crawled(newsstand: Newsstand, tmp_path: Path) -> None:
    ran = run_scrapy(newsstand.environment(), tmp_path / "a", "outlets")
    assert ran.status == 0
    assert "interfax_ukraine" in ran.out


def test_an_interrupted_crawl_is_status_1_and_the_next_one_finishes_the_work(
    newsstand: Newsstand, tmp_path: Path
) -> None:
    environment = newsstand.environment() | {"PRESSMARK_ARCHIVE_DIR": str(tmp_path / "a"), "PATH": "/usr/bin:/bin"}
    asked = len(newsstand.access.entries)
    crawl = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "crawl", "interfax_ukraine", *ALL_TIME, "--json"],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while len(newsstand.access.entries) < asked + 40 and crawl.poll() is None:
        time.sleep(0.02)
    crawl.send_signal(signal.SIGINT)
    out, err = crawl.communicate(timeout=180)
    assert crawl.returncode == 1, err
    first = json.loads(out)
    assert first["ended"] == "shutdown"
    assert not list((tmp_path / "a").glob("warc/**/*.open"))
    second = run_scrapy(newsstand.environment(), tmp_path / "a", "crawl", "interfax_ukraine", *ALL_TIME, "--json")
    assert second.status == 0, second.err
    assert int(first["kept"]) > 0
    assert int(first["kept"]) + int(str(second.json["kept"])) == 121


def test_a_second_crawl_of_an_outlet_at_work_is_refused(newsstand: Newsstand, tmp_path: Path) -> None:
    from pipelines.warc.lock import lock_outlet

    lock = lock_outlet(tmp_path / "a", "ukrpravda")
    ran = run_scrapy(newsstand.environment(), tmp_path / "a", "crawl", "ukrpravda")
    lock.release()
    assert ran.status == 2
    assert "ukrpravda" in ran.err
    assert "Traceback" not in ran.err


def test_extract_reads_a_page_from_standard_input_without_a_network() -> None:
    page = b"<html><head><title>T</title></head><body><article><h1>A plain title</h1>" + b"".join(
        b"<p>Sentence number %d of a page that says enough to be read as an article by anybody.</p>" % n
        for n in range(8)
    )
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "extract", "-", "--url", "https://news.example/a"],
        cwd=ROOT, input=page, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    article = json.loads(done.stdout)
    assert article["outlet"] == "news.example"
    assert article["body"].count("Sentence number") == 8


def test_extract_of_no_article_is_status_1_with_the_reason() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "extract", "-"], cwd=ROOT, input=b"", capture_output=True, check=False
    )
    assert done.returncode == 1
    assert json.loads(done.stdout)["verdict"] == "rejected"
    assert b"no article" in done.stderr


def test_json_of_a_crawl_names_where_things_lie(scrapy: Scrapy, crawled: Path) -> None:
    ran = scrapy("rebuild", "--json", PRESSMARK_ARCHIVE_DIR=str(crawled))
    assert ran.status == 0, ran.err
    assert ran.json["archive"] == str(crawled)

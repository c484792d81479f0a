"""A killed ingest loses nothing, and the next copies nothing twice."""

import gzip
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.catalogue.catalogue import catalogue_url
from pipelines.jobs.verify import verify_archive
from tests.ingest.conftest import Archive, answer, page, record

ROOT = Path(__file__).resolve().parents[2]
PAGES = 400


@pytest.mark.parametrize(
    "share", [0.6, pytest.param(0.2, marks=pytest.mark.prove), pytest.param(0.9, marks=pytest.mark.prove)]
)
def test_after_a_kill_the_next_ingest_finishes_the_work(
    share: float, archive: Archive, made: Callable[[str, bytes], Path]
) -> None:
    records = (record("response", f"https://a.example/{n}", answer(page(n))) for n in range(PAGES))
    path = made("many.warc.gz", b"".join(map(gzip.compress, records)))
    killed = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "ingest", str(path), "--workers", "1", "-s", f"ARCHIVE_DIR={archive.folder}"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while killed.poll() is None and not list(archive.folder.glob("warc/ingested/*/*/*")):
        time.sleep(0.001)
    while killed.poll() is None and len(list(archive.folder.glob("text/**/*.txt"))) < (share - 0.5) * PAGES:
        time.sleep(0.001)
    killed.kill()
    killed.wait()
    done = archive.take(path)
    assert done.rebuilt
    assert done.copied + done.held == PAGES
    assert len({each.url for each in archive.captures()}) == len(archive.captures()) == PAGES
    assert len(archive.texts()) == PAGES
    found = verify_archive(archive.folder, catalogue_url(archive.folder), workers=1, watch=lambda checks, _: checks)
    assert found.findings == ()

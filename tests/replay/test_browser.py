"""Captured articles open in a browser from the archive alone, with the network off."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest
from sqlalchemy import Row, select

from crawler.requisites import is_first_party
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, catalogue_url, open_engine
from pipelines.rules import load_rules
from tests.replay.browser import CHROMIUM, Loaded, browser
from tests.replay.conftest import Crawled

ROOT = Path(__file__).resolve().parents[2]
WAYBACK = ROOT / ".venv-replay" / "bin" / "wayback"
ARTICLES = 10

pytestmark = [
    pytest.mark.prove,
    pytest.mark.xdist_group("replay"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here (Debian: apt-get install chromium)"),
    pytest.mark.skipif(
        not WAYBACK.exists() and not shutil.which("wayback"), reason="no pywb here (scrapy replay --install)"
    ),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def replayed(crawled: Crawled) -> Iterator[str]:
    """The archive served by `scrapy replay`; gives the address of its collection."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "replay", "--port", str(port)],
        cwd=ROOT, env=os.environ | {"PRESSMARK_ARCHIVE_DIR": str(crawled.archive)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}/archive/"
    opener = build_opener(ProxyHandler({}))
    try:
        for _ in range(300):
            assert server.poll() is None, "scrapy replay ended"
            try:
                opener.open(address, timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def articles(crawled: Crawled) -> list[Row[tuple[str, str, str]]]:
    """Articles of all outlets in turn."""
    catalogue = Catalogue(open_engine(catalogue_url(crawled.archive)))
    v = t.versions.c
    rows = catalogue.rows(select(v.url, v.headline, v.captured_at, v.outlet).order_by(v.url))
    catalogue.close()
    by_outlet = [[row for row in rows if row.outlet == outlet] for outlet in sorted({row.outlet for row in rows})]
    turns = [row for turn in range(len(rows)) for rows_of in by_outlet for row in rows_of[turn : turn + 1]]
    return turns[:ARTICLES]


def first_party_failures(loaded: Loaded, article: str, address: str) -> set[str]:
    """The first party's URLs that the replay did not have."""
    rules = load_rules(ROOT / "crawler" / "rules")
    failed = set()
    for asked, status in loaded.statuses.items():
        # http://127.0.0.1:8080/archive/20261122043813im_/https://outlet/picture
        original = asked.removeprefix(address).partition("/")[2] if asked.startswith(address) else asked
        if status != 200 and original.startswith("http") and is_first_party(original, article, rules):
            failed.add(original)
    return failed


def load_all(crawled: Crawled, profile: Path) -> Iterator[tuple[Row[tuple[str, str, str]], Loaded, set[str]]]:
    with replayed(crawled) as address, browser(profile) as chromium:
        for row in articles(crawled):
            stamp = "".join(filter(str.isdigit, row.captured_at[:19]))
            loaded = chromium.load(f"{address}{stamp}/{row.url}")
            yield row, loaded, first_party_failures(loaded, row.url, address)


def test_ten_articles_replay_with_everything_of_the_first_party(complete: Crawled, tmp_path: Path) -> None:
    seen = list(load_all(complete, tmp_path / "profile"))
    for row, loaded, failed in seen:
        assert row.headline in loaded.text.replace("\xa0", " ")
        assert failed == set()
        assert "scripted" in loaded.classes
        assert loaded.widths.count(0) == 0
        assert len([url for url in loaded.statuses if "/static/page.css" in url]) == 1
    requests = sum(len(loaded.statuses) for _, loaded, _ in seen)
    print(f"\n{len(seen)} articles replayed, {requests} requests, no failure of the first party")
    shot = tmp_path / "article.png"
    shot.write_bytes(seen[0][1].screenshot)
    assert shot.stat().st_size > 10_000
    assert len(seen) == ARTICLES


def test_without_requisites_the_document_replays_and_what_is_missing_is_listed(bare: Crawled, tmp_path: Path) -> None:
    listed = bare.scrapy("replay", "--missing", "--json")
    assert listed.status == 1
    missing: dict[str, set[str]] = {}
    for line in listed.json:  # type: ignore[attr-defined]
        missing.setdefault(line["article"], set()).add(line["missing"])
    seen = list(load_all(bare, tmp_path / "profile"))
    for row, loaded, failed in seen:
        assert row.headline in loaded.text.replace("\xa0", " ")
        assert failed
        assert failed <= missing[row.url]
    assert len(seen) == ARTICLES

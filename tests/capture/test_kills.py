"""Crawls killed at random moments: what was acknowledged is there, and the next start leaves every file whole."""

import contextlib
import multiprocessing
import random
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from pipelines.capture import Capture
from pipelines.warc.lock import lock_outlet
from pipelines.warc.reader import read_warc, warc_files
from pipelines.warc.recovery import recover
from pipelines.warc.verify import check_file, check_references
from tests.capture.cases import answer
from tests.capture.scripted import ScriptedServer, Step

OUTLETS = ["one", "two", "three"]
# Forked from a process that has everything imported, so that a round takes a second.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.capture.crawl", "crawler.capture.handler"])


class Anything(dict[str, list[list[Step]]]):
    """A script for every path: some bodies small, some large, some the same."""

    def __missing__(self, path: str) -> list[list[Step]]:
        number = int(path.rpartition("/")[2])
        body = b"the same" if number % 5 == 0 else path.encode() * (number % 7 * 1000 + 1)
        return [[answer(body, b"Content-Encoding: none" if number % 2 else b"X: 1")]]


def _crawl(asked: dict[str, Any]) -> None:
    from tests.capture.crawl import run

    with contextlib.redirect_stderr(None):
        run(asked)


def _acknowledged(path: Path) -> set[str]:
    return set(path.read_text().split()) if path.exists() else set()


@pytest.mark.parametrize(
    "kills", [pytest.param(12, id="a dozen"), pytest.param(200, id="200", marks=pytest.mark.prove)]
)
def test_a_kill_at_any_moment_loses_nothing_acknowledged(kills: int, tmp_path: Path) -> None:
    server = ScriptedServer(Anything())
    dice = random.Random(kills)
    acknowledged = tmp_path / "acknowledged"
    archive = tmp_path / "archive"
    held: set[str] = set()
    checks = {}
    repaired = cut = 0
    for kill in range(kills):
        asked = {
            "archive": str(archive),
            "outlets": OUTLETS,
            "acknowledged": str(acknowledged),
            "requests": [{"url": f"http://127.0.0.1:{server.port}/{kill}/{number}"} for number in range(500)],
            "settings": {"ALLOWED_ADDRESSES": ["127.0.0.1"], "WARC_ROTATE_BYTES": 30_000, "LOG_ENABLED": False},
        }
        crawl = CONTEXT.Process(target=_crawl, args=(asked,))
        crawl.start()
        before = len(_acknowledged(acknowledged))
        while crawl.is_alive() and len(_acknowledged(acknowledged)) == before and kill % 10:
            time.sleep(0.005)
        time.sleep(dice.uniform(0, 0.4))
        crawl.kill()
        crawl.join()
        for outlet in OUTLETS:
            lock = lock_outlet(archive, outlet)
            repairs = recover(archive, outlet)
            lock.release()
            repaired += len(repairs)
            cut += sum(repair.cut_bytes for repair in repairs)
        for path in warc_files(archive):
            if path not in checks:
                checks[path] = check_file(path, archive)
                assert checks[path].findings == ()
                subprocess.run(["gzip", "-t", path], check=True)
                held |= {found.ref.record_id for found in read_warc(path, archive) if isinstance(found, Capture)}
        assert not list(archive.rglob("*.open"))
        assert _acknowledged(acknowledged) <= held
    server.close()
    assert list(check_references(checks.values())) == []
    assert len(held) > kills * 10
    print(
        f"{kills} kills: {len(_acknowledged(acknowledged))} acknowledged, {len(held)} held, "
        f"{repaired} files repaired, {cut} bytes cut"
    )

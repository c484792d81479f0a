"""A write that fails, whichever it is: the crawl stops with its reason, and the archive holds what was acknowledged."""

import errno
import itertools
import json
import multiprocessing
import os
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Any

import pytest

from crawler.capture import archiver
from pipelines.capture import Capture
from pipelines.warc import writer
from pipelines.warc.reader import read_archive, warc_files
from pipelines.warc.recovery import recover
from pipelines.warc.verify import check_file
from tests.capture.scripted import ScriptedServer
from tests.capture.test_kills import CONTEXT, Anything

PAGES = 12
WRITES = PAGES * 2
"""More than the crawl makes: one an exchange, and the warcinfo of each file."""


class StuckFile(FileIO):
    """A file that cannot be cut."""

    error = 0

    def truncate(self, size: int | None = None) -> int:
        raise OSError(self.error, os.strerror(self.error))


def _crawl(asked: dict[str, Any], told: str) -> None:
    from tests.capture.crawl import run

    archiver.SYNC_EVERY_S = 0  # The sync of any page may be the one that fails.
    at, error, stays = asked.pop("fail")
    calls = itertools.count(1)
    sync, write = os.fsync, os.writev

    def failing_sync(descriptor: int) -> None:
        if next(calls) >= -at:
            raise OSError(error, os.strerror(error))
        sync(descriptor)

    def failing_write(descriptor: int, pieces: list[bytes]) -> int:
        """Tears and fails at the n-th call, and at each from then on where the disk stays broken."""
        call = next(calls)
        if call == at or (stays and call > at):
            data = b"".join(pieces)
            os.write(descriptor, data[: len(data) // 2])
            raise OSError(error, os.strerror(error))
        return write(descriptor, pieces)

    if at < 0:
        os.fsync = failing_sync
    else:
        os.writev = failing_write
    if stays:
        StuckFile.error = error
        writer.FileIO = StuckFile  # type: ignore[attr-defined]
    Path(told).write_text(json.dumps(run(asked)))


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    made = ScriptedServer(Anything())
    yield made
    made.close()


def _run(server: ScriptedServer, folder: Path, fail: tuple[int, int, bool]) -> tuple[str, set[str]]:
    """Why the crawl stopped (`archive-error` also where its close failed), and what it acknowledged."""
    acknowledged = folder / "acknowledged"
    acknowledged.touch()
    asked = {
        "archive": str(folder / "archive"),
        "acknowledged": str(acknowledged),
        "requests": [{"url": f"http://127.0.0.1:{server.port}/e/{number}"} for number in range(PAGES)],
        "settings": {"ALLOWED_ADDRESSES": ["127.0.0.1"], "WARC_ROTATE_BYTES": 20_000, "LOG_ENABLED": False},
        "fail": fail,
    }
    crawl = CONTEXT.Process(target=_crawl, args=(asked, str(folder / "told")))
    crawl.start()
    crawl.join(30)
    assert crawl.exitcode == 0
    stats = json.loads((folder / "told").read_text())["stats"]
    reason = "archive-error" if stats.get("capture/failed") else stats["finish_reason"]
    return reason, set(acknowledged.read_text().split())


def _held_and_whole(archive: Path) -> set[str]:
    for path in warc_files(archive):
        assert check_file(path, archive).findings == ()
    return {found.ref.record_id for found in read_archive(archive) if isinstance(found, Capture)}


SAMPLE = [1, 2, 7]
ALL = [pytest.param(n, marks=() if n in SAMPLE else pytest.mark.prove) for n in range(1, WRITES)]


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO], ids=["ENOSPC", "EIO"])
@pytest.mark.parametrize("at", ALL)
def test_a_write_that_fails_stops_the_crawl_and_the_rest_verifies(
    at: int, error: int, server: ScriptedServer, tmp_path: Path
) -> None:
    reason, acknowledged = _run(server, tmp_path, (at, error, False))
    archive = tmp_path / "archive"
    held = _held_and_whole(archive)
    assert acknowledged <= held
    assert not list(archive.rglob("*.open"))
    assert reason == "archive-error" or len(held) == PAGES


@pytest.mark.parametrize("at", [3, pytest.param(9, marks=pytest.mark.prove)])
def test_a_disk_that_stays_broken_leaves_the_file_to_the_next_start(
    at: int, server: ScriptedServer, tmp_path: Path
) -> None:
    reason, acknowledged = _run(server, tmp_path, (at, errno.EIO, True))
    assert reason == "archive-error"
    archive = tmp_path / "archive"
    assert len(list(archive.rglob("*.open"))) == 1
    (repair,) = recover(archive, "asked")
    assert repair.cut_bytes > 0
    assert acknowledged <= _held_and_whole(archive)


@pytest.mark.parametrize("at", [-2, *(pytest.param(n, marks=pytest.mark.prove) for n in (-3, -4, -5, -6))])
def test_a_sync_that_fails_acknowledges_nothing_more(at: int, server: ScriptedServer, tmp_path: Path) -> None:
    reason, acknowledged = _run(server, tmp_path, (at, errno.EIO, False))
    assert reason == "archive-error"
    archive = tmp_path / "archive"
    assert len(recover(archive, "asked")) == 1
    assert acknowledged <= _held_and_whole(archive)
    # The first call makes the new file's name last, the second is the first page's.
    assert at != -2 or acknowledged == set()


def test_the_same_crawl_without_a_failure_holds_every_page(server: ScriptedServer, tmp_path: Path) -> None:
    reason, acknowledged = _run(server, tmp_path, (0, 0, False))
    assert reason == "finished"
    assert len(acknowledged) == PAGES
    assert acknowledged == _held_and_whole(tmp_path / "archive")
    assert multiprocessing.active_children() == []

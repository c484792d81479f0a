"""Six outlets at one-minute rhythms for ten minutes, with a crawl killed and then the scheduler itself."""

import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from attrs import frozen

from crawler.timetable import read_state
from newsstand.server import Newsstand
from newsstand.world import World
from tests.crawl.conftest import ROOT

OUTLETS = ("ukrpravda", "interfax_ukraine", "thehill", "example_syndicator", "primewebinargroup", "news_zox")
MINUTES = 10
LATE_S = 60.0


@frozen
class Seen:
    """One run as the state file told of it."""

    started_at: datetime
    ended_at: datetime | None
    status: int | None


def watch(archive: Path, runs: dict[str, dict[str, Seen]], seconds: float) -> None:
    """Reads the state file twice a second."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for outlet, run in read_state(archive).items():
            if run.started_at is not None:
                started, ended = datetime.fromisoformat(run.started_at), run.ended_at
                runs.setdefault(outlet, {})[run.started_at] = Seen(
                    started, datetime.fromisoformat(ended) if ended else None, run.status
                )
        time.sleep(0.5)


def crawls_below(scheduler: int) -> list[int]:
    """Process ids of the scheduler's crawls."""
    return [int(pid) for pid in Path(f"/proc/{scheduler}/task/{scheduler}/children").read_text().split()] + [
        int(pid)
        for task in Path(f"/proc/{scheduler}/task").iterdir()
        if task.name != str(scheduler)
        for pid in (task / "children").read_text().split()
    ]


@pytest.mark.prove
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds the scheduler's crawls in /proc")
def test_ten_minutes_of_six_outlets(tmp_path: Path) -> None:
    archive, rhythms = tmp_path / "a", tmp_path / "rhythms.toml"
    rhythms.write_text("[rhythm]\n" + "".join(f"{outlet} = 1\n" for outlet in OUTLETS))
    runs: dict[str, dict[str, Seen]] = {}
    with Newsstand(World(articles=12, past=False)) as newsstand:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PRESSMARK_")}
        environment |= newsstand.environment() | {"PRESSMARK_ARCHIVE_DIR": str(archive)}
        words = [sys.executable, "-m", "scrapy", "schedule", "--file", str(rhythms)]
        scheduler = subprocess.Popen(words, cwd=ROOT, env=environment)
        try:
            watch(archive, runs, 4 * 60)
            killed = None
            while killed is None:
                killed = next(iter(crawls_below(scheduler.pid)), None)
            os.kill(killed, signal.SIGKILL)
            watch(archive, runs, 60)
            scheduler.kill()
            scheduler.wait()
            scheduler = subprocess.Popen(words, cwd=ROOT, env=environment)
            watch(archive, runs, (MINUTES - 5) * 60)
            scheduler.send_signal(signal.SIGTERM)
            assert scheduler.wait(90) == 0
            watch(archive, runs, 1)
        finally:
            scheduler.kill()
    assert set(runs) == set(OUTLETS)
    gaps, killed_runs = [], 0
    for told in runs.values():
        ordered = sorted(told.values(), key=lambda run: run.started_at)
        killed_runs += sum(run.status == -signal.SIGKILL for run in ordered)
        for earlier, later in pairwise(ordered):
            assert earlier.ended_at is None or earlier.ended_at <= later.started_at
            gaps.append((later.started_at - earlier.started_at).total_seconds())
        assert len(ordered) >= MINUTES - 1
        assert ordered[-1].status in (0, 1)
    print(f"runs {sum(map(len, runs.values()))}; between starts at most {max(gaps):.1f} s; killed {killed_runs}")
    assert max(gaps) <= 60 + LATE_S
    assert killed_runs == 1
    assert not list(archive.rglob("*.open"))

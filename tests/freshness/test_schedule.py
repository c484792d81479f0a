"""Crawls at their rhythm: begun in time, never two of an outlet at once, right again after crashes and kills."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.timetable import Run, first_run, read_rhythms, read_state
from newsstand.server import Newsstand
from newsstand.world import World
from pipelines.catalogue.catalogue import Catalogue, open_engine
from pipelines.catalogue.schema import schema
from pipelines.errors import PressmarkError

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 1, tzinfo=UTC)

STAND_IN = """
import sys, time, os
log, outlet, seconds = sys.argv[1:4]
with open(log, "a") as file: file.write(f"{outlet} begins {time.time()}\\n")
time.sleep(float(seconds))
with open(log, "a") as file: file.write(f"{outlet} ends {time.time()}\\n")
sys.exit(3 if outlet == "crashes" else 0)
"""
SCHEDULER = """
import sys
from pathlib import Path
from crawler.timetable import Timetable
archive, log, program = map(Path, sys.argv[1:4])
seconds = {"quick": "0.1", "slow": "1.6", "crashes": "0.1"}
command = lambda outlet: [sys.executable, str(program), str(log), outlet, seconds[outlet]]
Timetable(archive, dict.fromkeys(seconds, 1.0), command, jitter_share=0.0).run()
"""


def test_the_first_run_catches_up_once() -> None:
    missed = Run(rhythm_s=600, started_at=(NOW - timedelta(hours=5)).isoformat())
    recent = Run(rhythm_s=600, started_at=(NOW - timedelta(minutes=4)).isoformat())
    assert first_run(Run(rhythm_s=600), NOW) == NOW
    assert first_run(missed, NOW) == NOW
    assert first_run(recent, NOW) == NOW + timedelta(minutes=6)


def test_rhythms_are_read_in_minutes_and_nonsense_is_told(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text("[rhythm]\nthehill = 5\nukrpravda = 0.5\n")
    assert read_rhythms(tmp_path / "good.toml") == {"thehill": 300.0, "ukrpravda": 30.0}
    for bad in ("[rhythm]\nthehill = 'often'\n", "[rhythm]\nthehill = 0\n", "rhythm = 3\n", "]"):
        (tmp_path / "bad.toml").write_text(bad)
        with pytest.raises(PressmarkError):
            read_rhythms(tmp_path / "bad.toml")


@contextmanager
def scheduler(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    program = tmp_path / "crawl.py"
    program.write_text(STAND_IN)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-c", SCHEDULER, str(tmp_path), str(tmp_path / "log"), str(program)]
    process = subprocess.Popen(words, env=environment, cwd=tmp_path)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def spans(tmp_path: Path) -> dict[str, list[tuple[str, float]]]:
    told: dict[str, list[tuple[str, float]]] = {}
    for line in (tmp_path / "log").read_text().splitlines():
        outlet, what, at = line.split()
        told.setdefault(outlet, []).append((what, float(at)))
    return told


def test_runs_begin_in_time_never_overlap_and_survive_crashes_and_a_kill_of_the_scheduler(tmp_path: Path) -> None:
    with scheduler(tmp_path) as first:
        time.sleep(5)
        first.kill()
    # None: the kill fell into a run.
    assert read_state(tmp_path)["crashes"].status in (3, None)
    with scheduler(tmp_path) as second:
        time.sleep(5)
        second.send_signal(signal.SIGTERM)
        assert second.wait(10) == 0
    told = spans(tmp_path)
    begins = {outlet: [at for what, at in events if what == "begins"] for outlet, events in told.items()}
    assert len(begins["quick"]) >= 4
    assert len(begins["crashes"]) >= 4
    # A busy machine delays the start of a process; the longest gap holds the scheduler's own kill and start.
    gaps = sorted(later - earlier for earlier, later in pairwise(begins["quick"]))
    assert all(gap < 4.0 for gap in gaps[:-1])
    ends = [what for what, _ in told["slow"]]
    # A crawl that outlived the killed scheduler is the one that may still run when the next begins.
    assert sum(a == b == "begins" for a, b in pairwise(ends)) <= 1
    state = read_state(tmp_path)
    assert all(run.ended_at is not None for run in state.values())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_scheduler_that_is_asked_to_stop_ends_though_many_crawls_are_at_work(number: int, tmp_path: Path) -> None:
    many = SCHEDULER.replace(
        '{"quick": "0.1", "slow": "1.6", "crashes": "0.1"}', "{f'at_work_{n}': '30' for n in range(8)}"
    )
    (tmp_path / "crawl.py").write_text(STAND_IN)
    words = [sys.executable, "-c", many, str(tmp_path), str(tmp_path / "log"), str(tmp_path / "crawl.py")]
    # As from a terminal: Ctrl-C reaches the whole group.
    process = subprocess.Popen(words, env=os.environ | {"PYTHONPATH": str(ROOT)}, cwd=tmp_path, process_group=0)
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and len(spans(tmp_path) if (tmp_path / "log").exists() else ()) < 8:
            time.sleep(0.05)
        os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
        assert process.wait(20) == 0
    finally:
        process.kill()
    state = read_state(tmp_path)
    # Each was asked once, and by the scheduler: a second signal would leave repair to the next start.
    assert [run.status for run in state.values()] == [-signal.SIGTERM] * 8
    assert all(run.ended_at for run in state.values())


def test_crawls_that_begin_at_once_make_one_catalogue(tmp_path: Path) -> None:
    at_once = threading.Barrier(8)

    def begin(_: int) -> int:
        at_once.wait()
        catalogue = Catalogue(open_engine(f"sqlite:///{tmp_path / 'catalogue.sqlite'}"))
        tables = catalogue.count(schema)
        catalogue.close()
        return tables

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(begin, range(8))) == [1] * 8


def test_the_real_command_crawls_into_the_archive_and_stops_clean(tmp_path: Path) -> None:
    rhythms = tmp_path / "rhythms.toml"
    rhythms.write_text("[rhythm]\nnews_zox = 0.1\nprimewebinargroup = 0.1\n")
    with Newsstand(World(articles=4, past=False, days=1)) as newsstand:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PRESSMARK_")}
        environment |= newsstand.environment() | {"PRESSMARK_ARCHIVE_DIR": str(tmp_path / "a")}
        words = [sys.executable, "-m", "scrapy", "schedule", "--file", str(rhythms)]
        process = subprocess.Popen(words, env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        try:
            deadline = time.monotonic() + 240
            while time.monotonic() < deadline and not _both_ended(tmp_path / "a"):
                time.sleep(0.2)
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=180)
        finally:
            process.kill()
        assert process.returncode == 0, err
        state = read_state(tmp_path / "a")
        assert {outlet: run.status for outlet, run in state.items()} == {"news_zox": 0, "primewebinargroup": 0}, err
        told = subprocess.run(
            [sys.executable, "-m", "scrapy", "outlets", "--json"], env=environment, cwd=ROOT, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
        rows = {row["outlet"]: row for row in json.loads(told.stdout)}
        assert rows["news_zox"]["schedule"]["status"] == 0
        assert rows["news_zox"]["articles"] > 0
    assert not list((tmp_path / "a").rglob("*.open"))


def _both_ended(archive: Path) -> bool:
    runs = read_state(archive).values()
    return len(runs) == 2 and all(run.status is not None for run in runs)

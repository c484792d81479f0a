"""Crawls at their rhythm: begins one process an outlet when its time comes, and writes down what came of it.

A crawl is a process of its own, so that one that crashes takes nothing else along; the scheduler holds no state
that its file does not: killed and begun again, it goes on where the file says.
"""

import json
import logging
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Lock
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from attrs import asdict, evolve, frozen

from pipelines.errors import PressmarkError
from pipelines.jobs.keep import write_whole

STATE_FILE = "schedule.json"
"""In the archive folder."""
STOP_S = 60.0
"""How long a crawl may take to close its files when the scheduler stops; then it is killed, and repaired later."""

log = logging.getLogger(__name__)


@frozen(kw_only=True)
class Run:
    """The newest run of an outlet, and when the next is due."""

    rhythm_s: float
    started_at: str | None = None
    ended_at: str | None = None
    """None while it runs, or where the scheduler was killed meanwhile."""
    status: int | None = None
    """Its exit status; negative: the signal that ended it."""
    next_at: str | None = None


def read_state(archive: Path) -> dict[str, Run]:
    """The state by outlet; empty where no scheduler ever ran. Raises PressmarkError where it cannot be read."""
    path = archive / STATE_FILE
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {outlet: Run(**run) for outlet, run in told.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError) as error:
        raise PressmarkError(f"{path}: not the state of a scheduler ({error}); delete it to begin anew") from error


def read_rhythms(path: Path) -> dict[str, float]:
    """Seconds by outlet from a TOML file whose table `rhythm` gives minutes; raises PressmarkError."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))["rhythm"]
        rhythms = {str(outlet): 60.0 * float(minutes) for outlet, minutes in table.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PressmarkError(f"{path}: wanted a table [rhythm] with outlet = minutes ({error})") from error
    if too_short := [outlet for outlet, rhythm_s in rhythms.items() if not rhythm_s >= 1]:
        raise PressmarkError(f"{path}: the rhythm of {too_short[0]} must be a second or more")
    return rhythms


def first_run(run: Run, now: datetime) -> datetime:
    """When an outlet is crawled first: its rhythm after the last start, or now where that is past; one catch-up."""
    if run.started_at is None:
        return now
    return max(now, datetime.fromisoformat(run.started_at) + timedelta(seconds=run.rhythm_s))


class Timetable:
    """The outlets' crawls, each at its rhythm, never two of an outlet at once."""

    def __init__(
        self,
        archive: Path,
        rhythms: Mapping[str, float],
        command: Callable[[str], Sequence[str]],
        *,
        jitter_share: float = 0.05,
        at_once: int = 8,
    ) -> None:
        """`command` gives the words that crawl an outlet; starts are spread by `jitter_share` of a rhythm."""
        self.archive = archive
        self.command = command
        known = read_state(archive)
        self.runs = {
            outlet: evolve(known.get(outlet, Run(rhythm_s=rhythm_s)), rhythm_s=rhythm_s)
            for outlet, rhythm_s in rhythms.items()
        }
        self._jitter_share = jitter_share
        self._telling, self._beginning = Lock(), Lock()
        self._stopping = Event()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._pool = ThreadPoolExecutor(min(at_once, max(1, len(rhythms))))
        self._scheduler = BackgroundScheduler(executors={"default": self._pool}, timezone=UTC)

    def run(self) -> None:
        """Crawls until SIGTERM or SIGINT; then no crawl begins, and those that run are asked to close."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        now = datetime.now(UTC)
        for outlet, run in self.runs.items():
            trigger = IntervalTrigger(
                seconds=run.rhythm_s, jitter=run.rhythm_s * self._jitter_share or None, timezone=UTC
            )
            self._scheduler.add_job(
                self.crawl, trigger, args=(outlet,), id=outlet, next_run_time=first_run(run, now),
                max_instances=1, coalesce=True, misfire_grace_time=None,
            )  # fmt: skip
        self._scheduler.start()
        self._stopping.wait()
        self.stop()

    def crawl(self, outlet: str) -> None:
        """One crawl from its start to its end, both written down."""
        with self._beginning:
            if self._stopping.is_set():
                return
            self._tell(outlet, started_at=_now(), ended_at=None, status=None)
            # A group of its own: Ctrl-C reaches the scheduler alone, and each crawl is asked to close but once.
            process = self._processes[outlet] = subprocess.Popen(
                self.command(outlet), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, process_group=0
            )
        status = process.wait()
        del self._processes[outlet]
        self._tell(outlet, ended_at=_now(), status=status)
        if status:
            log.warning("%s: the crawl ended with status %d; the next run finds again what it left", outlet, status)

    def stop(self) -> None:
        """Ends what runs: each crawl closes its files and is waited for."""
        self._stopping.set()
        self._scheduler.pause()
        with self._beginning:
            running = list(self._processes.values())
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
        # First the threads: they ask the scheduler what is due, which would wait for them with its lock held.
        self._pool.shutdown(wait=True)
        self._scheduler.shutdown(wait=False)

    def _tell(self, outlet: str, **changes: Any) -> None:
        with self._telling:
            job = self._scheduler.get_job(outlet)
            due = job.next_run_time if job else None
            next_at = due.astimezone(UTC).isoformat(timespec="seconds") if due else None
            self.runs[outlet] = evolve(self.runs[outlet], next_at=next_at, **changes)
            told = {name: asdict(run) for name, run in sorted(self.runs.items())}
            write_whole(self.archive / STATE_FILE, json.dumps(told, indent=1).encode() + b"\n")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def crawl_command(settings: Mapping[str, str]) -> Callable[[str], list[str]]:
    """What crawls an outlet in a process of its own, with the settings that were given on this command line."""
    given = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    return lambda outlet: [sys.executable, "-m", "scrapy", "crawl", outlet, "--json", *given]

"""Work in several processes ends when a person ends it, however often they press Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = """
import sys, time
from pathlib import Path
from pipelines.jobs.pool import ordered_map

def prepare():
    pass

def slow(number):
    time.sleep(0.2)
    return number

if __name__ == "__main__":
    try:
        for number in ordered_map(slow, range(1000), 2, prepare):
            Path(sys.argv[1]).write_text(str(number))
    except KeyboardInterrupt:
        sys.exit(7)
"""


def test_ctrl_c_pressed_again_ends_the_command_and_its_workers(tmp_path: Path) -> None:
    program, begun = tmp_path / "work.py", tmp_path / "begun"
    program.write_text(WORK)
    for wait_s in (0.01, 0.05, 0.1):
        begun.unlink(missing_ok=True)
        work = subprocess.Popen(
            [sys.executable, program, begun], env=os.environ | {"PYTHONPATH": str(ROOT)}, process_group=0,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while work.poll() is None and not begun.exists():
            time.sleep(0.01)
        os.killpg(work.pid, signal.SIGINT)
        time.sleep(wait_s)
        os.killpg(work.pid, signal.SIGINT)
        try:
            _, err = work.communicate(timeout=60)
        finally:
            work.kill()
        assert (work.returncode, err) == (7, "")
        deadline = time.monotonic() + 10
        while _lives(work.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not _lives(work.pid)


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True

"""What work costs beside a yardstick: a slow or busy machine slows both, so a bound on it says nothing of clocks."""

import json
import time
from collections.abc import Callable

YARD = json.dumps([{"n": n, "word": f"word {n}"} for n in range(2_000)])


def yards(work: Callable[[], object]) -> float:
    """CPU of `work` in yards; a yard is some hundredths of a second, measured before it and after."""
    before = _cpu(_yard)
    spent = _cpu(work)
    return 2 * spent / (before + _cpu(_yard))


def _yard() -> None:
    for _ in range(4):
        json.dumps(json.loads(YARD), indent=1)


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start

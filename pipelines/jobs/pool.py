"""Pure work over many items in several processes, results in the order of the items."""

import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

from pipelines.errors import PressmarkError

T = TypeVar("T")
R = TypeVar("R")

IN_FLIGHT_A_WORKER = 8
"""Items handed out ahead of the slowest result: enough to keep workers busy, few enough to keep memory flat."""


def ordered_map(
    work: Callable[[T], R],
    items: Iterable[T],
    workers: int,
    prepare: Callable[..., None],
    arguments: tuple[Any, ...] = (),
) -> Iterator[R]:
    """`work` over `items`, in order; `prepare(*arguments)` runs once in every process before its first item.

    One worker means this process. `work` and `prepare` stand at the top of a module, since they are sent by name.
    """
    if workers <= 1:
        prepare(*arguments)
        yield from map(work, items)
        return
    # Spawned, not forked: the parent may hold database connections and threads.
    context = get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, prepare, arguments)
    waiting: deque[Future[R]] = deque()
    try:
        for item in items:
            with _deaf_to_interrupts():
                waiting.append(pool.submit(work, item))
            if len(waiting) >= workers * IN_FLIGHT_A_WORKER:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise PressmarkError(
            "a worker process was ended from outside, as by a system short of memory; what stood before stands: "
            "try again with fewer --workers"
        ) from error
    finally:
        with _ignoring_interrupts():
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _ignoring_interrupts() -> Iterator[None]:
    """Ctrl-C pressed again changes nothing: a pool that is left in the middle of its end hangs for good."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Ctrl-C reaches the command alone: a process begun here inherits that SIGINT is blocked, even while it starts up.

    Here it waits for the end of the block; it is not lost.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

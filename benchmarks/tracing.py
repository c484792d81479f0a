"""Times tracing on a generated archive: `python benchmarks/tracing.py [ARTICLES]` (20,000 by default).

Prints seconds of each step and the peak of memory; the archive's events are told by three to six outlets in six days.
"""

import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipelines.tracing.origins import find_copies, roots
from pipelines.tracing.quotations import find_quotations
from pipelines.tracing.stories import find_stories
from pipelines.tracing.telling import Telling
from tests.tracing.telling_events import told_events

ARTICLES_AN_EVENT = 6.2
"""Of `told_events`, with the events beside."""


def main() -> None:
    """Times each step on the same tellings."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    days = max(6, round(wanted / 600))
    tellings = timed("generated", lambda: told_events(1, round(wanted / ARTICLES_AN_EVENT), days=days).tellings)
    print(f"{len(tellings)} articles over {days} days")
    copies = timed("copies", lambda: find_copies(tellings))
    print(f"  {len(roots(copies))} articles in clusters")
    stories = timed("stories", lambda: find_stories(tellings))
    print(f"  {len(stories)} stories of {sum(map(len, stories))} articles")
    timed("quotations", lambda: quoted(tellings))
    print(f"peak of memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def quoted(tellings: Sequence[Telling]) -> int:
    """How many quotations they hold."""
    return sum(len(find_quotations(telling.body)) for telling in tellings)


def timed(what: str, work: Callable[[], Any]) -> Any:
    """The result of the work; prints how long it took."""
    began = time.perf_counter()
    result = work()
    print(f"{what}: {time.perf_counter() - began:.1f} s", flush=True)
    return result


if __name__ == "__main__":
    main()

"""The newsstand by hand: serves until Ctrl-C, and says what a crawler's environment must hold."""

import argparse
import signal
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from newsstand.captured import LISTING, BadPages, captured_pages
from newsstand.seeds import BadSeed, pinned_seeds
from newsstand.server import Newsstand, shell_lines
from newsstand.walls import Wall
from newsstand.world import World

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"
"""Where the seeds lie beside the project; where they do not, their pages are not served."""

_ENDS = (signal.SIGINT, signal.SIGTERM)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options, for any command that serves a newsstand."""
    add = parser.add_argument
    add("--port", type=int, default=0, help="port to listen on (default: any free one)")
    add("--seed", type=int, default=1, help="the world is drawn from it (default: 1)")
    add("--start", type=date.fromisoformat, default=date(2026, 1, 5), metavar="DAY", help="the world's first day")
    add("--days", type=int, default=4, help="days of news (default: 4)")
    add("--articles", type=int, default=60, help="stories an outlet (default: 60)")
    add("--seeds", type=Path, default=SEEDS, metavar="FOLDER", help="seed files whose pages are served")
    add("--pages", type=Path, nargs="+", default=[], metavar="FOLDER", help="captured pages to serve")
    add("--wall", nargs="+", default=[], metavar="HOST", help="hosts that answer articles with a bot wall")
    add("--wall-rest", nargs="+", default=[], metavar="HOST", help="the same, their REST API too")
    add("--log", type=Path, metavar="FILE", help="access log, JSON lines")
    add("--env-file", type=Path, metavar="FILE", help="write the environment there once it is ready")


def run(options: argparse.Namespace) -> int:
    """Serves until SIGINT or SIGTERM; 0, or 2 where the options do not hold."""
    # Blocked in every thread and waited for: a signal that another thread takes does not wake a waiting main thread.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    try:
        return _run(options)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _run(options: argparse.Namespace) -> int:
    try:
        world = World(
            seed=options.seed,
            start=options.start,
            days=options.days,
            articles=options.articles,
            pinned=pinned_seeds(options.seeds),
        )
        captured = captured_pages(options.pages) if options.pages else {}
        newsstand = Newsstand(world, port=options.port, log=options.log, captured=captured)
    except (BadPages, BadSeed, OSError, OverflowError) as error:  # OverflowError: no such port
        print(f"newsstand: {error}", file=sys.stderr)
        return 2
    newsstand.walls.update(dict.fromkeys([*options.wall, *options.wall_rest], Wall.FORBIDDEN))
    newsstand.rest_walled.update(options.wall_rest)
    return _serve(newsstand, options.env_file)


def main(argv: Sequence[str] | None = None) -> int:
    """`python -m newsstand`."""
    parser = argparse.ArgumentParser(
        prog="newsstand",
        description="Serves a local world of news outlets at their real addresses, on loopback, as a proxy.",
    )
    add_arguments(parser)
    return run(parser.parse_args(argv))


def _serve(newsstand: Newsstand, env_file: Path | None) -> int:
    with newsstand:
        lines = shell_lines(newsstand.environment())
        print(lines, end="", flush=True)
        counts = {slug: len(newsstand.world.articles(slug)) for slug in newsstand.world.newsrooms}
        told = ", ".join(f"{slug} {count}" for slug, count in counts.items())
        print(f"# pages of articles: {told}", *_captured_line(newsstand), sep="\n", flush=True)
        if env_file:
            waiting = env_file.with_name(f"{env_file.name}.part")
            waiting.write_text(lines, "utf-8")
            waiting.replace(env_file)
        signal.sigwait(_ENDS)
    return 0


def _captured_line(newsstand: Newsstand) -> list[str]:
    return [f"# captured pages: {LISTING}"] if newsstand.knows("newsstand.test") else []

"""`scrapy schedule`: crawls each outlet at its rhythm until it is told to stop."""

import argparse
import sys
from pathlib import Path

from crawler.command import DONE, processes
from crawler.command import Command as Verb
from crawler.places import writable_archive
from crawler.registry import chosen, spiders
from crawler.timetable import Timetable, crawl_command, read_rhythms
from pipelines.errors import PressmarkError


class Command(Verb):
    """A server: begins crawls, never two of one outlet at once."""

    arguments = range(50)

    def syntax(self) -> str:
        return "[OUTLET…] [--file TOML] [--at-once N]"

    def short_desc(self) -> str:
        return "Crawl each outlet at its rhythm until SIGTERM; `scrapy outlets` shows the state"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add = parser.add_argument
        add("--file", type=Path, metavar="TOML", help="a table [rhythm]: outlet = minutes (default: the outlets' own)")
        add(
            "--at-once",
            type=processes,
            default=8,
            metavar="N",
            help="crawls at the same time, each a process (default: 8)",
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        self.given = dict(pair.split("=", 1) for pair in opts.set)

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        rhythms = read_rhythms(opts.file) if opts.file else own_rhythms()
        wanted = [outlet for name in args for outlet in chosen(name)] or list(rhythms)
        for outlet in wanted:
            if outlet not in spiders():
                raise PressmarkError(f"no outlet {outlet!r}; known are: {', '.join(spiders())}")
        if not self.settings.get("CONTACT"):
            raise PressmarkError("no CONTACT: say who answers for these crawls (see `scrapy crawl`)")
        archive = writable_archive(self.settings)
        rhythms = {outlet: rhythms.get(outlet, spiders()[outlet].rhythm_s) for outlet in wanted}
        print(f"scrapy schedule: {len(rhythms)} outlets into {archive}; stop with Ctrl-C or SIGTERM", file=sys.stderr)
        Timetable(archive, rhythms, crawl_command(self.given), at_once=opts.at_once).run()
        return DONE


def own_rhythms() -> dict[str, float]:
    """Seconds by outlet, as its spider states them; given URLs have no rhythm."""
    return {name: spider.rhythm_s for name, spider in spiders().items() if spider.sources}

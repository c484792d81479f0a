"""`scrapy search WORDS`: the archive's articles by their words, newest first."""

import argparse
from itertools import islice
from typing import ClassVar

from attrs import asdict

from crawler.command import DONE, day, limit, print_json, print_table
from crawler.command import Command as Verb
from crawler.places import existing_catalogue
from pipelines.catalogue.queries import refuse_unknown
from pipelines.jobs.choosing import Choice
from pipelines.jobs.finding import Hit, search

LIMIT = 20


class Command(Verb):
    """Full text."""

    arguments: ClassVar[range] = range(1, 100)

    def syntax(self) -> str:
        return "WORDS [--outlet O] [--language L] [--since DATE] [--until DATE] [--author NAME] [--limit N] [--json]"

    def short_desc(self) -> str:
        return "Find articles by their words, newest first"

    def long_desc(self) -> str:
        return (
            'Every word must stand in headline, body, tags or authors, in any inflection; "a phrase" in that order; '
            "OR between two takes either; -word leaves out; word* takes whatever begins so. Put the whole search "
            "in single quotes for the shell."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add = parser.add_argument
        add("--outlet", action="append", default=[], metavar="O", help="only this outlet (may be repeated)")
        add("--language", action="append", default=[], metavar="L", help="only this language, such as uk")
        add("--since", type=day, metavar="DATE", help="first publication day, YYYY-MM-DD")
        add("--until", type=day, metavar="DATE", help="last publication day, YYYY-MM-DD")
        add("--author", metavar="NAME", help="only articles with an author whose name has these words")
        add("--limit", type=limit, default=LIMIT, metavar="N", help=f"articles at most (default: {LIMIT}; 0: all)")
        add("--json", action="store_true", help="print as JSON")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        choice = Choice(
            search=" ".join(args),
            outlets=tuple(opts.outlet),
            languages=tuple(opts.language),
            since=opts.since,
            until=opts.until,
        )
        catalogue = existing_catalogue(self.settings)
        refuse_unknown(catalogue, choice.outlets)
        hits = search(catalogue, choice, opts.author)
        shown = islice(hits, opts.limit)
        if opts.json:
            print_json([asdict(hit) for hit in shown])
        else:
            rows = [
                (_when(hit), hit.outlet,
                 f"{hit.headline or ''}\n{hit.url}\n{hit.snippet}\n")
                for hit in shown
            ]  # fmt: skip
            if rows:
                print_table(("time (UTC)", "outlet", "article"), rows)
            else:
                print("no article holds that")
        catalogue.close()
        return DONE


def _when(hit: Hit) -> str:
    """The instant of publication, to the minute; of an article that states none, that of its capture."""
    at = (hit.published_at or hit.captured_at)[:16].replace("T", " ")
    return at if hit.published_at else f"captured {at}"

"""`scrapy rebuild`: text and catalogue again from the WARC files."""

import argparse
import os
from collections.abc import Iterable
from typing import Any

from crawler.command import DONE, print_json, print_table, processes, progress
from crawler.command import Command as Verb
from crawler.places import RULES_FOLDER, archive_folder, catalogue_location
from crawler.registry import read_naming
from pipelines.catalogue import schema as t
from pipelines.errors import BadArchive
from pipelines.jobs.rebuild import archived_outlets, rebuild


class Command(Verb):
    """Makes what is right of a capture again."""

    def syntax(self) -> str:
        return "[--workers N] [--json]"

    def short_desc(self) -> str:
        return "Make text and catalogue again from the WARC files"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--workers", type=processes, default=os.cpu_count() or 1, metavar="N", help="processes (default: the cores)"
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        archive = archive_folder(self.settings)
        if not archived_outlets(archive):
            raise BadArchive(f"{archive} holds no WARC files; `scrapy crawl OUTLET` makes some")
        catalogue = rebuild(
            archive, catalogue_location(self.settings), RULES_FOLDER, read_naming, workers=opts.workers, watch=_watch
        )
        counts = {table.name: catalogue.count(table) for table in (t.captures, t.articles, t.versions, t.leads)}
        counts["rejected"] = catalogue.count(t.coverage, t.coverage.c.state == "rejected")
        catalogue.close()
        if opts.json:
            print_json({"archive": str(archive), **counts})
        else:
            print_table(("", ""), [*counts.items(), ("archive", archive)])
        return DONE


def _watch(worked: Iterable[Any]) -> Iterable[Any]:
    return progress(worked, "rebuilt")

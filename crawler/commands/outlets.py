"""`scrapy outlets`: each outlet's last crawl, articles, coverage, rule health and bot walls."""

import argparse

from attrs import asdict

from crawler.command import DONE, print_json, print_table
from crawler.command import Command as Verb
from crawler.places import existing_catalogue
from crawler.registry import spiders
from pipelines.catalogue.catalogue import Catalogue
from pipelines.catalogue.queries import Health, coverage_by_day, health
from pipelines.errors import BadArchive


class Command(Verb):
    """What the archive knows of each outlet."""

    def syntax(self) -> str:
        return "[--coverage] [--json]"

    def short_desc(self) -> str:
        return "Show each outlet: last crawl, articles, coverage of what its sources named, health"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--coverage", action="store_true", help="a row for each outlet and day, with reasons")
        parser.add_argument("--json", action="store_true", help="print as JSON")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        try:
            catalogue = existing_catalogue(self.settings)
        except BadArchive as nothing_yet:
            print(f"{nothing_yet}\n\noutlets that can be crawled: {', '.join(spiders())}")
            return DONE
        show = show_coverage if opts.coverage else show_health
        show(catalogue, opts.json)
        catalogue.close()
        return DONE


def show_health(catalogue: Catalogue, as_json: bool) -> None:
    """A row an outlet."""
    found = health(catalogue, spiders())
    if as_json:
        print_json([asdict(row) | {"coverage": row.coverage} for row in found])
        return
    columns = ("outlet", "last capture", "articles", "coverage", "health")
    print_table(columns, [_health_row(row) for row in found])


def _health_row(row: Health) -> tuple[object, ...]:
    coverage = None if row.coverage is None else f"{row.coverage:.0%} of {row.named}"
    last = row.last_capture_at[:16].replace("T", " ") if row.last_capture_at else "never"
    return (row.outlet, last, row.articles, coverage, _said(row))


def _said(row: Health) -> str:
    said = []
    if row.layout_changed:
        said.append(f"layout changed on {row.layout_changed} pages: see its rules")
    if row.bot_walls:
        said.append(f"{row.bot_walls} bot walls")
    if row.by_rules < row.versions:
        said.append(f"{row.versions - row.by_rules} read without rules")
    if row.missing:
        said.append(f"{row.missing} missing")
    if row.reasons:
        said.append(", ".join(f"{reason} {count}" for reason, count in row.reasons.items()))
    return "; ".join(said) or ("good" if row.articles else "nothing yet")


def show_coverage(catalogue: Catalogue, as_json: bool) -> None:
    """A row an outlet and day."""
    days = [day for row in health(catalogue) for day in coverage_by_day(catalogue, row.outlet)]
    if as_json:
        print_json([asdict(day) for day in days])
        return
    columns = ("outlet", "day", "named", "kept", "rejected", "failed", "missing", "why")
    print_table(
        columns,
        [
            (d.outlet, d.day, d.named, d.kept, d.rejected, d.failed, d.missing,
             ", ".join(f"{reason} {count}" for reason, count in d.reasons.items()))
            for d in days
        ],
    )  # fmt: skip

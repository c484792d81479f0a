"""`scrapy outlets`: each outlet's last crawl, articles, coverage, rule health and bot walls."""

import argparse
import sys

from attrs import asdict

from crawler.command import DONE, FOUND, print_json, print_table
from crawler.command import Command as Verb
from crawler.places import archive_folder, existing_catalogue
from crawler.registry import spiders
from crawler.timetable import Run, read_state
from pipelines.catalogue.queries import Day, Health, coverage_by_day, health
from pipelines.errors import NoArchive


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
        except NoArchive as nothing_yet:
            told = f"{nothing_yet}\n\noutlets that can be crawled: {', '.join(spiders())}"
            print(told, file=sys.stderr if opts.json else sys.stdout)
            if opts.json:
                print_json([])
            return DONE
        runs = read_state(archive_folder(self.settings))
        found = health(catalogue, spiders())
        if opts.coverage:
            show_coverage([day for row in found for day in coverage_by_day(catalogue, row.outlet)], opts.json)
        else:
            show_health(found, runs, opts.json)
        catalogue.close()
        return self.judged(found) if opts.coverage else DONE

    def judged(self, found: list[Health]) -> int:
        """The exit status, and on standard error the outlets below COVERAGE_LEAST."""
        least = self.settings.getfloat("COVERAGE_LEAST")
        below = [row for row in found if row.coverage is not None and row.coverage < least]
        for row in below:
            print(f"{row.outlet}: {row.coverage:.1%} kept of {row.named} named, less than {least:.0%}", file=sys.stderr)
        return FOUND if below else DONE


def show_health(found: list[Health], runs: dict[str, Run], as_json: bool) -> None:
    """A row an outlet, with its schedule where it has one."""
    if as_json:
        scheduled = {outlet: asdict(run) for outlet, run in runs.items()}
        print_json([asdict(row) | {"coverage": row.coverage, "schedule": scheduled.get(row.outlet)} for row in found])
        return
    columns = ("outlet", "last capture", "articles", "coverage", *(["schedule"] if runs else []), "health")
    rows = [_health_row(row) for row in found]
    if runs:
        rows = [(*row[:-1], _scheduled(runs.get(str(row[0]))), row[-1]) for row in rows]
    print_table(columns, rows)


def _scheduled(run: Run | None) -> str | None:
    if run is None or run.started_at is None:
        return None
    if run.ended_at is None:
        return f"runs since {run.started_at[11:16]}"
    ended = "ok" if run.status == 0 else f"status {run.status}"
    return f"{ended} {run.ended_at[11:16]}" + (f", next {run.next_at[11:16]}" if run.next_at else "")


def _health_row(row: Health) -> tuple[object, ...]:
    coverage = None if row.coverage is None else f"{row.coverage:.0%} of {row.named}"
    last = row.last_capture_at[:16].replace("T", " ") if row.last_capture_at else "never"
    return (row.outlet, last, row.articles, coverage, _said(row))


def _said(row: Health) -> str:
    said = []
    if row.layout_changed:
        said.append(f"layout changed on {row.layout_changed} pages: see its rules")
    if row.bot_walls:
        told = f", {row.by_rest} of them read through REST" if row.by_rest else ""
        said.append(f"{row.bot_walls} bot walls{told}")
    if row.opt_outs:
        said.append(f"opts out: {'; '.join(row.opt_outs)}")
    if row.by_rules < row.versions:
        said.append(f"{row.versions - row.by_rules} read without rules")
    if row.missing:
        said.append(f"{row.missing} missing")
    if row.reasons:
        said.append(", ".join(f"{reason} {count}" for reason, count in row.reasons.items()))
    return "; ".join(said) or ("good" if row.articles else "nothing yet")


def show_coverage(days: list[Day], as_json: bool) -> None:
    """A row an outlet and day."""
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

"""`scrapy crawl OUTLET`: finds, fetches and archives what an outlet published; prints what came of it."""

import argparse
import asyncio
import sys
from functools import partial
from typing import Any, ClassVar

from scrapy.commands import BaseRunSpiderCommand
from scrapy.crawler import Crawler
from scrapy.settings import Settings

from crawler.command import DONE, FOUND, print_json, print_table
from crawler.command import Command as Verb
from crawler.places import archive_folder, writable_archive
from crawler.registry import chosen, spiders
from pipelines.errors import PressmarkError


class Command(Verb, BaseRunSpiderCommand):
    """The main job."""

    requires_crawler_process = True
    arguments: ClassVar[range] = range(1, 2)
    settings: Settings

    def syntax(self) -> str:
        return "OUTLET [-a since=YYYY-MM-DD] [-a until=YYYY-MM-DD] [-a urls=FILE] [--json]"

    def short_desc(self) -> str:
        return "Crawl an outlet: every exchange into WARC, clean text and catalogue beside it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        set_ = partial(self.settings.set, priority="cmdline")
        set_("ARCHIVE_DIR", str(archive_folder(self.settings)))
        set_("USER_AGENT", f"{self.settings['USER_AGENT']} (+{self.settings['CONTACT']})")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        """Checks what can be checked before the first request, crawls, prints what came of it."""
        outlets = chosen(args[0])
        if not self.settings.get("CONTACT"):
            raise PressmarkError(
                "no CONTACT: say who answers for this crawl, a page or an e-mail address that goes into the user "
                "agent: -s CONTACT=https://example.org/crawler, or PRESSMARK_CONTACT in the environment"
            )
        for outlet in outlets:
            spiders()[outlet].check_arguments(opts.spargs)
        writable_archive(self.settings)
        assert self.crawler_process is not None
        crawlers = [self._create_crawler(outlet) for outlet in outlets]
        crawls: list[Any] = [self.crawler_process.crawl(crawler, **opts.spargs) for crawler in crawlers]
        for crawl in crawls:
            # Told below, in one line; asyncio would print a traceback as well.
            crawl.add_done_callback(lambda done: done.cancelled() or done.exception())
        self.crawler_process.start()
        return max(self.report(*pair, opts) for pair in zip(crawlers, crawls, strict=True))

    def report(self, crawler: Crawler, crawl: "asyncio.Task[None]", opts: argparse.Namespace) -> int:
        """Prints what came of one crawl; the exit status tells whether all of it went well."""
        error = crawl.exception() if crawl.done() and not crawl.cancelled() else None
        if isinstance(error, PressmarkError):
            raise error
        stats = crawler.stats.get_stats() if crawler.stats else {}
        summary = summarise(stats, str(getattr(crawler.spider, "outlet_slug", "")))
        summary["archive"] = self.settings["ARCHIVE_DIR"]
        if opts.json:
            print_json(summary)
        else:
            print_table(("", ""), rows_of(summary))
        found_nothing = not summary["named"] + stats.get("discover/read", 0)
        went_wrong = found_nothing and (stats.get("discover/problem") or summary["failed"])
        if summary["ended"] == "finished" and error is None and not went_wrong:
            return DONE
        why = repr(error) if error else summary["ended"]
        if why == "finished":
            why = "none of the outlet's sources could be read: see the warnings above"
        print(f"scrapy crawl: the crawl did not finish ({why}); the next finds again what it left", file=sys.stderr)
        return FOUND


def summarise(stats: dict[str, Any], outlet: str) -> dict[str, Any]:
    """What an operator asks of a crawl, from Scrapy's statistics."""

    def below(prefix: str) -> dict[str, int]:
        return {key.removeprefix(prefix): stats[key] for key in sorted(stats) if key.startswith(prefix)}

    return {
        "outlet": outlet,
        "ended": stats.get("finish_reason", "interrupted"),
        "named": stats.get("discover/named", 0),
        "found": stats.get("discover/fresh", 0),
        "fetched": stats.get("response_received_count", 0),
        "kept": stats.get("store/kept", 0),
        "unchanged": stats.get("store/unchanged", 0),
        "rejected": below("extract/rejected/"),
        "marked": below("extract/marked/"),
        "failed": below("fetch/failed/"),
        "captures": below("capture/"),
        "seconds": round(stats.get("elapsed_time_seconds", 0.0), 1),
    }


def rows_of(summary: dict[str, Any]) -> list[tuple[str, str]]:
    """The closing table: one line a fact, reasons beside their counts."""

    def reasons(counts: dict[str, int]) -> str:
        total = str(sum(counts.values()))
        return total if not counts else f"{total} ({', '.join(f'{key} {n}' for key, n in counts.items())})"

    captures = summary["captures"]
    return [
        ("outlet", summary["outlet"]),
        ("ended", summary["ended"]),
        ("found", f"{summary['found']} new of {summary['named']} named"),
        ("fetched", str(summary["fetched"])),
        ("kept", f"{summary['kept']}" + (f" ({summary['unchanged']} more unchanged)" if summary["unchanged"] else "")),
        ("revisits", str(captures.get("revisit", 0))),
        ("rejected", reasons(summary["rejected"])),
        ("marked", reasons(summary["marked"])),
        ("failed", reasons(summary["failed"])),
        ("time", f"{summary['seconds']} s"),
        ("archive", summary["archive"]),
    ]

"""`scrapy crawl OUTLET`: finds, fetches and archives what an outlet published; prints what came of it."""

import argparse
import asyncio
import sys
from datetime import date
from functools import partial
from typing import Any, ClassVar

from scrapy import signals
from scrapy.commands import BaseRunSpiderCommand
from scrapy.crawler import Crawler
from scrapy.settings import Settings

from crawler.command import DONE, FOUND, print_json, print_table
from crawler.command import Command as Verb
from crawler.places import archive_folder, writable_archive
from crawler.registry import chosen, spiders
from pipelines.errors import PressmarkError

UNREAD = "nothing could be read: see the reasons above"


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
        for outlet in outlets:
            spiders()[outlet].check_arguments(opts.spargs)
        if not self.settings.get("CONTACT"):
            raise PressmarkError(
                "no CONTACT: say who answers for this crawl, a page or an e-mail address that goes into the user "
                "agent: -s CONTACT=https://example.org/crawler, or PRESSMARK_CONTACT in the environment"
            )
        writable_archive(self.settings)
        assert self.crawler_process is not None
        crawlers = [self._create_crawler(outlet) for outlet in outlets]
        crawls: list[Any] = [self.crawler_process.crawl(crawler, **opts.spargs) for crawler in crawlers]
        for crawler, crawl in zip(crawlers, crawls, strict=True):
            crawler.signals.connect(partial(count_crash, crawler), signal=signals.item_error, weak=False)
            # Told below, in one line; asyncio would print a traceback as well.
            crawl.add_done_callback(lambda done: done.cancelled() or done.exception())
        self.crawler_process.start()
        summaries = [self.summary(*pair) for pair in zip(crawlers, crawls, strict=True)]
        if opts.json:
            print_json(summaries[0] if len(summaries) == 1 else summaries)
        else:
            columns = ["", *(summary["outlet"] for summary in summaries)]
            print_table(columns, rows_of(summaries))
            print(f"archive: {self.settings['ARCHIVE_DIR']}")
        return self.verdict(summaries)

    def summary(self, crawler: Crawler, crawl: "asyncio.Task[None]") -> dict[str, Any]:
        """What came of one crawl; raises what kept it from beginning."""
        error = crawl.exception() if crawl.done() and not crawl.cancelled() else None
        if isinstance(error, PressmarkError):
            raise error
        stats = crawler.stats.get_stats() if crawler.stats else {}
        summary = summarise(stats, str(getattr(crawler.spider, "outlet_slug", "")))
        return summary | {"error": repr(error) if error else None, "archive": self.settings["ARCHIVE_DIR"]}

    def verdict(self, summaries: list[dict[str, Any]]) -> int:
        """The exit status; what went wrong is told for each outlet, with what follows from it."""
        wrong = {summary["outlet"]: why for summary in summaries if (why := what_went_wrong(summary))}
        for outlet, why in wrong.items():
            print(f"scrapy crawl: {outlet}: {why}", file=sys.stderr)
        if UNREAD in wrong.values() and self.settings.getlist("ONLY_ADDRESSES"):
            where = ", ".join(self.settings.getlist("ONLY_ADDRESSES"))
            print(f"scrapy crawl: only {where} may be connected to: is the newsstand running there?", file=sys.stderr)
        return FOUND if wrong else DONE


def count_crash(crawler: Crawler, **_: Any) -> None:
    """Counts an item that a stage could not deal with; Scrapy logs its traceback."""
    assert crawler.stats is not None
    crawler.stats.inc_value("store/crashed")


def what_went_wrong(summary: dict[str, Any]) -> str | None:
    """Why a crawl is not done and clean, and what follows; None where it is."""
    if summary["error"] or summary["ended"] != "finished":
        why = summary["error"] or summary["ended"]
        return f"the crawl did not finish ({why}); the next finds again what it left"
    if summary["captures"].get("failed"):
        return "the archive could not be written to its end; the next crawl repairs it"
    if summary["left"]["over_budget"]:
        return (
            f"REQUESTS_A_DAY are spent, {summary['left']['over_budget']} requests were not sent; a crawl goes on where "
            "this one stopped as soon as the requests of the 24 hours before it are fewer"
        )
    if summary["crashed"]:
        return f"{summary['crashed']} pages could not be dealt with: see the errors above; the next crawl tries again"
    reached = summary["sources"]["read"] + summary["kept"] + summary["unchanged"] + sum(summary["rejected"].values())
    if not reached and summary["left"]["walled"]:
        return "its host shows bot walls and is left alone; a crawl after the rest asks again"
    if not reached and (summary["sources"]["problem"] or summary["failed"]):
        return UNREAD
    days = sum(days_in(span) for span in summary["unreached"])
    # What no source reaches is told in the table; where one failed, something is wrong.
    if days and (summary["sources"]["problem"] or summary["failed"]):
        return f"{days} days could not be reached: see the reasons above; the same crawl asks for them again"
    return None


def summarise(stats: dict[str, Any], outlet: str) -> dict[str, Any]:
    """What an operator asks of a crawl, from Scrapy's statistics."""

    def below(prefix: str) -> dict[str, int]:
        return {key.removeprefix(prefix): stats[key] for key in sorted(stats) if key.startswith(prefix)}

    notes, gone = below("capture/note/"), below("fetch/failed/")
    told = sum(notes.values())
    return {
        "outlet": outlet,
        "ended": stats.get("finish_reason", "interrupted"),
        "sources": {key: stats.get(f"discover/{key}", 0) for key in ("read", "problem", "not_due")},
        "named": stats.get("discover/named", 0),
        "found": stats.get("discover/fresh", 0),
        "fetched": stats.get("response_received_count", 0),
        "kept": stats.get("store/kept", 0),
        "unchanged": stats.get("store/unchanged", 0),
        "rejected": below("extract/rejected/"),
        "marked": below("extract/marked/"),
        # What left an exchange too (a truncated answer, a redirect loop) has no note of its own.
        "failed": notes if told >= sum(gone.values()) else gone,
        # Not sent in this crawl; the next finds it again.
        "left": {"walled": stats.get("manners/left_alone", 0), "over_budget": stats.get("manners/over_budget", 0)},
        # Days of a crawl with dates, and why its sources do not name their articles.
        "unreached": stats.get("backfill/unreached", []),
        "crashed": stats.get("store/crashed", 0) + stats.get("spider_exceptions/count", 0),
        "captures": below("capture/"),
        "seconds": round(stats.get("elapsed_time_seconds", 0.0), 1),
    }


def rows_of(summaries: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """The closing table: one line a fact, a column an outlet, reasons beside their counts."""
    columns = [facts_of(summary) for summary in summaries]
    return [(name, *(column[name] for column in columns)) for name in columns[0]]


def facts_of(summary: dict[str, Any]) -> dict[str, str]:
    """The facts of one crawl, as an operator reads them."""

    def reasons(counts: dict[str, int]) -> str:
        total = str(sum(counts.values()))
        return total if not counts else f"{total} ({', '.join(f'{key} {n}' for key, n in counts.items())})"

    sources = summary["sources"]
    read = [str(sources["read"]), *(f"{sources[key]} {label}" for key, label in SOURCE_LABELS if sources[key])]
    return {
        "ended": summary["ended"],
        "sources": ", ".join(read),
        "found": f"{summary['found']} new of {summary['named']} named",
        "fetched": str(summary["fetched"]),
        "kept": f"{summary['kept']}" + (f" ({summary['unchanged']} unchanged)" if summary["unchanged"] else ""),
        "revisits": str(summary["captures"].get("revisit", 0)),
        "rejected": reasons(summary["rejected"]),
        "marked": reasons(summary["marked"]),
        "failed": reasons(summary["failed"]),
        "left alone": reasons({label: summary["left"][key] for key, label in LEFT_LABELS if summary["left"][key]}),
        "not reached": spans_shown(summary["unreached"]),
        "time": f"{summary['seconds']} s",
    }


def days_in(span: dict[str, str]) -> int:
    """How many days a span of unreached ones has."""
    return (date.fromisoformat(span["until"]) - date.fromisoformat(span["since"])).days + 1


def spans_shown(spans: list[dict[str, str]]) -> str:
    """The days that were not reached, with the reasons; the first few spans."""
    told = [
        (span["since"] if span["since"] == span["until"] else f"{span['since']} to {span['until']}")
        + f" ({span['why']})"
        for span in spans[:SPANS_SHOWN]
    ]
    more = sum(map(days_in, spans[SPANS_SHOWN:]))
    return "; ".join([*told, *([f"and {more} days more"] if more else [])]) or "0"


SPANS_SHOWN = 3
LEFT_LABELS = (("walled", "bot walls"), ("over_budget", "the day's budget"))
SOURCE_LABELS = (("problem", "with problems"), ("not_due", "not due yet"))

"""`scrapy history URL`: the versions of an article, its editions, and whether it was taken down."""

import argparse
from datetime import datetime
from typing import Any, ClassVar

from crawler.command import DONE, print_json, print_table, shown
from crawler.command import Command as Verb
from crawler.places import existing_catalogue
from pipelines.catalogue.watch import Watched
from pipelines.jobs.history import History, history_of


class Command(Verb):
    """An article through time."""

    arguments: ClassVar[range] = range(1, 2)

    def syntax(self) -> str:
        return "URL [--json]"

    def short_desc(self) -> str:
        return "Show the versions of an article, what kind of edit made each, its editions, and a removal"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print as JSON")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        catalogue = existing_catalogue(self.settings)
        try:
            history = history_of(catalogue, args[0])
        finally:
            catalogue.close()
        if opts.json:
            print_json(as_json(history))
        else:
            tell(history)
        return DONE


def tell(history: History) -> None:
    """The history as tables and sentences."""
    print(f"{shown(history.url)}\n{history.id} of {history.outlet}")
    rows = [(v.number, minute(v.captured_at), v.kind or "", v.headline or "") for v in history.versions]
    print_table(("version", "captured (UTC)", "edit", "headline"), rows)
    for edition in history.editions:
        print(f"  {shown(edition.language)}: {shown(edition.url)}" + ("" if edition.id else " (not in the archive)"))
    for watched in history.watched:
        print(_said(watched, len(history.versions)))


def _said(watched: Watched, versions: int) -> str:
    if watched.gone_reason and watched.gone_since:
        return f"Taken down ({watched.gone_reason}) by {minute(watched.gone_since)}; version {versions} is the last."
    if watched.suspect_at:
        return f"Not there ({watched.reason}) at {minute(watched.suspect_at)}; a second look will tell."
    seen = minute(watched.good_at) if watched.good_at else "never"
    due = f"; the next look is due {minute(watched.due_at)}" if watched.due_at else ""
    back = f"; it was gone, and is there again since {minute(watched.returned_at)}" if watched.returned_at else ""
    return f"Last seen {seen}{due}{back}."


def minute(moment: datetime) -> str:
    """An instant to the minute, UTC."""
    return f"{moment:%Y-%m-%d %H:%M}"


def as_json(history: History) -> dict[str, Any]:
    """The history under the catalogue's names; texts are left to their files."""
    return {
        "id": history.id,
        "outlet": history.outlet,
        "url": history.url,
        "versions": [
            {
                "version": v.number,
                "captured_at": v.captured_at.isoformat(),
                "kind": v.kind,
                "headline": v.headline,
                "text_file": v.text_file,
            }
            for v in history.versions
        ],
        "editions": [{"language": e.language, "url": e.url, "id": e.id} for e in history.editions],
        "gone": [
            {"reason": w.gone_reason, "since": w.gone_since.isoformat(), "last_good_at": str(w.good_at)}
            for w in history.watched
            if w.gone_reason and w.gone_since
        ],
    }

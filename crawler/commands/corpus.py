"""`scrapy corpus OUT`: a folder of seed files from the archive."""

import argparse
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar

from crawler.command import DONE, FOUND, progress
from crawler.command import Command as Verb
from crawler.places import RULES_FOLDER, archive_folder, existing_catalogue
from pipelines.errors import PressmarkError
from pipelines.jobs.choosing import STYLES, Choice, chosen_entries, read_seeds, seed_entries
from pipelines.jobs.corpus import make_corpus


class Command(Verb):
    """What the archive is for."""

    arguments: ClassVar[range] = range(1, 2)

    def syntax(self) -> str:
        return "OUT [--seeds FILE] [--style page|clean|hugo] [--outlet O] [--since DATE] [--until DATE] [--as-of TIME]"

    def short_desc(self) -> str:
        return "Make a corpus in the seed-file format from the archive"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add = parser.add_argument
        add("--seeds", type=Path, metavar="FILE", help="a seeds manifest: pins index, id and order")
        add("--style", choices=STYLES, help="clean (default), page or hugo; wins over the manifest's")
        add("--outlet", action="append", default=[], metavar="O", help="only this outlet (may be repeated)")
        add("--since", type=date.fromisoformat, metavar="DATE", help="first publication day, YYYY-MM-DD")
        add("--until", type=date.fromisoformat, metavar="DATE", help="last publication day, YYYY-MM-DD")
        add("--as-of", type=_instant, metavar="TIME", help="as the archive stood at this instant (ISO 8601)")
        add("--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="processes (default: the cores)")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        out = Path(args[0])
        archive, catalogue = archive_folder(self.settings), existing_catalogue(self.settings)
        choice = Choice(outlets=tuple(opts.outlet), since=opts.since, until=opts.until, as_of=opts.as_of)
        if opts.seeds:
            entries, missing = seed_entries(catalogue, read_seeds(opts.seeds), opts.style, opts.as_of)
        else:
            entries, missing = chosen_entries(catalogue, choice, opts.style or "clean"), []
        catalogue.close()
        if not entries and not missing:
            raise PressmarkError("the archive holds no article that fits; `scrapy outlets` shows what it holds")
        options: dict[str, Any] = {
            "seeds": [f"{e.index} {e.id}" for e in entries] if opts.seeds else None,
            "style": opts.style,
            "outlets": list(choice.outlets),
            "since": opts.since and opts.since.isoformat(),
            "until": opts.until and opts.until.isoformat(),
            "as_of": opts.as_of and opts.as_of.astimezone(UTC).isoformat(),
        }

        def watch(made: Any) -> Any:
            return progress(made, "corpus", len(entries))

        problems = make_corpus(out, archive, RULES_FOLDER, entries, options, workers=opts.workers, watch=watch)
        problems += [f"seed {seed.index:03d}: the archive holds no article of {seed.url}" for seed in missing]
        for problem in problems:
            print(f"scrapy corpus: {problem}", file=sys.stderr)
        print(f"{len(entries) - len(problems) + len(missing)} files and manifest.jsonl in {out}")
        return FOUND if problems else DONE


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

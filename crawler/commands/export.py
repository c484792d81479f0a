"""`scrapy export --format F OUT`: the archive's articles for other tools."""

import argparse
import os
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

from attrs import asdict

from crawler.capture.archiver import utc_now
from crawler.command import DONE, day, moment, print_json, progress
from crawler.command import Command as Verb
from crawler.places import archive_folder, existing_catalogue
from pipelines.catalogue.queries import refuse_unknown
from pipelines.errors import PressmarkError
from pipelines.jobs.choosing import Choice
from pipelines.jobs.export import export
from pipelines.jobs.order import DUPLICATES
from pipelines.jobs.pack import make_pack
from pipelines.jobs.trace import copies_as_of
from pipelines.jobs.wacz import make_wacz
from pipelines.urls import article_id, normalised_url

FORMATS = ("jsonl", "parquet", "wacz", "pack")


class Command(Verb):
    """For other tools."""

    arguments: ClassVar[range] = range(1, 3)

    def syntax(self) -> str:
        return "--format jsonl|parquet|wacz OUT [options] | --format pack URL [OUT] [--key FILE]"

    def short_desc(self) -> str:
        return "Export articles as JSON lines, Parquet or WACZ, or one article as an evidence pack"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add = parser.add_argument
        add("--format", choices=FORMATS, required=True, help="jsonl, parquet (wants the extra `export`), wacz or pack")
        add("--outlet", action="append", default=[], metavar="O", help="only this outlet (may be repeated)")
        add("--language", action="append", default=[], metavar="L", help="only this language, such as uk")
        add("--search", metavar="WORDS", help="only what `scrapy search` finds by these words")
        add("--since", type=day, metavar="DATE", help="first publication day, YYYY-MM-DD")
        add("--until", type=day, metavar="DATE", help="last publication day, YYYY-MM-DD")
        add("--as-of", type=moment, metavar="TIME", help="as the archive stood at this instant (ISO 8601)")
        add("--all-versions", action="store_true", help="every version, not the newest alone")
        add("--duplicates", choices=DUPLICATES, default="keep", help="copies of a text: keep (default), mark or drop")
        add("--key", type=Path, metavar="FILE", help="sign a pack with this Ed25519 private key (PEM)")
        add("--json", action="store_true", help="print the result as JSON")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        if opts.format == "pack":
            return self.pack(args[0], Path(args[1]) if len(args) > 1 else None, opts)
        if len(args) > 1 or opts.key:
            raise PressmarkError("one OUT is wanted, and --key goes with --format pack alone")
        out = Path(args[0])
        choice = choice_of(opts)
        if opts.format == "wacz":
            return self.wacz(out, choice, opts.json)
        catalogue = existing_catalogue(self.settings)
        refuse_unknown(catalogue, choice.outlets)
        files = export(
            catalogue,
            out,
            opts.format,
            choice,
            {} if opts.duplicates == "keep" else copies_as_of(catalogue, opts.as_of),
            drop_copies=opts.duplicates == "drop",
            watch=_watch,
        )
        catalogue.close()
        rows = sum(each.rows for each in files)
        if opts.json:
            print_json({"export": str(out), "rows": rows, "files": [each.file for each in files]})
        else:
            print(f"{rows} rows in {len(files)} files below {out / 'data'}; {out / 'README.md'} tells of them")
        return DONE

    def wacz(self, out: Path, choice: Choice, as_json: bool) -> int:
        """Packs the WARC files of the chosen articles' outlets."""
        if out.is_dir():
            raise PressmarkError(f"{out} is a folder: a WACZ is one file, such as {out / 'news.wacz'}")
        catalogue = existing_catalogue(self.settings)
        refuse_unknown(catalogue, choice.outlets)
        made = make_wacz(
            archive_folder(self.settings),
            catalogue,
            out,
            choice,
            created=utc_now(),
            software=f"Pressmark/{version('pressmark')}",
            title=out.stem,
            workers=os.cpu_count() or 1,
            watch=progress,
        )
        catalogue.close()
        if as_json:
            print_json(asdict(made))
        else:
            print(f"{made.pages} pages and {made.captures} captures of {made.warc_files} WARC files in {made.path}")
        return DONE

    def pack(self, url: str, out: Path | None, opts: argparse.Namespace) -> int:
        """Makes the evidence pack of one article."""
        archive, catalogue = archive_folder(self.settings), existing_catalogue(self.settings)
        try:
            named = normalised_url(url)
        except ValueError as error:
            raise PressmarkError(str(error)) from error
        made = make_pack(catalogue, archive, named, out or archive / "packs" / article_id(named), opts.key)
        catalogue.close()
        if opts.json:
            print_json(asdict(made))
        else:
            print(
                f"{made.captures} captures and {made.versions} versions in {made.folder}; to verify it: verify.py there"
            )
            print(f"its manifest.json has the SHA-256 {made.manifest_sha256}: deposited elsewhere, it fixes every byte")
        return DONE


def choice_of(opts: argparse.Namespace) -> Choice:
    """What the options choose."""
    return Choice(
        outlets=tuple(opts.outlet),
        languages=tuple(opts.language),
        search=opts.search,
        since=opts.since,
        until=opts.until,
        as_of=opts.as_of,
        all_versions=opts.all_versions,
    )


def _watch(rows: Iterable[Any]) -> Iterator[Any]:
    return progress(rows, "exported")

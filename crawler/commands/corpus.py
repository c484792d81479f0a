"""`scrapy corpus OUT`: a folder of seed files from the archive; checked, compared, and found again from files."""

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, TypeVar

from crawler.command import DONE, FOUND, day, moment, print_json, print_table, processes, progress, shown
from crawler.command import Command as Verb
from crawler.places import RULES_FOLDER, archive_folder, existing_catalogue
from crawler.registry import read_naming
from pipelines.catalogue.catalogue import Catalogue, catalogue_url, open_engine
from pipelines.errors import PressmarkError
from pipelines.jobs.choosing import STYLES
from pipelines.jobs.comparing import Difference, check_corpus, diff_corpora
from pipelines.jobs.corpus import make_corpus
from pipelines.jobs.keep import Keeper
from pipelines.jobs.match import Match, match_folder
from pipelines.jobs.order import DUPLICATES, Order
from pipelines.jobs.rebuild import archived_outlets, index_archive
from pipelines.jobs.seeds import read_seeds, read_urls, write_seeds

T = TypeVar("T")


class Command(Verb):
    """What the archive is for."""

    arguments: ClassVar[range] = range(3)

    def syntax(self) -> str:
        return "OUT [options] | --check OUT | --diff A B | --match FOLDER [SEEDS]"

    def short_desc(self) -> str:
        return "Make a corpus in the seed-file format from the archive"

    def long_desc(self) -> str:
        return (
            "Makes OUT, a folder of seed files with manifest.jsonl and corpus.lock, from the archive. "
            "--check says which files of a corpus would come out differently today, and why; --diff compares two "
            "corpora; --match finds the articles behind existing seed files and writes the seeds manifest that "
            "makes them again."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add = parser.add_argument
        add("--check", action="store_true", help="compare the corpus OUT with what the archive gives today")
        add("--diff", action="store_true", help="compare the corpora A and B")
        add("--match", type=Path, metavar="FOLDER", help="find the articles behind the seed files of a folder")
        add("--seeds", type=Path, metavar="FILE", help="a seeds manifest: pins index, id and order")
        add("--urls", type=Path, metavar="FILE", help="the articles of these URLs, one a line, in their order")
        add("--style", choices=STYLES, help="clean (default), page or hugo; wins over the manifest's")
        add("--outlet", action="append", default=[], metavar="O", help="only this outlet (may be repeated)")
        add("--language", action="append", default=[], metavar="L", help="only this language, such as uk")
        add("--search", metavar="WORDS", help="only what `scrapy search` finds by these words")
        add("--since", type=day, metavar="DATE", help="first publication day, YYYY-MM-DD")
        add("--until", type=day, metavar="DATE", help="last publication day, YYYY-MM-DD")
        add("--as-of", type=moment, metavar="TIME", help="as the archive stood at this instant (ISO 8601)")
        add("--all-versions", action="store_true", help="every version, not the newest alone")
        add("--duplicates", choices=DUPLICATES, default="keep", help="copies of a text: keep (default), mark or drop")
        add("--parallel", metavar="L,L", help="pairs of language editions, such as uk,en")
        add(
            "--workers", type=processes, default=os.cpu_count() or 1, metavar="N", help="processes (default: the cores)"
        )
        add("--json", action="store_true", help="print the result as JSON")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        modes = [bool(opts.check), bool(opts.diff), opts.match is not None]
        if sum(modes) > 1:
            raise PressmarkError("--check, --diff and --match exclude each other")
        wanted = range(2, 3) if opts.diff else range(2) if opts.match else range(1, 2)
        if len(args) not in wanted:
            raise PressmarkError(f"usage: scrapy corpus {self.syntax()}")
        folders = [Path(arg) for arg in args]
        if opts.diff:
            return told(list(diff_corpora(*folders)), opts.json)
        if opts.match:
            return self.match(opts.match, folders[0] if folders else None, opts)
        return self.check(folders[0], opts) if opts.check else self.make(folders[0], opts)

    @contextmanager
    def catalogue(self, workers: int) -> Iterator[Catalogue]:
        """The archive's catalogue; where it has WARC files alone, one that is made of them and goes afterwards."""
        archive = archive_folder(self.settings)
        alone = not self.settings.get("CATALOGUE_URL") and not (archive / "catalogue.sqlite").exists()
        with ExitStack() as stack:
            if alone and archived_outlets(archive):
                print("scrapy corpus: no catalogue there: the WARC files are read for one", file=sys.stderr)
                folder = Path(stack.enter_context(TemporaryDirectory(prefix="pressmark-")))
                catalogue = Catalogue(open_engine(catalogue_url(folder)))
                stack.callback(catalogue.close)
                keeper = Keeper(folder / "text", catalogue, durable=False)
                index_archive(archive, keeper, RULES_FOLDER, read_naming, workers=workers, watch=_watching("read"))
            else:
                catalogue = existing_catalogue(self.settings)
                stack.callback(catalogue.close)
            yield catalogue

    def make(self, out: Path, opts: argparse.Namespace) -> int:
        """Makes a corpus."""
        archive, order = archive_folder(self.settings), ordered(opts)
        with self.catalogue(opts.workers) as catalogue:
            entries, missing = order.entries(catalogue)
            files, problems = make_corpus(
                out, archive, RULES_FOLDER, entries, order.options, workers=opts.workers, watch=_watching("corpus")
            )
        if not files and not problems and not missing:
            problems = ["the archive holds no article that fits; `scrapy outlets` shows what it holds"]
        problems += [f"seed {seed.index:03d}: the archive holds no such version of {seed.url}" for seed in missing]
        for problem in problems:
            print(f"scrapy corpus: {shown(problem)}", file=sys.stderr)
        if opts.json:
            print_json({"corpus": str(out), "files": files, "problems": problems})
        else:
            print(f"{files} files and manifest.jsonl in {out}")
        return FOUND if problems else DONE

    def check(self, out: Path, opts: argparse.Namespace) -> int:
        """Says which files the archive would give otherwise today."""
        archive = archive_folder(self.settings)
        with self.catalogue(opts.workers) as catalogue:
            found = list(
                check_corpus(out, catalogue, archive, RULES_FOLDER, workers=opts.workers, watch=_watching("checked"))
            )
        return told(found, opts.json)

    def match(self, folder: Path, manifest: Path | None, opts: argparse.Namespace) -> int:
        """Finds the articles behind seed files, and writes the manifest that makes them again."""
        archive = archive_folder(self.settings)
        with self.catalogue(opts.workers) as catalogue:
            found = match_folder(
                folder, catalogue, archive, RULES_FOLDER, workers=opts.workers, watch=_watching("matched")
            )
        manifest = manifest or archive / "corpora" / f"{folder.resolve().name}.seeds.jsonl"
        seeds = [seed for match in found if (seed := match.seed)]
        write_seeds(manifest, seeds)
        if opts.json:
            print_json({"seeds": str(manifest), "files": [_match_row(match) for match in found]})
        else:
            columns = ("file", "outlet", "version", "style", "score", "equal", "url")
            rows = [_match_row(match) for match in found]
            print_table(columns, [[row[name] for name in columns] for row in rows])
            print(
                f"{len(seeds)} of {len(found)} files matched; to make them again: scrapy corpus OUT --seeds {manifest}"
            )
        return DONE if len(seeds) == len(found) else FOUND


def ordered(opts: argparse.Namespace) -> Order:
    """What the options ask for. Raises PressmarkError where they contradict each other."""
    pair = tuple(opts.parallel.split(",")) if opts.parallel else None
    if opts.seeds and opts.urls:
        raise PressmarkError("--seeds and --urls exclude each other")
    return Order(
        seeds=read_seeds(opts.seeds) if opts.seeds else read_urls(opts.urls) if opts.urls else None,
        style=opts.style,
        outlets=tuple(opts.outlet),
        languages=tuple(opts.language),
        search=opts.search,
        since=opts.since,
        until=opts.until,
        as_of=opts.as_of,
        all_versions=opts.all_versions,
        duplicates=opts.duplicates,
        parallel=pair,
    )


def told(found: list[Difference], as_json: bool) -> int:
    """Prints differences; the exit status says whether there are any."""
    if as_json:
        print_json([{"file": each.file, "what": each.what, "why": each.why} for each in found])
    elif found:
        print_table(("file", "what", "why"), [(each.file, each.what, each.why) for each in found])
    else:
        print("no difference")
    return FOUND if found else DONE


def _match_row(match: Match) -> dict[str, Any]:
    article = match.article
    return {
        "file": match.file.name,
        "outlet": article and article.outlet,
        "id": article and article.id,
        "version": article and article.version,
        "style": match.style,
        "score": round(match.score, 3),
        "equal": match.equal,
        "url": article and article.url,
    }


def _watching(label: str) -> Callable[[Iterable[T]], Iterator[T]]:
    return lambda items: progress(items, label)

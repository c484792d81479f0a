"""Makes a corpus: a folder of seed files with its manifest, from captures read again with today's rules.

The catalogue says only where captures lie; the text comes from the WARC files, so the same archive, choice and
versions give the same bytes on any machine, with any number of workers.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

from pipelines.article import Article, Rejection
from pipelines.capture import Capture, Page
from pipelines.catalogue.catalogue import instant
from pipelines.errors import BadArchive
from pipelines.extraction import extract
from pipelines.jobs.choosing import Entry, Style
from pipelines.jobs.folder import Lock, Unfinished, refuse_foreign
from pipelines.jobs.pool import ordered_map
from pipelines.rules import RuleBook, load_rules
from pipelines.text.clean import write_clean
from pipelines.text.hugo import write_hugo
from pipelines.text.page import write_page
from pipelines.warc.coding import page_of
from pipelines.warc.reader import read_capture


@frozen(kw_only=True)
class Made:
    """One seed file as made, with its line of the manifest; without text where its page is read no more."""

    entry: Entry
    text: str | None = None
    row: dict[str, Any] | None = None
    problem: str | None = None


@frozen
class _Tools:
    archive: Path
    rules: RuleBook


_tools: list[_Tools] = []
"""What this process was prepared with; processes share nothing else."""


def prepare(archive: Path, rules_folder: Path) -> None:
    """Readies a process for `make` and `read`."""
    _tools[:] = [_Tools(archive, load_rules(rules_folder))]


def read(warc_file: str, warc_offset: int) -> tuple[Capture, Page, Article | Rejection]:
    """The capture that lies there, its page, and what today's rules make of it. Raises BadArchive."""
    (tools,) = _tools
    capture = read_capture(tools.archive, warc_file, warc_offset)
    page = page_of(capture)
    return capture, page, extract(page, tools.rules)


def written(article: Article, page: Page, style: Style) -> str:
    """The article in a style; ends in one newline."""
    match style:
        case "page":
            return write_page(page, article.published_at, article.zone, is_day=article.published_is_day)
        case "clean":
            return write_clean(article)
        case "hugo":
            return write_hugo(article)


def make(entry: Entry) -> Made:
    """Reads an entry's capture and writes it in its style; pure but for reading the archive."""
    try:
        capture, page, article = read(entry.warc_file, entry.warc_offset)
    except BadArchive as error:
        return Made(entry=entry, problem=f"missing capture: {error}")
    if isinstance(article, Rejection):
        problem = f"{capture.url}: today's rules read no article there ({article.reason})"
        return Made(entry=entry, problem=problem)
    text = written(article, page, entry.style)
    if entry.newlines is not None:
        text = text.rstrip("\n") + "\n" * entry.newlines
    return Made(entry=entry, text=text, row=manifest_row(entry, article, capture, text))


def manifest_row(entry: Entry, article: Article, capture: Capture, text: str) -> dict[str, Any]:
    """A line of the manifest (docs/seed-format.md); what copies and editions are marked with comes last."""
    marks = {"duplicate_of": entry.duplicate_of, "parallel_to": entry.parallel_to}
    return {
        "index": entry.index,
        "id": entry.id,
        "file": entry.file,
        "style": entry.style,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "outlet": article.outlet,
        "outlet_name": article.outlet_name,
        "version": entry.version,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "captured_at": instant(capture.captured_at),
        "warc_file": entry.warc_file,
        "warc_offset": entry.warc_offset,
        "payload_digest": capture.ref.payload_digest,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "rules_version": article.rules_version,
        "extractor": article.extractor,
        "language": article.language,
    } | {key: value for key, value in marks.items() if value is not None}


def make_corpus(
    out: Path,
    archive: Path,
    rules_folder: Path,
    entries: Iterable[Entry],
    options: dict[str, Any],
    *,
    workers: int,
    watch: Callable[[Iterable[Made]], Iterable[Made]] = iter,
) -> tuple[int, list[str]]:
    """Writes a corpus beside `out` and puts it there when it is whole; gives the files made and what could not be.

    An interrupted one goes on where it stopped, if the options and software are still the same.
    Raises PressmarkError where `out` holds anything that no earlier corpus put there.
    """
    refuse_foreign(out)
    problems = []
    with Unfinished(out, Lock.now(load_rules(rules_folder).version, options)) as unfinished:
        rest: Iterator[Entry] = (entry for entry in entries if not unfinished.holds(entry))
        for made in watch(ordered_map(make, rest, workers, prepare, (archive, rules_folder))):
            if made.text is None or made.row is None:
                problems.append(made.problem or "")
            else:
                unfinished.add(made.row, made.text)
        return unfinished.finish(archive), problems

"""Makes a corpus: a folder of seed files with its manifest, from captures read again with today's rules.

The catalogue says only where captures lie; the text comes from the WARC files, so the same archive, choice and
versions give the same bytes on any machine, with any number of workers.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from attrs import frozen

from pipelines.article import Article, Rejection
from pipelines.capture import Capture
from pipelines.catalogue.catalogue import instant
from pipelines.errors import PressmarkError
from pipelines.extraction import extract
from pipelines.jobs.choosing import Entry
from pipelines.jobs.pool import ordered_map
from pipelines.rules import RuleBook, load_rules
from pipelines.text.clean import write_clean
from pipelines.text.hugo import write_hugo
from pipelines.text.page import write_page
from pipelines.warc.coding import page_of
from pipelines.warc.reader import read_capture

MANIFEST, LOCK = "manifest.jsonl", "corpus.lock"


@frozen(kw_only=True)
class Made:
    """One seed file as made, with its line of the manifest; without text where its page is read no more."""

    entry: Entry
    text: str | None
    row: dict[str, Any]
    problem: str | None = None


@frozen
class _Tools:
    archive: Path
    rules: RuleBook


_tools: list[_Tools] = []
"""What this process was prepared with; processes share nothing else."""


def prepare(archive: Path, rules_folder: Path) -> None:
    """Readies a process for `make`."""
    _tools[:] = [_Tools(archive, load_rules(rules_folder))]


def make(entry: Entry) -> Made:
    """Reads an entry's capture and writes it in its style; pure but for reading the archive."""
    (tools,) = _tools
    capture = read_capture(tools.archive, entry.warc_file, entry.warc_offset)
    page = page_of(capture)
    article = extract(page, tools.rules)
    if isinstance(article, Rejection):
        problem = f"{capture.url}: today's rules read no article there ({article.reason})"
        return Made(entry=entry, text=None, row={}, problem=problem)
    match entry.style:
        case "page":
            text = write_page(page, article.published_at, article.zone, is_day=article.published_is_day)
        case "clean":
            text = write_clean(article)
        case "hugo":
            text = write_hugo(article)
    return Made(entry=entry, text=text, row=manifest_row(entry, article, capture, text))


def manifest_row(entry: Entry, article: Article, capture: Capture, text: str) -> dict[str, Any]:
    """A line of the manifest (SEED_FORMAT, "Corpus")."""
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
        "warc_file": capture.ref.warc_file,
        "warc_offset": capture.ref.warc_offset,
        "payload_digest": capture.ref.payload_digest,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "rules_version": article.rules_version,
        "extractor": article.extractor,
    }


def make_corpus(
    out: Path,
    archive: Path,
    rules_folder: Path,
    entries: list[Entry],
    options: dict[str, Any],
    *,
    workers: int,
    watch: Callable[[Iterable[Made]], Iterable[Made]] = iter,
) -> list[str]:
    """Writes a corpus beside `out` and puts it there when it is whole; returns what could not be made.

    Raises PressmarkError where `out` holds anything that no earlier corpus put there.
    """
    refuse_foreign(out)
    unfinished = out.with_name(f".{out.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    rows, problems = [], []
    for made in watch(ordered_map(make, entries, workers, prepare, (archive, rules_folder))):
        if made.text is None:
            problems.append(made.problem or "")
            continue
        (unfinished / made.entry.file).write_text(made.text, encoding="utf-8", newline="\n")
        rows.append(json.dumps(made.row, ensure_ascii=False) + "\n")
    (unfinished / MANIFEST).write_text("".join(rows), encoding="utf-8", newline="\n")
    lock = {"options": options, "rules_version": load_rules(rules_folder).version, "files": len(rows)}
    (unfinished / LOCK).write_text(json.dumps(lock, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    if out.exists():
        shutil.rmtree(out)
    unfinished.rename(out)
    return problems


def refuse_foreign(out: Path) -> None:
    """Raises PressmarkError unless `out` is missing, empty, or a corpus with nothing else in it."""
    if not out.exists():
        return
    if not out.is_dir():
        raise PressmarkError(f"{out} is no folder")
    held = {path.name for path in out.iterdir()}
    ours = {MANIFEST, LOCK}
    if MANIFEST in held:
        lines = (out / MANIFEST).read_text(encoding="utf-8").splitlines()
        ours |= {json.loads(line)["file"] for line in lines}
    if foreign := sorted(held - ours):
        raise PressmarkError(f"{out} holds files that are no corpus of ours, such as {foreign[0]}: choose another")

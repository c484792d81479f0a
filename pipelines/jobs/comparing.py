"""Compares a corpus with what the archive gives today, or with another corpus."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

from pipelines.catalogue.catalogue import Catalogue
from pipelines.jobs.corpus import Made, make, prepare
from pipelines.jobs.folder import Lock, digest_of_file, read_lock, read_manifest
from pipelines.jobs.order import Order
from pipelines.jobs.pool import ordered_map
from pipelines.rules import load_rules

_CAUSES = ("url", "canonical_url", "version", "style", "warc_file", "warc_offset", "rules_version", "extractor")
"""Columns of the manifest that tell why two files of one article differ."""


@frozen(kw_only=True)
class Difference:
    """One file that differs."""

    file: str
    what: str
    """`changed`, `added`, `removed`, `renamed` or `edited` (by hand, since the corpus was made)."""
    why: str


def check_corpus(
    corpus: Path,
    catalogue: Catalogue,
    archive: Path,
    rules_folder: Path,
    *,
    workers: int,
    watch: Callable[[Iterable[Made]], Iterable[Made]] = iter,
) -> Iterator[Difference]:
    """What a rebuild of the corpus with its own options would change, and why. Raises PressmarkError."""
    held_lock = read_lock(corpus)
    order = Order.from_options(held_lock.options)
    lock = Lock.now(load_rules(rules_folder).version, order.options)
    rows = _Rows(corpus)
    for row in rows.left():
        digest = digest_of_file(corpus / row["file"])
        if digest != row["sha256"]:
            what = "removed" if digest is None else "edited"
            yield Difference(file=row["file"], what=what, why="the file is not as the corpus was made")
    entries, _ = order.entries(catalogue)
    for made in watch(ordered_map(make, entries, workers, prepare, (archive, rules_folder))):
        held = rows.take(made.entry.id, made.entry.version, made.entry.style)
        yield from _checked(held, made, held_lock, lock)
    for row in rows.left():
        yield Difference(file=row["file"], what="removed", why=_why_gone(row, archive))


def _checked(held: dict[str, Any] | None, made: Made, held_lock: Lock, lock: Lock) -> Iterator[Difference]:
    entry = made.entry
    if held is None:
        if made.row is not None:
            yield Difference(file=entry.file, what="added", why=f"new to the choice: {made.row['url']}")
        return
    if made.row is None or made.text is None:
        yield Difference(file=held["file"], what="removed", why=made.problem or "")
    elif made.row["sha256"] != held["sha256"]:
        yield Difference(file=held["file"], what="changed", why=_why_changed(held, made.row, held_lock, lock))
    elif entry.file != held["file"]:
        yield Difference(file=held["file"], what="renamed", why=f"to {entry.file}: articles before it came or went")


def _why_changed(held: dict[str, Any], now: dict[str, Any], held_lock: Lock, lock: Lock) -> str:
    if held["version"] != now["version"]:
        return f"new version: {held['version']} then, {now['version']} now"
    if (held["warc_file"], held["warc_offset"]) != (now["warc_file"], now["warc_offset"]):
        return "another capture of this version"
    causes = []
    if held_lock.rules_version != lock.rules_version:
        causes.append(f"rules: {held_lock.rules_version} then, {lock.rules_version} now")
    if held_lock.software != lock.software:
        then, here = held_lock.software, lock.software
        changed = [name for name in sorted({*then, *here}) if then.get(name) != here.get(name)]
        causes += [f"extractor: {name} {then.get(name)} then, {here.get(name)} now" for name in changed]
    return "; ".join(causes) or "the code that makes it, though its version is the same"


def _why_gone(row: dict[str, Any], archive: Path) -> str:
    if not (archive / row["warc_file"]).exists():
        return f"missing capture: {row['warc_file']} is gone"
    return "the archive gives it no more for these options"


class _Rows:
    """The rows of a manifest by article, each given out once."""

    def __init__(self, corpus: Path) -> None:
        self._by_id: dict[str, list[dict[str, Any]]] = {}
        for row in read_manifest(corpus):
            self._by_id.setdefault(row["id"], []).append(row)

    def left(self) -> Iterator[dict[str, Any]]:
        """Those not given out."""
        return (row for rows in self._by_id.values() for row in rows)

    def take(self, identity: str, version: int, style: str) -> dict[str, Any] | None:
        """The row of this version, else the only one there is of the article."""
        rows = self._by_id.get(identity, [])
        same = [row for row in rows if (row["version"], row["style"]) == (version, style)]
        if not same and len(rows) != 1:
            return None
        found = (same or rows)[0]
        rows.remove(found)
        return found


def diff_corpora(one: Path, other: Path) -> Iterator[Difference]:
    """What the second corpus has otherwise than the first, article by article. Raises PressmarkError."""
    first = _Rows(one)
    for row in read_manifest(other):
        held = first.take(row["id"], row["version"], row["style"])
        if held is None:
            yield Difference(file=row["file"], what="added", why=row["url"])
        elif held["sha256"] != row["sha256"]:
            changed = [name for name in _CAUSES if held.get(name) != row.get(name)]
            said = ", ".join(f"{name} {held.get(name)} then {row.get(name)}" for name in changed)
            yield Difference(file=row["file"], what="changed", why=said or "the text alone")
        elif held["file"] != row["file"]:
            yield Difference(file=held["file"], what="renamed", why=f"to {row['file']}")
    for row in first.left():
        yield Difference(file=row["file"], what="removed", why=row["url"])

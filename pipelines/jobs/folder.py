"""A corpus as a folder: seed files, `manifest.jsonl`, `corpus.lock`; written beside its place and put there whole."""

import hashlib
import json
import platform
import shutil
import unicodedata
from collections.abc import Callable, Iterator, Set
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

from attrs import asdict, evolve, frozen

from pipelines.errors import PressmarkError
from pipelines.jobs.choosing import Entry

MANIFEST, LOCK = "manifest.jsonl", "corpus.lock"
SOFTWARE = ("pressmark", "trafilatura", "resiliparse", "selectolax", "lxml", "ruamel.yaml", "markdown-it-py")
"""What decides the bytes of a seed file, besides the archive, the rules and the options."""
_PLACE = ("index", "id", "style", "version", "warc_file", "warc_offset")
"""What tells of a manifest's row that it is an entry's."""


@frozen(kw_only=True)
class Lock:
    """What a corpus was made with: the same again gives the same bytes."""

    rules_version: str
    software: dict[str, str]
    options: dict[str, Any]
    warc: dict[str, str] | None = None
    """SHA-256 of each WARC file that it was made of; None until it is whole."""

    @classmethod
    def now(cls, rules_version: str, options: dict[str, Any]) -> Self:
        """A lock with the versions that run now."""
        software = {name: version(name) for name in SOFTWARE}
        software["python"] = ".".join(platform.python_version_tuple()[:2])
        software["unicode"] = unicodedata.unidata_version
        # As JSON gives it back, so that a lock read equals the one written.
        return cls(rules_version=rules_version, software=software, options=json.loads(json.dumps(options)))

    def write(self, folder: Path, **more: Any) -> None:
        """Writes `corpus.lock`."""
        content = json.dumps(asdict(self) | more, indent=2, sort_keys=True, ensure_ascii=False)
        (folder / LOCK).write_text(content + "\n", encoding="utf-8", newline="\n")


def read_lock(folder: Path) -> Lock:
    """The lock of a corpus. Raises PressmarkError where it has none that can be read."""
    try:
        held = json.loads((folder / LOCK).read_text(encoding="utf-8"))
        return Lock(**{key: held[key] for key in ("rules_version", "software", "options", "warc")})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PressmarkError(f"{folder} is no corpus: its {LOCK} cannot be read ({error})") from error


def read_manifest(folder: Path) -> Iterator[dict[str, Any]]:
    """The rows of a corpus' manifest, in order. Raises PressmarkError where it cannot be read."""
    try:
        with (folder / MANIFEST).open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                row = json.loads(line)
                if Path(row["file"]).is_absolute() or ".." in Path(row["file"]).parts:
                    raise ValueError(f"line {number}: {row['file']!r} is no file of the folder")
                yield row
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PressmarkError(f"{folder} is no corpus: its {MANIFEST} cannot be read ({error!r})") from error


def digest_of_file(path: Path) -> str | None:
    """The SHA-256 of a file in hex; None where there is no such file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


class Unfinished:
    """A corpus being made, in a folder of its own beside its place; what an interruption leaves is gone on with.

    A context manager: left without `finish`, it stays as it is for the next time.
    """

    def __init__(self, out: Path, lock: Lock) -> None:
        self.out = out
        self.lock = lock
        self.folder = out.with_name(f".{out.name}.unfinished")
        rows = list(self._whole())
        if not rows:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        lock.write(self.folder)
        kept = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (self.folder / MANIFEST).write_text(kept, encoding="utf-8", newline="\n")
        self._standing = {row["index"]: tuple(row[name] for name in _PLACE) for row in rows}
        """Index of each file that stands already, and what it was made of."""
        self._made: dict[int, str] = {}
        """Index and name of each file of the corpus."""
        self._warc: set[str] = set()
        self._manifest = (self.folder / MANIFEST).open("a", encoding="utf-8", newline="\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._manifest.close()

    def holds(self, entry: Entry) -> bool:
        """True where the entry's file stands already."""
        if self._standing.get(entry.index) != tuple(getattr(entry, name) for name in _PLACE):
            return False
        self._made[entry.index] = entry.file
        return True

    def add(self, row: dict[str, Any], text: str) -> None:
        """Writes a seed file, then its line of the manifest."""
        (self.folder / row["file"]).write_text(text, encoding="utf-8", newline="\n")
        self._manifest.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._manifest.flush()
        self._made[row["index"]] = row["file"]
        self._warc.add(row["warc_file"])

    def finish(self, archive: Path) -> int:
        """Puts the corpus in its place, whole; gives the number of its files."""
        self._manifest.close()
        if self._standing:
            self._settle()
        digests = {file: digest_of_file(archive / file) or "open" for file in sorted(self._warc)}
        evolve(self.lock, warc=digests).write(self.folder, files=len(self._made))
        refuse_foreign(self.out)
        if self.out.exists():
            shutil.rmtree(self.out)
        self.folder.rename(self.out)
        return len(self._made)

    def _settle(self) -> None:
        """After an interruption: what is of the corpus no more goes, and the manifest stands in order again."""
        rows = {row["index"]: row for row in read_manifest(self.folder) if row["file"] == self._made.get(row["index"])}
        lines = [json.dumps(rows[index], ensure_ascii=False) + "\n" for index in sorted(rows)]
        (self.folder / MANIFEST).write_text("".join(lines), encoding="utf-8", newline="\n")
        self._warc = {row["warc_file"] for row in rows.values()}
        for path in self.folder.iterdir():
            if path.name not in {MANIFEST, LOCK, *self._made.values()}:
                path.unlink()

    def _whole(self) -> Iterator[dict[str, Any]]:
        """The manifest's rows up to the first whose file does not stand as it says; none of another corpus."""
        if not _begun(self.folder, self.lock):
            return
        try:
            for row in read_manifest(self.folder):
                if digest_of_file(self.folder / row["file"]) != row["sha256"]:
                    return
                yield row
        except PressmarkError:
            # The last line was being written when it was interrupted: what stands before it is whole.
            return


def _begun(folder: Path, lock: Lock) -> bool:
    """True where the folder holds the beginning of the corpus of that lock."""
    try:
        return read_lock(folder) == lock
    except PressmarkError:
        return False


def refuse_foreign(out: Path, ours: Set[str] = frozenset({MANIFEST, LOCK})) -> None:
    """Raises PressmarkError unless `out` is missing, empty, or holds `ours` and what its manifest names alone."""
    if out.is_symlink():
        raise PressmarkError(f"{out} is a link: name the folder that it leads to")
    if not out.exists():
        return
    if not out.is_dir():
        raise PressmarkError(f"{out} is no folder")
    held = {path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir()}
    named = {row["file"] for row in read_manifest(out)} if MANIFEST in held else set()
    if foreign := sorted(held - ours - named):
        raise PressmarkError(f"{out} holds files that are not of our making, such as {foreign[0]}: choose another")


def refuse_foreign_file(out: Path, is_ours: Callable[[Path], bool]) -> None:
    """Raises PressmarkError where `out` is a file that `is_ours` does not know: it is not written over."""
    if out.is_file() and out.stat().st_size and not is_ours(out):
        raise PressmarkError(f"{out} holds something else, not of our making, and stays as it is: choose another name")

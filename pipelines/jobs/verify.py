"""Checks an archive: the structure of its WARC files, and that WARC, text files and catalogue say the same.

Takes an archive folder, gives findings; changes nothing.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from attrs import frozen
from sqlalchemy import and_, or_, select
from sqlalchemy.exc import DatabaseError

from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, open_engine
from pipelines.errors import BadArchive, PressmarkError
from pipelines.jobs.pool import ordered_map
from pipelines.warc.lock import lock_outlet
from pipelines.warc.reader import warc_files
from pipelines.warc.verify import FileCheck, Finding, check_file, check_references

Watch = Callable[[Iterable[FileCheck], int], Iterable[FileCheck]]

_REBUILD = "`scrapy rebuild` makes text and catalogue again from the WARC files"
_RESTORE = "restore the file from a copy; where there is none, `scrapy rebuild` forgets what it held"
_STRAY = "`scrapy rebuild` leaves it out; keep what you want of it elsewhere first"


@frozen(kw_only=True)
class Verified:
    """What a check saw, and every disagreement."""

    files: int
    """WARC files."""
    bytes: int
    records: int
    texts: int
    """Text files that the catalogue names."""
    busy: tuple[str, ...]
    """Outlets that a crawl writes to: their open file is not looked at."""
    findings: tuple[Finding, ...]


def verify_archive(archive: Path, catalogue_location: str, *, workers: int, watch: Watch) -> Verified:
    """Checks everything: structure, references, and the agreement of WARC, text and catalogue. Raises OSError."""
    busy = _busy_outlets(archive)
    written = (path for path in (archive / "warc").rglob("*.warc.gz.open") if _outlet(path, archive) not in busy)
    checks = _checked(archive, [*warc_files(archive), *sorted(written)], workers, watch)
    dangling = list(check_references(checks))
    findings = [*_of_files(checks), *dangling]
    unread = {finding.record_id for finding in dangling if finding.record_id}
    texts = 0
    try:
        catalogue = Catalogue(open_engine(catalogue_location))
        named = _named_texts(catalogue)
        texts = len(named)
        findings += _captures_agree(catalogue, archive, {check.file: check for check in checks}, unread)
        findings += _versions_agree(catalogue)
        findings += _texts_agree(archive, named, busy)
        catalogue.close()
    except (BadArchive, DatabaseError) as error:
        first = str(error).splitlines()[0]
        findings.append(_finding("catalogue", "bad-catalogue", f"the catalogue cannot be read: {first}", _REBUILD))
    return _verified(checks, findings, texts=texts, busy=busy)


def verify_files(
    archive: Path, files: list[Path], catalogue_location: str | None, *, workers: int, watch: Watch
) -> Verified:
    """Checks the structure of some WARC files, which need not lie in the archive.

    A revisit's original may lie in another file that the catalogue (None: there is none) knows.
    """
    checks = _checked(archive, files, workers, watch)
    dangling = list(check_references(checks))
    if dangling and catalogue_location is not None:
        catalogue = Catalogue(open_engine(catalogue_location))
        dangling = [finding for finding in dangling if not _known_original(catalogue, checks, finding)]
        catalogue.close()
    return _verified(checks, [*_of_files(checks), *dangling])


def _checked(archive: Path, files: list[Path], workers: int, watch: Watch) -> list[FileCheck]:
    done = ordered_map(partial(_check, archive), files, min(workers, len(files)), _nothing)
    return list(watch(done, len(files)))


def _check(archive: Path, path: Path) -> FileCheck:
    """The check of one file, named relative to the archive where it lies in it."""
    inside = path.is_relative_to(archive)
    return check_file(path, archive if inside else path.parent)


def _nothing() -> None:
    """Readies a process: it needs nothing."""


def _of_files(checks: Iterable[FileCheck]) -> Iterator[Finding]:
    return (finding for check in checks for finding in check.findings)


def _verified(
    checks: list[FileCheck], findings: list[Finding], *, texts: int = 0, busy: Iterable[str] = ()
) -> Verified:
    return Verified(
        files=len(checks),
        bytes=sum(check.size for check in checks),
        records=sum(check.records for check in checks),
        texts=texts,
        busy=tuple(sorted(busy)),
        findings=tuple(findings),
    )


def _captures_agree(
    catalogue: Catalogue, archive: Path, checks: dict[str, FileCheck], unread: set[str]
) -> Iterator[Finding]:
    """Captures of the WARC files against the catalogue's; `unread` are revisits that rebuild passes over as well."""
    c = t.captures.c
    statement = select(c.record_id, c.warc_file, c.warc_offset, c.payload_digest).order_by(c.warc_file, c.warc_offset)
    seen = set()
    for file, rows in groupby(catalogue.stream(statement), key=lambda row: str(row.warc_file)):
        seen.add(file)
        check = checks.get(file) or checks.get(file + ".open")
        if check is not None:
            yield from _file_agrees(check, rows, unread)
        elif not (archive / file).exists() and not (archive / (file + ".open")).exists():
            count = sum(1 for _ in rows)
            what = f"the catalogue names {count} captures of this WARC file, which is not there"
            yield _finding(file, "missing-warc", what, _RESTORE)
    for name, check in checks.items():
        if name.removesuffix(".open") not in seen:
            yield from _file_agrees(check, (), unread)


def _file_agrees(check: FileCheck, rows: Iterable[Any], unread: set[str]) -> Iterator[Finding]:
    left = dict(check.captures)
    for row in rows:
        lies = left.pop(row.record_id, None)
        if lies is None:
            what = "the catalogue names a capture here that the WARC file does not hold"
        elif lies != (row.warc_offset, row.payload_digest):
            what = f"the catalogue has this capture at byte {row.warc_offset} with {row.payload_digest}"
        else:
            continue
        kind = "capture-not-in-warc" if lies is None else "capture-differs"
        offset = row.warc_offset if lies is None else lies[0]
        yield _finding(check.file, kind, what, _REBUILD, offset, row.record_id)
    for record_id, (offset, _) in left.items():
        if record_id not in unread:
            what = "the catalogue does not name this capture"
            yield _finding(check.file, "capture-not-in-catalogue", what, _REBUILD, offset, record_id)


def _versions_agree(catalogue: Catalogue) -> Iterator[Finding]:
    """Versions whose capture the catalogue does not hold as they say, and kept URLs whose article it does not hold."""
    v, c = t.versions.c, t.captures.c
    same = and_(
        c.record_id == v.record_id, c.warc_file == v.warc_file, c.warc_offset == v.warc_offset,
        c.payload_digest == v.payload_digest,
    )  # fmt: skip
    without = select(v.id, v.version, v.text_file, v.record_id, v.warc_file, v.warc_offset).outerjoin(t.captures, same)
    for row in catalogue.stream(without.where(c.record_id.is_(None)).order_by(v.id, v.version)):
        what = f"version {row.version} of article {row.id} names a capture that is not there"
        yield _finding(row.warc_file, "version-without-capture", what, _REBUILD, row.warc_offset, row.record_id)
    covered, a = t.coverage.c, t.articles.c
    kept = select(covered.url, covered.article_id).outerjoin(t.articles, a.id == covered.article_id)
    lost = kept.where(covered.state == "kept", or_(covered.article_id.is_(None), a.id.is_(None)))
    for row in catalogue.stream(lost.order_by(covered.url)):
        what = f"{row.url} counts as kept, but there is no article {row.article_id}"
        yield _finding("catalogue", "kept-without-article", what, _REBUILD)


def _named_texts(catalogue: Catalogue) -> dict[str, tuple[str, str]]:
    """Digest and record id by text file, as the catalogue names them."""
    v = t.versions.c
    rows = catalogue.stream(select(v.text_file, v.text_sha256, v.record_id).order_by(v.text_file))
    return {row.text_file: (row.text_sha256, row.record_id) for row in rows}


def _texts_agree(archive: Path, named: dict[str, tuple[str, str]], busy: Iterable[str]) -> Iterator[Finding]:
    for file, (digest, record_id) in named.items():
        try:
            content = (archive / file).read_bytes()
        except FileNotFoundError:
            yield _finding(file, "missing-text", "the text file is not there", _REBUILD, record_id=record_id)
            continue
        if hashlib.sha256(content).hexdigest() != digest:
            what = "the text is not what the catalogue's digest says"
            yield _finding(file, "changed-text", what, _REBUILD, record_id=record_id)
    for path in sorted((archive / "text").rglob("*")):
        file = path.relative_to(archive).as_posix()
        if path.is_file() and file not in named and file.split("/")[1] not in busy:
            yield _finding(file, "stray-text", "the catalogue names no such text", _STRAY)


def _known_original(catalogue: Catalogue, checks: list[FileCheck], finding: Finding) -> bool:
    references = (reference for check in checks for reference in check.references)
    mine = next(each for each in references if each.record_id == finding.record_id)
    c = t.captures.c
    return catalogue.count(t.captures, c.record_id == mine.refers_to, c.payload_digest == mine.payload_digest) == 1


def _busy_outlets(archive: Path) -> set[str]:
    """The outlets with an open file that a crawl holds the lock of."""
    found = set()
    for outlet in {_outlet(path, archive) for path in (archive / "warc").rglob("*.warc.gz.open")}:
        try:
            lock_outlet(archive, outlet).release()
        except PressmarkError:
            found.add(outlet)
        except OSError:
            # An archive that cannot be written has no crawl.
            pass
    return found


def _outlet(path: Path, archive: Path) -> str:
    return path.relative_to(archive / "warc").parts[0]


def _finding(
    file: str, kind: str, what: str, advice: str, offset: int | None = None, record_id: str | None = None
) -> Finding:
    return Finding(file=file, offset=offset, record_id=record_id, kind=kind, what=what, advice=advice)

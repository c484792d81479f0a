"""Packs WARC files of the archive as a WACZ: index, list of pages, digests; one file that opens in a browser.

Source: Web Archive Collection Zipped, version 1.1.1; the compressed index is ZipNum's.
"""

import gzip
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import Any

from attrs import field, frozen
from sqlalchemy import Row, and_, select

from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue
from pipelines.errors import PressmarkError
from pipelines.jobs.cdxj import FileIndex, index_file
from pipelines.jobs.choosing import Choice, chosen_statement
from pipelines.jobs.folder import refuse_foreign_file
from pipelines.jobs.pool import ordered_map

_BLOCK_LINES = 3000
"""Lines of one block of the index, as ZipNum's tools cut them: what a reader fetches to find one URL."""
_READ = 2**20
_PACKAGE = "datapackage.json"
"""The list of its resources, which makes a ZIP file a WACZ."""
_SOFTWARE = "Pressmark/"
"""What the software's name in it begins with, where the WACZ was exported here."""


@frozen(kw_only=True)
class Wacz:
    """What was packed."""

    path: Path
    warc_files: int
    captures: int
    pages: int


def make_wacz(
    archive: Path,
    catalogue: Catalogue,
    out: Path,
    choice: Choice,
    *,
    created: datetime,
    software: str,
    title: str,
    workers: int,
    watch: Callable[[Iterable[Any], str], Iterable[Any]],
) -> Wacz:
    """Writes `out`: the WARC files of the outlets that the chosen versions were captured with, and a page a version.

    Whole files, so that what the pages need is there too. Raises PressmarkError where nothing is chosen, and where
    `out` is a file that is no WACZ of ours.
    """
    refuse_foreign_file(out, _is_wacz)
    pages = _pages(catalogue, choice)
    if not pages:
        raise PressmarkError("no article of the archive is chosen; see `scrapy outlets`")
    wanted = {_outlet(row.warc_file) for row in pages}
    indexes = _indexed(archive, wanted, workers, watch)
    lines = list(merge(*(index.lines for index in indexes.values())))
    out.parent.mkdir(parents=True, exist_ok=True)
    files = {Path(file).name: archive / file for file in indexes}
    zip_up(out, files, lines, pages, created=created, software=software, title=title, watch=watch)
    return Wacz(path=out, warc_files=len(indexes), captures=len(lines), pages=len(pages))


def _is_wacz(path: Path) -> bool:
    """True for a WACZ that was exported here."""
    try:
        with zipfile.ZipFile(path) as packed:
            package = packed.getinfo(_PACKAGE)
            # Ours is stored as it is; what is packed or encrypted is not even read.
            if package.compress_type != zipfile.ZIP_STORED or package.flag_bits & 1:
                return False
            told = json.loads(packed.read(package))
    except (zipfile.BadZipFile, KeyError, ValueError):
        return False
    return isinstance(told, dict) and str(told.get("software")).startswith(_SOFTWARE)


def zip_up(
    out: Path,
    files: Mapping[str, Path],
    lines: list[str],
    pages: list[Row[Any]],
    *,
    created: datetime,
    software: str,
    title: str,
    watch: Callable[[Iterable[Any], str], Iterable[Any]],
) -> None:
    """Writes WARC files, by their names in it, with the sorted lines of their index and a page a row."""
    unfinished = out.with_name(f".{out.name}.{os.getpid()}")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as packed:
        package = _Package(packed, created)
        for name, path in watch(files.items(), "packed"):
            with path.open("rb") as warc:
                package.add(f"archive/{name}", iter(partial(warc.read, _READ), b""), path.stat().st_size)
        blocks, idx = _zipnum(lines)
        package.add("indexes/index.cdx.gz", blocks, sum(map(len, blocks)))
        package.add("indexes/index.idx", [idx], len(idx))
        listed = b"".join(_page_lines(pages))
        package.add("pages/pages.jsonl", [listed], len(listed))
        package.close(title, software)
    unfinished.replace(out)


@frozen
class _Package:
    """A WACZ being written: every resource with its digest, then the package that lists them."""

    packed: zipfile.ZipFile
    created: datetime
    resources: list[dict[str, Any]] = field(factory=list, init=False)

    def add(self, path: str, content: Iterable[bytes], size: int) -> None:
        """Writes a resource, stored as it is: readers take parts out of the middle."""
        digest = hashlib.sha256()
        info = self._info(path)
        # Told beforehand, so that only what needs it gets ZIP64's longer header: wabac.js reads past no other.
        info.file_size = size
        with self.packed.open(info, "w") as out:
            for piece in content:
                out.write(piece)
                digest.update(piece)
        name = path.rpartition("/")[2].lower()
        self.resources.append({"name": name, "path": path, "hash": f"sha256:{digest.hexdigest()}", "bytes": size})

    def close(self, title: str, software: str) -> None:
        """Writes the list of the resources, and the digest of the list."""
        package = {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": title,
            "created": _second(self.created),
            "software": software,
            "resources": self.resources,
        }
        content = json.dumps(package, ensure_ascii=False, indent=2).encode()
        self.packed.writestr(self._info(_PACKAGE), content)
        named = {"path": _PACKAGE, "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
        self.packed.writestr(self._info("datapackage-digest.json"), json.dumps(named, indent=2))

    def _info(self, path: str) -> zipfile.ZipInfo:
        return zipfile.ZipInfo(path, self.created.astimezone(UTC).timetuple()[:6])


def _indexed(
    archive: Path, outlets: set[str], workers: int, watch: Callable[[Iterable[Any], str], Iterable[Any]]
) -> dict[str, FileIndex]:
    """The index of each WARC file of the outlets, and of those in which originals of their revisits lie."""
    found: dict[str, FileIndex] = {}
    wanted = {
        path.relative_to(archive).as_posix()
        for slug in outlets
        for path in (archive / "warc" / slug).rglob("*.warc.gz")
    }
    while wanted:
        files = sorted(wanted)
        done = ordered_map(partial(_index, archive), files, min(workers, len(files)), _nothing)
        found |= zip(files, watch(done, "indexed"), strict=True)
        wanted = {file for index in found.values() for file in index.refers_to if file not in found}
    return dict(sorted(found.items()))


def _index(archive: Path, file: str) -> FileIndex:
    return index_file(archive / file, archive, Path(file).name)


def _nothing() -> None:
    """Readies a process: it needs nothing."""


def _zipnum(lines: list[str]) -> tuple[list[bytes], bytes]:
    """The index in gzip blocks, and the list of the blocks by their first line."""
    blocks: list[bytes] = []
    offset = 0
    listed = ['!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n']
    remaining = iter(lines)
    while chunk := list(islice(remaining, _BLOCK_LINES)):
        block = gzip.compress("".join(f"{line}\n" for line in chunk).encode(), mtime=0)
        place = {"offset": offset, "length": len(block), "digest": f"sha256:{hashlib.sha256(block).hexdigest()}"}
        first = " ".join(chunk[0].split(" ", 2)[:2])
        listed.append(f"{first} {json.dumps(place | {'filename': 'index.cdx.gz'})}\n")
        blocks.append(block)
        offset += len(block)
    return blocks, "".join(listed).encode()


def _pages(catalogue: Catalogue, choice: Choice) -> list[Row[Any]]:
    chosen, v = chosen_statement(catalogue, choice).subquery(), t.versions.c
    same = and_(v.id == chosen.c.id, v.version == chosen.c.version)
    statement = select(v.id, v.version, v.url, v.headline, v.captured_at, v.warc_file).join(chosen, same)
    return catalogue.rows(statement.order_by(v.captured_at, v.id))


def _page_lines(pages: list[Row[Any]]) -> Iterator[bytes]:
    yield b'{"format": "json-pages-1.0", "id": "pages", "title": "Articles"}\n'
    for row in pages:
        moment = _second(datetime.fromisoformat(row.captured_at))
        page = {"id": f"{row.id}.{row.version}", "url": row.url, "ts": moment, "title": row.headline or row.url}
        yield json.dumps(page, ensure_ascii=False).encode() + b"\n"


def _second(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _outlet(warc_file: str) -> str:
    return warc_file.split("/")[1]

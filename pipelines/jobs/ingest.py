"""Takes WARC and ARC files of others into the archive: copies what they captured, then reads it as a crawl would.

Copied rather than read where they lie: the archive stays whole when they go, and one form is checked, read and
replayed. Every copy names the file, the place and the record it came from; the answer's bytes are as they stood there.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from attrs import frozen

from pipelines.article import Article
from pipelines.capture import Held
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, instant, open_engine
from pipelines.errors import BadArchive
from pipelines.jobs.keep import Keeper, Reading, named_url
from pipelines.jobs.originals import Originals
from pipelines.jobs.pool import ordered_map
from pipelines.jobs.rebuild import INGESTED, SourceReader, keep, prepare, rebuild, work_out
from pipelines.rules import RuleBook, load_rules
from pipelines.warc import http
from pipelines.warc.adopting import Answer, adopt, answers, captured_at, digest_fails, is_of_the_web, role_of
from pipelines.warc.building import safe_uri
from pipelines.warc.digests import digest_of
from pipelines.warc.foreign import Foreign, Refused, read_foreign
from pipelines.warc.lock import lock_outlet
from pipelines.warc.reader import read_capture, warc_files
from pipelines.warc.recovery import recover
from pipelines.warc.writer import WarcWriter

UNFINISHED = ".unfinished"
"""A file that stands beside the copies until what they hold is in the catalogue."""


@frozen(kw_only=True)
class Ingested:
    """What became of the files."""

    copied: int
    held: int
    """Answers that the archive held already: same URL, instant and payload."""
    passed_over: dict[str, int]
    """Records that are no answer of the web, by their type."""
    refused: tuple[Refused, ...]
    """What could not be read or taken in, and copies whose source's digest does not hold."""
    articles: int
    """New versions of articles."""
    rebuilt: bool
    """Whether something older than what the archive held made it necessary to make text and catalogue again."""


@frozen(kw_only=True)
class _Copy:
    """Where a copy lies, in the order in which copies are read."""

    at: datetime
    warc_file: str
    offset: int


def ingest(
    archive: Path,
    catalogue_location: str,
    rules_folder: Path,
    read_source: SourceReader,
    files: Iterable[Path],
    *,
    clock: Callable[[], datetime],
    software: str,
    workers: int,
    watch: Callable[[Iterable[Any], str], Iterable[Any]],
) -> Ingested:
    """Copies the files' answers into the archive and reads the articles among them.

    Raises PressmarkError where another ingest is at work, OSError where the archive cannot be written.
    """
    lock = lock_outlet(archive, INGESTED)
    try:
        unfinished = archive / "warc" / INGESTED / UNFINISHED
        must_rebuild = bool(recover(archive, INGESTED)) or unfinished.exists()
        catalogue = Catalogue(open_engine(catalogue_location))
        if warc_files(archive) and not catalogue.count(t.captures):
            raise BadArchive(f"the catalogue of {archive} is empty and its WARC files are not: run `scrapy rebuild`")
        unfinished.touch()
        writer = WarcWriter(archive, INGESTED, clock=clock, warcinfo={"software": software, "format": "WARC/1.1"})
        copier = _Copier(archive, writer, catalogue, load_rules(rules_folder))
        try:
            for path in files:
                for _ in watch(copier.copy(path), f"{path.name}: records"):
                    pass
            copier.copy_late()
        finally:
            writer.close()
        copies = sorted(copier.copies, key=lambda each: (each.at, each.warc_file, each.offset))
        keeper = Keeper(archive / "text", catalogue)
        captures = (read_capture(archive, each.warc_file, each.offset) for each in copies)
        worked = ordered_map(work_out, ((INGESTED, c) for c in captures), workers, prepare, (rules_folder, read_source))
        must_rebuild = must_rebuild or not _kept_in_order(keeper, watch(worked, "read"))
        if must_rebuild:
            catalogue.close()
            catalogue = rebuild(
                archive, catalogue_location, rules_folder, read_source, workers=workers,
                watch=lambda items: watch(items, "rebuilt"),
            )  # fmt: skip
        unfinished.unlink()
        articles = catalogue.count(t.versions, t.versions.c.warc_file.in_({each.warc_file for each in copies}))
        catalogue.close()
    finally:
        lock.release()
    return Ingested(
        copied=len(copies),
        held=copier.held,
        passed_over=dict(sorted(copier.passed_over.items())),
        refused=tuple(copier.refused),
        articles=articles,
        rebuilt=must_rebuild,
    )


def _kept_in_order(keeper: Keeper, worked: Iterable[tuple[str, Any]]) -> bool:
    """Stores what was read; False, and no more is stored, once something newer of an article is held already."""
    for outlet, result in worked:
        if isinstance(result, Reading) and _is_late(keeper.catalogue, result):
            return False
        keep(keeper, outlet, result)
    return True


def _is_late(catalogue: Catalogue, reading: Reading) -> bool:
    """Whether the archive holds a later state of what a reading shows: versions count by the instant of capture."""
    at, url = instant(reading.capture.captured_at), named_url(reading.capture.url, reading.capture.lead)
    w, v = t.watch.c, t.versions.c
    if catalogue.count(t.watch, w.outlet == INGESTED, w.url == url, w.at > at):
        return True
    known = reading.result
    return isinstance(known, Article) and bool(catalogue.count(t.versions, v.id == known.id, v.captured_at > at))


class _Copier:
    """Copies answers one after another; knows what it copied in this run, and through the catalogue what was before."""

    def __init__(self, archive: Path, writer: WarcWriter, catalogue: Catalogue, rules: RuleBook) -> None:
        self.copies: list[_Copy] = []
        self.refused: list[Refused] = []
        self.passed_over: Counter[str] = Counter()
        self.held = 0
        self._archive = archive
        self._writer = writer
        self._catalogue = catalogue
        self._rules = rules
        self._originals = Originals(archive, catalogue)
        self._seen: set[tuple[str, datetime, str]] = set()
        self._late: list[tuple[Answer, datetime]] = []
        """Revisits whose original has not come yet."""

    def copy(self, path: Path) -> Iterator[None]:
        """Copies the answers of a file; gives way after every record. Raises OSError."""
        for found in answers(read_foreign(path)):
            match found:
                case Refused():
                    self.refused.append(found)
                case Foreign():
                    self.passed_over[found.type or "unknown"] += 1
                case Answer() if not is_of_the_web(found.response):
                    self.passed_over[found.response.url.partition(":")[0] or "unknown"] += 1
                case Answer():
                    self._take(found)
            yield

    def copy_late(self) -> None:
        """Copies the revisits whose original came after them, and refuses those whose original never did."""
        late, self._late = self._late, []
        for answer, at in late:
            self._revisit(answer, at)
        for answer, _ in self._late:
            self._refuse(answer.response, "revisit-without-original", "neither these files nor the archive hold it")

    def _take(self, answer: Answer) -> None:
        response = answer.response
        at = captured_at(response)
        if at is None:
            self._refuse(response, "missing-field", f"WARC-Date is {response.header('WARC-Date')!r}")
            return
        if digest_fails(response):
            self._refuse(response, "block-digest", "copied, but the block is not what its WARC-Block-Digest says")
        if response.type == "revisit":
            self._revisit(answer, at)
        elif not response.block.startswith(b"HTTP/"):
            self._refuse(response, "not-http", "a response that does not begin with HTTP/")
        else:
            self._write(answer, response.block, at, None)

    def _revisit(self, answer: Answer, at: datetime) -> None:
        """Copies a revisit as one of its original's copy; puts it off where there is none yet."""
        held = self._originals.find(answer.response)
        if held is None:
            self._late.append((answer, at))
            return
        # WARC 1.1 §6.7.2: a revisit may leave out the head that its original has.
        head = http.split_head(answer.response.block)[0] or self._originals.head(held)
        self._write(answer, head, at, held)

    def _write(self, answer: Answer, block: bytes, at: datetime, held: Held | None) -> None:
        status, headers, payload = http.parse_response(block)
        url = safe_uri(answer.response.url)
        digest = held.ref.payload_digest if held else digest_of(payload)
        key = (url, at, digest)
        if key in self._seen or self._is_held(*key):
            self.held += 1
        else:
            self._seen.add(key)
            role = role_of(status, headers, urlsplit(url).path, self._may_be_article(url))
            capture = self._writer.write(adopt(answer, block, at, role, held))
            self._originals.add(capture)
            self.copies.append(_Copy(at=at, warc_file=capture.ref.warc_file, offset=capture.ref.warc_offset))
        self._originals.learn(answer.response, digest)

    def _is_held(self, url: str, at: datetime, digest: str) -> bool:
        c = t.captures.c
        same = (c.url == url, c.captured_at == instant(at), c.payload_digest == digest)
        return self._catalogue.count(t.captures, *same) > 0

    def _may_be_article(self, url: str) -> bool:
        """By the rule of its outlet; of an unknown one every page but the first may be."""
        outlet = self._rules.outlet_for(url)
        if outlet is None or outlet.article_url is None:
            return urlsplit(url).path not in ("", "/")
        return outlet.article_url.match(url) is not None

    def _refuse(self, response: Foreign, kind: str, what: str) -> None:
        place, record_id = response.place, response.record_id
        self.refused.append(Refused(file=response.file, place=place, record_id=record_id, kind=kind, what=what))

"""Takes WARC and ARC files of others into the archive: copies what they captured, then reads it as a crawl would.

Copied rather than read where they lie: the archive stays whole when they go, and one form is checked, read and
replayed. Every copy names the file, the place and the record it came from; the answer's bytes are as they stood there.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
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


@frozen(kw_only=True, order=True)
class _Copy:
    """Where a copy lies; their order is that in which they are read."""

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

    def made_again() -> Catalogue:
        return rebuild(
            archive, catalogue_location, rules_folder, read_source, workers=workers,
            watch=lambda items: watch(items, "rebuilt"),
        )  # fmt: skip

    def read_again(copies: list[_Copy]) -> Iterator[tuple[str, Any]]:
        captures = ((INGESTED, read_capture(archive, each.warc_file, each.offset)) for each in sorted(copies))
        return ordered_map(work_out, captures, workers, prepare, (rules_folder, read_source))

    with ExitStack() as held:
        held.callback(lock_outlet(archive, INGESTED).release)
        unfinished = archive / "warc" / INGESTED / UNFINISHED
        # What a killed ingest copied must be known before anything is copied again.
        rebuilt = bool(recover(archive, INGESTED)) or unfinished.exists()
        catalogue = made_again() if rebuilt else _opened(archive, catalogue_location)
        unfinished.touch()
        writer = WarcWriter(archive, INGESTED, clock=clock, warcinfo={"software": software, "format": "WARC/1.1"})
        copier = _Copier(archive, writer, catalogue, load_rules(rules_folder))
        try:
            copier.copy(files, watch)
        finally:
            writer.close()
        keeper = Keeper(archive / "text", catalogue)
        if not _kept_in_order(keeper, watch(read_again(copier.copies), "read")):
            catalogue.close()
            catalogue, rebuilt = made_again(), True
        unfinished.unlink()
        own = t.versions.c.warc_file.in_({each.warc_file for each in copier.copies})
        articles = catalogue.count(t.versions, own)
        catalogue.close()
    return Ingested(
        copied=len(copier.copies),
        held=copier.held,
        passed_over=dict(sorted(copier.passed_over.items())),
        refused=tuple(copier.refused),
        articles=articles,
        rebuilt=rebuilt,
    )


def _opened(archive: Path, catalogue_location: str) -> Catalogue:
    """The catalogue; raises BadArchive where it does not know what the archive holds."""
    catalogue = Catalogue(open_engine(catalogue_location))
    if warc_files(archive) and not catalogue.count(t.captures):
        catalogue.close()
        raise BadArchive(f"the catalogue of {archive} is empty and its WARC files are not: run `scrapy rebuild`")
    return catalogue


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

    def copy(self, files: Iterable[Path], watch: Callable[[Iterable[Any], str], Iterable[Any]]) -> None:
        """Copies the answers of files, then the revisits whose original came after them. Raises OSError."""
        for path in files:
            for found in watch(answers(read_foreign(path)), f"{path.name}: records"):
                self._meet(found)
        late, self._late = self._late, []
        for answer, at in late:
            self._revisit(answer, at)
        for answer, _ in self._late:
            self._refuse(answer.response, "revisit-without-original", "neither these files nor the archive hold it")

    def _meet(self, found: Answer | Foreign | Refused) -> None:
        match found:
            case Refused():
                self.refused.append(found)
            case Foreign():
                self.passed_over[found.type or "unknown"] += 1
            case Answer() if not is_of_the_web(found.response):
                self.passed_over[found.response.url.partition(":")[0] or "unknown"] += 1
            case Answer():
                self._take(found)

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
        told = http.parse_response(block)
        url = safe_uri(answer.response.url)
        digest = held.ref.payload_digest if held else digest_of(told.payload)
        key = (url, at, digest)
        if key in self._seen or self._is_held(*key):
            self.held += 1
        else:
            self._seen.add(key)
            role = role_of(told.status, told.headers, urlsplit(url).path, self._may_be_article(url))
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

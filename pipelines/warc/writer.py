"""Takes exchanges and notes, gives captures: writes WARC files, one gzip member a record, one writer a file."""

import os
import re
import socket
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from io import FileIO
from pathlib import Path

from pipelines.capture import Capture, CaptureRef, Exchange, Held, Note, confirmed
from pipelines.warc import http
from pipelines.warc.building import Built, RecordBuilder, safe_uri
from pipelines.warc.digests import EMPTY, digest_of
from pipelines.warc.reader import opened, read_capture, warc_files
from pipelines.warc.records import gzip_pieces, warc_date

GIB = 2**30
DAY_S = 24 * 3600.0
_LEVEL = 3
"""Of gzip, for blocks that came uncompressed: within a tenth of level 6's size at half its time."""
_PIECES_AT_ONCE = 1_000
"""Of all records of an exchange; POSIX systems take 1,024."""
_IDS_AT_ONCE = 64
"""Record ids are made ahead: between pages, whose work fills the caches, each would take several times as long."""
_REMEMBERED = 100_000
"""Payload digests of this run: about 50 MB, and more pages than a day of any outlet has."""


def _new_ids() -> Iterator[str]:
    while True:
        yield from [f"<urn:uuid:{uuid.uuid4()}>" for _ in range(_IDS_AT_ONCE)]


def _holds_nothing(_digest: str) -> Held | None:
    return None


class WarcWriter:
    """The one writer of an outlet's WARC files in an archive.

    Files open at the first record, bear `.open` while written, and turn over by size and age. After a failed write
    or sync nothing more is taken: every call raises OSError.
    """

    def __init__(
        self,
        archive: Path,
        outlet: str,
        *,
        clock: Callable[[], datetime],
        warcinfo: Mapping[str, str],
        find_held: Callable[[str], Held | None] = _holds_nothing,
        rotate_bytes: int = GIB,
        rotate_age_s: float = DAY_S,
        new_id: Callable[[], str] | None = None,
    ) -> None:
        self.find_held = find_held
        """Earlier captures by payload digest; may be set later, when the catalogue stands."""
        self._archive = archive
        self._outlet = outlet
        self._clock = clock
        self._info = warcinfo
        self._rotate_bytes = rotate_bytes
        self._rotate_age_s = rotate_age_s
        self._builder = RecordBuilder(new_id or _new_ids().__next__)
        # Plain tuples of a capture's URL and instant, and of where it lies: the garbage collector passes over them.
        self._held: dict[str, tuple[str, datetime, str, int, str]] = {}
        self._file: FileIO | None = None
        self._name = ""
        self._opened_at = clock()
        self._offset = self._unsure = 0
        self._serial = 0
        self._failure: OSError | None = None
        self._doubtful = False

    def write(self, exchange: Exchange) -> Capture:
        """Writes the exchange's records together and says how the archive holds it; raises OSError."""
        answer = http.parse_response(exchange.response)
        digest = digest_of(answer.payload)
        held = self._original(exchange, answer.status, digest)
        if held is not None:
            digest = held.ref.payload_digest
        name = self._ready()
        offset, record_id = self._append(self._builder.exchange(exchange, answer, digest, held))
        ref = CaptureRef(warc_file=name, warc_offset=offset, record_id=record_id, payload_digest=digest)
        url = safe_uri(exchange.url)
        if held is None and exchange.ended == "complete" and digest != EMPTY:
            self._remember(digest, (url, exchange.started_at, name, offset, record_id))
        capture = Capture(
            ref=ref,
            outlet=self._outlet,
            role=exchange.role,
            url=url,
            captured_at=exchange.started_at,
            status=answer.status,
            headers=answer.headers,
            payload=answer.payload,
            ended=exchange.ended,
            revisit=held is not None,
            lead=exchange.lead,
        )
        if held is not None and answer.status == 304:
            return confirmed(capture, read_capture(self._archive, held.ref.warc_file, held.ref.warc_offset))
        return capture

    def note(self, note: Note, request: bytes | None = None) -> None:
        """Writes what left no exchange, with the request where one was sent; raises OSError."""
        self._ready()
        self._append(self._builder.note(note, request))

    def convert(self, capture: Capture, content: bytes, content_type: str = "text/plain; charset=utf-8") -> None:
        """Writes a text made of a capture as a conversion record; raises OSError."""
        self._ready()
        date = warc_date(self._clock())
        self._append((self._builder.conversion(date, capture.url, capture.ref.record_id, content_type, content),))

    def sync(self) -> None:
        """Returns when every record written before lies on disk; raises OSError."""
        self.sync_later()()

    def sync_later(self) -> Callable[[], None]:
        """What syncs all that is written by now; may be called in another thread."""
        self._check()
        if self._file is None:
            return lambda: None
        descriptor = os.dup(self._file.fileno())

        def sync() -> None:
            try:
                os.fsync(descriptor)
            except OSError as error:
                self._failure = error
                self._doubtful = True
                raise
            finally:
                os.close(descriptor)

        return sync

    def close(self) -> None:
        """Syncs the file, and gives it its closed name; raises OSError, and then leaves the `.open` to recovery."""
        if self._file is None:
            return
        file, self._file = self._file, None
        path = self._archive / (self._name + ".open")
        with file:
            if self._failure and self._doubtful:
                # After a failed sync the system may have dropped what it says it holds.
                raise self._failure
            if self._failure:
                file.truncate(self._offset)
            os.fsync(file.fileno())
        if self._offset:
            path.rename(path.with_suffix(""))
        else:
            path.unlink()
        sync_folder(path.parent)

    def _original(self, exchange: Exchange, status: int, digest: str) -> Held | None:
        """The capture that a revisit record would refer to."""
        if exchange.ended != "complete":
            return None
        if status == 304 or exchange.repeats is not None:
            return exchange.repeats or exchange.revalidates
        if digest == EMPTY:
            return None
        if digest not in self._held:
            return self.find_held(digest)
        url, captured_at, name, offset, record_id = self._held[digest]
        ref = CaptureRef(warc_file=name, warc_offset=offset, record_id=record_id, payload_digest=digest)
        return Held(url=url, captured_at=captured_at, ref=ref)

    def _remember(self, digest: str, held: tuple[str, datetime, str, int, str]) -> None:
        if len(self._held) >= _REMEMBERED:
            del self._held[next(iter(self._held))]
        self._held[digest] = held

    def _ready(self) -> str:
        """The file to write to, opened or turned over as need be."""
        self._check()
        now = self._clock()
        aged = (now - self._opened_at).total_seconds() >= self._rotate_age_s
        if self._file and (aged or self._offset >= self._rotate_bytes):
            self.close()
        if self._file is None:
            self._open(now)
        return self._name

    def _open(self, now: datetime) -> None:
        stamp = self._stamp(now)
        folder = f"warc/{self._outlet}/{stamp[:4]}/{stamp[4:6]}"
        (self._archive / folder).mkdir(parents=True, exist_ok=True)
        host = re.sub(r"[^A-Za-z0-9.]+", "-", socket.gethostname()) or "localhost"
        while True:
            filename = f"pressmark-{self._outlet}-{stamp}-{self._serial:05}-{host}.warc.gz"
            self._serial += 1
            path = self._archive / folder / filename
            if not path.exists() and not path.with_name(filename + ".open").exists():
                break
        self._file = FileIO(path.with_name(filename + ".open"), "x")
        sync_folder(path.parent)
        self._name, self._opened_at, self._offset = f"{folder}/{filename}", now, 0
        self._append((self._builder.warcinfo(filename, warc_date(now), self._info.items()),))

    def _stamp(self, now: datetime) -> str:
        """The instant in a file's name: that of the newest file, where the clock was set back behind it.

        Files are read in the order of their names, and versions count in the order in which they were written.
        """
        stamp = f"{now:%Y%m%d%H%M%S}"
        files = warc_files(self._archive, [self._outlet])
        newest, serial = opened(files[-1]) if files else ("", 0)
        if newest <= stamp:
            return stamp
        self._serial = max(self._serial, serial + 1)
        return newest

    def _append(self, records: tuple[Built, ...]) -> tuple[int, str]:
        """Writes the records as members one after another; offset and id of the first."""
        first = self._offset
        # Counted up when all are written: what a failed write left is cut off behind it.
        self._unsure = first
        pieces = [piece for built in records for piece in gzip_pieces(built.content, 0 if built.stored else _LEVEL)]
        for start in range(0, len(pieces), _PIECES_AT_ONCE):
            self._put(pieces[start : start + _PIECES_AT_ONCE])
        self._offset = self._unsure
        return first, records[0].record_id

    def _put(self, pieces: list[bytes | memoryview]) -> None:
        assert self._file is not None
        size = sum(map(len, pieces))
        try:
            written = os.writev(self._file.fileno(), pieces)
            while written < size:
                written += os.writev(self._file.fileno(), [b"".join(pieces)[written:]])
        except OSError as error:
            self._failure = error
            raise
        self._unsure += size

    def _check(self) -> None:
        if self._failure:
            raise self._failure


def sync_folder(folder: Path) -> None:
    """Makes a new or changed name in the folder last through a crash."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

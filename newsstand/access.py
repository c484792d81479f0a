"""The access log: one entry a request, so that a test can prove what was asked, when, and never twice at once."""

import json
import threading
from datetime import datetime
from pathlib import Path

from attrs import asdict, frozen


@frozen(kw_only=True)
class Access:
    """One request as the newsstand saw it."""

    started_at: datetime
    """When its first line had been read, by this machine's clock, UTC."""
    ended_at: datetime
    """Just before the answer's last bytes went out: a client cannot have asked again before."""
    started_s: float
    """The same two on the monotonic clock, in seconds."""
    ended_s: float
    world_at: datetime
    """The instant in the world that was served."""
    host: str
    method: str
    url: str
    status: int
    bytes: int
    """Of the whole answer on the wire, headers included."""


class AccessLog:
    """Entries in the order their answers ended, in memory and, where a file is named, as JSON lines."""

    def __init__(self, path: Path | None = None) -> None:
        self._entries: list[Access] = []
        self._adding = threading.Lock()
        self._file = path.open("a", encoding="utf-8") if path else None

    @property
    def entries(self) -> tuple[Access, ...]:
        """All entries so far."""
        with self._adding:
            return tuple(self._entries)

    def add(self, entry: Access) -> None:
        """Adds one entry; the file has it at once."""
        with self._adding:
            self._entries.append(entry)
            if self._file:
                self._file.write(json.dumps(asdict(entry), default=datetime.isoformat) + "\n")
                self._file.flush()

    def close(self) -> None:
        """Closes the file."""
        if self._file:
            self._file.close()
            self._file = None


def overlaps(entries: tuple[Access, ...]) -> tuple[tuple[Access, Access], ...]:
    """Pairs of requests that one host saw at once; empty where the crawler minds its manners."""
    found = []
    last: dict[str, Access] = {}
    for entry in sorted(entries, key=lambda each: each.started_s):
        before = last.get(entry.host)
        if before and entry.started_s < before.ended_s:
            found.append((before, entry))
        if not before or entry.ended_s > before.ended_s:
            last[entry.host] = entry
    return tuple(found)

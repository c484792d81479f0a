"""One attempt: what went over a connection for one request, and what came back, to the byte."""

from datetime import datetime
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

from pipelines.warc.http import without_interim, without_proxy_authorization

_SPILL = 2**20
"""Bytes of an answer kept in memory; a longer one goes to disk."""
_MOST_PARTS = 1_000
"""Of an answer kept in memory: one that trickles in would take up many times its size."""


class Attempt:
    """One request on one connection, and what came back."""

    def __init__(self, started_at: datetime) -> None:
        self.started_at = started_at
        self.request = bytearray()
        self.received = 0
        """Bytes of the answer."""
        self.finished = False
        """True where the answer came to its own end."""
        self.over_limit = False
        """True where the head grew over HEAD_LIMIT."""
        self.lost: Any = None
        """The Failure the connection went with, where it did before the answer's end."""
        self.ip_address: str | None = None
        self.tls_version: str | None = None
        self.cipher: str | None = None
        # As it came, since most answers come in few pieces, and copies of a page cost as much as its digest.
        self._parts: list[bytes] = []
        self._spilled: BinaryIO | None = None
        self._closed = False

    def receive(self, data: bytes) -> None:
        """Takes what came; what comes after the attempt was written belongs to nothing."""
        if self._closed:
            return
        self.received += len(data)
        self._parts.append(data)
        if self._spilled or self.received > _SPILL or len(self._parts) > _MOST_PARTS:
            self._spilled = self._spilled or cast(BinaryIO, TemporaryFile())  # noqa: SIM115
            self._spilled.writelines(self._parts)
            self._parts.clear()

    @property
    def request_sent(self) -> bytes:
        """What was asked, without what was for the proxy alone."""
        return without_proxy_authorization(bytes(self.request))

    def final_response(self) -> bytes:
        """The answer, without 1xx answers before it."""
        if self._spilled:
            self._spilled.seek(0)
            return without_interim(self._spilled.read())
        return without_interim(b"".join(self._parts)[: self.received])

    def finish(self, rest: bytes) -> None:
        """Ends the answer; `rest` came in the same read, and belongs to no answer."""
        if not self._closed:
            self.finished = True
            self.received -= len(rest)
            if rest and self._spilled:
                self._spilled.truncate(self.received)

    def close(self) -> None:
        """Lets go of the answer, once it is written."""
        self._closed = True
        self._parts.clear()
        if self._spilled:
            self._spilled.close()

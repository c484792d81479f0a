"""Finds the copies of what the revisits of others refer to: in the files at hand, and in the archive."""

from datetime import UTC
from pathlib import Path

from sqlalchemy import select

from pipelines.capture import Capture, Held
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, instant
from pipelines.catalogue.record import find_held
from pipelines.warc import http
from pipelines.warc.adopting import instant_of
from pipelines.warc.building import safe_uri
from pipelines.warc.digests import digest_holds
from pipelines.warc.foreign import Foreign
from pipelines.warc.reader import read_capture
from pipelines.warc.records import read_records

_LOOKED_AT = 20
"""Captures of one URL whose payload is compared with a digest of another kind than ours."""


class Originals:
    """The captures that hold payloads themselves, as the records of others name them."""

    def __init__(self, archive: Path, catalogue: Catalogue) -> None:
        self._archive = archive
        self._catalogue = catalogue
        self._named: dict[str, Held] = {}
        """Of this run: by the source's record id, by URL and date, by the source's digest, and by our digest."""

    def add(self, capture: Capture) -> None:
        """Remembers a copy by its payload."""
        if not capture.revisit and capture.ended == "complete":
            held = Held(url=capture.url, captured_at=capture.captured_at, ref=capture.ref)
            self._named[f"ours {capture.ref.payload_digest}"] = held

    def learn(self, response: Foreign, digest: str) -> None:
        """Remembers under which names others may refer to the copy with that payload digest."""
        held = self._named.get(f"ours {digest}") or find_held(self._catalogue, digest)
        if held is None:
            return
        self._named[f"at {_moment(response.url, response.header('WARC-Date'))}"] = held
        if response.record_id:
            self._named[f"id {response.record_id}"] = held
        theirs = response.header("WARC-Payload-Digest")
        if response.type == "response" and theirs:
            self._named[f"theirs {theirs}"] = held

    def find(self, revisit: Foreign) -> Held | None:
        """The copy of a revisit's original, by id, by URL and date, else by a digest that holds."""
        url, date = revisit.header("WARC-Refers-To-Target-URI"), revisit.header("WARC-Refers-To-Date")
        digest = revisit.header("WARC-Payload-Digest")
        return (
            self._named.get(f"id {revisit.header('WARC-Refers-To')}")
            or (self._named.get(f"at {_moment(url, date)}") or self._held_at(url, date) if url and date else None)
            or (self._named.get(f"theirs {digest}") or self._of_url(url or revisit.url, digest) if digest else None)
        )

    def head(self, held: Held) -> bytes:
        """The head of the answer that was held."""
        path = self._archive / held.ref.warc_file
        with (path if path.exists() else path.with_name(path.name + ".open")).open("rb") as stream:
            return http.split_head(next(read_records(stream, held.ref.warc_offset)).block)[0]

    def _held_at(self, url: str, date: str) -> Held | None:
        at = instant_of(date)
        c = t.captures.c
        same = select(c.payload_digest).where(c.url == safe_uri(url), c.captured_at == instant(at))
        found = self._catalogue.scalar(same.limit(1)) if at else None
        return find_held(self._catalogue, found) if found else None

    def _of_url(self, url: str, digest: str) -> Held | None:
        """A capture of that URL whose payload the digest is of; the digest may be of any known kind."""
        c = t.captures.c
        held = select(t.captures).where(c.url == safe_uri(url), ~c.revisit, c.ended == "complete")
        for row in self._catalogue.rows(held.order_by(c.captured_at.desc()).limit(_LOOKED_AT)):
            capture = read_capture(self._archive, row.warc_file, row.warc_offset)
            if digest_holds(digest, capture.payload):
                return Held(url=capture.url, captured_at=capture.captured_at, ref=capture.ref)
        return None


def _moment(url: str | None, date: str | None) -> str:
    at = instant_of(date)
    return f"{url} {at.astimezone(UTC).isoformat() if at else date}"

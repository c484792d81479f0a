"""Exchanges and notes as WARC records, header by header; knows no file.

warcio writes the WARC headers. The HTTP block stands as it came: warcio would rewrite its white space, folds and
non-ASCII bytes, and take chunk framing into the payload digest.
"""

from collections.abc import Callable, Iterable

from attrs import field, frozen
from warcio.statusandheaders import StatusAndHeaders

from pipelines.capture import Exchange, Held, Note
from pipelines.warc import fields, http
from pipelines.warc.digests import digest_of
from pipelines.warc.records import warc_date

_IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


@frozen(kw_only=True)
class Built:
    """One record, ready to be put into a gzip member."""

    record_id: str
    stored: bool
    """True where packing gains nothing, or less than it costs."""
    content: tuple[bytes, ...] = field(repr=False)
    """WARC headers, block and end, in this order."""


def safe_uri(url: str) -> str:
    """The URL fit for a WARC header: white space, control and direction characters percent-encoded."""
    if url.isascii() and url.isprintable() and " " not in url:
        return url
    return "".join(
        char
        if char.isprintable() and char != " "
        else "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogatepass"))
        for char in url
    )


class RecordBuilder:
    """Makes the records of one WARC file; `new_id` gives record ids, such as `<urn:uuid:…>`."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        self._warcinfo_id: str | None = None
        self._head = StatusAndHeaders("", [], protocol="WARC/1.1")

    def warcinfo(self, filename: str, date: str, info: Iterable[tuple[str, str]]) -> Built:
        """The record that opens a file; those that follow name it."""
        self._warcinfo_id = None
        block = fields.written(info)
        built = self._built("warcinfo", date, block, "application/warc-fields", [("WARC-Filename", filename)])
        self._warcinfo_id = built.record_id
        return built

    def exchange(
        self, exchange: Exchange, answer: http.Message, payload_digest: str, held: Held | None
    ) -> tuple[Built, ...]:
        """Response (or revisit), request and metadata, in this order, each naming the others it belongs with."""
        date, url = warc_date(exchange.started_at), safe_uri(exchange.url)
        request_id, response_id = self._new_id(), self._new_id()
        wire = _wire_headers(exchange, url)
        asking = [("WARC-Concurrent-To", request_id)] if exchange.request else []
        about = [*wire, *asking, ("WARC-Payload-Digest", payload_digest)]
        if exchange.ended != "complete":
            about.append(("WARC-Truncated", exchange.ended))
        response_type, block = "response", answer.block
        if held:
            response_type, block = "revisit", answer.head
            about += [
                ("WARC-Profile", _NOT_MODIFIED if exchange.revalidates is held else _IDENTICAL),
                ("WARC-Refers-To", held.ref.record_id),
                ("WARC-Refers-To-Target-URI", safe_uri(held.url)),
                ("WARC-Refers-To-Date", warc_date(held.captured_at)),
            ]
        kind = "application/http; msgtype="
        # Beside a body that came compressed, packing what is small would take longer than all the rest.
        stored = held is None and _came_compressed(answer.headers)
        response = self._built(response_type, date, block, kind + "response", about, response_id, stored)
        asked = [*wire, ("WARC-Concurrent-To", response_id)]
        request = self._built("request", date, exchange.request, kind + "request", asked, request_id, stored)
        said = fields.written(_exchange_fields(exchange, held))
        joined = [("WARC-Target-URI", url), ("WARC-Concurrent-To", response_id)]
        metadata = self._built("metadata", date, said, "application/warc-fields", joined, None, stored)
        return (response, request, metadata) if exchange.request else (response, metadata)

    def note(self, note: Note, request: bytes | None) -> tuple[Built, ...]:
        """A metadata record with the reason, and the request where one was sent and no answer came."""
        date, url = warc_date(note.noted_at), safe_uri(note.url)
        said = [("reason", note.reason), ("detail", note.detail), ("role", note.role), *fields.lead_fields(note.lead)]
        about = [("WARC-Target-URI", url)]
        sent: tuple[Built, ...] = ()
        if request is not None:
            sent = (self._built("request", date, request, "application/http; msgtype=request", about),)
            about = [*about, ("WARC-Concurrent-To", sent[0].record_id)]
        return (*sent, self._built("metadata", date, fields.written(said), "application/warc-fields", about))

    def conversion(self, date: str, url: str, refers_to: str, content_type: str, block: bytes) -> Built:
        """A text made of the capture whose record id is `refers_to`."""
        about = [("WARC-Target-URI", safe_uri(url)), ("WARC-Refers-To", refers_to)]
        return self._built("conversion", date, block, content_type, about)

    def _built(
        self,
        record_type: str,
        date: str,
        block: bytes,
        content_type: str,
        about: list[tuple[str, str]],
        record_id: str | None = None,
        stored: bool = False,
    ) -> Built:
        record_id = record_id or self._new_id()
        warcinfo = [("WARC-Warcinfo-ID", self._warcinfo_id)] if self._warcinfo_id else []
        headers = [
            ("WARC-Type", record_type),
            ("WARC-Record-ID", record_id),
            ("WARC-Date", date),
            *warcinfo,
            *about,
            ("WARC-Block-Digest", digest_of(block)),
            ("Content-Type", content_type),
            ("Content-Length", str(len(block))),
        ]
        self._head.headers = headers  # Not through the constructor, which looks at each one's type.
        return Built(record_id=record_id, stored=stored, content=(self._head.to_bytes(), block, b"\r\n\r\n"))


def _wire_headers(exchange: Exchange, url: str) -> list[tuple[str, str]]:
    headers = [("WARC-Target-URI", url)]
    if exchange.ip_address:
        headers.append(("WARC-IP-Address", exchange.ip_address))
    headers += [("WARC-Protocol", protocol) for protocol in exchange.protocols]
    if exchange.cipher:
        headers.append(("WARC-Cipher-Suite", exchange.cipher))
    return headers


def _exchange_fields(exchange: Exchange, held: Held | None) -> fields.Fields:
    said = [("role", exchange.role), ("method", exchange.method), ("hops", str(exchange.hops))]
    if held:
        said += [("refers-to-file", held.ref.warc_file), ("refers-to-offset", str(held.ref.warc_offset))]
    return [*said, *fields.lead_fields(exchange.lead), *exchange.provenance]


def _came_compressed(headers: http.Headers) -> bool:
    """Whether another compression would gain nothing: a coded body, or a picture, sound or film."""
    named = {name.lower(): value.lower() for name, value in headers}
    coded = named.get("content-encoding", "identity") not in ("identity", "none", "")
    return coded or named.get("content-type", "").startswith(
        ("image/jp", "image/webp", "image/png", "video/", "audio/")
    )

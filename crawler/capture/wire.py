"""Records what crosses the wire: Twisted's HTTP/1.1 client protocol with a tap on each attempt's bytes.

Scrapy's public API loses header case and order, reason phrases, transfer framing and broken answers, so this leans on
private names of Scrapy and Twisted; `probe` says at start when one of them changed.
"""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

from OpenSSL import SSL
from scrapy.core.downloader.handlers import http11
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IAddress, IStreamClientEndpoint
from twisted.web import _newclient
from twisted.web.client import HTTPConnectionPool
from twisted.web.http_headers import InvalidHeaderName
from zope.interface import implementer

from pipelines.errors import PressmarkError
from pipelines.warc.http import begins_interim, without_interim, without_proxy_authorization

HEAD_LIMIT = 256 * 2**10
"""Bytes of status lines and headers: browsers stop at as many."""
_BEGINS = 16
"""Bytes of an answer that tell its version, and whether it is a 1xx."""
_SPILL = 2**20
"""Bytes of an answer kept in memory; a longer one goes to disk."""
_MOST_PARTS = 1_000
"""Of an answer kept in memory: one that trickles in would take up many times its size."""

# Any: the types of private names promise nothing; `probe` and a contract test hold them instead.
_Protocol: Any = http11._LenientHTTP11ClientProtocol
_Parser: Any = http11._LenientHTTPClientParser
_Factory: Any = http11._LenientHTTP11ClientFactory
_PRIVATE_NAMES: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (http11, ("_LenientHTTP11ClientProtocol", "_LenientHTTP11ClientFactory", "_LenientHTTPClientParser")),
    (http11.HTTP11DownloadHandler, ("download_request", "close")),
    (HTTPConnectionPool, ("getConnection", "_factory", "closeCachedConnections")),
    (_newclient.HTTP11ClientProtocol, ("_finishResponse", "_parser", "request", "dataReceived", "connectionLost")),
    (_newclient.Request, ("writeTo",)),
    (_newclient.HTTPParser, ("MAX_LENGTH", "headerReceived")),
)


def probe() -> None:
    """Raises PressmarkError where this Scrapy or Twisted lacks a name that recording leans on."""
    missing = [
        f"{owner.__name__}.{name}" for owner, names in _PRIVATE_NAMES for name in names if not hasattr(owner, name)
    ]
    if missing:
        raise PressmarkError(
            f"this Scrapy or Twisted has no {', '.join(missing)}: captures would not be exact; "
            "install the versions that pyproject.toml names"
        )


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

    def start_of_response(self, size: int) -> bytes:
        return self._response().read(size)

    def final_response(self) -> tuple[BinaryIO, bytes]:
        """The answer at its start, without 1xx answers before it, and how it begins."""
        response = self._response()
        begins = response.read(_BEGINS)
        response.seek(0)
        if begins_interim(begins):
            response = BytesIO(without_interim(response.read()))
            begins = response.read(_BEGINS)
            response.seek(0)
        return response, begins

    def _response(self) -> BinaryIO:
        """The whole answer, at its start."""
        if self._spilled is None:
            return BytesIO(b"".join(self._parts)[: self.received])
        self._spilled.seek(0)
        return self._spilled

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


class TaggedRequest:
    """A Twisted request each writing of which is an attempt."""

    def __init__(self, request: Any, begin: Callable[[], Attempt]) -> None:
        self._request = request
        self._begin = begin
        self.attempt: Attempt | None = None
        self.method = request.method
        self.persistent = request.persistent

    def __getattr__(self, name: str) -> Any:
        return getattr(self._request, name)

    def writeTo(self, transport: Any) -> Deferred[None]:
        self.attempt = self._begin()
        written: Deferred[None] = self._request.writeTo(_Tee(transport, self.attempt.request))
        return written


class _Tee:
    """A transport that keeps what is written to it."""

    def __init__(self, transport: Any, kept: bytearray) -> None:
        self._transport = transport
        self._kept = kept

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        self._kept += data
        self._transport.write(data)

    def writeSequence(self, parts: list[bytes]) -> None:
        self.write(b"".join(parts))


class WireParser(_Parser):  # type: ignore[misc]
    """Scrapy's lenient parser that passes over more that browsers pass over, so that the answer is read to its end."""

    MAX_LENGTH = HEAD_LIMIT

    def headerReceived(self, name: bytes, value: bytes) -> None:
        try:
            super().headerReceived(name, value)
        except InvalidHeaderName:
            return


class WireProtocol(_Protocol):  # type: ignore[misc]
    """Scrapy's client protocol that hands each byte to the attempt it belongs to."""

    _attempt: Attempt | None = None
    _ip_address: str | None = None

    def request(self, request: TaggedRequest) -> Deferred[Any]:
        answered: Deferred[Any] = super().request(request)
        attempt = self._attempt = request.attempt
        if attempt:
            self._ip_address = attempt.ip_address = self._ip_address or self.transport.getPeer().host
            # As Scrapy does it: Twisted leaves no other way to choose the parser.
            self._parser.__class__ = WireParser
        return answered

    def dataReceived(self, data: bytes) -> None:
        attempt = self._attempt
        if attempt:
            if not attempt.received:
                _note_tls(attempt, self.transport)
            attempt.receive(data)
            if (
                attempt.received > HEAD_LIMIT
                and self._parser
                and self._parser.state in (_newclient.STATUS, _newclient.HEADER)
            ):
                attempt.over_limit = True
                self.transport.abortConnection()
                return
        super().dataReceived(data)

    def _finishResponse(self, rest: bytes) -> None:
        attempt, self._attempt = self._attempt, None
        if attempt:
            attempt.finish(rest)
        super()._finishResponse(rest)

    def connectionLost(self, reason: Any) -> None:
        attempt = self._attempt
        if attempt:
            attempt.lost = reason
        super().connectionLost(reason)
        if attempt and attempt.finished and not reason.check(ConnectionDone):
            # An answer that ends with its connection is whole only where the connection ended well (RFC 9112 §8).
            attempt.finished = False


class WireFactory(_Factory):  # type: ignore[misc]
    """Builds wire protocols for connections that are admitted."""

    admit: Callable[[IAddress], None]

    def buildProtocol(self, addr: IAddress) -> WireProtocol:
        # A raise, not a returned None: under TLS that hangs the request until its time-out.
        self.admit(addr)
        return WireProtocol(self._quiescentCallback)


@implementer(IStreamClientEndpoint)
class _AdmittingEndpoint:
    """An endpoint whose connections are checked once their address is known."""

    def __init__(self, endpoint: Any, admit: Callable[[IAddress], None]) -> None:
        self._endpoint = endpoint
        self._admit = admit

    def connect(self, factory: WireFactory) -> Deferred[Any]:
        factory.admit = self._admit
        connected: Deferred[Any] = self._endpoint.connect(factory)
        return connected


class PoolView:
    """The connection pool as one request sees it: its attempts are recorded by identity, retries included."""

    def __init__(self, pool: Any, begin: Callable[[], Attempt], admit: Callable[[IAddress], None]) -> None:
        self._pool = pool
        self._begin = begin
        self._admit = admit
        self.persistent = pool.persistent

    def getConnection(self, key: Any, endpoint: Any) -> Deferred[Any]:
        connected: Deferred[Any] = self._pool.getConnection(key, _AdmittingEndpoint(endpoint, self._admit))
        return connected.addCallback(_TaggingConnection, self._begin)


class _TaggingConnection:
    def __init__(self, connection: Any, begin: Callable[[], Attempt]) -> None:
        self._connection = connection
        self._begin = begin

    def request(self, request: Any) -> Deferred[Any]:
        answered: Deferred[Any] = self._connection.request(TaggedRequest(request, self._begin))
        return answered


def _note_tls(attempt: Attempt, transport: Any) -> None:
    """Protocol and cipher of the connection, once the handshake is done."""
    handle = transport.getHandle()
    if isinstance(handle, SSL.Connection):
        attempt.tls_version = handle.get_protocol_version_name()
        attempt.cipher = handle.get_cipher_name()

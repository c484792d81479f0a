"""Records what crosses the wire: Twisted's HTTP/1.1 client protocol with a tap on each attempt's bytes.

Scrapy's public API loses header case and order, reason phrases, transfer framing and broken answers, so this leans on
private names of Scrapy and Twisted (`probe`).
"""

from collections.abc import Callable
from typing import Any

from OpenSSL import SSL
from scrapy.core.downloader.handlers import http11
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IAddress
from twisted.web import _newclient
from twisted.web.http_headers import InvalidHeaderName

from crawler.capture.attempt import Attempt

HEAD_LIMIT = 256 * 2**10
"""Bytes of status lines and headers: browsers stop at as many."""

# Any: the types of private names promise nothing; `probe` and a contract test hold them instead.
_Protocol: Any = http11._LenientHTTP11ClientProtocol
_Parser: Any = http11._LenientHTTPClientParser
_Factory: Any = http11._LenientHTTP11ClientFactory


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

    def request(self, request: Any) -> Deferred[Any]:
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


def _note_tls(attempt: Attempt, transport: Any) -> None:
    """Protocol and cipher of the connection, once the handshake is done."""
    handle = transport.getHandle()
    if isinstance(handle, SSL.Connection):
        attempt.tls_version = handle.get_protocol_version_name()
        attempt.cipher = handle.get_cipher_name()

"""Scrapy's agents, each sending of whose requests is recorded, whatever connection it goes over."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers import http11
from scrapy.http import Headers
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress, IStreamClientEndpoint
from twisted.web import _newclient
from zope.interface import implementer

from crawler.capture.attempt import Attempt
from crawler.capture.wire import WireFactory

# Any: the types of private names promise nothing; `probe` and a contract test hold them instead.
_ScrapyAgent: Any = http11._ScrapyAgent
_Request: Any = _newclient.Request


class PoolView:
    """The connection pool as one request sees it; `admit` raises for an address that a request is not to be sent to."""

    def __init__(
        self,
        pool: Any,
        request: Request,
        admit: Callable[[Request, IAddress], None],
        clock: Callable[[], datetime],
    ) -> None:
        self.attempts: list[Attempt] = []
        """One for each time that the request was sent, retries of the pool included."""
        self.persistent = pool.persistent
        self._pool = pool
        self._request = request
        self._admit = admit
        self._clock = clock

    def getConnection(self, key: Any, endpoint: Any) -> Deferred[Any]:
        connected: Deferred[Any] = self._pool.getConnection(key, endpoint)
        return connected.addCallback(_Connection, self)

    def begin(self) -> Attempt:
        """The attempt that starts now."""
        self.attempts.append(Attempt(self._clock()))
        return self.attempts[-1]

    def admit(self, address: IAddress) -> None:
        """Raises for an address that this request is not to be sent to."""
        self._admit(self._request, address)


class WireAgent(_ScrapyAgent):  # type: ignore[misc]
    """Scrapy's agent, which fetches one request; its pool must be a view."""

    _headers: Headers | None = None

    def _get_agent(self, request: Request, timeout: float) -> Any:
        agent = super()._get_agent(request, timeout)
        # As Scrapy does it with the parser: there is no other way to choose.
        agent.__class__ = _LATE[type(agent)]
        return agent

    def _headers_from_twisted_response(self, response: Any) -> Headers:
        # Asked for twice, and dear on pages with many headers.
        self._headers = self._headers or super()._headers_from_twisted_response(response)
        return self._headers


class _Connection:
    """A connection, or the pool's retrying one, whose requests are recorded."""

    def __init__(self, connection: Any, view: PoolView) -> None:
        self._connection = connection
        self._view = view

    def request(self, request: Any) -> Deferred[Any]:
        request.__class__ = _WireRequest
        request.view = self._view
        answered: Deferred[Any] = self._connection.request(request)
        return answered


class _WireRequest(_Request):  # type: ignore[misc]
    """A request of Twisted's, each writing of which is an attempt."""

    view: PoolView
    attempt: Attempt | None = None

    def writeTo(self, transport: Any) -> Deferred[None]:
        self.attempt = self.view.begin()
        written: Deferred[None] = super().writeTo(_Tee(transport, self.attempt.request))
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


class _Late:
    """Of an agent: an endpoint is made when a connection is; with its TLS context it costs more than a small page."""

    _pool: PoolView

    def _getEndpoint(self, uri: Any) -> "_LateEndpoint":
        return _LateEndpoint(self, uri)

    def connect(self, uri: Any, factory: WireFactory) -> Deferred[Any]:
        factory.admit = self._pool.admit
        connected: Deferred[Any] = super()._getEndpoint(uri).connect(factory)  # type: ignore[misc]
        return connected


@implementer(IStreamClientEndpoint)
class _LateEndpoint:
    def __init__(self, agent: _Late, uri: Any) -> None:
        self._agent = agent
        self._uri = uri

    def connect(self, factory: WireFactory) -> Deferred[Any]:
        return self._agent.connect(self._uri, factory)


_LATE: dict[type, type] = {
    kind: type(kind.__name__, (_Late, kind), {})
    for kind in (http11._BindAddressAgent, http11._ScrapyProxyAgent, http11._TunnelingAgent)
}

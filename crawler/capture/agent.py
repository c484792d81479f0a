"""Scrapy's agents, whose requests are recorded by identity, whatever connections they go over."""

from collections.abc import Callable
from functools import partial
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers import http11
from scrapy.http import Headers
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress, IStreamClientEndpoint
from zope.interface import implementer

from crawler.capture.attempt import Attempt
from crawler.capture.wire import WireFactory, WireRequest

_ScrapyAgent: Any = http11._ScrapyAgent


class WireAgent(_ScrapyAgent):  # type: ignore[misc]
    """Fetches one request; `begin` gives the attempt for each time it is sent, retries of the pool included.

    `admit` raises for an address that is not to be connected to.
    """

    _headers: Headers | None = None

    def __init__(
        self, pool: Any, begin: Callable[[], Attempt], admit: Callable[[IAddress], None], **given: Any
    ) -> None:
        super().__init__(pool=_PoolView(pool, begin, admit), **given)

    def _get_agent(self, request: Request, timeout: float) -> Any:
        agent = super()._get_agent(request, timeout)
        # As Scrapy does it with the parser: there is no other way to choose.
        agent.__class__ = _LATE[type(agent)]
        return agent

    def _headers_from_twisted_response(self, response: Any) -> Headers:
        # Asked for twice, and dear on pages with many headers.
        self._headers = self._headers or super()._headers_from_twisted_response(response)
        return self._headers


class _PoolView:
    """The connection pool as one request sees it."""

    def __init__(self, pool: Any, begin: Callable[[], Attempt], admit: Callable[[IAddress], None]) -> None:
        self._pool = pool
        self._begin = begin
        self.admit = admit
        self.persistent = pool.persistent

    def getConnection(self, key: Any, endpoint: Any) -> Deferred[Any]:
        connected: Deferred[Any] = self._pool.getConnection(key, endpoint)
        return connected.addCallback(_WireConnection, self._begin)


class _WireConnection:
    """A connection, or the pool's retrying one, that turns requests into those of ours."""

    def __init__(self, connection: Any, begin: Callable[[], Attempt]) -> None:
        self._connection = connection
        self._begin = begin

    def request(self, request: Any) -> Deferred[Any]:
        request.__class__ = WireRequest
        request.begin = self._begin
        answered: Deferred[Any] = self._connection.request(request)
        return answered


@implementer(IStreamClientEndpoint)
class _LateEndpoint:
    """An endpoint that is made when a connection is: with its TLS context it costs more than a small page.

    Its connections are checked once their address is known.
    """

    def __init__(self, make: Callable[[], Any], admit: Callable[[IAddress], None]) -> None:
        self._make = make
        self._admit = admit

    def connect(self, factory: WireFactory) -> Deferred[Any]:
        factory.admit = self._admit
        connected: Deferred[Any] = self._make().connect(factory)
        return connected


class _Late:
    """Of an agent: endpoints are made late."""

    _pool: _PoolView

    def _getEndpoint(self, uri: Any) -> _LateEndpoint:
        make = super()._getEndpoint  # type: ignore[misc]
        return _LateEndpoint(partial(make, uri), self._pool.admit)


_LATE: dict[type, type] = {
    kind: type(kind.__name__, (_Late, kind), {})
    for kind in (http11._BindAddressAgent, http11._ScrapyProxyAgent, http11._TunnelingAgent)
}

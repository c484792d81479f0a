"""Whether this Scrapy and Twisted have the private names that recording leans on."""

from operator import attrgetter
from typing import Any

from scrapy.core.downloader.handlers import http11
from scrapy.utils import _download_handlers
from twisted.web import _newclient
from twisted.web.client import HTTPConnectionPool

from pipelines.errors import PressmarkError

_PRIVATE_NAMES: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (http11, ("_LenientHTTP11ClientProtocol", "_LenientHTTP11ClientFactory", "_LenientHTTPClientParser")),
    (http11, ("_ScrapyAgent._get_agent", "_ScrapyAgent._headers_from_twisted_response")),
    (http11, tuple(f"{agent}._getEndpoint" for agent in ("_BindAddressAgent", "_ScrapyProxyAgent", "_TunnelingAgent"))),
    (_download_handlers, ("wrap_twisted_exceptions",)),
    (http11.HTTP11DownloadHandler, ("download_request", "close")),
    (HTTPConnectionPool, ("getConnection", "_factory", "closeCachedConnections")),
    (_newclient.HTTP11ClientProtocol, ("_finishResponse", "_parser", "request", "dataReceived", "connectionLost")),
    (_newclient.Request, ("writeTo",)),
    (_newclient.HTTPParser, ("MAX_LENGTH", "headerReceived")),
)


def probe() -> None:
    """Raises PressmarkError where this Scrapy or Twisted lacks a name that recording leans on."""
    missing = [f"{owner.__name__}.{name}" for owner, names in _PRIVATE_NAMES for name in names if not _has(owner, name)]
    if missing:
        raise PressmarkError(
            f"this Scrapy or Twisted has no {', '.join(missing)}: captures would not be exact; "
            "install the versions that pyproject.toml names"
        )


def _has(owner: Any, name: str) -> bool:
    try:
        attrgetter(name)(owner)
    except AttributeError:
        return False
    return True

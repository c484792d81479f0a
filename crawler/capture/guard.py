"""Which addresses a crawl may talk to: checked after DNS, on every connection, redirects included."""

import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from attrs import frozen
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingHostnameResolver, HostResolution
from scrapy.settings import BaseSettings
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from pipelines.errors import PressmarkError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NOT_PUBLIC = ipaddress.IPv4Network("192.0.0.0/24")
"""Protocol assignments, a cloud's metadata among them; Python calls part of it global."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class AddressRefused(IgnoreRequest):
    """A connection that the guard does not allow; the message names the address and the setting."""


@frozen
class Allowed:
    """One entry of ALLOWED_ADDRESSES or ONLY_ADDRESSES: an address or network, on one port or on all."""

    network: Network
    port: int | None

    @classmethod
    def parse(cls, entry: str) -> "Allowed":
        """Reads `127.0.0.1`, `10.0.0.0/8`, `127.0.0.1:8080`, `[::1]:8080`, `::1`; raises PressmarkError."""
        host, port = entry.strip(), ""
        if host.startswith("["):
            host, _, port = host[1:].partition("]")
            port = port.removeprefix(":")
        elif host.count(":") == 1:
            host, _, port = host.partition(":")
        try:
            return cls(ipaddress.ip_network(host, strict=False), int(port) if port else None)
        except ValueError as error:
            raise PressmarkError(f"ALLOWED_ADDRESSES, ONLY_ADDRESSES: {entry!r} is no address: {error}") from error

    def covers(self, address: Address, port: int) -> bool:
        return self.port in (None, port) and address.version == self.network.version and address in self.network


class Guard:
    """The policy of one crawl.

    Without `only`, every public address is allowed, and of the others those listed; with `only`, the listed alone,
    and no name is looked up.
    """

    def __init__(self, *, allowed: Iterable[str] = (), only: Iterable[str] = (), proxies: Iterable[str] = ()) -> None:
        self._allowed = tuple(map(Allowed.parse, allowed))
        self._only = tuple(map(Allowed.parse, only))
        self._proxies = frozenset(filter(None, map(_endpoint, proxies)))

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> "Guard":
        """Reads ALLOWED_ADDRESSES, ONLY_ADDRESSES, and the operator's proxies from the environment."""
        return cls(
            allowed=settings.getlist("ALLOWED_ADDRESSES"),
            only=settings.getlist("ONLY_ADDRESSES"),
            proxies=getproxies().values(),
        )

    @property
    def looks_up_names(self) -> bool:
        return not self._only

    def refusal(self, host: str, port: int) -> str | None:
        """Why an address may not be talked to; None where it may."""
        address = literal_address(host)
        if address is None:
            return f"{host} is no address"
        if self._only:
            if any(entry.covers(address, port) for entry in self._only):
                return None
            return f"{host}:{port} is not in ONLY_ADDRESSES"
        if all(map(_is_public, _meant(address))) or any(entry.covers(address, port) for entry in self._allowed):
            return None
        return f"{host}:{port} is not a public address; ALLOWED_ADDRESSES may list it"

    def is_proxy(self, host: str, port: int) -> bool:
        """Whether this is a proxy that the operator configured; port 0 stands for any."""
        hosts = self._proxies if port else {(name, 0) for name, _ in self._proxies}
        return not self._only and (host.lower(), port) in hosts


@implementer(IResolutionReceiver)
class _Sieve:
    """Hands on the addresses that the guard allows, and tells of the others."""

    def __init__(self, receiver: Any, refusal: Callable[[str], str | None]) -> None:
        self._receiver = receiver
        self._refusal = refusal

    def resolutionBegan(self, resolution: IHostResolution) -> None:
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:
        if self._refusal(address.host) is None:
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:
        self._receiver.resolutionComplete()


class GuardedResolver(CachingHostnameResolver):
    """Scrapy's caching resolver that gives no address the guard refuses; sees literals in every notation.

    The setting TWISTED_DNS_RESOLVER names it.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int, guard: Guard) -> None:
        super().__init__(reactor, cache_size)
        self._guard = guard
        self.refused: dict[str, str] = {}
        """Why a host's last look-up gave no address, or fewer."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> "GuardedResolver":
        settings = crawler.settings
        cache_size = settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0
        return cls(reactor, cache_size, Guard.from_settings(settings))

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        self.refused.pop(hostName, None)

        def refusal(host: str) -> str | None:
            why = None if self._guard.is_proxy(hostName, portNumber) else self._guard.refusal(host, portNumber)
            if why:
                self.refused[hostName] = why
            return why

        sieve: Any = _Sieve(resolutionReceiver, refusal)
        literal = literal_address(hostName)
        if literal is None and not self._guard.looks_up_names:
            self.refused[hostName] = f"{hostName}: no name is looked up, since ONLY_ADDRESSES is set"
        elif literal is not None:
            refusal(str(literal))
        if hostName in self.refused:
            resolution: Any = HostResolution(hostName)
            sieve.resolutionBegan(resolution)
            sieve.resolutionComplete()
            return resolution
        return super().resolveHostName(sieve, hostName, portNumber, addressTypes, transportSemantics)


def literal_address(host: str) -> Address | None:
    """The address that a host name spells out, in any notation that the system's resolver takes; None for a name."""
    host = host.strip("[]").partition("%")[0].rstrip(".")
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeEncodeError):
        return None


def _meant(address: Address) -> tuple[Address, ...]:
    """The address and the IPv4 addresses that it carries: mapped, 6to4, Teredo, NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return (address,)
    carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        carried.append(ipaddress.IPv4Address(address.packed[-4:]))
    found = tuple(filter(None, carried))
    return found if address.ipv4_mapped or address in _NAT64 else (address, *found)


def _is_public(address: Address) -> bool:
    special = address.is_multicast or address.is_reserved or (address.version == 4 and address in _NOT_PUBLIC)
    return address.is_global and not special


def _endpoint(proxy: str) -> tuple[str, int] | None:
    parts = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    if not parts.hostname:
        return None
    return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)

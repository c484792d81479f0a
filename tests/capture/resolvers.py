"""Resolvers that answer from a table, so that no name is ever looked up."""

from collections.abc import Sequence
from typing import Any

from scrapy.resolver import HostResolution, dnscache
from twisted.internet.address import IPv4Address, IPv6Address

from crawler.capture.guard import Guard, GuardedResolver, literal_address

# Loopback alone: should the guard fail, nothing beyond this machine is asked.
NAMES = {
    "here.test": ["127.0.0.1"],
    "there.test": ["127.0.0.1"],
    "private.test": ["127.0.0.66"],
    "mapped.test": ["::ffff:127.0.0.66"],
    "mixed.test": ["127.0.0.66", "127.0.0.1", "::1"],
}


class Table:
    """Answers from NAMES; a literal is its own answer, as in Twisted's resolver."""

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[Any] | None = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        resolution = HostResolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        literal = literal_address(hostName)
        for host in NAMES.get(hostName, [str(literal)] if literal else []):
            kind = IPv6Address if ":" in host else IPv4Address
            resolutionReceiver.addressResolved(kind("TCP", host, portNumber))
        resolutionReceiver.resolutionComplete()
        return resolution


class TabledResolver(GuardedResolver):
    """The guarded resolver over the table."""

    def __init__(self, reactor: Any, cache_size: int, guard: Guard) -> None:
        super().__init__(reactor, cache_size, guard)
        self.original_resolver = Table()
        dnscache.clear()


class RebindingResolver(TabledResolver):
    """One whose answers were good when it gave them: what is connected to must be checked again."""

    def __init__(self, reactor: Any, cache_size: int, guard: Guard) -> None:
        super().__init__(reactor, cache_size, Guard(allowed=["0.0.0.0/0", "::/0"]))

"""Name resolution with a guard: pretend hosts go to the simulator, no other host to a private one.

Every new connection asks here, also for literal addresses, so a name that changes its address
(DNS rebinding) is checked at the moment of connecting. Scrapy loads the class by the setting
TWISTED_DNS_RESOLVER; there is one a reactor.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from time import monotonic
from typing import Any, Self

from scrapy.resolver import CachingHostnameResolver, dnscache
from twisted.internet.interfaces import (
    IAddress,
    IHostResolution,
    IResolutionReceiver,
)

from crawler.addresses import is_pretend
from crawler.errors import SettingError

KEPT = 300.0
"""Seconds for which a name keeps its addresses. Scrapy's cache knows no end, and a service runs on
while portals move."""
PATIENCE = 20.0
"""Seconds to wait for the addresses of a name, where only its machine is asked for."""
_NAT64 = 0x64FF9B << 96
_NOT_FOR_HOSTS = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10", "::/96")))
"""Protocol assignments, 6to4 relays, site-local and IPv4-compatible addresses: which of them
``ipaddress`` takes for global depends on the version of Python."""


def is_public(address: str) -> bool:
    """True for a globally routable unicast address, also after unwrapping embedded IPv4."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        embedded = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        if int(ip) >> 32 == _NAT64 >> 32:
            embedded = IPv4Address(int(ip) & 0xFFFFFFFF)
        ip = embedded or ip
    if any(ip in network for network in _NOT_FOR_HOSTS):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def parse_address(text: str) -> tuple[str, int]:
    """``HOST:PORT`` of the simulator; SettingError if it is not that."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise SettingError(f"FAZHI_SIMULATOR={text!r} is not HOST:PORT, such as 127.0.0.1:8017")
    return host.strip("[]"), int(port)


async def listens(host: str, port: int, seconds: float = 3.0) -> bool:
    """True if something accepts connections at an address."""
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), seconds)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


class GuardedResolver(CachingHostnameResolver):
    """See the module. ``refused`` maps a host to the private address it resolved to last."""

    def __init__(self, reactor: Any, cache_size: int, simulator: str):
        super().__init__(reactor, cache_size)
        self.simulator = parse_address(simulator)
        self.refused: dict[str, str] = {}
        self._resolved: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Self:
        """Built by Scrapy, or by ``install_resolver`` with anything that has ``settings``."""
        settings = crawler.settings
        return cls(reactor, settings.getint("DNSCACHE_SIZE"), settings["FAZHI_SIMULATOR"])

    def resolveHostName(  # noqa: N802 - the interface's name
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        """Deliver the simulator's address and port for a pretend host; public ones for others.

        A private address is not delivered; with none left the connection fails as unresolved,
        and ``refused`` tells why.
        """
        if is_pretend(hostName):
            host, port = self.simulator
            system: Any = self.original_resolver
            resolution: IHostResolution = system.resolveHostName(
                resolutionReceiver, host, port, addressTypes, transportSemantics
            )
            return resolution
        self._forget_old(hostName)
        self.refused.pop(hostName, None)
        guard: Any = _PublicOnly(resolutionReceiver, hostName, self.refused)
        return super().resolveHostName(
            guard, hostName, portNumber, addressTypes, transportSemantics
        )

    def _forget_old(self, host: str) -> None:
        now = monotonic()
        if now - self._resolved.get(host, float("-inf")) > KEPT:
            dnscache.pop(host, None)
            if len(self._resolved) > 10_000:
                self._resolved.clear()
                dnscache.clear()
            self._resolved[host] = now


class _PublicOnly:
    """Hands on public addresses, and notes the others."""

    def __init__(self, receiver: Any, host: str, refused: dict[str, str]):
        self.receiver = receiver
        self.host = host
        self.refused = refused

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if is_public(address.host):
            self.receiver.addressResolved(address)
        else:
            self.refused[self.host] = address.host

    def resolutionComplete(self) -> None:  # noqa: N802
        self.receiver.resolutionComplete()


class _Collected:
    """Gathers the addresses of a name, then ``tell``s them."""

    def __init__(self, tell: Any):
        self.tell = tell
        self.addresses: list[str] = []

    def resolutionBegan(self, resolution: object) -> None:  # noqa: N802
        pass

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.tell(tuple(self.addresses))


async def addresses_of(host: str) -> tuple[str, ...]:
    """The public addresses of a host as a connection would be given them; none for a pretend one,
    and none where the name does not resolve in time."""
    if is_pretend(host):
        return ()
    from twisted.internet import reactor

    answer: asyncio.Future[tuple[str, ...]] = asyncio.get_running_loop().create_future()
    tell = partial(_tell, answer)
    reactor.nameResolver.resolveHostName(_Collected(tell), host, 0)
    try:
        return await asyncio.wait_for(answer, PATIENCE)
    except TimeoutError:
        return ()


def _tell(answer: asyncio.Future[tuple[str, ...]], addresses: tuple[str, ...]) -> None:
    if not answer.done():
        answer.set_result(addresses)


def install_resolver(settings: Any) -> None:
    """Put the guard on the running reactor; a second call only renews the simulator's address."""
    from twisted.internet import reactor

    current = reactor.nameResolver
    if isinstance(current, GuardedResolver):
        current.simulator = parse_address(settings["FAZHI_SIMULATOR"])
        return
    size, simulator = settings.getint("DNSCACHE_SIZE"), settings["FAZHI_SIMULATOR"]
    GuardedResolver(reactor, size, simulator).install_on_reactor()


def refused_address(host: str) -> str | None:
    """The private address because of which a host was not connected to, if that was why."""
    from twisted.internet import reactor

    current = reactor.nameResolver
    return current.refused.get(host) if isinstance(current, GuardedResolver) else None

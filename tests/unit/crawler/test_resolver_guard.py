from __future__ import annotations

from typing import Any

import pytest
from scrapy.resolver import dnscache
from twisted.internet.address import IPv4Address

from crawler.errors import SettingError
from crawler.resolver import GuardedResolver, is_public, parse_address


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
    ],
)
def test_an_address_that_is_not_public_is_known_in_every_disguise(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["61.135.1.1", "2400:da00::1", "64:ff9b::3d87:101"])
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


class Names:
    """Stands for the system's resolver: names to addresses."""

    def __init__(self, answers: dict[str, list[str]]):
        self.answers = answers
        self.asked: list[tuple[str, int]] = []

    def resolveHostName(  # noqa: N802
        self, receiver: Any, name: str, port: int = 0, *rest: object
    ) -> Any:
        self.asked.append((name, port))
        receiver.resolutionBegan(None)
        for host in self.answers.get(name, [name]):
            receiver.addressResolved(IPv4Address("TCP", host, port))
        receiver.resolutionComplete()


class Delivered:
    """What the connection is given."""

    def __init__(self) -> None:
        self.addresses: list[tuple[str, int]] = []
        self.complete = False

    def resolutionBegan(self, resolution: object) -> None:  # noqa: N802
        pass

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.addresses.append((address.host, address.port))

    def resolutionComplete(self) -> None:  # noqa: N802
        self.complete = True


class Reactor:
    def __init__(self, names: Names):
        self.nameResolver = names


def ask(names: Names, host: str, port: int = 80, times: int = 1) -> tuple[Delivered, Any]:
    dnscache.clear()
    resolver = GuardedResolver(Reactor(names), 100, "127.0.0.1:8017")
    for _ in range(times):
        delivered: Any = Delivered()
        resolver.resolveHostName(delivered, host, port)
    assert delivered.complete
    return delivered, resolver


def test_a_pretend_host_is_led_to_the_simulators_address_and_port() -> None:
    names = Names({})
    delivered, resolver = ask(names, "www.qinghe.gov.test")
    assert delivered.addresses == [("127.0.0.1", 8017)]
    assert names.asked == [("127.0.0.1", 8017)]
    assert resolver.refused == {}


def test_a_public_host_keeps_its_port_also_from_the_cache() -> None:
    names = Names({"www.a.gov.cn": ["61.135.1.1"]})
    delivered, _ = ask(names, "www.a.gov.cn", 8888, times=2)
    assert delivered.addresses == [("61.135.1.1", 8888)]


def test_private_addresses_of_other_hosts_are_withheld_and_noted() -> None:
    names = Names({"www.a.gov.cn": ["10.0.0.1", "61.135.1.1"], "evil.gov.cn": ["127.0.0.1"]})
    assert ask(names, "www.a.gov.cn")[0].addresses == [("61.135.1.1", 80)]
    for times in (1, 2):
        delivered, resolver = ask(names, "evil.gov.cn", times=times)
        assert delivered.addresses == []
        assert resolver.refused == {"evil.gov.cn": "127.0.0.1"}


def test_a_name_that_becomes_private_later_is_refused_then() -> None:
    dnscache.clear()
    names = Names({"www.a.gov.cn": ["61.135.1.1"]})
    resolver = GuardedResolver(Reactor(names), 0, "127.0.0.1:8017")
    first: Any = Delivered()
    resolver.resolveHostName(first, "www.a.gov.cn", 80)
    names.answers["www.a.gov.cn"] = ["169.254.169.254"]
    dnscache.clear()
    second: Any = Delivered()
    resolver.resolveHostName(second, "www.a.gov.cn", 80)
    assert (len(first.addresses), len(second.addresses)) == (1, 0)


@pytest.mark.parametrize("text", ["", "127.0.0.1", "x:", ":1", "a:0", "a:70000", "a:b"])
def test_a_malformed_simulator_address_names_its_setting(text: str) -> None:
    with pytest.raises(SettingError, match="FAZHI_SIMULATOR"):
        parse_address(text)

from __future__ import annotations

import asyncio

from crawler.turns import Turns, machine_of


def taken(turns: Turns, requests: list[tuple[str, str, float]], lasting: float = 0.0) -> list[str]:
    """Let requests (machine, host, spacing) stand in line side by side; what happened, in order."""
    told: list[str] = []

    async def send(machine: str, host: str, spacing: float) -> None:
        async with turns.take(machine, host, spacing):
            told.append(f"+{host}")
            await asyncio.sleep(lasting)
            told.append(f"-{host}")

    async def main() -> None:
        await asyncio.gather(*(send(*request) for request in requests))

    asyncio.run(main())
    return told


class Clock:
    """Time as a test wants it; sleeping is noted, and moves it on."""

    def __init__(self, monkeypatch: object) -> None:
        self.now, self.slept = 100.0, []
        monkeypatch.setattr(asyncio, "sleep", self.sleep)  # type: ignore[attr-defined]

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        if seconds:
            self.slept.append(round(seconds, 3))
            self.now += seconds


def test_a_machine_is_spoken_to_by_one_at_a_time_and_others_side_by_side() -> None:
    told = taken(Turns(), [("m", "a", 0), ("m", "b", 0), ("n", "c", 0)], lasting=0.02)
    assert told.index("-a") < told.index("+b")
    assert told.index("+c") < told.index("-a")


def test_two_hosts_of_a_machine_are_as_far_apart_as_two_requests(monkeypatch: object) -> None:
    clock = Clock(monkeypatch)
    taken(Turns(clock), [("m", "a", 2), ("m", "b", 2), ("m", "c", 2)])
    assert clock.slept == [2, 2]


def test_one_host_is_left_to_its_own_delay(monkeypatch: object) -> None:
    clock = Clock(monkeypatch)
    taken(Turns(clock), [("m", "a", 2), ("m", "a", 2)])
    assert clock.slept == []


def test_a_host_that_asks_for_longer_pauses_gets_them(monkeypatch: object) -> None:
    clock = Clock(monkeypatch)
    turns = Turns(clock)
    turns.slow_down("a", 10)
    taken(turns, [("m", "a", 2), ("m", "a", 2)])
    assert clock.slept == [10]
    turns.hold("a", 50)
    taken(turns, [("m", "a", 2)])
    assert clock.slept == [10, 50]


def test_a_place_in_the_line_of_other_processes_is_waited_for(monkeypatch: object) -> None:
    clock = Clock(monkeypatch)
    asked: list[tuple[str, float]] = []

    async def reserve(machine: str, spacing: float) -> float:
        asked.append((machine, spacing))
        return 3.0

    async def main() -> None:
        async with Turns(clock).take("m", "a", 2, reserve):
            pass

    asyncio.run(main())
    assert (asked, clock.slept) == ([("m", 2)], [3])


def test_the_turn_is_given_up_when_the_request_fails() -> None:
    turns = Turns()

    async def main() -> None:
        for _ in range(2):
            try:
                async with turns.take("m", "a", 0):
                    raise OSError
            except OSError:
                pass

    asyncio.run(asyncio.wait_for(main(), 5))


def test_idle_machines_are_forgotten(monkeypatch: object) -> None:
    clock = Clock(monkeypatch)
    turns = Turns(clock)
    taken(turns, [(f"m{i}", f"h{i}", 0) for i in range(50)])
    clock.now += 10_000
    taken(turns, [("m", "a", 0)])
    assert set(turns._lines) == {"m"}
    assert set(turns._asked) == {"a"}


def test_portals_of_one_address_stand_on_one_machine() -> None:
    assert machine_of("a.gov.cn", ("61.1.1.2", "61.1.1.1")) == "61.1.1.1"
    assert machine_of("b.gov.cn", ("61.1.1.1",)) == "61.1.1.1"
    assert machine_of("sfj.qinghe.gov.test", ()) == machine_of("www.qinghe.gov.test", ())
    assert machine_of("www.odd.gov.test", ()) != machine_of("www.qinghe.gov.test", ())

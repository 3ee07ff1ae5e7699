"""A made-up nation: any number of pretend portals, the same for the same seed, over all families.

The demo portals are small and written by hand. These are grown (garden.py), when first asked.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crawler.simulator.content import Site
from crawler.simulator.garden import Place, grow
from crawler.simulator.replies import PretendPortal


def invented_places(count: int) -> Iterator[Place]:
    """Places that do not exist, numbered."""
    for number in range(count):
        name = f"试{''.join('甲乙丙丁戊己庚辛壬癸'[int(digit)] for digit in f'{number:03}')}县"
        yield Place(f"w{number:04}", f"{name}人民政府", f"www.w{number:04}.gov.test")


@dataclass(frozen=True, slots=True)
class World:
    """Places that have portals, and how large these are."""

    places: tuple[Place, ...]
    seed: int = 1
    size: float = 1.0

    def site(self, number: int) -> Site:
        """The portal of one place."""
        return grow(self.places[number], number, self.seed, size=self.size)


def world_of(told: Mapping[str, Any]) -> World:
    """A world from its description as JSON: ``places`` (lists of the fields of Place), or their
    ``count`` where they are invented; ``seed``; ``size``."""
    places = [Place(*each) for each in told.get("places", ())]
    places += invented_places(int(told.get("count", 0)))
    return World(tuple(places), int(told.get("seed", 1)), float(told.get("size", 1.0)))


class LazyPortals(Mapping[str, PretendPortal]):
    """The portals of a world by host, grown when first asked; the longest unasked are let go."""

    def __init__(self, world: World, keep: int = 300):
        self._world, self._keep = world, keep
        self._numbers = {place.host: number for number, place in enumerate(world.places)}
        self._grown: OrderedDict[str, PretendPortal] = OrderedDict()

    def __getitem__(self, host: str) -> PretendPortal:
        if host not in self._grown:
            self._grown[host] = PretendPortal(self._world.site(self._numbers[host]))
            if len(self._grown) > self._keep:
                self._grown.popitem(last=False)
        self._grown.move_to_end(host)
        return self._grown[host]

    def get(self, host: str, default: Any = None) -> Any:
        """As of any mapping; but a KeyError while a portal grows is a fault of ours, and Mapping's
        own would take it for a host that is not there."""
        if host not in self._numbers:
            return default
        return self[host]

    def __contains__(self, host: object) -> bool:
        return host in self._numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

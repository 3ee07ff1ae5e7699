"""The made-up nation: whatever the seed, every portal can be served."""

from __future__ import annotations

import pytest

from crawler.simulator.content import Site
from crawler.simulator.replies import PretendPortal
from crawler.simulator.world import LazyPortals, World, invented_places


@pytest.mark.parametrize("size", [0.3, 1.0])
def test_no_two_columns_of_a_portal_share_a_number_and_every_portal_has_its_pages(
    size: float,
) -> None:
    world = World(tuple(invented_places(60)), size=size)
    for place in range(60):
        site = world.site(place)
        numbers = [column.number for column in site.columns]
        assert len(set(numbers)) == len(numbers), site.portal.id
        assert PretendPortal(site).look.makers()


def test_a_host_is_there_or_not_and_a_fault_in_growing_it_is_no_missing_host() -> None:
    class Broken(World):
        def site(self, number: int) -> Site:
            raise KeyError(number)

    portals = LazyPortals(Broken(tuple(invented_places(2))))
    assert portals.get("www.elsewhere.gov.test") is None
    assert "www.w0001.gov.test" in portals
    with pytest.raises(KeyError):
        portals.get("www.w0001.gov.test")

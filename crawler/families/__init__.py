"""The CMS families, in the order in which they are asked: the most particular first."""

from __future__ import annotations

from crawler.families.anhui_public import AnhuiPublic
from crawler.families.base import (
    Entry,
    Family,
    Listing,
    ListingRequest,
    NamedListing,
    Page,
    Searching,
)
from crawler.families.boda_vsb import BodaVsb
from crawler.families.channel_x import ChannelX
from crawler.families.class8 import Class8
from crawler.families.generic import Generic
from crawler.families.gkmlpt import Gkmlpt
from crawler.families.gov_cn import GovCn
from crawler.families.hanweb_jcms import HanwebJcms
from crawler.families.hanweb_jpaas import HanwebJpaas
from crawler.families.hebei_uuid import HebeiUuid
from crawler.families.intertid import Intertid
from crawler.families.kaipu_ucap import KaipuUcap
from crawler.families.trs_igs import TrsIgs
from crawler.families.trs_was5 import TrsWas5
from crawler.families.trs_wcm import TrsWcm

FAMILIES: tuple[Family, ...] = (
    HanwebJpaas(),
    HanwebJcms(),
    KaipuUcap(),
    Gkmlpt(),
    TrsWas5(),
    TrsIgs(),
    GovCn(),
    Intertid(),
    AnhuiPublic(),
    HebeiUuid(),
    Class8(),
    ChannelX(),
    BodaVsb(),
    TrsWcm(),
    Generic(),
)

_BY_NAME = {family.name: family for family in FAMILIES}
SEARCHING: tuple[Searching, ...] = (HanwebJpaas(), HanwebJcms(), TrsIgs(), GovCn(), Generic())
"""Families with a search, in the order in which their signs are looked for."""

__all__ = [
    "FAMILIES",
    "Entry",
    "Family",
    "Listing",
    "ListingRequest",
    "NamedListing",
    "Page",
    "Searching",
    "named",
    "recognise",
    "searches",
]


def recognise(page: Page) -> Family | None:
    """The family that made a listing page, told from the page alone; None if none claims it."""
    return next((family for family in FAMILIES if family.recognises(page)), None)


def named(name: str | None) -> Family | None:
    """The family of a name; None for no name, or one that is not known any more."""
    return _BY_NAME.get(name or "")


def searches(page: Page, words: str) -> tuple[ListingRequest, ...]:
    """How a page lets its site be searched, by every family that sees a way; the best first."""
    found = (family.search(page, words) for family in SEARCHING)
    return tuple(request for request in found if request)

"""How each family shows a site: the mirror image of crawler.families."""

from __future__ import annotations

from crawler.simulator.content import Site
from crawler.simulator.looks.anhui_public import AnhuiPublicLook
from crawler.simulator.looks.base import Look
from crawler.simulator.looks.boda_vsb import BodaVsbLook
from crawler.simulator.looks.channel_x import ChannelXLook
from crawler.simulator.looks.class8 import Class8Look
from crawler.simulator.looks.generic import GenericLook
from crawler.simulator.looks.gkmlpt import GkmlptLook
from crawler.simulator.looks.gov_cn import GovCnLibraryLook, GovCnLook
from crawler.simulator.looks.hanweb_jcms import HanwebJcmsLook
from crawler.simulator.looks.hanweb_jpaas import HanwebJpaasLook
from crawler.simulator.looks.hebei_uuid import HebeiUuidLook
from crawler.simulator.looks.intertid import IntertidLook
from crawler.simulator.looks.kaipu_ucap import KaipuUcapJsonLook, KaipuUcapLook
from crawler.simulator.looks.trs_igs import TrsIgsLook
from crawler.simulator.looks.trs_was5 import TrsWas5Look
from crawler.simulator.looks.trs_wcm import TrsWcmLook

LOOKS: dict[str, type[Look]] = {
    "trs_wcm": TrsWcmLook,
    "hanweb_jcms": HanwebJcmsLook,
    "hanweb_jpaas": HanwebJpaasLook,
    "kaipu_ucap": KaipuUcapLook,
    "kaipu_ucap_json": KaipuUcapJsonLook,
    "boda_vsb": BodaVsbLook,
    "gkmlpt": GkmlptLook,
    "trs_was5": TrsWas5Look,
    "trs_igs": TrsIgsLook,
    "gov_cn": GovCnLook,
    "gov_cn_library": GovCnLibraryLook,
    "anhui_public": AnhuiPublicLook,
    "hebei_uuid": HebeiUuidLook,
    "intertid": IntertidLook,
    "channel_x": ChannelXLook,
    "class8": Class8Look,
    "generic": GenericLook,
}


def dress(site: Site) -> Look:
    """The site in the look its data names."""
    return LOOKS[site.look["family"]](site)

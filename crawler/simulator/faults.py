"""Faults on demand: one pretend portal for each way in which portals fail, the same for one seed.

Every portal has six reports in one column of two pages. A fault strikes one article (the seed says
which), the listing or the whole portal; either for a try or two (``passing``: nothing is lost), or
for good. ``names`` are those a crawl gives it; none where the portal is odd but all can be had.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from crawler.portals import HEADER, Portal, portal_of
from crawler.simulator.content import Article, Column, Site
from crawler.simulator.replies import PretendPortal, Reply, Request

YEARS = range(2019, 2025)
COLUMN = "xxgk/fzzfjsbg"
TEXT = (
    "{year}年，{place}坚持以法治思想为指导，扎实推进依法行政，现将法治政府建设情况报告如下。",
    "一、主要举措和成效",
    "全年办理行政复议案件{number}件，清理规范性文件{small}件，行政执法人员参加培训{large}人次。",
    "二、存在的不足和原因",
    "基层执法力量还不够强，个别部门执法程序还不够规范，普法的针对性有待提高。",
    "三、下一年度工作安排",
    "继续完善重大行政决策程序，加强对执法活动的监督，及时化解矛盾纠纷，抓好责任落实。",
)

Bend = Callable[["FaultyPortal", Request, Reply], Reply]
"""(portal, request, the good reply) to the reply that is sent."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way of failing."""

    id: str
    what: str
    """In a few words, for tables."""
    names: tuple[str, ...]
    bend: Bend
    passing: bool = False
    whole: bool = False
    """The portal as a whole is struck: no report can be had."""
    visits: int = 1
    scheme: str = "http"
    quirks: str = ""
    look: Mapping[str, str] = field(default_factory=dict)

    @property
    def portal_id(self) -> str:
        """Id of its pretend portal."""
        return f"fault-{self.id}"


class FaultyPortal(PretendPortal):
    """A site with a fault. What it does depends on the seed and on what was asked before."""

    def __init__(self, site: Site, fault: Fault, seed: int):
        super().__init__(site)
        self.fault = fault
        self.random = random.Random(f"{seed} {fault.id}")
        column = site.columns[-1]
        self.victim = self.random.choice(column.articles)
        self.path = self.look.path_of(column, self.victim)
        self.listing = self.look.column_path(column)
        self.second_page = self.look.column_path(column, 2)
        self.tries = self.random.choice((1, 2))
        """For how many tries a passing fault lasts."""
        self.times: Counter[str] = Counter()
        self.visit = 0

    def reply(self, request: Request) -> Reply:
        """The good reply, bent."""
        self.visit += request.target == "/robots.txt"
        self.times[request.target] += 1
        return self.fault.bend(self, request, super().reply(request))

    def strikes(self, request: Request) -> bool:
        """Whether this is a request for the victim, and the fault not passed yet."""
        if request.target != self.path:
            return False
        return not self.fault.passing or self.times[self.path] <= self.tries


def site_of(fault: Fault) -> Site:
    """The pretend portal of a fault."""
    place = f"试错县{fault.id}"
    host = f"www.{fault.id}.gov.test"
    base = f"{fault.scheme}://{host}/"
    row = dict.fromkeys(HEADER, "") | {
        **{"id": fault.portal_id, "name": f"{place}人民政府", "level": "county"},
        **{"base_url": base, "columns": f"{base}{COLUMN}/index.html", "quirks": fault.quirks},
    }
    look = {
        **{"family": "generic", "layout": "numbered", "charset": "utf-8", "declared": "utf-8"},
        **{"place": place, "site_name": place, "site_code": "9001210001"},
        **{"icp": "示ICP备20260121号", "security": "示公网安备 90012102000121号", "page_size": 4},
        **fault.look,
    }
    return Site(portal_of(row), look, _columns(place))


def _columns(place: str) -> tuple[Column, ...]:
    reports = tuple(_report(place, year) for year in reversed(YEARS))
    return (
        Column("xxgk", "信息公开", "xxgk", 0, None, ()),
        Column("fzzf", "法治政府建设年度报告", COLUMN, 0, "xxgk", reports),
    )


def _report(place: str, year: int) -> Article:
    numbers = {"number": year % 100 * 3, "small": year % 7 + 2, "large": year % 90 + 100}
    text = tuple(line.format(place=place, year=year, **numbers) for line in TEXT)
    title = f"{place}人民政府{year}年度法治政府建设情况报告"
    return Article(f"{place}-{year}", title, f"{year + 1}-03-1{year % 9} 09:30", text, report=True)


def row_of_fault(fault: Fault) -> Portal:
    """The registry's row for a faulty portal, which no file holds."""
    return site_of(fault).portal


def struck(reply: Callable[[FaultyPortal, Reply], Reply]) -> Bend:
    """A fault of the victim only: ``reply`` makes its answer of (portal, the good reply)."""
    return partial(_struck, reply)


def _struck(
    make: Callable[[FaultyPortal, Reply], Reply],
    portal: FaultyPortal,
    request: Request,
    good: Reply,
) -> Reply:
    return make(portal, good) if portal.strikes(request) else good

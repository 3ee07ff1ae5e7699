"""One pretend portal a family, built from a small description and served over real HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crawler.portals import HEADER, Portal
from crawler.portals import Column as KnownColumn
from crawler.simulator.content import Article, Column, Site
from crawler.simulator.here import ServedHere
from crawler.simulator.replies import PretendPortal
from crawler.simulator.server import Server

ROOT = Path(__file__).resolve().parents[2]
YEARS = range(2015, 2025)
REPORT = "{place}{year}年度法治政府建设情况报告"
NEAR_MISSES = (
    "{place}{year}年法治政府建设工作要点",
    "《{place}{year}年度法治政府建设情况报告》政策解读",
    "关于做好{place}{year}年度法治政府建设报告编报工作的通知",
)
"""Beside each report. With ten years, and ten entries a page, a column has four pages."""
LOOK = {
    **{"charset": "utf-8", "declared": "utf-8", "site_code": "9001210001", "page_size": 10},
    **{"icp": "示ICP备20260121号", "security": "示公网安备 90012102000121号"},
}


def site(portal_id: str, *, known_column: bool, **look: Any) -> Site:
    """A portal whose reports lie among near misses, two columns deep, with news beside them."""
    place = f"试验{portal_id}县"
    portal = Portal(portal_id, place, "county", None, f"http://www.{portal_id}.gov.test/")
    columns = (
        Column("gzdt", "工作动态", "gzdt", 100101, None, _news(portal_id)),
        Column("tzgg", "通知公告", "tzgg", 100102, None, _news(f"{portal_id}-t")),
        Column("zwgk", "政务公开", "zwgk", 100110, None, ()),
        Column("ndbg", "法治政府建设年度报告", "zwgk/fzzf", 100118, "zwgk", _column(portal_id)),
    )
    made = Site(portal, {**LOOK, "place": place, "site_name": place, **look}, columns)
    if not known_column:
        return made
    path = PretendPortal(made).look.column_path(columns[-1])
    known = (KnownColumn(f"http://www.{portal_id}.gov.test{path}"),)
    return Site(
        Portal(portal_id, place, "county", None, portal.base_url, known), made.look, columns
    )


def _column(portal_id: str) -> tuple[Article, ...]:
    found = []
    for year in YEARS:
        for index, title in enumerate((REPORT, *NEAR_MISSES)):
            name = title.format(place=f"试验{portal_id}县", year=year)
            text = f"编号{portal_id}-{year}-{index}。" + f"{year}年的工作情况和统计数据如下。" * 12
            published = f"{year + 1}-0{index + 1}-15 09:30"
            key = f"{portal_id}-{year}-{index}"
            found.append(Article(key, name, published, (text,), report=title == REPORT))
    return tuple(sorted(found, key=lambda article: article.published, reverse=True))


def _news(portal_id: str) -> tuple[Article, ...]:
    return tuple(
        Article(
            f"{portal_id}-n{day}",
            f"我县召开第{day}次调度会议",
            f"2025-03-{day:02} 10:00",
            ("略。" * 80,),
        )
        for day in range(28, 3, -1)
    )


class FamilyWorld(ServedHere):
    """A server of sites in a thread, and the seeds that know them."""

    def __init__(self, folder: Path, sites: list[Site]):
        self.sites = {each.portal.id: each for each in sites}
        self.seeds = folder / "seeds"
        (self.seeds / "portals").mkdir(parents=True)
        (self.seeds / "kinds").symlink_to(ROOT / "seeds" / "kinds")
        rows = [",".join(HEADER), *(_row(each.portal) for each in sites)]
        (self.seeds / "portals" / "families.csv").write_text("\n".join(rows), encoding="utf-8")
        super().__init__(Server({each.portal.host: PretendPortal(each) for each in sites}))


def _row(portal: Portal) -> str:
    columns = " ".join(column.url for column in portal.columns)
    return f'{portal.id},{portal.name},{portal.level},,{portal.base_url},"{columns}",,,'

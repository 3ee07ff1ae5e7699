"""Columns are found on sites that the rules were not written beside: other names on the way, slugs
that say nothing, no search, and columns that have the reports among many other things."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import pytest
from conftest import clean_environment
from family_world import LOOK

from crawler.portals import Portal, row_of
from crawler.simulator.content import Article, Column, Site
from crawler.simulator.here import ServedHere
from crawler.simulator.replies import PretendPortal
from crawler.simulator.server import Server

FAMILIES: tuple[dict[str, Any], ...] = (
    {"family": "generic", "layout": "numbered"},
    {"family": "trs_wcm"},
    {"family": "boda_vsb"},
    {"family": "hanweb_jcms", "webid": 3},
    {"family": "kaipu_ucap"},
)
SECTIONS = """
首页概况 领导之窗 机构设置 新闻中心 政务公开 办事服务 互动交流 数据开放 走进本地
专题专栏 招商引资 乡镇街道 部门网站
"""
OTHERS = """
今日要闻 部门动态 乡镇动态 图片新闻 视频新闻 媒体聚焦 通知公告 规范性文件 政策解读
规划计划 财政信息 部门预算 部门决算 三公经费 行政许可 行政处罚 行政执法公示
人事信息 招考录用 政府采购 重大项目 应急管理 食品安全 环境保护 医疗卫生 教育信息
社会救助 征地拆迁 建议提案 政府工作报告 统计公报 信息公开指南 信息公开制度
信息公开年报 依申请公开 双公示 乡村振兴 优化营商环境 扫黑除恶 安全生产 主题教育
在线访谈 意见征集 网上调查 县长信箱 权责清单 减税降费 公共资源交易 国有企业
"""
WAYS: tuple[tuple[str, int, str], ...] = (
    ("政务公开 > 法定主动公开内容 > 法治政府建设", 1, "{place}召开{year}年第{n}次依法治县会议"),
    ("专题专栏 > 法治政府建设专题 > 年度报告", 2, "{place}{year}年法治宣传活动情况（{n}）"),
    ("政务公开 > 重点领域信息公开 > 依法行政", 1, "{place}召开{year}年第{n}次依法治县会议"),
    ("部门网站 > 县司法局 > 工作报告", 3, "{place}司法局{year}年第{n}次会议"),
    ("政务公开 > 政策文件 > 其他文件", 16, "{place}关于印发{year}年第{n}号方案的通知"),
    ("新闻中心 > 公示公告", 14, "{place}{year}年第{n}号公告"),
    ("政务公开 > 年度报告", 1, "{place}{year}年政府信息公开工作年度报告"),
    ("专题专栏 > 法治建设 > 年度工作报告", 0, ""),
    ("政务公开 > 规划总结", 4, "{place}{year}年第{n}项计划"),
    ("政务公开 > 法定主动公开内容 > 履职依据 > 法治政府建设情况", 1, "{place}{year}年第{n}次会议"),
    ("政务公开 > 政府信息公开 > 基础信息公开 > 工作总结", 4, "{place}{year}年第{n}号工作总结"),
    ("政务公开 > 综合政务 > 部门文件", 12, "{place}{year}年第{n}号文"),
)
"""The way to the reports; how many other things a year are listed with them, and as what."""
YEARS = range(2017, 2025)


class Builder:
    """Builds the portal of one way."""

    def __init__(self, number: int):
        self.random = Random(number)
        self.id = f"other{number:02}"
        self.place = f"别样{number}县"
        self.columns: list[Column] = []

    def add(self, key: str, name: str, under: str | None, articles: list[Article]) -> None:
        number = 200_100 + 7 * len(self.columns)
        slug = f"c{number}" if under is None else f"x{number % 977}/c{number}"
        newest = sorted(articles, key=lambda article: article.published, reverse=True)
        self.columns.append(Column(key, name, slug, number, under, tuple(newest)))

    def article(self, title: str, year: int, *, report: bool = False) -> Article:
        month, day = 1 + self.random.randrange(4), 10 + self.random.randrange(18)
        key = f"{self.id}-{title}"
        text = f"编号{key}。" + "推进各项工作，加强监督，抓好落实。" * 14
        return Article(key, title, f"{year + 1}-0{month}-{day} 09:30", (text,), report=report)

    def others(self, name: str, count: int) -> list[Article]:
        titles = (f"{self.place}{name}第{index}期情况" for index in range(count))
        return [self.article(title, 2024 - index // 6) for index, title in enumerate(titles)]

    def reports(self, many: int, title: str) -> list[Article]:
        found = []
        for year in YEARS:
            name = f"{self.place}人民政府{year}年度法治政府建设情况报告"
            found.append(self.article(name, year, report=True))
            for n in range(1, many + 1):
                beside = title.format(place=self.place, year=year, n=n)
                found.append(self.article(beside, year))
        return found

    def site(self, way: str, many: int, title: str, look: dict[str, Any]) -> Site:
        for section in SECTIONS.split():
            self.add(section, section, None, [])
        for name in self.random.sample(OTHERS.split(), len(OTHERS.split())):
            news = self.others(name, self.random.randrange(3, 40))
            self.add(f"{name}-", name, self.random.choice(SECTIONS.split()), news)
        section, *steps = way.split(" > ")
        under = section
        for depth, name in enumerate(steps, 1):
            key, last = f"{under}/{name}", depth == len(steps)
            self.add(key, name, under, self.reports(many, title) if last else [])
            for other in self.random.sample(OTHERS.split(), 12):
                self.add(f"{depth}{other}", other, under, self.others(f"{other}{depth}", 5))
            under = key
        host = f"www.{self.id}.gov.test"
        portal = Portal(self.id, f"{self.place}人民政府", "county", None, f"http://{host}/")
        named = {"place": self.place, "site_name": self.place, "page_size": 15}
        return Site(portal, {**LOOK, **named, **look}, tuple(self.columns))


SITES = [
    Builder(number).site(*way, FAMILIES[number % len(FAMILIES)]) for number, way in enumerate(WAYS)
]
CRAWLS = """
import asyncio, json, sys
from crawler.portals import portal_of
from crawler.crawl import run_in_reactor
from crawler.rehearsal import rehearse
rows, settings = json.loads(sys.argv[1]), json.loads(sys.argv[2])
async def main():
    return await asyncio.gather(*(rehearse(portal_of(row), settings) for row in rows))
print(json.dumps({
    done.portal: [done.outcome.requests, [page.title for page in done.pages]]
    for done in run_in_reactor(main)
}))
"""


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[int, set[str]]]]:
    """Requests and titles of what was kept, by portal."""
    home: Path = tmp_path_factory.mktemp("others")
    served = ServedHere(Server({site.portal.host: PretendPortal(site) for site in SITES}))
    settings = {"FAZHI_SIMULATOR": served.address, "FAZHI_DELAY": 0}
    rows = json.dumps([row_of(site.portal) for site in SITES])
    done = subprocess.run(
        [sys.executable, "-c", CRAWLS, rows, json.dumps(settings)],
        capture_output=True,
        env=clean_environment(FAZHI_HOME=str(home)),
        cwd=home,
        timeout=240,
        check=False,
    )
    served.stop()
    assert done.returncode == 0, done.stderr.decode()
    yield {
        portal: (asked, set(titles)) for portal, (asked, titles) in json.loads(done.stdout).items()
    }


@pytest.mark.parametrize("site", SITES, ids=[way.replace(" ", "") for way, *_ in WAYS])
def test_the_reports_are_found_whatever_the_places_on_the_way_are_called(
    crawled: Any, site: Site
) -> None:
    asked, titles = crawled[site.portal.id]
    there = {report.title for report in site.reports}
    assert len(there) == len(YEARS)
    assert there <= titles
    assert asked <= 60


def test_half_of_the_portals_cost_at_most_40_requests(crawled: Any) -> None:
    assert median(asked for asked, _ in crawled.values()) <= 40


def test_little_is_fetched_that_is_no_report(crawled: Any) -> None:
    there = {report.title for site in SITES for report in site.reports}
    taken = {title for _, titles in crawled.values() for title in titles if title}
    assert len(taken - there) <= 0.05 * len(there)

"""The pretend portals' content: enough of it, consistent, and no real government's."""

from __future__ import annotations

import csv
import re
from difflib import SequenceMatcher
from itertools import combinations

import pytest

from crawler.screening import TitleRules
from crawler.seeds import SEEDS
from crawler.simulator.content import Article, load_sites
from crawler.simulator.looks import dress

SITES = load_sites()
REPORTS = [report for site in SITES for report in site.reports]


def divisions() -> list[dict[str, str]]:
    with (SEEDS / "demo" / "divisions.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_there_are_portals_of_every_family_and_level() -> None:
    families = [site.look["family"] for site in SITES]
    assert min(families.count(name) for name in set(families)) >= 2
    assert len({site.portal.level for site in SITES}) >= 6
    assert {site.look["charset"] for site in SITES} == {"utf-8", "gb18030"}


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.key)
def test_a_report_has_the_structure_real_ones_have(report: Article) -> None:
    text = "\n".join(report.paragraphs)
    assert 600 <= len(text) <= 1500
    assert re.search(r"(^|\n)一、", text)
    assert re.search("问题|不足|差距|短板", text)
    assert re.search("下一?步|计划|打算|安排|思路|方向|重点", text[-400:])
    assert len(re.findall(r"\d+(\.\d+)?", text)) >= 25
    assert TitleRules.load().judge(report.title).kind == "report"


def test_there_are_eighteen_to_thirty_reports_over_five_years_and_no_two_alike() -> None:
    assert 18 <= len(REPORTS) <= 30
    assert {report.date[:4] for report in REPORTS} >= {"2022", "2023", "2024", "2025", "2026"}
    for one, other in combinations(REPORTS, 2):
        likeness = SequenceMatcher(None, "".join(one.paragraphs), "".join(other.paragraphs))
        assert likeness.quick_ratio() < 0.9, (one.key, other.key)
        assert not set(one.paragraphs) & set(other.paragraphs) - {"特此报告。"} or all(
            len(line) < 40 for line in set(one.paragraphs) & set(other.paragraphs)
        )


def test_divisions_are_in_the_ranges_that_are_never_assigned() -> None:
    known = {row["adcode"]: row for row in divisions()}
    for row in known.values():
        assert row["adcode"].startswith(("90", "91", "92"))
        assert row["parent_adcode"] in known or row["level"] == "province"
    for site in SITES:
        assert site.portal.adcode in known
        assert site.look["site_code"].startswith(site.portal.adcode)


def test_every_listed_address_leads_to_a_page() -> None:
    for site in SITES:
        look = dress(site)
        pages = look.pages()
        for column in site.columns:
            for article in column.articles:
                assert look.path_of(column, article) in pages


def test_a_page_has_the_chrome_of_a_portal() -> None:
    site = next(site for site in SITES if site.portal.id == "demo-shifan")
    look, column = dress(site), site.column("ndbg")
    page = look.article_page(column, site.reports[0])
    for mark in (
        *("当前位置", "字号", "大</a>", "扫一扫", "打印", "关闭窗口", "相关解读", "网站标识码"),
        *(
            "示ICP备",
            "索 引 号",
            "发文字号",
            "发布机构",
            "发文日期",
            'name="PubDate"',
            "TRS_Editor",
        ),
        *('name="SiteName"', 'name="ContentSource"'),
    ):
        assert mark in page, mark

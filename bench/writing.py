"""Reports for the benches: of one shape, as the law asks, and each of its own words.

Sentences are put together from words of two characters by a seeded chance, so that two reports
share hardly more than their headings: a nation's reports are not copies of each other.
"""

from __future__ import annotations

import random


def _pairs(text: str) -> list[str]:
    return [text[n : n + 2] for n in range(0, len(text), 2)]


THINGS = _pairs(
    "政务法规规章文件决策合同执法监管许可处罚复议应诉调解信访普法公证仲裁村居社区企业"
    "市场环境交通水利农业教育医疗住房税费招标财政审计档案数据平台窗口热线清单标准流程"
    "队伍干部律师专家顾问证件材料案件线索风险责任制度机制权限程序记录公示评估备案裁量"
)
DOINGS = _pairs(
    "推进完善梳理清理修订公布审查备案评查督察考核培训宣传整合下放取消简化压缩受理办结"
    "纠正化解调处走访约谈通报整改核查抽查公示听证论证征求采纳落实健全规范优化建成开通"
)
WAYS = _pairs("持续全面逐项分批依法按季联合重点统一集中及时深入从严稳步同步定期专项主动就近线上")
UNITS = ("件", "次", "项", "人次", "场", "份", "户", "名", "条", "宗")
PARTS = {
    "一、主要工作和成效": (
        "依法履行政府职能",
        "完善依法行政制度",
        "推进科学民主决策",
        "规范公正文明执法",
        "化解社会矛盾纠纷",
        "强化权力监督制约",
    ),
    "二、存在的问题": ("能力建设还有差距", "执法规范还有不足"),
    "三、下一年度工作安排": ("抓住关键少数", "夯实基层基础", "提升服务水平"),
}
SENTENCES = 9
"""A paragraph; so many make a report of some five thousand characters, as many counties write."""


def report(number: int, issuer: str, year: int) -> tuple[str, list[str]]:
    """Title and paragraphs of a body's report; the same ``number`` is written the same way."""
    chance = random.Random(number)
    opening = f"{year}年，{issuer}坚持以习近平法治思想为指导，{_sentence(chance)}"
    lines = [f"{opening}现将{year}年度法治政府建设情况报告如下："]
    for heading, topics in PARTS.items():
        lines.append(heading)
        for place, topic in enumerate(topics):
            told = "".join(_sentence(chance) for _ in range(SENTENCES))
            lines.append(f"（{'一二三四五六'[place]}）{topic}。{told}")
    return f"{issuer}{year}年度法治政府建设情况报告", lines


def _sentence(chance: random.Random) -> str:
    """Four clauses."""
    return "，".join(_clause(chance) for _ in range(4)) + "。"


def _clause(chance: random.Random) -> str:
    what = "".join(chance.sample(THINGS, 2))
    said = f"{chance.choice(WAYS)}{chance.choice(DOINGS)}{what}"
    if chance.random() < 0.4:
        said += f"{chance.randint(2, 4000)}{chance.choice(UNITS)}"
    return said

"""A title that may be a report's is the document's title; whether it is one, its text says."""

from __future__ import annotations

from ingest.extract import Rules, extract
from ingest.records import Record, Verdict

RULES = Rules.load()
OF_A_TOWNSHIP = """云岭县青石镇2023年度依法行政工作总结

2023年，青石镇扎实推进依法行政，现将一年来工作总结如下：
一、主要做法
全年审查合同31份，开展合法性审查12件，镇法律顾问参与决策6次。
二、存在的问题
执法力量还有不足，学法用法的主动性还不够强。
三、下一步打算
继续加强执法人员培训。

云岭县青石镇人民政府
2024年1月8日
"""
OF_A_TRADE = """云岭县财政局2023年度法治财政建设情况报告

2023年，县财政局把法治要求贯穿财政管理全过程。现将有关情况报告如下：
一、工作开展情况
局党组专题研究法治工作4次，主要负责人履行第一责任人职责。
二、存在问题
一是执法力量薄弱；二是普法形式单一。
三、2024年工作计划
健全内部控制制度。

云岭县财政局
2024年1月20日
"""
NEWS = """云岭县公安局2023年法治公安建设工作情况

记者从县公安局了解到，全局以执法规范化为抓手，民警的法治素养有了提升。
全年组织旁听庭审4次，群众对执法工作的满意度继续上升。
"""


def read(text: str) -> Record:
    return extract(text.encode(), name="a.txt", url=None, media_type=None, rules=RULES)


def test_a_townships_summary_of_administration_by_law_is_a_report_under_its_own_title() -> None:
    record = read(OF_A_TOWNSHIP)
    assert record.verdict is Verdict.REPORT
    assert record.verdict_reason.startswith("body:maybe-administration-by-law+")
    assert record.title == "云岭县青石镇2023年度依法行政工作总结"
    assert record.body is not None
    assert record.body.startswith("2023年，青石镇")


def test_a_report_named_after_the_bodys_trade_is_a_report() -> None:
    record = read(OF_A_TRADE)
    assert record.verdict is Verdict.REPORT
    assert (record.report_year, record.issuer) == (2023, "云岭县财政局")


def test_the_same_text_under_another_title_never_speaks_of_the_subject() -> None:
    text = OF_A_TRADE.replace("法治财政建设情况报告", "财政监督情况报告")
    assert read(text).verdict is Verdict.NOT_REPORT


def test_news_under_such_a_title_is_none() -> None:
    record = read(NEWS)
    assert record.verdict is Verdict.NOT_REPORT
    assert record.verdict_reason == "no_sign_of_a_report"

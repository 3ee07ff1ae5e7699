"""Records of invented reports with indicators."""

from __future__ import annotations

from typing import Any

from ingest.records import Indicator, Record, Region, Verdict

BODY = "全年办理行政处罚案件近200件,负责人出庭应诉率98.5%。"
COUNTY = Region("130534", "清河县", ("河北省", "邢台市", "清河县"), "county")


def make_record(year: int, penalties: float, **changes: Any) -> Record:
    """A report of the county with two indicators."""
    penalty = Indicator(
        *("penalty_cases_total", penalties, "件", "近", "this_year", BODY[2:15], 2, 15, "penalty")
    )
    rate = Indicator(
        *("head_appearance_rate", 98.5, "%", None, "this_year", BODY[16:28], 16, 28, "rate")
    )
    fields: dict[str, Any] = {
        "input": f"{year}.txt",
        "url": None,
        "kind": "fazhi",
        "verdict": Verdict.REPORT,
        "verdict_reason": "invented",
        "title": f"清河县{year}年度法治政府建设情况报告",
        "report_year": year,
        "issuer": "清河县人民政府",
        "region": COUNTY,
        "body": BODY,
        "indicators": (penalty, rate),
    }
    return Record(**{**fields, **changes})

"""What time and whose a number is: this year's achievement, or something else.

A number that is no achievement of the body and year reported on is told by ``aside_reason``; the
period of one that is by ``period``.
"""

from __future__ import annotations

import re
from enum import StrEnum

from ingest.figures.clauses import left_behind
from ingest.figures.mentions import Mention
from ingest.figures.numerals import han_value


class Scope(StrEnum):
    """Whose and when a number is."""

    OWN = "own"
    CHANGE = "change"
    PREVIOUS = "previous"
    TARGET = "target"
    OTHER = "other"
    SHARE = "share"


CLOSE = 28
"""Characters before a number in which it is said that it is a change."""
_GROW = (
    "增长|增加|增幅|增多|上升|提高|提升|下降|降低|降幅|减少|减幅|压缩|压减|缩短|缩减|回落|上涨|"
    "上浮|下浮|多出|翻番|(?<!新)增|降|升|减|精简|节约|节省|高出|高|低|多|少"
)
_CHANGE = re.compile(rf"(?:{_GROW})(?:了|幅度?|率)*(?:近|约|超过?|达到?|逾|至少|至多)?\s?$")
_ARRIVED = re.compile(r"(?:至|到|为|达|成)(?:了|近|约)?\s?$")
_COMPARED = re.compile(
    r"(?:同比|环比|[较比](?:上|去|前|往)(?:一年度?|年同期|年度?|期)|[较比]20\d\d年|[较比]同期|"
    r"同期相比|相比)[^，,]{0,10}$"
)
_BEYOND = re.compile(
    r"(?:高于|低于|超过|超出|优于)[^，,]{0,12}(?:平均|目标)|(?:平均水?平?|均值)[^，,]{0,4}$"
    r"|(?:权重|分值)[^，,]{0,6}$"
)
_OTHERS = re.compile(
    r"(?:全国|全省|全市|全区|上级|省级|市级)平均|全国(?:各级)?法院|国务院各?部门|最高人民法院|最高法|省(?:高级人民法院|高院|法院)|(?:各)?(?:县|区)[(（]?(?:市|区|旗)?[、)）]*(?:市|区|旗)?"
    r"(?:级)?(?:政府|行政复议机[关构])[^，,]{0,6}累计"
)
_AVERAGE = re.compile(r"(?:[人户日月年]均|平均每|每(?:十?万|百|千)?[人户名])[^，,]{0,14}$")
"""人均办案超过40件: of no body's own."""
_AMONG = re.compile(r"(?:案件|复议案件|申请)?(?:中|里)")
"""结案的85件中: said before, and only taken up again."""
_TARGET = re.compile(
    r"力争|争取|力求|目标|拟(?![定订废签提以由制印发报上审送任]|出台)|计划(?!生育|单列)(?:组织|开展|举办|完成|到|于|在|新增)|"
    r"到20[2-9]\d年底?[,，]?(?:将|要|力争|实现|全[市县区省])|不少于|下一步|明年|要求[^，,]{0,20}(?:不低于|达到)"
)
_BOUNDS = frozenset({"不低于", "不超过", "至少"})
_DEMAND = re.compile(r"要求|规定|应当|应(?!诉)|须|确保|原则上")
"""规定出庭应诉率不低于90%: what a rule demands of others."""
_MISSED = re.compile(r"(?:未|没有|尚未|仍未)能?(?:达到?|实现|做到|完成)[^，,]{0,4}$|低于\s?$")
"""出庭应诉率未达到100%: a mark that was missed tells no value."""
_SHARE = re.compile(r"占[^，,]{0,14}$")
_YEAR = re.compile(
    r"\s?(?:其中|而|在|于|全[省市县区])?(?:(20\d\d)(?:年(?!以?来)|(?=总共|共|全年))|"
    r"(?:去年|上年|上一年)(?!度?[结末底]|以来))"
)
_YEAR_FIRST = re.compile(r"\s?(?:(20\d\d)年度?(?:全年)?|去年|上年|上一年度?)[，,]")
"""A sentence that begins with a year is all of that year, until another is named."""
_YEAR_NAMED = re.compile(r"20\d\d年|今年|本年|当年|目前|截至")
_WHOLE = re.compile(r"全[省市州盟区]|各[县区市]|两级")
_MEMBER = re.compile(
    r"\s?(?!全|我|本|该|各)[\u4e00-\u9fff]{2,3}(?<!全)[区县市旗](?:司法局|政府)?"
    r"(?=(?:共|已|新)?(?:受理|收到|审结|办结|办理|化解|调解))"
)
"""One of the places that a total before is made of: 全市受理520件，云岭县受理88件."""
_CARRY = re.compile(r"结转|未结|遗留")

_MONTHS = re.compile(
    r"(?:(?P<half>上半年|下半年)|前(?P<quarters>[一二两三])个?季度|(?P<quarter>第?[一二三四]季度)|"
    r"1(?:月份?)?\s?[-—–~至到－～]{1,2}\s?(?P<until>\d{1,2})月)"
)
_LASTING = re.compile(
    r"(?:连续|已连续|持续)(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3})(?P<unit>个月|年|个季度)"
)
_SO_FAR = re.compile(r"截至|截止|迄今|目前|现有|已有|共有|现共|累计已|(?<!年)以来|启动以来")
_OF_YEAR = re.compile(r"(?:今年|本年度?|20\d\d年)以来|(?:今年|全年|本年度?|20\d\d年度?)共有")
"""今年以来, 2024年共有 tell of this year, though 以来 and 共有 alone do not."""
_SINCE = re.compile(
    r"(?:自(?![行主查愿然动助我身媒])|从(?![严重快业事]))[^，,。]{2,30}(?:以来|(?<![\d余多])起)|[三四五六七八九十两近](?:年|余年)来|历年"
)
_ADDED_UP = re.compile(r"累计")
_THIS_YEAR = re.compile(r"全年|今年|本年|年内|一年来|年度|20\d\d年(?:以来)?")
_AFRESH = re.compile(r"^\s*(?:全年|今年|本年|年内|当年)")
"""A clause that begins so is of this year, whatever was said before: 现有人员23名，全年办案96件."""
_EVENT = re.compile(
    r"(?:活动|宣传|专项|集中|比赛|展览)期间|宣传[周月](?:活动)?(?:期间|中|，|,|里)|"
    r"(?:周|月|日|节)期间|主题宣传[月周]"
)
_EVENT_OFF = re.compile(r"全年|全[市县区省]共|20\d\d年")


def scope(text: str, mention: Mention, year: int | None) -> Scope:
    """Whose and when. ``year`` is the year reported on."""
    number = mention.number
    before = text[slice(*mention.before)]
    close = before[-CLOSE:]
    label = text[slice(*mention.label)] if mention.label else ""
    if number.unit in {"个百分点", "百分点"}:
        return Scope.CHANGE
    if left_behind(text, mention.clause, number):
        return Scope.PREVIOUS
    if _CHANGE.search(close) or (_COMPARED.search(close) and not _ARRIVED.search(close)):
        return Scope.CHANGE
    if before.endswith("的") and _AMONG.match(text, number.end):
        return Scope.OTHER
    lead = text[mention.clause[0] : number.start]
    if _OTHERS.search(before) or _BEYOND.search(before) or _AVERAGE.search(before):
        return Scope.OTHER
    if _TARGET.search(lead) or number.qualifier == "不少于":
        return Scope.TARGET
    if _MISSED.search(close) or (number.qualifier in _BOUNDS and _DEMAND.search(lead)):
        return Scope.TARGET
    if _another_year(label + before, year) or _of_year_before(text, mention, year):
        return Scope.PREVIOUS
    if _MEMBER.match(before) and _WHOLE.search(text, mention.sentence[0], mention.clause[0]):
        return Scope.OTHER
    return Scope.SHARE if is_share(text, mention) else Scope.OWN


def is_share(text: str, mention: Mention) -> bool:
    """Whether a percentage is the share of something: 占审结案件的44%."""
    return mention.number.unit == "%" and bool(_SHARE.search(text[slice(*mention.before)]))


def _another_year(said: str, year: int | None) -> bool:
    """Whether the number's own words name a year other than the one reported on."""
    if _CARRY.search(said):
        return False
    match = _YEAR.match(said)
    if match is None:
        return False
    return match[1] is None or (year is not None and int(match[1]) < year)


def _of_year_before(text: str, mention: Mention, year: int | None) -> bool:
    """Whether the sentence begins with a year before the one reported on, and names no other up to
    the number: 2023年，全县受理77件."""
    match = _YEAR_FIRST.match(text, mention.sentence[0], mention.number.start)
    if match is None or (match[1] and (year is None or int(match[1]) >= year)):
        return False
    return _YEAR_NAMED.search(text, match.end(), mention.number.start) is None


def period(text: str, mention: Mention) -> str:
    """``this_year``, ``cumulative``, ``months:N``, ``years:N`` or ``event``, by what is said in
    the sentence up to the number."""
    number = mention.number
    own = text[mention.clause[0] : number.start]
    lasting = _LASTING.search(text[mention.clause[0] : mention.clause[1]])
    if lasting and number.unit == "%":
        count = lasting["count"]
        length = int(count) if count.isdigit() else int(han_value(count) or 0)
        unit = lasting["unit"]
        months = length * 3 if unit == "个季度" else length
        return f"years:{length}" if unit == "年" else f"months:{months}"
    said = text[mention.sentence[0] : number.start]
    months_said = _months(said)
    if months_said is not None:
        return months_said
    event = _last(_EVENT, said) if "期间" in said or "宣传" in said else None
    if event is not None and not _EVENT_OFF.search(said, event.end()):
        return "event"
    if _SINCE.search(said) or (not _AFRESH.search(own) and _so_far(said)):
        return "cumulative"
    if _ADDED_UP.search(own) and not _THIS_YEAR.search(said):
        return "cumulative"
    return "this_year"


def _so_far(said: str) -> bool:
    return bool(_SO_FAR.search(_OF_YEAR.sub("", said)))


def _months(said: str) -> str | None:
    told = "月" in said or "季度" in said or "半年" in said
    match = _last(_MONTHS, said) if told else None
    if match is None:
        return None
    if match["half"]:
        return "months:6"
    if match["quarters"]:
        return f"months:{int(han_value(match['quarters']) or 0) * 3}"
    if match["quarter"]:
        return "months:3"
    until = int(match["until"])
    return None if until == 12 else f"months:{until}"


def _last(pattern: re.Pattern[str], said: str) -> re.Match[str] | None:
    return next(reversed(list(pattern.finditer(said))), None)

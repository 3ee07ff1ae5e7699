"""Who reports, and on which year: by the title, the opening, the signature and the index table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from ingest.bounds import CLOSING
from ingest.pieces import Cleaned, Place
from ingest.shapes import squeeze
from ingest.signature import is_signer, set_close, split_signature
from ingest.titles import Chosen

SHORTEST_NAME = 5
"""Characters of a body's name on a line of its own."""
ANNOUNCED = 300
"""Characters of the opening in which a report says what it reports."""
_YEAR = re.compile(
    r"(?<!\d)(?P<year>20[0-4]\d|二[〇○零][〇○零一二三四]?[〇○零一二三四五六七八九])\s*年?度?"
)
_YEAR_OF_REPORT = re.compile(
    r"(?<!\d)(?P<year>20[0-4]\d|二[〇○零][〇○零一二三四][〇○零一二三四五六七八九])\s*(?:年度|年)"
)
_RANGE = re.compile(r"20\d{2}\s*年?\s*[-—–~～至]+\s*20\d{2}\s*年")
_BODY = (
    r"人民政府办公室|人民政府|政府办公厅|政府办公室|政府办|政府|管理委员会|工作委员会|管委会|党工委|委员会|办事处"
    r"|办公厅|办公室|总局|分局|监督局|管理局|局|厅|部|署|院|委|处|中心|党组|党委|大队|支队|总队|研究室|司|集团"
)
_LEAD = re.compile(
    r"^(?:(?:20\d{2}|二[〇○零][〇○零一二三四][〇○零一二三四五六七八九])年度?|关于(?:报送)?)+"
)
"""What may stand before the issuer in a title: 2023年云岭县人民政府…, 关于云岭县司法局2023年…"""
_ISSUER = re.compile(
    rf"(?P<issuer>[\u4e00-\u9fff（）()·、\s]{{0,60}}?(?:{_BODY})(?:[（(][^）)]{{1,20}}[）)])?)"
    r"(?=\s*(?:关于|20\d{2}|二[〇○零]|推进|法治|依法行政|年度|上年|报送|呈报))"
)


_ANNOUNCED = re.compile(
    r"(?:现将|现就|现把)[^。；]{0,40}?(?P<year>20[0-4]\d)\s*年度?[^。；\d]{0,40}"
    r"(?:报告|公布|公开|公示|汇报|总结)"
    r"|(?P<own>20[0-4]\d)\s*年度?[^。；\d，,]{0,30}(?:报告|公布|公示|汇报|总结)如下"
)
"""What a report without a year in its title says of itself: 现将云岭县2023年…报告公布如下."""
_OURS = re.compile(r"[我本][\u4e00-\u9fff]{1,3}")
"""关于我局2024年度…: the signature says which."""
_PLACE = re.compile(r"[省市县区州盟旗镇乡]|街道|国家|中央")
_PLACELESS = re.compile(r"[省市县区州盟旗](?:级|直)?[\u4e00-\u9fff]{1,12}[局委办厅会]")
"""A body named without its place, as its own site does: 市人社局."""


def choose_year(title: str | None, paragraphs: Sequence[str], latest: date | None) -> Chosen[int]:
    """The year reported on: as the title says, else as the opening does.

    Of several years (a report with the plan for the next year) it is the first that is not after
    ``latest``, the day the document is signed or published.
    """
    for text, where in ((title or "", "title"), (_opening(paragraphs), "opening paragraph")):
        found = _YEAR_OF_REPORT.finditer(_RANGE.sub("", text))
        years = list(dict.fromkeys(_year_number(match["year"]) for match in found))
        past = [year for year in years if latest is None or year <= latest.year]
        if past or (len(years) == 1 and where == "title"):
            return Chosen((past or years)[0], where)
    return Chosen(None, "no year in title or opening")


def _opening(paragraphs: Sequence[str]) -> str:
    """The opening, if it begins with the year, or the words in which it says what it reports: any
    other year may be that of a plan or a law."""
    first = paragraphs[0][:12] if paragraphs else ""
    if _YEAR.match(first):
        return first
    announced = _ANNOUNCED.search("".join(paragraphs[:1])[:ANNOUNCED])
    return f"{announced['year'] or announced['own']}年" if announced else ""


def _year_number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    digits = {"〇": "0", "○": "0", "零": "0"} | {
        c: str(i) for i, c in enumerate("零一二三四五六七八九")
    }
    return int("".join(digits[character] for character in text))


def choose_issuer(title: str | None, cleaned: Cleaned, table_issuer: str | None) -> Chosen[str]:
    """The body in whose name the report is made: by the title, the signature, the index table."""
    match = _ISSUER.match(_LEAD.sub("", squeeze(title or "")))
    signer, _ = find_signature(cleaned.paragraphs)
    named = match["issuer"] if match else ""
    if named and not _OURS.fullmatch(named):
        for full, where in ((signer, "signature"), (table_issuer, "index table")):
            if full and _is_short_for(named, full):
                return Chosen(full, f"title, in full by the {where}")
        return Chosen(named, "title")
    if signer:
        return Chosen(signer, "signature")
    if headed := _signer_below_title(cleaned):
        return Chosen(headed, "line below the title, with the date")
    if table_issuer:
        return Chosen(table_issuer, "index table")
    return Chosen(None, "no body named in title, signature or index table")


def _signer_below_title(cleaned: Cleaned) -> str | None:
    """Who made a document that says so below its title, with the day in the next line, as reports
    to an assembly do: 云岭县水利局, （2025年2月20日）."""
    above = None
    for piece in cleaned.pieces:
        if piece.place is Place.BODY:
            return None
        signature = split_signature(piece.text)
        named = above is not None and len(above) >= SHORTEST_NAME and is_signer(above)
        if signature is not None and not signature[0] and above is not None and named:
            return set_close(above)
        above = piece.text if piece.place is Place.REMOVED else None
    return None


def _is_short_for(short: str, full: str) -> bool:
    """Whether a name without its place stands for another that adds it: 市人社局 for
    清河市人力资源和社会保障局, 财政局 for 云岭县财政局."""
    if len(full) < len(short) + 2:
        return False
    if _PLACELESS.fullmatch(short):
        rest = iter(full)
        return all(character in rest for character in short)
    return full.endswith(short) and _PLACE.search(short) is None


def find_signature(paragraphs: Sequence[str]) -> tuple[str | None, date | None]:
    """(signer, date) at the end of the body; either may be missing."""
    if not paragraphs:
        return None, None
    signature = split_signature(paragraphs[-1])
    if signature is None:
        last = paragraphs[-1]
        named = len(paragraphs) > 1 and len(last) >= 5 and is_signer(last)
        return (set_close(last), None) if named else (None, None)
    signer, signed = signature
    if not signer and len(paragraphs) > 1 and is_signer(paragraphs[-2]):
        signer = set_close(paragraphs[-2].strip())
    return signer or None, signed


def signed_on(paragraphs: Sequence[str]) -> date | None:
    """The day of the signature at the end, or of a covering letter's when the report has none."""
    _, signed = find_signature(paragraphs)
    if signed is not None:
        return signed
    for index, paragraph in enumerate(paragraphs):
        signature = split_signature(paragraph)
        if signature and (signature[0] or (index and is_signer(paragraphs[index - 1]))):
            return signature[1]
    return None


def text_end(paragraphs: Sequence[str]) -> int:
    """Offset in the body where the closing words (特此报告) or the signature begin."""
    kept = len(paragraphs)
    signer, signed = find_signature(paragraphs)
    if signer is not None or signed is not None:
        kept -= 2 if kept > 1 and paragraphs[-2] == signer else 1
    while kept and CLOSING.match(paragraphs[kept - 1]):
        kept -= 1
    offset = sum(len(paragraph) + 1 for paragraph in paragraphs[:kept])
    return offset if kept < len(paragraphs) else max(0, offset - 1)

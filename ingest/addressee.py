"""The addressee (主送机关): to whom a report is made, in a line of its own that ends in a colon."""

from __future__ import annotations

import re

LONGEST = 100
"""Characters of an addressee; a dozen bodies have been named in one."""

SHORTEST_OPENING = 20
"""Characters of a paragraph that stands in the addressee's line."""

_COLON = re.compile(r"[：:]")
_PART = re.compile(r"[、，,;；]|(?<=[委府局会办厅])[和及与并暨](?=[省市区县州盟旗中各])")
_BODY = re.compile(
    r"(?:中央|国务院|政府|委|委员会|党委|党工委|常委会|人大|政协|办|办公室|办公厅|厅|局|部|院|组|小组|会|中心|处|署|司|股|法[制规治]科|[大支总]队"
    r"|单位|部门|机构|街道|乡镇|[市县区镇乡州盟旗]|同志|领导|代表|委员|主任|副主任|秘书长|市长|县长|区长|书记"
    r"|政府办|依法治[国省市县区]办)(?:[（(][^）)]{1,30}[）)])?"
)
_TALK = re.compile(
    r"如下|以下|情况|报告|方面|内容|包括|主要|目标|总结|一是|存在|[\d。！？《》“”\"]"
)


def is_addressee(text: str) -> bool:
    """Whether a line names bodies or persons from end to end, and ends in a colon."""
    if not text.endswith(("：", ":")) or not 3 <= len(text) <= LONGEST:
        return False
    names = text.rstrip("：: ")
    if _TALK.search(names):
        return False
    parts = [part.strip() for part in _PART.split(names)]
    return all(part and _ends_in_body(part) for part in parts)


def split_addressee(text: str) -> tuple[str, str] | None:
    """(addressee, paragraph) of an opening that goes on in the addressee's line."""
    colon = _COLON.search(text, 0, LONGEST)
    if colon is None or len(text) - colon.end() < SHORTEST_OPENING:
        return None
    head, rest = text[: colon.end()], text[colon.end() :].strip()
    return (head, rest) if is_addressee(head) else None


def _ends_in_body(part: str) -> bool:
    tail = part[-12:]
    return any(_BODY.fullmatch(tail, start) for start in range(len(tail)))

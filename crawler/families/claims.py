"""How many entries a listing page says its column has, where only its pager or script tells.

``共35条 第1/3页``, ``共 35 条记录``, ``总记录数：35``, ``totalCount: 35``. A page that names two
different counts (two lists, two widgets) tells nothing: it is not known which is the list's.
"""

from __future__ import annotations

from crawler.families.base import Page
from crawler.signs import sign

_GAP = r"(?:\s|&nbsp;|<[^<>]{0,120}>)*"
_SHOWN = sign(
    rf"(?<![\u4e00-\u9fff])(?:总?共有?)[:：]?{_GAP}(\d{{1,6}}){_GAP}条"
    rf"(?:记录|信息|数据|内容|文章|结果)?{_GAP}(?=[第首上每当分共页]|[^\u4e00-\u9fff]|$)"
    rf"|(?:总记录数|记录总数|总条数)[:：]?{_GAP}(\d{{1,6}})"
    r"|\b(?:totalCount|totalRecords?|recordCount)['\"]?\s*[:=]\s*['\"]?(\d{1,6})\b",
    *("条", "记录", "totalCount", "totalRecord", "recordCount"),
)


def shown_total(page: Page) -> int:
    """The one count a page shows; 0 if it shows none, or several."""
    found = {int(next(filter(None, match.groups()))) for match in _SHOWN.finditer(page.text)}
    return found.pop() if len(found) == 1 else 0

"""The names a division or zone goes by besides its official one, derived by rule.

酉阳土家族苗族自治县 is called 酉阳县 (with its suffix: safe to find in text) and 酉阳 (the stem:
safe only where something else shows that a place is meant).
"""

from __future__ import annotations

import re
from functools import lru_cache

_PEOPLES = (
    "土家|维吾尔|哈萨克|柯尔克孜|塔吉克|乌孜别克|达斡尔|鄂温克|鄂伦春|俄罗斯|塔塔尔|保安|裕固|撒拉|"
    "东乡|锡伯|布依|布朗|景颇|拉祜|纳西|傈僳|哈尼|仡佬|仫佬|毛南|普米|德昂|阿昌|独龙|基诺|门巴|珞巴|"
    "高山|赫哲|朝鲜|蒙古|各|藏|回|苗|彝|壮|满|侗|瑶|白|傣|黎|佤|畲|水|土|羌|京|怒"
)
# In names of Xinjiang and Inner Mongolia these stand without 族.
_WITHOUT_ZU = "维吾尔|哈萨克|柯尔克孜|塔吉克|锡伯|蒙古"
_ETHNIC = re.compile(
    rf"(?P<stem>.{{2,}}?)(?<!族)(?:(?:{_PEOPLES})族|{_WITHOUT_ZU})*"
    r"(?P<kind>自治区|自治州|自治县|自治旗|(?<=族)区)"
)
_CUSTOMARY = {"自治区": "自治区", "自治州": "州", "自治县": "县", "自治旗": "旗", "区": "区"}
_SUFFIX = re.compile("(?:特别行政区|地区|林区|特区|新区|省|市|区|县|盟|旗)$")


def customary_forms(name: str) -> tuple[str, ...]:
    """Shorter forms that keep a suffix: 管城回族区 -> 管城区, 凉山彝族自治州 -> 凉山州."""
    if "自治" not in name and "族" not in name:
        return ()
    match = _ETHNIC.fullmatch(name)
    if match is None:
        return ()
    form = match["stem"] + _CUSTOMARY[match["kind"]]
    return (form,) if form != name else ()


@lru_cache(maxsize=16384)
def stem(name: str) -> str | None:
    """The name without its suffix: 石狮市 -> 石狮; None when less than two characters are left."""
    if "自治" in name or "族" in name:
        ethnic = _ETHNIC.fullmatch(name)
        return ethnic["stem"] if ethnic else None
    rest = _SUFFIX.sub("", name, count=1)
    return rest if 2 <= len(rest) < len(name) else None


# Forms of one and the same kind of zone, the official one first. The last is the common short one.
HIGH_TECH = (
    "高新技术产业开发区",
    "高新技术产业园区",
    "高技术产业开发区",
    "高新技术开发区",
    "高新开发区",
    "高新区",
)
DEVELOPMENT = ("经济技术开发区", "经济开发区", "经开区")
_KINDS = (HIGH_TECH, DEVELOPMENT)
_OTHER_KINDS = (
    "城乡一体化示范区",
    "综合保税区",
    "旅游度假区",
    "风景名胜区",
    "台商投资区",
    "工业园区",
    "产业园区",
    "保税区",
    "开发区",
    "新区",
)
ZONE_SUFFIX = re.compile(
    "(?:国家级?)?(?P<suffix>"
    + "|".join((*HIGH_TECH, *DEVELOPMENT, *_OTHER_KINDS))
    + ")(?![域划间])"
)


def long_form(suffix: str) -> str:
    """高新区 -> 高新技术产业开发区, 经开区 -> 经济技术开发区; every other suffix as it is."""
    if suffix in ("高新区", "高新开发区"):
        return HIGH_TECH[0]
    return DEVELOPMENT[0] if suffix == "经开区" else suffix


def zone_kind(suffix: str) -> str | None:
    """The common short form of a suffix's kind (高新区, 经开区), or None for other kinds."""
    return next((kind[-1] for kind in _KINDS if suffix in kind), None)


def zone_forms(name: str, province: str, parent: str) -> set[str]:
    """All forms of a zone's name.

    ``province`` and ``parent`` are the official names above it. The province's name in front and a
    市 after the parent's may be left out, the parent's too where something of its own remains, and
    the suffix may be any of its kind.
    """
    fronts = {name}
    fronts |= {_without(front, stem(province) or province) for front in set(fronts)}
    parent_stem = stem(parent) or parent
    fronts |= {front.replace(parent_stem + "市", parent_stem, 1) for front in set(fronts)}
    fronts |= {_without(front, parent_stem) for front in set(fronts)}
    return {form for front in fronts for form in _suffix_forms(front, parent_stem)}


def _without(name: str, prefix: str) -> str:
    rest = name.removeprefix(prefix).removeprefix("市").removeprefix("省")
    if not name.startswith(prefix) or ZONE_SUFFIX.match(rest) or len(rest) < 4:
        return name
    return rest


def _suffix_forms(name: str, parent_stem: str) -> set[str]:
    for kind in _KINDS:
        for suffix in kind:
            if name.endswith(suffix):
                front = name.removesuffix(suffix).removesuffix("国家")
                forms = {front + other for other in kind} | {name}
                if kind is DEVELOPMENT and front == parent_stem:
                    forms.add(front + "开发区")
                return forms
    return {name}

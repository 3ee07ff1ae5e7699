"""Answers that are not the page asked for: challenges of a protection service, soft 404s, logins.

They are recognised so that they can be counted and the host left alone. Nothing here solves one.
Signs as gathered from the field: 412 with ``$_ts`` (瑞数), 521 with ``__jsl`` cookies (加速乐),
468 and 403 shells of web application firewalls, and 200 with a few hundred bytes of script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from crawler.signs import sign

SHELL_BYTES = 8192
"""The largest shell seen is 7,737 bytes; a portal's page is seldom so small and has text."""

_STATUSES = {412: "ruishu", 468: "waf_468", 521: "jiasule"}
_WAF = (rb"_guard/auto\.js", rb"/WZWSREL", rb"wzws-waf", rb"C3VK=")
_COOKIE = rb"(?s:document\.cookie\s*=.{0,400}location\.(href|reload|replace))"
_SCRIPT_SIGNS = (
    (sign(rb"\$_ts\s*[=.\[]|\$_ts\b.{0,40}\bwindow", b"$_ts"), "ruishu"),
    (sign(rb"__jsl_clearance|__jsluid", b"__jsl"), "jiasule"),
    (sign(rb"acw_sc__v2|arg1\s*=\s*'[0-9A-F]{40}'", b"acw_sc__v2", b"arg1"), "acw"),
    (sign(rb"|".join(_WAF), b"_guard/", b"/WZWSREL", b"wzws-waf", b"C3VK="), "waf_shell"),
    (sign(_COOKIE, b"document.cookie"), "cookie_script"),
)
_SOFT_404 = re.compile(
    r"404|not\s*found|页面(不存在|找不到|已删除)|(出错|错误)(了|页|提示)|访问(出错|的页面不存在)"
    r"|系统(繁忙|提示)|您(所)?访问的(页面|内容|信息|网页)(不存在|已)|禁止访问",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"登\s*[录陆]|统一身份认证|log\s*in|sign\s*in", re.IGNORECASE)
_LOGIN_FIRST = re.compile(
    r"(请|须|需要?)[^，。]{0,6}登[录陆]|未登[录陆]|登[录陆](超时|已?失效|后(才|方可|再))"
)
_LOGIN_PATH = re.compile(r"/(cas/|sso/|passport/)?(login|signin|logon)(\.\w+|/|$)", re.IGNORECASE)
_PASSWORD = re.compile(r"<input[^<>]{0,300}type\s*=\s*[\"']?password", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_HIDDEN = re.compile(r"(?is)(?:<(script|style)\b.*?</\1>|<[^>]*>|\s+)+")
_NOTICE_CHARACTERS = 120
_SHELL_CHARACTERS = 20_000
"""A page that only says that there is no page is small; larger ones are not searched for it."""


def challenge(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> str | None:
    """The name of the challenge a response is, or None.

    Status 412, 468 and 521 are challenges whatever they carry. Other answers must be small and
    carry the script or the cookies that protection services set.
    """
    if status in _STATUSES:
        return _STATUSES[status]
    if len(body) > SHELL_BYTES:
        return None
    for shown, name in _SCRIPT_SIGNS:
        if shown.search(body):
            return name
    if status != 403:
        return None
    cookies = " ".join(value for name, value in headers if name.lower() == "set-cookie")
    return "waf_shell" if re.search(r"waf|__jsl|CT6T", cookies, re.IGNORECASE) else None


def soft_404(text: str) -> bool:
    """True if a page that came with status 200 says in its title, or as its only text, that
    there is no such page."""
    title = _TITLE.search(text)
    if title and _SOFT_404.search(title[1]):
        return True
    notice = _notice(text)
    return notice is not None and bool(_SOFT_404.search(notice))


def login_wall(path: str, redirected: bool, text: str) -> bool:
    """True if an answer asks who we are instead of being the page.

    Either a redirect led to a path for logging in; or the page has a field for a password under a
    title that says so (many portals have such a field at the head of every page); or all it says
    is that one must log in.
    """
    if redirected and _LOGIN_PATH.search(path):
        return True
    title = _TITLE.search(text)
    if title and _LOGIN.search(title[1]) and _PASSWORD.search(text):
        return True
    notice = _notice(text)
    return notice is not None and bool(_LOGIN_FIRST.search(notice))


@lru_cache(maxsize=2)  # a page is asked twice: is it an error, is it a login?
def _notice(text: str) -> str | None:
    """All that a page shows, where it is a mere notice; None for a page that shows more."""
    if len(text) > _SHELL_CHARACTERS:
        return None
    shown, length, end = [], 0, 0
    for hidden in _HIDDEN.finditer(text):
        shown.append(text[end : hidden.start()])
        length, end = length + len(shown[-1]), hidden.end()
        if length >= _NOTICE_CHARACTERS:
            return None
    notice = "".join((*shown, text[end:]))
    return notice if len(notice) < _NOTICE_CHARACTERS else None

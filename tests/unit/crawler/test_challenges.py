from __future__ import annotations

import pytest

from crawler.challenges import challenge, soft_404

PAGE = (
    "<html><head><title>云岭县人民政府</title></head><body>" + "正文" * 400 + "</body>"
).encode()


@pytest.mark.parametrize(
    ("status", "body", "name"),
    [
        (412, b"", "ruishu"),
        (521, b"<script>go({})</script>", "jiasule"),
        (468, b"", "waf_468"),
        (200, b"<script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script>", "ruishu"),
        (200, b"<script>document.cookie='__jsl_clearance_s=1';</script>", "jiasule"),
        (200, b"<script>var arg1='" + b"0A" * 20 + b"';</script>", "acw"),
        (200, b"<script>document.cookie='a=1';location.reload()</script>", "cookie_script"),
        (200, b'<script src="/_guard/auto.js"></script>', "waf_shell"),
    ],
)
def test_a_challenge_has_a_name(status: int, body: bytes, name: str) -> None:
    assert challenge(status, (), body) == name


def test_a_page_of_a_portal_is_no_challenge_also_when_it_is_an_error() -> None:
    assert challenge(200, (("Set-Cookie", "JSESSIONID=1"),), PAGE) is None
    assert challenge(404, (), b"not found") is None
    assert challenge(403, (), b"forbidden") is None
    assert challenge(503, (), PAGE) is None


def test_a_long_page_that_mentions_such_a_script_is_no_challenge() -> None:
    assert challenge(200, (), PAGE * 5 + b"__jsl_clearance") is None


def test_a_refusal_with_a_protection_services_cookie_is_one() -> None:
    assert challenge(403, (("set-cookie", "CT6T=1; path=/"),), b"") == "waf_shell"


@pytest.mark.parametrize(
    "text",
    [
        "<title>404 Not Found</title>",
        "<html><title>页面不存在</title><body>" + "导航" * 200,
        "<title>错误提示</title>",
        "<body><script>var a='正文'.repeat(500)</script>您访问的页面不存在或已被删除</body>",
        "<title>云岭县</title><p>系统繁忙，请稍后再试</p>",
    ],
)
def test_a_page_that_says_it_is_not_there_is_a_soft_404(text: str) -> None:
    assert soft_404(text)


@pytest.mark.parametrize(
    "text",
    [
        PAGE.decode(),
        "<title>云岭县2023年度法治政府建设情况报告</title>" + "受理404件。" * 40,
        "<title>关于纠正错误执法的通报</title>" + "正文" * 200,
        "",
    ],
)
def test_a_page_that_speaks_of_errors_or_404_cases_is_not(text: str) -> None:
    assert not soft_404(text)

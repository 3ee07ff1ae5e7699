from __future__ import annotations

import pytest

from crawler.addresses import in_scheme_of, is_pretend, page_key, registrable_domain, same_site


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.fuzhou.gov.cn", "fuzhou.gov.cn"),
        ("fzgxq.fuzhou.gov.cn", "fuzhou.gov.cn"),
        ("www.gov.cn", "www.gov.cn"),
        ("jyt.gansu.gov.cn.", "gansu.gov.cn"),
        ("www.xx.js.cn", "xx.js.cn"),
        ("www.example.cn", "example.cn"),
        ("sub.example.com", "example.com"),
        ("WWW.Qinghe.gov.test", "qinghe.gov.test"),
        ("101.230.193.164", "101.230.193.164"),
        ("[::1]", "::1"),
        ("localhost", "localhost"),
    ],
)
def test_the_registrable_domain_is_the_one_somebody_registered(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


def test_bureaus_are_on_their_portals_site_and_others_are_not() -> None:
    base = "https://www.fuzhou.gov.cn/"
    assert same_site("http://sfj.fuzhou.gov.cn/a.html", base)
    assert not same_site("http://www.xiamen.gov.cn/", base)
    assert not same_site("http://fuzhou.gov.cn.evil.com/", base)
    assert not same_site("file:///etc/passwd", base)
    assert not same_site("http:///nowhere", base)


def test_twins_have_one_key_and_other_pages_their_own() -> None:
    keys = {
        page_key("http://www.a.gov.cn/x/t20250121_1.html"),
        page_key("https://WWW.a.gov.cn:443/x/t20250121_1_wap.html#top"),
        page_key("http://www.a.gov.cn:80/x/t20250121_1.html"),
    }
    assert len(keys) == 1
    assert page_key("http://a.gov.cn/x?page=1") != page_key("http://a.gov.cn/x?page=2")
    assert page_key("http://a.gov.cn:8888/") != page_key("http://a.gov.cn/")


def test_a_link_to_the_twin_scheme_is_asked_for_in_the_one_that_answered() -> None:
    known = "http://www.a.gov.cn/list/"
    assert in_scheme_of("https://www.a.gov.cn/x.html", known) == "http://www.a.gov.cn/x.html"
    other = "https://sfj.a.gov.cn/x.html"
    assert in_scheme_of(other, known) == other
    assert in_scheme_of("https://www.a.gov.cn:8443/", known) == "https://www.a.gov.cn:8443/"


def test_only_the_reserved_domain_is_pretend() -> None:
    assert is_pretend("www.qinghe.gov.test")
    assert not is_pretend("test.gov.cn")

"""How the links of a page become addresses: quick ways give what the standard library gives."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.families import Page
from crawler.families.addresses import absolute, is_plain

ORIGINS = (
    "http://www.fz.gov.test",
    "https://xxgk.fz.gov.test",
    "http://127.0.0.1:8017",
    "http://[::1]:80",
)
PATHS = ("", "/", "/zwgk/index.html", "/a/b/c.html?page=2", "/col/col12/#part")
REFERENCES = st.lists(
    st.sampled_from(
        ["/", "..", ".", "a", "zfgz", "-", "~", "%E6", "x.html", "?", "=", "&", ":", ";"]
    )
    | st.sampled_from(["#", "@", " ", "\t", "\n", "法治", "//", "http:", "[", "\\", "a=b"]),
    max_size=9,
).map("".join)


def by_the_library(base: str, href: str) -> str | None:
    """What a link leads to, without any short cut."""
    href = href.strip()
    if not href or href.startswith("#"):
        return None
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
        leads = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return url if leads else None


@given(st.sampled_from(ORIGINS), st.sampled_from(PATHS), REFERENCES)
@example(ORIGINS[0], PATHS[2], "/")
@example(ORIGINS[0], PATHS[2], "/a/./b")
@example(ORIGINS[0], PATHS[2], "/a?")
@example(ORIGINS[0], PATHS[2], "//a/b")
def test_a_link_leads_where_the_library_says(origin: str, path: str, href: str) -> None:
    assert absolute(Page(origin + path, ""), href) == by_the_library(origin + path, href)


@given(st.sampled_from(ORIGINS), st.from_regex(r"/[a-z0-9_~%./?=&-]*", fullmatch=True))
def test_a_plain_path_is_put_behind_the_origin_as_the_library_does(origin: str, href: str) -> None:
    if is_plain(href):
        assert urljoin(origin + "/a/b.html", href) == origin + href
    assert absolute(Page(origin + "/a/b.html", ""), href) == by_the_library(
        origin + "/a/b.html", href
    )


@pytest.mark.parametrize("href", ["/col/col12/index.html", "/a/b?x=1&y=2", "/~fz/t_1.html"])
def test_what_listings_write_most_is_plain(href: str) -> None:
    assert is_plain(href)


@pytest.mark.parametrize(
    "href", ["/", "//a", "/a//b", "/../a", "/a#b", "/a?", "/a b", "/法治", "a"]
)
def test_what_must_be_resolved_is_not_plain(href: str) -> None:
    assert not is_plain(href)

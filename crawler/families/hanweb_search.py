"""大汉's two searches: jsearch beside JCMS, and the service of the JPAAS gateway.

Both answer JSON whose hits are pieces of HTML: a link, which may lead through ``visit/link.do`` to
the address in its ``url`` parameter, and a date.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from urllib.parse import parse_qs, parse_qsl, urlencode, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.families.addresses import absolute
from crawler.families.base import Entry, Listing, ListingRequest, Page
from crawler.families.entries import entry_of, iso_date
from crawler.families.records import asked, child, number, plain, with_parameter
from crawler.signs import Sign, sign

CATE_SEARCH = "/jsearchfront/interfaces/cateSearch.do"
INFO = "/api-gateway/jpaas-jsearch-web-server/interface/search/info"
HITS = {CATE_SEARCH: 10, INFO: 15}
_JSEARCH = sign(
    r"""["']([^"'<>\s]*/jsearchfront/[^"'<>\s]*websiteid=\d{6,20}[^"'<>\s]*)""", "/jsearchfront/"
)
_JPAAS = sign(
    r"""["']([^"'<>\s]*/jpaas-jsearch-web-server/[^"'<>\s]*(?i:websiteid)=\d{6,20}[^"'<>\s]*)""",
    "/jpaas-jsearch-web-server/",
)


def jsearch(page: Page, words: str) -> ListingRequest | None:
    """Titles with the words, by the site's number in a link or form to ``/jsearchfront/``."""
    shown = _shown(_JSEARCH, page)
    if not shown:
        return None
    form: dict[str, str] = {
        **{"websiteid": shown["websiteid"], "q": words, "p": "1", "pg": str(HITS[CATE_SEARCH])},
        **{"cateid": shown.get("cateid", ""), "tpl": shown.get("tpl", ""), "word": words},
        **{"checkError": "1", "isContains": "1", "pos": "title", "begin": "", "end": ""},
        "sortType": "1",
    }
    return _post(urljoin(page.url, CATE_SEARCH), form, page.url)


def jpaas_search(page: Page, words: str) -> ListingRequest | None:
    """Titles with the words, by the numbers in a link to the gateway's search."""
    shown = _shown(_JPAAS, page)
    if not shown:
        return None
    given: dict[str, str] = {
        **{"websiteid": shown["websiteid"], "q": words, "pg": str(HITS[INFO])},
        **{name: shown[name] for name in ("cateid", "serviceid") if name in shown},
        **{"p": "1", "pos": "title", "sortType": "1"},
    }
    given = {"serviceId" if name == "serviceid" else name: each for name, each in given.items()}
    headers = MappingProxyType({"Referer": page.url})
    return ListingRequest(urljoin(page.url, f"{INFO}?{urlencode(given)}"), headers=headers)


def is_answer(page: Page) -> bool:
    """Whether a page is an answer of either search."""
    return page.data is not None and isinstance(_pieces(page), list)


def answer(page: Page) -> Listing:
    """Hits and the next page."""
    found = _pieces(page)
    pieces = [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
    entries = {entry.url: entry for piece in pieces for entry in _hits(page, piece)}
    return Listing(tuple(entries.values()), tuple(_next(page)), ends=True)


def _pieces(page: Page) -> object:
    if CATE_SEARCH in page.url:
        return child(page.data, "result")
    if INFO in page.url:
        return child(page.data, "data", "searchResult", "result")
    return None


def _hits(page: Page, piece: str) -> Iterator[Entry]:
    tree = LexborHTMLParser(piece)
    for anchor in tree.css("a[href]"):
        entry = entry_of(page, anchor, iso_date(tree.text(separator=" ")))
        if not entry:
            continue
        behind = parse_qs(urlsplit(entry.url).query).get("url", [""])[0]
        url = absolute(page, behind) if "visit/link.do" in entry.url else entry.url
        titled = tree.css_first("[data-title]")
        title = (titled.attributes.get("data-title") or "") if titled else ""
        if url:
            yield Entry(url, plain(title or anchor.text()), entry.date)
            return


def _next(page: Page) -> Iterator[ListingRequest]:
    if CATE_SEARCH in page.url:
        form = dict(page.form)
        here = number(form.get("p")) or 1
        if here * HITS[CATE_SEARCH] < number(child(page.data, "total")):
            yield _post(page.url, {**form, "p": str(here + 1)}, page.url)
        return
    here = number(asked(page.url, "p")) or 1
    if here * HITS[INFO] < number(child(page.data, "data", "searchResult", "total")):
        yield ListingRequest(with_parameter(page.url, "p", here + 1))


def _shown(pattern: Sign[str], page: Page) -> dict[str, str]:
    found = pattern.search(page.text)
    query = urlsplit(found[1].replace("&amp;", "&")).query if found else ""
    return {name.lower(): value for name, value in parse_qsl(query)}


def _post(url: str, form: dict[str, str], referer: str) -> ListingRequest:
    headers = {"X-Requested-With": "XMLHttpRequest", "Referer": referer}
    return ListingRequest(
        url, method="POST", form=tuple(form.items()), headers=MappingProxyType(headers)
    )

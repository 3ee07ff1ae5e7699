"""Real list pages of several vendors; they are kept outside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.families import Page, recognise
from crawler.text import decode

PAGES = Path(__file__).resolve().parents[4] / "shared" / "portals" / "pages"


@pytest.mark.parametrize(
    ("name", "family", "entries", "following"),
    [
        ("091", "generic", 100, 0),
        ("093", "generic", 20, 5),
        ("094", "generic", 20, 5),
        ("104", "boda_vsb", 10, 0),
        ("105", "generic", 10, 0),
        ("095", None, 0, 0),  # drawn by script
        ("096", "kaipu_ucap", 20, 9),  # its items in a comment
        ("106", None, 0, 0),  # a map of links without dates
    ],
)
def test_a_real_page_is_read(name: str, family: str | None, entries: int, following: int) -> None:
    path = PAGES / f"{name}.html"
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    page = Page("http://www.x.gov.cn/col/index.html", decode(path.read_bytes()))
    found = recognise(page)
    assert (found.name if found else None) == family
    if found:
        listing = found.listing(page)
        assert sum(entry.date is not None for entry in listing.entries) >= entries
        assert len(listing.following) >= following
        assert all(len(entry.title) > 3 for entry in listing.entries)

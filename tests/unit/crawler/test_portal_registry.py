from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import SeedError, UnknownPortalError
from crawler.portals import (
    HEADER,
    Column,
    find_portal,
    load_portals,
    portal_of,
    read_portals,
    row_of,
)

GOOD = "demo-a,甲县人民政府,county,900121,http://www.a.gov.test/,,,,"


def write(path: Path, *rows: str, header: str = ",".join(HEADER)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_row_becomes_a_portal_with_columns_and_quirks(tmp_path: Path) -> None:
    row = (
        "demo-b,乙市,prefecture,,https://www.b.gov.test/,http://www.b.gov.test/x/ "
        "http://www.b.gov.test/y/,trs_wcm,tls=legacy 2026-04-26 fails with BAD_ECPOINT,gone"
    )
    (portal,) = read_portals(write(tmp_path / "a.csv", row))
    assert portal.adcode is None
    assert portal.host == "www.b.gov.test"
    assert portal.columns == (
        Column("http://www.b.gov.test/x/"),
        Column("http://www.b.gov.test/y/"),
    )
    assert dict(portal.quirks) == {"tls": "legacy 2026-04-26 fails with BAD_ECPOINT"}
    assert portal.disabled == "gone"
    assert hash(portal)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("demo-a,甲县", "2 columns, not 9"),
        (GOOD + ",", "10 columns, not 9"),
        (GOOD.replace("demo-a", "Demo_A"), "not kebab-case ASCII"),
        (GOOD.replace("甲县人民政府", ""), "name is empty"),
        (GOOD.replace("county", "shire"), "level 'shire' is unknown"),
        (GOOD.replace("900121", "90012"), "not six digits"),
        (GOOD.replace("900121", "９００１２１"), "not six digits"),
        (GOOD.replace("http://", "ftp://"), "base_url: 'ftp://www.a.gov.test/' is not an http"),
        (GOOD.replace("http://www.a.gov.test/", ""), "base_url: '' is not an http"),
        (GOOD[:-3] + "/col/1,,,", "columns: '/col/1' is not an http"),
        (GOOD[:-1] + "tls,", "quirk 'tls' is not 'key=value"),
        (GOOD[:-1] + "tls=legacy because,", "is not 'key=value YYYY-MM-DD reason'"),
        (GOOD[:-1] + "a=1 2026-01-01 x;a=2 2026-01-01 y,", "quirk 'a' is given twice"),
    ],
)
def test_a_malformed_row_is_named_by_file_line_and_reason(
    tmp_path: Path, row: str, reason: str
) -> None:
    path = write(tmp_path / "bad.csv", GOOD.replace("demo-a", "demo-z"), row)
    with pytest.raises(SeedError) as caught:
        read_portals(path)
    assert str(caught.value).startswith(f"{path}:3: ")
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_id_given_twice_in_one_file_names_both_lines(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match=r":3: id 'demo-a' is taken by line 2"):
        read_portals(write(tmp_path / "a.csv", GOOD, GOOD))


def test_an_id_given_twice_over_files_names_both_places(tmp_path: Path) -> None:
    write(tmp_path / "portals" / "x.csv", GOOD)
    write(tmp_path / "demo" / "portals.csv", GOOD)
    with pytest.raises(SeedError, match=r"portals.csv:2: id 'demo-a' is taken by .*x.csv:2"):
        load_portals(tmp_path)


def test_the_line_named_is_where_the_row_begins_after_a_quoted_line_break(tmp_path: Path) -> None:
    broken = GOOD.replace("甲县人民政府", '"甲县\n人民政府"')
    with pytest.raises(SeedError, match=r":4: .*not kebab"):
        read_portals(write(tmp_path / "a.csv", broken, GOOD.replace("demo-a", "?")))


def test_a_wrong_header_an_empty_file_and_bad_bytes_are_named(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match=":1: the header must be id,name"):
        read_portals(write(tmp_path / "a.csv", GOOD, header="id,name"))
    (tmp_path / "b.csv").write_text("")
    with pytest.raises(SeedError, match=":1: empty file"):
        read_portals(tmp_path / "b.csv")
    (tmp_path / "c.csv").write_bytes(",".join(HEADER).encode() + b"\n\xff\xfe\n")
    with pytest.raises(SeedError, match="cannot be read as UTF-8 CSV"):
        read_portals(tmp_path / "c.csv")


def test_seeds_without_any_portal_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match="no portals in"):
        load_portals(tmp_path)


def test_an_unknown_id_is_answered_with_the_ids_that_look_alike(tmp_path: Path) -> None:
    write(tmp_path / "portals" / "x.csv", GOOD.replace("demo-a", "demo-qinghe"))
    portals = load_portals(tmp_path)
    assert find_portal(portals, "demo-qinghe").name == "甲县人民政府"
    with pytest.raises(UnknownPortalError, match="did you mean demo-qinghe"):
        find_portal(portals, "demo-qinhe")
    with pytest.raises(UnknownPortalError, match="'fazhi portals' lists"):
        find_portal(portals, "xyz")


def test_a_portal_and_its_row_are_made_of_each_other() -> None:
    for portal in load_portals().values():
        assert portal_of(row_of(portal)) == portal

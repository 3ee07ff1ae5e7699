"""seeds/portals as it is, and the script that brings it up to date."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from crawler.addresses import same_site
from crawler.families import FAMILIES
from crawler.portals import Portal, load_portals, read_portals
from crawler.seeds import SEEDS
from ingest.regions import Gazetteer

REFRESH = SEEDS / "portals" / "refresh.py"
LIST = SEEDS.parents[1] / "shared" / "portals" / "registry.csv"
HEADER = (
    "name,level,adcode,parent_adcode,region,base_url,column_url,column_kind,fazhi_column_url,"
    "report_urls,family_guess,access,waf,checked"
)


@pytest.fixture(scope="module")
def nation() -> dict[str, Portal]:
    """Every portal of seeds/portals."""
    files = sorted((SEEDS / "portals").glob("*.csv"))
    return {portal.id: portal for file in files for portal in read_portals(file)}


def test_all_portals_are_there_on_every_level(nation: dict[str, Portal]) -> None:
    assert len(nation) == 3517
    assert len(load_portals()) > len(nation)
    levels = Counter(portal.level for portal in nation.values())
    assert levels["province"] == 31
    assert min(levels[level] for level in ("national", "prefecture", "department")) > 50
    assert levels["county"] > 2800


def test_every_code_is_one_of_our_divisions_and_every_id_follows_from_code_or_host(
    nation: dict[str, Portal],
) -> None:
    codes = {division.adcode for division in Gazetteer.load().all()}
    for portal in nation.values():
        assert (portal.adcode in codes) if portal.adcode else (portal.level == "national"), portal
        site = "site-" + re.sub(r"[^a-z0-9]+", "-", portal.base_url.split("/")[2])
        assert portal.id in (f"gov-{portal.adcode}", site)


def test_a_government_stands_on_the_level_of_its_division(nation: dict[str, Portal]) -> None:
    levels: dict[str, set[str]] = {}
    for division in Gazetteer.load().all():
        levels.setdefault(division.adcode, set()).add(division.level)
    for portal in nation.values():
        if portal.id.startswith("gov-"):
            assert portal.level in levels[portal.adcode or ""], portal


def test_a_portal_lies_in_the_file_of_its_province() -> None:
    for file in (SEEDS / "portals").glob("*.csv"):
        provinces = {(portal.adcode or "00")[:2] for portal in read_portals(file)}
        assert provinces == {file.name[:2]}


def test_no_site_is_crawled_for_two_portals(nation: dict[str, Portal]) -> None:
    fronts = Counter(
        portal.base_url.split("/")[2] for portal in nation.values() if not portal.disabled
    )
    assert [front for front, times in fronts.items() if times > 1] == []


def test_known_columns_lie_on_the_portals_own_site(nation: dict[str, Portal]) -> None:
    columns = [(p, column.url) for p in nation.values() for column in p.columns]
    assert len(columns) == 20
    assert all(same_site(url, portal.base_url) for portal, url in columns)


def test_a_hint_is_a_family_of_ours_or_one_that_nobody_reads_yet(nation: dict[str, Portal]) -> None:
    hints = {portal.family_hint for portal in nation.values() if portal.family_hint}
    assert hints - {family.name for family in FAMILIES} == {"cms_html", "ilist_jsp"}


def test_what_blocks_plain_fetches_is_noted_with_its_date_and_not_disabled(
    nation: dict[str, Portal],
) -> None:
    noted = [p for p in nation.values() if p.quirks.get("access", "").startswith("challenge ")]
    assert len(noted) == 81
    assert all("2026-04-26" in p.quirks["access"] and not p.disabled for p in noted)


# -- the script --------------------------------------------------------------------------------


def refresh(file: Path, into: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(REFRESH), str(file), str(into)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def rows(directory: Path) -> dict[str, dict[str, str]]:
    found = {}
    for path in directory.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            found.update({row["id"]: row for row in csv.DictReader(file)})
    return found


def listed(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "list.txt"
    file.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return file


def test_the_registry_is_what_the_list_makes_whatever_its_order(tmp_path: Path) -> None:
    if not LIST.is_file():
        pytest.skip("the list of portals is not beside this checkout")
    header, *lines = LIST.read_text(encoding="utf-8-sig").splitlines()
    turned = tmp_path / "turned.csv"
    turned.write_text("\n".join([header, *reversed(lines)]) + "\n", encoding="utf-8")
    for number, file in enumerate((LIST, turned)):
        into = tmp_path / str(number)
        into.mkdir()
        assert refresh(file, into).returncode == 0
        for path in (SEEDS / "portals").glob("*.csv"):
            assert (into / path.name).read_text("utf-8") == path.read_text("utf-8")


def test_a_row_that_cannot_be_used_is_told_by_file_line_and_reason(tmp_path: Path) -> None:
    file = listed(
        tmp_path,
        "福建省人民政府,省,350000,,福建省,https://www.fujian.gov.cn,,,,,,direct,,2026-04-26",
        "某市,镇,,,,http://a.gov.cn/,,,,,,,,",
        "某市,市,999900,,,http://b.gov.cn/,,,,,,,,",
        "某市,市,350200,,,www.xm.gov.cn,,,,,,,,",
        ",县,350203,,,http://c.gov.cn/,,,,,,,,",
        "某县,县,,,,http://www.somewhere.gov.cn/,,,,,,,,",
        "福建省人民政府,省,350000,,福建省,https://fujian.gov.cn,,,,,,direct,,",
    )
    done = refresh(file, tmp_path)
    assert done.returncode == 1
    told = [line for line in done.stderr.splitlines() if "left out: " in line]
    assert [line.partition(": left out: ")[0] for line in sorted(told)] == [
        f"{file}:{number}" for number in (3, 4, 5, 6, 7, 8)
    ]
    assert "level '镇' is not one of" in done.stderr
    assert "'www.xm.gov.cn' is not an http(s) URL" in done.stderr
    assert "id gov-350000 is taken by" in done.stderr
    assert set(rows(tmp_path)) == {"gov-350000"}


def test_what_was_entered_by_hand_survives_a_new_list(tmp_path: Path) -> None:
    first = "厦门市人民政府,市,350200,,,http://www.xm.gov.cn/,,,{},,,none,HTTP412,2026-04-26"
    refresh(listed(tmp_path, first.format("http://www.xm.gov.cn/a/")), tmp_path)
    by_hand = tmp_path / "35-fujian.csv"
    row = rows(tmp_path)["gov-350200"]
    row["columns"] += " http://www.xm.gov.cn/b/"
    row["quirks"] += ";tls=legacy 2026-05-01 BAD_ECPOINT"
    row["disabled"] = "2026-05-02 asked to stay away"
    other = {**row, "id": "my-own", "name": "别处", "base_url": "http://o.xm.gov.cn/"}
    with by_hand.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerows([row, other])
    moved = first.replace("http://www", "https://www").format("https://www.xm.gov.cn/c/")
    assert refresh(listed(tmp_path, moved), tmp_path).returncode == 0
    after = rows(tmp_path)
    assert after["my-own"] == other
    assert after["gov-350200"]["base_url"] == "https://www.xm.gov.cn/"
    assert after["gov-350200"]["columns"].split()[0] == "https://www.xm.gov.cn/c/"
    assert after["gov-350200"]["columns"].endswith(row["columns"])
    assert after["gov-350200"]["quirks"] == row["quirks"]
    assert after["gov-350200"]["disabled"] == row["disabled"]
    assert len(read_portals(by_hand)) == 2


def test_a_body_without_a_code_gets_that_of_the_government_below_whose_host_it_lies(
    tmp_path: Path,
) -> None:
    file = listed(
        tmp_path,
        "厦门市司法局,部门,,,,http://sfj.xm.gov.cn:81/,,,,,gkmlpt_family,,,",
        "厦门市人民政府,市,350200,,,http://www.xm.gov.cn,,,,,,,,",
        "某部,部门,,,中央,http://www.mou.gov.cn,,,,,,,,",
    )
    assert refresh(file, tmp_path).returncode == 0
    found = rows(tmp_path)
    assert found["site-sfj-xm-gov-cn-81"]["adcode"] == "350200"
    assert found["site-sfj-xm-gov-cn-81"]["family_hint"] == "gkmlpt"
    assert (found["site-www-mou-gov-cn"]["level"], found["site-www-mou-gov-cn"]["adcode"]) == (
        "national",
        "",
    )


def test_a_file_that_is_no_such_list_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("id,name\n")
    done = refresh(file, tmp_path)
    assert done.returncode == 1
    assert f"{file}:1: these columns are missing: access," in done.stderr
    assert len(done.stderr.splitlines()) == 1

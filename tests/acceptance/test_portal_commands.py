"""`fazhi portals`: looking at the registry, adding to it, and saying which portals are crawled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from front_door import fazhi, fresh_home, one_line

from crawler.portals import HEADER
from crawler.simulator import Simulator

OWN = "my-town,某镇人民政府,township,350581,http://www.mytown.gov.test/,,trs_wcm,,"
CONTACT = {"FAZHI_CONTACT": "mailto:operator@example.org"}


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with fresh_home() as made:
        assert fazhi(made, "migrate").returncode == 0
        yield made


def listed(home: Path, *filters: str) -> dict[str, dict[str, Any]]:
    answer = fazhi(home, "portals", "--json", *filters)
    assert answer.returncode == 0, answer.stderr
    return {row["id"]: row for row in json.loads(answer.stdout)}


def refused(home: Path, *arguments: str, **settings: str) -> str:
    answer = fazhi(home, *arguments, **settings)
    assert answer.returncode == 2, answer.stdout
    assert answer.stdout == ""
    return one_line(answer)


def test_the_whole_nation_is_listed_and_filtered(home: Path) -> None:
    assert len(listed(home)) > 3517
    provinces = listed(home, "--level", "province")
    assert len([name for name in provinces if name.startswith("gov-")]) == 31
    assert set(listed(home, "--region", "350500", "--level", "prefecture")) == {"gov-350500"}
    assert all(r["family_hint"] == "class8" for r in listed(home, "--family", "class8").values())
    lines = fazhi(home, "portals", "--region", "350581").stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["id", "gov-350581"]


def test_a_level_that_is_none_is_one_line(home: Path) -> None:
    assert "--level shire: no such level; it is one of national" in refused(
        home, "portals", "--level", "shire"
    )


def test_portals_of_ones_own_survive_a_migrate(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("\n".join([",".join(HEADER), OWN]) + "\n", encoding="utf-8")
    answer = fazhi(home, "portals", "add", str(file))
    assert answer.returncode == 0, answer.stderr
    one = ("--id", "my-other", "--name", "别处", "--url", "http://other.gov.test/")
    assert fazhi(home, "portals", "add", *one, "--column", "http://other.gov.test/a/").stdout
    assert fazhi(home, "migrate").returncode == 0
    found = listed(home, "--region", "350581")
    assert (found["my-town"]["origin"], found["my-town"]["family_hint"]) == ("operator", "trs_wcm")
    assert listed(home)["my-other"]["columns"] == ["http://other.gov.test/a/"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("My Town", "own.csv:2: 1 columns, not 9"),
        (OWN.replace("my-town", "My Town"), "own.csv:2: id 'My Town' is not kebab-case"),
        (OWN.replace("township", "shire"), "own.csv:2: level 'shire' is unknown"),
        (OWN.replace("http:", "gopher:"), "own.csv:2: base_url: 'gopher://"),
        (OWN.replace("350581", "999999"), "no division has or had the code 999999"),
        (OWN.replace("my-town", "gov-350581"), "belong to portals of the seeds: gov-350581"),
    ],
)
def test_a_file_with_one_bad_row_adds_nothing_and_is_one_line(
    home: Path, tmp_path: Path, row: str, told: str
) -> None:
    file = tmp_path / "own.csv"
    good = OWN.replace("my-town", "my-good-row")
    file.write_text("\n".join([",".join(HEADER), row, good]) + "\n", encoding="utf-8")
    assert told in refused(home, "portals", "add", str(file))
    assert "my-good-row" not in listed(home)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "give a file, or at least --id, --name and --url"),
        (["--id", "a"], "give a file, or at least --id, --name and --url"),
        (["x.csv", "--id", "a"], "give a file or options, not both"),
        (["/nowhere/x.csv"], "/nowhere/x.csv:1: cannot be read"),
        (["--id", "A", "--name", "n", "--url", "http://a.test"], "not kebab-case"),
        (["--id", "a", "--name", "n", "--url", "a.test"], "'a.test' is not an http(s) URL"),
        (
            ["--id", "a", "--name", "n", "--url", "http://a.test", "--quirk", "tls"],
            "quirk 'tls' is not 'key=value YYYY-MM-DD reason'",
        ),
    ],
)
def test_a_portal_that_is_none_is_one_line(home: Path, options: list[str], told: str) -> None:
    assert told in refused(home, "portals", "add", *options)


def test_a_disabled_portal_is_not_crawled_until_it_is_enabled_or_insisted_upon(
    home: Path, simulator: Simulator
) -> None:
    settings = {"FAZHI_SIMULATOR": simulator.address, "FAZHI_DELAY": "0.05"}
    assert "give --reason" in refused(home, "portals", "disable", "demo-baishi")
    assert "no portal has the id 'nobody'" in refused(
        home, "portals", "disable", "nobody", "--reason", "x"
    )
    done = fazhi(home, "portals", "disable", "demo-baishi", "--reason", "asked to stay\naway")
    assert done.stdout == "demo-baishi: disabled, asked to stay away\n"
    told = refused(home, "crawl", "demo-baishi", **settings)
    assert "demo-baishi is disabled (20" in told
    assert "asked to stay away" in told
    assert "--even-if-disabled" in told
    row = listed(home, "--disabled")["demo-baishi"]
    assert (row["disabled"], row["decision"]) == ("asked to stay away", "disabled")
    assert fazhi(home, "migrate").returncode == 0
    assert "demo-baishi" in listed(home, "--disabled")

    visit = fazhi(home, "crawl", "--even-if-disabled", "demo-baishi", **settings)
    assert visit.returncode == 0, visit.stderr
    assert fazhi(home, "portals", "enable", "demo-baishi").stdout == "demo-baishi: enabled\n"
    assert "demo-baishi" not in listed(home, "--disabled")
    assert fazhi(home, "crawl", "demo-baishi", **settings).returncode == 0


def test_health_tells_the_last_success_and_what_failed_since(
    home: Path, simulator: Simulator
) -> None:
    settings = {"FAZHI_SIMULATOR": simulator.address, "FAZHI_DELAY": "0.05"}
    for _ in range(2):
        fazhi(home, "crawl", "demo-linhu", "demo-yunling", **settings)
    header, *lines = fazhi(home, "portals", "--health", "--region", "900100").stdout.splitlines()
    columns = header.split("\t")
    rows = {line.split("\t")[0]: dict(zip(columns, line.split("\t"))) for line in lines}  # noqa: B905
    assert rows["demo-linhu"]["failed since"] == "2: challenge 2"
    assert rows["demo-linhu"]["last success"] == ""
    assert rows["demo-yunling"]["last success"] == rows["demo-yunling"]["last visit"]
    assert int(rows["demo-yunling"]["reports"]) > 0


def test_an_operators_own_portal_is_crawled_like_any_other(
    home: Path, simulator: Simulator
) -> None:
    url = "http://www.yunling.gov.test/"
    added = fazhi(home, "portals", "add", "--id", "my-yunling", "--name", "云岭", "--url", url)
    assert added.returncode == 0, added.stderr
    settings = {"FAZHI_SIMULATOR": simulator.address, "FAZHI_DELAY": "0.05"}
    answer = fazhi(home, "crawl", "my-yunling", "--json", **settings)
    (visit,) = json.loads(answer.stdout)
    assert (visit["portal"], visit["state"]) == ("my-yunling", "succeeded")
    assert visit["articles"] > 0


def test_a_public_host_is_not_crawled_without_a_contact(home: Path) -> None:
    before = len(json.loads(fazhi(home, "runs", "--json").stdout))
    for names in (["gov-350581"], ["--all"]):
        assert "FAZHI_CONTACT is not set" in refused(home, "crawl", *names)
    assert "waits at least 1 s" in refused(home, "crawl", "gov-350581", FAZHI_DELAY="0", **CONTACT)
    assert len(json.loads(fazhi(home, "runs", "--json").stdout)) == before

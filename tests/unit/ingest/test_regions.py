"""The table of divisions, and the place of a document."""

from __future__ import annotations

import csv
import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import SeedError
from crawler.seeds import SEEDS
from ingest.records import Region
from ingest.regions import Division, Gazetteer

G = Gazetteer.load()
TABLES = SEEDS / "regions"


def rows(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(divisions: tuple[Division, ...]) -> set[str]:
    return {division.adcode for division in divisions}


def only(name: str, **kwargs: object) -> Division:
    (division,) = G.find(name, **kwargs)  # type: ignore[arg-type]
    return division


# The table


def test_every_row_of_the_table_is_a_division() -> None:
    divisions = [d for d in G.all() if not d.zone and not d.adcode.startswith(("90", "91", "92"))]
    assert len(divisions) == len(rows("divisions.csv"))


def test_every_parent_and_successor_is_in_the_table() -> None:
    known = {row["adcode"] for row in rows("divisions.csv")}
    for row in rows("divisions.csv"):
        assert row["parent_adcode"] in known | {""}, row
        assert row["successor"] in known | {""}, row
    for row in rows("zones.csv"):
        assert row["parent_adcode"] in known, row


def test_a_row_with_a_successor_has_ended() -> None:
    assert [r for r in rows("divisions.csv") if r["successor"] and not r["valid_to"]] == []


def test_one_name_is_in_force_for_a_code() -> None:
    current = [row["adcode"] for row in rows("divisions.csv") if not row["valid_to"]]
    assert len(current) == len(set(current))


def test_the_names_of_a_code_follow_each_other_in_time() -> None:
    by_code: dict[str, list[Division]] = {}
    for division in G.all():
        if not division.zone:
            by_code.setdefault(division.adcode, []).append(division)
    for names in by_code.values():
        for earlier, later in pairwise(names):
            assert earlier.valid_to is not None
            assert later.valid_from is None or later.valid_from >= earlier.valid_to, later


def test_today_there_are_34_provinces_and_every_county_hangs_below_one() -> None:
    today = [d for d in G.all() if d.valid_to is None and not d.zone and d.adcode < "90"]
    assert sum(d.level == "province" for d in today) == 34
    assert {"台湾省", "香港特别行政区", "澳门特别行政区"} <= {d.name for d in today}
    assert all(len(d.path) in (2, 3) for d in today if d.level == "county")


def test_the_full_name_of_every_division_and_zone_is_found_again() -> None:
    today = [d for d in G.all() if d.valid_to is None and d.level != "national"]
    assert [d for d in today if G.find("".join(d.path)) != (d,)] == []


def test_no_zone_has_the_same_name_as_another_of_the_same_parent() -> None:
    listed = {(row["parent_adcode"], row["name"]) for row in rows("zones.csv")}
    for parent, name in listed:
        assert len([z for z in G.find(name) if z.zone and z.adcode == parent]) == 1, name


@pytest.mark.parametrize(
    ("adcode", "path"),
    [
        ("000000", ("中华人民共和国",)),
        ("110000", ("北京市",)),
        ("110101", ("北京市", "东城区")),
        ("429004", ("湖北省", "仙桃市")),
        ("371502", ("山东省", "聊城市", "东昌府区")),
        ("330104", ("浙江省", "杭州市", "江干区")),
        ("999999", ()),
    ],
)
def test_a_path_runs_from_the_province_to_the_name(adcode: str, path: tuple[str, ...]) -> None:
    assert G.path(adcode) == path


@pytest.mark.parametrize("name", ["东莞市", "中山市", "儋州市", "嘉峪关市"])
def test_four_prefectures_have_no_counties(name: str) -> None:
    adcode = only(name).adcode
    today = (d for d in G.all() if d.valid_to is None and not d.zone)
    assert [d for d in today if d.parent_adcode == adcode] == []


# Finding by name


@pytest.mark.parametrize(
    ("name", "adcode"),
    [
        ("石狮市", "350581"),
        ("石狮", "350581"),
        ("泉州", "350500"),
        ("福建", "350000"),
        ("聊城市东昌府区", "371502"),
        ("山东省聊城市东昌府区", "371502"),
        ("福建省石狮市", "350581"),
        ("福建泉州石狮市", "350581"),
        ("江苏常州市新北区", "320411"),
        ("管城区", "410104"),
        ("酉阳", "500242"),
        ("酉阳县", "500242"),
        ("东乡县", "622926"),
        ("延边州", "222400"),
        ("内蒙古", "150000"),
        ("内蒙古自治区", "150000"),
        ("前郭县", "220721"),
        ("广西自治区", "450000"),
        ("鄂温克旗", "150724"),
        ("滨海新区", "120116"),
        ("乐山市中区", "511102"),
        ("襄樊", "420600"),
    ],
)
def test_a_name_in_any_form_gives_its_division(name: str, adcode: str) -> None:
    assert codes(G.find(name)) == {adcode}


@pytest.mark.parametrize(
    ("name", "parent", "official"),
    [
        ("福州高新区", "350100", "福州高新技术产业开发区"),
        ("福州市高新区", "350100", "福州高新技术产业开发区"),
        ("安康高新区", "610900", "安康高新技术产业开发区"),
        ("台州湾经开区", "331000", "台州湾经济技术开发区"),
        ("武汉东湖高新区", "420100", "武汉东湖新技术开发区"),
        ("秦皇岛开发区", "130300", "秦皇岛市经济技术开发区"),
        ("唐山市芦台经开区", "130200", "河北唐山芦台经济开发区"),
        ("常州国家高新区", "320400", "常州高新技术产业开发区"),
    ],
)
def test_a_zone_is_found_by_its_short_names(name: str, parent: str, official: str) -> None:
    zone = only(name)
    assert (zone.adcode, zone.name, zone.zone) == (parent, official, True)
    assert zone.path == (*G.path(parent), official)


def test_an_ambiguous_name_gives_every_division_and_within_narrows() -> None:
    assert codes(G.find("朝阳区")) == {"110105", "220104"}
    assert codes(G.find("朝阳区", within="220000")) == {"220104"}
    assert codes(G.find("鼓楼区", within="350100")) == {"350102"}
    assert codes(G.find("鼓楼区", within="32")) == {"320106", "320302"}
    assert G.find("鼓楼区", within="440000") == ()


def test_an_unknown_name_gives_nothing() -> None:
    assert G.find("清净县") == G.find("") == G.find("石狮市场") == ()


# History


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("襄樊市", "襄阳市"),
        ("江干区", "上城区"),
        ("崇文区", "东城区"),
        ("铜仁地区", "铜仁市"),
        ("毕节地区", "毕节市"),
        ("石家庄市桥东区", "长安区"),
        ("大同市矿区", "云冈区"),
        ("祁阳县", "祁阳市"),
        ("三明市梅列区", "三元区"),
        ("蓬莱市", "蓬莱区"),
    ],
)
def test_an_old_name_leads_to_the_division_that_took_over(old: str, new: str) -> None:
    successor = G.successor_of(only(old))
    assert successor is not None
    assert (successor.name, successor.valid_to) == (new, None)


def test_a_code_stands_for_what_it_was_at_the_end_of_the_year() -> None:
    names = [G.by_adcode("420600", year=year) for year in (2009, 2010)]
    assert [name and name.name for name in names] == ["襄樊市", "襄阳市"]
    assert G.by_adcode("330104", year=2022) is None
    gone = G.by_adcode("330104")
    assert gone is not None
    assert gone.valid_to == 2021


def test_a_name_means_what_it_meant_in_the_year() -> None:
    assert codes(G.find("巢湖市", year=2009)) == {"341400"}
    assert codes(G.find("巢湖市", year=2015)) == codes(G.find("巢湖市")) == {"340181"}


def test_the_path_of_an_old_name_has_the_names_of_its_time() -> None:
    assert only("襄樊市襄阳区").path == ("湖北省", "襄樊市", "襄阳区")


# Scanning


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("石狮市人民政府关于2024年度法治政府建设情况的报告", ["石狮市"]),
        ("习水县公安局", ["习水县"]),
        ("广州市卫生健康委", ["广州市"]),
        ("聊城市东昌府区和福建省石狮市", ["聊城市东昌府区", "福建省石狮市"]),
        ("永安市小陶镇人民政府2024年", ["永安市小陶镇"]),
        ("鲤城区人民政府金龙街道办事处关于", ["鲤城区人民政府金龙街道办事处"]),
        ("阳泉市郊区", ["阳泉市郊区"]),
        ("关于道县2023年度", ["道县"]),
        ("东城街道", []),
        ("东区街道", []),
        ("农业农村部", []),
        ("长安街上的平安建设", []),
        ("新华区域和创新县域", []),
        ("老旧城区改造", []),
        ("石狮市住房和城乡建设局", ["石狮市"]),
        ("习水县乡镇企业", ["习水县"]),
    ],
)
def test_a_text_names_these_places(text: str, mentions: list[str]) -> None:
    found = G.scan(text)
    assert [mention.text for mention in found] == mentions
    assert all(text[m.start : m.end] == m.text for m in found)


PIECES = [
    "福建",
    "石狮",
    "石狮市",
    "高新区",
    "城区",
    "县",
    "镇",
    "街道",
    "人民政府",
    " ",
    "2023年",
    "朝阳区",
]


@settings(max_examples=300)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_scanning_any_text_gives_mentions_in_order_inside_it(text: str) -> None:
    end = 0
    for mention in G.scan(text):
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        assert mention.divisions
        end = mention.end


@settings(max_examples=200)
@given(
    st.none() | st.lists(st.sampled_from(PIECES)).map("".join),
    st.text(),
    st.none() | st.text() | st.from_regex(re.compile(r"\d{10}"), fullmatch=True),
    st.none() | st.text(),
)
def test_resolving_anything_gives_a_known_adcode_or_none(
    issuer: str | None, title: str, site_code: str | None, host: str | None
) -> None:
    answer = G.resolve(issuer, title=title, site_code=site_code, icp=title, host_hint=host)
    assert answer.why and "\n" not in answer.why.replace(issuer or "", "")
    assert answer.region is None or G.by_adcode(answer.region.adcode) is not None


# Resolving


def place(issuer: str | None = None, **evidence: object) -> Region | None:
    return G.resolve(issuer, **evidence).region  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("evidence", "region"),
    [
        (
            {"title": "福州高新技术产业开发区管理委员会2023年度法治政府建设情况报告"},
            Region(
                "350100",
                "福州高新技术产业开发区",
                ("福建省", "福州市", "福州高新技术产业开发区"),
                "functional_zone",
                True,
            ),
        ),
        (
            {"title": "东昌府区2023年度法治政府建设情况报告"},
            Region("371502", "东昌府区", ("山东省", "聊城市", "东昌府区"), "county"),
        ),
        (
            {"issuer": "石狮市人民政府", "context": ["中共石狮市委"]},
            Region("350581", "石狮市", ("福建省", "泉州市", "石狮市"), "county"),
        ),
        (
            {"title": "安康高新区2020年度法治政府建设工作总结", "site_code": "6109000015"},
            Region(
                "610900",
                "安康高新技术产业开发区",
                ("陕西省", "安康市", "安康高新技术产业开发区"),
                "functional_zone",
                True,
            ),
        ),
        (
            {"issuer": "常州市新北区人民政府", "context": ["常州市人民政府"]},
            Region("320411", "新北区", ("江苏省", "常州市", "新北区"), "county"),
        ),
        (
            {"issuer": "中共石狮市宝盖镇委员会石狮市宝盖镇人民政府"},
            Region("350581", "宝盖镇", ("福建省", "泉州市", "石狮市", "宝盖镇"), "township"),
        ),
        (
            {"issuer": "中共晋江市青阳街道工作委员会 晋江市人民政府青阳街道办事处"},
            Region("350582", "青阳街道", ("福建省", "泉州市", "晋江市", "青阳街道"), "township"),
        ),
        (
            {"issuer": "石狮市宝盖镇人民政府"},
            Region("350581", "宝盖镇", ("福建省", "泉州市", "石狮市", "宝盖镇"), "township"),
        ),
        (
            {"issuer": "广州市黄埔区人民政府广州开发区管委会"},
            Region("440112", "黄埔区", ("广东省", "广州市", "黄埔区"), "county"),
        ),
        (
            {"issuer": "司法部", "site_code": "bm10000001"},
            Region("000000", "中华人民共和国", ("中华人民共和国",), "national"),
        ),
    ],
)
def test_a_document_gets_the_region_of_the_body_that_reports(
    evidence: dict[str, object], region: Region
) -> None:
    evidence = {"issuer": None} | evidence
    assert place(**evidence) == region  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "title",
    ["浙江省蓝溪县2024年法治政府建设年度报告", "安徽省白石市人民政府2023年法治政府建设情况报告"],
)
def test_a_report_of_an_unknown_county_is_not_its_province_s(title: str) -> None:
    assert place(issuer=None, title=title) is None


def test_the_portal_never_moves_a_report() -> None:
    region = place(
        "石狮市人民政府", site_code="3200000084", icp="京ICP备1号", host_hint="www.gd.gov.cn"
    )
    assert region is not None
    assert region.adcode == "350581"


@pytest.mark.parametrize("name", ["朝阳区", "鼓楼区", "城区", "高新区"])
def test_a_name_of_several_places_alone_decides_nothing(name: str) -> None:
    answer = G.resolve(name + "司法局")
    assert answer.region is None
    assert len(answer.candidates) > 1


@pytest.mark.parametrize(
    ("issuer", "evidence", "adcode"),
    [
        ("朝阳区司法局", {"title": "北京市朝阳区2023年度报告"}, "110105"),
        ("朝阳区司法局", {"context": ["长春市人民政府："]}, "220104"),
        ("朝阳区司法局", {"site_code": "1101050002"}, "110105"),
        ("朝阳区司法局", {"icp": "吉ICP备05000001号"}, "220104"),
        ("朝阳区司法局", {"host_hint": "https://www.beijing.gov.cn/a.html"}, "110105"),
        ("朝阳区司法局", {"host_hint": "220100"}, "220104"),
        ("鼓楼区司法局", {"context": ["江苏省南京市委"]}, "320106"),
        ("鼓楼区司法局", {"context": ["福州"], "site_code": "3201060001"}, "350102"),
        ("鼓楼区司法局", {"site_code": "3203000001"}, "320302"),
        ("桥西区人民政府", {"context": ["河北省张家口市桥西区"]}, "130703"),
        ("高新区管委会", {"site_code": "6109000015"}, "610900"),
        ("高新区管委会", {"context": ["福州市人民政府"]}, "350100"),
        ("春江街道办事处", {"site_code": "3204110029"}, "320411"),
        ("黄湾镇人民政府", {"context": ["中共灵璧县委"]}, "341323"),
        ("县公安局", {"context": ["习水县公安局机关"], "site_code": "5203300001"}, "520330"),
    ],
)
def test_other_evidence_decides_between_places(
    issuer: str, evidence: dict[str, object], adcode: str
) -> None:
    region = place(issuer, **evidence)
    assert region is not None
    assert region.adcode == adcode


@pytest.mark.parametrize(
    "evidence",
    [
        {"site_code": "1234567890"},
        {"site_code": "0000000000"},
        {"site_code": "9912340001"},
        {"site_code": "bm04000007"},
        {"site_code": "3201"},
        {"icp": "ICP备1号"},
        {"host_hint": "www.example.com"},
        {"host_hint": "http://["},
        {"context": ["南京市和福州市"]},
        {"title": "2023年度法治政府建设情况报告"},
    ],
)
def test_placeholders_and_empty_evidence_decide_nothing(evidence: dict[str, object]) -> None:
    assert place("鼓楼区司法局", **evidence) is None


@pytest.mark.parametrize(
    "issuer", [None, "", "县公安局", "公安部门", "新区管委会", "东城街道办事处", "仁和镇人民政府"]
)
def test_without_a_place_of_its_own_a_document_has_no_region(issuer: str | None) -> None:
    assert place(issuer) is None
    assert place(issuer, icp="闽ICP备1号", host_hint="www.fujian.gov.cn") is None


@pytest.mark.parametrize(
    ("issuer", "name", "path"),
    [
        ("邯郸高新区管委会", "邯郸高新技术产业开发区", ("河北省", "邯郸市")),
        ("晋江经济开发区管委会", "晋江经济开发区", ("福建省", "泉州市", "晋江市")),
        ("九江八里湖新区管委会", "八里湖新区", ("江西省", "九江市")),
    ],
)
def test_a_zone_no_table_lists_is_named_after_its_parent(
    issuer: str, name: str, path: tuple[str, ...]
) -> None:
    answer = G.resolve(issuer)
    assert answer.region is not None
    assert (answer.region.name, answer.region.path[:-1], answer.region.zone) == (name, path, True)
    assert "not in zones.csv" in answer.why


@pytest.mark.parametrize(
    ("issuer", "adcode"),
    [
        ("国家税务总局石狮市税务局", "350581"),
        ("国家统计局常州调查队", "320400"),
        ("财政部福建监管局", "350000"),
        ("上海海关", "310000"),
        ("中华人民共和国财政部", "000000"),
        ("国务院", "000000"),
    ],
)
def test_a_central_body_is_national_and_its_local_office_is_local(issuer: str, adcode: str) -> None:
    region = place(issuer)
    assert region is not None
    assert region.adcode == adcode


def test_a_report_from_before_a_change_keeps_the_name_and_code_of_its_time() -> None:
    answer = G.resolve("渝北区人民政府", title="渝北区2023年度法治政府建设情况报告")
    assert answer.region is not None
    assert (answer.region.adcode, answer.region.name) == ("500112", "渝北区")
    assert "now 两江新区" in answer.why


# Reading the seeds


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    shutil.copytree(TABLES, tmp_path / "regions")
    return tmp_path


@pytest.mark.parametrize(
    ("table", "line", "reason"),
    [
        ("divisions.csv", "35058,石狮县,county,350500,,,,", "is not a six-digit code"),
        ("divisions.csv", "350599,石狮县,county,359900,,,,", "unknown parent_adcode 359900"),
        ("divisions.csv", "350599,石狮县,county,350500,,2001,359999,", "unknown successor 359999"),
        ("divisions.csv", "350599,石狮县,county,350500,2001,1999,,", "not after it begins"),
        ("divisions.csv", "350599,石狮县,county,350500,later,,,", "is not a year"),
        ("divisions.csv", "350599,石狮县,village,350500,,,,", "a level out of"),
        ("divisions.csv", "350599,石狮县,county,350581,,,,", "is not above a county"),
        ("divisions.csv", "110101,东城区,county,110000,,,,", "listed twice"),
        ("divisions.csv", "350599,石狮县", "2 cells where the header has 8"),
        ("zones.csv", "石狮高新区,,359999,,well known", "unknown parent_adcode 359999"),
        ("zones.csv", "石狮高新区,,350581,,", "needs a name and a source"),
        ("aliases.csv", "狮城,359999,a nickname", "known adcode"),
        ("provinces.csv", "350001,闽,闽,fj", "the code and the short name of a province"),
        ("central.csv", ",别名", "needs a name"),
    ],
)
def test_a_bad_line_is_named_by_file_line_and_reason(
    seeds: Path, table: str, line: str, reason: str
) -> None:
    path = seeds / "regions" / table
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}{line}\n", encoding="utf-8")
    number = text.count("\n") + 1
    with pytest.raises(SeedError, match=re.escape(f"{table}:{number}: ") + ".*" + reason):
        Gazetteer.load(seeds)


def test_a_wrong_header_or_a_missing_table_is_a_seed_error(seeds: Path) -> None:
    (seeds / "regions" / "zones.csv").write_text("name,parent\n", encoding="utf-8")
    with pytest.raises(SeedError, match=r"zones\.csv:1: the header must be"):
        Gazetteer.load(seeds)
    (seeds / "regions" / "zones.csv").unlink()
    with pytest.raises(SeedError, match=r"zones\.csv: cannot be read"):
        Gazetteer.load(seeds)


def test_the_demo_adds_its_own_divisions(seeds: Path) -> None:
    (seeds / "demo").mkdir()
    (seeds / "demo" / "divisions.csv").write_text(
        "adcode,name,level,parent_adcode\n900000,示例省,province,\n900100,远山市,prefecture,900000\n"
        "900121,近水县,county,900100\n900171,远山高新技术产业开发区,functional_zone,900100\n",
        encoding="utf-8",
    )
    demo = Gazetteer.load(seeds)
    assert demo.path("900121") == ("示例省", "远山市", "近水县")
    region = demo.resolve("远山高新区管委会", site_code="9001710001").region
    assert region == Region(
        "900100",
        "远山高新技术产业开发区",
        ("示例省", "远山市", "远山高新技术产业开发区"),
        "functional_zone",
        True,
    )


def test_a_seeds_directory_is_read_once(seeds: Path) -> None:
    assert Gazetteer.load(seeds) is Gazetteer.load(seeds)

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import SeedError
from crawler.screening import TitleRule, TitleRules, TitleVerdict, is_cut, load_kinds, normal

SHARED = Path(__file__).resolve().parents[4] / "shared" / "portals"
RULES = TitleRules.load()


def every_rule() -> list[TitleRule]:
    links = (RULES.columns, RULES.slugs, RULES.dead_ends)
    groups = (RULES.near_misses, RULES.reports, RULES.candidates, RULES.fragments, *links)
    return [rule for group in groups for rule in group]


def shared_titles(name: str) -> list[str]:
    path = SHARED / name
    if not path.is_file():
        pytest.skip(
            f"{path} is not here: the collection of real titles is kept outside the project"
        )
    return path.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.id)
def test_a_rule_matches_its_example_and_not_its_counter_example(rule: TitleRule) -> None:
    assert rule.pattern.search(normal(rule.match))
    assert not rule.pattern.search(normal(rule.no_match))
    assert rule.reason


@pytest.mark.parametrize("rule", RULES.near_misses, ids=lambda rule: rule.id)
def test_the_example_of_a_near_miss_is_judged_a_near_miss(rule: TitleRule) -> None:
    assert RULES.judge(rule.match).kind == "near_miss"


@pytest.mark.parametrize("rule", RULES.reports, ids=lambda rule: rule.id)
def test_the_example_of_a_report_is_judged_a_report_by_its_own_rule(rule: TitleRule) -> None:
    assert RULES.judge(rule.match) == TitleVerdict("report", rule.id)


def test_every_real_title_of_a_report_is_a_report() -> None:
    titles = shared_titles("titles_pos.txt")
    assert [title for title in titles if RULES.judge(title).kind != "report"] == []


def test_no_real_near_miss_is_a_report() -> None:
    titles = shared_titles("titles_neg.txt")
    assert [title for title in titles if RULES.judge(title).kind == "report"] == []


@pytest.mark.parametrize(
    "title",
    [
        "云岭县水务局2021年法治政府建设工作总结和2022年工作计划",
        "云岭县人民政府办公室关于印发《云岭县2022年度法治政府建设情况报告》的通知",
        "二〇二二年度法治政府建设情况报告",
        "云岭县 ２０２３年度\n法治政府建设情况报告",
        "云岭县志愿服务联合会2023年法治政府建设情况报告",
        "青石农业示范区管理委员会2022年度法治政府建设工作报告",
    ],
)
def test_a_report_that_looks_like_something_else_is_a_report(title: str) -> None:
    assert RULES.judge(title).kind == "report"


@pytest.mark.parametrize(
    "title",
    [
        "关于做好2023年法治政府建设年度报告工作的通知",
        "云岭县公布2023年法治政府建设年度报告",
        "全县2023年法治政府建设工作情况汇报会",
        "关于印发《2023年法治政府建设年度报告编写工作方案》的通知",
    ],
)
def test_a_page_about_a_report_is_a_near_miss(title: str) -> None:
    assert RULES.judge(title).kind == "near_miss"


def test_a_page_of_another_subject_is_unknown() -> None:
    assert RULES.judge("云岭县2023年行政复议工作报告").kind == "unknown"


@pytest.mark.parametrize("tail", ["…", "...", "……", "..", "⋯"])
def test_a_title_cut_short_is_worth_fetching_when_it_could_still_be_a_report(tail: str) -> None:
    assert is_cut("云岭县人民政府关于2024年" + tail)
    assert RULES.screen_entry("云岭县人民政府关于2024年度法治政" + tail).fetch
    assert RULES.screen_entry("云岭县人民政府关于2024年度法治政府建设工作" + tail).fetch
    assert not RULES.screen_entry("云岭县人民政府关于2024年度财政决算" + tail).fetch
    assert not RULES.screen_entry("云岭县人民政府关于印发2024年法治政" + tail).fetch


def test_a_complete_entry_is_fetched_only_if_its_title_is_a_report() -> None:
    assert RULES.screen_entry("云岭县2024年度法治政府建设情况报告").fetch
    assert not RULES.screen_entry("云岭县人民政府关于2024年度法治政").fetch


@pytest.mark.parametrize(
    "title",
    [
        "云岭县青石镇2023年度依法行政工作总结",
        "云岭县水利局2021年法治工作总结",
        "2020年度依法治县工作报告",
        "云岭县公安局2023年法治公安建设工作报告",
        "云岭县人民政府2022年度法治政府建设白皮书",
    ],
)
def test_an_entry_that_may_be_a_report_is_fetched_and_its_title_does_not_decide(title: str) -> None:
    assert RULES.judge(title).kind == "unknown"
    assert RULES.screen_entry(title).fetch


@pytest.mark.parametrize(
    "title",
    [
        "云岭县2023年法治宣传教育工作总结",
        "云岭县2023年优化法治营商环境工作总结",
        "云岭县司法局2023年工作总结",
        "云岭县2023年依法行政知识竞赛情况介绍",
        "云岭县青石镇2023年法治乡村建设工作总结",
        "云岭县2023年依法治县工作要点",
        "云岭县召开2023年依法行政工作情况汇报会",
    ],
)
def test_an_entry_of_a_neighbouring_subject_is_not_fetched(title: str) -> None:
    assert not RULES.screen_entry(title).fetch


def test_a_summary_of_the_year_with_its_subject_in_brackets_is_a_report() -> None:
    assert RULES.judge("2024年工作总结（法治政府建设）").kind == "report"
    assert RULES.judge("2024年政府工作报告（法治政府建设部分）").kind != "report"


def test_a_link_to_the_column_of_reports_scores_above_its_neighbours() -> None:
    right = RULES.score_column("法治政府建设年度报告", "index.html")
    assert right > RULES.score_column("法治政府建设", "") > RULES.score_column("政务公开", "") > 0
    assert RULES.score_column("更多", "fzzfjsndbg") > 0
    assert RULES.score_column("旅游", "ly") == 0


def rules_file(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "kinds" / "other"
    folder.mkdir(parents=True)
    (folder / "titles.toml").write_text(text, encoding="utf-8")
    return tmp_path


ROW = '[[report]]\nid = "a"\nreason = "r"\npattern = "x"\nmatch = "x"\nno_match = "y"\n'


def test_another_kind_is_a_folder_of_data(tmp_path: Path) -> None:
    seeds = rules_file(tmp_path, ROW)
    assert list(load_kinds(seeds)) == ["other"]
    assert TitleRules.load(seeds).judge("x").kind == "report"
    with pytest.raises(SeedError, match="name one of other"):
        TitleRules.load(seeds, "third")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[report]\n", "cannot be read as TOML"),
        (ROW.replace("report", "reports"), "unknown table reports"),
        (ROW + ROW, "rule 'a' is there twice"),
        (ROW.replace('"x"', '"("', 1), "rule 'a': "),
        (ROW.replace('reason = "r"\n', ""), "'reason'"),
        (ROW.replace('"r"', '""'), "must be non-empty strings"),
        (ROW + "extra = 1\n", "only a whole-number weight"),
    ],
)
def test_a_malformed_rule_file_is_named_with_its_reason(
    tmp_path: Path, text: str, reason: str
) -> None:
    with pytest.raises(SeedError, match=r"titles\.toml") as caught:
        TitleRules.load(rules_file(tmp_path, text))
    assert reason in str(caught.value)


def test_seeds_without_any_kind_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match="no kind of report"):
        load_kinds(tmp_path)


ISSUERS_THAT_SOUND_LIKE_NEAR_MISSES = (
    "云岭县审计局",
    "国家审计署云岭特派员办事处",
    "云岭市自然资源和规划局",
    "云岭市规划和自然资源局",
    "云岭区规划建设管理局",
    "云岭市住房保障和规划局",
    "云岭市卫生和计划生育委员会",
    "国家发展计划委员会",
    "国家统计局云岭调查队",
    "云岭市政府研究室",
    "云岭县档案馆",
    "云岭市政务公开办公室",
    "云岭市政务公开和政务服务局",
    "云岭市人民政府督察办公室",
    "云岭市人民政府新闻办公室",
    "云岭农业高新技术产业示范区管委会",
)


@pytest.mark.parametrize("issuer", ISSUERS_THAT_SOUND_LIKE_NEAR_MISSES)
@pytest.mark.parametrize(
    "title",
    [
        "{}2023年度法治政府建设情况报告",
        "{}关于2022年法治政府建设工作情况的报告",
        "{}2023年法治政府建设工作总结",
    ],
)
def test_a_body_may_bear_the_name_of_a_near_miss(issuer: str, title: str) -> None:
    assert RULES.judge(title.format(issuer)).kind == "report"


def test_quotes_in_a_title_change_nothing() -> None:
    assert RULES.judge("云岭乡2023年度“法治政府”建设情况报告").kind == "report"


@pytest.mark.parametrize(
    "title",
    [
        "云岭市规划局关于印发《云岭市法治建设规划(2021—2025年)》的通知",
        "云岭市法治政府建设规划(2021—2025年)",
        "云岭市审计局2023年度审计工作报告",
        "云岭市2023年度法治政府建设考评结果的通报",
        "2023年法治政府建设年度报告公开情况统计",
    ],
)
def test_what_such_a_body_publishes_besides_stays_a_near_miss(title: str) -> None:
    assert RULES.judge(title).kind != "report"

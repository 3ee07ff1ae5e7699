"""Every rule of seeds/rules and of the kind is run against its own examples."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import SeedError
from crawler.seeds import SEEDS
from ingest.lines import LineReader, load_reader
from ingest.markup import Deed, load_markup
from ingest.outline import load_roles
from ingest.rules import LineRule, load_line_rules, ruleset_version
from ingest.verdict import load_signs

READER = load_reader()
KIND = SEEDS / "kinds" / "fazhi"
FORM = """
[[rule]]
id = "one"
reason = "because"
names = ["来源"]
value = "name"
matches = ["来源：县报"]
spares = ["来源广泛"]
"""


def examples(which: str) -> list[Any]:
    return [
        pytest.param(rule, text, id=f"{rule.id}: {text}")
        for rule in load_line_rules()
        for text in getattr(rule, which)
    ]


def read_as(text: str) -> set[str]:
    label = READER.label(text)
    return {item.rule.id for item in READER.read(text)} | ({label.id} if label else set())


@pytest.mark.parametrize(("rule", "text"), examples("matches"))
def test_a_line_rule_matches_what_it_says_it_matches(rule: LineRule, text: str) -> None:
    assert rule.id in read_as(text)


@pytest.mark.parametrize(("rule", "text"), examples("spares"))
def test_a_line_rule_spares_what_it_says_it_spares(rule: LineRule, text: str) -> None:
    assert rule.id not in read_as(text)


@pytest.mark.parametrize("rule", load_line_rules(), ids=lambda rule: rule.id)
def test_no_rule_takes_the_paragraph_it_is_stuck_to(rule: LineRule) -> None:
    sentence = "2024年，云岭县扎实推进法治政府建设，各项工作取得新进展。"
    for furniture in rule.matches:
        for line in (f"{furniture} {sentence}", f"{sentence} {furniture}"):
            _, kept, _ = READER.unglue(line)
            assert sentence in kept


def kind_rules(name: str, table: str) -> list[Any]:
    data = tomllib.loads((KIND / name).read_text(encoding="utf-8"))
    return [pytest.param(row, id=f"{name}: {row['id']}") for row in data[table]]


@pytest.mark.parametrize(
    "row", [*kind_rules("outline.toml", "role"), *kind_rules("body.toml", "sign")]
)
def test_a_rule_of_the_kind_matches_and_spares_what_it_says(row: dict[str, Any]) -> None:
    pattern = re.compile(row["pattern"])
    assert row["reason"]
    assert row["matches"]
    assert [text for text in row["matches"] if not pattern.search(text)] == []
    assert [text for text in row["spares"] if pattern.search(text)] == []


@pytest.mark.parametrize("row", kind_rules("body.toml", "veto"))
def test_a_veto_is_met_and_spared_by_what_it_says(row: dict[str, Any]) -> None:
    vetoes = {veto.id: veto for veto in load_signs("fazhi").vetoes}
    assert row["reason"]
    assert vetoes[row["id"]].times == row["times"]
    seen = {t: len(re.findall(row["pattern"], t)) for t in row["matches"] + row["spares"]}
    assert all(seen[text] >= row["times"] for text in row["matches"])
    assert all(seen[text] < row["times"] for text in row["spares"])


def test_the_containers_of_content_systems_are_known() -> None:
    markup = load_markup()
    assert {"zoom", "UCAP-CONTENT"} <= markup.ids
    assert {"TRS_Editor", "v_news_content"} <= markup.classes
    assert markup.deeds["script"] is Deed.SCRIPT
    assert markup.deeds["select"] is Deed.SKIP
    assert markup.deeds["p"] is Deed.BLOCK


@pytest.fixture
def seeds(tmp_path: Path) -> Iterator[Path]:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "boilerplate.toml").write_text(FORM, encoding="utf-8")
    (rules / "fields.toml").write_text("", encoding="utf-8")
    yield tmp_path


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('reason = "because"', "", "rule 'one' has no reason"),
        ('spares = ["来源广泛"]', "", "rule 'one' has no spares"),
        ('value = "name"', 'value = "nane"', "value 'nane' is none of"),
        ('value = "name"', 'valeu = "name"', "unknown keys ['valeu']"),
        ('value = "name"', 'patterns = ["x"]', "needs either names"),
        ('names = ["来源"]\nvalue = "name"', 'patterns = ["(x"]', "is no regular expression"),
        ("[[rule]]", FORM + "[[rule]]", "two rules have the id 'one'"),
        ('id = "one"', 'id = "one', "correct the file"),
    ],
)
def test_a_malformed_rule_is_refused_with_file_and_rule(
    seeds: Path, old: str, new: str, complaint: str
) -> None:
    path = seeds / "rules" / "boilerplate.toml"
    path.write_text(FORM.replace(old, new), encoding="utf-8")
    with pytest.raises(SeedError) as error:
        load_line_rules(seeds)
    assert complaint in str(error.value)
    assert str(seeds) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_rule_file_is_named(seeds: Path) -> None:
    (seeds / "rules" / "fields.toml").unlink()
    with pytest.raises(SeedError, match=r"fields\.toml is missing"):
        load_line_rules(seeds)


def test_rules_of_another_seeds_directory_are_their_own(seeds: Path) -> None:
    reader = LineReader(load_line_rules(seeds))
    assert [item.rule.id for item in reader.read("来源：县报")] == ["one"]
    assert reader.read("打印") == ()


@pytest.mark.parametrize(
    ("name", "table", "load"),
    [("outline.toml", "role", load_roles), ("body.toml", "sign", load_signs)],
)
def test_a_malformed_rule_of_a_kind_is_refused_with_its_file(
    tmp_path: Path, name: str, table: str, load: Any
) -> None:
    folder = tmp_path / "kinds" / "other"
    folder.mkdir(parents=True)
    (folder / name).write_text(f'threshold = 1\n[[{table}]]\nid = "x"\n', encoding="utf-8")
    with pytest.raises(SeedError) as error:
        load("other", tmp_path)
    assert name in str(error.value)


def test_a_changed_rule_changes_the_version_of_the_rule_set(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for seeds in (first, second):
        shutil.copytree(SEEDS / "rules", seeds / "rules")
    with (second / "rules" / "page.toml").open("a", encoding="utf-8") as file:
        file.write("# a word\n")
    assert ruleset_version(first) != ruleset_version(second)
    assert len(ruleset_version(first)) == 12

"""The deployment files: as far as they can be checked without an engine to run them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from scheduler.config import PREFIX, READERS
from scheduler.health.metrics import page
from scheduler.health.snapshot import Snapshot
from scheduler.presence import Process

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "tests/unit/compose_spec/compose_spec.json"
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()
PASSWORDS = {"FAZHI_DB_PASSWORD", "FAZHI_GRAFANA_DB_PASSWORD", "FAZHI_GRAFANA_PASSWORD"}
KNOWN = {PREFIX + key.upper() for key in READERS} | PASSWORDS | {"FAZHI_CONFIG"}
DASHBOARDS = sorted((ROOT / "deploy/grafana/dashboards").glob("*.json"))
RULES = ROOT / "deploy/prometheus/alerts.yml"
SCRIPTS = sorted(path for path in (ROOT / "deploy").rglob("*.sh"))


SNAPSHOT = Snapshot(
    runs={("hand", "failed", "timeout"): 1},
    run_seconds=(1.0, 1.0),
    failures={"timeout": 1},
    pages={"report": 1},
    ingest_seconds=(1.0, 1.0),
    jobs={("crawl", "todo"): (1, 1.0)},
    captures_waiting=1,
    captures_age=1.0,
    portal_ages={1: 1},
    season_year=2025,
    season={"county": (1, 1)},
    alerts={("failing", "warning"): 1},
    messages={"log": (1, 1.0)},
    reports=1,
    database_bytes=1,
    leading=True,
    processes=(Process("crawler", "a", 1),),
)
"""With something of everything, so that every metric is on the page."""


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def instructions() -> list[tuple[str, str]]:
    joined = re.sub(r"\\\n\s*", "", DOCKERFILE)
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def test_the_compose_file_follows_the_compose_specification(compose: dict[str, Any]) -> None:
    jsonschema.Draft7Validator(json.loads(SPEC.read_text())).validate(compose)


def test_every_long_running_service_restarts_and_has_a_healthcheck(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if name == "migrate":
            continue
        assert service["restart"] == "unless-stopped", name
        assert service["healthcheck"]["test"][0] == "CMD", name


def test_services_wait_for_a_healthy_and_migrated_database(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    for name in ("scheduler", "crawler", "ingester", "health"):
        wait = services[name]["depends_on"]["migrate"]["condition"]
        assert wait == "service_completed_successfully"


def test_every_volume_is_declared_and_postgres_18_keeps_its_data_in_one(
    compose: dict[str, Any],
) -> None:
    mounted = {
        name: {v.split(":")[0]: v.split(":")[1] for v in service["volumes"]}
        for name, service in compose["services"].items()
    }
    sources = {source for volumes in mounted.values() for source in volumes}
    files = {source for source in sources if source.startswith("./")}
    assert sources - files == set(compose["volumes"])
    assert all((ROOT / file).exists() for file in files)
    assert mounted["postgres"]["postgres"] == "/var/lib/postgresql"
    assert mounted["crawler"] == {"home": "/var/lib/fazhi"}


def test_no_password_is_written_down(compose: dict[str, Any]) -> None:
    password = compose["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"]
    assert password.startswith("${FAZHI_DB_PASSWORD:?")


@pytest.mark.parametrize("file", ["docker-compose.yml", "deploy/Dockerfile", *UNITS], ids=str)
def test_only_settings_that_exist_are_set(file: str | Path) -> None:
    named = set(re.findall(r"\bFAZHI_[A-Z_]+", (ROOT / file).read_text()))
    assert named <= KNOWN


def test_the_image_copies_what_exists_and_installs_by_hash_and_runs_as_a_user() -> None:
    steps = instructions()
    assert steps[0] == ("FROM", "python:3.13-slim")
    for word, rest in steps:
        if word == "COPY":
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), source
    runs = [rest for word, rest in steps if word == "RUN"]
    assert any("--require-hashes" in run for run in runs)
    assert not any("apt-get" in run for run in runs)
    users = [rest for word, rest in steps if word == "USER"]
    assert users and users[-1] not in ("root", "0")


def test_the_image_holds_every_room_and_the_seeds() -> None:
    copied = {rest.split()[0].rstrip("/") for word, rest in instructions() if word == "COPY"}
    assert {"crawler", "ingest", "scheduler", "seeds", "requirements.lock"} <= copied


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_accepted_by_systemd(unit: Path, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed here")
    # The program and its user are on the operator's machine, not on this one.
    text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.MULTILINE)
    text = re.sub(r"^(User|Group)=.*\n", "", text, flags=re.MULTILINE)
    name = unit.name.replace("@", "@crawler")
    (tmp_path / name).write_text(text)
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(tmp_path / name)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    complaints = [line for line in done.stderr.splitlines() if name in line]
    assert complaints == []


def test_the_operators_guide_names_every_setting_and_only_those_that_exist() -> None:
    guide = (ROOT / "docs/how-to/operate.md").read_text(encoding="utf-8")
    named = {name.rstrip("_") for name in re.findall(r"\bFAZHI_[A-Z_]*", guide)} - {"FAZHI"}
    assert {PREFIX + key.upper() for key in READERS} <= named <= KNOWN


def test_env_example_names_what_the_compose_file_asks_for() -> None:
    example = (ROOT / "deploy/env.example").read_text()
    offered = set(re.findall(r"^(FAZHI_[A-Z_]+)=$", example, re.MULTILINE))
    asked = set(re.findall(r"\$\{(FAZHI_[A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert offered == asked


def test_nothing_is_published_beyond_this_machine(compose: dict[str, Any]) -> None:
    published = [port for s in compose["services"].values() for port in s.get("ports", [])]
    assert len(published) == 3
    assert all(port.startswith("127.0.0.1:") for port in published)


def metrics_named(text: str) -> set[str]:
    return set(re.findall(r"\bfazhi_[a-z_]+", text))


def test_every_metric_of_dashboards_and_rules_exists() -> None:
    told = metrics_named(page(SNAPSHOT, 0.1).decode())
    for file in [RULES, *DASHBOARDS]:
        queries = [
            value
            for value in _strings(yaml.safe_load(file.read_text()), under=("expr",))
            if metrics_named(value)
        ]
        assert queries
        for query in queries:
            assert metrics_named(query) <= told, query


def _strings(value: Any, *, under: tuple[str, ...], found: bool = False) -> list[str]:
    if isinstance(value, dict):
        return [s for k, v in value.items() for s in _strings(v, under=under, found=k in under)]
    if isinstance(value, list):
        return [s for v in value for s in _strings(v, under=under, found=found)]
    return [value] if found and isinstance(value, str) else []


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.name)
def test_a_dashboards_panels_have_numbers_of_their_own_and_a_source_that_is_provisioned(
    file: Path,
) -> None:
    provisioning = ROOT / "deploy/grafana/provisioning/datasources/fazhi.yml"
    sources = {d["uid"]: d["type"] for d in yaml.safe_load(provisioning.read_text())["datasources"]}
    panels = json.loads(file.read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        assert sources[panel["datasource"]["uid"]] == panel["datasource"]["type"]
        assert panel["targets"]
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not taken & cells, panel["title"]
        taken |= cells


def test_prometheus_accepts_its_files() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed here (Debian: apt install prometheus)")
    config = RULES.with_name("prometheus.yml")
    done = subprocess.run([promtool, "check", "config", config], check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_is_clean(script: Path) -> None:
    shellcheck = shutil.which("shellcheck")
    if shellcheck is None:
        pytest.skip("shellcheck is not installed here (Debian: apt install shellcheck)")
    done = subprocess.run([shellcheck, script], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout

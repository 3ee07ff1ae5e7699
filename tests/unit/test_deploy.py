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

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "tests/unit/compose_spec/compose_spec.json"
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()
KNOWN = {PREFIX + key.upper() for key in READERS} | {"FAZHI_DB_PASSWORD", "FAZHI_CONFIG"}


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
    for name in ("scheduler", "crawler", "ingester"):
        wait = services[name]["depends_on"]["migrate"]["condition"]
        assert wait == "service_completed_successfully"


def test_every_volume_is_declared_and_postgres_18_keeps_its_data_in_one(
    compose: dict[str, Any],
) -> None:
    mounted = {
        name: dict(volume.split(":") for volume in service["volumes"])
        for name, service in compose["services"].items()
    }
    assert {v for volumes in mounted.values() for v in volumes} == set(compose["volumes"])
    assert mounted["postgres"] == {"postgres": "/var/lib/postgresql"}
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

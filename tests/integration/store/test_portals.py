"""The registry in the database: what the seeds say, what an operator adds and decides."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import SeedError
from crawler.portals import Column, Portal, load_portals
from crawler.seeds import SEEDS
from ingest.store.database import Database
from ingest.store.migrate import migrate
from ingest.store.portals import (
    add_portals,
    decide,
    read_portal,
    read_registry,
    sync_portals,
    unknown_adcodes,
)
from ingest.store.queries import list_portals
from ingest.store.runs import begin_run, fail_run, finish_run
from ingest.store.seeds import load_seeds

TODAY = date(2026, 5, 1)


@pytest.fixture
def own(portal: Portal) -> Portal:
    return replace(
        portal,
        id="my-own",
        name="某镇人民政府",
        level="township",
        base_url="http://own.test/",
        columns=(Column("http://own.test/a/"), Column("http://own.test/b/")),
        quirks={"tls": "legacy 2026-01-01 why"},
    )


def reload_seeds(connection: Any) -> None:
    """As a migrate of a program with other seeds does."""
    connection.execute("delete from loaded_seeds")
    load_seeds(connection)


def test_what_is_read_back_is_what_the_seeds_say(connection: Any) -> None:
    reload_seeds(connection)
    assert read_registry(connection) == load_portals()


def test_an_operators_portal_survives_new_seeds_and_is_like_any_other(
    connection: Any, own: Portal
) -> None:
    assert add_portals(connection, [own]) == ["my-own"]
    reload_seeds(connection)
    registry = read_registry(connection)
    assert registry["my-own"] == own
    assert len(registry) == len(load_portals()) + 1
    [row] = [row for row in list_portals(connection) if row.id == "my-own"]
    assert (row.origin, row.in_registry) == ("operator", True)


def test_adding_again_renews_an_operators_portal_and_its_columns(
    connection: Any, own: Portal
) -> None:
    add_portals(connection, [own])
    newer = replace(own, name="新名", columns=(Column("http://own.test/c/"),))
    assert add_portals(connection, [newer]) == ["my-own"]
    assert read_portal(connection, "my-own") == newer


def test_an_id_of_the_seeds_is_not_given_away(connection: Any, own: Portal, portal: Portal) -> None:
    thief = replace(own, id=portal.id)
    assert add_portals(connection, [own, thief]) == ["my-own"]
    assert read_portal(connection, portal.id) == portal


def test_an_operators_portal_keeps_its_id_when_the_seeds_bring_it_too(
    connection: Any, own: Portal, portal: Portal
) -> None:
    add_portals(connection, [own])
    sync_portals(connection, [portal, replace(portal, id="my-own", name="另一个")])
    assert read_portal(connection, "my-own") == own


def test_a_decision_has_a_reason_and_a_day_and_survives_new_seeds(
    connection: Any, portal: Portal
) -> None:
    sync_portals(connection, [portal])
    decide(connection, portal.id, "disabled", "asked to stay away", TODAY)
    sync_portals(connection, [replace(portal, name="改名")])
    found = read_registry(connection)[portal.id]
    assert (found.name, found.disabled) == ("改名", "2026-05-01 asked to stay away")
    decide(connection, portal.id, "enabled", None, TODAY)
    assert read_registry(connection)[portal.id].disabled is None
    [row] = list_portals(connection)
    assert (row.decision, row.decided_on) == (None, None)


def test_an_operator_may_enable_what_the_seeds_disable(connection: Any, portal: Portal) -> None:
    gone = replace(portal, disabled="the site is gone")
    sync_portals(connection, [gone])
    assert [row.disabled for row in list_portals(connection, disabled=True)] == ["the site is gone"]
    decide(connection, portal.id, "enabled", None, TODAY)
    sync_portals(connection, [gone])
    assert read_registry(connection)[portal.id].disabled is None
    assert list_portals(connection, disabled=True) == []


def test_portals_are_filtered_by_region_level_and_family(connection: Any) -> None:
    reload_seeds(connection)

    def found(**filters: Any) -> set[str]:
        return {row.id for row in list_portals(connection, **filters)}

    assert {"gov-350000", "gov-350581", "site-fzgxq-fuzhou-gov-cn"} <= found(region="350000")
    assert all(row.startswith("gov-3505") for row in found(region="350500"))
    assert found(region="350581") == {"gov-350581"} == found(region="石狮")
    assert "gov-350581" in found(region="泉州市")
    assert len(found(level="province")) == 34
    assert found(level="province", region="35") == {"gov-350000"}
    assert found(family="class8") < found(region="320000")


def test_health_is_the_last_success_and_why_every_run_since_failed(
    connection: Any, portal: Portal, capture: Callable[..., Any]
) -> None:
    now = capture().fetched_at

    def run(hours: int, reason: str | None) -> None:
        at = now + timedelta(hours=hours)
        number = begin_run(connection, portal.id, cause="hand", slot=None, job_id=None, now=at)
        if reason:
            fail_run(connection, number, reason, None, at)
        else:
            finish_run(connection, number, state="succeeded", reason="completed", now=at)

    run(0, "dns")
    run(1, None)
    run(2, "challenge")
    run(3, "challenge")
    run(4, "timeout")
    [row] = list_portals(connection)
    assert row.failures_in_a_row == ["timeout", "challenge", "challenge"]
    assert row.last_success_at == now + timedelta(hours=1)
    assert (row.last_run_state, row.last_run_reason) == ("failed", "timeout")
    run(5, None)
    [row] = list_portals(connection)
    assert row.failures_in_a_row == []


def test_codes_that_no_division_ever_had_are_told(connection: Any) -> None:
    assert unknown_adcodes(connection, ["350581", "500112", "999999", "123456"]) == [
        "123456",
        "999999",
    ]


def test_seeds_that_were_loaded_are_not_read_again_until_they_change(
    connection: Any, tmp_path: Path
) -> None:
    for room in ("regions", "portals", "demo"):
        shutil.copytree(SEEDS / room, tmp_path / room)
    load_seeds(connection, tmp_path)
    connection.commit()
    assert "gov-350000" in read_registry(connection)
    fujian = tmp_path / "portals" / "35-fujian.csv"
    whole = fujian.read_text("utf-8")
    fujian.write_text(whole.replace("gov-350000,", "Gov 350000,"), "utf-8")
    with pytest.raises(SeedError, match=r"35-fujian\.csv:2: "):
        load_seeds(connection, tmp_path)
    connection.rollback()
    fujian.write_text(whole.replace("福建省人民政府", "福建"), "utf-8")
    load_seeds(connection, tmp_path)
    connection.commit()
    assert read_registry(connection)["gov-350000"].name == "福建"
    connection.execute("update portals set name = 'x' where id = 'gov-350000'")
    load_seeds(connection, tmp_path)
    assert read_registry(connection)["gov-350000"].name == "x"


def test_another_schema_has_the_seeds_loaded_anew(database: Database) -> None:
    with database.connect() as connection:
        connection.execute("update portals set name = 'x' where id = 'gov-350000'")
        connection.commit()
        load_seeds(connection, schema="0007")
        portal = read_portal(connection, "gov-350000")
    assert portal is not None
    assert portal.name == "福建省人民政府"
    assert migrate(database) == []

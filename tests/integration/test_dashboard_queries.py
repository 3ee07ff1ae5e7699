"""The SQL of the Grafana dashboards runs for an analyst, on every server."""

from __future__ import annotations

import json
from pathlib import Path

from ingest.store.database import Database

DASHBOARDS = Path(__file__).parents[2] / "deploy/grafana/dashboards"
QUERIES = [
    (panel["title"], target["rawSql"])
    for file in sorted(DASHBOARDS.glob("*.json"))
    for panel in json.loads(file.read_text(encoding="utf-8"))["panels"]
    for target in panel["targets"]
    if "rawSql" in target
]


def test_every_query_of_a_dashboard_runs_as_a_reader(database: Database) -> None:
    assert len(QUERIES) >= 5
    with database.connect() as connection:
        connection.execute("set role fazhi_reader")
        for title, query in QUERIES:
            assert connection.execute(query.encode()).description, title

"""docs/reference/schema.md says what the database says of itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ingest.store.schema import SQL, schema_reference

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "schema.md"


def test_the_page_is_current(connection: Any) -> None:
    current = schema_reference(connection) == PAGE.read_text(encoding="utf-8")
    assert current, "run: python -m ingest.store.schema > docs/reference/schema.md"


def test_everything_that_can_be_asked_for_has_a_comment(connection: Any) -> None:
    for statement, comment in (("relations", 2), ("columns", 4), ("functions", 3)):
        silent = [row[:2] for row in connection.execute(SQL[statement]) if not row[comment]]
        assert not silent, statement


def test_the_page_shows_how_tables_hang_together(connection: Any) -> None:
    page = schema_reference(connection)
    assert '    report_versions ||--o{ sections : "version_id"' in page
    assert "### contacts\n\nContacts printed in an article." in page
    assert "Not for fazhi_reader." in page
    assert "search_years" not in page

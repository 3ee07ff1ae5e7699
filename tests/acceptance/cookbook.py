"""docs/cookbook.md: questions, their SQL and their answers as tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cookbook.md"
_QUESTION = re.compile(
    r"(?P<head>## (?P<name>[^\n]*)\n\n```sql\n(?P<sql>.*?)```\n\n)(?P<answer>.*?)(?=\n## |\Z)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Question:
    name: str
    sql: str
    answer: str


def questions() -> list[Question]:
    """All of the page."""
    text = PAGE.read_text(encoding="utf-8")
    return [
        Question(found["name"], found["sql"], found["answer"].strip())
        for found in _QUESTION.finditer(text)
    ]


def answer(connection: Any, sql: str) -> str:
    """What the database says, as a table in Markdown."""
    rows = connection.execute(sql)
    names = [column.name for column in rows.description]
    lines = [names, ["---"] * len(names), *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write_answers(ask: Callable[[str], str]) -> None:
    """Put the answers of today into the page."""
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(
        _QUESTION.sub(lambda found: f"{found['head']}{ask(found['sql'])}\n", text), encoding="utf-8"
    )


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).replace("|", "\\|").replace("\n", " ")

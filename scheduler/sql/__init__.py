"""SQL statements of this room, in procrastinate's form: a name, a sentence, a statement."""

from __future__ import annotations

from importlib import resources
from typing import LiteralString

from procrastinate.sql import parse_query_file


def load(topic: str) -> dict[str, LiteralString]:
    """The statements of ``<topic>.sql`` by name."""
    return parse_query_file((resources.files(__name__) / f"{topic}.sql").read_text("utf-8"))

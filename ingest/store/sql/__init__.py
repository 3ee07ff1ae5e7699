"""SQL statements kept in .sql files: a name, a sentence, a statement.

    -- insert_capture --
    -- Keep a capture unless its bytes are known for this address; the id, and whether it is new.
    insert into captures ...

A Python function of the same name runs each one. Parameters are psycopg's: %(name)s, and %% for %.
"""

from __future__ import annotations

import re
from importlib import resources
from typing import LiteralString, cast

_HEADING = re.compile(r"^-- (\w+) --\n(?:-- .*\n)+", re.MULTILINE)


def load_queries(topic: str) -> dict[str, LiteralString]:
    """The statements of ``<topic>.sql`` by name."""
    text = (resources.files(__name__) / f"{topic}.sql").read_text(encoding="utf-8")
    _, *pieces = _HEADING.split(text)
    # The files are part of the program, so what they say is as safe as a literal in the code.
    return {
        name: cast(LiteralString, statement.strip())
        for name, statement in zip(pieces[::2], pieces[1::2], strict=True)
    }

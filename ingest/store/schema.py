"""docs/reference/schema.md, made from the comments in the database itself:

python -m ingest.store.schema > docs/reference/schema.md
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from ingest.store.connection import Connection
from ingest.store.database import open_database
from ingest.store.migrate import migrate
from ingest.store.sql import load_queries

SQL = load_queries("schema")
HEAD = """\
# Tables, views and functions

Made from the comments in the database by `python -m ingest.store.schema`; do not edit. The same is
shown by `\\d+ reports` in psql (`fazhi psql`). Questions and their answers:
[cookbook](../cookbook.md).

"""
FUNCTIONS = """\
## Functions

`search` is the one to call; the others are its parts, or helpers of the views.
"""


def schema_reference(connection: Connection) -> str:
    """The whole page, for a database whose schema is current."""
    columns = defaultdict(list)
    for relation, *column in connection.execute(SQL["columns"]):
        columns[relation].append(column)
    relations = connection.execute(SQL["relations"]).fetchall()
    parts = [HEAD, _diagram(connection)]
    for title, views in (("Tables", False), ("Views", True)):
        parts.append(f"\n## {title}\n")
        for name, is_view, comment, readable in relations:
            if is_view is views:
                parts.append(_relation(name, comment, readable, columns[name]))
    parts += ["\n", FUNCTIONS, *_functions(connection)]
    return "".join(parts)


def _diagram(connection: Connection) -> str:
    """Which table refers to which, for Mermaid."""
    lines = [
        f'    {target} ||--o{{ {source} : "{by}"'
        for source, target, by in connection.execute(SQL["references"])
    ]
    return "\n".join(["```mermaid", "erDiagram", *lines, "```", ""])


def _relation(name: str, comment: str | None, readable: bool, columns: list[list[str]]) -> str:
    lines = [f"\n### {name}\n", f"{comment or ''}{'' if readable else ' Not for fazhi_reader.'}\n"]
    lines += ["| column | type | |", "|---|---|---|"]
    for column, kind, required, about, key in columns:
        remark = " **key**" if key else (" (never null)" if required else "")
        lines.append(f"| `{column}` | {kind} | {_cell(about)}{remark} |")
    return "\n".join(lines) + "\n"


def _functions(connection: Connection) -> Iterator[str]:
    for name, arguments, result, comment in connection.execute(SQL["functions"]):
        yield f"\n### {name}\n\n`{name}({arguments})` → `{result}`\n\n{comment or ''}\n"


def _cell(text: str | None) -> str:
    return (text or "").replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Print the page, from a database made for it."""
    with (
        tempfile.TemporaryDirectory(prefix="fazhi-schema-") as directory,
        open_database(home=Path(directory) / "home") as database,
    ):
        Path(directory).chmod(0o755)  # as root, the server runs as another account
        migrate(database)
        with database.connect() as connection:
            sys.stdout.write(schema_reference(connection))


if __name__ == "__main__":
    main()

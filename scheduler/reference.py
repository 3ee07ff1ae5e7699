"""docs/reference/cli.md, made from the commands themselves:

python -m scheduler.reference > docs/reference/cli.md
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer
from typer.main import get_command

from scheduler.cli import cli

HEAD = """\
# Command line

Made from `fazhi --help` by `python -m scheduler.reference`; do not edit.

Exit codes: 0 all went well · 1 it did not (a visit failed, something is wrong) · 2 what was asked
for cannot be done (an unknown portal, a wrong option or setting, an unreadable file) · 3 the
database is in trouble · 130 interrupted.
"""


def reference() -> str:
    """The whole page."""
    root = get_command(cli)
    sections = [HEAD, *(_section(path, command) for path, command in _walk("fazhi", root))]
    return "\n".join(sections)


def _walk(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    for name, sub in getattr(command, "commands", {}).items():
        if getattr(sub, "commands", None):
            if sub.invoke_without_command:
                yield f"{path} {name}", sub
            yield from _walk(f"{path} {name}", sub)
        else:
            yield f"{path} {name}", sub


def _section(path: str, command: Any) -> str:
    shown = [parameter for parameter in command.params if not getattr(parameter, "hidden", False)]
    arguments = [p for p in shown if p.param_type_name == "argument"]
    options = [p for p in shown if p.param_type_name == "option"]
    usage = " ".join([path, *(["[OPTIONS]"] if options else []), *map(_metavar, arguments)])
    lines = [f"## {path}", "", command.help or "", "", "```", usage, "```", ""]
    for argument in arguments:
        lines.append(f"- `{_metavar(argument)}` {argument.help or ''}")
    for option in options:
        lines.append(f"- `{', '.join(option.opts)}` {option.help or ''}{_default(option)}")
    return "\n".join(lines).rstrip() + "\n"


def _metavar(argument: Any) -> str:
    return str(argument.metavar or argument.name.upper())


def _default(option: Any) -> str:
    value = option.default
    if value in (None, False, "") or callable(value):
        return ""
    return f" Default: `{getattr(value, 'value', value)}`."


if __name__ == "__main__":
    typer.echo(reference(), nl=False)

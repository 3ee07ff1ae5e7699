"""What was decided about a document and why: on the terminal, or as one HTML page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from crawler.errors import FazhiError
from scheduler.commands import common, documents

if TYPE_CHECKING:
    from ingest.extract import Understood

STYLES = {
    "field": "green",
    "removed": "strike red",
    "achievements": "",
    "problems": "dark_orange",
    "plan": "medium_purple",
}
MARKS = {"indicator": "black on yellow", "doubtful": "white on red", "fact": "underline"}


def explain(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A document; - is standard input.")],
    url: Annotated[str | None, typer.Option(help="The address the document came from.")] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Write an HTML page instead.")
    ] = None,
) -> None:
    """Show what each part of a document was taken for, by which rule, and why each field is so."""
    from ingest.explain import as_html
    from ingest.extract import understand

    common.begin()
    [(name, content)] = documents.read_contents([file])
    if isinstance(content, FazhiError):
        raise content
    understood = understand(content, name=name, url=url)
    if html is None:
        _print(understood)
        return
    try:
        html.write_text(as_html(understood), encoding="utf-8")
    except OSError as error:
        reason = error.strerror or error
        raise FazhiError(f"{html}: {reason}: name another place for the page") from error
    typer.echo(f"{html}: {understood.record.verdict.value}", err=True)


def _print(understood: Understood) -> None:
    from ingest.explain import field_lines, story

    console = common.console()
    record = understood.record
    console.print(f"{record.verdict.value}: {record.verdict_reason}", style="bold")
    fields = _table("field", "value", "why")
    for line in field_lines(record):
        fields.add_row(line.name, Text(line.value), Text(line.why, style="dim"))
    console.print(fields)
    console.print()
    article = _table("taken for", "text")
    for passage in story(understood):
        style = STYLES.get(passage.role or passage.place.value, "")
        text = Text(passage.text, style=style)
        text.stylize("bold", 0, passage.heading)
        for mark in passage.marks:
            text.stylize(MARKS[mark.kind], mark.start, mark.end)
        notes = [mark.note for mark in passage.marks if mark.kind != "fact"]
        text.append("".join(f"\n  {note}" for note in notes), style="dim not bold")
        article.add_row(Text(passage.label or passage.place.value, style="dim"), text)
    console.print(article)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table

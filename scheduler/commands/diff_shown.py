"""Two versions of a report side by side, on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.text import Text

from scheduler.commands import common

if TYPE_CHECKING:
    from ingest.changes import Changes, FieldChange, ParagraphChange
    from ingest.character_runs import Run
    from ingest.store.comparing import VersionOf
    from ingest.store.rows import ReportRow

CONTEXT = 24
"""Characters kept of an unaltered run on the side of an alteration."""
COLORS = {"substantive": "bold red", "cosmetic": "yellow"}
SIGNS = {"added": "+", "removed": "-", "changed": "~"}


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions of a report and what differs between them."""

    report: ReportRow
    before: VersionOf
    after: VersionOf
    changes: Changes

    @property
    def same_rules(self) -> bool:
        """False where other rules read the two, so that a difference may be ours."""
        return self.before.ruleset == self.after.ruleset


def print_changes(compared: Compared, *, full: bool) -> None:
    """What differs, by field and section; ``full`` leaves no part of a paragraph out."""
    from ingest.reasons import why

    console, changes = common.console(), compared.changes
    console.print(Text(compared.report.title or "(no title)", style="bold"))
    for label, version in (("from:", compared.before), ("to:", compared.after)):
        seen = common.china(version.captured_at)
        console.print(Text(f"{label:<9}version {version.version_number}, captured {seen}"))
    console.print(Text("verdict: ").append_text(_verdict(changes.weight, why(changes))))
    if not compared.same_rules:
        console.print(
            Text(
                "note:    other rules read the two, so a difference may be ours: "
                f"'fazhi reingest --report {compared.report.id}' settles it"
            )
        )
    for line in (*_fields(changes.fields), *_paragraphs(changes.paragraphs, full=full)):
        console.print(line)


def _fields(fields: Iterable[FieldChange]) -> Iterator[Text]:
    from ingest.reasons import why_field

    for change in fields:
        yield Text()
        yield _heading(change.name).append_text(_verdict(change.weight, why_field(change)))
        yield from (Text(f"- {value}", style="red") for value in _said(change.before))
        yield from (Text(f"+ {value}", style="green") for value in _said(change.after))


def _said(value: Any) -> list[str]:
    """A field's values, one a line; none where it is not there."""
    return [str(item) for item in (value if isinstance(value, list | tuple) else [value]) if item]


def _paragraphs(paragraphs: Iterable[ParagraphChange], *, full: bool) -> Iterator[Text]:
    from ingest.reasons import why_paragraph

    for section, inside in groupby(paragraphs, key=lambda paragraph: paragraph.section):
        yield Text()
        yield _heading(" / ".join(section) or "before the first section")
        for change in inside:
            sign = Text(f"{SIGNS[change.kind]} ")
            yield sign.append_text(_verdict(change.weight, why_paragraph(change)))
            yield Text("  ").append_text(_marked(change.runs, full=full))


def _heading(name: str) -> Text:
    return Text("== ").append(name, style="bold").append("  ")


def _verdict(weight: str, reason: str) -> Text:
    return Text().append(weight, style=COLORS[weight]).append(f": {reason}")


def _marked(runs: tuple[Run, ...], *, full: bool) -> Text:
    """The paragraph with marks that need no colour, what was not altered shortened."""
    line = Text()
    for place, run in enumerate(runs):
        if run.kind == "removed":
            line.append(f"[-{run.text}-]", style="red")
        elif run.kind == "added":
            line.append(f"{{+{run.text}+}}", style="green")
        else:
            first, last = place == 0, place == len(runs) - 1
            line.append(run.text if full else _shortened(run.text, first=first, last=last))
    return line


def _shortened(text: str, *, first: bool, last: bool) -> str:
    head, tail = (0 if first else CONTEXT), (0 if last else CONTEXT)
    if len(text) <= head + tail + CONTEXT:
        return text
    return f"{text[:head]}…{text[len(text) - tail :]}"

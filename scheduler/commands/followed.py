"""Visits as they go on, for who waits for them at the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from scheduler.commands import common

if TYPE_CHECKING:
    from scheduler import follow
    from scheduler.runs import Request


class Followed:
    """Visits as they go on, on stderr: a bar on a terminal, and a line for each that ends."""

    def __init__(self, total: int, *, live: bool = False) -> None:
        self.bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=common.side_console(),
            transient=True,
            disable=not common.side_console().is_terminal,
        )
        self.task = self.bar.add_task("portals", total=total)
        self.reported: set[int] = set()
        self.live = live
        self.shown: dict[int, str] = {}
        self.left = 0

    def __enter__(self) -> Followed:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def say(self, line: str) -> None:
        """One line above the bar."""
        if self.bar.disable:
            typer.echo(line, err=True)
        else:
            self.bar.console.print(line, markup=False)

    def asked(self, requests: Sequence[Request]) -> None:
        """Tell of requests that found the portal busy."""
        for request in requests:
            if not request.new:
                self.say(request.message)

    def leave(self, count: int) -> None:
        """Tell that so many visits are left to those who asked for them."""
        self.left = count
        if count:
            self.say("--wait waits for what others asked for, --follow shows how it goes on")

    def tell(self, found: Sequence[follow.Progress]) -> None:
        """Show where the visits stand."""
        for progress in found:
            if progress.ended and progress.job_id not in self.reported:
                self.reported.add(progress.job_id)
                self.say(f"{progress.portal}: {progress.message}")
            elif self.live and self.shown.get(progress.job_id) != progress.counts:
                self.shown[progress.job_id] = progress.counts
                self.say(f"{progress.portal}: {progress.counts}")
        done = self.left + sum(progress.ended for progress in found)
        pages = sum(progress.new_captures for progress in found)
        self.bar.update(self.task, completed=done, description=f"portals, {pages} new pages")

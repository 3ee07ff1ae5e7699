"""Alerts about sources that fell silent: look at them, and say what need not be told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated, Any

import typer

from crawler.errors import FazhiError
from scheduler.commands import common
from scheduler.watch.reading import SQL

alerts = typer.Typer(
    help="Sources that fell silent: list them, or say what need not be told.",
    invoke_without_command=True,
    no_args_is_help=False,
)

COLUMNS = (
    *("id", "portal", "name", "rule", "subject", "severity", "summary", "evidence", "opened_at"),
    *("last_seen_at", "resolved_at", "resolution", "acknowledged_at", "acknowledgement"),
    *("mute_reason", "muted_until"),
)

Number = Annotated[int, typer.Argument(metavar="ALERT", help="Number from 'fazhi alerts'.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept and shown.")]


@alerts.callback()
def listing(
    context: typer.Context,
    ended: Annotated[bool, typer.Option("--ended", help="Those that ended too.")] = False,
    notices: Annotated[
        bool, typer.Option("--notices", help="What is only noted too, not only warnings.")
    ] = False,
    portal: Annotated[str | None, typer.Option(help="Only of this portal.")] = None,
    rule: Annotated[str | None, typer.Option(help="Only of this rule.")] = None,
    limit: common.Limit = 100,
    as_json: common.Json = False,
) -> None:
    """List the alerts that last, the newest first."""
    if context.invoked_subcommand is not None:
        return
    wanted = {"ended": ended, "portal_id": portal, "rule": rule, "limit": limit}
    found = _find(**wanted, severity=None if notices else "warning")
    if as_json:
        common.print_json(found)
        return
    common.print_table(
        ["alert", "portal", "since", "rule", "what is wrong", "state"],
        [
            [a["id"], a["portal"], common.china(a["opened_at"]), a["rule"], a["summary"], _state(a)]
            for a in found
        ],
        empty="No alerts." if notices else "No alerts. (--notices shows what is only noted.)",
    )


@alerts.command("show")
def show(alert: Number, as_json: common.Json = False) -> None:
    """Show one alert with its evidence."""
    found = _one(alert)
    if as_json:
        common.print_json(found)
        return
    typer.secho(found["summary"], bold=True)
    fields = {
        "portal": f"{found['name']} ({found['portal']})",
        "rule": f"{found['rule']} {found['subject']}".strip(),
        "severity": found["severity"],
        "since": common.china(found["opened_at"]),
        "last found": common.china(found["last_seen_at"]),
        "state": _state(found),
    }
    for name, value in fields.items():
        typer.echo(f"{name + ':':<12}{value}")
    typer.echo("evidence:")
    for name, value in found["evidence"].items():
        typer.echo(f"  {name}: {value}")


@alerts.command("acknowledge")
def acknowledge(alert: Number, reason: Reason) -> None:
    """Say that you know; it stays listed until it ends."""
    _one(alert)
    _execute("acknowledge", id=alert, reason=_text(reason))
    typer.echo(f"alert {alert}: acknowledged")


@alerts.command("mute")
def mute(
    alert: Number,
    reason: Reason,
    until: Annotated[
        str | None, typer.Option(help="First day to tell of it again, YYYY-MM-DD; else for good.")
    ] = None,
) -> None:
    """Tell nobody of this rule at this portal any more, now and when it comes again."""
    found = _one(alert)
    values = {"portal_id": found["portal"], "rule": found["rule"], "until": _day(until)}
    _execute("mute", **values, reason=_text(reason))
    typer.echo(
        f"{found['portal']}, {found['rule']}: muted {'until ' + until if until else ''}".strip()
    )


@alerts.command("unmute")
def unmute(alert: Number) -> None:
    """Tell of this rule at this portal again."""
    found = _one(alert)
    if not _execute("unmute", portal_id=found["portal"], rule=found["rule"]):
        raise FazhiError(f"{found['portal']}, {found['rule']}: is not muted")
    typer.echo(f"{found['portal']}, {found['rule']}: told of again")


def _find(**wanted: Any) -> list[dict[str, Any]]:
    usual = {"id": None, "ended": True, "portal_id": None, "rule": None, "severity": None}
    values = {**usual, "limit": None, **wanted, "now": datetime.now(UTC)}
    with common.connection(common.begin()) as connection:
        rows = connection.execute(SQL["list_alerts"], values).fetchall()
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def _one(alert: int) -> dict[str, Any]:
    found = _find(id=alert)
    if not found:
        raise FazhiError(f"no alert has the number {alert}: 'fazhi alerts --ended' lists them")
    return found[0]


def _execute(statement: str, **values: Any) -> int:
    with common.connection(common.begin()) as connection:
        done = connection.execute(SQL[statement], {**values, "now": datetime.now(UTC)})
        connection.commit()
        return done.rowcount


def _state(alert: dict[str, Any]) -> str:
    if alert["resolved_at"]:
        return f"ended {common.china(alert['resolved_at'])}: {alert['resolution']}"
    if alert["mute_reason"]:
        until = f" until {common.china(alert['muted_until'])}" if alert["muted_until"] else ""
        return f"muted{until}: {alert['mute_reason']}"
    if alert["acknowledged_at"]:
        return f"known: {alert['acknowledgement']}"
    return "lasts"


def _text(reason: str) -> str:
    if not reason.strip() or not reason.isprintable():
        raise typer.BadParameter("must be one line of text", param_hint="--reason")
    return reason.strip()


def _day(until: str | None) -> datetime | None:
    if until is None:
        return None
    try:
        day = date.fromisoformat(until)
    except ValueError:
        raise typer.BadParameter(
            f"{until!r} is no day as YYYY-MM-DD", param_hint="--until"
        ) from None
    return datetime.combine(day, time(), common.CHINA)

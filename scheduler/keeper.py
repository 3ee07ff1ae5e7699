"""The parent of all roles: `fazhi serve` becomes this program once everything is checked and the
database is ready (serving.py): `python -m scheduler.keeper [SHARE]`.

SHARE is the descriptor of the share in the embedded server, held until the last child is gone.
Nothing is imported here but what keeps children alive, for it lives as long as they do.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from scheduler.log import configure_logging
from scheduler.roles import RoleName
from scheduler.supervisor import StopSignal, supervise

MEMORY = {"MALLOC_ARENA_MAX": "1"}
"""For the children, where glibc would set aside memory for each of their threads, which hardly
ever run at a time."""


def main() -> None:
    """Keep one process a role alive until told to stop."""
    share = int(sys.argv[1]) if len(sys.argv) > 1 else None
    if share is not None:
        os.set_inheritable(share, False)
    level = os.environ.get("FAZHI_LOG_LEVEL") or "info"
    configure_logging(os.environ["FAZHI_LOG"], level)
    try:
        asyncio.run(_keep())
    finally:
        if share is not None:
            _leave(share)


async def _keep() -> None:
    commands = {
        role.value: [sys.executable, "-m", "scheduler.member", role.value]
        for role in RoleName
        if role is not RoleName.ALL
    }
    with StopSignal() as stop:
        await supervise(commands, {**MEMORY, **os.environ}, stop)


def _leave(share: int) -> None:
    from ingest.store.embedded import EmbeddedServer
    from scheduler.opening import one_line_of_trouble

    with one_line_of_trouble():
        EmbeddedServer.taken_over(Path(os.environ["FAZHI_HOME"]), share).leave()


if __name__ == "__main__":
    main()

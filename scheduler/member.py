"""One role's process as the keeper starts it: `python -m scheduler.member ROLE`.

It does what `fazhi serve --role ROLE` does, less what the keeper saw to when it was started, and
without the libraries of the command line."""

from __future__ import annotations

import signal
import sys

from scheduler.opening import begin, one_line_of_trouble, ready_database
from scheduler.roles import RoleName
from scheduler.serving import run, take_address
from scheduler.work import Work


def main() -> None:
    """Do the work until the keeper says to stop, or is gone."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until there is something to read anew
    role = RoleName(sys.argv[1])
    with one_line_of_trouble():
        settings = begin(level="info")
        listener = take_address(role, settings.listen)
        with ready_database(settings) as database:
            run(role, Work(settings, database), listener, supervised=True)


if __name__ == "__main__":
    main()

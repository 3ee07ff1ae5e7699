"""`python -m scheduler` is `fazhi`: how the service starts its child processes."""

from scheduler.cli import main

main()

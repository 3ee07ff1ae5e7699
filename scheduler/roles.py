"""The roles of the service's processes."""

from __future__ import annotations

from enum import StrEnum


class RoleName(StrEnum):
    """What one process of the service does; ``all`` is the parent of one process each."""

    ALL = "all"
    SCHEDULER = "scheduler"
    CRAWLER = "crawler"
    INGESTER = "ingester"
    HEALTH = "health"

"""The memory of a process: now, and the most it ever had. Megabytes are 1024 * 1024 bytes."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_megabytes() -> float:
    """Of this process, since it began its program.

    On Linux `VmHWM`, as getrusage hands what the parent had on to a child (getrusage(2) counts over
    execve); elsewhere getrusage, in kilobytes, or in bytes on macOS.
    """
    if STATUS.exists():
        for line in STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 / (1024 if sys.platform == "darwin" else 1)


def resident_megabytes() -> float:
    """Of this process, in memory now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20

"""The most memory that a process ever had."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_megabytes() -> float:
    """Of this process since it began its program: 1024 * 1024 bytes each.

    On Linux `VmHWM`, as getrusage hands what the parent had on to a child (getrusage(2) counts over
    execve); elsewhere getrusage, in kilobytes, or in bytes on macOS.
    """
    if STATUS.exists():
        for line in STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 / (1024 if sys.platform == "darwin" else 1)

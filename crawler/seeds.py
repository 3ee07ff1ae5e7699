"""Where the seeds are: beside the packages, both in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

SEEDS = Path(__file__).resolve().parent.parent / "seeds"

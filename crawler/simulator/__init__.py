"""Pretend portals: the families' mirror image, served over real HTTP by Host header."""

from __future__ import annotations

from crawler.simulator.launch import Simulator, start_simulator

__all__ = ["Simulator", "start_simulator"]

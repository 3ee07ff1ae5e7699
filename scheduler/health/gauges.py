"""Gauges as Prometheus' library knows them, from plain numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from prometheus_client.core import GaugeMetricFamily, Metric

OTHER = "other"
Labelled = Mapping[Any, float]
"""Values by tuples of label values, of any length."""


def known(word: str, allowed: set[str]) -> str:
    """The word, or ``other``."""
    return word if word in allowed else OTHER


def bounded(counts: Mapping[str, int], allowed: set[str]) -> Counter[tuple[str, ...]]:
    """Counts by word, those of unknown words added up."""
    summed: Counter[tuple[str, ...]] = Counter()
    for word, count in counts.items():
        summed[(known(word, allowed),)] += count
    return summed


def plain(name: str, about: str, value: float) -> Metric:
    """A gauge without labels."""
    return GaugeMetricFamily(name, about, value=value)


def gauge(name: str, about: str, labels: list[str], values: Labelled) -> Metric:
    """A gauge with a value for each tuple of label values."""
    family = GaugeMetricFamily(name, about, labels=labels)
    for label_values, value in sorted(values.items()):
        family.add_metric(list(label_values), value)
    return family


def quantiles(name: str, about: str, values: tuple[float | None, float | None]) -> Metric:
    """A gauge of the median and of what 19 of 20 stay below; without values where there is none."""
    pairs = {
        (quantile,): value
        for quantile, value in zip(("0.5", "0.95"), values, strict=True)
        if value is not None
    }
    return gauge(name, about, ["quantile"], pairs)

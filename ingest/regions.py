"""Which division or functional zone a document is of. The door to ingest/gazetteer.

gazetteer = Gazetteer.load()
gazetteer.resolve("石狮市人民政府").region    # Region(adcode="350581", ...)
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from crawler.seeds import SEEDS
from ingest.gazetteer.claims import Evidence
from ingest.gazetteer.evidence import CentralBodies, Provinces
from ingest.gazetteer.places import Places
from ingest.gazetteer.resolver import Resolution, Resolver, report_year
from ingest.gazetteer.scanner import Mention
from ingest.gazetteer.table import Division

__all__ = ["Division", "Gazetteer", "Mention", "Resolution"]


class Gazetteer(Places):
    """The table of seeds/regions and seeds/demo, and the rules that read it. Immutable."""

    def __init__(self, seeds: Path = SEEDS) -> None:
        regions = seeds / "regions"
        super().__init__(regions, seeds / "demo" / "divisions.csv")
        self._provinces = Provinces(regions / "provinces.csv")
        self._resolver = Resolver(self, CentralBodies(regions / "central.csv"))

    @classmethod
    def load(cls, seeds: Path = SEEDS) -> Gazetteer:
        """The gazetteer of a seeds directory, read once. Raises SeedError ("file:line: reason")."""
        return _load(seeds.resolve())

    def site_adcode(self, site_code: str | None) -> str | None:
        """The owner's adcode in a 网站标识码; None for central sites (bm...) and placeholders."""
        return self._provinces.site_adcode(site_code)

    def resolve(
        self,
        issuer: str | None,
        *,
        title: str | None = None,
        site_code: str | None = None,
        icp: str | None = None,
        host_hint: str | None = None,
        context: Sequence[str] = (),
        year: int | None = None,
    ) -> Resolution:
        """The region of the body that reports, or None where the evidence does not decide.

        ``context`` is text of the document itself (addressee, signature, first paragraphs), never
        of the page around it. ``host_hint`` is the page's host or address, or the portal's adcode.
        ``year`` is the year reported on; by default the first year in the title.
        """
        texts = (("issuer", issuer), ("title", title))
        evidence = Evidence(
            texts=tuple((label, text) for label, text in texts if text),
            context=tuple(context),
            hints=tuple(self._provinces.hints(site_code, icp, host_hint)),
            year=year if year is not None else report_year(title),
        )
        return self._resolver.resolve(evidence)


@lru_cache(maxsize=8)
def _load(seeds: Path) -> Gazetteer:
    return Gazetteer(seeds)

"""What the pretend portals say: seeds/demo read into sites, columns and articles.

A column lists reports (reports/*.txt), articles that are not reports (articles.toml) and what a
portal ``pretends`` (portals.toml):

    article     a page of its own, given in full
    robots      a report behind an address that robots.txt forbids
    soft_404    an entry whose page is gone, answered with status 200
    wap_twin    a second address of a report: the same page for telephones
    https_twin  a second address of a report: the same with https
"""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.errors import SeedError
from crawler.portals import Portal, read_portals
from crawler.seeds import SEEDS

FENCE = "+++\n"


@dataclass(frozen=True, slots=True)
class Article:
    """One article. ``facts`` are the other fields of its file: source, document_number ..."""

    key: str
    title: str
    published: str
    """``YYYY-MM-DD HH:MM``, as shown on the page."""
    paragraphs: tuple[str, ...]
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)
    pretends: str = "article"
    path: str | None = None
    report: bool = False

    @property
    def date(self) -> str:
        """The day of publication, ISO."""
        return self.published[:10]

    @property
    def number(self) -> int:
        """A number for its address, seven digits, the same in every run."""
        return 1_000_000 + zlib.crc32(self.key.encode()) % 9_000_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``articles`` newest first."""

    key: str
    name: str
    slug: str
    number: int
    under: str | None
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """One pretend portal. ``look`` are its fields in portals.toml."""

    portal: Portal
    look: Mapping[str, Any] = field(hash=False)
    columns: tuple[Column, ...]

    @property
    def reports(self) -> tuple[Article, ...]:
        """The reports a crawl should find: those anybody may fetch, each once."""
        found = (article for column in self.columns for article in column.articles)
        return tuple(dict.fromkeys(article for article in found if article.report))

    def below(self, key: str | None) -> tuple[Column, ...]:
        """The columns directly under a column; None for those of the front page."""
        return tuple(column for column in self.columns if column.under == key)

    def column(self, key: str) -> Column:
        """A column by its key."""
        return next(column for column in self.columns if column.key == key)


def load_sites(seeds: Path = SEEDS) -> tuple[Site, ...]:
    """Every pretend portal; SeedError if the files disagree."""
    demo = seeds / "demo"
    looks, shared = _toml(demo / "portals.toml"), _toml(demo / "articles.toml")["article"]
    reports = [_report(path) for path in sorted((demo / "reports").glob("*.txt"))]
    portals = read_portals(demo / "portals.csv")
    if stray := {portal.id for portal in portals} ^ set(looks):
        names = ", ".join(sorted(stray))
        raise SeedError(f"{demo}: portals.csv and portals.toml do not both have {names}")
    return tuple(_site(portal, looks[portal.id], reports, shared) for portal in portals)


def _site(
    portal: Portal, look: Mapping[str, Any], reports: list[Article], shared: list[dict[str, Any]]
) -> Site:
    own = [report for report in reports if report.facts["portal"] == portal.id]
    known = {report.key: report for report in own}
    pretended = [
        (row["column"], _pretended(portal, row, known)) for row in look.get("pretends", ())
    ]
    columns = []
    for row in look["columns"]:
        listed = [a for a in own if row["key"] in (a.facts["column"], *a.facts.get("also_in", ()))]
        listed += [article for column, article in pretended if column == row["key"]]
        listed += _others(portal, look, row, shared)
        columns.append(
            Column(
                key=row["key"],
                name=row["name"],
                slug=row.get("slug", row["key"]),
                number=row.get("number", 0),
                under=row.get("under"),
                articles=tuple(sorted(listed, key=lambda article: article.published, reverse=True)),
            )
        )
    return Site(portal, look, tuple(columns))


def _others(
    portal: Portal, look: Mapping[str, Any], column: Mapping[str, Any], shared: list[dict[str, Any]]
) -> Iterator[Article]:
    """The articles of articles.toml that belong in a column, one for each of their years."""
    for index, row in enumerate(shared):
        for year in row["years"] if any(column.get(mark) for mark in row["in"]) else ():
            names = {"place": look["place"], "issuer": portal.name, "year": year, "next": year + 1}
            yield Article(
                key=f"{portal.id}-{index}-{year}",
                title=row["title"].format_map(names),
                published=row["published"].format_map(names),
                paragraphs=tuple(row["body"].format_map(names).strip().splitlines()),
            )


def _pretended(portal: Portal, row: Mapping[str, Any], known: Mapping[str, Article]) -> Article:
    original = known[row["of"]] if "of" in row else None
    return Article(
        key=row.get("of") or f"{portal.id}-{row['title']}",
        title=row["title"],
        published=row["published"],
        paragraphs=original.paragraphs
        if original
        else tuple(row.get("body", "").strip().splitlines()),
        facts=original.facts if original else {},
        pretends=row["as"],
        path=row.get("path"),
    )


def _report(path: Path) -> Article:
    try:
        _, head, body = path.read_text(encoding="utf-8").split(FENCE, 2)
        facts = tomllib.loads(head)
        return Article(
            key=path.stem,
            title=facts["title"],
            published=facts["published"],
            paragraphs=tuple(body.strip().splitlines()),
            facts=facts,
            report=True,
        )
    except (OSError, ValueError, KeyError) as error:
        raise SeedError(f"{path}: not a report between {FENCE.strip()} lines: {error}") from error


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SeedError(f"{path}: cannot be read as TOML: {error}") from error

"""Pretend reports by the million, for measuring: as long and as varied in words as real ones.

    corpus = Corpus()
    report = corpus.report(number)

No text of a real report and none of the seeds is in them. Each is put together from a pool of
clauses (made once, from a grammar over the words of jieba's dictionary with their frequencies, and
chosen as clauses are chosen in officialese: a few all the time, most hardly ever) and from what
only this report has: its place, its names of persons, firms and villages, its figures. The same
number gives the same report on every machine. bench/growth.py shows how varied they are.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import jieba
from officialese import COUNTED, LINKS, SUBJECTS, SURNAMES, TAILS, TASKS

from ingest.records import Record, Region, Role, Section, Verdict
from ingest.regions import Gazetteer

CLAUSES = 400_000
HEADINGS = 3_000
YEARS = tuple(range(2016, 2026))
MEDIAN_LENGTH = 5_000
"""Characters; half of the reports are between two thirds and one and a half of it."""

CHAPTERS: tuple[tuple[str, Role | None], ...] = (
    ("主要举措和成效", Role.ACHIEVEMENTS),
    ("依法全面履行政府职能情况", Role.ACHIEVEMENTS),
    ("党政主要负责人履行推进法治建设第一责任人职责情况", None),
    ("存在的不足和原因", Role.PROBLEMS),
    ("下一年度工作安排", Role.PLAN),
)
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Pretend:
    """One report with the fields that search needs, and the year it was for."""

    number: int
    title: str
    year: int
    issuer: str
    region: Region
    body: str
    sections: tuple[Section, ...]

    def record(self) -> Record:
        """As the chain would have understood it."""
        return Record(
            input=f"{self.number}.html",
            url=None,
            kind="fazhi",
            verdict=Verdict.REPORT,
            verdict_reason="title.yearly",
            title=self.title,
            report_year=self.year,
            issuer=self.issuer,
            region=self.region,
            published_at=f"{self.year + 1}-03-01",
            body=self.body,
            sections=self.sections,
        )


class Corpus:
    """The pools that reports are drawn from; the same for the same ``seed``."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._seed = seed

    @cached_property
    def clauses(self) -> list[str]:
        """Clauses of 4 to 20 characters, the often used first."""
        nouns, verbs, others = (self._words(kind) for kind in ("n", "v", "adz"))
        chance = self._random
        pool: dict[str, None] = {}
        while len(pool) < CLAUSES:
            noun, verb, other = next(nouns), next(verbs), next(others)
            subject, task, tail = (chance.choice(words) for words in (SUBJECTS, TASKS, TAILS))
            link = chance.choice(LINKS)
            form = chance.randrange(10)
            clause = (
                f"{link}{task}{subject}{tail}",
                f"{task}{noun}{tail}",
                f"对{noun}{verb}的{subject}{link}{task}",
                f"{verb}{noun}和{next(nouns)}",
                f"将{subject}纳入{noun}{tail}",
                f"{other}{verb}{next(nouns)}",
                f"围绕{noun}{task}{next(nouns)}{tail}",
                f"{next(nouns)}{noun}{verb}",
                f"{subject}{task}{tail}{link}{verb}",
                f"在{noun}领域{task}{subject}",
            )[form]
            pool[clause] = None
        return list(pool)

    @cached_property
    def weights(self) -> list[float]:
        """Of the clauses, added up: Zipf's law, flattened at the head."""
        return list(itertools.accumulate(1 / (rank + 50) ** 0.95 for rank in range(CLAUSES)))

    @cached_property
    def given(self) -> list[str]:
        """Characters of names, the often used first."""
        return sorted({char for clause in self.clauses[:60_000] for char in clause})

    @cached_property
    def headings(self) -> list[str]:
        """Of the second rank."""
        chance = self._random
        return [
            f"{chance.choice(LINKS)}{chance.choice(TASKS)}{clause}"
            for clause in chance.sample(self.clauses, HEADINGS)
        ]

    @cached_property
    def places(self) -> list[Region]:
        """Divisions of today, of every level."""
        return [
            Region(d.adcode, d.name, d.path, d.level, d.zone)
            for d in Gazetteer.load().all()
            if d.valid_to is None and d.level in ("province", "prefecture", "county")
        ]

    def report(self, number: int) -> Pretend:
        """The report of this number."""
        chance = random.Random(self._seed * 1_000_003 + number)
        place = self.places[int(len(self.places) * chance.random() ** 1.3)]
        year = chance.choice(YEARS)
        length = min(max(chance.lognormvariate(0, 0.4), 0.3), 4) * MEDIAN_LENGTH
        names = [self._name(chance, place) for _ in range(12)]
        body, sections = self._body(chance, names, int(length))
        issuer = place.name + chance.choice(("人民政府", "人民政府", "司法局", "市场监督管理局"))
        title = f"{issuer}{year}年法治政府建设情况报告"
        return Pretend(number, title, year, issuer, place, body, sections)

    def _body(
        self, chance: random.Random, names: Sequence[str], length: int
    ) -> tuple[str, tuple[Section, ...]]:
        clauses = iter(chance.choices(self.clauses, cum_weights=self.weights, k=length // 8 + 60))
        parts: list[str] = []
        sections: list[Section] = []
        at = 0
        share = length / len(CHAPTERS)
        for rank, (heading, role) in enumerate(CHAPTERS):
            begin, own = at, len(sections)
            piece = f"{NUMERALS[rank]}、{heading}\n"
            parts.append(piece)
            at += len(piece)
            count = max(1, round(share / 500))
            for below in range(count):
                start = at
                sub = chance.choice(self.headings)
                text = self._paragraphs(chance, clauses, names, share / count)
                piece = f"（{NUMERALS[below % 10]}）{sub}。{text}\n"
                parts.append(piece)
                at += len(piece)
                sections.append(Section(2, f"（{NUMERALS[below % 10]}）", sub, role, start, at))
            sections.insert(own, Section(1, f"{NUMERALS[rank]}、", heading, role, begin, at))
        return "".join(parts).rstrip("\n"), tuple(sections)

    def _paragraphs(
        self, chance: random.Random, clauses: Iterator[str], names: Sequence[str], length: float
    ) -> str:
        parts: list[str] = []
        written = 0
        while written < length:
            clause = next(clauses, "继续努力")
            kind = chance.random()
            if kind < 0.14:
                what, unit = chance.choice(COUNTED)
                clause = f"{what}{self._figure(chance)}{unit}"
            elif kind < 0.2:
                clause = f"{chance.choice(names)}{clause}"
            piece = clause + ("。" if kind > 0.75 else "，")
            parts.append(piece)
            written += len(piece)
        return "".join(parts)

    def _figure(self, chance: random.Random) -> str:
        value = chance.lognormvariate(4, 2)
        form = chance.random()
        if form < 0.15:
            return f"{min(value, 99.99):.2f}%"
        return f"{value / 100:.1f}万" if form < 0.25 else str(int(value) + 1)

    def _name(self, chance: random.Random, place: Region) -> str:
        """A person, a firm or a village; characters fall off as in real names."""
        pick = self.given
        chars = [pick[int(len(pick) * chance.random() ** 2.5)] for _ in range(3)]
        form = chance.random()
        if form < 0.4:
            return chance.choice(SURNAMES) + "".join(chars[: chance.choice((1, 2, 2))])
        if form < 0.7:
            return f"{''.join(chars[:2])}{chance.choice(('镇', '乡', '街道', '村', '社区'))}"
        return f"{place.name}{''.join(chars)}{chance.choice(('有限公司', '产业园', '合作社'))}"

    def _words(self, kinds: str) -> Iterator[str]:
        """Words of the dictionary of these parts of speech, as often as in texts, without end."""
        words: list[str] = []
        weights: list[float] = []
        with Path(jieba.__file__).with_name("dict.txt").open(encoding="utf-8") as lines:
            for line in lines:
                word, count, kind = line.split()
                if kind[0] in kinds and len(word) > 1 and int(count) > 4:
                    words.append(word)
                    weights.append(int(count) ** 0.85)
        summed = list(itertools.accumulate(weights))
        while True:
            yield from self._random.choices(words, cum_weights=summed, k=10_000)

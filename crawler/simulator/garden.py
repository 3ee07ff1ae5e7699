"""How a pretend portal of a made-up nation is grown, the same for the same place and seed.

A front page with hundreds of links, a catalogue of disclosure some columns deep, departments with
parts of their own, a site map on some, a search on some; and the yearly reports in one of the
places where real portals keep them, under one of the names that they give it, which are not all
names that the rules know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from crawler.portals import Portal
from crawler.simulator.content import Article, Column, Site
from crawler.simulator.world_words import (
    CATALOGUE,
    DEPARTMENT_COLUMNS,
    DEPARTMENTS,
    HABITS,
    HUBS,
    NEAR_MISSES,
    NEWS,
    OTHER_NAMES,
    OUTSIDE,
    REPORT_TITLES,
    SECOND,
    SERVICES,
    SLUGS,
    TOP,
    Habit,
)

LOOKS: tuple[Mapping[str, Any], ...] = (
    {"family": "trs_wcm"},
    {"family": "hanweb_jcms", "webid": 7},
    {"family": "hanweb_jpaas"},
    {"family": "kaipu_ucap"},
    {"family": "kaipu_ucap_json"},
    {"family": "boda_vsb"},
    {"family": "gkmlpt"},
    {"family": "trs_was5"},
    {"family": "trs_igs"},
    {"family": "gov_cn"},
    {"family": "anhui_public"},
    {"family": "hebei_uuid"},
    {"family": "intertid"},
    {"family": "channel_x"},
    {"family": "class8"},
    {"family": "generic", "layout": "numbered"},
    {"family": "generic", "layout": "table"},
)
LAST_YEAR = 2025
DAY = "{year}-{month:02}-{day:02} 09:30"


@dataclass(frozen=True, slots=True)
class Place:
    """A place that has a pretend portal."""

    id: str
    name: str
    host: str
    level: str = "county"
    adcode: str | None = None


def grow(place: Place, number: int, seed: int = 1, *, size: float = 1.0) -> Site:
    """The portal of a place. ``number`` chooses the family, so that all take turns; ``size`` is
    how many of the columns that a large portal has it has."""
    return _Garden(place, number, Random(f"{seed}-{place.id}"), size).site()


class _Garden:
    """Grows one site."""

    def __init__(self, place: Place, number: int, random: Random, size: float):
        self.place, self.random, self.size = place, random, size
        self.look = dict(LOOKS[number % len(LOOKS)])
        self.short = place.name.removesuffix("人民政府")
        self.columns: list[Column] = []
        self.numbered = 0
        self.habit: Habit = HABITS[random.randrange(len(HABITS))]
        self.searched = random.random() < 0.5
        self.names = {
            usual: random.choice((usual, *others)) for usual, others in OTHER_NAMES.items()
        }

    def site(self) -> Site:
        """The whole portal."""
        place = self.place
        self._top()
        self._disclosure()
        self._reports()
        self._second()
        look = {
            **{"charset": "utf-8", "declared": "utf-8", "page_size": 10, "place": self.short},
            **{"site_name": f"{self.short}政府网", "site_code": "9001210001"},
            **{"icp": "示ICP备20260121号", "security": "示公网安备 90012102000121号"},
            **{"map": "wzdt", "search": self.searched, **self._clutter(), **self.look},
        }
        base = f"http://{place.host}/"
        portal = Portal(place.id, place.name, place.level, place.adcode, base)
        return Site(portal, look, tuple(self.columns))

    # -- columns -----------------------------------------------------------------------------

    def _top(self) -> None:
        for name in TOP:
            self._add(name, None)
        for name in self._some(NEWS, 6):
            self._add(name, "新闻中心", self._news(name))
        for name in self._some(SERVICES, 12):
            self._add(name, "政务服务", self._news(name, 4))
        if self.random.random() < 0.4:
            self._add("网站地图", None, key="wzdt")

    def _disclosure(self) -> None:
        for name in HUBS:
            self._add(name, "政务公开")
        for name in self._some(CATALOGUE, 30):
            self._add(name, "法定主动公开内容", self._news(name))
        for department in self._some(DEPARTMENTS, 16):
            self._department(department)

    def _department(self, name: str) -> None:
        if self._has(name):
            return
        self._add(name, "部门信息公开")
        for column in self._some(DEPARTMENT_COLUMNS, 4):
            self._add(column, name, self._news(name + column, 6), key=f"{name}{column}")

    def _reports(self) -> None:
        """The reports where this portal is in the habit of keeping them."""
        above: str | None = "政务公开"
        *path, last = self.habit.path
        for name in path:
            if name in DEPARTMENTS:
                self._department(name)
            elif not self._has(name):
                self._add(name, above)
            above = name
        articles = [*self._yearly(self.short), *(self._news(last, 20) if self.habit.mixed else ())]
        if self.habit.by_year:
            self._add(last, above)
            for year in sorted({article.published[:4] for article in articles}):
                those = [each for each in articles if each.published.startswith(year)]
                self._add(f"{year}年", last, those, key=f"{last}{year}")
            return
        key = last if not self._has(last) else f"{above}{last}"
        self._drop(key)
        self._add(last, above, articles, key=key)

    def _second(self) -> None:
        """On some portals a department's own reports, among its notices or in a column."""
        if self.random.random() > 0.2:
            return
        body = self.random.choice(SECOND)
        self._department(body)
        articles = [*self._yearly(f"{self.short}{body}")]
        if self.random.random() < 0.5:
            name, articles = "通知公告", articles + self._news(body, 15)
        else:
            name = "法治政府建设"
        self._drop(f"{body}{name}")
        if not self._has(f"{body}{name}") and not (body == "司法局" and name in self.habit.path):
            self._add(name, body, articles, key=f"{body}{name}")

    def _yearly(self, issuer: str) -> Iterator[Article]:
        title = self.random.choice(REPORT_TITLES)
        for year in range(LAST_YEAR - self.random.randint(4, 9), LAST_YEAR):
            for index, form in enumerate((title, *self.random.sample(NEAR_MISSES, 2))):
                yield self._article(form.format(place=issuer, year=year), year + 1, index)

    def _article(self, title: str, year: int, index: int) -> Article:
        report = index == 0
        key = f"{self.place.id}-{title}"
        day = {"month": 1 + self.random.randrange(4), "day": 1 + self.random.randrange(28)}
        text = f"编号{key}。" + f"{year}年印发。工作情况和统计数据如下。" * (12 if report else 4)
        return Article(key, title, DAY.format(year=year, **day), (text,), report=report)

    def _news(self, name: str, count: int = 12) -> list[Article]:
        found = []
        for index in range(max(2, int(count * self.size))):
            title = f"{self.short}{name}第{index + 1}期情况通报"
            found.append(self._article(title, LAST_YEAR - index // 6, 1))
        return found

    def _add(
        self, name: str, under: str | None, articles: Sequence[Article] = (), key: str | None = None
    ) -> None:
        # Counted on over what is dropped again: two columns of one number are one to a CMS.
        number, self.numbered = 100_100 + self.numbered, self.numbered + 1
        slug = SLUGS.get(name) if self.random.random() < 0.6 else None
        folder = f"{slug or 'c'}{number}" if under or not slug else slug
        listed = tuple(sorted(articles, key=lambda article: article.published, reverse=True))
        parent = next((c.key for c in self.columns if c.key == under), None)
        shown = self.names.get(name, name)
        self.columns.append(Column(key or name, shown, folder, number, parent, listed))

    def _has(self, key: str) -> bool:
        return any(column.key == key for column in self.columns)

    def _drop(self, key: str) -> None:
        self.columns = [column for column in self.columns if column.key != key]

    def _some(self, names: Sequence[str], count: int) -> list[str]:
        many = min(len(names), max(2, int(count * self.size)))
        chosen = set(self.random.sample(range(len(names)), many))
        return [name for index, name in enumerate(names) if index in chosen]

    # -- links that lead nowhere -------------------------------------------------------------

    def _clutter(self) -> dict[str, str]:
        outside = [
            f'<a href="http://www.{index}.gov.test/">{name}{index}</a>'
            for index in range(int(8 * self.size) + 1)
            for name in OUTSIDE
        ]
        dead = [f'<a href="javascript:;">{name}</a>' for name in (*SERVICES, *DEPARTMENTS)]
        files = [
            f'<a href="/attach/{index}.pdf">附件{index}</a>' for index in range(int(30 * self.size))
        ]
        links = [*outside, *dead, *files]
        self.random.shuffle(links)
        clutter = f'<div class="links">{"".join(links)}</div>'
        return {"clutter": clutter, "hub_clutter": clutter[: len(clutter) // 3] + "</a></div>"}

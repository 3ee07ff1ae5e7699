"""What a list is narrowed to must exist: otherwise one line, with what is near."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches

from crawler.errors import UnknownFilterError
from ingest.store.connection import Connection
from ingest.store.queries import region_filter
from ingest.store.sql import load_queries

SQL = load_queries("indicators")
NEAR = 4
"""How many near misses are worth a line."""


def require_region(connection: Connection, region: str | None) -> None:
    """Errors: UnknownFilterError when no division, zone or township is known by it."""
    if region is None:
        return
    row = connection.execute(SQL["region_known"], region_filter(region)).fetchone()
    if row and row[0] and region.strip():
        return
    divisions = connection.execute(SQL["present_divisions"]).fetchall()
    what = "code" if region.isdecimal() else "name (or the beginning of one)"
    raise UnknownFilterError(
        f"no division has the {what} {region!r}"
        + _offered(_near_divisions(region, divisions), "give a code or a full Chinese name")
    )


def require_codes(connection: Connection, codes: Sequence[str]) -> None:
    """Errors: UnknownFilterError for the first code that is no indicator's."""
    known = connection.execute(SQL["known_codes"]).fetchall()
    for code in codes:
        if code not in {row[0] for row in known}:
            raise UnknownFilterError(
                f"no indicator has the code {code!r}"
                + _offered(_near_codes(code, known), "'fazhi indicators' lists them")
            )


def require_years(connection: Connection, years: Sequence[int]) -> None:
    """Errors: UnknownFilterError for the first year of which no report is stored."""
    known = [year for (year,) in connection.execute(SQL["stored_years"])]
    for year in years:
        if year not in known:
            stored = f"stored are {_spans(known)}" if known else "none is stored at all"
            raise UnknownFilterError(f"no report on the year {year} is stored: {stored}")


def _offered(near: Iterable[str], advice: str) -> str:
    found = ", ".join(near)
    return f": did you mean {found}?" if found else f": {advice}"


def _near_codes(text: str, known: Sequence[tuple[str, str, str]]) -> list[str]:
    wanted = text.casefold()
    names = {code: f"{code} ({name_zh})" for code, name_zh, _ in known}
    within = [row[0] for row in known if any(wanted in name.casefold() for name in row)]
    alike = get_close_matches(wanted, names, n=NEAR, cutoff=0.6)
    parts = set(wanted.split("_"))
    found = [*within, *alike] or [code for code in names if parts & set(code.split("_"))]
    return [names[code] for code in list(dict.fromkeys(found))[:NEAR]]


def _near_divisions(text: str, divisions: Sequence[tuple[str, str]]) -> list[str]:
    if text.isdecimal():
        found = _near_in_code(text, divisions)
    else:
        found = [(code, name) for code, name in divisions if text.strip() and text in name]
        if len(found) < NEAR and text.strip():
            found += _near_in_name(text, divisions)
    return [f"{code} {name}" for code, name in list(dict.fromkeys(found))[:NEAR]]


def _near_in_code(text: str, divisions: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What the code would lie in, then its neighbours there."""
    names = dict(reversed(divisions))
    above = [code for code in (f"{text[:4]}00", f"{text[:2]}0000") if code in names]
    beside = [code for code in names if len(text) >= 4 and code.startswith(text[:4])]
    beside.sort(key=lambda code: abs(int(code) - int(text[:6].ljust(6, "0"))))
    return [(code, names[code]) for code in (*above, *beside)]


def _near_in_name(text: str, divisions: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    matcher = SequenceMatcher(b=text)
    scored = []
    for code, name in divisions:
        matcher.set_seq1(name)
        if matcher.real_quick_ratio() > 0.5 and (ratio := matcher.ratio()) > 0.5:
            scored.append((-ratio, code, name))
    return [(code, name) for _, code, name in sorted(scored)]


def _spans(years: Sequence[int]) -> str:
    """2019, 2021-2025."""
    spans: list[list[int]] = []
    for year in years:
        if spans and spans[-1][-1] == year - 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    return ", ".join(f"{s[0]}-{s[-1]}" if len(s) > 1 else str(s[0]) for s in spans)

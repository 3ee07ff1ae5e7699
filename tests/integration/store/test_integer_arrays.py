"""Integers on their way into PostgreSQL."""

from __future__ import annotations

from array import array
from typing import Any

import pytest


@pytest.mark.parametrize("numbers", [[], [7], [-(2**31), -1, 0, 1, 2**31 - 1], list(range(3000))])
def test_integers_arrive_as_they_were(connection: Any, numbers: list[int]) -> None:
    asked = connection.execute("select %s", (array("i", numbers),))
    assert asked.fetchone() == (numbers,)


def test_integers_are_copied_beside_other_values(connection: Any) -> None:
    connection.execute("create temp table held (id bigint, name text, terms integer[])")
    with connection.cursor().copy("copy held from stdin (format binary)") as copy:
        copy.set_types(["int8", "text", "int4[]"])
        copy.write_row((1, "一", array("i", [-5, 6])))
        copy.write_row((2, None, array("i")))
    assert connection.execute("select * from held order by id").fetchall() == [
        (1, "一", [-5, 6]),
        (2, None, []),
    ]

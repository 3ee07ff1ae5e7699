"""seeds/schedule.toml is read strictly: file: key: reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import SeedError
from scheduler.schedule_file import load_schedule

TOP = """\
timezone = "Asia/Shanghai"
sweep_every_days = 90
spread_minutes = 0
housekeeping = "15 3 * * *"
"""
VISIT = '[[visits]]\nid = "a"\nwhy = "b"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "schedule.toml"


def test_a_small_schedule_is_read(file: Path) -> None:
    file.write_text(TOP + VISIT + 'cron = "0 5 * * mon"\n')
    (visit,) = load_schedule(file).visits
    assert (visit.first, visit.last) == ((1, 1), (12, 31))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (TOP.replace("Shanghai", "Shangai"), "timezone: 'Asia/Shangai' is not a time zone"),
        (TOP.replace("Asia/Shanghai", "../etc/passwd"), "timezone: '../etc/passwd' is not"),
        (TOP.replace("= 90", "= 0"), "sweep_every_days: must be a whole number from 1"),
        (TOP.replace("15 3 * * *", "15 3 * *"), "housekeeping: '15 3 * *' must have five fields"),
        (TOP + "jitter = 3\n", "jitter: unknown key; allowed: timezone"),
        (TOP + 'visits = "daily"\n', "visits: must be written as [[visits]] tables"),
        (TOP + VISIT, "visits 1: cron: must be given"),
        (TOP + VISIT + 'cron = "0 5 * * 1"\n', "visits 1: cron: '0 5 * * 1': name the weekday"),
        (TOP + VISIT + 'cron = "0 25 * * *"\n', "visits 1: cron: '0 25 * * *': "),
        (TOP + VISIT + 'cron = "0 5 * * *"\nfrom = "12-15"\n', "visits 1: from, to: give both"),
        (
            TOP + VISIT + 'cron = "0 5 * * *"\nfrom = "13-01"\nto = "01-01"\n',
            "visits 1: from: '13-01' is not a day",
        ),
        (
            TOP + VISIT + 'cron = "0 5 31 * *"\nfrom = "02-01"\nto = "02-28"\n',
            "visits 1: cron: never fires between from and to",
        ),
        (TOP + VISIT + 'cron = "0 5 30 2 *"\n', "visits 1: cron: never fires"),
        (TOP + VISIT + 'cron = "0 5 * * *"\nlevels = ["city"]\n', "visits 1: levels: 'city' is"),
        (TOP + VISIT + 'cron = "0 5 * * *"\nportals = "x"\n', "visits 1: portals: must be a list"),
        (TOP + (VISIT + 'cron = "0 5 * * *"\n') * 2, "visits: two entries have the id 'a'"),
        ("timezone = \n", "cannot be read as TOML"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_key(file: Path, content: str, told: str) -> None:
    file.write_text(content)
    with pytest.raises(SeedError) as caught:
        load_schedule(file)
    assert str(caught.value).startswith(f"{file}: ")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_schedule_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match=r"nothing\.toml"):
        load_schedule(tmp_path / "nothing.toml")

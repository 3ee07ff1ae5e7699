"""Where FAZHI_HOME is, and locks that die with their holders."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.errors import EmbeddedServerError
from ingest.store import locks
from ingest.store.home import find_home
from ingest.store.text import json_object, storable, storable_fields

HOLD = """
import sys
from pathlib import Path
from ingest.store import locks
held = locks.take_shared(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.readline()
"""


def test_the_argument_goes_before_the_environment_and_that_before_the_default(
    tmp_path: Path,
) -> None:
    environment = {"FAZHI_HOME": str(tmp_path / "b")}
    assert find_home(tmp_path / "a", environ=environment) == tmp_path / "a"
    assert find_home(environ=environment) == tmp_path / "b"
    default = find_home(environ={"FAZHI_HOME": ""})
    assert default.is_absolute()
    assert default.name == "fazhi"


def test_a_home_is_absolute_and_nothing_is_created(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/somewhere")
    assert find_home(Path("data")) == tmp_path / "data"
    assert find_home(environ={"FAZHI_HOME": "~/data"}) == Path("/somewhere/data")
    assert not list(tmp_path.iterdir())


def test_a_lock_is_free_again_when_its_holder_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert not locks.is_free(path)
        assert locks.try_exclusive(path) is None
        holder.kill()
    assert locks.is_free(path)


def test_shared_holders_do_not_hinder_each_other(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first, second = locks.take_shared(path), locks.take_shared(path)
    os.close(first)
    assert not locks.is_free(path)
    os.close(second)
    assert locks.is_free(path)


def test_a_lock_that_is_not_let_go_is_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with (
        locks.exclusive(path, seconds=0),
        pytest.raises(EmbeddedServerError, match=f"another process has held {path}"),
        locks.exclusive(path, seconds=0),
    ):
        pass
    assert locks.is_free(path)


def test_a_lock_file_is_never_a_link_to_somewhere_else(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        locks.open_lock(tmp_path / "lock")
    assert not (tmp_path / "elsewhere").exists()


def test_unstorable_characters_are_replaced_one_for_one() -> None:
    assert storable(["a\x00b", {"k\ud800": ("c\udfff", 1, None)}]) == [
        "a\ufffdb",
        {"k\ufffd": ["c\ufffd", 1, None]},
    ]
    assert storable("法𝌆治") == "法𝌆治"


@pytest.mark.parametrize("text", ["法治", "a\x00b", "k\ud800", "\\u0000", "𝌆", 'a"b\n'])
def test_fields_are_made_storable_as_any_other_value(text: str) -> None:
    fields = {"title": text, "body": None, "parts": [{"z": text, "n": 1, "a": [1.5, True]}]}
    plain, texts = storable_fields(fields)
    assert plain == storable(fields)
    told = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert json_object(texts) == told

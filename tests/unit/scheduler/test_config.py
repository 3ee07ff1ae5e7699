"""Settings: environment over file over default; a bad value names its key."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import SettingError
from scheduler.config import load_settings, unknown_variables


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "fazhi.toml"


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = load_settings({})
    assert settings.home.is_absolute()
    assert settings.home.name == "fazhi"
    assert settings.database_url is None
    assert settings.simulator == "127.0.0.1:8017"
    assert settings.file is None


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(config: Path) -> None:
    config.write_text('delay = 5\nlog_level = "debug"\ncrawl_concurrency = 3\n')
    settings = load_settings({"FAZHI_HOME": str(config.parent), "FAZHI_DELAY": "1.5"})
    assert settings.delay == 1.5
    assert settings.log_level == "debug"
    assert settings.crawl_concurrency == 3
    assert settings.log == "auto"
    assert settings.file == config


def test_a_config_file_elsewhere_may_name_the_home(tmp_path: Path) -> None:
    elsewhere = tmp_path / "etc.toml"
    elsewhere.write_text('home = "/var/lib/fazhi"\n')
    assert load_settings({"FAZHI_CONFIG": str(elsewhere)}).home == Path("/var/lib/fazhi")


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load_settings({"FAZHI_DATABASE_URL": "", "FAZHI_HOME": "/h"}).database_url is None


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("FAZHI_DELAY", "soon", "number of seconds"),
        ("FAZHI_DELAY", "-1", "number of seconds"),
        ("FAZHI_DELAY", "nan", "number of seconds"),
        ("FAZHI_SIMULATOR", "8017", "HOST:PORT"),
        ("FAZHI_SIMULATOR", "localhost:99999", "HOST:PORT"),
        ("FAZHI_LOG", "yaml", "auto, console, json"),
        ("FAZHI_LOG_LEVEL", "loud", "debug, info"),
        ("FAZHI_CRAWL_CONCURRENCY", "0", "from 1 to 256"),
        ("FAZHI_CRAWL_CONCURRENCY", "2.5", "from 1 to 256"),
    ],
)
def test_a_bad_value_names_the_key_the_value_and_what_is_allowed(
    key: str, value: str, allowed: str
) -> None:
    with pytest.raises(SettingError) as caught:
        load_settings({"FAZHI_HOME": "/h", key: value})
    message = str(caught.value)
    assert message.startswith(f"{key}={value}")
    assert allowed in message


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("dleay = 3\n", "dleay: unknown setting; allowed: home, database_url"),
        ('delay = "soon"\n', "delay=soon: must be a number"),
        ("delay = true\n", "delay=True: must be a number"),
        ("delay = [\n", "cannot be read as TOML"),
    ],
)
def test_a_bad_file_is_named(config: Path, content: str, told: str) -> None:
    config.write_text(content)
    with pytest.raises(SettingError) as caught:
        load_settings({"FAZHI_HOME": str(config.parent)})
    assert str(config) in str(caught.value)
    assert told in str(caught.value)


def test_a_message_is_one_line_and_keeps_a_password_to_itself() -> None:
    for key, value in [("FAZHI_CONTACT", "two\nlines"), ("FAZHI_DATABASE_URL", "my://u:pw@host")]:
        with pytest.raises(SettingError) as caught:
            load_settings({"FAZHI_HOME": "/h", key: value})
        assert "\n" not in str(caught.value)
        assert "pw" not in str(caught.value)
        assert str(caught.value).startswith(key)


def test_a_config_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(SettingError, match=r"FAZHI_CONFIG=/nowhere/fazhi\.toml: no such file"):
        load_settings({"FAZHI_CONFIG": "/nowhere/fazhi.toml"})


def test_unknown_variables_are_listed() -> None:
    environment = {"FAZHI_DELAI": "1", "FAZHI_HOME": "/h", "FAZHI_CONFIG": "/c", "PATH": "/bin"}
    assert unknown_variables(environment) == ["FAZHI_DELAI"]


def test_settings_survive_the_way_through_a_child_process_environment() -> None:
    settings = load_settings({"FAZHI_HOME": "/h", "FAZHI_DELAY": "0.2", "FAZHI_LOG": "JSON"})
    assert load_settings(settings.environment()) == settings

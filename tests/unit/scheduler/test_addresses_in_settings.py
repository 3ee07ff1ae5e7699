"""Settings that name a place on the network: read strictly, and nothing secret is repeated."""

from __future__ import annotations

import socket

import pytest

from crawler.errors import SettingError
from scheduler.config import load_settings, refuse_unknown_variables
from scheduler.health import listener

MAIL = {"FAZHI_ALERT_SMTP": "smtp://mail.example.org", "FAZHI_ALERT_MAIL_TO": "a@example.org"}


@pytest.mark.parametrize("value", ["127.0.0.1:8018", "[::1]:0", "localhost:1", "off", "OFF"])
def test_an_address_to_listen_at_is_a_host_and_a_port_or_off(value: str) -> None:
    listen = load_settings({"FAZHI_LISTEN": value}).listen
    assert listen == (value if ":" in value else "off")


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("FAZHI_LISTEN", "8018", "HOST:PORT"),
        ("FAZHI_LISTEN", "localhost:70000", "HOST:PORT"),
        ("FAZHI_LISTEN", "::1:8018", "HOST:PORT"),
        ("FAZHI_LISTEN", ":8018", "HOST:PORT"),
        ("FAZHI_TOKEN", "hunter2", "at least 16"),
        ("FAZHI_TOKEN", "hunter2 hunter2 hunter2", "without blanks"),
        ("FAZHI_ALERT_WEBHOOK", "hooks.example.org/hunter2", "https://host/path"),
        ("FAZHI_ALERT_WEBHOOK", "ftp://hooks.example.org/hunter2", "https://host/path"),
        ("FAZHI_ALERT_WEBHOOK", "https://u:hunter2@hooks.example.org/", "no user or password"),
        ("FAZHI_ALERT_WEBHOOK", "https://host:hunter2/", "https://host/path"),
        ("FAZHI_ALERT_SMTP", "mail.example.org:25", "smtp://user:password@host:587"),
        ("FAZHI_ALERT_SMTP", "smtp://u:hunter2@host:x", "smtp://user:password@host:587"),
        ("FAZHI_ALERT_SMTP", "smtp://hunter2@host", "both user and password"),
        ("FAZHI_ALERT_SMTP", "smtp://u:p@host/hunter2", "percent-encoded"),
        ("FAZHI_ALERT_MAIL_TO", "you", "mail addresses"),
        ("FAZHI_ALERT_MAIL_TO", "a@example.org; b@example.org", "mail addresses"),
        ("FAZHI_ALERT_MAIL_TO", "a@example.org,", "mail addresses"),
        ("FAZHI_ALERT_MAIL_FROM", "a@example.org, b@example.org", "one mail address"),
    ],
)
def test_a_malformed_address_is_one_line_that_shows_no_secret(
    key: str, value: str, allowed: str
) -> None:
    with pytest.raises(SettingError) as failure:
        load_settings({key: value})
    told = str(failure.value)
    assert told.startswith(key)
    assert allowed in told
    assert "hunter2" not in told
    assert "\n" not in told


def test_mail_needs_both_a_server_and_a_receiver() -> None:
    assert load_settings(MAIL).alert_mail_to == "a@example.org"
    for left_out in MAIL:
        with pytest.raises(SettingError, match=f"{left_out} is not: set both"):
            load_settings({key: value for key, value in MAIL.items() if key != left_out})


def test_secrets_are_not_in_the_settings_text() -> None:
    secrets = {
        "FAZHI_TOKEN": "hunter2-hunter2-hunter2",
        "FAZHI_ALERT_WEBHOOK": "https://hooks.example.org/hunter2",
        "FAZHI_ALERT_SMTP": "smtp://u:hunter2@mail.example.org",
        "FAZHI_ALERT_MAIL_TO": "a@example.org",
    }
    settings = load_settings(secrets)
    assert "hunter2" not in repr(settings)
    assert settings.environment()["FAZHI_TOKEN"] == secrets["FAZHI_TOKEN"]


def test_a_service_refuses_variables_that_mean_nothing() -> None:
    refuse_unknown_variables({"FAZHI_DELAY": "2", "FAZHI_PORT_8018_TCP": "tcp://10.0.0.1:8018"})
    with pytest.raises(SettingError, match="FAZHI_DELY: unknown setting"):
        refuse_unknown_variables({"FAZHI_DELY": "2"})


def test_a_port_in_use_is_one_line() -> None:
    taken = listener.bind("127.0.0.1:0")
    assert taken is not None
    with taken:
        address = listener.shown(taken)
        with pytest.raises(SettingError, match=f"FAZHI_LISTEN={address}: .*address already in use"):
            listener.check(address)
    listener.check(address)


@pytest.mark.parametrize("listen", ["no-such-host.invalid:80", "192.0.2.1:0"])
def test_an_address_that_is_not_ours_is_one_line(listen: str) -> None:
    with pytest.raises(SettingError, match=f"FAZHI_LISTEN={listen}: "):
        listener.bind(listen)


def test_off_listens_nowhere() -> None:
    assert listener.bind("off") is None


def test_an_address_of_version_six_is_shown_in_brackets() -> None:
    try:
        found = listener.bind("[::1]:0")
    except SettingError:
        pytest.skip("this machine has no IPv6")
    assert found is not None
    with found:
        assert found.family == socket.AF_INET6
        assert listener.shown(found).startswith("[::1]:")

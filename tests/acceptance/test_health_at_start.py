"""What is wrong with the endpoint's settings ends `fazhi serve` at its start, in one line."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from front_door import fazhi, one_line


@pytest.mark.parametrize("role", ["all", "health"])
def test_a_port_in_use_ends_the_service_at_its_start(tmp_path: Path, role: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        answer = fazhi(tmp_path, "serve", "--role", role, FAZHI_LISTEN=address)
    assert answer.returncode == 2
    assert f"FAZHI_LISTEN={address}: cannot listen there" in one_line(answer)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("FAZHI_LISTEN", "no-such-host.invalid:80", "no such address"),
        ("FAZHI_TOKEN", "short", "at least 16"),
        ("FAZHI_ALERT_WEBHOOK", "hooks.example.org", "must be https://host/path"),
        ("FAZHI_ALERT_SMTP", "smtp://mail.example.org", "FAZHI_ALERT_MAIL_TO is not"),
        ("FAZHI_DELY", "2", "unknown setting"),
    ],
)
def test_a_wrong_setting_ends_the_service_at_its_start(
    tmp_path: Path, name: str, value: str, complaint: str
) -> None:
    answer = fazhi(tmp_path, "serve", **{name: value})
    assert answer.returncode == 2
    assert complaint in one_line(answer)
    assert not (tmp_path / "cluster").exists()

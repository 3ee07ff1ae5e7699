from __future__ import annotations

import pytest

from crawler.errors import SettingError
from crawler.manners import delay, user_agent

PRETEND, PUBLIC = "www.qinghe.gov.test", "www.a.gov.cn"


def test_a_contact_is_shown_and_only_a_pretend_host_goes_without() -> None:
    assert user_agent("mailto:a@b.example", PUBLIC) == "fazhi/0.1 (+mailto:a@b.example)"
    assert user_agent(None, PRETEND) == "fazhi/0.1"
    for nobody in (None, "", "  "):
        with pytest.raises(SettingError, match=r"FAZHI_CONTACT is not set: www\.a\.gov\.cn"):
            user_agent(nobody, PUBLIC)


@pytest.mark.parametrize("contact", ["张三", "a\r\nX: y", "a (b)"])
def test_a_contact_that_cannot_stand_in_a_header_is_refused(contact: str) -> None:
    with pytest.raises(SettingError, match="FAZHI_CONTACT="):
        user_agent(contact, PRETEND)


def test_the_delay_has_a_default_and_a_floor_for_public_hosts() -> None:
    assert delay(None, PUBLIC) == 2.0
    assert delay("", PUBLIC) == 2.0
    assert delay("0.05", PRETEND) == 0.05
    assert delay(3, PUBLIC) == 3.0
    with pytest.raises(SettingError, match="is for pretend portals"):
        delay(0.5, PUBLIC)
    for nonsense in ("x", "-1", "nan", "inf", 4000):
        with pytest.raises(SettingError, match="FAZHI_DELAY"):
            delay(nonsense, PRETEND)

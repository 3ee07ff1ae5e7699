"""How we present ourselves to a host, and how long we wait between requests."""

from __future__ import annotations

import math
from datetime import timedelta

from crawler.addresses import is_pretend
from crawler.errors import SettingError

PRODUCT = "fazhi/0.1"
DELAY = 2.0
LEAST_PUBLIC_DELAY = 1.0
"""Seconds. A shorter FAZHI_DELAY is for pretend portals; on a public host it is an error."""


DAILY_PAGES = 2000
"""Requests a day to one public portal: over an hour's worth, and many times what a visit needs."""
BACK_OFF_HOURS = 12.0


def user_agent(contact: str | None, host: str, *, mobile: bool = False) -> str:
    """The User-Agent: who we are and whom to ask. SettingError where a public host gets none.

    ``mobile`` gives it the form that telephones use, for portals that answer nothing else; it
    names us and the contact all the same.
    """
    contact = (contact or "").strip()
    if contact and not (contact.isascii() and contact.isprintable() and "(" not in contact):
        raise SettingError(f"FAZHI_CONTACT={contact!r} must be an e-mail address or URL in ASCII")
    if contact or is_pretend(host):
        whom = f"+{contact}" if contact else ""
        if mobile:
            named = "; ".join(filter(None, ("Linux", "Android 14", "Mobile", PRODUCT, whom)))
            return f"Mozilla/5.0 ({named})"
        return f"{PRODUCT} ({whom})" if whom else PRODUCT
    raise SettingError(
        f"FAZHI_CONTACT is not set: {host} is a public host, and may ask who crawls it; "
        "set it to an e-mail address or URL"
    )


def delay(setting: object, host: str) -> float:
    """Seconds between two requests to a host; ``setting`` is FAZHI_DELAY, None for the default."""
    if setting is None or setting == "":
        return DELAY
    try:
        seconds = float(str(setting))
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= 3600:
        raise SettingError(f"FAZHI_DELAY={setting!r} is not a number of seconds from 0 to 3600")
    if seconds < LEAST_PUBLIC_DELAY and not is_pretend(host):
        raise SettingError(
            f"FAZHI_DELAY={setting} is for pretend portals; {host} is a public host, "
            f"and waits at least {LEAST_PUBLIC_DELAY:g} s"
        )
    return seconds


def daily_pages(setting: object, host: str) -> int | None:
    """Requests a day to one portal; ``setting`` is FAZHI_DAILY_PAGES. A pretend portal, which is
    asked by those who try things out, has no bound of its own."""
    if setting is None or setting == "":
        return None if is_pretend(host) else DAILY_PAGES
    if not str(setting).isdecimal() or not 1 <= int(str(setting)) <= 1_000_000:
        raise SettingError(f"FAZHI_DAILY_PAGES={setting!r} is not a number from 1 to 1000000")
    return int(str(setting))


def back_off(setting: object, host: str) -> timedelta:
    """How long a domain is left alone after its first challenge; ``setting`` is FAZHI_BACK_OFF,
    hours. Pretend portals are met again at once unless it is set."""
    if setting is None or setting == "":
        return timedelta() if is_pretend(host) else timedelta(hours=BACK_OFF_HOURS)
    try:
        hours = float(str(setting))
    except ValueError:
        hours = math.nan
    if not 0 <= hours <= 168 or (hours < 1 and not is_pretend(host)):
        raise SettingError(
            f"FAZHI_BACK_OFF={setting!r} is not a number of hours from 1 to 168 "
            "(less only for pretend portals)"
        )
    return timedelta(hours=hours)

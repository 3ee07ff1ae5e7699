"""How we present ourselves to a host, and how long we wait between requests."""

from __future__ import annotations

import math

from crawler.addresses import is_pretend
from crawler.errors import SettingError

PRODUCT = "fazhi/0.1"
DELAY = 2.0
LEAST_PUBLIC_DELAY = 1.0
"""Seconds. A shorter FAZHI_DELAY is for pretend portals; on a public host it is an error."""


def user_agent(contact: str | None, host: str) -> str:
    """The User-Agent: who we are and whom to ask. SettingError where a public host gets none."""
    contact = (contact or "").strip()
    if contact and not (contact.isascii() and contact.isprintable() and "(" not in contact):
        raise SettingError(f"FAZHI_CONTACT={contact!r} must be an e-mail address or URL in ASCII")
    if contact:
        return f"{PRODUCT} (+{contact})"
    if is_pretend(host):
        return PRODUCT
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

"""May this process, set up as it is, visit a host at all?"""

from __future__ import annotations

from crawler import manners
from crawler.errors import SettingError
from scheduler.config import Settings


def obstacle(settings: Settings, host: str) -> str | None:
    """What must be set before this host may be crawled, in one line; None when nothing must.

    A public host is crawled only by who says whom to ask, and who does not hurry.
    """
    try:
        manners.user_agent(settings.contact, host)
        manners.delay(settings.delay, host)
        manners.back_off(settings.back_off, host)
    except SettingError as error:
        return str(error)
    return None

"""The address at which the health endpoint listens, taken before anything else begins, so that a
port in use ends the program at its start with one line."""

from __future__ import annotations

import socket

from crawler.errors import SettingError
from scheduler.setting_addresses import OFF

BACKLOG = 128


def bind(listen: str) -> socket.socket | None:
    """A listening socket at HOST:PORT, None for ``off``. SettingError when it cannot be had."""
    if listen == OFF:
        return None
    host, _, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise SettingError(f"FAZHI_LISTEN={listen}: no such address ({_words(error)})") from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise SettingError(
            f"FAZHI_LISTEN={listen}: cannot listen there ({_words(error)}): "
            "choose another address, or off"
        ) from None
    return listener


def check(listen: str) -> None:
    """Raise SettingError now if ``bind`` would; the address stays free for a child process."""
    if listener := bind(listen):
        listener.close()


def shown(listener: socket.socket) -> str:
    """HOST:PORT it listens at."""
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _words(error: OSError) -> str:
    return (error.strerror or str(error)).lower()

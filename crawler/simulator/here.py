"""Pretend portals served by a thread of this process, where a test watches or changes them."""

from __future__ import annotations

import asyncio
import threading

from crawler.simulator.server import Server


class ServedHere:
    """A server that answers at ``address`` (``HOST:PORT``, a free port) until ``stop``."""

    def __init__(self, server: Server):
        self.server = server
        self.address = ""
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """End it; what is being answered is dropped."""
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._done = asyncio.get_running_loop(), asyncio.Event()
        listener = await asyncio.start_server(self.server.serve, "127.0.0.1", 0)
        self.address = f"127.0.0.1:{listener.sockets[0].getsockname()[1]}"
        self._ready.set()
        await self._done.wait()
        listener.close()

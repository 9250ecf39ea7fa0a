"""How many requests a process works on at once, so that none waits in vain for a connection."""

from __future__ import annotations

from asyncio import AbstractEventLoop, Semaphore, get_running_loop
from weakref import WeakKeyDictionary

from starlette.types import ASGIApp, Receive, Scope, Send

OF_THE_PROCESS = 8
"""Connections for what is no request: sealing, announcing, health."""
OF_A_REQUEST = 2
"""A snapshot, and beside it a transaction of its own or the line of the access log."""
AT_ONCE = ("/healthz", "/metrics", "/static/")
"""Addresses that are answered whoever else waits."""


class TakeTurns:
    """Requests beyond what the connections are enough for wait here in order and hold none."""

    def __init__(self, app: ASGIApp, *, connections: int) -> None:
        self.app = app
        self.most = max(1, (connections - OF_THE_PROCESS) // OF_A_REQUEST)
        self._turns: WeakKeyDictionary[AbstractEventLoop, Semaphore] = WeakKeyDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(AT_ONCE):
            await self.app(scope, receive, send)
            return
        async with self._turns.setdefault(get_running_loop(), Semaphore(self.most)):
            await self.app(scope, receive, send)

"""Says that the service listens once it does, and what it waits for."""

from __future__ import annotations

import socket
from collections.abc import Callable
from threading import Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING

from qa.core.errors import Refused

if TYPE_CHECKING:
    from api.services import Services

PATIENCE = 120.0
"""Seconds after which nothing is said any more: the server has said itself why it does not."""


def free_port(host: str, port: int) -> int:
    """The port to listen on: `port`, or a free one for 0.

    Raises:
        Refused: somebody listens there already.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as found:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host, port))
        except OSError as error:
            raise Refused(
                f"{host}:{port} cannot be listened on: {error.strerror}. Choose another --port.",
                field="--port",
                code="port-taken",
            ) from None
        taken: int = found.getsockname()[1]
        return taken


def when_listening(host: str, port: int, say: Callable[[], None]) -> Thread:
    """Call `say` as soon as somebody may connect. It watches for as long as the process lives."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - what it stands for

    def watch() -> None:
        until = monotonic() + PATIENCE
        while monotonic() < until:
            sleep(0.1)
            try:
                socket.create_connection((near, port), timeout=1).close()
            except OSError:
                continue
            say()
            return

    thread = Thread(target=watch, name="when-listening", daemon=True)
    thread.start()
    return thread


def warn_of_rebuild(services: Services) -> None:
    """Say which read models wait for a rebuild, if any do."""
    from api.cli.output import warn

    with services.store.reading() as connection:
        stale = services.registry.stale(connection)
    if stale:
        warn(
            "Run caseloop rebuild: these read models were made by another version, and pages that"
            f" need them do not open until then: {', '.join(stale)}."
        )

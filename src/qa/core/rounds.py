"""Work that goes on beside the service, round by round, in a thread of its own."""

from __future__ import annotations

from logging import Logger
from threading import Event, Thread
from typing import ClassVar


class Rounds:
    """`round` is done again and again until it is stopped, with `pause` seconds between.

    `trouble` says what went wrong in the last round, None when it went well.
    """

    NAME: ClassVar[str]
    PATIENCE: ClassVar[float]
    """Seconds that stopping waits for the round under way."""

    def __init__(self, logger: Logger, pause: float) -> None:
        self._logger = logger
        self._pause = pause
        self._stopping = Event()
        self._thread: Thread | None = None
        self.trouble: str | None = None

    def start(self) -> None:
        self._stopping.clear()
        self._thread = Thread(target=self._run, name=self.NAME, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the round under way, and no other."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(self.PATIENCE)
            self._thread = None

    def round(self) -> bool:
        """Do the work once; True where more is likely to wait."""
        raise NotImplementedError

    def went(self, trouble: str | None) -> None:
        """Keep what went wrong, and log it where it is new."""
        if trouble is not None and trouble != self.trouble:
            self._logger.warning("%s", trouble)
        self.trouble = trouble

    def _run(self) -> None:
        while not self._stopping.is_set():
            more = self.round()
            self._stopping.wait(0 if more else self._pause)

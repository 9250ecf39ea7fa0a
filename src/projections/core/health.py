"""How far each read model is: what is behind, has failed or is being rebuilt, and why.

A read model that is *live* stands at the head of the log by construction. A *stale* one was built
by another version of its projector and ends where that version stopped. A *failed* one could not
take an event: some streams are set aside from there on. Figures made from a model that is behind
are marked wherever they are shown, and nothing is published from it (`require_current`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, text

from projections.core.bookkeeping import read_model, read_model_aside, read_model_rebuild
from projections.core.registry import Registry
from qa.core.clock import from_microseconds, microseconds
from qa.core.errors import FiguresBehind

QUIET_SECONDS = 60
"""A rebuild that was not heard of for so long has died."""


@dataclass(frozen=True, slots=True)
class StreamBehind:
    """A stream that a read model holds nothing of from `position` on."""

    stream: str
    position: int
    error: str


@dataclass(frozen=True, slots=True)
class Rebuild:
    started: datetime
    reached: int
    upto: int


@dataclass(frozen=True, slots=True)
class Health:
    """One read model. Whole up to `position`; `lag` events and `lag_seconds` behind `head`, which
    count from its oldest unapplied event. `status` is live, stale or failed."""

    name: str
    version: int
    built: int
    status: str
    position: int
    head: int
    lag_seconds: int
    aside: tuple[StreamBehind, ...] = ()
    rebuild: Rebuild | None = None

    @property
    def lag(self) -> int:
        return self.head - self.position

    @property
    def oldest_unapplied(self) -> int | None:
        return self.position + 1 if self.lag else None

    @property
    def is_behind(self) -> bool:
        return self.status != "live"

    @property
    def title(self) -> str:
        return self.name.replace("_", " ").capitalize()

    @property
    def why(self) -> str:
        """What is wrong, in a few words."""
        if self.status == "stale":
            return "it waits for a rebuild after an upgrade"
        count = len(self.aside)
        return f"{count} {'record is' if count == 1 else 'records are'} set aside"

    @property
    def words(self) -> str:
        return (
            f"{self.title}: up to position {self.position} of {self.head}, because {self.why}."
            if self.is_behind
            else f"{self.title}: up to date."
        )


def health(registry: Registry, connection: Connection, now: datetime) -> list[Health]:
    """The state of every read model, in the order in which they are written."""
    head: int = connection.execute(text("SELECT position FROM head")).scalar_one()
    built = {row.name: row for row in connection.execute(select(read_model))}
    aside: dict[str, list[StreamBehind]] = {}
    query = select(read_model_aside).order_by(read_model_aside.c.position)
    for one in connection.execute(query):
        aside.setdefault(one.name, []).append(StreamBehind(one.stream, one.position, one.error))
    rebuilds = {row.name: row for row in connection.execute(select(read_model_rebuild))}
    quiet = microseconds(now) - QUIET_SECONDS * 1_000_000
    found: list[Health] = []
    for projector in registry.projectors:
        name = projector.name
        row = built.get(name)
        version = 0 if row is None else row.version
        position, status = head, "live"
        if version != projector.version:
            # Until the first save after an upgrade nothing has been left out.
            ended = row is not None and row.status != "live"
            position, status = row.position if row is not None and ended else head, "stale"
            position = 0 if version == 0 else position
        if name in aside:
            position, status = min(position, aside[name][0].position - 1), "failed"
        heard = rebuilds.get(name)
        found.append(
            Health(
                name=name,
                version=projector.version,
                built=version,
                status=status,
                position=position,
                head=head,
                lag_seconds=_seconds(connection, position, head, now),
                aside=tuple(aside.get(name, ())),
                rebuild=Rebuild(from_microseconds(heard.started_us), heard.reached, heard.upto)
                if heard is not None and heard.heard_us > quiet
                else None,
            )
        )
    return found


def _seconds(connection: Connection, position: int, head: int, now: datetime) -> int:
    """How long ago the oldest event behind `position` was recorded."""
    if position >= head:
        return 0
    recorded: int = connection.execute(
        text("SELECT recorded_us FROM fact WHERE position = :position"), {"position": position + 1}
    ).scalar_one()
    return max(0, (microseconds(now) - recorded) // 1_000_000)


def _any_aside(connection: Connection) -> bool:
    return connection.execute(select(read_model_aside.c.name).limit(1)).first() is not None


def behind(
    registry: Registry,
    connection: Connection,
    now: datetime,
    *,
    position: int | None = None,
    models: Collection[str] = (),
) -> list[Health]:
    """The read models (all, or `models`) that do not hold all that was so at `position`."""
    if not registry.stale(connection) and not _any_aside(connection):
        return []
    return [
        one
        for one in health(registry, connection, now)
        if one.is_behind
        and (not models or one.name in models)
        and (position is None or one.position < position or one.built == 0)
    ]


def require_current(
    registry: Registry,
    connection: Connection,
    now: datetime,
    *,
    position: int | None = None,
    models: Collection[str] = (),
) -> None:
    """Ask before figures as known at `position` are published.

    Raises:
        FiguresBehind: a read model does not hold all of it.
    """
    late = behind(registry, connection, now, position=position, models=models)
    if late:
        raise FiguresBehind(" ".join(one.words for one in late))

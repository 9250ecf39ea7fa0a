"""The concerns of an audit, as their events leave them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from qa.core.carry import carry
from qa.core.errors import NotFound
from qa.core.event import RecordedEvent
from qa.safeguarding import events


@dataclass(frozen=True, slots=True)
class Concern:
    """A concern as its events leave it. `told` are those who can acknowledge it, in the order in
    which they were told; `next_by` is when it goes a rung higher. Of one that a file states,
    `stated` is what it states, and `batch` the import that brought it: nobody waits for it."""

    id: str
    raised_by: str
    child: str = ""
    team: str = ""
    service: str = ""
    told: tuple[str, ...] = ()
    next_by: datetime | None = None
    rungs: int = 0
    acknowledged_by: str | None = None
    stated: events.StatedConcern | None = None
    batch: str = ""
    withdrawn: bool = False

    @property
    def waits(self) -> bool:
        """Whether somebody was told and nobody has acknowledged it."""
        return bool(self.told) and self.acknowledged_by is None


@dataclass(frozen=True, slots=True)
class Concerns:
    """The concerns of one audit."""

    by_id: Mapping[str, Concern] = field(default_factory=dict)

    def one(self, concern: str) -> Concern:
        """Raises `NotFound` for a concern that was never raised."""
        found = self.by_id.get(concern)
        if found is None:
            raise NotFound("There is no such concern.")
        return found


def evolve(state: Concerns, recorded: RecordedEvent[Any]) -> Concerns:
    event = recorded.event
    match event:
        case events.SafeguardingConcernRaised():
            changed = carry(Concern, event, id=event.concern, raised_by=recorded.meta.by)
        case events.SafeguardingManagerTold():
            old = state.by_id[event.concern]
            next_by = old.next_by or event.acknowledge_by
            changed = replace(old, told=_also(old.told, (event.manager,)), next_by=next_by)
        case events.SafeguardingConcernEscalated():
            old = state.by_id[event.concern]
            changed = replace(
                old, told=_also(old.told, event.to), next_by=event.acknowledge_by, rungs=event.rung
            )
        case events.SafeguardingTeamChanged():
            old = state.by_id[event.concern]
            changed = replace(old, team=event.new_team, service=event.new_service)
        case events.SafeguardingConcernAcknowledged():
            old = state.by_id[event.concern]
            changed = replace(old, acknowledged_by=recorded.meta.by)
        case events.SafeguardingConcernImported():
            source = recorded.meta.source
            batch = source.batch if source else ""
            changed = carry(Concern, event, id=event.concern, raised_by="", batch=batch)
        case events.SafeguardingConcernRestated():
            changed = replace(state.by_id[event.concern], stated=event.new)
        case events.SafeguardingConcernImportWithdrawn():
            changed = replace(state.by_id[event.concern], withdrawn=True)
        case _:
            return state
    return Concerns({**state.by_id, changed.id: changed})


def _also(people: tuple[str, ...], further: Collection[str]) -> tuple[str, ...]:
    return (*people, *(one for one in further if one not in people))

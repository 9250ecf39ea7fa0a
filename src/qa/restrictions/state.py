"""A restriction as its events leave it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from qa.core.event import RecordedEvent
from qa.restrictions import events


@dataclass(frozen=True, slots=True)
class Restriction:
    """A restriction as its events leave it. `overridden` has the last day of each person who is not
    named and broke the glass."""

    id: str = ""
    child: str = ""
    made_by: str = ""
    readers: tuple[str, ...] = ()
    overridden: Mapping[str, date] = field(default_factory=dict)
    lifted: bool = False

    @property
    def about(self) -> str:
        return f"child:{self.child}"

    def reads(self, person: str, day: date) -> bool:
        """Whether this does not keep the person from reading on `day`."""
        if self.lifted or not self.id or person in self.readers:
            return True
        until = self.overridden.get(person)
        return until is not None and day <= until

    def _until(self, person: str) -> date:
        return date.max if person in self.readers else self.overridden[person]


def together(standing: Sequence[Restriction]) -> Restriction:
    """Several restrictions that stand on one child as one: whoever reads is let by each."""
    found = standing[0] if standing else Restriction()
    for one in standing[1:]:
        named = tuple(person for person in found.readers if person in one.readers)
        broken = {
            person: min(found._until(person), one._until(person))
            for person in {*found.readers, *found.overridden} & {*one.readers, *one.overridden}
            if person not in named
        }
        found = replace(found, readers=named, overridden=broken)
    return found


def evolve(state: Restriction, recorded: RecordedEvent[Any]) -> Restriction:
    match recorded.event:
        case events.ChildRestricted() as event:
            return Restriction(event.restriction, event.child, recorded.meta.by, event.readers)
        case events.RestrictionReadersNamed() as event:
            return replace(state, readers=event.new)
        case events.RestrictionOverridden() as event:
            return replace(state, overridden={**state.overridden, event.reader: event.until})
        case events.RestrictionLifted():
            return replace(state, lifted=True)
        case _:
            return state

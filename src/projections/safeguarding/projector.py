"""What each event changes in the read rows of safeguarding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from projections.core.base import Amend, JournalRow, Put, RowChange
from projections.core.policy_table import put_policy
from projections.safeguarding.tables import concern_policy, concern_row, concern_step
from qa.core.clock import microseconds
from qa.core.event import RecordedEvent
from qa.safeguarding import events
from qa.safeguarding.events import SafeguardingPolicySet


class Safeguarding:
    """Projects the events of safeguarding concerns and of the policy behind their clock."""

    name = "safeguarding"
    version = 1
    tables = (concern_row, concern_step, concern_policy)
    by_stream = True
    handles = (
        events.SafeguardingConcernRaised,
        events.SafeguardingManagerTold,
        events.SafeguardingConcernEscalated,
        events.SafeguardingConcernAcknowledged,
        events.SafeguardingPolicySet,
    )

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event = recorded.event
        if isinstance(event, SafeguardingPolicySet):
            return [put_policy(concern_policy, recorded)]
        audit = recorded.stream.partition(":")[2]
        step = {
            "audit": audit,
            "concern": event.concern,
            "type": recorded.type,
            "at_us": microseconds(recorded.recorded_at),
            "by": recorded.meta.by,
            "content": event.model_dump_json(),
        }
        if isinstance(event, events.SafeguardingConcernRaised):
            changed: RowChange = Put(concern_row, _raised(recorded))
        else:
            changed = Amend(concern_row, (audit, event.concern), _ConcernChange(recorded))
        return [JournalRow(concern_step, step), changed]


def _raised(recorded: RecordedEvent[events.SafeguardingConcernRaised]) -> dict[str, Any]:
    event = recorded.event
    return {
        "concern": event.concern,
        "audit": event.audit,
        "stream_version": recorded.version,
        "opened": recorded.position,
        "reference": event.reference,
        "child": event.child,
        "team": event.team,
        "service": event.service,
        "what": event.what,
        "raised_by": recorded.meta.by,
        "raised_us": microseconds(recorded.recorded_at),
        "told": "[]",
        "rungs": 0,
    }


class _ConcernChange:
    """What a later event makes of the row."""

    def __init__(self, recorded: RecordedEvent[Any]) -> None:
        self._recorded = recorded

    def __call__(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        recorded = self._recorded
        event, at = recorded.event, microseconds(recorded.recorded_at)
        values: dict[str, Any] = {"stream_version": recorded.version}
        match event:
            case events.SafeguardingManagerTold():
                values["told"] = _also(row["told"], (event.manager,))
                if row["told_us"] is None:
                    by = microseconds(event.acknowledge_by)
                    values |= {"told_us": at, "acknowledge_by_us": by, "next_by_us": by}
            case events.SafeguardingConcernEscalated():
                values |= {
                    "told": _also(row["told"], event.to),
                    "next_by_us": microseconds(event.acknowledge_by),
                    "rungs": event.rung,
                }
            case events.SafeguardingConcernAcknowledged():
                values |= {"acknowledged_by": recorded.meta.by, "acknowledged_us": at}
        return values


def _also(told: str, further: Sequence[str]) -> str:
    known = orjson.loads(told)
    return orjson.dumps([*known, *(one for one in further if one not in known)]).decode()


PROJECTORS = (Safeguarding,)

"""What each event changes in the read rows of safeguarding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from projections.core.base import RowChange
from projections.core.policy_table import put_policy
from projections.core.typed_rows import JsonText, json_text
from projections.safeguarding import tables
from qa.core.clock import microseconds, start_of_day
from qa.core.event import RecordedEvent, events_of
from qa.core.words import imported_person_id
from qa.safeguarding import events
from qa.safeguarding.events import SafeguardingPolicySet, StatedConcern


class Safeguarding:
    """Projects the events of safeguarding concerns and of the policy behind their clock."""

    name = "safeguarding"
    version = 4
    tables = (tables.CONCERNS.table, tables.CONCERN_STEPS.table, tables.concern_policy)
    by_stream = True
    handles = events_of(events)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        event, by = recorded.event, recorded.meta.by
        if isinstance(event, SafeguardingPolicySet):
            return [put_policy(tables.concern_policy, recorded)]
        audit, at = recorded.stream.partition(":")[2], microseconds(recorded.recorded_at)
        content = JsonText(event.model_dump_json())
        step = tables.ConcernStepRow(audit, event.concern, recorded.type, at, by, content)
        if isinstance(event, events.SafeguardingConcernRaised | events.SafeguardingConcernImported):
            what = getattr(event, "what", "")
            raised = tables.CONCERNS.row_of(recorded, what=what, raised_by=by, raised_us=at)
            if isinstance(event, events.SafeguardingConcernImported):
                raised = _as_stated(raised, event.stated, event.acknowledge_by)
            changed: RowChange = tables.CONCERNS.put(raised)
        else:
            key = (audit, event.concern)
            changed = tables.CONCERNS.amend(key, lambda row: _amended(row, recorded))
        return [tables.CONCERN_STEPS.add(step), changed]


def _amended(row: tables.ConcernRow, recorded: RecordedEvent[Any]) -> tables.ConcernRow:
    """What a later event makes of the row."""
    event, at, version = recorded.event, microseconds(recorded.recorded_at), recorded.version
    match event:
        case events.SafeguardingManagerTold():
            people = _also(row, (event.manager,))
            if row.told_us is not None:
                return row._replace(stream_version=version, told=people)
            by = microseconds(event.acknowledge_by)
            return row._replace(
                stream_version=version, told=people, told_us=at, acknowledge_by_us=by, next_by_us=by
            )
        case events.SafeguardingConcernEscalated():
            return row._replace(
                stream_version=version,
                told=_also(row, event.to),
                next_by_us=microseconds(event.acknowledge_by),
                rungs=event.rung,
            )
        case events.SafeguardingTeamChanged():
            return row._replace(
                stream_version=version, team=event.new_team, service=event.new_service
            )
        case events.SafeguardingConcernRestated():
            return _as_stated(row, event.new, event.acknowledge_by)._replace(stream_version=version)
        case events.SafeguardingConcernImportWithdrawn():
            return row._replace(stream_version=version, withdrawn=1)
        case _:
            return row._replace(
                stream_version=version, acknowledged_by=recorded.meta.by, acknowledged_us=at
            )


def _as_stated(
    row: tables.ConcernRow, stated: StatedConcern, acknowledge_by: datetime
) -> tables.ConcernRow:
    """The row as a file states it; nothing of it is owed to a clock."""
    acknowledged, people = stated.acknowledged_on, [stated.manager] if stated.manager else []
    return row._replace(
        what=stated.what,
        raised_by=_person(stated.raised_by),
        raised_us=microseconds(start_of_day(stated.raised_on)),
        told=json_text([_person(one) for one in people]),
        told_us=_beginning(stated.told_on),
        acknowledge_by_us=microseconds(acknowledge_by),
        acknowledged_by=None if acknowledged is None else _person(stated.acknowledged_by),
        acknowledged_us=_beginning(acknowledged),
        imported=1,
    )


def _person(written: str) -> str:
    return imported_person_id(written) if written else ""


def _beginning(day: date | None) -> int | None:
    return None if day is None else microseconds(start_of_day(day))


def _also(row: tables.ConcernRow, further: Sequence[str]) -> JsonText:
    known = row.told_people
    return json_text([*known, *(one for one in further if one not in known)])


PROJECTORS = (Safeguarding,)

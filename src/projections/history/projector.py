"""Every event becomes one entry of history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from projections.core.base import JournalRow, Put, RowChange
from projections.history.fields import changes, standing
from projections.history.sentences import sentence
from projections.history.tables import history_entry, history_part, history_standing
from qa.actions.events import ActionRaised
from qa.core.clock import civil_day, microseconds
from qa.core.event import RecordedEvent
from qa.follow_ups.events import FollowUpOpened
from qa.moderation import events
from qa.people.events import TeamClosed, TeamOpened, TeamRenamed
from qa.practitioners.events import FactDisputed, PractitionerReflected
from qa.safeguarding.events import SafeguardingConcernRaised


class CaseHistory:
    """Projects every event onto the entry that history shows of it."""

    name = "case_history"
    version = 4
    tables = (history_entry, history_standing, history_part)
    by_stream = True

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        meta, event, stream = recorded.meta, recorded.event, recorded.stream
        said, person = sentence(event)
        changed = changes(event)
        late = (civil_day(recorded.recorded_at) - meta.effective_on).days
        row = {
            "stream": stream,
            "stream_version": recorded.version,
            "part": _part(event),
            "type": recorded.type,
            "fact_id": meta.fact_id,
            "recorded_us": microseconds(recorded.recorded_at),
            "effective_on": meta.effective_on.isoformat(),
            "late": late if late > 0 else 0,
            "by": meta.by,
            "in_role": meta.in_role,
            "team_then": meta.team_then,
            "reason": meta.reason,
            "imported": int(meta.source is not None),
            "said": said,
            "about_person": person,
            "changes": orjson.dumps(changed).decode() if changed else "[]",
        }
        found: list[RowChange] = [JournalRow(history_entry, row)]
        stands = standing(event)
        if stands is not None:
            kind, values = stands
            held = {"stream": stream, "kind": kind, "fields": orjson.dumps(values).decode()}
            found.append(JournalRow(history_standing, held))
        belongs = _belongs(stream, event)
        if belongs is not None:
            found.append(Put(history_part, belongs))
        return found


# Asked of every event of a rebuild: a tuple is not made anew each time, as `A | B` would be.
_OF_A_TEAM = (TeamOpened, TeamRenamed, TeamClosed)
_OF_AN_AUDIT = (SafeguardingConcernRaised, FollowUpOpened, PractitionerReflected, FactDisputed)
_PICKED = (events.ModerationSelected, events.ModerationImported)


def _part(event: Any) -> str | None:
    if isinstance(event, _OF_A_TEAM):
        return event.team
    return getattr(event, "moderation", None)


def _belongs(stream: str, event: Any) -> dict[str, str] | None:
    if isinstance(event, ActionRaised) and event.audit:
        return {"thing": f"action:{event.action}", "audit": event.audit}
    if isinstance(event, _OF_AN_AUDIT):
        return {"thing": stream, "audit": event.audit}
    if isinstance(event, _PICKED):
        return {"thing": f"moderation:{event.moderation}", "audit": stream.partition(":")[2]}
    return None


PROJECTORS = (CaseHistory,)

"""How events of supervision and of its checks become rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from projections.core.base import Put, RowChange
from projections.core.typed_rows import JsonText
from projections.supervision import tables
from qa.core.event import RecordedEvent, events_of
from qa.supervision import check_events, events
from qa.supervision.states import CheckState


class SupervisionProjector:
    """Projects the events of supervision, of its checks and of the policy behind them."""

    name = "supervision"
    version = 2
    tables = (
        tables.supervision_pair,
        tables.supervision_standard,
        tables.supervision_pair_team,
        tables.supervision_session,
        tables.supervision_check,
        tables.supervision_policy,
        tables.supervision_prompt,
        tables.open_case,
    )
    by_stream = True
    handles = events_of(events, check_events)

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        kind, _, key = recorded.stream.partition(":")
        match kind:
            case "supervision":
                return _pair(recorded, key)
            case "supervision-check":
                return _check(recorded, key)
            case "supervision-prompt":
                return [
                    Put(tables.supervision_prompt, {"answer": recorded.stream, "audit": audit})
                    for audit in recorded.event.audits
                ]
            case "open-cases":
                return _open_cases(recorded.event)
            case _:
                return [_policy(recorded)]


def _open_cases(event: events.OpenCasesListed) -> list[RowChange]:
    day = event.counted_on.isoformat()
    return [
        tables.OPEN_CASES.close(day),
        *(tables.OPEN_CASES.put(_open_case(day, one)) for one in event.cases),
    ]


def _open_case(day: str, one: events.OpenCase) -> tables.OpenCaseRow:
    supervised_on = None if one.supervised_on is None else one.supervised_on.isoformat()
    return tables.OpenCaseRow(day, one.case, one.team, one.service, supervised_on)


def _policy(recorded: RecordedEvent[events.SupervisionPolicySet]) -> RowChange:
    return Put(
        tables.supervision_policy,
        {
            "key": recorded.stream,
            "version": recorded.event.policy_version,
            "stream_version": recorded.version,
            "since": recorded.meta.effective_on.isoformat(),
            "content": recorded.event.model_dump_json(),
        },
    )


def _pair(recorded: RecordedEvent[Any], pair: str) -> list[RowChange]:
    event, on = recorded.event, recorded.meta.effective_on.isoformat()
    moved: dict[str, Any] = {"stream_version": recorded.version}
    match event:
        case events.SupervisionBegan():
            row = tables.PAIRS.row_of(recorded, began_on=on)
            first = tables.StandardRow(pair, on, event.standard)
            own = tables.PairTeamRow(pair, on, event.team, event.service)
            return [tables.PAIRS.put(row), tables.STANDARDS.put(first), tables.PAIR_TEAMS.put(own)]
        case events.SupervisionStandardSet():
            moved["standard"] = event.new
            changed: RowChange = tables.STANDARDS.put(tables.StandardRow(pair, on, event.new))
        case events.SupervisionTeamChanged():
            moved |= {"team": event.new_team, "service": event.new_service}
            changed = tables.PAIR_TEAMS.put(
                tables.PairTeamRow(pair, on, event.new_team, event.new_service)
            )
        case events.SupervisionEnded():
            return [tables.PAIRS.amend((pair,), lambda row: row._replace(**moved, ended_on=on))]
        case events.SupervisionSessionWithdrawn():
            changed = tables.SESSIONS.close(pair, event.session)
        case _:
            changed = tables.SESSIONS.put(_session(recorded, pair))
    return [changed, tables.PAIRS.amend((pair,), lambda row: row._replace(**moved))]


def _session(
    recorded: RecordedEvent[events.SupervisionHeld | events.SupervisionNotHeld], pair: str
) -> tables.SessionRow:
    event = recorded.event
    row = tables.SessionRow(
        pair, event.session, recorded.position, note=event.note, by=recorded.meta.by
    )
    if isinstance(event, events.SupervisionNotHeld):
        return row._replace(on=event.planned_on.isoformat(), why=event.why)
    return row._replace(
        on=event.held_on.isoformat(),
        held=1,
        cases=JsonText(json.dumps(event.cases)),
        actions=JsonText(json.dumps(event.actions)),
    )


def _check(recorded: RecordedEvent[Any], check: str) -> list[RowChange]:
    event = recorded.event
    if isinstance(event, check_events.SupervisionCheckScheduled):
        row = tables.CHECKS.row_of(
            recorded,
            audits=JsonText(json.dumps(event.audits)),
            state=CheckState.SCHEDULED.value,
        )
        return [
            tables.CHECKS.put(row),
            *(
                Put(tables.supervision_prompt, {"answer": recorded.stream, "audit": audit})
                for audit in event.audits
            ),
        ]
    return [tables.CHECKS.amend((check,), lambda row: _amended(row, recorded))]


def _amended(
    row: tables.SupervisionCheckRow, recorded: RecordedEvent[Any]
) -> tables.SupervisionCheckRow:
    """What a later event makes of the row of a check."""
    return row._replace(stream_version=recorded.version, **_values(recorded, row))


def _values(recorded: RecordedEvent[Any], row: tables.SupervisionCheckRow) -> dict[str, Any]:
    event, on = recorded.event, recorded.meta.effective_on.isoformat()
    match event:
        case check_events.SupervisionCheckTeamChanged():
            return {"team": event.new_team, "service": event.new_service}
        case check_events.SupervisionCheckStarted():
            return {"state": CheckState.IN_PROGRESS.value}
        case check_events.SupervisionCheckSubmitted() | check_events.SupervisionCheckCorrected():
            return {
                "state": CheckState.SUBMITTED.value,
                "checked_on": event.content.checked_on.isoformat(),
                "overall": event.content.overall,
                "content": event.content.model_dump_json(),
                "waiting": int(bool(row.moderator)),
                "moderated_overall": None,
                "moderated": None,
            }
        case check_events.SupervisionModerationAssigned():
            due_on = event.due_on.isoformat()
            return {"moderator": event.moderator, "moderation_due_on": due_on, "waiting": 1}
        case check_events.SupervisionCheckModerated():
            return {
                "state": CheckState.MODERATED.value,
                "waiting": 0,
                "moderated_overall": event.overall,
                "moderated": event.model_dump_json(),
            }
        case check_events.SupervisionFeedbackGiven():
            return {
                "state": CheckState.FEEDBACK_GIVEN.value,
                "feedback_on": event.given_on.isoformat(),
                "feedback": event.note,
                "feedback_by": recorded.meta.by,
            }
        case check_events.SupervisionCheckClosed():
            return {"state": CheckState.CLOSED.value, "closed_on": on}
        case _:
            return {"state": CheckState.CANCELLED.value, "closed_on": on}


PROJECTORS = (SupervisionProjector,)

"""How facts of supervision and of its checks become rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from projections.core.base import Amend, Change, Close, Put
from projections.supervision.tables import (
    open_case,
    supervision_check,
    supervision_pair,
    supervision_policy,
    supervision_prompt,
    supervision_session,
    supervision_standard,
)
from qa.core.fact import Recorded
from qa.supervision import check_events as checks
from qa.supervision import events as facts
from qa.supervision.states import CheckState


class Supervision:
    """Projects the facts of supervision, of its checks and of the policy behind them."""

    name = "supervision"
    version = 1
    tables = (
        supervision_pair,
        supervision_standard,
        supervision_session,
        supervision_check,
        supervision_policy,
        supervision_prompt,
        open_case,
    )
    by_stream = True
    handles = (
        facts.SupervisionBegan,
        facts.SupervisionStandardSet,
        facts.SupervisionHeld,
        facts.SupervisionNotHeld,
        facts.SupervisionSessionWithdrawn,
        facts.SupervisionEnded,
        facts.SupervisionPolicySet,
        facts.SupervisionPromptSetAside,
        facts.OpenCasesListed,
        checks.SupervisionCheckScheduled,
        checks.SupervisionCheckStarted,
        checks.SupervisionCheckSubmitted,
        checks.SupervisionCheckCorrected,
        checks.SupervisionModerationAssigned,
        checks.SupervisionCheckModerated,
        checks.SupervisionFeedbackGiven,
        checks.SupervisionCheckClosed,
        checks.SupervisionCheckCancelled,
    )

    def project(self, recorded: Recorded[Any]) -> Iterable[Change]:
        kind, _, key = recorded.stream.partition(":")
        match kind:
            case "supervision":
                return _pair(recorded, key)
            case "supervision-check":
                return _check(recorded, key)
            case "supervision-prompt":
                return [
                    Put(supervision_prompt, {"answer": recorded.stream, "audit": audit})
                    for audit in recorded.fact.audits
                ]
            case "open-cases":
                return _open_cases(recorded.fact)
            case _:
                return [_policy(recorded)]


def _open_cases(fact: facts.OpenCasesListed) -> list[Change]:
    day = fact.counted_on.isoformat()
    return [
        Close(open_case, (day,)),
        *(
            Put(
                open_case,
                {
                    "counted_on": day,
                    "case": one.case,
                    "team": one.team,
                    "service": one.service,
                    "supervised_on": one.supervised_on and one.supervised_on.isoformat(),
                },
            )
            for one in fact.cases
        ),
    ]


def _policy(recorded: Recorded[facts.SupervisionPolicySet]) -> Change:
    return Put(
        supervision_policy,
        {
            "key": recorded.stream,
            "version": recorded.fact.policy_version,
            "stream_version": recorded.version,
            "since": recorded.meta.effective_on.isoformat(),
            "content": recorded.fact.model_dump_json(),
        },
    )


def _pair(recorded: Recorded[Any], pair: str) -> list[Change]:
    fact, on = recorded.fact, recorded.meta.effective_on.isoformat()
    moved: dict[str, Any] = {"stream_version": recorded.version}
    match fact:
        case facts.SupervisionBegan():
            row = {
                **fact.model_dump(),
                "opened": recorded.position,
                "stream_version": recorded.version,
                "began_on": on,
            }
            first = {"pair": pair, "since": on, "standard": fact.standard}
            return [Put(supervision_pair, row), Put(supervision_standard, first)]
        case facts.SupervisionStandardSet():
            standard = {"pair": pair, "since": on, "standard": fact.new}
            return [
                Put(supervision_standard, standard),
                Amend(supervision_pair, (pair,), {**moved, "standard": fact.new}),
            ]
        case facts.SupervisionEnded():
            return [Amend(supervision_pair, (pair,), {**moved, "ended_on": on})]
        case facts.SupervisionSessionWithdrawn():
            gone: Change = Close(supervision_session, (pair, fact.session))
        case _:
            gone = Put(supervision_session, _session(recorded, pair))
    return [gone, Amend(supervision_pair, (pair,), moved)]


def _session(
    recorded: Recorded[facts.SupervisionHeld | facts.SupervisionNotHeld], pair: str
) -> dict[str, Any]:
    fact = recorded.fact
    row = {
        "pair": pair,
        "session": fact.session,
        "recorded": recorded.position,
        "note": fact.note,
        "by": recorded.meta.by,
        "cases": "[]",
        "actions": "[]",
    }
    if isinstance(fact, facts.SupervisionNotHeld):
        return {**row, "on": fact.planned_on.isoformat(), "held": 0, "why": fact.why}
    return {
        **row,
        "on": fact.held_on.isoformat(),
        "held": 1,
        "cases": json.dumps(fact.cases),
        "actions": json.dumps(fact.actions),
    }


def _check(recorded: Recorded[Any], check: str) -> list[Change]:
    fact = recorded.fact
    if isinstance(fact, checks.SupervisionCheckScheduled):
        row = {
            **fact.model_dump(exclude={"audits", "due_on"}),
            "opened": recorded.position,
            "stream_version": recorded.version,
            "due_on": fact.due_on.isoformat(),
            "audits": json.dumps(fact.audits),
            "state": CheckState.SCHEDULED.value,
            "waiting": 0,
        }
        return [
            Put(supervision_check, row),
            *(
                Put(supervision_prompt, {"answer": recorded.stream, "audit": audit})
                for audit in fact.audits
            ),
        ]
    return [Amend(supervision_check, (check,), _Amended(recorded))]


class _Amended:
    """What a later fact makes of the row of a check."""

    def __init__(self, recorded: Recorded[Any]) -> None:
        self._recorded = recorded

    def __call__(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        recorded = self._recorded
        return {"stream_version": recorded.version, **_values(recorded, row)}


def _values(recorded: Recorded[Any], row: Mapping[str, Any]) -> dict[str, Any]:
    fact, on = recorded.fact, recorded.meta.effective_on.isoformat()
    match fact:
        case checks.SupervisionCheckStarted():
            return {"state": CheckState.IN_PROGRESS.value}
        case checks.SupervisionCheckSubmitted() | checks.SupervisionCheckCorrected():
            return {
                "state": CheckState.SUBMITTED.value,
                "checked_on": fact.content.checked_on.isoformat(),
                "overall": fact.content.overall,
                "content": fact.content.model_dump_json(),
                "waiting": int(bool(row["moderator"])),
                "moderated_overall": None,
                "moderated": None,
            }
        case checks.SupervisionModerationAssigned():
            due_on = fact.due_on.isoformat()
            return {"moderator": fact.moderator, "moderation_due_on": due_on, "waiting": 1}
        case checks.SupervisionCheckModerated():
            return {
                "state": CheckState.MODERATED.value,
                "waiting": 0,
                "moderated_overall": fact.overall,
                "moderated": fact.model_dump_json(),
            }
        case checks.SupervisionFeedbackGiven():
            return {
                "state": CheckState.FEEDBACK_GIVEN.value,
                "feedback_on": fact.given_on.isoformat(),
                "feedback": fact.note,
                "feedback_by": recorded.meta.by,
            }
        case checks.SupervisionCheckClosed():
            return {"state": CheckState.CLOSED.value, "closed_on": on}
        case _:
            return {"state": CheckState.CANCELLED.value, "closed_on": on}

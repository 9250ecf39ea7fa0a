"""Supervision: who supervises whom, the sessions held and not held, and how often they are owed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import Path, Query, Response

from api.json.deps import Body, Change, Moment, New, Reads, ReasonIn, ReceiptOut, Served, Snapshot
from api.json.routing import ApiRouter
from api.records.narrowing import require_known
from api.supervision import reading, report
from api.supervision.matrix import matrix
from api.supervision.prompts import prompts
from api.web import access_notes, freshness
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.words import Resource
from qa.supervision.clocks import SUPERVISION_POLICY_STREAM
from qa.supervision.commands import supervision
from qa.supervision.commands.open_cases import list_open_cases
from qa.supervision.events import SupervisionPolicySet, supervision_stream
from qa.supervision.rows import CaseRow
from qa.supervision.states import NotHeldWhy, Standard

router = ApiRouter(prefix="/supervision", tags=["supervision"])
policy_router = ApiRouter(prefix="/supervision-policy", tags=["supervision"])

PairId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the pair.")]
SessionId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the session.")]
_LISTED = (
    "pair", "supervisor", "practitioner", "team", "service", "standard", "began_on", "ended_on",
)  # fmt: skip


def _row(row: Any) -> dict[str, Any]:
    return {**{name: row[name] for name in _LISTED}, "version": row["stream_version"]}


@router.get("", operation_id="listSupervision")
def list_pairs(
    actor: Reads, connection: Snapshot, at: Moment, team: str = "", ended: bool = False
) -> dict[str, Any]:
    """The pairs that the caller may know of, those owed longest first."""
    require(actor, "read-supervision", Resource(person=actor.person, somewhere=True))
    require_known(connection, {"team": team})
    rows = reading.listed(connection, actor, at, team=team, over=ended)
    return {
        "as_at": at.day,
        "position": at.shown,
        "pairs": [
            {
                **_row(one.row),
                "last_on": one.last_on,
                "due_on": one.due_on,
                "overdue": one.late(at.on),
                "checked_on": one.checked_on,
            }
            for one in rows
        ],
    }


@router.get("/prompts", operation_id="listSupervisionPrompts")
def list_prompts(actor: Reads, connection: Snapshot, at: Moment) -> dict[str, Any]:
    """The workers whose audits raised concerns that no check has answered yet."""
    require(actor, "run-checks")
    return {
        "as_at": at.day,
        "position": at.shown,
        "prompts": [
            {
                "practitioner": one.practitioner,
                "audits": [
                    {"audit": row["audit"], "reference": row["reference"],
                     "grade": row["final_grade"]}
                    for row in one.audits
                ],
                "pairs": [pair["pair"] for pair in one.pairs],
            }
            for one in prompts(connection, actor, at)
        ],
    }  # fmt: skip


class AsideIn(Body):
    practitioner: str
    audits: list[str]
    reason: str


@router.post("/prompts/set-aside", status_code=201, operation_id="setSupervisionPromptAside")
def set_aside(new: New, body: AsideIn) -> ReceiptOut:
    """Say that no check follows from these audits: they never prompt again."""
    done = supervision.set_prompt_aside(new.desk, **body.model_dump(), **new.made(body))
    return new.receipt(done)


@router.get("/report", operation_id="readSupervisionReport")
def read_report(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    start: Annotated[date, Query(alias="from", description="The first day.")],
    end: Annotated[date, Query(alias="to", description="The last day.")],
    by: Annotated[
        str,
        Query(description="month, quarter, calendar-quarter, financial-year or calendar-year"),
    ] = "quarter",
    cut: Annotated[str, Query(description="team, service or standard")] = "",
    team: str = "",
    service: str = "",
) -> dict[str, Any]:
    """Supervision in figures; nobody is named. Rates carry numerator and denominator."""
    require(actor, "read-report")
    asked = report.question_of(start, end, by, cut, team, service)
    late = freshness.behind(services, connection, at)
    made = report.make(connection, asked, at, actor=actor, behind=late)
    detail = f"{asked.start} to {asked.end}"
    access_notes.note(services, actor, What.VIEW, "report:supervision", detail=detail, at=at)
    return made.to_json()


@router.get("/matrix", operation_id="readSupervisionMatrix")
def read_matrix(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    start: Annotated[date, Query(alias="from", description="The first audit date.")],
    end: Annotated[date, Query(alias="to", description="The last audit date.")],
) -> dict[str, Any]:
    """Final audit grades by the quality of the supervision of their case holder."""
    require(actor, "run-checks")
    found = matrix(connection, actor, start, end, at)
    detail = f"matrix {start} to {end}"
    access_notes.note(services, actor, What.VIEW, "report:supervision", detail=detail, at=at)
    return {"as_at": at.day, "position": at.shown, **found.to_json()}


class CaseIn(Body):
    case: str
    team: str
    supervised_on: date | None = None


class OpenCasesIn(Body):
    counted_on: date
    source: str
    cases: list[CaseIn]


@router.post("/open-cases", status_code=201, operation_id="listOpenCases")
def list_cases(new: New, body: OpenCasesIn) -> ReceiptOut:
    """Take in the cases open at the end of a day, each with its last known case supervision."""
    rows = [CaseRow(one.case, one.team, one.supervised_on) for one in body.cases]
    done = list_open_cases(
        new.desk, counted_on=body.counted_on, source=body.source, cases=rows, **new.made(body)
    )
    return new.receipt(done)


@router.record("/{pair}", operation_id="readSupervision")
def read_pair(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    pair: PairId,
    response: Response,
) -> dict[str, Any]:
    """A pair with its sessions, the gaps between them, and how many were held in time."""
    found = reading.open_pair(connection, actor, pair, at)
    reading.note(services, actor, found, at)
    if not at.is_past:
        response.headers["ETag"] = f'"{found.row["stream_version"]}"'
    return {
        "as_at": at.day,
        "position": at.shown,
        "pair": {**_row(found.row), "due_on": found.due_on},
        "held_in_time": {"numerator": found.met, "denominator": found.counted},
        "sessions": [
            {
                "session": one.row["session"],
                "on": one.row["on"],
                "held": bool(one.row["held"]),
                "why": one.row["why"],
                "cases": one.row["cases"],
                "actions": [action for action in one.row["actions"] if action in found.actions],
                "note": one.row["note"],
                "recorded_by": one.row["by"],
                "days_since_the_one_before": one.gap,
                "days_owed": one.owed_days,
            }
            for one in found.sessions
        ],
        "checks": [one["check"] for one in found.checks],
        "names": found.names,
    }


class PairIn(Body):
    supervisor: str
    practitioner: str
    team: str
    since: date
    standard: Standard = "regular"


@router.post("", status_code=201, operation_id="beginSupervision")
def begin(new: New, body: PairIn) -> ReceiptOut:
    """Say that one person supervises another."""
    done = supervision.begin(new.desk, **body.model_dump(), **new.made(body))
    pair = str(done.response["pair"])
    return new.receipt(done, supervision_stream(pair), location=pair)


class HeldIn(Body):
    held_on: date
    actions: list[str] = []
    cases: list[str] = []
    note: str = ""


@router.post("/{pair}/sessions", status_code=201, operation_id="recordSession")
def held(change: Change, pair: PairId, body: HeldIn) -> ReceiptOut:
    """Record a session that was held, with the actions talked over and the cases supervised."""
    done = supervision.record_held(change.desk, pair=pair, **body.model_dump(), **change.made(body))
    return change.receipt(done, supervision_stream(pair))


class NotHeldIn(Body):
    planned_on: date
    why: NotHeldWhy
    note: str = ""


@router.post("/{pair}/sessions-not-held", status_code=201, operation_id="recordSessionNotHeld")
def not_held(change: Change, pair: PairId, body: NotHeldIn) -> ReceiptOut:
    """Record a planned session that was not held, and why."""
    done = supervision.record_not_held(
        change.desk, pair=pair, **body.model_dump(), **change.made(body)
    )
    return change.receipt(done, supervision_stream(pair))


@router.post("/{pair}/sessions/{session}/withdrawal", operation_id="withdrawSession")
def withdraw(change: Change, pair: PairId, session: SessionId, body: ReasonIn) -> ReceiptOut:
    """Say that what was recorded of a session was a mistake."""
    done = supervision.withdraw_session(
        change.desk, pair=pair, session=session, reason=body.reason, **change.made(body)
    )
    return change.receipt(done, supervision_stream(pair))


class StandardIn(Body):
    standard: Standard
    since: date


@router.put("/{pair}/standard", operation_id="switchSupervisionStandard")
def switch_standard(change: Change, pair: PairId, body: StandardIn) -> ReceiptOut:
    """From a day on, sessions are owed by another standard."""
    done = supervision.switch_standard(
        change.desk, pair=pair, **body.model_dump(), **change.made(body)
    )
    return change.receipt(done, supervision_stream(pair))


class EndIn(Body):
    on: date
    reason: str


@router.post("/{pair}/end", operation_id="endSupervision")
def end(change: Change, pair: PairId, body: EndIn) -> ReceiptOut:
    """Say that the one no longer supervises the other."""
    done = supervision.end(change.desk, pair=pair, **body.model_dump(), **change.made(body))
    return change.receipt(done, supervision_stream(pair))


class SupervisionPolicyIn(Body):
    regular_days: int
    newly_qualified_days: int
    case_supervision_months: int
    prompt_within_days: int


@policy_router.record("", operation_id="readSupervisionPolicy")
def read_policy(
    actor: Reads, connection: Snapshot, at: Moment, response: Response
) -> dict[str, Any]:
    """How often supervision is owed. Version 0 is what Caseloop starts with."""
    require(actor, "read-tool")
    held = reading.policies(connection, at)
    if not at.is_past:
        response.headers["ETag"] = f'"{held.version}"'
    return held.on(at.on).model_dump(mode="json")


@policy_router.put("", operation_id="setSupervisionPolicy")
def set_policy(change: Change, body: SupervisionPolicyIn) -> ReceiptOut:
    """Set the next version of how often supervision is owed."""
    policy = SupervisionPolicySet(policy_version=0, **body.model_dump())
    done = supervision.set_policy(change.desk, policy=policy, **change.made(body))
    return change.receipt(done, SUPERVISION_POLICY_STREAM)

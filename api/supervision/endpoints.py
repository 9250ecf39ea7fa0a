"""Supervision: who supervises whom, the sessions held and not held, and how often they are owed."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated, cast

from fastapi import Path, Query, Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import Call, tag
from api.json.policy_endpoint import policy_endpoints
from api.json.routing import ApiRouter
from api.records.narrowing import require_known
from api.reports.asking import asked_by, file_endpoint, only, read_endpoint, why_endpoint
from api.supervision import reading, schemas
from api.supervision.cli import SupervisionQuery
from api.supervision.matrix import matrix
from api.supervision.prompts import prompts
from api.supervision.reports import REPORTS
from qa.authorisation.policy import require
from qa.core.carry import carry
from qa.core.words import Resource
from qa.supervision import handlers
from qa.supervision.events import SupervisionPolicySet
from qa.supervision.states import NotHeldWhy

router = ApiRouter(prefix="/supervision", tags=["supervision"])
export_router = ApiRouter(prefix="/exports", tags=["exports"])
policy_router = ApiRouter(prefix="/supervision-policy", tags=["supervision"])
_post = partial(command_endpoint, router, "POST")
_put = partial(command_endpoint, router, "PUT")

PairId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the pair.")]


@router.get("", operation_id="listSupervision")
def list_pairs(call: Call, team: str = "", ended: bool = False) -> schemas.SupervisionPairsOut:
    """The pairs that the caller may know of, those owed longest first."""
    require(call.actor, "read-supervision", Resource(person=call.actor.person, somewhere=True))
    require_known(call.connection, {"team": team})
    rows = reading.listed(call, team=team, over=ended)
    return schemas.SupervisionPairsOut(
        **call.moment,
        pairs=[
            carry(
                schemas.SupervisionPairOut,
                one,
                **one.row._asdict(),
                version=one.row.stream_version,
                overdue=one.late(call.at.on),
            )
            for one in rows
        ],
    )


@router.get("/prompts", operation_id="listSupervisionPrompts")
def list_prompts(call: Call) -> schemas.SupervisionPromptsOut:
    """The workers whose audits raised concerns that no check has answered yet."""
    require(call.actor, "run-checks")
    return schemas.SupervisionPromptsOut(
        **call.moment,
        prompts=[
            schemas.SupervisionPromptOut(
                practitioner=one.practitioner,
                audits=[
                    schemas.PromptingAuditOut(**row, grade=row["final_grade"]) for row in one.audits
                ],
                pairs=[pair.pair for pair in one.pairs],
            )
            for one in prompts(call)
        ],
    )


_post("/prompts/set-aside", handlers.set_prompt_aside)


_question = asked_by(SupervisionQuery)
read_endpoint(
    router, "/report", only(REPORTS), _question, answer=schemas.SupervisionReportOut,
    operation_id="readSupervisionReport",
    doc="Supervision in figures; nobody is named. Rates carry numerator and denominator.",
)  # fmt: skip
why_endpoint(router, "/report/why", only(REPORTS), _question, operation_id="whySupervisionFigure")
file_endpoint(
    export_router, "/reports/supervision.{file}", only(REPORTS), _question, kind="file",
    operation_id="exportSupervisionReport",
)  # fmt: skip


@router.get("/matrix", operation_id="readSupervisionMatrix")
def read_matrix(
    call: Call,
    start: Annotated[date, Query(alias="from", description="The first audit date.")],
    end: Annotated[date, Query(alias="to", description="The last audit date.")],
) -> schemas.SupervisionMatrixOut:
    """Final audit grades by the quality of the supervision of their case holder."""
    require(call.actor, "run-checks")
    found = matrix(call, start, end)
    detail = f"matrix {start} to {end}"
    call.note("report:supervision", detail)
    return schemas.SupervisionMatrixOut(**call.moment, **found.to_json())


_post("/open-cases", handlers.list_open_cases)


@router.record("/{pair}", operation_id="readSupervision")
def read_pair(call: Call, pair: PairId, response: Response) -> schemas.OpenedSupervisionOut:
    """A pair with its sessions, the gaps between them, and how many were held in time."""
    found = reading.open_pair(call, pair)
    reading.note(call, found)
    tag(response, call.at, found.row.stream_version)
    return schemas.OpenedSupervisionOut(
        **call.moment,
        pair=schemas.SupervisionPairDueOut(
            **found.row._asdict(), version=found.row.stream_version, due_on=found.due_on
        ),
        held_in_time=schemas.SupervisionShareOut(numerator=found.met, denominator=found.counted),
        sessions=[
            schemas.SupervisionSessionOut(
                session=one.row.session,
                on=date.fromisoformat(one.row.on),
                held=bool(one.row.held),
                why=cast(NotHeldWhy | None, one.row.why),
                cases=list(one.row.cases_supervised),
                actions=[a for a in one.row.actions_talked_over if a in found.actions],
                note=one.row.note,
                recorded_by=one.row.by,
                days_since_the_one_before=one.gap,
                days_owed=one.owed_days,
            )
            for one in found.sessions
        ],
        checks=[one.check for one in found.checks],
        names=dict(found.names),
    )


_post("", handlers.begin, located_by="pair")
_post("/{pair}/sessions", handlers.record_held)
_post("/{pair}/sessions-not-held", handlers.record_not_held)
_post("/{pair}/sessions/{session}/withdrawal", handlers.withdraw_session, status=200)
_put("/{pair}/standard", handlers.switch_standard)
_post("/{pair}/end", handlers.end, status=200)


policy_endpoints(
    policy_router,
    handlers.set_policy,
    SupervisionPolicySet,
    reading.policy_in_force,
    named="SupervisionPolicy",
    says="How often supervision is due. Version 0 is what Caseloop starts with.",
)

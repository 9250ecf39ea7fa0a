"""Actions of improvement plans: agreeing and reviewing them, their dates, evidence and measures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import Path, Response

from api.json.deps import Body, Change, Moment, New, Reads, ReasonIn, ReceiptOut, Served, Snapshot
from api.json.routing import ApiRouter
from api.plans.endpoints import RoutingIn, WordingIn
from api.plans.report import record_of
from api.plans.schemas import action_whole
from api.web import access_notes
from projections.plans import queries
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.due_dates import Stage
from qa.core.errors import NotFound
from qa.indicators.definition import Unit
from qa.plans.action_events import (
    Agreed,
    Difference,
    LinkKind,
    MeasureComparator,
    Reading,
    plan_action_stream,
)
from qa.plans.commands import actions, reviews
from qa.plans.events import PlanSource

router = ApiRouter(prefix="/plan-actions", tags=["improvement plans"])

HEX = r"^[0-9a-f]{32}$"
ActionId = Annotated[str, Path(pattern=HEX, description="The id of the action.")]
ReviewId = Annotated[str, Path(pattern=HEX, description="The id of the review.")]
RequestId = Annotated[str, Path(pattern=HEX, description="The id of the request.")]
MeasureId = Annotated[str, Path(pattern=HEX, description="The id of the success measure.")]


@router.record("/{action}", operation_id="readPlanAction")
def read_action(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    action: ActionId,
    response: Response,
) -> dict[str, Any]:
    """An action with its strip of ratings, its time in each state, dates, evidence and measures."""
    require(actor, "read-plan")
    found = queries.action(connection, action, position=at.position)
    if found is None:
        raise NotFound("There is no such action of an improvement plan.")
    record = record_of(connection, found.plan, at)
    access_notes.note(services, actor, What.VIEW, f"plan-action:{action}", at=at)
    if not at.is_past:
        response.headers["ETag"] = f'"{found.version}"'
    whole = action_whole(record, record.actions[action], at.on)
    return {"as_at": at.day, "position": at.shown, **whole}


class PlanActionIn(Body):
    reference: str
    title: str
    leads: list[str] = []
    responsible: list[str] = []
    group: str | None = None
    stages: list[Stage] = []
    sources: list[PlanSource] = []

    def agreed(self) -> Agreed:
        return Agreed(
            reference=self.reference,
            title=self.title,
            leads=self.leads,
            responsible=self.responsible,
            group=self.group,
            stages=self.stages,
            sources=self.sources,
        )


class NewPlanActionIn(PlanActionIn):
    plan: str
    part: str
    since: date | None = None


@router.post("", status_code=201, operation_id="agreePlanAction")
def agree(new: New, body: NewPlanActionIn) -> ReceiptOut:
    """Add an action under a part of a plan."""
    done = actions.agree(
        new.desk,
        plan=body.plan,
        part=body.part,
        agreed=body.agreed(),
        since=body.since,
        **new.made(body),
    )
    action = str(done.response["action"])
    return new.receipt(done, plan_action_stream(action), location=action)


@router.post("/{action}/wording", operation_id="rewordPlanAction")
def reword(change: Change, action: ActionId, body: WordingIn) -> ReceiptOut:
    """Change the words of an action; the earlier ones stay readable."""
    done = actions.reword(
        change.desk, action=action, title=body.title, reason=body.reason, **change.made(body)
    )
    return change.receipt(done, plan_action_stream(action))


class PeopleIn(Body):
    leads: list[str]
    responsible: list[str] = []


@router.put("/{action}/leads", operation_id="leadPlanAction")
def lead(change: Change, action: ActionId, body: PeopleIn) -> ReceiptOut:
    """Say who leads an action, and who is responsible, from now on."""
    done = actions.lead(
        change.desk,
        action=action,
        leads=body.leads,
        responsible=body.responsible,
        **change.made(body),
    )
    return change.receipt(done, plan_action_stream(action))


class EvidenceIn(Body):
    of: Literal["delivery", "impact"]
    what: str
    where: str = ""
    on: date | None = None


@router.post("/{action}/evidence", status_code=201, operation_id="addPlanEvidence")
def add_evidence(change: Change, action: ActionId, body: EvidenceIn) -> ReceiptOut:
    """Add evidence that an action was done, or that it changed something for children."""
    done = actions.add_evidence(
        change.desk,
        action=action,
        of=body.of,
        what=body.what,
        where=body.where,
        on=body.on,
        **change.made(body),
    )
    return change.receipt(done, plan_action_stream(action))


class LinkIn(Body):
    kind: LinkKind
    to: str


@router.post("/{action}/links", status_code=201, operation_id="linkPlanAction")
def link(change: Change, action: ActionId, body: LinkIn) -> ReceiptOut:
    """Link an action to what it should move, or to the audit action it answers."""
    done = actions.link(change.desk, action=action, kind=body.kind, to=body.to, **change.made(body))
    return change.receipt(done, plan_action_stream(action))


@router.post("/{action}/links/removal", operation_id="unlinkPlanAction")
def unlink(change: Change, action: ActionId, body: LinkIn) -> ReceiptOut:
    """Take a link away."""
    done = actions.unlink(
        change.desk, action=action, kind=body.kind, to=body.to, **change.made(body)
    )
    return change.receipt(done, plan_action_stream(action))


class SplitIn(Body):
    into: list[PlanActionIn]
    reason: str


@router.post("/{action}/split", operation_id="splitPlanAction")
def split(change: Change, action: ActionId, body: SplitIn) -> ReceiptOut:
    """Split an action into new ones, which name it in their lineage."""
    done = actions.split(
        change.desk,
        action=action,
        into=[each.agreed() for each in body.into],
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, plan_action_stream(action))


class MergeIn(Body):
    into: str
    reason: str


@router.post("/{action}/merger", operation_id="mergePlanAction")
def merge(change: Change, action: ActionId, body: MergeIn) -> ReceiptOut:
    """Let an action go on in another one of the same plan."""
    done = actions.merge(
        change.desk, action=action, into=body.into, reason=body.reason, **change.made(body)
    )
    return change.receipt(done, plan_action_stream(action))


@router.post("/{action}/routing", operation_id="routePlanAction")
def route(change: Change, action: ActionId, body: RoutingIn) -> ReceiptOut:
    """Hand an action to another board; it stays in the plan to be seen."""
    done = actions.route(
        change.desk, action=action, board=body.board, reason=body.reason, **change.made(body)
    )
    return change.receipt(done, plan_action_stream(action))


@router.post("/{action}/removal", operation_id="removePlanAction")
def remove(change: Change, action: ActionId, body: ReasonIn) -> ReceiptOut:
    """Take an action out of its plan."""
    done = actions.remove(change.desk, action=action, reason=body.reason, **change.made(body))
    return change.receipt(done, plan_action_stream(action))


class ReviewIn(Body):
    as_at: date | None = None
    level: str | None = None
    percent_complete: int | None = None
    difference: Difference | None = None
    commentary: str = ""
    evidence: list[str] = []
    assessed_by: str = ""
    replaces: str | None = None
    reason: str | None = None


@router.post("/{action}/assessments", status_code=201, operation_id="assessPlanAction")
def assess(change: Change, action: ActionId, body: ReviewIn) -> ReceiptOut:
    """Review an action as at a day: a rating, a per cent complete, a difference made, or words."""
    done = reviews.assess(
        change.desk,
        action=action,
        as_at=body.as_at,
        level=body.level,
        percent_complete=body.percent_complete,
        difference=body.difference,
        commentary=body.commentary,
        evidence=body.evidence,
        assessed_by=body.assessed_by,
        replaces=body.replaces,
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, plan_action_stream(action))


@router.post("/{action}/assessments/{review}/withdrawal", operation_id="withdrawPlanAssessment")
def withdraw(change: Change, action: ActionId, review: ReviewId, body: ReasonIn) -> ReceiptOut:
    """Withdraw a review that was recorded by mistake."""
    done = reviews.withdraw(
        change.desk, action=action, assessment=review, reason=body.reason, **change.made(body)
    )
    return change.receipt(done, plan_action_stream(action))


class BoardIn(Body):
    meeting: str


@router.post("/{action}/assessments/{review}/acceptance", operation_id="acceptPlanAssessment")
def accept(change: Change, action: ActionId, review: ReviewId, body: BoardIn) -> ReceiptOut:
    """Record that the board accepted a rating at a meeting."""
    done = reviews.accept(
        change.desk,
        action=action,
        assessment=review,
        meeting=body.meeting,
        **change.made(body),
    )
    return change.receipt(done, plan_action_stream(action))


class ChallengeIn(BoardIn):
    reason: str


@router.post("/{action}/assessments/{review}/challenge", operation_id="challengePlanAssessment")
def challenge(change: Change, action: ActionId, review: ReviewId, body: ChallengeIn) -> ReceiptOut:
    """Record that the board did not accept a rating at a meeting, and why."""
    done = reviews.challenge(
        change.desk,
        action=action,
        assessment=review,
        meeting=body.meeting,
        reason=body.reason,
        **change.made(body),
    )
    return change.receipt(done, plan_action_stream(action))


class DatesIn(Body):
    new: list[Stage]
    reason: str


@router.post("/{action}/reschedulings", status_code=201, operation_id="askPlanDates")
def ask_for_dates(change: Change, action: ActionId, body: DatesIn) -> ReceiptOut:
    """Ask for other dates."""
    done = reviews.ask_for_dates(
        change.desk, action=action, new=body.new, reason=body.reason, **change.made(body)
    )
    return change.receipt(done, plan_action_stream(action))


@router.post("/{action}/reschedulings/{asked}/approval", operation_id="approvePlanDates")
def approve_dates(change: Change, action: ActionId, asked: RequestId) -> ReceiptOut:
    """Grant the dates that somebody else asked for."""
    done = reviews.approve_dates(change.desk, action=action, request=asked, **change.made())
    return change.receipt(done, plan_action_stream(action))


@router.post("/{action}/reschedulings/{asked}/refusal", operation_id="refusePlanDates")
def refuse_dates(change: Change, action: ActionId, asked: RequestId, body: ReasonIn) -> ReceiptOut:
    """Refuse the dates that somebody else asked for."""
    done = reviews.refuse_dates(
        change.desk, action=action, request=asked, reason=body.reason, **change.made(body)
    )
    return change.receipt(done, plan_action_stream(action))


class MeasureIn(Body):
    text: str
    comparator: MeasureComparator | None = None
    target: Decimal | None = None
    unit: Unit | None = None
    indicator: str | None = None


@router.post("/{action}/measures", status_code=201, operation_id="setSuccessMeasure")
def set_measure(change: Change, action: ActionId, body: MeasureIn) -> ReceiptOut:
    """Set what would show that an action worked."""
    done = reviews.set_measure(
        change.desk,
        action=action,
        text=body.text,
        comparator=body.comparator,
        target=body.target,
        unit=body.unit,
        indicator=body.indicator,
        **change.made(body),
    )
    return change.receipt(done, plan_action_stream(action))


@router.post("/{action}/measures/{measure}/withdrawal", operation_id="withdrawSuccessMeasure")
def withdraw_measure(
    change: Change, action: ActionId, measure: MeasureId, body: ReasonIn
) -> ReceiptOut:
    """Take a success measure away; what was said of it stays readable."""
    done = reviews.withdraw_measure(
        change.desk, action=action, measure=measure, reason=body.reason, **change.made(body)
    )
    return change.receipt(done, plan_action_stream(action))


class MeasureReportIn(Body):
    measure: str | None = None
    said: str
    period: str = ""
    values: list[Decimal] = []
    unit: Unit | None = None
    numerator: int | None = None
    denominator: int | None = None
    note: str = ""
    reading: Reading = "each"


@router.post("/{action}/reports", status_code=201, operation_id="reportSuccessMeasure")
def report_measure(change: Change, action: ActionId, body: MeasureReportIn) -> ReceiptOut:
    """Record what is said of a success measure as at a period."""
    done = reviews.report_measure(
        change.desk,
        action=action,
        measure=body.measure,
        said=body.said,
        period=body.period,
        values=body.values,
        unit=body.unit,
        numerator=body.numerator,
        denominator=body.denominator,
        note=body.note,
        reading=body.reading,
        **change.made(body),
    )
    return change.receipt(done, plan_action_stream(action))

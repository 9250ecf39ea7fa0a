"""One action of a plan: its rating and how it came about, its dates, evidence and measures."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path
from starlette.responses import Response

from api.plans.action_forms import PlanActionView
from api.plans.action_steps import STEPS
from api.plans.listing import action_line
from api.plans.pages import may_keep, the_plan
from api.plans.telling import COMPARATORS, UNITS, source_words, stages_words
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, form_routes, step_called
from api.writing.declaration import Writing, WritingKind
from api.writing.routes import writing_routes
from api.writing.steps import WrittenStep, section, written
from projections.people import queries as people_queries
from projections.plans import queries as plan_queries
from projections.plans import ratings
from projections.plans import record as plan_record
from projections.plans.record import ActionRecord, PlanRecord
from qa.authorisation.policy import can, require
from qa.core.errors import NotFound
from qa.plans.words import DIFFERENCES

router = PageRouter(prefix="/plan-actions")

ActionId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
STATES = {"asked": "Asked for", "approved": "Granted", "refused": "Refused"}
BOARD = {"accepted": "The board accepted it", "challenged": "The board challenged it"}


_CORRECTS = ("replaces", "reason")
_RATED = ("as_at", "level", "percent_complete", "difference")


def found_action(reading: Reading, action: str) -> tuple[PlanRecord, ActionRecord]:
    """An action with its plan. Raises NotFound."""
    require(reading.actor, "read-plan")
    own = plan_queries.action(reading.connection, action, position=reading.at.position)
    if own is None:
        raise NotFound("There is no such action.")
    record = the_plan(reading, own.plan)
    return record, record.actions[action]


def review(reading: Reading, record: PlanRecord, own: ActionRecord) -> WrittenStep:
    """The review of an action in sections. Raises Forbidden."""
    step, view = STEPS["review"], PlanActionView(record, own, reading.today)
    require(reading.actor, step.verb)
    boxes = step.boxes(view)
    rated = [box for box in boxes if box.name in _RATED]
    corrects = [box for box in boxes if box.name in _CORRECTS]
    commentary = [box for box in boxes if box not in rated and box not in corrects]
    closed = "This action has ended." if own.ended is not None else ""
    if record.plan.closed_on is not None:
        closed = "This plan is closed."
    at = At.step(
        f"/plan-actions/{own.id}",
        "review",
        own.version,
        f"Action {own.reference} of {record.plan.title}",
    )
    return written(
        step,
        view,
        at,
        [
            section("rating", "Rating and progress", rated, ("level",)),
            section("commentary", "What you say about it", commentary),
            section("corrects", "If it corrects an earlier review", corrects, optional=True),
        ],
        subject=f"plan-action-review:{own.id}",
        about=f"person:{reading.actor.person}",
        closed=closed,
    )


WRITTEN = WritingKind(
    "plan-action-review",
    "The review of an action of a plan",
    lambda reading, ids: review(reading, *found_action(reading, ids[0])),
)


@router.get("/{action}")
def show_action(action: ActionId, reading: Reader) -> Response:
    """The whole of one action."""
    record, own = found_action(reading, action)
    day = reading.at.on
    who = _names(reading, record, action)
    open_still = own.ended is None and record.plan.closed_on is None
    keeps = may_keep(reading) and open_still
    decides = (
        not reading.at.is_past and open_still and can(reading.actor, "approve-reschedule").allowed
    )
    remarks = ratings.remarks(record, action, day)
    return reading.page(
        "plans/action.html",
        title=f"{own.reference} {own.title}",
        caption=f"Action of {record.plan.title}",
        wide=True,
        plan=record.plan,
        action=own,
        record_name=f"plan-action:{action}",
        line=action_line(record, own, day),
        difference=DIFFERENCES.get(remarks.difference or "", "Not stated"),
        percent="Not stated"
        if remarks.percent_complete is None
        else f"{remarks.percent_complete}%",
        reviewed_on=remarks.reviewed_on,
        part=record.parts.get(own.part),
        responsible=", ".join(own.responsible),
        group=record.groups.get(own.group or ""),
        sources=source_words(own.sources),
        lineage=[record.actions[one] for one in own.lineage if one in record.actions],
        into=[record.actions[one] for one in own.ended_into if one in record.actions],
        rewordings=record.rewordings.get(action, ()),
        reviews=[_review(record, one, who) for one in reversed(ratings.strip(record, action))],
        times=[_time(record, one) for one in ratings.time_in_states(record, own, day)],
        first=stages_words(own.first),
        stages=stages_words(own.stages),
        requests=[
            {
                "old": stages_words(one.old),
                "new": stages_words(one.new),
                "state": STATES[one.state],
                "asked_by": who.get(one.asked_by, one.asked_by),
                "asked_on": one.asked_on,
                "because": one.because or "",
                "decided_by": who.get(one.decided_by or "", ""),
                "decided_on": one.decided_on,
                "decided_because": one.decided_because or "",
            }
            for one in record.reschedulings.get(action, ())
        ],
        evidence=[
            {
                "of": "Impact" if one.of == "impact" else "Delivery",
                "what": one.what,
                "where": one.where,
                "on": one.on,
                "by": who.get(one.by, one.by),
            }
            for one in record.evidence.get(action, ())
        ],
        measures=[_measure(record, one) for one in record.measures.get(action, ())],
        links=record.links.get(action, ()),
        steps=[
            (name, step.title)
            for name, step in STEPS.items()
            if (decides if step.verb == "approve-reschedule" else keeps)
        ],
        said=reading.notice(STEPS),
    )


def _names(reading: Reading, record: PlanRecord, action: str) -> dict[str, str]:
    ids = {one.by for one in record.reviews.get(action, ())}
    ids |= {one.by for one in record.evidence.get(action, ())}
    for one in record.reschedulings.get(action, ()):
        ids |= {one.asked_by, one.decided_by or ""}
    return people_queries.names(reading.connection, sorted(ids - {""}))


def _review(record: PlanRecord, one: plan_record.Review, who: dict[str, str]) -> dict[str, Any]:
    level, scale = ratings.level_of(record, one), record.scales.get(one.scale)
    meeting = record.meeting(one.board_meeting or "")
    return {
        "as_at": one.as_at,
        "rated": None
        if level is None
        else {"label": level.label, "colour": level.colour, "meaning": level.meaning},
        "scale": "" if scale is None else f"{scale.name}, version {scale.version}",
        "percent": one.percent_complete,
        "difference": DIFFERENCES.get(one.difference or "", ""),
        "commentary": one.commentary,
        "by": who.get(one.by, one.by),
        "assessed_by": one.assessed_by,
        "said": one.said,
        "recorded_at": one.recorded_at,
        "withdrawn": one.withdrawn_because,
        "evidence": [e.what for e in record.evidence.get(one.action, ()) if e.id in one.evidence],
        "board": ""
        if one.board is None
        else f"{BOARD[one.board]}"
        + (f" at {meeting.title}" if meeting else "")
        + (f": {one.board_because}" if one.board_because else ""),
    }


def _time(record: PlanRecord, one: ratings.TimeIn) -> dict[str, Any]:
    scale = record.scales.get(one.scale or "")
    return {
        "label": "Not rated" if one.level is None else one.level.label,
        "scale": "" if scale is None else f"{scale.name}, version {scale.version}",
        "closed": one.closed_days,
        "open": one.open_days,
        "spells": one.spells,
    }


def _measure(record: PlanRecord, one: plan_record.Measure) -> dict[str, Any]:
    target = ""
    if one.comparator:
        target = f"{COMPARATORS[one.comparator]} {'' if one.target is None else one.target}".strip()
        if one.unit and one.target is not None:
            target += "%" if one.unit == "percent" else f" ({UNITS[one.unit].lower()})"
    return {
        "text": one.text,
        "asked": target or "In words only",
        "indicator": one.indicator,
        "withdrawn": one.withdrawn_because,
        "reports": [
            {
                "said": report.content.said,
                "period": report.content.period,
                "note": report.content.note,
            }
            for report in record.reports.get(one.action, ())
            if report.content.measure == one.id
        ],
    }


def _reviewing(reading: Reader, action: ActionId) -> Writing:
    return review(reading, *found_action(reading, action))


writing_routes(router, "/{action}/review", _reviewing)


def _step(
    action: ActionId, step: str, reading: Reader
) -> tuple[FormStep[PlanActionView], PlanActionView, At]:
    record, own = found_action(reading, action)
    form = step_called(STEPS, step, "review")
    view = PlanActionView(record, own, reading.today)
    caption = f"Action {own.reference} of {record.plan.title}"
    at = At.step(f"/plan-actions/{action}", step, own.version, caption)
    return form, view, at


form_routes(router, "/{action}/{step}", _step)

"""The forms that keep an action of a plan: its reviews and dates, and those of what is under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from api.plans.action_forms import KEEPING, PlanActionView, action_step
from api.plans.steps import PlanView
from api.plans.telling import DATES_HINT, NO_STAGES, stages_in
from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Sent, carry_out, command_box
from projections.plans.ratings import rating
from qa.plans.action_commands import (
    AcceptPlanAssessment,
    ApprovePlanDates,
    AskPlanDates,
    AssessPlanAction,
    ChallengePlanAssessment,
    RefusePlanDates,
)
from qa.plans.handlers import reviews
from qa.plans.words import DIFFERENCES
from qa.store.unit import Receipt


def _review_box(view: PlanActionView) -> Box:
    return Box("assessment", "Which review", "choice", items=view.reviews())


def _review_boxes(view: PlanActionView) -> list[Box]:
    now = rating(view.record, view.id, view.today)
    evidence = [
        (one.id, f"{one.what} ({one.of})"[:100]) for one in view.record.evidence.get(view.id, ())
    ]
    offered: dict[str, Sequence[tuple[str, str]]] = {
        "as_at": (),
        "level": [("", "No rating in this review"), *view.levels()],
        "percent_complete": (),
        "difference": [("", "Not stated in this review"), *DIFFERENCES.items()],
        "commentary": (),
        **({"evidence": evidence} if evidence else {}),
        "assessed_by": (),
        "replaces": [("", "No"), *view.reviews()],
        "reason": (),
    }
    first = {"level": "" if now is None else now.level.code}
    return [
        command_box(AssessPlanAction, name, items, first.get(name, ""))
        for name, items in offered.items()
    ]


def _review(view: PlanActionView, form: FormValues, sent: Sent) -> Receipt:
    as_at, percent = form.day("as_at"), form.whole("percent_complete")
    difference = form.maybe("difference")
    if difference is not None:
        form.one_of("difference", tuple(DIFFERENCES), "Choose one of the answers.")
    form.done()
    command = AssessPlanAction(
        action=view.id,
        as_at=as_at,
        level=form.maybe("level"),
        percent_complete=percent,
        difference=cast(Any, difference),
        commentary=form.text("commentary"),
        evidence=form.several("evidence"),
        assessed_by=form.text("assessed_by"),
        replaces=form.maybe("replaces"),
        reason=form.maybe("reason"),
    )
    return carry_out(reviews.assess, command, sent)


def _board(view: PlanActionView, form: FormValues, sent: Sent) -> Receipt:
    answer = form.one_of("said", ("accepted", "challenged"), "Say what the board made of it.")
    form.done()
    of = {
        "action": view.id, "review": form.text("assessment"), "meeting": form.text("meeting")
    }  # fmt: skip
    if answer == "accepted":
        return carry_out(reviews.accept, AcceptPlanAssessment(**of), sent)
    command = ChallengePlanAssessment(**of, reason=form.text("reason"))
    return carry_out(reviews.challenge, command, sent)


def _ask_dates(view: PlanActionView, form: FormValues, sent: Sent) -> Receipt:
    stages = form.reading(lambda: stages_in(form.text("new"), "new"), NO_STAGES)
    if form.faults and not form.text("reason"):
        form.refuse("reason", "reason-missing", "Say why the dates have to move.")
    form.done()
    command = AskPlanDates(action=view.id, new=stages, reason=form.text("reason"))
    return carry_out(reviews.ask_for_dates, command, sent)


def _decide_dates(view: PlanActionView, form: FormValues, sent: Sent) -> Receipt:
    answer = form.one_of("said", ("approve", "refuse"), "Say whether the dates are granted.")
    form.done()
    of = {"action": view.id, "asked": form.text("request")}
    if answer == "approve":
        granted = ApprovePlanDates(**of)
        return carry_out(reviews.approve_dates, granted, sent, form.maybe("reason"))
    return carry_out(reviews.refuse_dates, RefusePlanDates(**of, reason=form.text("reason")), sent)


STEPS: Mapping[str, FormStep[PlanActionView]] = {
    "review": FormStep(
        "Review this action",
        "Record the review",
        "The review is recorded.",
        _review_boxes,
        _review,
        ("Progress, per cent complete and difference are three questions; answer any of them.",),
    ),
    "withdraw-review": action_step(
        reviews.withdraw,
        "Withdraw a review",
        "Withdraw the review",
        "The review is withdrawn and stays readable.",
        chosen={"review": _review_box},
    ),
    "board": FormStep(
        "What the board made of a rating",
        "Record it",
        "The view of the board is recorded.",
        lambda view: [
            _review_box(view),
            command_box(
                ChallengePlanAssessment,
                "meeting",
                PlanView(view.record, ()).meetings("called", "held"),
            ),
            Box(
                "said",
                "The board",
                "choice",
                items=[("accepted", "accepted the rating"), ("challenged", "challenged it")],
            ),
            command_box(ChallengePlanAssessment, "reason"),
        ],
        _board,
    ),
    "ask-dates": FormStep(
        "Ask for other dates",
        "Ask for these dates",
        "Your request is recorded; somebody else grants or refuses it.",
        lambda _: [
            Box("new", "New dates", "long", DATES_HINT),
            command_box(AskPlanDates, "reason"),
        ],
        _ask_dates,
        ("The dates agreed first stay beside the new ones for ever.",),
    ),
    "decide-dates": FormStep(
        "Decide on other dates",
        "Record the decision",
        "The decision is recorded.",
        lambda view: [
            Box("request", "What you ask for", "choice", items=view.open_requests()),
            Box(
                "said",
                "Decision",
                "choice",
                items=[("approve", "Grant the new dates"), ("refuse", "Refuse them")],
            ),
            command_box(RefusePlanDates, "reason"),
        ],
        _decide_dates,
        verb="approve-reschedule",
    ),
    **KEEPING,
}

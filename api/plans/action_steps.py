"""The forms that keep an action of a plan: its reviews and dates, and those of what is under it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from api.plans.action_forms import KEEPING, PlanActionView
from api.plans.steps import WHY, PlanView
from api.plans.telling import DATES_HINT, NO_STAGES, stages_in
from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Sent
from projections.plans.ratings import rating
from qa.plans.commands import reviews
from qa.plans.words import DIFFERENCES
from qa.store.unit import Receipt


def _review_boxes(view: PlanActionView) -> list[Box]:
    now = rating(view.record, view.id, view.today)
    evidence = [
        (one.id, f"{one.what} ({one.of})"[:100]) for one in view.record.evidence.get(view.id, ())
    ]
    return [
        Box("as_at", "As at (today, if left empty)", "day"),
        Box(
            "level",
            "Rating",
            "choice",
            items=[("", "No rating in this review"), *view.levels()],
            value="" if now is None else now.level.code,
        ),
        Box("percent_complete", "Per cent complete (optional)", "whole", "From 0 to 100"),
        Box(
            "difference",
            "Is it making a difference for children?",
            "choice",
            items=[("", "Not said in this review"), *DIFFERENCES.items()],
        ),
        Box("commentary", "Commentary", "long", "What was done, what is next, and why this rating"),
        *([Box("evidence", "Evidence for it", "several", items=evidence)] if evidence else []),
        Box("assessed_by", "Whose view it is (optional)", hint="A role or a group"),
        Box(
            "replaces",
            "Does it replace a review?",
            "choice",
            "The review that it replaces is withdrawn and stays readable.",
            [("", "No"), *view.reviews()],
        ),
        Box("reason", "If it does: why", "long"),
    ]


def _review(view: PlanActionView, asked: FormValues, sent: Sent) -> Receipt:
    as_at, percent = asked.day("as_at"), asked.whole("percent_complete")
    difference = asked.maybe("difference")
    if difference is not None:
        asked.one_of("difference", tuple(DIFFERENCES), "Choose one of the answers.")
    asked.done()
    return reviews.assess(
        action=view.id,
        as_at=as_at,
        level=asked.maybe("level"),
        percent_complete=percent,
        difference=cast(Any, difference),
        commentary=asked.text("commentary"),
        evidence=asked.several("evidence"),
        assessed_by=asked.text("assessed_by"),
        replaces=asked.maybe("replaces"),
        reason=asked.maybe("reason"),
        **sent,
    )


def _withdraw(view: PlanActionView, asked: FormValues, sent: Sent) -> Receipt:
    return reviews.withdraw(
        action=view.id, assessment=asked.text("assessment"), reason=asked.text("reason"), **sent
    )


def _board(view: PlanActionView, asked: FormValues, sent: Sent) -> Receipt:
    review, meeting = asked.text("assessment"), asked.text("meeting")
    said = asked.one_of("said", ("accepted", "challenged"), "Say what the board made of it.")
    asked.done()
    if said == "accepted":
        return reviews.accept(action=view.id, assessment=review, meeting=meeting, **sent)
    return reviews.challenge(
        action=view.id, assessment=review, meeting=meeting, reason=asked.text("reason"), **sent
    )


def _ask_dates(view: PlanActionView, asked: FormValues, sent: Sent) -> Receipt:
    stages = asked.reading(lambda: stages_in(asked.text("new"), "new"), NO_STAGES)
    if asked.faults and not asked.text("reason"):
        asked.refuse("reason", "reason-missing", "Say why the dates have to move.")
    asked.done()
    return reviews.ask_for_dates(action=view.id, new=stages, reason=asked.text("reason"), **sent)


def _decide_dates(view: PlanActionView, asked: FormValues, sent: Sent) -> Receipt:
    said = asked.one_of("said", ("approve", "refuse"), "Say whether the dates are granted.")
    asked.done()
    request, reason = asked.text("request"), asked.text("reason")
    if said == "approve":
        return reviews.approve_dates(action=view.id, request=request, reason=reason or None, **sent)
    return reviews.refuse_dates(action=view.id, request=request, reason=reason, **sent)


STEPS: Mapping[str, FormStep[PlanActionView]] = {
    "review": FormStep(
        "Review this action",
        "Record the review",
        "The review is recorded.",
        _review_boxes,
        _review,
        ("Progress, per cent complete and difference are three questions; answer any of them.",),
    ),
    "withdraw-review": FormStep(
        "Withdraw a review",
        "Withdraw the review",
        "The review is withdrawn and stays readable.",
        lambda view: [Box("assessment", "Which review", "choice", items=view.reviews()), WHY],
        _withdraw,
    ),
    "board": FormStep(
        "What the board made of a rating",
        "Record it",
        "What the board said is recorded.",
        lambda view: [
            Box("assessment", "Which review", "choice", items=view.reviews()),
            Box(
                "meeting",
                "At which meeting",
                "choice",
                items=PlanView(view.record, ()).meetings("called", "held"),
            ),
            Box(
                "said",
                "The board",
                "choice",
                items=[("accepted", "accepted the rating"), ("challenged", "challenged it")],
            ),
            Box("reason", "If it was challenged: why", "long"),
        ],
        _board,
    ),
    "ask-dates": FormStep(
        "Ask for other dates",
        "Ask for these dates",
        "The dates are asked for; somebody else grants or refuses them.",
        lambda view: [
            Box("new", "New dates", "long", DATES_HINT),
            Box("reason", "Why the dates have to move", "long"),
        ],
        _ask_dates,
        ("The dates agreed first stay beside the new ones for ever.",),
    ),
    "decide-dates": FormStep(
        "Decide on other dates",
        "Record the decision",
        "The decision is recorded.",
        lambda view: [
            Box("request", "What is asked for", "choice", items=view.open_requests()),
            Box(
                "said",
                "Decision",
                "choice",
                items=[("approve", "Grant the new dates"), ("refuse", "Refuse them")],
            ),
            Box("reason", "Why (owed for a refusal)", "long"),
        ],
        _decide_dates,
        verb="approve-reschedule",
    ),
    **KEEPING,
}

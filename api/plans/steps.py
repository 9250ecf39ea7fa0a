"""The forms that open an improvement plan and keep it: parts, actions, meetings, groups, rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.plans.telling import DATES_HINT, NO_STAGES, SOURCES, source_in, stages_in
from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Options, Sent, carry_out, command_box, command_step
from projections.plans.record import PlanRecord
from qa.authorisation.handling import CommandHandler
from qa.core.dates_in_words import day as in_words
from qa.core.fields import field_words
from qa.plans.action_commands import Agreed, AgreePlanAction
from qa.plans.commands import (
    AddPlanPart,
    AdoptPlanRules,
    AdoptPlanScale,
    CallBoardMeeting,
    HoldBoardMeeting,
    OpenPlan,
)
from qa.plans.handlers import actions, board_meetings, claims, plans
from qa.store.unit import Receipt

NO_SOURCE = ("", "None named")
Scales = Options


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan as its forms need it; `scales` are the keys and names of every published version."""

    record: PlanRecord
    scales: Sequence[tuple[str, str]]

    @property
    def id(self) -> str:
        return self.record.plan.id

    def parts(self) -> list[tuple[str, str]]:
        """The parts that go on, as the items of a choice."""
        return [
            (part.id, f"{part.reference} {part.title}"[:100])
            for part in self.record.parts.values()
            if part.ended is None
        ]

    def meetings(self, *states: str) -> list[tuple[str, str]]:
        return [
            (one.id, f"{in_words(one.on)}, {one.title}")
            for one in self.record.meetings
            if one.state in states
        ]

    def claims(self) -> list[tuple[str, str]]:
        return [
            (one.id, f"{one.claimed} as at {in_words(one.as_at)}, {one.source}")
            for one in self.record.claims
        ]

    def groups(self) -> list[tuple[str, str]]:
        """The groups that still work."""
        rows = self.record.groups.values()
        return [(one.id, one.name) for one in rows if one.dissolved_on is None]


def agreed_boxes(view: PlanView) -> list[Box]:
    """What is asked of every new action."""
    return [
        command_box(AgreePlanAction, "reference", owed=True),
        command_box(AgreePlanAction, "title", owed=True),
        Box("when", "When it is due", "long", hint=DATES_HINT),
        command_box(AgreePlanAction, "leads"),
        command_box(AgreePlanAction, "responsible"),
        command_box(AgreePlanAction, "group", [("", "None"), *view.groups()]),
        *source_boxes(),
    ]


def source_boxes() -> list[Box]:
    return [
        Box("source", "Where it comes from", "choice", items=[NO_SOURCE, *SOURCES.items()]),
        Box("source_reference", "Its number or name there", hint="For example, 11"),
    ]


def agreed_in(form: FormValues) -> Agreed:
    """The new action that a form asks for."""
    stages = form.reading(lambda: stages_in(form.text("when"), "when"), NO_STAGES)
    return Agreed(
        reference=form.text("reference"),
        title=form.text("title"),
        leads=form.lines("leads"),
        responsible=form.lines("responsible"),
        group=form.maybe("group"),
        stages=stages,
        sources=source_in(form.text("source"), form.text("source_reference")),
    )


def _part(view: PlanView, form: FormValues, sent: Sent) -> Receipt:
    tier = form.one_of("tier", view.record.plan.tiers, "Choose a tier of the plan.")
    form.done()
    command = AddPlanPart(
        plan=view.id,
        tier=tier,
        reference=form.text("reference"),
        title=form.text("title"),
        under=form.maybe("under"),
        leads=form.lines("leads"),
        sources=source_in(form.text("source"), form.text("source_reference")),
    )
    return carry_out(plans.add_part, command, sent)


def _action(view: PlanView, form: FormValues, sent: Sent) -> Receipt:
    agreed, since = agreed_in(form), form.day("since")
    part = form.one_of("part", [code for code, _ in view.parts()], "Choose a part of the plan.")
    form.done()
    command = AgreePlanAction(plan=view.id, part=part, since=since, **dict(agreed))
    return carry_out(actions.agree, command, sent)


def _meeting(view: PlanView, form: FormValues, sent: Sent) -> Receipt:
    on = form.day_owed("on", "Enter the day of the meeting.")
    command = CallBoardMeeting(plan=view.id, on=on, title=form.text("title"))
    return carry_out(board_meetings.call, command, sent)


def _hold(view: PlanView, form: FormValues, sent: Sent) -> Receipt:
    command = HoldBoardMeeting(
        plan=view.id, meeting=form.text("meeting"), decisions=form.text("decisions")
    )
    return carry_out(board_meetings.hold, command, sent)


def _scale(view: PlanView, form: FormValues, sent: Sent) -> Receipt:
    since = form.day_owed("since", "Enter the first day of the new scale.")
    command = AdoptPlanScale(plan=view.id, scale=form.text("scale"), since=since)
    return carry_out(plans.adopt_scale, command, sent)


_RULES = ("review_every_days", "slip_tolerance_days", "complete_percent")


def _rules(view: PlanView, form: FormValues, sent: Sent) -> Receipt:
    numbers: dict[str, Any] = {name: form.whole(name) for name in _RULES}
    unread = {fault.field for fault in form.faults}
    broken = AdoptPlanRules.model_construct(None, **numbers).faults()
    form.faults.extend(fault for fault in broken if fault.field not in unread)
    form.done()
    command = AdoptPlanRules.model_validate(
        {
            "plan": view.id,
            "version": view.record.plan.rules[-1][1].version + 1,
            **numbers,
            "impact_needs_measures": form.text("impact_needs_measures") == "yes",
        }
    )
    return carry_out(plans.adopt_rules, command, sent)


def _rules_boxes(view: PlanView) -> list[Box]:
    rules = view.record.plan.rules[-1][1]
    return [
        *(command_box(AdoptPlanRules, name, value=str(getattr(rules, name))) for name in _RULES),
        Box(
            "impact_needs_measures",
            field_words(AdoptPlanRules)["impact_needs_measures"].label,
            "choice",
            items=[("yes", "Yes"), ("no", "No, evidence of impact is enough")],
            value="yes" if rules.impact_needs_measures else "no",
        ),
    ]


def _step(
    handler: CommandHandler[Any], title: str, button: str, done: str, **more: Any
) -> FormStep[PlanView]:
    return command_step(
        handler, title=title, button=button, done=done, verb="run-plan",
        target=lambda view: {"plan": view.id}, **more,
    )  # fmt: skip


def _part_box(view: PlanView) -> Box:
    return Box("part", "Which part", "choice", items=view.parts())


def _meeting_box(view: PlanView) -> Box:
    return Box("meeting", "Which meeting", "choice", items=view.meetings("called"))


def _opening_boxes(scales: Scales) -> list[Box]:
    return [
        command_box(OpenPlan, "title", owed=True),
        command_box(OpenPlan, "board", owed=True),
        command_box(OpenPlan, "tiers", value="Theme\nOutcome", owed=True),
        command_box(OpenPlan, "scale", scales),
        command_box(OpenPlan, "since"),
    ]


def _open(_: Scales, form: FormValues, sent: Sent) -> Receipt:
    since = form.day_owed("since", "Enter the first day of the plan.")
    command = OpenPlan(
        title=form.text("title"),
        board=form.text("board"),
        tiers=form.lines("tiers"),
        scale=form.text("scale"),
        since=since,
    )
    return carry_out(plans.open_plan, command, sent)


OPEN: FormStep[Scales] = FormStep(
    "Open an improvement plan",
    "Open the plan",
    "The plan is open.",
    _opening_boxes,
    _open,
    ("A plan in your own terms: name its tiers, add its parts, and put actions under them.",),
)

STEPS: Mapping[str, FormStep[PlanView]] = {
    "add-part": FormStep(
        "Add a part of the plan",
        "Add the part",
        "The part is in the plan.",
        lambda view: [
            command_box(AddPlanPart, "tier", [(tier, tier) for tier in view.record.plan.tiers]),
            command_box(AddPlanPart, "under", [("", "At the top of the plan"), *view.parts()]),
            command_box(AddPlanPart, "reference", owed=True),
            command_box(AddPlanPart, "title", owed=True),
            command_box(AddPlanPart, "leads"),
            *source_boxes(),
        ],
        _part,
    ),
    "add-action": FormStep(
        "Add an action",
        "Add the action",
        "The action is in the plan.",
        lambda view: [
            command_box(AgreePlanAction, "part", view.parts()),
            *agreed_boxes(view),
            command_box(AgreePlanAction, "since"),
        ],
        _action,
        ("The dates agreed here are kept for ever: later ones stand beside them.",),
    ),
    "call-meeting": FormStep(
        "Call a board meeting",
        "Call the meeting",
        "The meeting is called.",
        lambda _: [
            command_box(CallBoardMeeting, "on"),
            command_box(CallBoardMeeting, "title", owed=True),
        ],
        _meeting,
    ),
    "hold-meeting": FormStep(
        "Record that a meeting took place",
        "Record it",
        "The meeting is recorded.",
        lambda view: [_meeting_box(view), command_box(HoldBoardMeeting, "decisions")],
        _hold,
        ("What the board saw is kept: everything that Caseloop holds up to this moment.",),
    ),
    "cancel-meeting": _step(
        board_meetings.cancel,
        "Cancel a meeting",
        "Cancel the meeting",
        "The meeting is cancelled.",
        chosen={"meeting": _meeting_box},
    ),
    "reword-part": _step(
        plans.reword_part,
        "Change the words of a part",
        "Change the words",
        "The words are changed; the earlier ones stay in its history.",
        chosen={"part": _part_box},
    ),
    "lead-part": _step(
        plans.lead_part,
        "Say who leads a part",
        "Save the leads",
        "The leads are saved.",
        chosen={"part": _part_box},
    ),
    "route-part": _step(
        plans.route_part,
        "Route a part to another board",
        "Route the part",
        "The part is routed to another board and stays in the plan to be seen.",
        chosen={"part": _part_box},
    ),
    "remove-part": _step(
        plans.remove_part,
        "Remove a part",
        "Remove the part",
        "The part is removed; its history stays.",
        chosen={"part": _part_box},
    ),
    "form-group": _step(
        plans.form_group,
        "Set up a task and finish group",
        "Set the group up",
        "The group is set up.",
    ),
    "dissolve-group": _step(
        plans.dissolve_group,
        "End a task and finish group",
        "End the group",
        "The group has ended.",
        chosen={"group": lambda view: Box("group", "Which group", "choice", items=view.groups())},
    ),
    "record-claim": _step(
        claims.record_claim,
        "Record a published figure",
        "Record it",
        "The published figure stands beside what the ratings give.",
        choices={"part": lambda view: [("", "The whole plan"), *view.parts()]},
    ),
    "withdraw-claim": _step(
        claims.withdraw_claim,
        "Take back a published figure",
        "Take it back",
        "The published figure is taken back; it stays in history.",
        chosen={"claim": lambda view: Box("claim", "Which figure", "choice", items=view.claims())},
    ),
    "adopt-scale": FormStep(
        "Rate on another scale",
        "Adopt the scale",
        "The plan is rated on the new scale; ratings given stay on theirs.",
        lambda view: [
            command_box(AdoptPlanScale, "scale", view.scales),
            command_box(AdoptPlanScale, "since"),
        ],
        _scale,
        ("Levels of two scales are never compared by colour. Map them where they may be.",),
    ),
    "adopt-rules": FormStep(
        "Change the rules of the computed status",
        "Adopt the rules",
        "The rules hold from today on.",
        _rules_boxes,
        _rules,
    ),
    "close": _step(plans.close, "Close the plan", "Close the plan", "The plan is closed."),
}

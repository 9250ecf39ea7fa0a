"""The forms that keep an improvement plan: parts, actions, meetings, groups, scale and rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.plans.telling import DATES_HINT, NO_STAGES, SOURCES, source_in, stages_in
from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Sent
from projections.plans.record import PlanRecord
from qa.plans.action_events import Agreed
from qa.plans.commands import actions, board_meetings, plans
from qa.plans.status_rules import StatusRules
from qa.store.unit import Receipt

NO_SOURCE = ("", "None named")


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
            (one.id, f"{one.on.day} {one.on:%B %Y}, {one.title}")
            for one in self.record.meetings
            if one.state in states
        ]


def agreed_boxes(view: PlanView) -> list[Box]:
    """What is asked of every new action."""
    groups = [(one.id, one.name) for one in view.record.groups.values() if one.dissolved_on is None]
    return [
        Box("reference", "Number", hint="As the plan numbers it, for example 1.3", owed=True),
        Box("title", "What is to be done", "long", owed=True),
        Box("when", "When it is due", "long", hint=DATES_HINT),
        Box("leads", "Leads, one a line", "lines", hint="Roles rather than names"),
        Box("responsible", "Responsible officers, one a line", "lines"),
        Box("group", "Task and finish group", "choice", items=[("", "None"), *groups]),
        *source_boxes(),
    ]


def source_boxes() -> list[Box]:
    return [
        Box("source", "Where it comes from", "choice", items=[NO_SOURCE, *SOURCES.items()]),
        Box("source_reference", "Its number or name there", hint="For example, 11"),
    ]


def agreed_in(asked: FormValues) -> Agreed:
    """The new action that a form asks for."""
    stages = asked.reading(lambda: stages_in(asked.text("when"), "when"), NO_STAGES)
    return Agreed(
        reference=asked.text("reference"),
        title=asked.text("title"),
        leads=asked.lines("leads"),
        responsible=asked.lines("responsible"),
        group=asked.maybe("group"),
        stages=stages,
        sources=source_in(asked.text("source"), asked.text("source_reference")),
    )


def _part(view: PlanView, asked: FormValues, sent: Sent) -> Receipt:
    tier = asked.one_of("tier", view.record.plan.tiers, "Choose a tier of the plan.")
    asked.done()
    return plans.add_part(
        plan=view.id,
        tier=tier,
        reference=asked.text("reference"),
        title=asked.text("title"),
        under=asked.maybe("under"),
        leads=asked.lines("leads"),
        sources=source_in(asked.text("source"), asked.text("source_reference")),
        **sent,
    )


def _action(view: PlanView, asked: FormValues, sent: Sent) -> Receipt:
    agreed, since = agreed_in(asked), asked.day("since")
    part = asked.one_of("part", [code for code, _ in view.parts()], "Choose a part of the plan.")
    asked.done()
    return actions.agree(
        plan=view.id,
        part=part,
        agreed=agreed,
        since=since,
        desk=sent["desk"],
        by=sent["by"],
        once=sent["once"],
    )


def _meeting(view: PlanView, asked: FormValues, sent: Sent) -> Receipt:
    on = asked.day("on")
    if on is None and not asked.faults:
        asked.refuse("on", "date-missing", "Enter the day of the meeting.")
    asked.done()
    assert on is not None
    return board_meetings.call(plan=view.id, on=on, title=asked.text("title"), **sent)


def _hold(view: PlanView, asked: FormValues, sent: Sent) -> Receipt:
    return board_meetings.hold(
        plan=view.id, meeting=asked.text("meeting"), decisions=asked.text("decisions"), **sent
    )


def _cancel(view: PlanView, asked: FormValues, sent: Sent) -> Receipt:
    return board_meetings.cancel(
        plan=view.id, meeting=asked.text("meeting"), reason=asked.text("reason"), **sent
    )


def _reword(view: PlanView, asked: FormValues, sent: Sent) -> Receipt:
    return plans.reword_part(
        plan=view.id,
        part=asked.text("part"),
        title=asked.text("title"),
        reason=asked.text("reason"),
        **sent,
    )


def _route(view: PlanView, asked: FormValues, sent: Sent) -> Receipt:
    return plans.route_part(
        plan=view.id,
        part=asked.text("part"),
        board=asked.text("board"),
        reason=asked.text("reason"),
        **sent,
    )


def _remove(view: PlanView, asked: FormValues, sent: Sent) -> Receipt:
    return plans.remove_part(
        plan=view.id, part=asked.text("part"), reason=asked.text("reason"), **sent
    )


def _lead(view: PlanView, asked: FormValues, sent: Sent) -> Receipt:
    return plans.lead_part(
        plan=view.id, part=asked.text("part"), leads=asked.lines("leads"), **sent
    )


def _group(view: PlanView, asked: FormValues, sent: Sent) -> Receipt:
    return plans.form_group(
        plan=view.id,
        name=asked.text("name"),
        lead=asked.text("lead"),
        purpose=asked.text("purpose"),
        **sent,
    )


def _dissolve(view: PlanView, asked: FormValues, sent: Sent) -> Receipt:
    return plans.dissolve_group(plan=view.id, group=asked.text("group"), **sent)


def _scale(view: PlanView, asked: FormValues, sent: Sent) -> Receipt:
    since = asked.day("since")
    if since is None and not asked.faults:
        asked.refuse("since", "date-missing", "Enter the first day of the new scale.")
    asked.done()
    assert since is not None
    return plans.adopt_scale(plan=view.id, scale=asked.text("scale"), since=since, **sent)


def _rules(view: PlanView, asked: FormValues, sent: Sent) -> Receipt:
    held = view.record.plan.rules[-1][1]
    whole = {
        name: asked.whole(name)
        for name in ("review_every_days", "slip_tolerance_days", "complete_percent")
    }
    limits = {
        "review_every_days": (1, 400),
        "slip_tolerance_days": (0, 365),
        "complete_percent": (1, 100),
    }
    for name, (least, most) in limits.items():
        given = whole[name]
        if given is None or not least <= given <= most:
            sentence = f"Enter a whole number from {least} to {most}."
            if not any(fault.field == name for fault in asked.faults):
                asked.refuse(name, "number-out-of-range", sentence)
    asked.done()
    rules = StatusRules.model_validate(
        {
            "version": held.version + 1,
            **whole,
            "impact_needs_measures": asked.text("impact_needs_measures") == "yes",
        }
    )
    return plans.adopt_rules(plan=view.id, rules=rules, **sent)


def _close(view: PlanView, asked: FormValues, sent: Sent) -> Receipt:
    return plans.close(plan=view.id, reason=asked.text("reason"), **sent)


WHY = Box("reason", "Why", "long")


def _which_part(view: PlanView) -> Box:
    return Box("part", "Which part", "choice", items=view.parts())


def _rules_boxes(view: PlanView) -> list[Box]:
    rules = view.record.plan.rules[-1][1]
    return [
        Box(
            "review_every_days",
            "Days between two reviews",
            "whole",
            "An action that was not reviewed for longer is slipping.",
            value=str(rules.review_every_days),
        ),
        Box(
            "slip_tolerance_days",
            "Days past its date before an action is off track",
            "whole",
            value=str(rules.slip_tolerance_days),
        ),
        Box(
            "complete_percent",
            "Per cent from which an action counts as claimed complete",
            "whole",
            value=str(rules.complete_percent),
        ),
        Box(
            "impact_needs_measures",
            "Must its success measures be met before an action counts as embedded?",
            "choice",
            items=[("yes", "Yes"), ("no", "No, evidence of impact is enough")],
            value="yes" if rules.impact_needs_measures else "no",
        ),
    ]


STEPS: Mapping[str, FormStep[PlanView]] = {
    "add-part": FormStep(
        "Add a part of the plan",
        "Add the part",
        "The part is in the plan.",
        lambda view: [
            Box(
                "tier",
                "What it is",
                "choice",
                items=[(tier, tier) for tier in view.record.plan.tiers],
            ),
            Box("under", "Under", "choice", items=[("", "At the top of the plan"), *view.parts()]),
            Box("reference", "Number", hint="As the plan numbers it, for example 1", owed=True),
            Box("title", "What it says", "long", owed=True),
            Box("leads", "Leads, one a line", "lines", hint="Roles rather than names"),
            *source_boxes(),
        ],
        _part,
    ),
    "add-action": FormStep(
        "Add an action",
        "Add the action",
        "The action is in the plan.",
        lambda view: [
            Box("part", "Under which part", "choice", items=view.parts()),
            *agreed_boxes(view),
            Box("since", "Since when (today, if left empty)", "day"),
        ],
        _action,
        ("The dates agreed here are kept for ever: later ones stand beside them.",),
    ),
    "call-meeting": FormStep(
        "Call a board meeting",
        "Call the meeting",
        "The meeting is called.",
        lambda _: [Box("on", "Day of the meeting", "day"), Box("title", "Title", owed=True)],
        _meeting,
    ),
    "hold-meeting": FormStep(
        "Record a meeting as held",
        "Record it",
        "The meeting is recorded.",
        lambda view: [
            Box("meeting", "Which meeting", "choice", items=view.meetings("called")),
            Box("decisions", "What it decided (optional)", "long"),
        ],
        _hold,
        ("What the board saw is kept: everything that Caseloop holds up to this moment.",),
    ),
    "cancel-meeting": FormStep(
        "Cancel a meeting",
        "Cancel the meeting",
        "The meeting is cancelled.",
        lambda view: [
            Box("meeting", "Which meeting", "choice", items=view.meetings("called")),
            WHY,
        ],
        _cancel,
    ),
    "reword-part": FormStep(
        "Change the words of a part",
        "Change the words",
        "The words are changed; the earlier ones stay in its history.",
        lambda view: [_which_part(view), Box("title", "What it says now", "long"), WHY],
        _reword,
    ),
    "lead-part": FormStep(
        "Say who leads a part",
        "Save the leads",
        "The leads are saved.",
        lambda view: [
            _which_part(view),
            Box("leads", "Leads, one a line", "lines", hint="Roles rather than names"),
        ],
        _lead,
    ),
    "route-part": FormStep(
        "Route a part to another board",
        "Route the part",
        "The part is routed to another board and stays in the plan to be seen.",
        lambda view: [_which_part(view), Box("board", "Which board answers for it now"), WHY],
        _route,
    ),
    "remove-part": FormStep(
        "Remove a part",
        "Remove the part",
        "The part is removed; its history stays.",
        lambda view: [_which_part(view), WHY],
        _remove,
    ),
    "form-group": FormStep(
        "Set up a task and finish group",
        "Set the group up",
        "The group is set up.",
        lambda _: [
            Box("name", "Name"),
            Box("lead", "Lead", hint="A role rather than a name"),
            Box("purpose", "Purpose (optional)", "long"),
        ],
        _group,
    ),
    "dissolve-group": FormStep(
        "End a task and finish group",
        "End the group",
        "The group has ended.",
        lambda view: [
            Box(
                "group",
                "Which group",
                "choice",
                items=[
                    (one.id, one.name)
                    for one in view.record.groups.values()
                    if one.dissolved_on is None
                ],
            )
        ],
        _dissolve,
    ),
    "adopt-scale": FormStep(
        "Rate on another scale",
        "Adopt the scale",
        "The plan is rated on the new scale; ratings given stay on theirs.",
        lambda view: [
            Box("scale", "Scale", "choice", items=view.scales),
            Box("since", "First day", "day"),
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
    "close": FormStep(
        "Close the plan",
        "Close the plan",
        "The plan is closed.",
        lambda _: [WHY],
        _close,
    ),
}

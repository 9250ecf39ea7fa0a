"""The forms on what is under an action of a plan, its words and its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from api.imports.measured import parse_measured
from api.plans.steps import agreed_in
from api.plans.telling import COMPARATORS, DATES_HINT, UNITS, stages_words
from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Sent, carry_out, command_box, command_step
from projections.plans.record import ActionRecord, PlanRecord
from qa.authorisation.handling import CommandHandler
from qa.core.dates_in_words import day as in_words
from qa.core.errors import Fault, Refused
from qa.core.words import rounded
from qa.plans.action_commands import (
    AddPlanEvidence,
    Agreed,
    ReportSuccessMeasure,
    SetSuccessMeasure,
    SplitPlanAction,
    UnlinkPlanAction,
)
from qa.plans.action_events import EvidenceOf
from qa.plans.handlers import actions, reviews
from qa.store.unit import Receipt


@dataclass(frozen=True, slots=True)
class PlanActionView:
    """An action of a plan as its forms need it."""

    record: PlanRecord
    action: ActionRecord
    today: date
    indicators: Sequence[tuple[str, str]] = field(default=())

    @property
    def id(self) -> str:
        return self.action.id

    def levels(self) -> list[tuple[str, str]]:
        """The levels of the scale in force today, from the worst."""
        scale = self.record.scales.get(self.record.plan.scale_on(self.today))
        levels = () if scale is None else scale.given
        return [(one.code, f"{one.label}: {one.meaning}"[:120]) for one in levels]

    def open_requests(self) -> list[tuple[str, str]]:
        return [
            (one.id, f"{stages_words(one.old)} to {stages_words(one.new)}")
            for one in self.record.reschedulings.get(self.id, ())
            if one.state == "asked"
        ]

    def reviews(self) -> list[tuple[str, str]]:
        """The reviews that stand, the latest first."""
        rows = [one for one in self.record.reviews.get(self.id, ()) if one.stands]
        return [
            (one.id, f"{in_words(one.as_at)}, {one.level or 'not rated'}") for one in reversed(rows)
        ]

    def measures(self) -> list[tuple[str, str]]:
        rows = self.record.measures.get(self.id, ())
        return [(one.id, one.text[:100]) for one in rows if one.withdrawn_because is None]

    def others(self) -> list[tuple[str, str]]:
        """The other actions that go on."""
        return [
            (one.id, f"{one.reference} {one.title}"[:100])
            for one in self.record.actions.values()
            if one.id != self.id and one.ended is None
        ]


EVIDENCE_OF = [
    ("delivery", "That the action was done"),
    ("impact", "That it changed something for children"),
]
LINKED = [
    ("indicator", "An indicator that should move"),
    ("audit-question", "An audit question that should move"),
    ("action", "An action that an audit raised"),
]


def _evidence(view: PlanActionView, form: FormValues, sent: Sent) -> Receipt:
    on = form.day("on")
    of = form.one_of("of", ("delivery", "impact"), "Say what it is evidence of.")
    form.done()
    command = AddPlanEvidence(
        action=view.id,
        of=cast(EvidenceOf, of),
        what=form.text("what"),
        where=form.text("where"),
        on=on,
    )
    return carry_out(actions.add_evidence, command, sent)


def _measure(view: PlanActionView, form: FormValues, sent: Sent) -> Receipt:
    target = form.number("target")
    comparator, unit = form.text("comparator"), form.text("unit")
    form.one_of("comparator", tuple(COMPARATORS), "Choose one of the words.")
    form.one_of("unit", tuple(UNITS), "Choose a unit.")
    form.done()
    command = SetSuccessMeasure(
        action=view.id,
        text=form.text("text"),
        comparator=cast(Any, comparator or None),
        target=target,
        unit=cast(Any, unit or None),
        indicator=form.maybe("indicator"),
    )
    return carry_out(reviews.set_measure, command, sent)


def _report(view: PlanActionView, form: FormValues, sent: Sent) -> Receipt:
    answer = form.text("said")
    values: tuple[Decimal, ...] = ()
    numerator = denominator = None
    note = form.text("note")
    unit = next(
        (m.unit for m in view.record.measures.get(view.id, ()) if m.id == form.text("measure")),
        None,
    )
    try:
        read = parse_measured(answer, unit=unit)
        if read is not None:
            numerator, denominator = read.numerator, read.denominator
            note = note or ("" if read.value is None else read.note)
            if read.value is not None:
                values = (read.value,)
            elif unit == "percent" and numerator is not None and denominator:
                values = (rounded(Fraction(100 * numerator, denominator), 1),)
    except Refused as refused:
        form.faults.extend(Fault("said", f.code, f.sentence) for f in refused.faults)
    form.done()
    command = ReportSuccessMeasure(
        action=view.id,
        measure=form.maybe("measure"),
        said=answer,
        period=form.text("period"),
        values=values,
        unit=cast(Any, unit),
        numerator=numerator,
        denominator=denominator,
        note=note,
    )
    return carry_out(reviews.report_measure, command, sent)


def _unlink(view: PlanActionView, form: FormValues, sent: Sent) -> Receipt:
    kind, _, to = form.text("link").partition(" ")
    command = UnlinkPlanAction.model_construct(None, action=view.id, kind=cast(Any, kind), to=to)
    return carry_out(actions.unlink, command, sent)


def _split(view: PlanActionView, form: FormValues, sent: Sent) -> Receipt:
    into: list[Agreed] = []
    for number in ("1", "2", "3"):
        reference, title = form.text(f"reference-{number}"), form.text(f"title-{number}")
        if reference or title:
            own = FormValues(
                form.form,
                {
                    "reference": reference,
                    "title": title,
                    "when": form.text(f"when-{number}"),
                    "leads": "\n".join(view.action.leads),
                },
            )
            into.append(agreed_in(own))
            form.faults.extend(Fault(f"{f.field}-{number}", f.code, f.sentence) for f in own.faults)
    form.done()
    try:
        command = SplitPlanAction(action=view.id, into=tuple(into), reason=form.text("reason"))
        return carry_out(actions.split, command, sent)
    except Refused as refused:
        raise Refused([_at_its_box(fault) for fault in refused.faults]) from None


def _at_its_box(fault: Fault) -> Fault:
    """``into.0.title`` is the box ``title-1``."""
    parts = (fault.field or "").split(".")
    if len(parts) == 3 and parts[0] == "into" and parts[1].isdecimal():
        return Fault(f"{parts[2]}-{int(parts[1]) + 1}", fault.code, fault.sentence)
    return Fault("reference-1", fault.code, fault.sentence) if parts == ["into"] else fault


def _split_boxes(view: PlanActionView) -> list[Box]:
    found = []
    for number in ("1", "2", "3"):
        last = " (optional)" if number == "3" else ""
        found += [
            Box(f"reference-{number}", f"Number of action {number}{last}"),
            Box(f"title-{number}", f"What action {number} is to do{last}", "long"),
            Box(f"when-{number}", f"When action {number} is due{last}", hint=DATES_HINT),
        ]
    return [*found, command_box(SplitPlanAction, "reason")]


def action_step(
    handler: CommandHandler[Any], title: str, button: str, done: str, **more: Any
) -> FormStep[PlanActionView]:
    """A form that asks what the command of an action holds."""
    return command_step(
        handler, title=title, button=button, done=done, verb="run-plan",
        target=lambda view: {"action": view.id}, **more,
    )  # fmt: skip


KEEPING: Mapping[str, FormStep[PlanActionView]] = {
    "add-evidence": FormStep(
        "Add evidence",
        "Add the evidence",
        "The evidence is added.",
        lambda _: [
            command_box(AddPlanEvidence, "of", EVIDENCE_OF),
            command_box(AddPlanEvidence, "what", owed=True),
            command_box(AddPlanEvidence, "where"),
            command_box(AddPlanEvidence, "on"),
        ],
        _evidence,
    ),
    "set-measure": FormStep(
        "Set a success measure",
        "Set the measure",
        "The measure is set.",
        lambda view: [
            command_box(SetSuccessMeasure, "text", owed=True),
            command_box(SetSuccessMeasure, "comparator", list(COMPARATORS.items())),
            command_box(SetSuccessMeasure, "target"),
            command_box(SetSuccessMeasure, "unit", list(UNITS.items())),
            command_box(SetSuccessMeasure, "indicator", [("", "None"), *view.indicators]),
        ],
        _measure,
    ),
    "withdraw-measure": action_step(
        reviews.withdraw_measure,
        "Take a success measure away",
        "Take it away",
        "The measure is removed; reports on it stay.",
        chosen={
            "measure": lambda view: Box("measure", "Which measure", "choice", items=view.measures())
        },
    ),
    "report-measure": FormStep(
        "Say how a measure stands",
        "Record it",
        "The report on the measure is recorded.",
        lambda view: [
            command_box(ReportSuccessMeasure, name, view.measures() if name == "measure" else ())
            for name in ("measure", "said", "period", "note")
        ],
        _report,
    ),
    "link": action_step(
        actions.link,
        "Link this action",
        "Link it",
        "The link is made.",
        choices={"kind": lambda _: LINKED},
    ),
    "unlink": FormStep(
        "Take a link away",
        "Take it away",
        "The link is gone.",
        lambda view: [
            Box(
                "link",
                "Which link",
                "choice",
                items=[
                    (f"{one.kind} {one.to}", f"{one.kind}: {one.to}")
                    for one in view.record.links.get(view.id, ())
                ],
            )
        ],
        _unlink,
    ),
    "reword": action_step(
        actions.reword,
        "Change the words of this action",
        "Change the words",
        "The words are changed; the earlier ones stay below.",
        initial=lambda view: view.action,
    ),
    "lead": action_step(
        actions.lead,
        "Say who leads this action",
        "Save",
        "The leads are saved.",
        initial=lambda view: view.action,
    ),
    "split": FormStep(
        "Split this action",
        "Split the action",
        "The action is split.",
        _split_boxes,
        _split,
        ("It ends here and goes on as two or three actions, which say where they come from.",),
    ),
    "merge": action_step(
        actions.merge,
        "Merge this action into another",
        "Merge the action",
        "The action is merged.",
        choices={"into": PlanActionView.others},
    ),
    "route": action_step(
        actions.route,
        "Route this action to another board",
        "Route the action",
        "The action is routed to another board.",
    ),
    "remove": action_step(
        actions.remove,
        "Remove this action",
        "Remove the action",
        "The action is removed; its history stays.",
    ),
}

"""The forms on what is under an action of a plan, its words and its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, cast

from api.imports.measured import parse_measured
from api.plans.steps import WHY, agreed_in
from api.plans.telling import COMPARATORS, DATES_HINT, UNITS, stages_words
from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Sent
from projections.plans.record import ActionRecord, PlanRecord
from qa.core.errors import Fault, Refused
from qa.core.words import rounded
from qa.plans.action_events import Agreed
from qa.plans.commands import actions, reviews
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
        levels = () if scale is None else scale.levels
        return [(one.code, f"{one.label}: {one.meaning}"[:120]) for one in levels]

    def open_requests(self) -> list[tuple[str, str]]:
        return [
            (one.id, f"{stages_words(one.old)} to {stages_words(one.new)}")
            for one in self.record.reschedulings.get(self.id, ())
            if one.state == "asked"
        ]

    def reviews(self) -> list[tuple[str, str]]:
        """The reviews that stand, the latest first."""
        held = [one for one in self.record.reviews.get(self.id, ()) if one.stands]
        return [
            (one.id, f"{one.as_at.day} {one.as_at:%B %Y}, {one.level or 'not rated'}")
            for one in reversed(held)
        ]

    def measures(self) -> list[tuple[str, str]]:
        held = self.record.measures.get(self.id, ())
        return [(one.id, one.text[:100]) for one in held if one.withdrawn_because is None]

    def others(self) -> list[tuple[str, str]]:
        """The other actions that go on."""
        return [
            (one.id, f"{one.reference} {one.title}"[:100])
            for one in self.record.actions.values()
            if one.id != self.id and one.ended is None
        ]


def _evidence(view: PlanActionView, asked: FormValues, sent: Sent) -> Receipt:
    on = asked.day("on")
    of = asked.one_of("of", ("delivery", "impact"), "Say what it is evidence of.")
    asked.done()
    return actions.add_evidence(
        action=view.id,
        of=cast(Literal["delivery", "impact"], of),
        what=asked.text("what"),
        where=asked.text("where"),
        on=on,
        **sent,
    )


def _measure(view: PlanActionView, asked: FormValues, sent: Sent) -> Receipt:
    target = asked.number("target")
    comparator, unit = asked.text("comparator"), asked.text("unit")
    asked.one_of("comparator", tuple(COMPARATORS), "Choose one of the words.")
    asked.one_of("unit", tuple(UNITS), "Choose a unit.")
    asked.done()
    return reviews.set_measure(
        action=view.id,
        text=asked.text("text"),
        comparator=cast(Any, comparator or None),
        target=target,
        unit=cast(Any, unit or None),
        indicator=asked.maybe("indicator"),
        **sent,
    )


def _withdraw_measure(view: PlanActionView, asked: FormValues, sent: Sent) -> Receipt:
    return reviews.withdraw_measure(
        action=view.id, measure=asked.text("measure"), reason=asked.text("reason"), **sent
    )


def _report(view: PlanActionView, asked: FormValues, sent: Sent) -> Receipt:
    said = asked.text("said")
    values: tuple[Decimal, ...] = ()
    numerator = denominator = None
    note = asked.text("note")
    unit = next(
        (m.unit for m in view.record.measures.get(view.id, ()) if m.id == asked.text("measure")),
        None,
    )
    try:
        read = parse_measured(said, unit=unit)
        if read is not None:
            numerator, denominator = read.numerator, read.denominator
            note = note or ("" if read.value is None else read.note)
            if read.value is not None:
                values = (read.value,)
            elif unit == "percent" and numerator is not None and denominator:
                values = (rounded(Fraction(100 * numerator, denominator), 1),)
    except Refused as refused:
        asked.faults.extend(Fault("said", f.code, f.sentence) for f in refused.faults)
    asked.done()
    return reviews.report_measure(
        action=view.id,
        measure=asked.maybe("measure"),
        said=said,
        period=asked.text("period"),
        values=values,
        unit=cast(Any, unit),
        numerator=numerator,
        denominator=denominator,
        note=note,
        **sent,
    )


def _link(view: PlanActionView, asked: FormValues, sent: Sent) -> Receipt:
    kind = asked.one_of("kind", ("indicator", "audit-question", "action"), "Choose what it is.")
    asked.done()
    return actions.link(action=view.id, kind=cast(Any, kind), to=asked.text("to"), **sent)


def _unlink(view: PlanActionView, asked: FormValues, sent: Sent) -> Receipt:
    kind, _, to = asked.text("link").partition(" ")
    return actions.unlink(action=view.id, kind=cast(Any, kind), to=to, **sent)


def _reword(view: PlanActionView, asked: FormValues, sent: Sent) -> Receipt:
    return actions.reword(
        action=view.id, title=asked.text("title"), reason=asked.text("reason"), **sent
    )


def _lead(view: PlanActionView, asked: FormValues, sent: Sent) -> Receipt:
    return actions.lead(
        action=view.id,
        leads=asked.lines("leads"),
        responsible=asked.lines("responsible"),
        **sent,
    )


def _split(view: PlanActionView, asked: FormValues, sent: Sent) -> Receipt:
    into: list[Agreed] = []
    for number in ("1", "2", "3"):
        reference, title = asked.text(f"reference-{number}"), asked.text(f"title-{number}")
        if reference or title:
            own = FormValues(
                asked.form,
                {
                    "reference": reference,
                    "title": title,
                    "when": asked.text(f"when-{number}"),
                    "leads": "\n".join(view.action.leads),
                },
            )
            into.append(agreed_in(own))
            asked.faults.extend(
                Fault(f"{f.field}-{number}", f.code, f.sentence) for f in own.faults
            )
    asked.done()
    try:
        return actions.split(action=view.id, into=into, reason=asked.text("reason"), **sent)
    except Refused as refused:
        raise Refused([_at_its_box(fault) for fault in refused.faults]) from None


def _at_its_box(fault: Fault) -> Fault:
    """``into.0.title`` is the box ``title-1``."""
    parts = (fault.field or "").split(".")
    if len(parts) == 3 and parts[0] == "into" and parts[1].isdecimal():
        return Fault(f"{parts[2]}-{int(parts[1]) + 1}", fault.code, fault.sentence)
    return Fault("reference-1", fault.code, fault.sentence) if parts == ["into"] else fault


def _merge(view: PlanActionView, asked: FormValues, sent: Sent) -> Receipt:
    return actions.merge(
        action=view.id, into=asked.text("into"), reason=asked.text("reason"), **sent
    )


def _route(view: PlanActionView, asked: FormValues, sent: Sent) -> Receipt:
    return actions.route(
        action=view.id, board=asked.text("board"), reason=asked.text("reason"), **sent
    )


def _remove(view: PlanActionView, asked: FormValues, sent: Sent) -> Receipt:
    return actions.remove(action=view.id, reason=asked.text("reason"), **sent)


def _split_boxes(view: PlanActionView) -> list[Box]:
    found = []
    for number in ("1", "2", "3"):
        last = " (optional)" if number == "3" else ""
        found += [
            Box(f"reference-{number}", f"Number of action {number}{last}"),
            Box(f"title-{number}", f"What action {number} is to do{last}", "long"),
            Box(f"when-{number}", f"When action {number} is due{last}", hint=DATES_HINT),
        ]
    return [*found, WHY]


KEEPING: Mapping[str, FormStep[PlanActionView]] = {
    "add-evidence": FormStep(
        "Add evidence",
        "Add the evidence",
        "The evidence is added.",
        lambda _: [
            Box(
                "of",
                "What it is evidence of",
                "choice",
                items=[
                    ("delivery", "That the action was done"),
                    ("impact", "That it changed something for children"),
                ],
            ),
            Box("what", "What it shows", "long", owed=True),
            Box("where", "Where it is kept (optional)", hint="A reference or a link, no file"),
            Box("on", "Of which day (today, if left empty)", "day"),
        ],
        _evidence,
    ),
    "set-measure": FormStep(
        "Set a success measure",
        "Set the measure",
        "The measure is set.",
        lambda view: [
            Box("text", "What would show that it worked", "long", owed=True),
            Box("comparator", "Its number should be", "choice", items=list(COMPARATORS.items())),
            Box("target", "Number", "number"),
            Box("unit", "Unit", "choice", items=list(UNITS.items())),
            Box(
                "indicator",
                "Indicator that answers it (optional)",
                "choice",
                items=[("", "None"), *view.indicators],
            ),
        ],
        _measure,
    ),
    "withdraw-measure": FormStep(
        "Take a success measure away",
        "Take it away",
        "The measure is taken away; what was said of it stays.",
        lambda view: [Box("measure", "Which measure", "choice", items=view.measures()), WHY],
        _withdraw_measure,
    ),
    "report-measure": FormStep(
        "Say how a measure stands",
        "Record it",
        "What was said of the measure is recorded.",
        lambda view: [
            Box("measure", "Which measure", "choice", items=view.measures()),
            Box("said", "How it stands", hint="For example 82%, 41 of 50, 27% exc Dec, or N/A"),
            Box("period", "Of which day or period", hint="For example March 2027"),
            Box("note", "Note (optional)"),
        ],
        _report,
    ),
    "link": FormStep(
        "Link this action",
        "Link it",
        "The link is made.",
        lambda view: [
            Box(
                "kind",
                "To what",
                "choice",
                items=[
                    ("indicator", "An indicator that should move"),
                    ("audit-question", "An audit question that should move"),
                    ("action", "An action that an audit raised"),
                ],
            ),
            Box(
                "to",
                "Its id",
                hint="For a question: tool/domain/question, as the page of the tool gives them",
            ),
        ],
        _link,
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
    "reword": FormStep(
        "Change the words of this action",
        "Change the words",
        "The words are changed; the earlier ones stay below.",
        lambda view: [Box("title", "What is to be done", "long", value=view.action.title), WHY],
        _reword,
    ),
    "lead": FormStep(
        "Say who leads this action",
        "Save",
        "The leads are saved.",
        lambda view: [
            Box("leads", "Leads, one a line", "lines", value="\n".join(view.action.leads)),
            Box(
                "responsible",
                "Responsible officers, one a line",
                "lines",
                value="\n".join(view.action.responsible),
            ),
        ],
        _lead,
    ),
    "split": FormStep(
        "Split this action",
        "Split the action",
        "The action is split.",
        _split_boxes,
        _split,
        ("It ends here and goes on as two or three actions, which say where they come from.",),
    ),
    "merge": FormStep(
        "Merge this action into another",
        "Merge the action",
        "The action is merged.",
        lambda view: [Box("into", "Into which action", "choice", items=view.others()), WHY],
        _merge,
    ),
    "route": FormStep(
        "Route this action to another board",
        "Route the action",
        "The action is routed to another board.",
        lambda _: [Box("board", "Which board answers for it now"), WHY],
        _route,
    ),
    "remove": FormStep(
        "Remove this action",
        "Remove the action",
        "The action is removed; its history stays.",
        lambda _: [WHY],
        _remove,
    ),
}

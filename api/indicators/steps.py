"""The forms of an indicator: what they ask and start with, and the command they carry out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Sent
from projections.indicators.queries import Held
from qa.indicators.checks import UNIT_LABELS, DefinitionDraft, TargetDraft
from qa.indicators.commands import indicators
from qa.indicators.definition import MEASURES
from qa.indicators.values import ValueDraft
from qa.store.unit import Receipt


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """What the forms are given: the indicator (None for a new one), and the period and source that
    a link may name."""

    indicator: Held | None
    period: str = ""
    source: str = ""

    @property
    def held(self) -> Held:
        assert self.indicator is not None
        return self.indicator


Boxes = Sequence[Box]
Do = Callable[[IndicatorView, FormValues, Sent], Receipt]

WAYS = (("unknown", "Not decided"), ("higher", "Higher is better"), ("lower", "Lower is better"))
REASON = Box("reason", "Reason", "long", "Recorded with your name.", owed=True)
PERIOD = Box("period", "Period", hint="For example, 2026/27 Q1, or May 2026.", owed=True)
SOURCE = Box(
    "source",
    "Source (optional)",
    hint="Leave empty for the council’s own value. Another source’s value stands beside it.",
)
NOTE = Box("note", "Note (optional)")
SINCE = Box("since", "Holds from", "day")
NAME = Box("name", "Name", owed=True)
ID = Box("id", "Short name for addresses and files (optional)", hint="Made from the name if empty.")
DEFINITION = (
    Box("unit", "Unit", "choice", items=tuple(UNIT_LABELS.items()), owed=True),
    Box("numerator", "Numerator: what is counted", "long"),
    Box("denominator", "Denominator: out of what", "long"),
    Box("period", "Given by", "choice", items=(("quarter", "Quarter"), ("month", "Month"))),
    Box(
        "rolling_months",
        "Months of a rolling window (optional)",
        hint="For example, 12 where each value looks back over a year.",
    ),
    Box(
        "adds_up",
        "Sums",
        "several",
        "True of things that happen. Not of a number on a day, such as children in care.",
        (("yes", "The values of a year’s periods may be added up"),),
    ),
    Box(
        "baseline",
        "Values that the limits of the control chart are held at (optional)",
        hint="For example, 12: limits from the first 12 values, which later ones do not move.",
    ),
    Box("polarity", "Which way is better", "choice", items=WAYS),
    Box(
        "measure",
        "Counted by Caseloop (optional)",
        "choice",
        "Caseloop then fills the indicator from its own audits and moderations.",
        (
            ("", "No: values are entered"),
            *((m, m.replace("-", " ").capitalize()) for m in MEASURES),
        ),
    ),
    Box("owner", "Owner: a role (optional)"),
    Box("source", "Where the values come from (optional)"),
    Box("since", "Holds from", "day", "The first day of a quarter or month."),
    Box("note", "Note (optional)", "long"),
)
VALUE = (
    PERIOD,
    Box(
        "state",
        "What there is",
        "choice",
        items=(
            ("value", "A value"),
            ("not-applicable", "Not applicable"),
            ("no-value", "No value was given"),
        ),
    ),
    Box("value", "Value", hint="Exactly as it is given: 17.70 stays 17.70."),
    Box("numerator", "Numerator (optional)"),
    Box("denominator", "Denominator (optional)"),
    SOURCE,
    Box("note", "Note (optional)", hint="For example, excludes December."),
    Box("excluded", "What both parts leave out (optional)"),
)
TARGET = (
    Box(
        "comparator",
        "What the value should do",
        "choice",
        items=(
            ("gte", "Be at least"),
            ("lte", "Be at most"),
            ("between", "Be between"),
            ("increase", "Increase"),
            ("decrease", "Decrease"),
            ("change-by-percent-a-year", "Change by per cent a year"),
            ("aligned", "Be aligned with a comparator"),
            ("monitor", "Only be monitored"),
        ),
        owed=True,
    ),
    Box("of", "Number", hint="For a reduction of 20% a year, write -20."),
    Box("upto", "Upper end, for a range"),
    Box("tolerance", "How far short still counts as near (optional)"),
    Box("against", "Comparator that it should be aligned with (optional)"),
    SINCE,
    NOTE,
)


def _filled(boxes: Boxes, values: Mapping[str, str]) -> Boxes:
    return [replace(box, value=values.get(box.name, box.value)) for box in boxes]


def _always(*boxes: Box) -> Callable[[IndicatorView], Boxes]:
    return lambda view: boxes


def _texts(asked: FormValues, *names: str) -> dict[str, Any]:
    return {name: asked.text(name) for name in names}


def _definition(asked: FormValues) -> DefinitionDraft:
    names = ("name", "unit", "numerator", "denominator", "period", "rolling_months", "baseline")
    more = ("polarity", "measure", "owner", "source", "note")
    since = asked.day("since")
    asked.done()
    return DefinitionDraft(
        **_texts(asked, *names, *more), adds_up=bool(asked.several("adds_up")), since=since
    )


def _value(asked: FormValues) -> ValueDraft:
    names = ("state", "period", "value", "numerator", "denominator", "source", "note", "excluded")
    return ValueDraft(**_texts(asked, *names))


def _define(view: IndicatorView, asked: FormValues, sent: Sent) -> Receipt:
    return indicators.define(
        sent["desk"],
        id=asked.text("id"),
        draft=_definition(asked),
        by=sent["by"],
        once=sent["once"],
    )


def _redefine(view: IndicatorView, asked: FormValues, sent: Sent) -> Receipt:
    return indicators.redefine(
        indicator_id=view.held.id,
        draft=_definition(asked),
        breaks=bool(asked.several("breaks")),
        reason=asked.text("reason"),
        **sent,
    )


def _observe(view: IndicatorView, asked: FormValues, sent: Sent) -> Receipt:
    return indicators.observe(indicator_id=view.held.id, draft=_value(asked), **sent)


def _restate(view: IndicatorView, asked: FormValues, sent: Sent) -> Receipt:
    reason = asked.text("reason")
    return indicators.restate(indicator_id=view.held.id, draft=_value(asked), reason=reason, **sent)


def _target(view: IndicatorView, asked: FormValues, sent: Sent) -> Receipt:
    names = ("comparator", "of", "upto", "tolerance", "against", "note")
    since = asked.day("since")
    asked.done()
    draft = TargetDraft(**_texts(asked, *names), since=since)
    return indicators.set_target(indicator_id=view.held.id, draft=draft, **sent)


def _polarity(view: IndicatorView, asked: FormValues, sent: Sent) -> Receipt:
    since = asked.day("since")
    asked.done()
    return indicators.decide_polarity(
        indicator_id=view.held.id, since=since, **_texts(asked, "polarity", "reason"), **sent
    )


def _retire(view: IndicatorView, asked: FormValues, sent: Sent) -> Receipt:
    after = asked.day("after")
    asked.done()
    return indicators.retire(
        indicator_id=view.held.id, after=after, reason=asked.text("reason"), **sent
    )


def _said(command: Callable[..., Receipt], *names: str) -> Do:
    """A command that is given what was typed in these boxes, as it was typed."""
    return lambda view, asked, sent: command(
        indicator_id=view.held.id, **_texts(asked, *names), **sent
    )


def _new_boxes(view: IndicatorView) -> Boxes:
    return _filled((NAME, ID, *DEFINITION), {"period": "quarter", "polarity": "unknown"})


def _defined_boxes(view: IndicatorView) -> Boxes:
    now = view.held.definition
    breaks = (("yes", "The series breaks here"),)
    hint = "Values are not comparable with those before."
    boxes = (NAME, *DEFINITION, Box("breaks", "Break", "several", hint, breaks), REASON)
    standing = {
        "name": now.name,
        "unit": now.unit,
        "numerator": now.numerator,
        "denominator": now.denominator,
        "period": now.period,
        "rolling_months": "" if now.rolling_months is None else str(now.rolling_months),
        "adds_up": "yes" if now.adds_up else "",
        "baseline": "" if now.baseline is None else str(now.baseline),
        "polarity": view.held.ways[-1].polarity,
        "measure": now.measure or "",
        "owner": now.owner,
        "source": now.source,
        "note": now.note,
    }
    return _filled(boxes, standing)


def _target_boxes(view: IndicatorView) -> Boxes:
    if not view.held.targets:
        return TARGET
    now = view.held.targets[-1][0]
    standing = {
        "comparator": now.comparator,
        "of": "" if now.of is None else str(now.of),
        "upto": "" if now.upto is None else str(now.upto),
        "tolerance": str(now.tolerance) if now.tolerance else "",
        "against": now.against,
        "note": now.note,
    }
    return _filled(TARGET, standing)


def _observed_boxes(view: IndicatorView) -> Boxes:
    return _filled(VALUE, {"period": view.period, "state": "value"})


def _restated_boxes(view: IndicatorView) -> Boxes:
    """With the value that the link names."""
    standing = {"period": view.period, "source": view.source, "state": "value"}
    for value in view.held.values:
        if (value.period, value.source) == (view.period, view.source):
            standing |= {
                "state": value.state,
                "value": "" if value.value is None else str(value.value),
                "numerator": "" if value.numerator is None else str(value.numerator),
                "denominator": "" if value.denominator is None else str(value.denominator),
                "note": value.note,
                "excluded": value.excluded,
            }
    return _filled((*VALUE, REASON), standing)


def _step(
    title: str,
    says: str,
    done: str,
    boxes: Callable[[IndicatorView], Boxes],
    do: Do,
    *,
    warns: bool = False,
) -> FormStep[IndicatorView]:
    return FormStep(title, title, done, boxes, do, (says,), "run-indicators", warns)


NEW = _step(
    "Define an indicator",
    "What it counts, out of what, over which periods. A later change is a new version.",
    "The indicator is defined.",
    _new_boxes,
    _define,
)
STEPS: Mapping[str, FormStep[IndicatorView]] = {
    "observe": _step(
        "Record a value",
        "Only periods that are over. A period without a value shows as missing.",
        "The value is recorded.",
        _observed_boxes,
        _observe,
    ),
    "restate": _step(
        "Restate a value",
        "The first value stays on record beside the new one.",
        "The value is restated.",
        _restated_boxes,
        _restate,
    ),
    "target": _step(
        "Set the target",
        "The target before it stands for the time before.",
        "The target is set.",
        _target_boxes,
        _target,
    ),
    "polarity": _step(
        "Decide which way is better",
        "Without a decision nothing is called better or worse.",
        "The decision is recorded.",
        _always(Box("polarity", "Which way is better", "choice", items=WAYS), SINCE, REASON),
        _polarity,
    ),
    "comparator": _step(
        "Record a comparator",
        "A value of others: England, statistical neighbours. The period may be a whole year.",
        "The comparator is recorded.",
        _always(
            Box("comparator", "Whose value"),
            PERIOD,
            Box("value", "Value"),
            NOTE,
            Box("reason", "Why it replaces the value before (where there is one)", "long"),
        ),
        _said(indicators.observe_comparator, "comparator", "period", "value", "note", "reason"),
    ),
    "claim": _step(
        "Keep a claim",
        "What a document says of the indicator, beside what its values say.",
        "The claim is kept.",
        _always(
            PERIOD,
            Box("text", "What is claimed", "long"),
            Box("source", "Where"),
            Box("claimed", "The number claimed (optional)"),
        ),
        _said(indicators.record_claim, "period", "text", "source", "claimed"),
    ),
    "break": _step(
        "Break the series",
        "Values from this period on are not comparable with those before. Nothing is compared or "
        "joined across a break.",
        "The break is recorded.",
        _always(PERIOD, REASON),
        _said(indicators.break_series, "period", "reason"),
    ),
    "rebase": _step(
        "Begin limits anew",
        "The control chart calculates its limits anew from this period on. Decide this for a "
        "change that you know of, never to make a chart look better.",
        "The decision is recorded.",
        _always(PERIOD, REASON),
        _said(indicators.rebase, "period", "reason"),
    ),
    "redefine": _step(
        "Change the definition",
        "The version before it stands for the time before.",
        "The definition is changed.",
        _defined_boxes,
        _redefine,
    ),
    "retire": _step(
        "Retire the indicator",
        "No new values are asked for after the day.",
        "The indicator is retired.",
        _always(Box("after", "Last day", "day"), REASON),
        _retire,
        warns=True,
    ),
}
ENTERING = ("observe", "restate")
"""What is done by hand only where values are entered by hand."""

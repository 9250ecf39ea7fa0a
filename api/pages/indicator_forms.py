"""The forms of an indicator: their fields, what they start with, and the command they ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from api.pages.kit.dates import day_in
from projections.indicators.queries import Held
from qa.commands import indicators as commands
from qa.commands.desk import Desk
from qa.errors import Fault, Refused
from qa.indicator_checks import UNIT_LABELS, DefinitionDraft, TargetDraft
from qa.indicator_definition import MEASURES
from qa.indicator_values import ValueDraft
from qa.store import Receipt

Typed = Mapping[str, str]
Made = Mapping[str, Any]
"""Who sends the form, how often, and from which version."""


@dataclass(frozen=True, slots=True)
class Field:
    """One input. A date is three boxes; a tick is "yes" or nothing."""

    name: str
    label: str
    kind: Literal["text", "area", "choice", "date", "tick"] = "text"
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One change that can be asked for."""

    slug: str
    title: str
    says: str
    done: str
    fields: tuple[Field, ...]
    do: Callable[[Desk, str, Typed, Made], Receipt]
    start: Callable[[Held], dict[str, str]] = field(default=lambda held: {})
    warns: bool = False

    @property
    def order(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.fields)


WAYS = (("unknown", "Not decided"), ("higher", "Higher is better"), ("lower", "Lower is better"))
REASON = Field("reason", "Reason", "area", "Recorded with your name.")
PERIOD = Field("period", "Period", hint="For example, 2026/27 Q1, or May 2026.")
SOURCE = Field(
    "source",
    "Source (optional)",
    hint="Leave empty for the council’s own value. Another source’s value stands beside it.",
)
NOTE = Field("note", "Note (optional)")
DEFINITION = (
    Field("name", "Name"),
    Field("unit", "Unit", "choice", choices=tuple(UNIT_LABELS.items())),
    Field("numerator", "Numerator: what is counted", "area"),
    Field("denominator", "Denominator: out of what", "area"),
    Field("period", "Given by", "choice", choices=(("quarter", "Quarter"), ("month", "Month"))),
    Field(
        "rolling_months",
        "Months of a rolling window (optional)",
        hint="For example, 12 where each value looks back over a year.",
    ),
    Field(
        "adds_up",
        "The values of a year’s periods may be added up",
        "tick",
        "True of things that happen. Not of a number on a day, such as children in care.",
    ),
    Field("polarity", "Which way is better", "choice", choices=WAYS),
    Field(
        "measure",
        "Counted by Caseloop (optional)",
        "choice",
        "Caseloop then fills the indicator from its own audits and moderations.",
        (
            ("", "No: values are entered"),
            *((m, m.replace("-", " ").capitalize()) for m in MEASURES),
        ),
    ),
    Field("owner", "Owner: a role (optional)"),
    Field("source", "Where the values come from (optional)"),
    Field("since", "Holds from", "date", "The first day of a quarter or month."),
    Field("note", "Note (optional)", "area"),
)
VALUE = (
    PERIOD,
    Field(
        "state",
        "What there is",
        "choice",
        choices=(
            ("value", "A value"),
            ("not-applicable", "Not applicable"),
            ("no-value", "No value was given"),
        ),
    ),
    Field("value", "Value", hint="Exactly as it is given: 17.70 stays 17.70."),
    Field("numerator", "Numerator (optional)"),
    Field("denominator", "Denominator (optional)"),
    SOURCE,
    Field("note", "Note (optional)", hint="For example, excludes December."),
    Field("excluded", "What both parts leave out (optional)"),
)


def definition(typed: Typed) -> DefinitionDraft:
    names = ("name", "unit", "numerator", "denominator", "period", "rolling_months")
    more = ("polarity", "measure", "owner", "source", "note")
    return DefinitionDraft(
        **{name: typed.get(name, "").strip() for name in (*names, *more)},
        adds_up=typed.get("adds_up") == "yes",
        since=day(typed, "since"),
    )


def _value(typed: Typed) -> ValueDraft:
    names = ("period", "value", "numerator", "denominator", "source", "note", "excluded")
    given = {name: typed.get(name, "").strip() for name in names}
    return ValueDraft(state=typed.get("state", ""), **given)


def day(typed: Typed, name: str) -> date | None:
    """The day typed. Raises `Refused` at its field where it is none."""
    try:
        return day_in(typed, name)
    except ValueError:
        sentence = "Enter a real date, like 1 4 2026."
        raise Refused([Fault(name, "date-impossible", sentence)]) from None


def _redefine(desk: Desk, indicator: str, typed: Typed, made: Made) -> Receipt:
    return commands.redefine(
        desk,
        indicator_id=indicator,
        draft=definition(typed),
        breaks=typed.get("breaks") == "yes",
        reason=typed.get("reason", ""),
        **made,
    )


def _observe(desk: Desk, indicator: str, typed: Typed, made: Made) -> Receipt:
    return commands.observe(desk, indicator_id=indicator, draft=_value(typed), **made)


def _restate(desk: Desk, indicator: str, typed: Typed, made: Made) -> Receipt:
    return commands.restate(
        desk,
        indicator_id=indicator,
        draft=_value(typed),
        reason=typed.get("reason", ""),
        **made,
    )


def _target(desk: Desk, indicator: str, typed: Typed, made: Made) -> Receipt:
    names = ("comparator", "of", "upto", "tolerance", "against", "note")
    draft = TargetDraft(
        **{name: typed.get(name, "").strip() for name in names}, since=day(typed, "since")
    )
    return commands.set_target(
        desk, indicator_id=indicator, draft=draft, reason=typed.get("reason", ""), **made
    )


def _polarity(desk: Desk, indicator: str, typed: Typed, made: Made) -> Receipt:
    return commands.decide_polarity(
        desk,
        indicator_id=indicator,
        polarity=typed.get("polarity", ""),
        since=day(typed, "since"),
        reason=typed.get("reason", ""),
        **made,
    )


def _said(*names: str) -> Callable[[Typed], dict[str, Any]]:
    return lambda typed: {name: typed.get(name, "").strip() for name in names}


def _comparator(desk: Desk, indicator: str, typed: Typed, made: Made) -> Receipt:
    given = _said("comparator", "period", "value", "note", "reason")(typed)
    return commands.observe_comparator(desk, indicator_id=indicator, **given, **made)


def _claim(desk: Desk, indicator: str, typed: Typed, made: Made) -> Receipt:
    given = _said("period", "text", "source", "claimed")(typed)
    return commands.record_claim(desk, indicator_id=indicator, **given, **made)


def _break(desk: Desk, indicator: str, typed: Typed, made: Made) -> Receipt:
    given = _said("period", "reason")(typed)
    return commands.break_series(desk, indicator_id=indicator, **given, **made)


def _rebase(desk: Desk, indicator: str, typed: Typed, made: Made) -> Receipt:
    return commands.rebase(desk, indicator_id=indicator, **_said("period", "reason")(typed), **made)


def _retire(desk: Desk, indicator: str, typed: Typed, made: Made) -> Receipt:
    return commands.retire(
        desk,
        indicator_id=indicator,
        after=day(typed, "after"),
        reason=typed.get("reason", ""),
        **made,
    )


def _as_defined(held: Held) -> dict[str, str]:
    now = held.definition
    return {
        "name": now.name,
        "unit": now.unit,
        "numerator": now.numerator,
        "denominator": now.denominator,
        "period": now.period,
        "rolling_months": "" if now.rolling_months is None else str(now.rolling_months),
        "adds_up": "yes" if now.adds_up else "",
        "polarity": held.ways[-1].polarity,
        "measure": now.measure or "",
        "owner": now.owner,
        "source": now.source,
        "note": now.note,
    }


def _as_targeted(held: Held) -> dict[str, str]:
    if not held.targets:
        return {}
    now = held.targets[-1][0]
    return {
        "comparator": now.comparator,
        "of": "" if now.of is None else str(now.of),
        "upto": "" if now.upto is None else str(now.upto),
        "tolerance": str(now.tolerance) if now.tolerance else "",
        "against": now.against,
        "note": now.note,
    }


FORMS: tuple[Form, ...] = (
    Form("observe", "Record a value", "Only periods that are over. A period without a value shows "
         "as missing.", "The value is recorded.", VALUE, _observe),
    Form("restate", "Restate a value", "The first value stays on record beside the new one.",
         "The value is restated.", (*VALUE, REASON), _restate),
    Form("target", "Set the target", "The target before it stands for the time before.",
         "The target is set.", (
            Field("comparator", "What the value should do", "choice", choices=(
                ("gte", "Be at least"), ("lte", "Be at most"), ("between", "Be between"),
                ("increase", "Increase"), ("decrease", "Decrease"),
                ("change-by-percent-a-year", "Change by per cent a year"),
                ("aligned", "Be aligned with a comparator"), ("monitor", "Only be monitored"))),
            Field("of", "Number", hint="For a reduction of 20% a year, write -20."),
            Field("upto", "Upper end, for a range"),
            Field("tolerance", "How far short still counts as near (optional)"),
            Field("against", "Comparator that it should be aligned with (optional)"),
            Field("since", "Holds from", "date"),
            NOTE,
         ), _target, _as_targeted),
    Form("polarity", "Decide which way is better", "Without a decision nothing is called better or "
         "worse.", "The decision is recorded.", (
            Field("polarity", "Which way is better", "choice", choices=WAYS),
            Field("since", "Holds from", "date"),
            REASON,
         ), _polarity),
    Form("comparator", "Record a comparator", "A value of others: England, statistical neighbours. "
         "The period may be a whole year.", "The comparator is recorded.", (
            Field("comparator", "Whose value"),
            PERIOD,
            Field("value", "Value"),
            NOTE,
            Field("reason", "Why it replaces the value before (where there is one)", "area"),
         ), _comparator),
    Form("claim", "Keep a claim", "What a document says of the indicator, beside what its values "
         "say.", "The claim is kept.", (
            PERIOD,
            Field("text", "What is claimed", "area"),
            Field("source", "Where"),
            Field("claimed", "The number claimed (optional)"),
         ), _claim),
    Form("break", "Break the series", "Values from this period on are not comparable with those "
         "before. Nothing is compared or joined across a break.", "The break is recorded.",
         (PERIOD, REASON), _break),
    Form("rebase", "Begin limits anew", "The control chart calculates its limits anew from this "
         "period on. Decide this for a change that you know of, never to make a chart look better.",
         "The decision is recorded.", (PERIOD, REASON), _rebase),
    Form("redefine", "Change the definition", "The version before it stands for the time before.",
         "The definition is changed.", (
            *DEFINITION,
            Field("breaks", "The series breaks here", "tick",
                  "Values are not comparable with those before."),
            REASON,
         ), _redefine, _as_defined),
    Form("retire", "Retire the indicator", "No new values are asked for after the day.",
         "The indicator is retired.", (Field("after", "Last day", "date"), REASON), _retire,
         warns=True),
)  # fmt: skip
BY_SLUG = {form.slug: form for form in FORMS}

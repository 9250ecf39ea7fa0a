"""Checks of an indicator's definitions and targets as they are entered, as text.

Every fault is named at its field.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import get_args

from qa.core import fields
from qa.core.dates_in_words import day as in_words
from qa.core.errors import Fault, refuse_any
from qa.core.periods import PeriodKind, period_of
from qa.core.words import CODE, code_of
from qa.indicators.definition import (
    MEASURES,
    Comparator,
    DefinitionDraft,
    IndicatorDefinition,
    Polarity,
    Target,
    TargetDraft,
    Unit,
)
from qa.indicators.values import in_range, number, one_of, plausible, sign_of, whole

UNIT_LABELS: dict[Unit, str] = {
    "percent": "per cent",
    "count": "number",
    "rate-per-10000": "rate per 10,000",
    "days": "days",
    "score": "score",
    "money": "pounds",
}


def definition(
    draft: DefinitionDraft, *, id: str, version: int, after: IndicatorDefinition | None = None
) -> IndicatorDefinition:
    """The definition that was entered; `after` is the version that it follows.

    Raises:
        Refused: every fault, by field.
    """
    faults: list[Fault] = []
    if not re.fullmatch(CODE, id):
        sentence = "Use small letters, digits and hyphens, beginning with a letter."
        faults.append(Fault("id", "id-malformed", sentence, value=id))
    faults += fields.faults(draft)
    one_of(draft.unit, get_args(Unit), "unit", "Choose the unit.", faults)
    one_of(draft.period, ("month", "quarter"), "period", "Choose month or quarter.", faults)
    one_of(draft.polarity, get_args(Polarity), "polarity", "Choose which way is better.", faults)
    rolling = whole(draft.rolling_months, "rolling_months", faults)
    if rolling is not None and not 2 <= rolling <= 60:
        sentence = "A rolling window is 2 to 60 months long."
        faults.append(Fault("rolling_months", "rolling-window", sentence))
    if draft.adds_up and rolling is not None:
        sentence = "Rolling windows overlap, so their values cannot be added up to a year."
        faults.append(Fault("adds_up", "rolling-adds-up", sentence))
    baseline = whole(draft.baseline, "baseline", faults)
    if baseline is not None and not 12 <= baseline <= 60:
        sentence = "A baseline is 12 to 60 values long: limits of fewer cannot be relied on."
        faults.append(Fault("baseline", "baseline-range", sentence))
    _measure(draft, rolling, faults)
    _since(draft, after, faults)
    refuse_any(faults)
    return IndicatorDefinition.model_validate(
        {
            "id": id,
            "version": version,
            "name": draft.name.strip(),
            "unit": draft.unit,
            "numerator": draft.numerator.strip(),
            "denominator": draft.denominator.strip(),
            "period": draft.period,
            "rolling_months": rolling,
            "adds_up": draft.adds_up,
            "polarity": draft.polarity,
            "measure": draft.measure or None,
            "owner": draft.owner.strip(),
            "source": draft.source.strip(),
            "since": draft.since,
            "note": draft.note.strip(),
            "baseline": baseline,
        }
    )


def _measure(draft: DefinitionDraft, rolling: int | None, faults: list[Fault]) -> None:
    if not draft.measure:
        return
    one_of(draft.measure, MEASURES, "measure", "Choose a measure from the list.", faults)
    unit: Unit = "count" if draft.measure == "audits-submitted" else "percent"
    if draft.measure in MEASURES and draft.unit != unit:
        sentence = f"This measure is given as {UNIT_LABELS[unit]}."
        faults.append(Fault("unit", "unit-of-measure", sentence, value=draft.unit))
    if rolling is not None:
        sentence = "What Caseloop counts itself is counted by period, not by a rolling window."
        faults.append(Fault("rolling_months", "rolling-measure", sentence))


def _since(draft: DefinitionDraft, after: IndicatorDefinition | None, faults: list[Fault]) -> None:
    if any(fault.field == "since" for fault in faults):
        return
    before = len(faults)
    plausible(draft.since, "since", faults)
    if len(faults) > before:
        return
    kinds = {draft.period} if after is None else {draft.period, after.period}
    for kind in sorted(kinds & {"month", "quarter"}):
        period = period_of(draft.since, PeriodKind(kind))
        if period.start != draft.since:
            sentence = (
                f"{in_words(draft.since)} is in the middle of {period.label}. "
                f"A definition holds from the first day of a {kind}."
            )
            faults.append(
                Fault("since", "since-mid-period", sentence, value=draft.since.isoformat())
            )
            return
    if after is not None and draft.since <= after.since:
        sentence = f"The version before it holds from {in_words(after.since)}; choose a later day."
        faults.append(Fault("since", "since-not-later", sentence, value=draft.since.isoformat()))


def target(draft: TargetDraft, unit: Unit) -> Target:
    """The target that was entered.

    Raises:
        Refused: every fault, by field.
    """
    faults = fields.faults(draft)
    sentence = "Choose what the value should do."
    one_of(draft.comparator, get_args(Comparator), "comparator", sentence, faults)
    sign = sign_of(unit)
    of = number(
        draft.of, "of", faults, sign="%" if draft.comparator == "change-by-percent-a-year" else sign
    )
    upto = number(draft.upto, "upto", faults, sign=sign)
    tolerance = number(draft.tolerance, "tolerance", faults, sign=sign)
    numbered = draft.comparator in ("gte", "lte", "between", "change-by-percent-a-year")
    if numbered and not draft.of.strip():
        faults.append(Fault("of", "number-missing", "Give the number of the target."))
    if not numbered and draft.of.strip():
        sentence = "This kind of target has no number."
        faults.append(Fault("of", "number-not-asked", sentence, value=draft.of))
    if (draft.comparator == "between") != bool(draft.upto.strip()):
        sentence = "Give the upper end of a range, and of nothing else."
        faults.append(Fault("upto", "range-ends", sentence))
    elif of is not None and upto is not None and upto < of:
        faults.append(Fault("upto", "range-order", "A range goes from low to high."))
    if tolerance is not None and tolerance < 0:
        faults.append(Fault("tolerance", "negative", "A tolerance is not negative."))
    if draft.comparator in ("gte", "lte", "between"):
        in_range(of, "of", unit, faults)
        in_range(upto, "upto", unit, faults)
    if draft.against.strip() and draft.comparator != "aligned":
        sentence = "Only a target of being aligned names what it is aligned with."
        faults.append(Fault("against", "against-not-asked", sentence))
    plausible(draft.since, "since", faults)
    refuse_any(faults)
    return Target.model_validate(
        {
            "comparator": draft.comparator,
            "of": of,
            "upto": upto,
            "tolerance": tolerance or Decimal(0),
            "against": draft.against.strip(),
            "since": draft.since,
            "note": draft.note.strip(),
        }
    )


def id_for(name: str) -> str:
    """The id suggested for a name."""
    code = code_of(name)
    return code if re.fullmatch(CODE, code) else f"i-{code}"[:60].rstrip("-")

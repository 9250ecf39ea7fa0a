"""Indicators and their values as files that come in again."""

from __future__ import annotations

from collections.abc import Mapping

from api.imports.own_records import GivenRecords, OwnRecords, RecordsAsked, counted
from projections.indicators import queries
from projections.indicators.queries import Held
from projections.indicators.rows import HeldValue

_DERIVED = (
    "indicator that Caseloop counts itself.",
    "indicators that Caseloop counts themselves, each from audits and moderations.",
)


def _entered(asked: RecordsAsked) -> tuple[list[Held], list[str]]:
    every = queries.every(asked.connection)
    entered = [one for one in every if not one.definition.derived]
    return entered, counted(len(every) - len(entered), *_DERIVED)


def _indicators(asked: RecordsAsked) -> GivenRecords:
    entered, left = _entered(asked)
    earlier = sum(len(one.definitions) - 1 + max(0, len(one.targets) - 1) for one in entered)
    left += counted(earlier, "earlier definition or target.", "earlier definitions and targets.")
    rows = []
    for one in entered:
        held, target = one.definition, one.targets[-1][0] if one.targets else None
        rows.append(
            {
                "reference": one.id,
                "name": held.name,
                "unit": held.unit,
                "numerator": held.numerator,
                "denominator": held.denominator,
                "period": held.period,
                "rolling_months": "" if held.rolling_months is None else str(held.rolling_months),
                "adds_up": "yes" if held.adds_up else "no",
                "polarity": one.polarity_on(asked.today),
                "owner": held.owner,
                "source": held.source,
                "since": held.since.isoformat(),
                "note": " ".join(held.note.split()),
                **({} if target is None else _target(target.model_dump(mode="json"))),
            }
        )
    return GivenRecords(rows, left)


def _target(held: Mapping[str, str | None]) -> dict[str, str]:
    tolerance = held["tolerance"] or ""
    return {
        "comparator": held["comparator"] or "",
        "target": held["of"] or "",
        "upto": held["upto"] or "",
        "tolerance": "" if tolerance == "0" else tolerance,
        "against": held["against"] or "",
        "target_since": held["since"] or "",
    }


def _values(asked: RecordsAsked) -> GivenRecords:
    entered, left = _entered(asked)
    rows = [_value(one, value) for one in entered for value in one.values]
    return GivenRecords(rows, left)


def _value(held: Held, one: HeldValue) -> dict[str, str]:
    percent = "%" if held.definition_by(one.definition_version).unit == "percent" else ""
    cells = {
        "value": "" if one.value is None else f"{one.value}{percent}",
        "not-applicable": "N/A",
    }
    return {
        "reference": held.id,
        "period": one.period,
        "value": cells.get(one.state, one.said),
        "numerator": "" if one.numerator is None else str(one.numerator),
        "denominator": "" if one.denominator is None else str(one.denominator),
        "source": one.source,
        "note": "" if one.state == "no-value" else " ".join(one.note.split()),
        "excluded": " ".join(one.excluded.split()),
    }


OWN_RECORDS = (
    OwnRecords(
        "indicators",
        _indicators,
        "Breaks of a series, comparators, claims, baselines and notes on targets are in no such "
        "file.",
    ),
    OwnRecords("observations", _values, "Values that were restated stand as they are now."),
)

"""Indicators and their values as files that come in again."""

from __future__ import annotations

from collections.abc import Mapping

from api.imports.own_records import GivenRecords, OwnRecords, RecordsRequest, counted
from projections.indicators import queries
from projections.indicators.queries import IndicatorRecord
from projections.indicators.rows import ValueRecord

_DERIVED = (
    "indicator that Caseloop counts itself.",
    "indicators that Caseloop counts themselves, each from audits and moderations.",
)


def _entered(request: RecordsRequest) -> tuple[list[IndicatorRecord], list[str]]:
    every = queries.every(request.connection)
    entered = [one for one in every if not one.definition.derived]
    return entered, counted(len(every) - len(entered), *_DERIVED)


def _indicators(request: RecordsRequest) -> GivenRecords:
    entered, left = _entered(request)
    earlier = sum(len(one.definitions) - 1 + max(0, len(one.targets) - 1) for one in entered)
    left += counted(earlier, "earlier definition or target.", "earlier definitions and targets.")
    rows = []
    for one in entered:
        definition, target = one.definition, one.targets[-1][0] if one.targets else None
        rows.append(
            {
                "reference": one.id,
                "name": definition.name,
                "unit": definition.unit,
                "numerator": definition.numerator,
                "denominator": definition.denominator,
                "period": definition.period,
                "rolling_months": ""
                if definition.rolling_months is None
                else str(definition.rolling_months),
                "adds_up": "yes" if definition.adds_up else "no",
                "polarity": one.polarity_on(request.today),
                "owner": definition.owner,
                "source": definition.source,
                "since": definition.since.isoformat(),
                "note": " ".join(definition.note.split()),
                **({} if target is None else _target(target.model_dump(mode="json"))),
            }
        )
    return GivenRecords(rows, left)


def _target(target: Mapping[str, str | None]) -> dict[str, str]:
    tolerance = target["tolerance"] or ""
    return {
        "comparator": target["comparator"] or "",
        "target": target["of"] or "",
        "upto": target["upto"] or "",
        "tolerance": "" if tolerance == "0" else tolerance,
        "against": target["against"] or "",
        "target_since": target["since"] or "",
    }


def _values(request: RecordsRequest) -> GivenRecords:
    entered, left = _entered(request)
    rows = [_value(one, value) for one in entered for value in one.values]
    return GivenRecords(rows, left)


def _value(record: IndicatorRecord, one: ValueRecord) -> dict[str, str]:
    percent = "%" if record.definition_by(one.definition_version).unit == "percent" else ""
    cells = {
        "value": "" if one.value is None else f"{one.value}{percent}",
        "not-applicable": "N/A",
    }
    return {
        "reference": record.id,
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

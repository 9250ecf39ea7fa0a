"""Indicators as records that have a history."""

from __future__ import annotations

from api.records.compared_kinds import ComparedKind, ComparedTable, code, person, yes_or_no
from api.records.kinds import KindOfRecord, by_verb, of_council
from projections.indicators.tables import BESIDE, INDICATORS, VALUES

_VERB = "read-indicators"
RECORDS = (KindOfRecord("indicator", of_council("indicator", _VERB)),)
STREAMS = (by_verb("indicator", _VERB),)

COMPARED = ComparedKind(
    "indicator",
    "Indicators",
    "Indicator",
    60,
    (
        ComparedTable(
            INDICATORS.table,
            {
                "name": "Name",
                "retired_after": "Not measured after",
                "retired_because": "Why it is not measured",
            },
        ),
        ComparedTable(
            VALUES.table,
            {
                "value": "",
                "numerator": "numerator",
                "denominator": "denominator",
                "state": code("state"),
                "said": "as it was written",
                "note": "note",
                "excluded": "left out, because",
                "restated": yes_or_no("restated"),
            },
            each="Value for {period} {source}",
            left_out=("definition_version", "by", "recorded_us"),
        ),
        ComparedTable(
            BESIDE.table,
            {"content": "", "reason": "reason", "by": person("by")},
            each="{kind} {which}",
            left_out=("recorded_us",),
        ),
    ),
    named=("name",),
    href="/indicators/{}",
    weighs=("indicator_value.value", "indicator_row.retired_after"),
)

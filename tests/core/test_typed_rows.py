"""A row takes from the event that begins it what the two have by the same name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest

from projections.core.typed_rows import column_value
from projections.plans.tables import EVIDENCE, MEASURES
from qa.core.event import Meta, RecordedEvent
from qa.core.frozen import Frozen
from qa.plans.action_events import PlanActionEvidenceAdded


class Marble(Frozen):
    """Something that is kept as JSON."""

    colour: str
    since: date


class Colour(Enum):
    RED = "red"


DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("red", "red"),
        (3, 3),
        (True, 1),
        (Colour.RED, "red"),
        (DAY, "2026-03-05"),
        (datetime(1970, 1, 1, 0, 0, 2, tzinfo=UTC), 2_000_000),
        (Decimal("1.50"), "1.50"),
        (("é", "b"), '["é","b"]'),
        (Marble(colour="red", since=DAY), '{"colour":"red","since":"2026-03-05"}'),
        ((Marble(colour="red", since=DAY),), '[{"colour":"red","since":"2026-03-05"}]'),
    ],
)
def test_a_column_holds_what_the_driver_holds(value: Any, expected: Any) -> None:
    found = column_value(value)
    assert (found, type(found)) == (expected, type(expected))


def added() -> RecordedEvent[PlanActionEvidenceAdded]:
    event = PlanActionEvidenceAdded(evidence="e1", of="impact", what="Seen", where="", on=DAY)
    meta = Meta(fact_id="f", effective_on=DAY, by="ada", in_role="qa-lead", correlation_id="c")
    return RecordedEvent(
        position=7, stream="plan-action:a1", version=3,
        recorded_at=datetime(2026, 3, 6, tzinfo=UTC), meta=meta, event=event,
    )  # fmt: skip


def test_a_row_begins_with_what_its_event_and_envelope_say() -> None:
    row = EVIDENCE.row_of(added(), number=3)
    assert row == ("a1", "e1", 3, "impact", "Seen", "", "2026-03-05", "ada")


def test_what_is_given_goes_before_what_the_event_says() -> None:
    row = EVIDENCE.row_of(added(), number=4, what="Heard", by="ben")
    assert (row.number, row.what, row.by) == (4, "Heard", "ben")


def test_a_column_that_nothing_fills_is_missed() -> None:
    with pytest.raises(TypeError, match="number"):
        EVIDENCE.row_of(added())
    with pytest.raises(TypeError, match="measure"):
        MEASURES.row_of(added(), number=3)

"""Stored names are promises: one stored sample of every version of every event loads for ever.

``tests/golden/events.jsonl`` holds the bytes as the store wrote them. Lines are only ever added
(run this file as a script to add those that are missing); a line that changes is a broken promise.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from qa.audit_tools.definition import ToolDefinition
from qa.audit_tools.files import shipped_scales, shipped_tools
from qa.core.clock import microseconds
from qa.core.due_dates import Due
from qa.core.event import REGISTER, Event, Meta, events_registered
from qa.core.words import Scale
from qa.indicators.definition import IndicatorDefinition, Target
from qa.plans.rag_scale import RagLevel, RagScale
from qa.store.codec import decode, encode
from tests.support.given import START

OURS = [event for event in events_registered() if event.__module__.startswith("qa.")]
GOLDEN = Path(__file__).parents[1] / "golden" / "facts.jsonl"


WHOLE: dict[Any, Any] = {
    RagScale: RagScale(
        id="three-colours",
        version=1,
        name="Three colours",
        levels=(
            RagLevel(code="red", label="Red", rank=1, meaning="Little progress.", colour="red"),
            RagLevel(code="green", label="Green", rank=2, meaning="Done.", met=True, final=True),
        ),
    ),
    Due: Due(kind="month", on=date(2026, 2, 1), said="February 2026"),
    Target: Target(comparator="gte", of=Decimal("70"), since=date(2026, 2, 1)),
    IndicatorDefinition: IndicatorDefinition(
        id="audits-completed",
        version=1,
        name="Audits completed",
        unit="percent",
        numerator="audits submitted",
        denominator="audits expected",
        polarity="higher",
        since=date(2025, 4, 1),
    ),
}
"""Values whose fields have to fit one another."""


def _example(annotation: Any, name: str) -> Any:
    """A plain value of a field's type, telling by its name."""
    if annotation is ToolDefinition:
        return shipped_tools()[1]
    if annotation is Scale:
        return shipped_scales()[0]
    if annotation in WHOLE:
        return WHOLE[annotation]
    origin = get_origin(annotation)
    if origin is Annotated:
        return _example(get_args(annotation)[0], name)
    if origin in (Union, UnionType):
        return _example(next(a for a in get_args(annotation) if a is not type(None)), name)
    if origin is Literal:
        return get_args(annotation)[0]
    if origin is tuple:
        return (_example(get_args(annotation)[0], name),)
    if isinstance(annotation, type):
        if issubclass(annotation, BaseModel):
            return annotation.model_validate(
                {n: _example(f.annotation, n) for n, f in annotation.model_fields.items()}
                if annotation.__name__ != "Scope"
                else {}
            )
        if issubclass(annotation, Decimal):
            return Decimal("17.70")
        if issubclass(annotation, bool):
            return True
        if issubclass(annotation, int):
            return 1
        if annotation is date:
            return date(2026, 2, 28)
        if annotation is datetime:
            return datetime(2026, 2, 28, 9, 30, tzinfo=UTC)
        if hasattr(annotation, "__members__"):
            return next(iter(annotation))
    return f"{name}-example"


def sample(kind: type[Event]) -> Event:
    return kind.model_validate(
        {name: _example(field.annotation, name) for name, field in kind.model_fields.items()}
    )


def _stored(event: Event) -> dict[str, Any]:
    meta = Meta(
        fact_id="f" * 32,
        effective_on=date(2026, 2, 28),
        by="p" * 32,
        in_role="auditor",
        team_then="east",
        correlation_id="c" * 32,
        reason="A reason.",
        about="child:C-1",
    )
    state = encode(event, meta, stream="golden:1", version=1, seal=lambda _s, plain, _a: plain)
    return {"type": event.TYPE, "schema": event.SCHEMA, "state": state.decode()}


def lines() -> list[dict[str, Any]]:
    if not GOLDEN.exists():
        return []
    return [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("line", lines(), ids=lambda each: f"{each['type']}-v{each['schema']}")
def test_every_stored_sample_still_loads(line: dict[str, Any]) -> None:
    row = (1, "golden:1", 1, line["type"], microseconds(START), line["state"].encode())
    loaded = decode(row, lambda _s, sealed, _a: sealed)
    assert loaded.type == line["type"]
    if line["schema"] == REGISTER[line["type"]].SCHEMA:
        assert loaded.event == sample(REGISTER[line["type"]])


def test_every_event_ever_shipped_has_its_sample() -> None:
    held = {(line["type"], line["schema"]) for line in lines()}
    missing = [f.TYPE for f in OURS if (f.TYPE, f.SCHEMA) not in held]
    assert missing == [], "run python -m tests.meta.test_golden_facts to add them"


if __name__ == "__main__":
    held = {(line["type"], line["schema"]) for line in lines()}
    with GOLDEN.open("a", encoding="utf-8") as file:
        for kind in OURS:
            if (kind.TYPE, kind.SCHEMA) not in held:
                file.write(json.dumps(_stored(sample(kind)), ensure_ascii=False) + "\n")
                sys.stdout.write(f"added {kind.TYPE}\n")

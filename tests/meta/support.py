"""A sample of any event, made from the shape of its class."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from qa.audit_tools.definition import ToolDefinition
from qa.audit_tools.files import shipped_scales, shipped_tools
from qa.core.due_dates import Due
from qa.core.event import Event
from qa.core.words import Scale
from qa.indicators.definition import IndicatorDefinition, Target
from qa.plans.rag_scale import RagLevel, RagScale

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
        if issubclass(annotation, bytes):
            return f"{name}-example".encode()
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

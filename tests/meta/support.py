"""A sample of any event, made from the shape of its class."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from api.main import create_app
from api.routes import PAGES
from qa.audit_tools.definition import ToolDefinition
from qa.audit_tools.files import shipped_scales, shipped_tools
from qa.core.due_dates import Due
from qa.core.event import Event
from qa.core.words import Scale
from qa.indicators.definition import IndicatorDefinition, Target
from qa.plans.rag_scale import RagLevel, RagScale
from tests.support.council import Council

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


def addresses(council: Council, audit: str) -> Iterator[str]:
    """Every address that answers a GET, of pages and of the API, with a record wherever one is
    named."""
    row = council.view(audit).row
    named = {
        "{audit}": audit,
        "{child:path}": row["child"],
        "{child}": row["child"],
        "{moderation}": row["moderation"],
        "{section}": "overall",
        "{kind}": "csv",
        "{person}": council.ids["auditor"],
        "{team}": "east",
        "{tool}": council.tool.id,
        "{name}": "agreement",
        "{version}": "1",
    }
    asked = {
        "/history": f"?record=audit:{audit}",
        "/history.csv": f"?record=audit:{audit}",
        "/api/v1/history": f"?record=audit:{audit}",
        "/api/v1/history.csv": f"?record=audit:{audit}",
        "/search": "?q=evidence",
        "/api/v1/search": "?q=evidence",
        "/api/v1/reports/agreement": "?from=2026-01-01&to=2026-03-02",
    }
    pages = [
        route.path
        for route in PAGES
        if "GET" in route.methods
        # A calendar opens by its secret, not by who is signed in: there is nobody to note.
        if "{secret}" not in route.path
    ]
    documented = create_app(council.services).openapi()["paths"]
    api = [path for path, verbs in documented.items() if "get" in verbs]
    assert len(pages) > 60
    assert len(api) > 15
    for path in [*pages, *api]:
        for name, value in named.items():
            path = path.replace(name, value)
        yield path + asked.get(path, "")

"""Figures in the API: what every report answers a figure, its row and its moment with."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Protocol, Self, cast

from pydantic import BaseModel, Field

from api.documents.figures import FiguresReport
from api.web.moments import AsAt
from projections.figures.figure import Figure, FigureChange
from projections.figures.provenance import FigureProvenance
from projections.figures.rounding import Unit


class FigureOut(BaseModel):
    """A figure with its base. What is not whole is a decimal text; `numerator` and `denominator`
    are null only where the figure is not shown, or was given without them. A caveat is "code:
    sentence"."""

    numerator: int | None
    denominator: int | None
    value: str | None
    unit: Unit
    interval: Annotated[list[str], Field(min_length=2, max_length=2)] | None
    caveats: list[str]

    @classmethod
    def of(cls, figure: Figure) -> Self:
        return cast("Self", cls.model_construct(None, **figure.to_json()))


class _NamedOut(BaseModel):
    name: str


class FigureInFullOut(FigureOut, _NamedOut):
    """A figure as a page shows it, and what it rests on: `rows` is the query of what is beneath."""

    display: str
    period: str | None
    start: Annotated[str | None, Field(alias="from")]
    end: Annotated[str | None, Field(alias="to")]
    cohort_rule: str
    as_at: str | None
    position: int | None
    scale_version: str | None
    tool_versions: list[str]
    rows: str

    @classmethod
    def of(cls, figure: Figure) -> Self:
        return cls.model_validate(figure.in_full())


class FigureChangeOut(BaseModel):
    """What lies between two figures, which stand beside it."""

    kind: Literal["percentage points", "percent of the earlier value", "count", "difference"]
    value: str | None
    display: str
    caveats: list[str]

    @classmethod
    def of(cls, change: FigureChange) -> FigureChangeOut:
        value = None if change.value is None else str(change.value)
        return cls.model_construct(
            None,
            kind=change.kind,
            value=value,
            display=change.display,
            caveats=list(change.caveats),
        )


class FigureWhyOut(BaseModel):
    """A figure, and the same counted again from the events beneath it alone."""

    figure: FigureInFullOut
    again: FigureInFullOut
    same: bool

    @classmethod
    def of(cls, found: FigureProvenance, **more: Any) -> Self:
        return cls.model_validate({**found.in_full(), **more})


class EventBeneathOut(BaseModel):
    """An event beneath a figure, by its place and the SHA-256 of its stored bytes."""

    position: int
    stream: str
    version: int
    type: str
    sha256: str


class RowOfFigures(Protocol):
    """A row of any report."""

    @property
    def group(self) -> Mapping[str, Any]: ...
    @property
    def figures(self) -> Mapping[str, Figure]: ...


class FigureRowOut(BaseModel):
    """A row of a report: its period, what it is cut by, and its figures by name."""

    group: dict[str, str | int | None]
    figures: dict[str, FigureOut]

    @classmethod
    def of(cls, row: RowOfFigures, **more: Any) -> Self:
        figures = {name: FigureOut.of(figure) for name, figure in row.figures.items()}
        made = cls.model_construct(None, group=dict(row.group), figures=figures, **more)
        return cast("Self", made)


class NotedFigureRowOut(FigureRowOut):
    """A row with what has to be said of the whole of it."""

    caveats: list[str]


class FactsBeneathOut(FigureWhyOut):
    """A figure counted again, and the events beneath it that the caller may open."""

    facts: list[EventBeneathOut]
    facts_not_shown: int


class OfMoment(Protocol):
    """A report of a moment."""

    @property
    def as_at(self) -> datetime.date | None: ...
    @property
    def position(self) -> int | None: ...
    @property
    def true_on(self) -> datetime.date | None: ...


class ReportMomentOut(BaseModel):
    """The moment that a report is of; `true_on` only where what was so on that day is asked."""

    date: datetime.date | None
    position: int | None
    true_on: Annotated[datetime.date | None, Field(exclude_if=lambda day: day is None)] = None

    @classmethod
    def of(cls, report: OfMoment) -> Self:
        return cls(date=report.as_at, position=report.position, true_on=report.true_on)

    @classmethod
    def at(cls, moment: AsAt) -> Self:
        """Of a report that is read at a moment."""
        return cls(date=moment.day, position=moment.shown, true_on=moment.true_on)


class FiguresOut(BaseModel):
    """Any report by its figures alone."""

    report: str
    title: str
    as_at: ReportMomentOut
    cohort_rule: str
    caveats: list[str]
    rows: list[NotedFigureRowOut]
    totals: list[NotedFigureRowOut]

    @classmethod
    def of(cls, name: str, made: FiguresReport) -> Self:
        rows, totals = (
            [NotedFigureRowOut.of(row, caveats=list(row.caveats)) for row in some]
            for some in (made.rows, made.totals)
        )
        return cls(
            report=name,
            title=made.title,
            as_at=ReportMomentOut.of(made),
            cohort_rule=made.cohort_rule,
            caveats=list(made.caveats),
            rows=rows,
            totals=totals,
        )

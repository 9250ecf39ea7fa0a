"""The figures of any report as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from projections.figures.figure import Figure


class FiguresRow(Protocol):
    """A group of what is counted, and its figures by name."""

    @property
    def group(self) -> Mapping[str, Any]: ...
    @property
    def figures(self) -> Mapping[str, Figure]: ...
    @property
    def caveats(self) -> tuple[str, ...]: ...


class FiguresReport(Protocol):
    """What every report of figures says of itself. `totals` are of the whole of it."""

    @property
    def title(self) -> str: ...
    @property
    def rows(self) -> Sequence[FiguresRow]: ...
    @property
    def totals(self) -> Sequence[FiguresRow]: ...
    @property
    def caveats(self) -> tuple[str, ...]: ...
    @property
    def cohort_rule(self) -> str: ...
    @property
    def as_at(self) -> Any: ...
    @property
    def true_on(self) -> Any: ...
    @property
    def position(self) -> int | None: ...


def to_csv(report: FiguresReport) -> str:
    """One line a figure of a group: what it is counted from, and everything said beside it."""
    keys = list(dict.fromkeys(key for row in report.rows for key in row.group))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    headings = ["figure", "numerator", "denominator", "value", "unit", "from_value", "to_value"]
    writer.writerow([*keys, *headings, "cohort_rule", "as_at", "true_on", "position", "caveats"])
    for row in report.rows:
        for name, figure in row.figures.items():
            given = figure.to_json()
            low, high = given["interval"] or (None, None)
            writer.writerow(
                [
                    *(_guarded(row.group.get(key)) for key in keys),
                    name,
                    *(given[key] for key in ("numerator", "denominator", "value", "unit")),
                    low,
                    high,
                    report.cohort_rule,
                    report.as_at,
                    report.true_on,
                    report.position,
                    " ".join(figure.caveats),
                ]
            )
    return out.getvalue()


def _guarded(value: Any) -> Any:
    """Text that a spreadsheet will not run as a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else value

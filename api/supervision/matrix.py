"""Audit grades beside the quality of supervision: of the workers whose cases were audited, how good
the latest check found their supervision.

It is shown to whoever runs checks alone, and only of audits that are open to them in passing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.supervision import reading
from api.supervision.prompts import finalised
from api.web.access_notes import Look
from projections.audit_tools import queries as tool_queries
from projections.audits.queries import AuditFilter
from qa.core.words import AuditStatus, Scale
from qa.supervision.states import COUNTED

NEVER = "Never checked"
UNRANKED = 99
"""Puts the audits of tools without an overall grade last."""


@dataclass(frozen=True, slots=True)
class SupervisionMatrix:
    """The audits of each final grade (down) by the quality of the supervision of their case holder
    (across), each from best to worst; `NEVER` comes last. In a cell stand reference and id."""

    audits: Sequence[str]
    checks: Sequence[str]
    cells: Mapping[tuple[str, str], Sequence[tuple[str, str]]]

    def count(self, down: str, across: str) -> int:
        return len(self.cells.get((down, across), ()))

    def to_json(self) -> dict[str, Any]:
        return {
            "audits": list(self.audits),
            "checks": list(self.checks),
            "counts": [
                [self.count(down, across) for across in self.checks] for down in self.audits
            ],
        }


def matrix(look: Look, start: date, end: date) -> SupervisionMatrix:
    """The audits dated from `start` to `end` whose grade is final, as known at `at`."""
    quality, checked = _quality(look)
    wanted = AuditFilter(status=(AuditStatus.FINALISED.value,), audited_from=start, audited_to=end)
    ranks: dict[str, int] = {}
    cells: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row, tool in finalised(look, wanted):
        scale = tool.overall_scale
        label = scale.label(row.final_grade)
        ranks[label] = scale.rank(row.final_grade or "") or UNRANKED
        across = quality.get(row.case_holder or "", NEVER)
        cells.setdefault((label, across), []).append((row.reference, row.audit))
    return SupervisionMatrix(
        sorted(ranks, key=lambda label: ranks[label]),
        [*sorted(checked, key=lambda label: checked[label]), NEVER],
        {key: sorted(found) for key, found in cells.items()},
    )


def _quality(look: Look) -> tuple[dict[str, str], dict[str, int]]:
    """What the latest graded check found of each practitioner, and the ranks of those grades."""
    scales: dict[tuple[str, int], Scale | None] = {}
    found: dict[str, str] = {}
    ranks: dict[str, int] = {}
    rows = reading.checks(look.connection, look.actor, look.at, states=COUNTED)
    for row in sorted(rows, key=lambda row: (row.checked_on or "", row.opened)):
        key = row.tool, row.tool_version
        if key not in scales:
            tool = tool_queries.definition(look.connection, *key)
            scales[key] = None if tool is None else tool.overall_scale
        scale = scales[key]
        if scale is None or sum(point.rank is not None for point in scale.points) < 3:
            continue  # Yes and no say whether the record is in order, not how good it is.
        label = scale.label(row.overall or "")
        found[row.practitioner] = label
        ranks[label] = scale.rank(row.overall or "") or 0
    return found, ranks

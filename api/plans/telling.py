"""The words of the pages of improvement plans: dates, differences, sources, comparators."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from api.plans.importers.due_dates import parse_due
from qa.core.due_dates import Due, Stage
from qa.core.errors import Fault, refuse_any
from qa.indicators.checks import UNIT_LABELS
from qa.plans import words as plan_words
from qa.plans.events import PlanSource

ENDINGS = {
    "split": "Split into other actions",
    "merged": "Merged into another action",
    "routed": "Routed to another board",
    "removed": "Removed from the plan",
}
SOURCES = {
    "ofsted": "Ofsted recommendation",
    "audit-theme": "Theme from audits",
    "review": "Review",
    "complaint": "Complaint",
    "partnership": "Safeguarding partnership",
    "other": "Other",
}
COMPARATORS = {"": "No number: in words only", **plan_words.COMPARATORS}
UNITS: dict[str, str] = {"": "No unit"} | {
    unit: label.capitalize() for unit, label in UNIT_LABELS.items()
}
NO_STAGES: tuple[Stage, ...] = ()
DATES_HINT = (
    "As agreed, at its own precision: 31/3/2027, March 2027, quarterly from September 2026, "
    "ongoing. Stages one after another: Stage 1 pilot: March 2027 Stage 2 all teams: June 2027."
)


def due_words(due: Due | None) -> str:
    """A due date as it was agreed; what was written stands beside a date nobody could read."""
    if due is None:
        return "No date"
    return f"Date unknown (“{due.said}”)" if due.kind == "unknown" and due.said else due.label


def stages_words(stages: Sequence[Stage]) -> str:
    """Every stage with its label, or "No date"."""
    return "; ".join(map(stage_words, stages)) or "No date"


def stage_words(stage: Stage) -> str:
    label = f"{stage.label}: " if stage.label else ""
    begins = "begins " if stage.role == "start" else ""
    return f"{label}{begins}{due_words(stage.due)}"


def source_words(sources: Iterable[PlanSource]) -> str:
    return "; ".join(
        " ".join(part for part in (SOURCES[one.kind], one.reference, one.text) if part)
        for one in sources
    )


def stages_in(text: str, field: str) -> tuple[Stage, ...]:
    """The stages that somebody typed; none for nothing.

    Raises:
        Refused: a part of it is no date.
    """
    read = parse_due(text)
    wrong = [Fault(field, code, sentence) for code, sentence in read.wrong]
    if not wrong and any(stage.due.kind == "unknown" for stage in read.stages):
        wrong = [Fault(field, "date-missing", "No date could be read in this.")]
    refuse_any(wrong)
    return read.stages


def source_in(kind: str, reference: str) -> tuple[PlanSource, ...]:
    """The source that a form names, if it names one."""
    return tuple(
        PlanSource(kind=known, reference=reference)
        for known in ("ofsted", "audit-theme", "review", "complaint", "partnership", "other")
        if known == kind
    )

"""What opens a plan from a sheet: its tiers, what it lacks, and its rows as lines of the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from api.imports.about import AboutPlan
from api.imports.outcome import SheetOutcome
from api.plans.importers.sheets import PlanRow
from projections.plans.record import PlanRecord
from qa.core.errors import Fault, Refused
from qa.plans.commands import OpenPlan
from qa.plans.handlers.imports import ImportedLine
from qa.plans.rag_scale import RagScale


def tiers(
    found: SheetOutcome[PlanRow], about: AboutPlan, record: PlanRecord | None
) -> tuple[str, ...]:
    """The names of the parts from the top downwards: the plan's, those said, or the columns'."""
    if record is not None:
        return record.plan.tiers
    read = found.mapping.headings
    headings = [read.get(name, read.get(f"{name}_title")) for name in ("theme", "part")]
    named = [heading.replace("_", " ").strip().capitalize() for heading in headings if heading]
    return tuple(about.tiers or named or ("Part",))


def of_tiers(
    found: SheetOutcome[PlanRow], about: AboutPlan, record: PlanRecord | None
) -> SheetOutcome[PlanRow]:
    """The sheet as its plan has tiers: where that is one, themes alone are its parts.

    Raises:
        Refused: its columns are more tiers than the plan has.
    """
    least = 2 if any(row.theme for row in found.rows) else 1
    plan_tiers = tiers(found, about, record)
    if len(plan_tiers) < least and not any(row.part for row in found.rows):
        rows = (row.model_copy(update={"part": row.theme, "theme": None}) for row in found.rows)
        notes = tuple(note for note in found.notes if note.code != "parts-missing")
        return replace(found, rows=tuple(rows), notes=notes)
    if len(plan_tiers) < least:
        sentence = (
            f"The file has parts on {least} tiers, but the plan only {', '.join(plan_tiers)}."
        )
        raise Refused(sentence, field="tiers", code="tier-unknown")
    return found


def needed(about: AboutPlan, scales: Mapping[str, RagScale]) -> None:
    """Refuse a file of a plan that is not there and that nothing says how to open."""
    faults = [
        Fault(name, f"{name}-missing", f"There is no plan “{about.plan}”. To open it, {words}.")
        for name, value, words in (
            ("board", about.board, "say which board it answers to"),
            ("plan_scale", about.scale, "say which scale it is rated on"),
            ("since", about.since, "say since when it holds"),
        )
        if not value
    ]
    if about.scale and about.scale not in scales:
        known = ", ".join(scales) or "none yet"
        sentence = f"There is no scale {about.scale}. There are: {known}."
        faults.append(Fault("plan_scale", "scale-unknown", sentence))
    if faults:
        raise Refused(faults)


def opening(about: AboutPlan, tiers: Sequence[str]) -> OpenPlan:
    assert about.since is not None
    return OpenPlan(
        title=about.plan,
        board=about.board,
        tiers=tuple(tiers),
        scale=about.scale,
        since=about.since,
    )


def line_of(row: PlanRow, tiers: Sequence[str]) -> ImportedLine:
    parts = [] if row.part is None else [(tiers[-1], *row.part)]
    if row.theme is not None:
        parts.insert(0, (tiers[-2], *row.theme))
    given = row.model_dump(exclude={"line", "theme", "part", "stages", "sources"})
    return ImportedLine(parts=parts, stages=row.stages, sources=row.sources, **given)

"""Imports of improvement plans: checked against the plan on record, then recorded. Each is told
what no row says: which plan, on which scale, since when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Literal

from sqlalchemy.engine import Connection

from api.imports.about import AboutPlan
from api.imports.files.tables import SheetRows
from api.imports.importers import CheckedFile, Importer, SentFile, asked_once
from api.imports.mapping import Field
from api.imports.outcome import ImportRow, SheetOutcome, in_order
from api.plans.importers import (
    assessments,
    claims,
    openings,
    rag_scales,
    sheets,
    success_measures,
)
from api.plans.importers.assessments import AssessmentRow
from api.plans.importers.left_out import with_reasons
from api.plans.importers.meant import find_plan, going, held_actions, meant_plan
from api.plans.importers.sheets import PlanRow
from projections.plans import queries
from projections.plans.record import PlanRecord
from qa.authorisation.context import Desk, Once
from qa.core.errors import Fault, Refused
from qa.core.words import Actor
from qa.imports.commands.batches import File
from qa.plans.handlers import claims as claim_handlers
from qa.plans.handlers import imports, review_imports
from qa.plans.rag_scale import RagScale
from qa.store.unit import Receipt

PlanKind = Literal["rag-scale", "plan", "assessments", "measures", "measure-reports", "plan-claims"]
FIELDS: Mapping[PlanKind, tuple[Field, ...]] = {
    "rag-scale": rag_scales.FIELDS,
    "plan": sheets.FIELDS,
    "assessments": assessments.FIELDS,
    "measures": success_measures.MEASURE_FIELDS,
    "measure-reports": success_measures.REPORT_FIELDS,
    "plan-claims": claims.FIELDS,
}
_BECOMES: Mapping[PlanKind, str] = {
    "rag-scale": "RagScalePublished",
    "assessments": "PlanActionAssessed",
    "measures": "SuccessMeasureSet",
    "measure-reports": "SuccessMeasureReported",
    "plan-claims": "PlanClaimRecorded",
}


@dataclass(frozen=True, slots=True)
class CheckedSheet:
    """A checked sheet with what it meets: the plan on record, if there is one."""

    kind: PlanKind
    plan: SheetOutcome[Any]
    about: AboutPlan
    record: PlanRecord | None = None
    scale: RagScale | None = None


def check(
    connection: Connection,
    kind: PlanKind,
    sheet: SheetRows,
    choices: Mapping[str, str],
    about: AboutPlan,
    *,
    today: date,
) -> CheckedSheet:
    """Check a sheet against the plan that it is of.

    Raises:
        Refused: columns or what the file as a whole needs is missing, or there is no such plan.
    """
    if kind == "rag-scale":
        levels = rag_scales.check_scale(sheet, choices)
        scale = None if levels.faults else rag_scales.scale_of(levels, about.of_scale)
        return CheckedSheet(kind, levels, about, scale=scale)
    if about.as_at is not None and about.as_at > today:
        raise Refused("That day is in the future.", field="as_at", code="in-the-future")
    if kind == "plan":
        record = _plan_told(connection, about.plan)
        if record is None:
            openings.needed(about, queries.scales(connection))
        lines = with_reasons(kind, sheets.check_plan(sheet, choices))
        lines = openings.of_tiers(lines, about, record)
        return CheckedSheet(kind, lines, about, record)
    record = meant_plan(connection, about.plan)
    found: SheetOutcome[Any]
    if kind == "plan-claims":
        found = claims.check_claims(sheet, choices, as_at=about.as_at, today=today)
        return CheckedSheet(kind, found, about, record)
    if kind == "assessments":
        found = assessments.check_assessments(
            sheet, choices, scale_on=_scale_on(record), as_at=about.as_at, today=today
        )
    elif kind == "measures":
        found = success_measures.check_measures(sheet, choices)
    else:
        found = success_measures.check_reports(sheet, choices)
    found = with_reasons(kind, _known_actions(found, record))
    return CheckedSheet(kind, found, about, record)


def _plan_told(connection: Connection, named: str) -> PlanRecord | None:
    """The plan that a file of a plan adds to; None where it opens one. It is always named: a new
    one would otherwise be mixed into the only one that there is."""
    if not named.strip():
        titles = ", ".join(f"“{one}”" for one in going(connection)) or "none yet"
        sentence = f"Say which plan the file is of, or the title of a new one. There are: {titles}."
        raise Refused(sentence, field="plan", code="plan-missing")
    return find_plan(connection, named)


def _scale_on(record: PlanRecord) -> Callable[[date], RagScale | None]:
    def scale_on(day: date) -> RagScale | None:
        key = record.plan.scale_on(day)
        return None if key is None else record.scales.get(key)

    return scale_on


def _known_actions(found: SheetOutcome[Any], record: PlanRecord) -> SheetOutcome[Any]:
    """Name the rows whose action the plan does not have, or that review it before it began."""
    since = {a.reference: a.since for a in record.actions.values() if not a.ended}
    heading = found.mapping.headings["reference"]
    faults = list(found.faults)
    for row in found.rows:
        began = since.get(row.reference)
        if began is None:
            sentence = f"The plan has no action {row.reference}."
            faults.append(
                Fault("reference", "action-unknown", sentence, row.row, heading, row.reference)
            )
        elif isinstance(row, AssessmentRow) and row.as_at < began:
            sentence = f"The action began on {began.isoformat()}, after that day."
            faults.append(
                Fault("as_at", "date-before-action", sentence, row.row, None, str(row.as_at))
            )
    return replace(found, faults=in_order(faults, found.sheet))


def record(
    desk: Desk,
    checked: CheckedSheet,
    rows: Sequence[ImportRow],
    file: File,
    *,
    by: Actor,
    once: Once | None,
) -> Receipt:
    """Record the rows of a checked sheet.

    Raises:
        Refused: what a new plan lacks, and rows that are on record otherwise.
    """
    about, plan, options = checked.about, checked.record, asked_once(once)
    if checked.kind == "rag-scale":
        scale = checked.scale or rag_scales.scale_of(checked.plan, about.of_scale)
        return imports.import_scale(
            desk, imports.ImportRagScale(file=file, scale=scale), by=by, **options
        )
    columns = checked.plan.spoken_of
    if checked.kind == "plan":
        tiers = openings.tiers(checked.plan, about, plan)
        wanted = imports.ImportPlan(
            file=file,
            plan=None if plan is None else plan.plan.id,
            opening=openings.opening(about, tiers) if plan is None else None,
            lines=tuple(openings.line_of(row, tiers) for row in rows if isinstance(row, PlanRow)),
            since=about.since,
            columns=columns,
        )
        return imports.import_plan(desk, wanted, by=by, **options)
    assert plan is not None
    given = [row.model_dump(exclude={"line"}) for row in rows]
    shared: dict[str, Any] = {"file": file, "plan": plan.plan.id, "columns": columns}
    if checked.kind == "plan-claims":
        claimed = tuple(
            claim_handlers.ImportedClaim(part=row.pop("reference"), **row) for row in given
        )
        published = claim_handlers.ImportPlanClaims(rows=claimed, **shared)
        return claim_handlers.import_claims(desk, published, by=by, **options)
    if checked.kind == "assessments":
        reviews = tuple(review_imports.ImportedAssessment(**row) for row in given)
        reviewed = review_imports.ImportAssessments(rows=reviews, **shared)
        return review_imports.import_assessments(desk, reviewed, by=by, **options)
    if checked.kind == "measures":
        measures = tuple(review_imports.ImportedMeasure(**row) for row in given)
        measured = review_imports.ImportMeasures(rows=measures, **shared)
        return review_imports.import_measures(desk, measured, by=by, **options)
    reports = tuple(review_imports.ImportedReport(on=about.as_at, **row) for row in given)
    reported = review_imports.ImportReports(rows=reports, **shared)
    return review_imports.import_reports(desk, reported, by=by, **options)


def preview(kind: PlanKind, row: ImportRow) -> dict[str, Any]:
    """The event a row becomes, in short."""
    data = row.model_dump(mode="json", exclude={"line"}, exclude_defaults=True)
    becomes = _BECOMES.get(kind) or ("PlanActionAgreed" if row.reference else "PlanPartAdded")
    return {"fact": becomes, "row": row.row, **data}


def _check(kind: PlanKind) -> Callable[[SentFile], CheckedFile]:
    def checked(sent: SentFile) -> CheckedFile:
        found = check(sent.connection, kind, sent.sheet, sent.choices, sent.about, today=sent.today)

        def record_rows(
            desk: Desk, rows: Sequence[ImportRow], file: File, *, by: Actor, once: Once | None
        ) -> Receipt:
            return record(desk, found, rows, file, by=by, once=once)

        # A scale without one of its levels would be another scale.
        return CheckedFile(found.plan, partial(preview, kind), record_rows, kind == "rag-scale")

    return checked


def _level_words(event: Mapping[str, Any]) -> str:
    level = event["level"]
    return f"level {level['label']}, rank {level.get('rank', 'none')}: {level['meaning']}"


def _line_words(event: Mapping[str, Any]) -> str:
    if event["fact"] == "PlanPartAdded":
        return " ".join(("part", *event["part"]))
    return f"action {event['reference']}: {event.get('title') or 'known only from a count'}"


def _rating_words(event: Mapping[str, Any]) -> str:
    percent = event.get("percent_complete")
    words = [
        event.get("level", "").replace("-", " "),
        "" if percent is None else f"{percent}% complete",
        event.get("commentary", ""),
    ]
    return f"action {event['reference']} as at {event['as_at']}: {', '.join(filter(None, words))}"


def _measure_words(event: Mapping[str, Any]) -> str:
    return f"action {event['reference']}: {event['text']}"


def _claim_words(event: Mapping[str, Any]) -> str:
    part = event["reference"] or "the whole plan"
    return f"{part} as at {event['as_at']}: {event['claimed']}, {event['source']}"


def _report_words(event: Mapping[str, Any]) -> str:
    return f"action {event['reference']}: {event['said'] or 'nothing is said'}"


def _importer(kind: PlanKind, place: int, title: str, rows: str, **more: Any) -> Importer:
    return Importer(
        kind=kind,
        place=place,
        title=title,
        rows=rows,
        named=FIELDS[kind],
        check=_check(kind),
        has_about=True,
        on_record=held_actions if kind not in ("rag-scale", "plan-claims") else None,
        **more,
    )


IMPORTERS = (
    _importer(
        "rag-scale",
        30,
        "A RAG scale: one row a level",
        "levels",
        row_words=_level_words,
        examples=(
            {
                "code": "On track",
                "label": "On track",
                "rank": "1",
                "meaning": "It will be done by its date",
                "colour": "green",
                "met": "yes",
                "final": "no",
                "evidence": "no",
            },
            {
                "code": "Late",
                "label": "Late",
                "rank": "2",
                "meaning": "Its date has passed, or will before it is done",
                "colour": "red",
                "met": "no",
                "final": "no",
                "evidence": "no",
            },
        ),
        read=rag_scales.read_scale,
        onward=(
            ("See the scales", "/rag-scales"),
            ("Import a plan that is rated on it", "/imports/new?kind=plan"),
        ),
        undoing="The version is taken back, unless a plan is or was rated on it.",
    ),
    _importer(
        "plan",
        40,
        "An improvement plan: one row an action, or one row a part",
        "rows of the plan",
        row_words=_line_words,
        examples=(
            {
                "reference": "1.1",
                "title": "Coach every practitioner in writing plans",
                "theme": "A",
                "theme_title": "Practice",
                "part": "1",
                "part_title": "Plans that families understand",
                "part_leads": "Director of practice",
                "leads": "Head of service",
                "responsible": "Practice lead",
                "since": "2025-04-01",
                "due": "2026-03-31",
                "sources": "Inspection of 2024",
                "measures": "All practitioners are coached",
            },
        ),
        needs="A new plan needs a RAG scale that is on record. Name the columns of its parts as "
        "your plan calls them, for example Priority.",
        onward=(
            ("See the plans", "/plans"),
            ("Import the ratings of its actions", "/imports/new?kind=assessments"),
        ),
        undoing="Its actions leave the plan, and its parts where nothing else stands under them. "
        "They stay readable.",
    ),
    _importer(
        "assessments",
        50,
        "Ratings of the actions of a plan",
        "assessments",
        row_words=_rating_words,
        examples=(
            {
                "reference": "1.1",
                "as_at": "2025-06-30",
                "level": "On track",
                "percent_complete": "40%",
                "commentary": "Twelve of thirty practitioners are coached.",
                "assessed_by": "Pat Sample",
            },
        ),
        needs="Each row names an action of a plan that must be on record, with the scale of its "
        "ratings.",
        onward=(("See the plans", "/plans"),),
        undoing="Its ratings are withdrawn. They stay readable but count no more.",
    ),
    _importer(
        "measures",
        60,
        "Success measures of the actions of a plan",
        "success measures",
        row_words=_measure_words,
        examples=(
            {
                "reference": "1.1",
                "measure_ref": "SM1",
                "text": "Practitioners who were coached",
                "comparator": "at least",
                "target": "90",
                "unit": "percent",
            },
        ),
        needs="Each row names an action of a plan that must be on record.",
        undoing="Its success measures are withdrawn. They stay readable.",
    ),
    _importer(
        "measure-reports",
        70,
        "Reports on success measures",
        "reports",
        row_words=_report_words,
        examples=(
            {
                "reference": "1.1",
                "measure_ref": "SM1",
                "values": "40%",
                "said": "40% (12 of 30)",
                "unit": "percent",
                "numerator": "12",
                "denominator": "30",
                "period": "2025-06-30",
            },
        ),
        needs="Each row names an action of a plan. It and its success measure must be on record.",
        undoing="The reports on the measures are withdrawn. It stays readable.",
    ),
    _importer(
        "plan-claims",
        75,
        "Published figures of a plan, to stand beside what its ratings give",
        "published figures",
        row_words=_claim_words,
        examples=(
            {"part": "1", "claimed": "2.8", "as_at": "2025-06-30", "source": "Board report"},
        ),
        needs="Each row names a part of a plan that must be on record, or the whole plan.",
        undoing="The published figures are taken back. They stay readable.",
    ),
)

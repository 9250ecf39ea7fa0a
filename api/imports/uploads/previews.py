"""What the page of a sent file shows: how its columns are read, and what would be recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from api.imports.about import AboutPlan
from api.imports.columns.meanings import meaning_of
from api.imports.files.tables import SheetRows, text_of
from api.imports.importers import importers
from api.imports.made_columns import REFERENCE
from api.imports.mapping import DOMAIN, IGNORE, Field, columns_read, map_columns, normal
from api.imports.outcome import CONTRADICTED
from api.imports.run import STATES, ImportChoices, Outcome, fields, run
from api.imports.uploads.answer_forms import (
    answers_of,
    answers_shown,
    changed_cells,
    changed_shown,
    lacking,
    made_of,
    questions_shown,
)
from api.imports.uploads.sent_files import is_large, kind_of, of_person, read_sent
from api.imports.uploads.services_apart import run_with_services
from api.services import Services
from projections.people import queries as people_queries
from qa.core.errors import Fault, NotFound, Refused
from qa.core.words import Actor
from qa.imports.changes import RowDiffers
from qa.security.uploads import Upload

FIRST_ROWS = 5
FIRST_EVENTS = 10
FIRST_FAULTS = 200


def shown_of(services: Services, actor: Actor, upload: Upload) -> dict[str, Any]:
    """What the page shows; a large file is worked on in a process apart."""
    if is_large(upload):
        return run_with_services(services, _shown_by_id, actor, upload.id)
    return _shown(services, actor, upload)


def rejects_of(services: Services, actor: Actor, upload: Upload) -> bytes:
    """The rows that are refused, with the reasons, as a file.

    Raises:
        NotFound: the columns are not chosen yet.
    """
    if is_large(upload):
        return run_with_services(services, _rejects_by_id, actor, upload.id)
    return _rejects(services, actor, upload)


def _shown_by_id(services: Services, actor: Actor, upload: str) -> dict[str, Any]:
    return _shown(services, actor, of_person(services, actor.person, upload))


def _rejects_by_id(services: Services, actor: Actor, upload: str) -> bytes:
    return _rejects(services, actor, of_person(services, actor.person, upload))


def _rejects(services: Services, actor: Actor, upload: Upload) -> bytes:
    outcome, _ = _tried(services, actor, upload, *read_sent(upload))
    if outcome is None:
        raise NotFound("The columns are not chosen yet.")
    return outcome.plan.rejects_csv().encode("utf-8-sig")


def _tried(
    services: Services, actor: Actor, upload: Upload, sheet: SheetRows, about: AboutPlan
) -> tuple[Outcome | None, Sequence[Fault]]:
    """What the file would record; where it cannot be read at all, why not."""
    try:
        outcome = run(
            services,
            kind_of(upload),
            sheet,
            ImportChoices(
                answers=answers_of(upload), tool=upload.asked["tool"], about=about, dry_run=True
            ),
            by=actor,
        )
    except Refused as refused:
        return None, refused.faults
    return outcome, ()


def _columns(
    sheet: SheetRows, known: tuple[Field, ...], upload: Upload, outcome: Outcome | None
) -> tuple[list[dict[str, Any]], list[Fault], Mapping[str, str]]:
    """One line a heading: the choices of fields, and what it is read as now (field → heading)."""
    answers = answers_of(upload)
    choices = {normal(heading): name for heading, name in answers.columns.items()}
    mapping = map_columns(sheet, known, answers.columns)
    read_as = {heading: name for name, heading in mapping.headings.items()}
    grades = {} if outcome is None else outcome.plan.grade_columns
    of = "grades of " if any(field.name.startswith(DOMAIN) for field in known) else ""
    found = (
        columns_read(sheet.headings, mapping, grades) if outcome is None else outcome.plan.columns()
    )
    read = {one.heading: one for one in found}
    lines = []
    for at, heading in enumerate(sheet.headings):
        value = choices.get(normal(heading)) or read_as.get(heading, "")
        items = [
            {"value": "", "text": "Let Caseloop decide"},
            {"value": IGNORE, "text": "Leave this column out"},
            *({"value": f.name, "text": _field_words(f)} for f in known),
        ]
        if value.startswith(DOMAIN) and value not in {item["value"] for item in items}:
            items.append({"value": value, "text": f"Grade: {value.removeprefix(DOMAIN)}"})
        lines.append(
            {
                "at": f"map.{at}",
                "heading": heading,
                "example": next((t for t in map(text_of, sheet.column(heading)) if t), ""),
                "items": [{**item, "selected": item["value"] == value} for item in items],
                "near": read_as.get(heading) in mapping.near,
                "made": f"{of}{grades[heading]}"
                if heading in grades and heading not in read_as
                else None,
                "because": read[heading].because,
            }
        )
    names = {*answers.constants, *([REFERENCE] if answers.reference_from else [])}
    faults = [
        Fault(_unread(lines), "missing-column", f"Choose which column is “{f.label}”.")
        for f in (mapping.missing if outcome is None else ())
        if f.name not in names
    ]
    return lines, faults, mapping.headings


def _unread(lines: Sequence[Mapping[str, Any]]) -> str:
    """Where a column that is not found may be said: at the first that is not read yet."""
    chosen = {one["at"]: any(i["selected"] and i["value"] for i in one["items"]) for one in lines}
    return next((at for at, read in chosen.items() if not read), "map.0")


def _on_page(faults: Iterable[Fault], known: Iterable[Field], at: str) -> Iterator[Fault]:
    """What refuses the whole file, but for columns that are asked for in any case."""
    fields = {field.name: field for field in known}
    for fault in faults:
        if fault.code != "missing-column" or fault.field not in fields:
            yield fault
        elif not fields[fault.field].required:
            sentence = f"Choose which column is “{_field_words(fields[fault.field])}”."
            yield Fault(at, fault.code, sentence)


def _field_words(field: Field) -> str:
    grade = field.name.startswith(DOMAIN)
    words = f"Grade: {field.label}" if grade else field.label
    return f"{words} (needed)" if field.required else words


def _shown(services: Services, actor: Actor, upload: Upload) -> dict[str, Any]:
    sheet, about = read_sent(upload)
    with services.store.reading() as connection:
        known = fields(connection, kind_of(upload), upload.asked["tool"])
    outcome, faults = _tried(services, actor, upload, sheet, about)
    columns, missing, read = _columns(sheet, known, upload, outcome)
    answers = answers_of(upload)
    page: dict[str, Any] = {
        "sheet": replace(sheet, rows=()),
        "row_count": len(sheet.rows),
        "columns": columns,
        "first": [[text_of(cell) for cell in row.cells] for row in sheet.rows[:FIRST_ROWS]],
        "answers": answers_shown(answers, known),
        "lacking": lacking(known, read, answers),
        "made": made_of(sheet, known, read, answers),
        "made_from": " and ".join(f"“{heading}”" for heading in answers.reference_from),
        "problems": [*missing, *_on_page(faults, known, _unread(columns))],
    }
    return page | _examined(services, outcome, sheet, kind_of(upload), known)


def _examined(
    services: Services, outcome: Outcome | None, sheet: SheetRows, kind: str, known: Sequence[Field]
) -> dict[str, Any]:
    found = () if outcome is None else outcome.plan.standing()
    shown = [fault for fault in found if not isinstance(fault, RowDiffers)]
    grouped, waiting = ({}, False) if outcome is None else _grouped(outcome, shown)
    page: dict[str, Any] = {
        "tried": outcome is not None,
        "event_count": 0,
        "events": [],
        "notes": (),
        "faults": [
            (fault, sheet.places(rows[:10]).removeprefix("Rows ").removeprefix("Row "), len(rows))
            for fault, rows in list(grouped.values())[:FIRST_FAULTS]
        ],
        "more_faults": max(0, len(grouped) - FIRST_FAULTS),
        "waiting": waiting,
        "fault_count": len(shown),
        "rejected": len({fault.row for fault in shown}),
        "questions": [],
        "counts": [],
        "changed": [],
        "summary": "",
        "contradicted": any(fault.code == CONTRADICTED for fault in found),
    }
    if outcome is None:
        return page
    words = importers()[kind].row_words
    cells = changed_cells(outcome.rows, FIRST_FAULTS)
    people = {value for _, cell in cells for value in (cell.old, cell.new)}
    with services.store.reading() as connection:
        names = people_queries.names(connection, people)
    events = outcome.events
    return page | {
        "event_count": len(events),
        "events": [(event["row"], words(event)) for event in events[:FIRST_EVENTS]],
        "notes": outcome.plan.notes[:FIRST_FAULTS],
        "questions": questions_shown(outcome.plan.questions, sheet),
        "counts": [(label, outcome.counted(state)) for state, label in STATES.items()],
        "summary": ", ".join(
            f"{outcome.counted(state)} {label[0].lower()}{label[1:]}"
            for state, label in STATES.items()
            if outcome.counted(state)
        ),
        "changed": changed_shown(outcome.plan, cells, known, names),
    }


def _grouped(
    outcome: Outcome, faults: Sequence[Fault]
) -> tuple[dict[tuple[str, str, str], tuple[Fault, list[int]]], bool]:
    """The same fault of several rows once, with its rows; and whether there are others, of words
    that are asked about."""
    headings = outcome.plan.mapping.headings
    words = {
        (one.heading, meaning_of(one.written))
        for one in outcome.plan.questions
        if one.about == "values" and one.written
    }
    found: dict[tuple[str, str, str], tuple[Fault, list[int]]] = {}
    waiting = False
    for fault in faults:
        column = headings.get(fault.column or "", fault.column or "")
        if (column, meaning_of(fault.value or "")) in words:
            waiting = True
            continue
        named_fault = replace(fault, column=column or headings.get(fault.field))
        key = (column, fault.value or "", fault.sentence)
        found.setdefault(key, (named_fault, []))[1].extend([fault.row] if fault.row else [])
    return found, waiting

"""Imports: say how a file's columns are read, see what it would record, record or undo it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.imports.about import AboutPlan, about_typed
from api.imports.answer_forms import (
    answers_of,
    answers_posted,
    answers_shown,
    changed_shown,
    lacking,
    made_of,
    questions_shown,
)
from api.imports.answers import LEAVE_OUT
from api.imports.files.tables import SheetRows, text_of
from api.imports.importers import importers, importers_for
from api.imports.listing import import_list
from api.imports.made_columns import REFERENCE
from api.imports.mapping import DOMAIN, IGNORE, Field, columns_read, map_columns, normal
from api.imports.own_records import OwnFileEnding, own_listing
from api.imports.run import DEFAULT_TOOL, STATES, Kind, Outcome, fields, read_rows, run
from api.lists.files import download, list_files, render_listing
from api.lists.page import list_page
from api.navigation import NavigationItem, NavigationSection
from api.services import Services
from api.web import access_notes
from api.web.changes import Changing, attempt, new_key
from api.web.context import Reader, Reading, Served
from api.web.forms import Errors
from api.web.request import SomeoneSignedIn
from api.web.template_engine import render
from projections.imports import queries as import_queries
from projections.people import queries as people_queries
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.errors import Fault, NotFound, Refused
from qa.imports.changes import RowDiffers
from qa.imports.reversal_commands import ReverseImport
from qa.imports.reversal_handlers import reverse_import
from qa.security import uploads
from qa.security.uploads import Upload

router = APIRouter(include_in_schema=False)
NAVIGATION = NavigationItem("Imports", "/imports", 180, NavigationSection.SET_UP, "send-file")
FIRST_ROWS = 5
FIRST_EVENTS = 10
FIRST_FAULTS = 200


@router.get("/imports")
def batches(reading: Reader, done: str = "") -> Response:
    return list_page(
        reading,
        import_list(reading),
        button=("Import a spreadsheet", "/imports/new"),
        said="The batch is undone." if done else None,
    )


list_files(router, "/imports", import_list)


@router.get("/imports/records/{kind}.{ending}")
def records_file(
    reading: Reader, kind: str, ending: OwnFileEnding, tool: str = DEFAULT_TOOL, plan: str = ""
) -> Response:
    """What is on record now, as a file that comes in again."""
    require(reading.actor, "export")
    at = reading.at
    listing = own_listing(
        reading.services,
        reading.connection,
        reading.actor,
        reading.reach,
        at,
        kind,
        tool=tool,
        about=AboutPlan(plan=plan),
    )
    subject = f"records-{kind}.{ending}"
    access_notes.note(reading.services, reading.actor, What.EXPORT, subject, at=at)
    return download(render_listing(listing, ending), f"{kind}-{at.file_stamp}.{ending}", at)


# -- mapping and preview


def _upload(services: Services, person: str, upload: str) -> Upload:
    with services.store.reading() as connection:
        held = uploads.load(connection, services.clock, person=person, upload=upload)
    if "kind" not in held.asked:
        raise NotFound("It is not said yet what the file is. Send it again.")
    return held


def _kind(upload: Upload) -> Kind:
    kind: Kind = upload.asked["kind"]
    return kind


def _read(upload: Upload) -> tuple[SheetRows, AboutPlan]:
    """The rows of the file, and what is said of it as a whole. It is read once a request: dear for
    a large one."""
    sheet, of_scale = read_rows(
        _kind(upload),
        upload.name,
        upload.data,
        sheet=upload.asked["sheet"] or None,
        sheets=answers_of(upload).sheets,
    )
    return sheet, about_typed(upload.asked.get("about", {}), of_scale)


def _tried(
    services: Services, change_by: Any, upload: Upload, sheet: SheetRows, about: AboutPlan
) -> tuple[Outcome | None, list[Fault]]:
    """What the file would record; where it cannot be read at all, why not."""
    try:
        outcome = run(
            services,
            _kind(upload),
            sheet,
            answers=answers_of(upload),
            tool=upload.asked["tool"],
            about=about,
            dry_run=True,
            by=change_by,
        )
    except Refused as refused:
        return None, [fault for fault in refused.faults if fault.code != "missing-column"]
    return outcome, []


def _columns(
    sheet: SheetRows, known: tuple[Field, ...], upload: Upload, outcome: Outcome | None
) -> tuple[list[dict[str, Any]], list[Fault], Mapping[str, str]]:
    """One line a heading: the choices of fields, and what it is read as now (field → heading)."""
    answers = answers_of(upload)
    asked = {normal(heading): name for heading, name in answers.columns.items()}
    mapping = map_columns(sheet, known, answers.columns)
    read_as = {heading: name for name, heading in mapping.headings.items()}
    grades = {} if outcome is None else outcome.plan.grade_columns
    read = {one.heading: one for one in columns_read(sheet.headings, mapping, grades)}
    lines = []
    for at, heading in enumerate(sheet.headings):
        value = asked.get(normal(heading)) or read_as.get(heading, "")
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
                "grades": grades.get(heading) if heading not in read_as else None,
                "because": read[heading].because,
            }
        )
    said = {*answers.constants, *([REFERENCE] if answers.reference_from else [])}
    faults = [
        Fault("map.0", "missing-column", f"Choose which column is the {f.label.lower()}.")
        for f in mapping.missing
        if f.name not in said
    ]
    return lines, faults, mapping.headings


def _field_words(field: Field) -> str:
    grade = field.name.startswith(DOMAIN)
    words = f"Grade: {field.label}" if grade else field.label
    return f"{words} (needed)" if field.required else words


def _preview(
    request: Request,
    services: Services,
    actor: Any,
    upload: Upload,
    errors: Errors | None = None,
    given: Mapping[str, str] | None = None,
) -> Response:
    sheet, about = _read(upload)
    with services.store.reading() as connection:
        known = fields(connection, _kind(upload), upload.asked["tool"])
    outcome, faults = _tried(services, actor, upload, sheet, about)
    columns, missing, read = _columns(sheet, known, upload, outcome)
    answers = answers_of(upload)
    found = () if outcome is None else outcome.plan.standing()
    asked = () if outcome is None else outcome.plan.questions
    shown = [fault for fault in found if not isinstance(fault, RowDiffers)]
    problems = errors or Errors([*missing, *faults])
    words = importers()[_kind(upload)].row_words
    return render(
        request,
        "imports/preview.html",
        status=422 if errors else 200,
        title="Check what will be recorded",
        upload=upload,
        sheet=sheet,
        columns=columns,
        outcome=outcome,
        first=[[text_of(cell) for cell in row.cells] for row in sheet.rows[:FIRST_ROWS]],
        events=[]
        if outcome is None
        else [(event["row"], words(event)) for event in list(outcome.events)[:FIRST_EVENTS]],
        notes=() if outcome is None else outcome.plan.notes[:FIRST_FAULTS],
        faults=shown[:FIRST_FAULTS],
        fault_count=len(shown),
        rejected=len({fault.row for fault in shown}),
        questions=questions_shown(asked, sheet),
        answers=answers_shown(answers, known),
        counts=[] if outcome is None else [(w, outcome.counted(s)) for s, w in STATES.items()],
        changed=[] if outcome is None else changed_shown(outcome.plan, outcome.rows, FIRST_FAULTS),
        given=given or {"keep_as": upload.asked.get("kept", "")},
        kept=upload.asked.get("kept", ""),
        lacking=lacking(known, read, answers),
        made=made_of(sheet, known, read, answers),
        contradicted=any(f.code == "agreement-contradicted" for f in found),
        errors=problems,
        key=new_key(),
        wide=True,
        back="/imports/new",
    )


@router.get("/imports/upload/{upload}")
def preview(request: Request, services: Served, signed: SomeoneSignedIn, upload: str) -> Response:
    """The columns and what they are read as, the rows, and what would be recorded."""
    require(signed.actor, "send-file")
    waiting = _upload(services, signed.person, upload)
    if waiting.outcome is not None:
        return render(
            request,
            "imports/done.html",
            title="The file is imported",
            upload=waiting,
            outcome=waiting.outcome,
            back="/imports",
        )
    return _preview(request, services, signed.actor, waiting)


@router.post("/imports/upload/{upload}/columns")
def choose_columns(change: Changing, upload: str) -> Response:
    """Keep how the columns are read, then show what that would record."""
    require(change.actor, "send-file")
    services, person = change.services, change.actor.person
    waiting = _upload(services, person, upload)
    if waiting.outcome is None:
        sheet, _ = _read(waiting)
        with services.store.reading() as connection:
            known = fields(connection, _kind(waiting), waiting.asked["tool"])
        answers = answers_posted(change, answers_of(waiting), sheet, known)
        asked = {**waiting.asked, "answers": answers.model_dump(mode="json")}
        try:
            map_columns(sheet, known, answers.columns)
        except Refused as refused:
            faults = [
                Fault(f"map.{sheet.headings.index(f.column)}", f.code, f.sentence)
                if f.column in sheet.headings
                else f
                for f in refused.faults
            ]
            return _preview(change.request, services, change.actor, waiting, Errors(faults))
        with services.store.writing() as connection:
            uploads.ask(connection, person=person, upload=upload, asked=asked)
    return RedirectResponse(f"/imports/upload/{upload}", status_code=303)


@router.post("/imports/upload/{upload}/import")
def bring_in(change: Changing, upload: str) -> Response:
    """Record the file as it was shown."""
    require(change.actor, "send-file")
    services, person = change.services, change.actor.person
    waiting = _upload(services, person, upload)
    there = f"/imports/upload/{upload}"
    if waiting.outcome is not None:
        return RedirectResponse(there, status_code=303)
    keep = change.text("keep_contradicted") == "yes"
    given = {name: change.text(name) for name in ("bad", "changed", "reason", "keep_as")}
    answers = answers_of(waiting).model_copy(
        update={
            "refused": LEAVE_OUT if given["bad"] == "skip" else "",
            "changed": given["changed"] if given["changed"] in (LEAVE_OUT, "correct") else "",
            "reason": given["reason"],
        }
    )
    sheet, about = _read(waiting)
    try:
        done = run(
            services,
            _kind(waiting),
            sheet,
            answers=answers,
            tool=waiting.asked["tool"],
            about=about,
            keep_contradicted=keep,
            by=change.actor,
            once=change.once,
            keep_as=given["keep_as"],
        )
    except Refused as refused:
        errors = Errors(_unrecorded(refused))
        return _preview(change.request, services, change.actor, waiting, errors, given)
    with services.store.writing() as connection:
        uploads.settle(
            connection,
            person=person,
            upload=upload,
            outcome=done.result or {},
            rejects=done.plan.rejects_csv(keep).encode("utf-8-sig"),
        )
    return RedirectResponse(there, status_code=303)


def _unrecorded(refused: Refused) -> list[Fault]:
    """Why nothing was recorded, each at the box that puts it right."""
    faults = [fault for fault in refused.faults if fault.field == "reason" and fault.row is None]
    if any(fault.code == "question-open" for fault in refused.faults):
        sentence = "Nothing was recorded. Answer the questions on the file first."
        faults.append(Fault("question.0.answer", "question-open", sentence))
    if any(isinstance(fault, RowDiffers) for fault in refused.faults):
        sentence = "Nothing was recorded. Choose what should happen to the rows that changed."
        faults.append(Fault("changed", "rows-changed", sentence))
    if any(f.row is not None and not isinstance(f, RowDiffers) for f in refused.faults):
        sentence = (
            "Nothing was recorded, because rows are refused. Put them right and send the file "
            "again, or choose to leave them out."
        )
        faults.append(Fault("bad", "rows-refused", sentence))
    return faults or list(refused.faults)


@router.get("/imports/upload/{upload}/rejects.csv")
def rejects(services: Served, signed: SomeoneSignedIn, upload: str) -> Response:
    """The rejected rows under their own headings, with the reasons."""
    require(signed.actor, "send-file")
    waiting = _upload(services, signed.person, upload)
    data = waiting.data
    if waiting.outcome is None:
        outcome, _ = _tried(services, signed.actor, waiting, *_read(waiting))
        if outcome is None:
            raise NotFound("The columns are not chosen yet.")
        data = outcome.plan.rejects_csv().encode("utf-8-sig")
    return download(data, "rejected-rows.csv")


# -- undoing


def _batch_page(
    reading: Reading, batch: str, reason: str = "", errors: Errors | None = None
) -> Response:
    connection, position = reading.connection, reading.at.position
    found = import_queries.one(connection, batch, position=position)
    if found is None or found.kind not in importers_for(reading.actor):
        raise NotFound("There is no such import batch.")
    standing = found.reversed_because is None and not reading.at.is_past
    importer = importers().get(found.kind)
    stays = "" if importer is None else importer.stays
    standing = standing and not stays
    return reading.page(
        "imports/batch.html",
        status=422 if errors else 200,
        title=f"Import of {found.file_name}",
        batch=found,
        what=found.kind if importer is None else importer.title,
        undoing="" if importer is None else importer.undoing,
        stays=stays,
        names=people_queries.names(connection, [found.by], position=position),
        may_reverse=standing,
        given={"reason": reason},
        errors=errors or reading.wrong,
        key=new_key(),
        back=reading.link("/imports"),
    )


@router.get("/imports/{batch}")
def one_batch(reading: Reader, batch: str) -> Response:
    require(reading.actor, "send-file")
    return _batch_page(reading, batch)


@router.post("/imports/{batch}")
def reverse(change: Changing, reading: Reader, batch: str) -> Response:
    """Undo a batch by later events; what it brought in stays readable."""
    require(change.actor, "send-file")
    reason = change.text("reason")
    return attempt(
        change,
        lambda: reverse_import(
            change.desk,
            ReverseImport(batch=batch, reason=reason),
            by=change.actor,
            key=None if change.once is None else change.once.key,
        ),
        again=lambda errors: _batch_page(reading, batch, reason, errors),
        onward="/imports?done=reversed",
        back=f"/imports/{batch}",
    )

"""Imports: say how a file's columns are read, see what it would record, record or undo it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from api.imports.about import AboutPlan
from api.imports.importers import Importer, importers, importers_for
from api.imports.listing import import_list
from api.imports.mapping import DOMAIN, map_columns
from api.imports.own_records import OwnFileEnding, own_listing
from api.imports.run import DEFAULT_TOOL, fields
from api.imports.uploads.answer_forms import (
    answers_of,
    answers_posted,
    is_as_shown,
    mark_of_page,
)
from api.imports.uploads.previews import rejects_of, shown_of
from api.imports.uploads.sent_files import is_large, kind_of, of_person, read_sent, record
from api.imports.uploads.under_way import UnderWay, begin, stop, under_way
from api.lists.files import download, list_files, render_listing
from api.lists.page import list_page
from api.navigation import NavigationItem, NavigationSection
from api.services import Services
from api.web import access_notes
from api.web.changes import Changing, attempt, new_key
from api.web.context import Reader, Reading, Served
from api.web.forms import Errors
from api.web.late_routes import PageRouter
from api.web.request import SomeoneSignedIn
from api.web.template_engine import render
from projections.imports import queries as import_queries
from projections.people import queries as people_queries
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.errors import Fault, NotFound, Refused
from qa.imports.reversal_commands import ReverseImport
from qa.imports.reversal_handlers import reverse_import
from qa.security import uploads
from qa.security.uploads import Upload

OTHERWISE = (
    "You changed how the file is read, so nothing is recorded yet. This page now shows what would "
    "be recorded."
)

router = PageRouter(include_in_schema=False)
NAVIGATION = NavigationItem("Imports", "/imports", 180, NavigationSection.SET_UP, "send-file")


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
    reading: Reader,
    kind: str,
    ending: OwnFileEnding,
    tool: str = DEFAULT_TOOL,
    plan: str = "",
    scale: str = "",
    cycle: str = "",
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
        about=AboutPlan(plan=plan, scale=scale, cycle=cycle),
    )
    subject = f"records-{kind}.{ending}"
    access_notes.note(reading.services, reading.actor, What.EXPORT, subject, at=at)
    return download(render_listing(listing, ending), f"{kind}-{at.file_stamp}.{ending}", at)


# -- mapping and preview


def _preview(
    request: Request,
    services: Services,
    actor: Any,
    upload: Upload,
    errors: Errors | None = None,
    given: Mapping[str, str] | None = None,
    ended: UnderWay | None = None,
    *,
    unread: bool = False,
) -> Response:
    page = shown_of(services, actor, upload)
    return render(
        request,
        "imports/preview.html",
        status=422 if errors and request.method == "POST" else 200,
        title="Check what will be recorded",
        upload=upload,
        kind=importers()[kind_of(upload)],
        **page,
        ended=ended,
        unread=unread,
        given=given or {"keep_as": upload.asked.get("keep_as", "")},
        kept=upload.asked.get("kept", ""),
        shown=mark_of_page(page["columns"], page["lacking"], page["made"]),
        errors=errors or Errors(page["problems"]),
        key=new_key(),
        wide=True,
        back="/imports/new",
    )


@router.get("/imports/upload/{upload}")
def preview(request: Request, services: Served, signed: SomeoneSignedIn, upload: str) -> Response:
    """The columns and what they are read as, the rows, and what would be recorded."""
    require(signed.actor, "send-file")
    waiting = of_person(services, signed.person, upload)
    if waiting.outcome is not None:
        return render(
            request,
            "imports/done.html",
            title="The file is imported",
            upload=waiting,
            outcome=waiting.outcome,
            onward=importers()[kind_of(waiting)].onward,
            back="/imports",
        )
    begun = under_way(waiting, services.clock.now())
    if begun is None:
        return _preview(request, services, signed.actor, waiting)
    if not begun.over:
        return RedirectResponse(f"/imports/under-way/{upload}", status_code=303)
    errors = Errors(Fault(*fault) for fault in begun.faults)
    return _preview(request, services, signed.actor, waiting, errors, begun.given, begun)


@router.get("/imports/under-way/{upload}")
def how_far(request: Request, services: Served, signed: SomeoneSignedIn, upload: str) -> Response:
    """How far an import is; the page asks again by itself until it is over."""
    require(signed.actor, "send-file")
    waiting, now = of_person(services, signed.person, upload), services.clock.now()
    begun = under_way(waiting, now)
    if begun is None or begun.over or waiting.outcome is not None:
        return RedirectResponse(f"/imports/upload/{upload}", status_code=303)
    return render(
        request,
        "imports/under_way.html",
        title="The file is being recorded",
        upload=waiting,
        begun=begun,
        left=begun.time_left(now),
        key=new_key(),
    )


@router.post("/imports/under-way/{upload}")
def end_early(change: Changing, upload: str) -> Response:
    """Stop an import; what is recorded stays until the batch is undone."""
    require(change.actor, "send-file")
    stop(change.services, change.actor.person, upload)
    return RedirectResponse(f"/imports/under-way/{upload}", status_code=303)


@router.post("/imports/upload/{upload}/columns")
def choose_columns(change: Changing, upload: str) -> Response:
    """Keep how the columns are read, then show what that would record."""
    require(change.actor, "send-file")
    services, person = change.services, change.actor.person
    waiting = of_person(services, person, upload)
    begun = under_way(waiting, services.clock.now())
    if waiting.outcome is None and (begun is None or begun.over):
        errors = _choose(change, waiting)
        if errors:
            return _preview(change.request, services, change.actor, waiting, errors, unread=True)
    return RedirectResponse(f"/imports/upload/{upload}", status_code=303)


def _choose(change: Changing, waiting: Upload) -> Errors | None:
    """Keep what the boxes say of a file; what is wrong where they cannot be kept."""
    services = change.services
    sheet, _ = read_sent(waiting)
    with services.store.reading() as connection:
        known = fields(connection, kind_of(waiting), waiting.asked["tool"])
    answers = answers_posted(change, answers_of(waiting), sheet, known)
    details = {**waiting.asked, "under_way": None, "answers": answers.model_dump(mode="json")}
    try:
        map_columns(sheet, known, answers.columns)
    except Refused as refused:
        return Errors(
            Fault(f"map.{sheet.headings.index(f.column)}", f.code, f.sentence)
            if f.column in sheet.headings
            else f
            for f in refused.faults
        )
    with services.store.writing() as connection:
        uploads.ask(connection, person=change.actor.person, upload=waiting.id, answers=details)
    return None


@router.post("/imports/upload/{upload}/import")
def bring_in(change: Changing, upload: str) -> Response:
    """Record the file as it was shown."""
    require(change.actor, "send-file")
    services, person = change.services, change.actor.person
    waiting = of_person(services, person, upload)
    begun = under_way(waiting, services.clock.now())
    there = RedirectResponse(f"/imports/upload/{upload}", status_code=303)
    if waiting.outcome is not None or (begun is not None and not begun.over):
        return there
    boxes = ("bad", "changed", "reason", "keep_as", "keep_contradicted")
    given = {name: change.text(name) for name in boxes}
    if not is_as_shown(change):
        wrong = _choose(change, waiting)
        now = of_person(services, person, upload)
        errors = wrong or Errors([Fault("record", "chosen-otherwise", OTHERWISE)])
        return _preview(
            change.request, services, change.actor, now, errors, given, unread=wrong is not None
        )
    if is_large(waiting):
        begin(services, change.actor, waiting, given, change.once)
        return there
    try:
        record(services, change.actor, waiting, given, change.once)
    except Refused as refused:
        errors = Errors.of(refused)
        return _preview(change.request, services, change.actor, waiting, errors, given)
    return there


@router.get("/imports/upload/{upload}/rejects.csv")
def rejects(services: Served, signed: SomeoneSignedIn, upload: str) -> Response:
    """The rejected rows under their own headings, with the reasons."""
    require(signed.actor, "send-file")
    waiting = of_person(services, signed.person, upload)
    data = waiting.data
    if waiting.outcome is None:
        data = rejects_of(services, signed.actor, waiting)
    return download(data, f"{PurePath(waiting.name).stem}.rejects.csv")


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
        columns=_columns_of(found.read_as, importer),
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


def _columns_of(read_as: Mapping[str, str], importer: Importer | None) -> list[tuple[str, str]]:
    """The columns of a batch, with the names of the fields that they were read as."""
    labels = {f.name: f.label for f in importer.named} if importer else {}
    made = {DOMAIN: "Grade: ", "evidence:": "Evidence: "}
    found = []
    for heading, name in sorted(read_as.items()):
        prefix = next((one for one in made if name.startswith(one)), "")
        plain = name.removeprefix(prefix).replace("-", " ")
        found.append((heading, labels.get(name, f"{made.get(prefix, '')}{plain}")))
    return found


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

"""Sending a file to be brought in: what it is, what is said of it as a whole, and the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from api.imports.about import TYPED, about_typed
from api.imports.answers import ImportAnswers
from api.imports.files.tables import SheetRows
from api.imports.importers import Importer, importers, importers_for
from api.imports.kept_mappings import fitting, free_name, of_kept
from api.imports.kinds import KindProposal, likeliest, proposed, template
from api.imports.made_columns import reference_proposed
from api.imports.own_records import own_records
from api.imports.run import DEFAULT_TOOL, ImportChoices, Kind, fields, read_rows, run
from api.lists.files import download
from api.services import Services
from api.web.changes import Changing, RecordChangeForm, new_key
from api.web.context import Served
from api.web.forms import Errors, text
from api.web.late_routes import PageRouter
from api.web.request import SomeoneSignedIn
from api.web.template_engine import render
from projections.audit_tools import queries as tool_queries
from projections.plans import queries as plan_queries
from qa.authorisation.policy import can, require
from qa.core.errors import Fault, NotFound, Refused, refuse_any
from qa.core.words import Actor
from qa.plans.rag_scale import RagScale
from qa.security import uploads
from qa.security.uploads import Upload

router = PageRouter(include_in_schema=False)


def _new_form(
    request: Request,
    services: Services,
    actor: Actor,
    given: Mapping[str, Any],
    errors: Errors | None = None,
    file: Upload | None = None,
    proposal: KindProposal | None = None,
) -> Response:
    tool = text(given, "tool") or DEFAULT_TOOL
    with services.store.reading() as connection:
        tools = [
            row
            for row in tool_queries.tools(connection)
            if row.latest and row.working_copy.kind != "supervision"
        ]
        scales = plan_queries.scales(connection)
        plans = [one.title for one in plan_queries.plans(connection) if one.closed_on is None]
    chosen = text(given, "plan"), text(given, "plan_known")
    return render(
        request,
        "imports/new.html",
        status=422 if errors else 200,
        title="Import a spreadsheet",
        given=given,
        kinds=[
            {"value": kind, "text": importer.title, "checked": text(given, "kind") == kind}
            for kind, importer in importers_for(actor).items()
        ],
        importers=importers_for(actor).values(),
        may_scale=can(actor, "keep-rag-scale").allowed,
        own=_own(actor, scales) if can(actor, "export").allowed else [],
        proposal=proposal,
        tools=[
            {"value": row.tool, "text": row.title, "selected": row.tool == tool} for row in tools
        ],
        plans=[
            {"value": "", "text": "A new plan, or the only one"},
            *({"value": one, "text": one, "selected": one in chosen} for one in plans),
        ],
        new_plan="" if text(given, "plan") in plans else text(given, "plan"),
        scales=[
            {"value": "", "text": "Not a new plan"},
            *(
                {
                    "value": key,
                    "text": f"{scale.name}, version {scale.version}",
                    "selected": text(given, "plan_scale") == key,
                }
                for key, scale in scales.items()
            ),
        ],
        ends=[
            {"value": end, "text": words, "selected": text(given, "scale_best") == end}
            for end, words in (
                ("", "As a YAML file says, else the highest"),
                ("highest", "The highest"),
                ("lowest", "The lowest"),
                ("first", "No ranks: the level listed first is the best"),
                ("last", "No ranks: the level listed last is the best"),
            )
        ],
        held=file,
        opened=_boxes_of(text(given, "kind")),
        tells_of_plans="import" in {one.verb for one in importers_for(actor).values()},
        errors=errors or Errors(),
        key=new_key(),
        back="/imports",
    )


def _own(actor: Actor, scales: Mapping[str, RagScale]) -> list[tuple[Importer, str, str, str]]:
    """What may be taken out to come in again: its kind, what no such file holds, and, where one is
    chosen, its name and how it is asked for."""
    found = []
    for kind, own in own_records().items():
        one = importers_for(actor).get(kind)
        if one is not None:
            chosen = scales if kind == "rag-scale" and len(scales) > 1 else {}
            named = [
                (f"{scale.name}, version {scale.version}", f"?scale={key}")
                for key, scale in chosen.items()
            ]
            found += [(one, own.stays, *pair) for pair in named or [("", "")]]
    return found


def _boxes_of(kind: str) -> str:
    """Which boxes of the form a kind needs that is told something as a whole."""
    has_about = kind in importers() and importers()[kind].has_about
    apart = {"rag-scale": "scale", "indicators": "indicators", "observations": "indicators"}
    return apart.get(kind, "plan") if has_about else ""


@router.get("/imports/new")
def new_import(
    request: Request, services: Served, signed: SomeoneSignedIn, kind: str = "", upload: str = ""
) -> Response:
    """The form; with what was said of it where a file is there that waits."""
    require(signed.actor, "send-file")
    if not upload:
        return _new_form(request, services, signed.actor, {"kind": kind})
    with services.store.reading() as connection:
        file = uploads.load(connection, services.clock, person=signed.person, upload=upload)
    given = {**file.asked.get("about", {}), **file.asked}
    return _new_form(request, services, signed.actor, given, file=file)


@router.get("/imports/templates/{kind}.csv")
def kind_template(
    services: Served, signed: SomeoneSignedIn, kind: str, tool: str = DEFAULT_TOOL
) -> Response:
    """A file of a kind to fill in."""
    require(signed.actor, "send-file")
    importer = importers_for(signed.actor).get(kind)
    if importer is None:
        raise NotFound("There is no such kind of file.")
    with services.store.reading() as connection:
        return download(template(importer, connection, tool), f"{kind}.csv")


@router.post("/imports/new")
def send_file(change: Changing) -> Response:
    require(change.actor, "send-file")
    file: Upload | None = None
    try:
        file = _file_of(change)
        proposal = None if change.text("kind") else _proposal(change, file)
        if proposal is not None:
            given = {**change.form, "kind": proposal.kind}
            return _new_form(
                change.request, change.services, change.actor, given, file=file, proposal=proposal
            )
        _settle(change, file)
    except Refused as refused:
        errors = Errors.of(refused, ("kind", "file", "sheet", "tool", *TYPED))
        if any(fault.field == "file" for fault in refused.faults):
            file = None
        return _new_form(change.request, change.services, change.actor, change.form, errors, file)
    return RedirectResponse(f"/imports/upload/{file.id}", status_code=303)


def _file_of(change: RecordChangeForm) -> Upload:
    """The file that is sent, or that was sent before something else was wrong.

    Raises:
        Refused: there is none, or it is too large.
    """
    services, person, sent = change.services, change.actor.person, change.form.get("file")
    if sent is None or isinstance(sent, (str, dict, list)) or not sent.filename:
        try:
            with services.store.reading() as connection:
                return uploads.load(
                    connection, services.clock, person=person, upload=change.text("upload")
                )
        except NotFound:
            raise Refused(
                [*_kind_faults(change), Fault("file", "missing", "Choose a file.")]
            ) from None
    data: bytes = sent.file.read(uploads.LARGEST + 1)
    name = sent.filename.replace("\\", "/").rpartition("/")[2]
    with services.store.writing() as connection:
        upload = uploads.keep(
            connection, services.clock, person=person, name=name, data=data, answers={}
        )
    return Upload(upload, name, data, {}, None)


def _proposal(change: RecordChangeForm, file: Upload) -> KindProposal | None:
    """What the headings of a file speak for, where nobody has said what its rows are."""
    kinds, sheet = importers_for(change.actor), change.text("sheet")
    with _at_its_field():
        return likeliest(proposed(file.name, file.data, kinds, sheet=sheet or None))


@contextmanager
def _at_its_field() -> Iterator[None]:
    """Whatever makes a file no table is said at the field of the form that can put it right."""
    try:
        yield
    except Refused as refused:
        first = refused.faults[0]
        field = "sheet" if first.code == "no-such-sheet" else "file"
        raise Refused(first.sentence, field=field, code=first.code) from None


def _kind_faults(change: RecordChangeForm) -> list[Fault]:
    known = change.text("kind") in importers_for(change.actor)
    return [] if known else [Fault("kind", "missing", "Choose what the rows are.")]


def _settle(change: RecordChangeForm, file: Upload) -> None:
    """Read the file once to see that it is a table, then keep what it is."""
    kind, sheet = change.text("kind"), change.text("sheet")
    refuse_any(_kind_faults(change))
    tool = change.text("tool") or DEFAULT_TOOL
    with _at_its_field():
        rows, of_scale = read_rows(kind, file.name, file.data, sheet=sheet or None)
    about = {name: change.text(name) for name in TYPED}
    about["plan"] = about["plan"] or change.text("plan_known")
    _about_is_whole(change, kind, rows, about, of_scale)
    with change.services.store.reading() as connection:
        kept = fitting(connection, kind, rows.headings)
        known = fields(connection, kind, tool)
        keep_as = free_name(connection, kind, PurePath(file.name).stem[:90])
    answers = ImportAnswers() if kept is None else of_kept(kept)
    if kept is None:
        answers = answers.model_copy(update={"reference_from": reference_proposed(rows, known)})
    proposed = {
        "answers": answers.model_dump(mode="json"),
        "kept": kept.name if kept else "",
        "keep_as": kept.name if kept else keep_as,
    }
    with change.services.store.writing() as connection:
        uploads.ask(
            connection,
            person=change.actor.person,
            upload=file.id,
            answers={"kind": kind, "tool": tool, "sheet": sheet, "about": about, **proposed},
        )


def _about_is_whole(
    change: RecordChangeForm,
    kind: Kind,
    rows: SheetRows,
    about: Mapping[str, str],
    of_scale: Mapping[str, str],
) -> None:
    """Refuse at once what no choice of columns can put right: no such plan, no scale to open it.
    Of kinds that are told nothing only what is typed is looked at.

    Raises:
        Refused: at the fields of the form.
    """
    try:
        about_plan = about_typed(about, of_scale)
        if not importers()[kind].has_about:
            return
        choices = ImportChoices(about=about_plan, dry_run=True)
        tried = run(change.services, kind, rows, choices, by=change.actor)
        whole = [f for f in tried.plan.faults if f.column is None and f.field in TYPED]
        refuse_any(replace(fault, row=None) for fault in whole[:1])
    except Refused as refused:
        named = {"id": "scale_id", "version": "scale_version", "best": "scale_best"}
        faults = [
            replace(fault, field=named.get(fault.field, fault.field))
            for fault in refused.faults
            if fault.code != "missing-column" and named.get(fault.field, fault.field) in TYPED
        ]
        if faults:
            raise Refused(faults) from None

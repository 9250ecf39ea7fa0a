"""Sending a file to be brought in: what it is, what is said of it as a whole, and the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.imports.about import TYPED, about_typed
from api.imports.importers import importers_for
from api.imports.reading import SheetRows
from api.imports.run import DEFAULT_TOOL, Kind, fields, read_rows, run
from api.services import Services
from api.web.changes import Changing, RecordChangeForm, new_key
from api.web.context import Served
from api.web.forms import Errors, text
from api.web.request import SomeoneSignedIn
from api.web.template_engine import render
from projections.audit_tools import queries as tool_queries
from projections.plans import queries as plan_queries
from qa.authorisation.policy import require
from qa.core.errors import Fault, Refused
from qa.core.words import Actor
from qa.security import uploads

router = APIRouter(include_in_schema=False)


def _new_form(
    request: Request,
    services: Services,
    actor: Actor,
    given: Mapping[str, Any],
    errors: Errors | None = None,
) -> Response:
    tool = text(given, "tool") or DEFAULT_TOOL
    with services.store.reading() as connection:
        tools = [
            row
            for row in tool_queries.tools(connection)
            if row.latest and row.working_copy.kind != "supervision"
        ]
        scales = plan_queries.scales(connection)
    return render(
        request,
        "imports/new.html",
        status=422 if errors else 200,
        title="Bring in a file",
        given=given,
        kinds=[
            {"value": kind, "text": importer.title, "checked": text(given, "kind") == kind}
            for kind, importer in importers_for(actor).items()
        ],
        tools=[
            {"value": row.tool, "text": row.title, "selected": row.tool == tool} for row in tools
        ],
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
            )
        ],
        about_open=any(text(given, name) for name in TYPED),
        errors=errors or Errors(),
        key=new_key(),
        back="/imports",
    )


@router.get("/imports/new")
def new_import(
    request: Request, services: Served, signed: SomeoneSignedIn, kind: str = ""
) -> Response:
    require(signed.actor, "send-file")
    return _new_form(request, services, signed.actor, {"kind": kind})


@router.post("/imports/new")
def send_file(change: Changing) -> Response:
    require(change.actor, "send-file")
    try:
        upload = _kept(change)
    except Refused as refused:
        errors = Errors.of(refused, ("kind", "file", "sheet", "tool", *TYPED))
        return _new_form(change.request, change.services, change.actor, change.form, errors)
    return RedirectResponse(f"/imports/upload/{upload}", status_code=303)


def _kept(change: RecordChangeForm) -> str:
    """Read the file once to see that it is a table, then keep it."""
    sent, sheet = change.form.get("file"), change.text("sheet")
    kind = change.text("kind")
    faults = (
        []
        if kind in importers_for(change.actor)
        else [Fault("kind", "missing", "Choose what the rows are.")]
    )
    if sent is None or isinstance(sent, (str, dict, list)) or not sent.filename:
        raise Refused([*faults, Fault("file", "missing", "Choose a file.")])
    if faults:
        raise Refused(faults)
    data: bytes = sent.file.read(uploads.LARGEST + 1)
    tool = change.text("tool") or DEFAULT_TOOL
    try:
        rows, of_scale = read_rows(kind, sent.filename, data, sheet=sheet or None)
    except Refused as refused:
        first = refused.faults[0]
        field = "sheet" if first.code == "no-such-sheet" else "file"
        raise Refused(first.sentence, field=field, code=first.code) from None
    about = {name: change.text(name) for name in TYPED}
    _about_is_whole(change, kind, rows, about, of_scale)
    with change.services.store.reading() as connection:
        fields(connection, kind, tool)
    with change.services.store.writing() as connection:
        return uploads.keep(
            connection,
            change.services.clock,
            person=change.actor.person,
            name=sent.filename.replace("\\", "/").rpartition("/")[2],
            data=data,
            asked={"kind": kind, "tool": tool, "sheet": sheet, "said": {}, "about": about},
        )


def _about_is_whole(
    change: RecordChangeForm,
    kind: Kind,
    rows: SheetRows,
    about: Mapping[str, str],
    of_scale: Mapping[str, str],
) -> None:
    """Refuse at once what no choice of columns can put right: no such plan, no scale to open it.

    Raises:
        Refused: at the fields of the form.
    """
    try:
        run(
            change.services,
            kind,
            rows,
            {},
            about=about_typed(about, of_scale),
            dry_run=True,
            by=change.actor,
        )
    except Refused as refused:
        named = {"id": "scale_id", "version": "scale_version", "best": "scale_best"}
        faults = [
            replace(fault, field=named.get(fault.field, fault.field))
            for fault in refused.faults
            if fault.code != "missing-column" and named.get(fault.field, fault.field) in TYPED
        ]
        if faults:
            raise Refused(faults) from None

"""Imports: send a file, see what it would record, record it, undo it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, File, Form, Response, UploadFile

from api.imports.about import TYPED, about_typed
from api.imports.answers import LEAVE_OUT, ImportAnswers, answers_typed
from api.imports.importers import importers, importers_for
from api.imports.kept_mappings import of_kept
from api.imports.kinds import likeliest, proposed, template
from api.imports.mapping import parse_map_options
from api.imports.parts import Watch, go_on
from api.imports.run import DEFAULT_TOOL, STATES, ImportChoices, Kind, read_rows, run
from api.imports.schemas import (
    BatchMadeOut,
    BatchOut,
    ColumnReadOut,
    FileBroughtOut,
    ImportKindOut,
    ImportKindsOut,
    ImportMappingOut,
    ImportMappingsOut,
    ImportQuestionOut,
    ImportsOut,
    KindProposalOut,
    KindProposalsOut,
    RowChangedOut,
    RowFaultOut,
)
from api.imports.uploads.sent_files import LARGE
from api.imports.uploads.services_apart import run_with_services
from api.json.command_endpoint import command_endpoint
from api.json.deps import Body, Moment, New, Reads, Snapshot, Writes
from api.json.query import FormFields
from api.json.routing import ApiRouter
from api.services import Services
from projections.imports import queries
from qa.authorisation.context import Once
from qa.authorisation.policy import require
from qa.core.carry import carry
from qa.core.words import Actor
from qa.imports.reversal_handlers import reverse_import

router = ApiRouter(prefix="/imports", tags=["imports"])
APART_SECONDS = 1800.0
"""So long a large file may take that is recorded while its sender waits for the answer."""


class _ImportBody(Body):
    """What an idempotency key stands for here: the file by its hash, not by its bytes."""

    kind: str
    sha256: str
    answers: str
    plan: str = ""
    as_at: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class _ImportForm(FormFields):
    """What is said of a file that is sent."""

    mapping: Annotated[
        list[str] | None, Form(description="How a heading is read: “Their heading=field”.")
    ] = None
    sheet: Annotated[str | None, Form()] = None
    tool: Annotated[str, Form()] = DEFAULT_TOOL
    dry_run: Annotated[bool, Form()] = False
    skip_bad: Annotated[bool, Form()] = False
    keep_contradicted: Annotated[bool, Form()] = False
    answers: Annotated[str, Form(description="The answers about the file: see ImportAnswers.")] = ""
    use: Annotated[str, Form(description="Use the answers that were saved under this name.")] = ""
    keep_as: Annotated[str, Form(description="Save the answers under this name.")] = ""
    plan: Annotated[str, Form(description="The plan, by its title or id.")] = ""
    board: Annotated[str, Form(description="The board that a new plan answers to.")] = ""
    plan_scale: Annotated[str, Form(description="The scale of a new plan, id@version.")] = ""
    since: Annotated[str, Form(description="From which day a plan and its actions hold.")] = ""
    tiers: Annotated[str, Form(description="What its parts are called, from the top.")] = ""
    as_at: Annotated[
        str, Form(description="The day of a file without that column: rated on, or listed.")
    ] = ""
    year: Annotated[str, Form(description="The financial year of headings such as Q1.")] = ""
    source: Annotated[str, Form(description="Where values or a list of cases come from.")] = ""
    scale_id: Annotated[str, Form()] = ""
    scale_version: Annotated[str, Form()] = ""
    scale_name: Annotated[str, Form()] = ""
    scale_best: Annotated[str, Form(description="highest, lowest; no ranks: first, last")] = ""

    def read(self) -> ImportAnswers:
        """Raises `Refused`: the answers, or how a heading is read, are not understood."""
        given = {
            "columns": parse_map_options(self.mapping or []),
            "refused": LEAVE_OUT if self.skip_bad else "",
        }
        return answers_typed(self.answers, given)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A file with all that is said of it."""

    kind: Kind
    name: str
    data: bytes
    answers: ImportAnswers
    form: _ImportForm


@router.get("", operation_id="listImports")
def list_imports(actor: Reads, connection: Snapshot, at: Moment) -> ImportsOut:
    """Every batch, newest first."""
    require(actor, "send-file")
    may = importers_for(actor)
    found = [b for b in queries.batches(connection, position=at.position) if b.kind in may]
    batches = [BatchOut.of(batch, mapping=batch.read_as) for batch in found]
    return ImportsOut(as_at=at.day, position=at.shown, batches=batches)


@router.get("/kinds", operation_id="listImportKinds")
def list_kinds(actor: Reads, connection: Snapshot, at: Moment) -> ImportKindsOut:
    """The kinds of file that the caller may send, and what each needs on record before."""
    require(actor, "send-file")
    kinds = [*map(ImportKindOut.model_validate, importers_for(actor).values())]
    return ImportKindsOut(as_at=at.day, position=at.shown, kinds=kinds)


@router.get(
    "/kinds/{kind}/template.csv",
    operation_id="readImportTemplate",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}},
)
def read_template(
    actor: Reads, connection: Snapshot, at: Moment, kind: Kind, tool: str = DEFAULT_TOOL
) -> Response:
    """A file of a kind to fill in: every heading that is read, and an example."""
    require(actor, importers()[kind].verb)
    data = template(importers()[kind], connection, tool)
    return Response(data, media_type="text/csv", headers=at.headers)


@router.get("/mappings", operation_id="listImportMappings")
def list_mappings(actor: Reads, connection: Snapshot, at: Moment) -> ImportMappingsOut:
    """What is kept of how files are read, the latest first: named in `use`, it is said again."""
    require(actor, "send-file")
    kept = [
        carry(ImportMappingOut, row, headings=json.loads(row.headings), answers=of_kept(row))
        for kind in importers_for(actor)
        for row in queries.mappings(connection, kind, position=at.position)
    ]
    return ImportMappingsOut(as_at=at.day, position=at.shown, mappings=kept)


@router.post("/proposals", operation_id="proposeImportKind")
def propose_kind(
    actor: Writes,
    file: Annotated[UploadFile, File(description="CSV or XLSX; a RAG scale also as YAML.")],
    sheet: Annotated[str | None, Form()] = None,
) -> KindProposalsOut:
    """What kinds of file the headings speak for, the likeliest first. Nothing is recorded."""
    require(actor, "send-file")
    found = proposed(file.filename or "file", file.file.read(), importers_for(actor), sheet=sheet)
    first = likeliest(found)
    return KindProposalsOut(
        proposed=None if first is None else first.kind,
        kinds=[*map(KindProposalOut.model_validate, found)],
    )


@router.post("/{kind}", status_code=201, operation_id="importFile", response_model=FileBroughtOut)
def import_file(
    new: New,
    kind: Kind,
    file: Annotated[UploadFile, File(description="CSV or XLSX; a RAG scale also as YAML.")],
    form: Annotated[_ImportForm, Depends()],
) -> FileBroughtOut | Response:
    """Import a spreadsheet. Without `skip_bad` one bad row refuses it all.

    `answers` is JSON: columns, constants, reference_from, values, and what becomes of rows that are
    on record with other values (changed: leave-out, or correct with a reason). A dry run says how
    every row stands to the record and which questions must be answered.
    `tool` matters to audits and moderations, `as_at` and `source` to lists of cases too, everything
    else from `plan` on to plans, scales and indicators.
    """
    require(new.actor, "send-file")
    answers = form.read()
    data = file.file.read()
    body = _ImportBody(
        kind=kind,
        sha256=hashlib.sha256(data).hexdigest(),
        plan=form.plan,
        as_at=form.as_at,
        about=f"{form.year}\n{form.source}",
        answers=f"{answers.model_dump_json()}\n{form.use}\n{form.keep_as}",
    )
    sent = _Sent(kind, file.filename or "file", data, answers, form)
    by, once = new.actor, new.once(body)
    if len(data) <= LARGE:
        return _brought(new.services, sent, by, once)
    made = run_with_services(new.services, _brought_apart, sent, by, once, seconds=APART_SECONDS)
    return Response(made, 201, media_type="application/json")


def _brought_apart(services: Services, sent: _Sent, by: Actor, once: Once | None) -> bytes:
    return _brought(services, sent, by, once, go_on).model_dump_json().encode()


def _brought(
    services: Services, sent: _Sent, by: Actor, once: Once | None, watch: Watch | None = None
) -> FileBroughtOut:
    form, answers = sent.form, sent.answers
    read, of_scale = read_rows(
        sent.kind, sent.name, sent.data, sheet=form.sheet, sheets=answers.sheets
    )
    about = about_typed({name: getattr(form, name) for name in TYPED}, of_scale)
    choices = carry(ImportChoices, form, answers=answers, about=about)
    done = run(services, sent.kind, read, choices, by=by, once=once, watch=watch)
    standing = done.plan.standing(form.keep_contradicted)
    return FileBroughtOut(
        file_sha256=read.file_sha256,
        rows=len(read.rows),
        mapping=dict(done.plan.mapping.pairs()),
        unmapped=list(done.plan.mapping.unmapped),
        columns=[*map(ColumnReadOut.model_validate, done.plan.columns())],
        faults=[*map(RowFaultOut.model_validate, standing)],
        notes=[*map(RowFaultOut.model_validate, done.plan.notes)],
        facts=[dict(event) for event in done.events] if form.dry_run else len(done.events),
        states={name: done.counted(name) for name in STATES} if form.dry_run else None,
        changed=[RowChangedOut.model_validate(row) for row in done.rows if row.state == "changed"],
        questions=[*map(ImportQuestionOut.model_validate, done.plan.questions)],
        result=None if done.result is None else BatchMadeOut.model_validate(done.result),
    )


command_endpoint(router, "POST", "/{batch}/reversal", reverse_import)

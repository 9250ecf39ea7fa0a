"""Imports: send a file, see what it would record, record it, undo it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import File, Form, Path, UploadFile

from api.imports.about import about_typed
from api.imports.mapping import parse_map_options
from api.imports.run import DEFAULT_TOOL, Kind, read_rows, run
from api.json.deps import Body, Moment, New, Reads, ReasonIn, ReceiptOut, Snapshot
from api.json.routing import ApiRouter
from projections.imports import queries
from qa.authorisation.policy import require
from qa.core.errors import Fault
from qa.imports.commands import judgements

router = ApiRouter(prefix="/imports", tags=["imports"])


class _Asked(Body):
    """What an idempotency key stands for here: the file by its hash, not by its bytes."""

    kind: str
    sha256: str
    skip_bad: bool
    plan: str = ""
    as_at: str = ""


@router.get("", operation_id="listImports")
def list_imports(actor: Reads, connection: Snapshot, at: Moment) -> dict[str, Any]:
    """Every batch, newest first."""
    require(actor, "import")
    hidden = ("valid_from", "valid_to", "opened")
    return {
        "as_at": at.day,
        "position": at.shown,
        "batches": [
            {name: value for name, value in batch.items() if name not in hidden}
            for batch in queries.batches(connection, position=at.position)
        ],
    }


@router.post("/{kind}", status_code=201, operation_id="importFile")
def import_file(
    new: New,
    kind: Kind,
    file: Annotated[UploadFile, File(description="CSV or XLSX; a RAG scale also as YAML.")],
    mapping: Annotated[
        list[str] | None, Form(description="How a heading is read: “Their heading=field”.")
    ] = None,
    sheet: Annotated[str | None, Form()] = None,
    tool: Annotated[str, Form()] = DEFAULT_TOOL,
    dry_run: Annotated[bool, Form()] = False,
    skip_bad: Annotated[bool, Form()] = False,
    keep_contradicted: Annotated[bool, Form()] = False,
    plan: Annotated[str, Form(description="The plan, by its title or id.")] = "",
    board: Annotated[str, Form(description="The board that a new plan answers to.")] = "",
    plan_scale: Annotated[str, Form(description="The scale of a new plan, id@version.")] = "",
    since: Annotated[str, Form(description="From which day a plan and its actions hold.")] = "",
    tiers: Annotated[str, Form(description="What its parts are called, from the top.")] = "",
    as_at: Annotated[str, Form(description="The day that a file without that column rates.")] = "",
    scale_id: Annotated[str, Form()] = "",
    scale_version: Annotated[str, Form()] = "",
    scale_name: Annotated[str, Form()] = "",
    scale_best: Annotated[str, Form(description="highest or lowest")] = "",
) -> dict[str, Any]:
    """Bring in a file. Without `skip_bad` one bad row refuses it all.

    `tool` matters to audits and moderations, everything from `plan` on to plans and scales.
    """
    require(new.actor, "import")
    read, of_scale = read_rows(kind, file.filename or "file", file.file.read(), sheet=sheet)
    typed = {
        "plan": plan, "board": board, "plan_scale": plan_scale, "since": since, "tiers": tiers,
        "as_at": as_at, "scale_id": scale_id, "scale_version": scale_version,
        "scale_name": scale_name, "scale_best": scale_best,
    }  # fmt: skip
    done = run(
        new.services,
        kind,
        read,
        parse_map_options(mapping or []),
        tool=tool,
        about=about_typed(typed, of_scale),
        dry_run=dry_run,
        skip_bad=skip_bad,
        keep_contradicted=keep_contradicted,
        by=new.actor,
        once=new.once(
            _Asked(kind=kind, sha256=read.file_sha256, skip_bad=skip_bad, plan=plan, as_at=as_at)
        ),
    )
    return {
        "file_sha256": read.file_sha256,
        "rows": len(read.rows),
        "mapping": dict(done.plan.mapping.pairs()),
        "unmapped": list(done.plan.mapping.unmapped),
        "faults": [_fault(f) for f in done.plan.standing(keep_contradicted)],
        "notes": [_fault(f) for f in done.plan.notes],
        "facts": list(done.events) if dry_run else len(done.events),
        "result": None if done.result is None else dict(done.result),
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "row": fault.row,
        "column": fault.column,
        "value": fault.value,
        "sentence": fault.sentence,
    }


@router.post("/{batch}/reversal", status_code=201, operation_id="reverseImport")
def reverse_import(
    new: New, batch: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")], body: ReasonIn
) -> ReceiptOut:
    """Undo a batch by later events; what it brought in stays readable."""
    done = judgements.reverse_import(new.desk, batch=batch, reason=body.reason, **new.made(body))
    return new.receipt(done)

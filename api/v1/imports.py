"""Imports: send a file, see what it would record, record it, undo it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Path, UploadFile

from api.imports.mapping import parse_map_options
from api.imports.reading import read_sheet
from api.imports.run import DEFAULT_TOOL, run
from api.v1.case_audits import ReasonIn
from api.v1.deps import Body, Moment, New, Reads, ReceiptOut, Snapshot
from projections import imports
from qa.commands import imports as commands
from qa.policy import require

router = APIRouter(prefix="/imports", tags=["imports"])


class _Asked(Body):
    """What an idempotency key stands for here: the file by its hash, not by its bytes."""

    kind: str
    sha256: str
    skip_bad: bool


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
            for batch in imports.batches(connection, position=at.position)
        ],
    }


@router.post("/{kind}", status_code=201, operation_id="importFile")
def import_file(
    new: New,
    kind: Literal["audits", "moderations"],
    file: Annotated[UploadFile, File(description="CSV or XLSX.")],
    mapping: Annotated[
        list[str] | None, Form(description="How a heading is read: “Their heading=field”.")
    ] = None,
    sheet: Annotated[str | None, Form()] = None,
    tool: Annotated[str, Form()] = DEFAULT_TOOL,
    dry_run: Annotated[bool, Form()] = False,
    skip_bad: Annotated[bool, Form()] = False,
    keep_contradicted: Annotated[bool, Form()] = False,
) -> dict[str, Any]:
    """Bring in a file of audits or moderations. Without `skip_bad` one bad row refuses it all."""
    require(new.actor, "import")
    read = read_sheet(file.filename or "file", file.file.read(), sheet=sheet)
    done = run(
        new.services,
        kind,
        read,
        parse_map_options(mapping or []),
        tool=tool,
        dry_run=dry_run,
        skip_bad=skip_bad,
        keep_contradicted=keep_contradicted,
        by=new.actor,
        once=new.once(_Asked(kind=kind, sha256=read.file_sha256, skip_bad=skip_bad)),
    )
    return {
        "file_sha256": read.file_sha256,
        "rows": len(read.rows),
        "mapping": dict(done.plan.mapping.pairs()),
        "unmapped": list(done.plan.mapping.unmapped),
        "faults": [
            {"row": f.row, "column": f.column, "value": f.value, "sentence": f.sentence}
            for f in done.plan.standing(keep_contradicted)
        ],
        "facts": list(done.facts) if dry_run else len(done.facts),
        "result": None if done.result is None else dict(done.result),
    }


@router.post("/{batch}/reversal", status_code=201, operation_id="reverseImport")
def reverse_import(
    new: New, batch: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")], body: ReasonIn
) -> ReceiptOut:
    """Undo a batch by later facts; what it brought in stays readable."""
    done = commands.reverse_import(new.desk, batch=batch, reason=body.reason, **new.made(body))
    return new.receipt(done)

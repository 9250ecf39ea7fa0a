"""Self-evaluations over the API: writing one, its evidence, its review and its copies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Body, Depends, Path, Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import Change, Exports, Moment, Reads, Served, Snapshot, tag
from api.json.figure_out import FactsBeneathOut
from api.json.routing import ApiRouter
from api.lists.files import TYPES, download
from api.quarterly.making import proposed
from api.reports.asking import Chosen, asked_alike, facts_out
from api.reports.declaration import Sight
from api.self_evaluation import making, reading
from api.self_evaluation.document import (
    KINDS,
    EvaluationFileKind,
    EvaluationVariant,
    copy_file,
    fingerprint,
    live_file,
)
from api.self_evaluation.evidence_reading import EvidenceReader
from api.self_evaluation.schemas import (
    EvaluationCopyOut,
    OpenedCopyOut,
    OpenedSelfEvaluationOut,
    SelfEvaluationOut,
    SelfEvaluationsOut,
    content_out,
)
from api.web import access_notes
from projections.self_evaluation import queries
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.words import Resource
from qa.quarterly.events import RowPart
from qa.self_evaluation import handlers

router = ApiRouter(prefix="/self-evaluations", tags=["reports"])
_ID = r"^[0-9a-f]{32}$"
EvaluationId = Annotated[str, Path(pattern=_ID, description="The id of the self-evaluation.")]
OwnClaim = Annotated[str, Path(pattern=_ID, description="The id of the claim.")]
CopyNumber = Annotated[int, Path(ge=1, le=100_000, description="The number of the copy.")]
EvidenceNumber = Annotated[
    str, Path(pattern=r"^E[0-9]{1,5}$", description="The number of the piece of evidence.")
]
_FILES: dict[int | str, dict[str, Any]] = {200: {"content": {TYPES[kind]: {} for kind in KINDS}}}


@router.get("", operation_id="listSelfEvaluations")
def list_evaluations(
    services: Served, actor: Reads, connection: Snapshot, at: Moment
) -> SelfEvaluationsOut:
    """The self-evaluations, the last begun first."""
    rows = reading.listed(Sight(connection, at, actor))
    access_notes.note(services, actor, What.VIEW, "self-evaluations", at=at)
    found = [SelfEvaluationOut.of(row) for row in rows]
    return SelfEvaluationsOut(position=at.shown, evaluations=found)


@router.record("/{of}", operation_id="readSelfEvaluation")
def read_evaluation(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    of: EvaluationId,
    response: Response,
) -> OpenedSelfEvaluationOut:
    """A self-evaluation with its claims, and the evidence of each that the caller may see."""
    sight = Sight(connection, at, actor)
    evaluation = reading.opened(sight, of)
    made = reading.composed(EvidenceReader(services, sight), evaluation, causes=True)
    _note(services, actor, at, of)
    tag(response, at, evaluation.row.stream_version)
    copies = queries.copies(connection, of, position=at.position)
    return OpenedSelfEvaluationOut.of(
        evaluation.row,
        version=evaluation.row.stream_version,
        content=content_out(made, outside=False),
        frozen=[EvaluationCopyOut.of(row) for row in copies],
    )


@router.get("/{of}/copies/{number}", operation_id="readSelfEvaluationCopy")
def read_copy(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    of: EvaluationId,
    number: CopyNumber,
) -> OpenedCopyOut:
    """A frozen copy, and whether made again it is the same."""
    sight = Sight(connection, at, actor)
    copy = reading.copy_of(sight, of, number)
    reader = reading.reader_of(services, sight, copy)
    made = reading.of_copy(reader, copy)
    whole = reading.of_copy(reader.seen_by(None), copy)
    _note(services, actor, at, of, f"copy {number}")
    return OpenedCopyOut.of(
        copy,
        same_bytes=fingerprint(whole) == copy.sha256,
        content=content_out(made, outside=False),
    )


@router.get("/{of}/receipts/{evidence}", operation_id="whySelfEvaluationFigure")
def why_figure(
    services: Served,
    actor: Reads,
    connection: Snapshot,
    at: Moment,
    of: EvaluationId,
    evidence: EvidenceNumber,
) -> FactsBeneathOut:
    """The figure of a claim counted again from the events beneath it alone."""
    sight = Sight(connection, at, actor)
    row = reading.piece(reading.opened(sight, of), evidence)
    found = reading.receipt(services, sight, row)
    _note(services, actor, at, of, f"receipt {evidence}")
    return facts_out(found.why)


@router.get(
    "/{of}/document.{kind}",
    operation_id="exportSelfEvaluation",
    response_class=Response,
    responses=_FILES,
)
def export_evaluation(
    services: Served,
    actor: Exports,
    connection: Snapshot,
    at: Moment,
    of: EvaluationId,
    kind: EvaluationFileKind,
    variant: EvaluationVariant = "inside",
) -> Response:
    """A self-evaluation as a file."""
    sight = Sight(connection, at, actor)
    evaluation = reading.opened(sight, of)
    require(actor, "export")
    head = services.letterhead_at(connection, at.position)
    taken = at.taken_out(actor.display_name, services.clock.now(), head)
    body = live_file(services, sight, evaluation, variant, kind, taken)
    _note(services, actor, at, of, f"{variant}.{kind}", What.EXPORT)
    return download(body, f"{at.file_stamp}-self-evaluation.{kind}", at)


@router.get(
    "/{of}/copies/{number}/document.{kind}",
    operation_id="exportSelfEvaluationCopy",
    response_class=Response,
    responses=_FILES,
)
def export_copy(
    services: Served,
    actor: Exports,
    connection: Snapshot,
    at: Moment,
    of: EvaluationId,
    number: CopyNumber,
    kind: EvaluationFileKind,
    variant: EvaluationVariant = "outside",
) -> Response:
    """A frozen copy as a file: without names the same bytes for everybody and for ever. Small
    numbers stand in it; for readers outside there are copies of `for_outside`."""
    sight = Sight(connection, at, actor)
    copy = reading.copy_of(sight, of, number)
    require(actor, "export")
    body = copy_file(services, sight, copy, variant, kind)
    _note(services, actor, at, of, f"copy {number}, {variant}.{kind}", What.EXPORT)
    return download(body, f"{copy.as_at}-self-evaluation-copy-{number}.{kind}")


def _note(
    services: Served, actor: Any, at: Any, of: str, detail: str = "", what: What = What.VIEW
) -> None:
    access_notes.note(services, actor, what, f"self-evaluation:{of}", detail=detail, at=at)


def _figure(report: Chosen, query: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """The figure that the query and the body name, as it is now."""

    def given(
        change: Change,
        connection: Snapshot,
        at: Moment,
        report: Any,
        query: Any,
        figure: Annotated[str, Body()],
        row: Annotated[tuple[RowPart, ...], Body()] = (),
    ) -> dict[str, Any]:
        require(change.actor, reading.KEEP, Resource())
        sight = Sight(connection, at, change.actor)
        kept = proposed(sight, report, query)
        tied = making.figure_tied(change.services, sight, kept, figure, row)
        return {"asked": kept, "figure": figure, "row": row, **tied}

    given.__annotations__ |= {
        "report": Annotated[Any, Depends(report)],
        "query": Annotated[Any, Depends(query)],
    }
    return given


def _record(
    change: Change, connection: Snapshot, at: Moment, named: Annotated[str, Body(embed=True)]
) -> dict[str, Any]:
    """What the caller means, if they may see it."""
    require(change.actor, reading.KEEP, Resource())
    sight = Sight(connection, at, change.actor)
    return {"named": named, **making.record_named(sight, named)}


def _again(
    change: Change, connection: Snapshot, at: Moment, of: EvaluationId, claim: OwnClaim
) -> dict[str, Any]:
    """What moved behind the claim."""
    require(change.actor, reading.KEEP, Resource())
    sight = Sight(connection, at, change.actor)
    return making.looked_again(change.services, sight, of, claim)


def _sent(change: Change, connection: Snapshot, at: Moment, of: EvaluationId) -> dict[str, Any]:
    """The self-evaluation as it is made for its reviewer."""
    require(change.actor, reading.KEEP, Resource())
    return making.sent(change.services, Sight(connection, at, change.actor), of)


def _frozen(change: Change, connection: Snapshot, at: Moment, of: EvaluationId) -> dict[str, Any]:
    """The self-evaluation made again as it was sent for review."""
    require(change.actor, reading.READ)
    sight = Sight(connection, at, change.actor)
    return making.made_again(change.services, sight, of)


command_endpoint(router, "POST", "", handlers.start, located_by="evaluation")
command_endpoint(router, "POST", "/{of}/period", handlers.change, status=200)
command_endpoint(router, "POST", "/{of}/claims", handlers.make_claim)
command_endpoint(router, "PUT", "/{of}/claims/{claim}", handlers.change_claim)
command_endpoint(
    router, "POST", "/{of}/claims/{claim}/withdrawal", handlers.withdraw_claim, status=200
)
for operation, name, report, query in asked_alike():
    command_endpoint(
        router, "POST", f"/{{of}}/claims/{{claim}}/figures/{name}", handlers.tie_figure,
        operation_id=f"tie{operation.removeprefix('publish')}Figure",
        given=_figure(report, query),
    )  # fmt: skip
command_endpoint(router, "POST", "/{of}/claims/{claim}/records", handlers.tie_record, given=_record)
command_endpoint(
    router, "POST", "/{of}/claims/{claim}/evidence/{evidence}/untying", handlers.untie, status=200
)
command_endpoint(
    router, "POST", "/{of}/claims/{claim}/confirmation", handlers.confirm, given=_again, status=200
)
command_endpoint(router, "POST", "/{of}/review", handlers.send, given=_sent, status=200)
command_endpoint(router, "POST", "/{of}/return", handlers.send_back, status=200)
command_endpoint(router, "POST", "/{of}/copies", handlers.freeze, given=_frozen, status=201)

"""RAG scales: their published versions, and the mappings between them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import Path, Response

from api.json.deps import Body, Change, Moment, New, Reads, ReceiptOut, Snapshot
from api.json.routing import ApiRouter
from projections.plans import queries
from qa.authorisation.policy import require
from qa.core.errors import Conflict, NotFound
from qa.core.words import CODE
from qa.plans.commands import rag_scales
from qa.plans.events import scale_stream
from qa.plans.rag_scale import MappedLevel, RagScale, id_of

router = ApiRouter(prefix="/rag-scales", tags=["improvement plans"])

ScaleId = Annotated[str, Path(pattern=CODE, description="The id of the scale.")]


@router.get("", operation_id="listRagScales")
def list_scales(actor: Reads, connection: Snapshot, at: Moment) -> dict[str, Any]:
    """Every published version of every scale, and every mapping between two."""
    require(actor, "read-plan")
    held = queries.scales(connection, position=at.position)
    mapped = queries.mappings(connection, position=at.position)
    return {
        "position": at.shown,
        "scales": [{**scale.model_dump(), "key": scale.key} for scale in held.values()],
        "mappings": mapped,
    }


@router.record("/{scale}", operation_id="readRagScale")
def read_scale(
    actor: Reads, connection: Snapshot, at: Moment, scale: ScaleId, response: Response
) -> dict[str, Any]:
    """The versions of one scale."""
    require(actor, "read-plan")
    held = queries.scales(connection, [scale], position=at.position)
    if not held:
        raise NotFound("There is no such scale.")
    if not at.is_past:
        response.headers["ETag"] = f'"{queries.scale_version(connection, scale)}"'
    return {
        "position": at.shown,
        "scale": scale,
        "versions": [{**version.model_dump(), "key": key} for key, version in held.items()],
        "mappings": [
            one
            for one in queries.mappings(connection, position=at.position)
            if id_of(one.new) == scale
        ],
    }


@router.post("", status_code=201, operation_id="beginRagScale")
def begin_scale(new: New, body: RagScale) -> ReceiptOut:
    """Publish the first version of a scale."""
    done = rag_scales.publish(new.desk, scale=body, seen=0, **new.made(body))
    return new.receipt(done, scale_stream(body.id), location=body.id)


@router.post("/{scale}/versions", status_code=201, operation_id="publishRagScale")
def publish_scale(change: Change, scale: ScaleId, body: RagScale) -> ReceiptOut:
    """Publish the next version of a scale; those that stand never change."""
    if body.id != scale:
        raise Conflict("A scale keeps its code.", field="id", code="scale-code-changed")
    done = rag_scales.publish(change.desk, scale=body, **change.made(body))
    return change.receipt(done, scale_stream(scale))


class MappingIn(Body):
    old: str
    new: str
    levels: list[MappedLevel]
    since: date


@router.post("/{scale}/mappings", status_code=201, operation_id="mapRagScale")
def map_scale(change: Change, scale: ScaleId, body: MappingIn) -> ReceiptOut:
    """Say which level of a version of this scale each level of another one is taken for."""
    if id_of(body.new) != scale:
        raise Conflict("A mapping belongs to its new scale.", field="new", code="scale-other")
    done = rag_scales.map_levels(
        change.desk,
        old=body.old,
        new=body.new,
        levels=body.levels,
        since=body.since,
        **change.made(body),
    )
    return change.receipt(done, scale_stream(scale))

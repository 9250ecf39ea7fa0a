"""RAG scales: their published versions, and the mappings between them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import Call, NewRecord, tag
from api.json.routing import ApiRouter
from api.plans.schemas import OpenedRagScaleOut, RagScaleOut, RagScalesOut
from projections.plans import queries
from qa.authorisation.policy import require
from qa.core.errors import Conflict, NotFound
from qa.core.words import CODE
from qa.plans.handlers import rag_scales
from qa.plans.rag_scale import RagScale, id_of
from qa.store.unit import Receipt

router = ApiRouter(prefix="/rag-scales", tags=["improvement plans"])

ScaleId = Annotated[str, Path(pattern=CODE, description="The id of the scale.")]


@router.get("", operation_id="listRagScales")
def list_scales(call: Call) -> RagScalesOut:
    """Every published version of every scale, and every mapping between two."""
    require(call.actor, "read-plan")
    scales = queries.scales(call.connection, position=call.at.position)
    mapped = queries.mappings(call.connection, position=call.at.position)
    return RagScalesOut(
        position=call.at.shown, scales=[*map(RagScaleOut.of, scales.values())], mappings=mapped
    )


@router.record("/{scale}", operation_id="readRagScale")
def read_scale(call: Call, scale: ScaleId, response: Response) -> OpenedRagScaleOut:
    """The versions of one scale."""
    require(call.actor, "read-plan")
    scales = queries.scales(call.connection, [scale], position=call.at.position)
    if not scales:
        raise NotFound("There is no such scale.")
    tag(response, call.at, queries.scale_version(call.connection, scale))
    return OpenedRagScaleOut(
        position=call.at.shown,
        scale=scale,
        versions=[*map(RagScaleOut.of, scales.values())],
        mappings=[
            one
            for one in queries.mappings(call.connection, position=call.at.position)
            if id_of(one.new) == scale
        ],
    )


def _content(change: NewRecord, content: RagScale) -> dict[str, Any]:
    return {"content": content}


def _next(change: NewRecord, content: RagScale, scale: ScaleId) -> dict[str, Any]:
    if content.id != scale:
        raise Conflict("A scale keeps its code.", field="id", code="scale-code-changed")
    return {"content": content}


def _place(new: NewRecord, done: Receipt) -> None:
    new.response.headers["Location"] = (
        f"{new.request.url.path}/{id_of(str(done.response['scale']))}"
    )


command_endpoint(router, "POST", "", rag_scales.begin, given=_content, after=_place)
command_endpoint(router, "POST", "/{scale}/versions", rag_scales.publish, given=_next)
command_endpoint(router, "POST", "/{scale}/mappings", rag_scales.map_levels)

"""Carries out the commands on RAG scales."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.plans import rag_scale_decisions
from qa.plans.commands import BeginRagScale, MapRagScale, PublishRagScale, RagScaleMade
from qa.plans.events import scale_stream
from qa.plans.rag_scale import RagScale, id_of
from qa.plans.rag_scale_decisions import RagScales


def load_scales(work: Work, scale: str) -> RagScales:
    return work.unit.load(scale_stream(scale), rag_scale_decisions.evolve, RagScales())


def scale_version(work: Work, key: str, *, field: str = "scale") -> RagScale:
    """The published version with this key (``id@version``).

    Raises:
        Refused: there is none, at `field`.
    """
    return rag_scale_decisions.chosen_version(load_scales(work, id_of(key)), key, field=field)


@handles(BeginRagScale)
def begin(command: BeginRagScale, work: Work) -> RagScaleMade:
    work.require("keep-rag-scale")
    scales = load_scales(work, command.content.id)
    if scales.versions:
        work.unit.expect(scale_stream(command.content.id), 0)
    return _publish(work, scales, command.content)


@handles(PublishRagScale)
def publish(command: PublishRagScale, work: Work) -> RagScaleMade:
    work.authorise("keep-rag-scale")
    return _publish(work, load_scales(work, command.content.id), command.content)


def _publish(work: Work, scales: RagScales, scale: RagScale) -> RagScaleMade:
    decided = rag_scale_decisions.publish(scales, scale=scale)
    work.append(scale_stream(scale.id), *decided)
    return RagScaleMade(scale=scale.key)


@handles(MapRagScale)
def map_levels(command: MapRagScale, work: Work) -> None:
    work.require("run-plan")
    rag_scale_decisions.of_scale(command)
    old = scale_version(work, command.old, field="old")
    new = scale_version(work, command.new, field="new")
    work.expect_seen()
    decided = rag_scale_decisions.map_levels(load_scales(work, new.id), command, old=old, new=new)
    work.append(scale_stream(new.id), *decided)

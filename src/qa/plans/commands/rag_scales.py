"""Commands on RAG scales."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.authorisation.context import Desk, Once, Work, command
from qa.core.words import Actor
from qa.plans import rag_scale_decisions
from qa.plans.events import scale_stream
from qa.plans.rag_scale import MappedLevel, RagScale, id_of
from qa.plans.rag_scale_decisions import RagScales
from qa.store.unit import Receipt


def load_scales(work: Work, scale: str) -> RagScales:
    return work.unit.load(scale_stream(scale), rag_scale_decisions.evolve, RagScales())


def scale_version(work: Work, key: str, *, field: str) -> RagScale:
    """The published version with this key (``id@version``).

    Raises:
        Refused: there is none, at `field`.
    """
    return rag_scale_decisions.chosen_version(load_scales(work, id_of(key)), key, field=field)


@command
def publish(
    desk: Desk,
    *,
    scale: RagScale,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Publish the next version of a scale. The response holds its ``scale`` key.

    Raises:
        Refused: the version is not the next one, or is what stands already.
    """
    with desk.work(by, once=once) as work:
        work.require("run-plan")
        state = load_scales(work, scale.id)
        work.unit.expect(scale_stream(scale.id), seen)
        work.append(scale_stream(scale.id), *rag_scale_decisions.publish(state, scale=scale))
        work.unit.respond(scale=scale.key)
    return work.receipt


@command
def map_levels(
    desk: Desk,
    *,
    old: str,
    new: str,
    levels: Sequence[MappedLevel],
    since: date,
    seen: int | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Say which level of the version `new` each level of `old` is taken for, from `since` on.

    `seen` is the version of the stream of the new scale.

    Raises:
        Refused: every fault, by the place of the level.
    """
    with desk.work(by, once=once) as work:
        work.require("run-plan")
        older = scale_version(work, old, field="old")
        newer = scale_version(work, new, field="new")
        state = load_scales(work, newer.id)
        work.unit.expect(scale_stream(newer.id), seen)
        decided = rag_scale_decisions.map_levels(
            state, old=older, new=newer, levels=levels, since=since
        )
        work.append(scale_stream(newer.id), *decided)
    return work.receipt

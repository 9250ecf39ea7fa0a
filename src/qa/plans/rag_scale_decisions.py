"""Decisions on RAG scales: publishing a version, and saying what levels of two versions share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from qa.core.errors import Conflict, Fault, NotFound, NotNow, Refused, refuse_any
from qa.core.event import Event, RecordedEvent
from qa.plans import events
from qa.plans.commands import MapRagScale
from qa.plans.rag_scale import RagLevel, RagScale, id_of


@dataclass(frozen=True, slots=True)
class RagScales:
    """Every version of one scale, with the import batch that brought it, and the mappings onto it:
    (old key, new key, since)."""

    versions: Mapping[int, RagScale] = field(default_factory=dict)
    mapped: frozenset[tuple[str, str, date]] = frozenset()
    brought: Mapping[int, str] = field(default_factory=dict)

    @property
    def latest(self) -> int:
        return max(self.versions, default=0)

    def version(self, key: str) -> RagScale:
        """The version with this key. Raises `NotFound` for one that was never published."""
        for scale in self.versions.values():
            if scale.key == key:
                return scale
        raise NotFound("There is no such version of a scale.")


def evolve(state: RagScales, recorded: RecordedEvent[Any]) -> RagScales:
    match recorded.event:
        case events.RagScalePublished(scale=scale):
            source = recorded.meta.source
            brought = {scale.version: "" if source is None else source.batch}
            return replace(
                state,
                versions={**state.versions, scale.version: scale},
                brought={**state.brought, **brought},
            )
        case events.RagScaleWithdrawn() as event:
            left = {key: one for key, one in state.versions.items() if key != event.version}
            return replace(state, versions=left)
        case events.RagScaleMapped() as event:
            mapped = state.mapped | {(event.old, event.new, event.since)}
            return replace(state, mapped=mapped)
        case _:
            return state


def publish(scales: RagScales, *, scale: RagScale) -> list[Event]:
    """Publish the next version of a scale; versions that stand never change.

    Raises:
        Refused: the version is not the next one, or is what stands already.
    """
    due = scales.latest + 1
    if scale.version != due:
        sentence = f"The next version of this scale is {due}; a published one never changes."
        raise Refused(sentence, field="version", code="scale-version")
    latest = scales.versions.get(scales.latest)
    if latest is not None and latest == scale.model_copy(update={"version": latest.version}):
        sentence = f"This is version {latest.version} again: nothing is different."
        raise Refused(sentence, field="levels", code="scale-same")
    return [events.RagScalePublished(scale=scale)]


def of_scale(command: MapRagScale) -> None:
    """Raises `Conflict` for a mapping onto another scale."""
    if id_of(command.new) != command.scale:
        raise Conflict("A mapping belongs to its new scale.", field="new", code="scale-other")


def map_levels(
    scales: RagScales, command: MapRagScale, *, old: RagScale, new: RagScale
) -> list[Event]:
    """Say which level of `new` a level of `old` may be taken for, from a day on.

    A level that is left out stays without a counterpart. `scales` are those of the new scale.

    Raises:
        Refused: every fault, by the place of the level.
    """
    faults, since, levels = command.faults(), command.since, command.levels
    if old.key == new.key:
        faults.append(Fault("new", "mapping-same", "Choose two different versions."))
    if (old.key, new.key, since) in scales.mapped:
        sentence = "These two are mapped from that day already; choose a later day."
        faults.append(Fault("since", "mapping-known", sentence))
    if not levels:
        faults.append(Fault("levels", "mapping-empty", "Map at least one level."))
    seen: set[str] = set()
    for at, level in enumerate(levels):
        for side, scale, code in (("old", old, level.old), ("new", new, level.new)):
            if not _ranked(scale.level(code)):
                sentence = f"{scale.name} has no rated level “{code}”."
                faults.append(Fault(f"levels.{at}.{side}", "level-unknown", sentence))
        if level.old in seen:
            sentence = f"“{level.old}” is mapped twice."
            faults.append(Fault(f"levels.{at}.old", "level-twice", sentence))
        seen.add(level.old)
    refuse_any(faults)
    return [events.RagScaleMapped(old=old.key, new=new.key, levels=levels, since=since)]


def _ranked(level: RagLevel | None) -> bool:
    return level is not None and level.rank is not None


def bring(scales: RagScales, *, scale: RagScale) -> list[Event]:
    """Publish a version that a file states; nothing where the very same one is published.

    Raises:
        Refused: this version is on record otherwise, or is not the next one.
    """
    known = scales.versions.get(scale.version)
    if known is None:
        return publish(scales, scale=scale)
    if known != scale:
        raise Refused(
            f"Version {scale.version} of this scale is on record with other levels. A "
            f"published version never changes: give this one the number {scales.latest + 1}.",
            field="version",
            code="already-imported-otherwise",
        )
    return []


def chosen_version(scales: RagScales, key: str, *, field: str) -> RagScale:
    """The published version with this key. Raises `Refused` at `field` where there is none."""
    found = next((scale for scale in scales.versions.values() if scale.key == key), None)
    if found is None:
        sentence = "Choose a published version of a scale."
        raise Refused(sentence, field=field, code="scale-unknown")
    return found


def take_back(scales: RagScales, batch: str, *, in_use: Callable[[str], bool]) -> list[Event]:
    """Take back the version that a batch brought.

    Raises:
        NotNow: a plan is or was rated on it, levels are mapped from or to it, or a later version
            follows it.
    """
    latest = scales.versions.get(scales.latest)
    if batch not in {scales.brought[version] for version in scales.versions}:
        return []
    if latest is None or scales.brought[latest.version] != batch or in_use(latest.key):
        raise NotNow(
            "This version of the scale stays: a plan is or was rated on it, or another version "
            "follows it. Publish its next version where it has to change.",
            code="scale-in-use",
        )
    return [events.RagScaleWithdrawn(version=latest.version)]

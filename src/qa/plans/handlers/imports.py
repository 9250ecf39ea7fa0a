"""Commands that bring in improvement plans kept elsewhere: scales, parts and actions.

The rows come checked by the reader of the file; here they meet what is already on record. One unit
of work takes the whole file, so that it is in or it is not, and the same file twice adds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from qa.authorisation.context import Desk, Once, Work, command
from qa.core.due_dates import Stage
from qa.core.errors import Fault, NotFound, refuse_any
from qa.core.event import Event, Source
from qa.core.words import Actor, Resource
from qa.imports.commands.batches import File, close_batch
from qa.imports.decisions import differs
from qa.imports.rows import imported_id
from qa.plans import action_events, decisions, rag_scale_decisions
from qa.plans import events as plan_events
from qa.plans import state as plan_state
from qa.plans.action_events import plan_action_stream
from qa.plans.commands import OpenPlan
from qa.plans.events import PlanSource, plan_stream, scale_stream
from qa.plans.handlers.on_record import HeldPlan, held_action, held_plan
from qa.plans.handlers.plans import plan_beside
from qa.plans.handlers.rag_scales import load_scales, scale_version
from qa.plans.rag_scale import RagScale
from qa.plans.state import ImprovementPlan
from qa.store.unit import Receipt


def imported_plan_id(title: str) -> str:
    """The id of the plan that a file opens under this title."""
    return imported_id("plan", title)


def imported_measure_id(action: str, named: str) -> str:
    """The id of a measure of an action that a file names by its reference or its words."""
    return imported_id("measure", action, named)


@command
def import_scale(
    desk: Desk, *, file: File, scale: RagScale, by: Actor, once: Once | None = None
) -> Receipt:
    """Publish a version of a scale from a file, unless the very same one is published.

    Raises:
        Refused: this version is on record otherwise, or is not the next one.
    """
    with desk.work(by, once=once) as work:
        work.require("import", Resource())
        batch = work.new_id()
        held = load_scales(work, scale.id)
        decided = rag_scale_decisions.bring(held, scale=scale)
        work.append(scale_stream(scale.id), *decided, source=file.source(batch, 0))
        levels = len(scale.levels)
        new, already = (levels, 0) if decided else (0, levels)
        close_batch(work, batch, "rag-scale", file, new, already)
    return work.receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedLine:
    """One row: the parts it names, (tier, reference, title) from the top downwards, and, where
    `reference` is not blank, the action under the last of them. `sources` are the action's, else
    those of the last part."""

    row: int
    parts: Sequence[tuple[str, str, str]]
    part_leads: tuple[str, ...] = ()
    reference: str = ""
    title: str = ""
    leads: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    sources: tuple[PlanSource, ...] = ()
    measures: tuple[str, ...] = ()
    implied: bool = False


@dataclass
class _Building:
    """The plan while its rows come in: parts by (tier, reference), and what is to be recorded."""

    work: Work
    state: ImprovementPlan
    held: HeldPlan
    parts: dict[tuple[str, str], str] = field(default_factory=dict)
    under: dict[str, str | None] = field(default_factory=dict)
    titles: dict[str, frozenset[str]] = field(default_factory=dict)
    events: list[tuple[int, Event]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    brought: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        for part, known in self.state.parts.items():
            if known.open:
                self.parts[known.tier, known.reference] = part
                self.under[part] = known.under
                self.titles[part] = self.held.titles.get(part, frozenset({known.title}))


@command
def import_plan(
    desk: Desk,
    *,
    file: File,
    plan: str | None,
    opening: OpenPlan | None,
    lines: Sequence[ImportedLine],
    since: date | None = None,
    by: Actor,
    once: Once | None = None,
) -> Receipt:
    """Bring in parts and actions of a plan, which is opened as `opening` says where `plan` is None.

    `since` is the day from which the actions hold: that of the plan where it is left out. The
    response holds ``plan`` beside the counts of rows.

    Raises:
        NotFound, NotNow: no such plan, or it is closed.
        Refused: what the plan lacks to be opened, or rows that are on record otherwise.
    """
    with desk.work(by, once=once) as work:
        work.require("import", Resource())
        batch = work.new_id()
        if plan is None:
            state = _open(work, opening, file.source(batch, 0))
            build = _Building(work, state, HeldPlan())
        else:
            state = plan_beside(work, plan)
            decisions.open_still(state)
            build = _Building(work, state, held_plan(work, plan))
        actions = [
            (line.row, event)
            for line in lines
            if (event := _line(build, line, since or state.since)) is not None
        ]
        refuse_any(build.faults)
        for row, part in build.events:
            work.append(plan_stream(state.id), part, source=file.source(batch, row))
        measured = {line.row: line.measures for line in lines}
        for row, event in actions:
            events: list[Event] = [event]
            events += [
                action_events.SuccessMeasureSet(
                    measure=imported_measure_id(event.action, text), text=text
                )
                for text in measured[row]
            ]
            work.append(
                plan_action_stream(event.action),
                *events,
                effective_on=event.since,
                source=file.source(batch, row),
            )
            build.brought.add(row)
        new = len(build.brought)
        close_batch(work, batch, "plan", file, new, len(lines) - new)
        work.unit.respond(plan=state.id)
    return work.receipt


def _open(work: Work, opening: OpenPlan | None, source: Source) -> ImprovementPlan:
    """Record that the plan is opened; the plan as that leaves it."""
    if opening is None:
        raise NotFound("There is no such improvement plan.")
    plan = imported_plan_id(opening.title.strip())
    if work.unit.load(plan_stream(plan), plan_state.evolve, ImprovementPlan()).id:
        plan = work.new_id()  # one of this title was closed
    scale_version(work, opening.scale)
    (event,) = decisions.open_plan(opening, plan=plan, today=work.today)
    assert isinstance(event, plan_events.ImprovementPlanOpened)
    work.append(plan_stream(plan), event, effective_on=event.since, source=source)
    return ImprovementPlan(
        id=plan,
        since=event.since,
        tiers=event.tiers,
        scales=((event.since, event.scale),),
        rules=event.rules,
    )


def _line(
    build: _Building, line: ImportedLine, since: date
) -> action_events.PlanActionAgreed | None:
    """Add the parts that a row names; the action of the row, unless it is on record."""
    under: str | None = None
    for at, (tier, reference, title) in enumerate(line.parts):
        last = at == len(line.parts) - 1
        sources = line.sources if last and not line.reference else ()
        leads = line.part_leads if last else ()
        under = _part(build, line.row, tier, reference, title, under, leads, sources)
    if not line.reference or under is None:
        return None
    work, plan = build.work, build.state.id
    known = work.desk.lookups.plan_action_with_reference(work.unit.connection, plan, line.reference)
    action = known or imported_id("plan-action", plan, line.reference)
    held = held_action(work, action).agreed
    if known is None and held is not None:
        action = work.new_id()  # one of this reference left the plan
    event = action_events.PlanActionAgreed(
        action=action,
        plan=plan,
        part=under,
        reference=line.reference,
        title=line.title,
        since=since,
        leads=line.leads,
        responsible=line.responsible,
        stages=line.stages,
        sources=line.sources,
        implied=line.implied,
    )
    if known is not None:
        if held is None or _content(held) != _content(event):
            build.faults.append(differs(line.row, "reference", line.reference))
        return None
    return event


def _content(event: action_events.PlanActionAgreed) -> Mapping[str, object]:
    return event.model_dump(exclude={"action", "since", "group", "lineage"})


def _part(
    build: _Building,
    row: int,
    tier: str,
    reference: str,
    title: str,
    under: str | None,
    leads: tuple[str, ...],
    sources: tuple[PlanSource, ...],
) -> str:
    """The id of a part, which is added where the plan has none of this reference on the tier."""
    held = build.parts.get((tier, reference))
    if held is not None:
        moved = under is not None and build.under[held] != under
        if moved or (title and title not in build.titles[held]):
            build.faults.append(differs(row, "part", reference))
        return held
    part = imported_id("part", build.state.id, tier, reference)
    if part in build.state.parts:
        part = build.work.new_id()  # one of this reference left the plan
    if tier not in build.state.tiers:
        sentence = f"This plan has no tier “{tier}”. It has: {', '.join(build.state.tiers)}."
        build.faults.append(Fault("part", "tier-unknown", sentence, row=row, value=tier))
    event = plan_events.PlanPartAdded(
        part=part,
        tier=tier,
        reference=reference,
        title=title or f"{tier} {reference}",
        under=under,
        leads=leads,
        sources=sources,
    )
    build.parts[tier, reference] = part
    build.under[part], build.titles[part] = under, frozenset({event.title})
    build.events.append((row, event))
    build.brought.add(row)
    return part

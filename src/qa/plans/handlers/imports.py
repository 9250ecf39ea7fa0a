"""Improvement plans kept elsewhere: scales, parts and actions that files state.

The rows come checked by the reader of the file; here they meet what is already on record. One unit
of work takes the whole file, so that it is in or it is not, and the same file twice adds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.core.carry import carry
from qa.core.command import Command
from qa.core.due_dates import Stage
from qa.core.errors import Fault, NotFound, NotNow, Refused, refuse_any
from qa.core.event import Event, Source
from qa.core.fields import FieldWords
from qa.core.words import Resource
from qa.imports.changes import changed_cells, differs, speaks_of
from qa.imports.commands.batches import BatchMade, File, close_batch
from qa.imports.rows import imported_id
from qa.plans import (
    action_decisions,
    action_events,
    action_state,
    decisions,
    rag_scale_decisions,
    rescheduling,
)
from qa.plans import events as plan_events
from qa.plans import state as plan_state
from qa.plans.action_commands import AskPlanDates, LeadPlanAction, RewordPlanAction
from qa.plans.action_events import plan_action_stream
from qa.plans.action_state import PlanAction
from qa.plans.commands import OpenPlan
from qa.plans.events import PlanSource, plan_stream, scale_stream
from qa.plans.handlers.on_record import PlanOnRecord, action_on_record, plan_on_record
from qa.plans.handlers.plans import plan_beside
from qa.plans.handlers.rag_scales import load_scales, scale_version
from qa.plans.rag_scale import RagScale
from qa.plans.state import ImprovementPlan


def imported_plan_id(title: str) -> str:
    """The id of the plan that a file opens under this title."""
    return imported_id("plan", title)


def imported_measure_id(action: str, named: str) -> str:
    """The id of a measure of an action that a file names by its reference or its words."""
    return imported_id("measure", action, named)


class ImportRagScale(Command, result=BatchMade):
    """Publish a version of a scale from a file, unless the very same one is published."""

    file: Annotated[File, FieldWords(label="File")]
    scale: Annotated[RagScale, FieldWords(label="Scale")]


@handles(ImportRagScale)
def import_scale(command: ImportRagScale, work: Work) -> BatchMade:
    work.require("import", Resource())
    file, scale, batch = command.file, command.scale, work.new_id()
    scales = load_scales(work, scale.id)
    decided = rag_scale_decisions.bring(scales, scale=scale)
    work.append(scale_stream(scale.id), *decided, source=file.source(batch, 0))
    levels = len(scale.levels)
    new, already = (levels, 0) if decided else (0, levels)
    return close_batch(work, batch, "rag-scale", file, new, already)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedLine:
    """One row: the parts it names, (tier, reference, title) from the top downwards, and, where
    `reference` is not blank, the action under the last of them, which began on the day `since`.
    `sources` are the action's, else those of the last part."""

    row: int
    parts: Sequence[tuple[str, str, str]]
    part_leads: tuple[str, ...] = ()
    reference: str = ""
    title: str = ""
    leads: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    since: date | None = None
    stages: tuple[Stage, ...] = ()
    sources: tuple[PlanSource, ...] = ()
    measures: tuple[str, ...] = ()
    implied: bool = False


class PlanBatchMade(BatchMade):
    """What came of a file of a plan, with the id of the plan."""

    plan: str


class ImportPlan(Command, result=PlanBatchMade):
    """Import parts and actions of a plan, which is opened as `opening` says where `plan` is None.

    `since` is the day from which the actions hold of which no row says it: that of the plan where
    it is left out. The file says nothing of fields that are not in `columns`.
    """

    file: Annotated[File, FieldWords(label="File")]
    plan: Annotated[str | None, FieldWords(label="Plan")]
    opening: Annotated[OpenPlan | None, FieldWords(label="Opening")]
    lines: Annotated[tuple[ImportedLine, ...], FieldWords(label="Rows")]
    since: Annotated[date | None, FieldWords(label="Since")] = None
    columns: Annotated[tuple[str, ...] | None, FieldWords(label="Columns")] = None


@dataclass
class _Building:
    """The plan while its rows come in: parts by (tier, reference), and what is to be recorded."""

    work: Work
    command: ImportPlan
    state: ImprovementPlan
    on_record: PlanOnRecord
    parts: dict[tuple[str, str], str] = field(default_factory=dict)
    under: dict[str, str | None] = field(default_factory=dict)
    titles: dict[str, frozenset[str]] = field(default_factory=dict)
    events: list[tuple[int, Event]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    brought: set[int] = field(default_factory=set)
    corrected: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        for part, known in self.state.parts.items():
            if known.open:
                self.parts[known.tier, known.reference] = part
                self.under[part] = known.under
                self.titles[part] = self.on_record.titles.get(part, frozenset({known.title}))


@handles(ImportPlan)
def import_plan(command: ImportPlan, work: Work) -> PlanBatchMade:
    work.require("import", Resource())
    file, batch = command.file, work.new_id()
    if command.plan is None:
        state = _open(work, command.opening, file.source(batch, 0))
        build = _Building(work, command, state, PlanOnRecord())
    else:
        state = plan_beside(work, command.plan)
        decisions.open_still(state)
        build = _Building(work, command, state, plan_on_record(work, command.plan))
    actions = [(line, _line(build, line)) for line in work.each(command.lines)]
    refuse_any(build.faults)
    for row, part in build.events:
        reason = file.corrects if row in build.corrected else None
        work.append(plan_stream(state.id), part, reason=reason, source=file.source(batch, row))
    for line, (action, events) in actions:
        if not events:
            continue
        first = events[0]
        agreed = isinstance(first, action_events.PlanActionAgreed)
        work.append(
            plan_action_stream(action),
            *events,
            effective_on=first.since if isinstance(first, action_events.PlanActionAgreed) else None,
            reason=None if agreed else file.corrects,
            source=file.source(batch, line.row),
        )
        (build.brought if agreed else build.corrected).add(line.row)
    new, corrected = len(build.brought), len(build.corrected - build.brought)
    left = len(command.lines) - new - corrected
    made = close_batch(work, batch, "plan", file, new, left, corrected)
    return PlanBatchMade(**dict(made), plan=state.id)


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
    return carry(ImprovementPlan, event, id=plan, scales=((event.since, event.scale),))


def _line(build: _Building, line: ImportedLine) -> tuple[str, Sequence[Event]]:
    """Add the parts that a row names; the action of the row with what the row brings to it."""
    under: str | None = None
    for at, (tier, reference, title) in enumerate(line.parts):
        last = at == len(line.parts) - 1
        sources = line.sources if last and not line.reference else ()
        leads = line.part_leads if last else ()
        under = _part(build, line.row, tier, reference, title, under, leads, sources)
    if not line.reference:
        return "", ()
    work, plan = build.work, build.state.id
    known = work.desk.lookups.plan_action_with_reference(work.unit.connection, plan, line.reference)
    action = known or imported_id("plan-action", plan, line.reference)
    agreed = action_on_record(work, action).agreed
    if under is None:
        under = _whole(build, line.row) if known is None or agreed is None else agreed.part
    since = line.since or build.command.since or build.state.since
    if known is not None and agreed is not None and line.since is None:
        since = agreed.since
    build.faults += [
        replace(fault, row=line.row, column="since")
        for fault in action_decisions.begins(build.state, since, work.today)
    ]
    if known is None and agreed is not None:
        action = work.new_id()  # one of this reference left the plan
    event = carry(
        action_events.PlanActionAgreed, line, action=action, plan=plan, part=under, since=since
    )
    if known is not None:
        try:
            return known, _again(build, line, agreed, event)
        except (Refused, NotNow) as error:
            faults = error.faults if isinstance(error, Refused) else ()
            faults = faults or (Fault("reference", error.code, str(error)),)
            build.faults += [replace(f, row=line.row, column=f.column or f.field) for f in faults]
            return known, ()
    measures = [
        action_events.SuccessMeasureSet(measure=imported_measure_id(action, text), text=text)
        for text in line.measures
    ]
    return action, [event, *measures]


_LED = ("leads", "responsible")
_FIXED = {
    "part": "another part",
    "since": "another start date",
    "sources": "another source",
    "implied": "another answer to “Known only from a count”",
}
"""What no file changes of an action, with the words for it being otherwise."""


def _again(
    build: _Building,
    line: ImportedLine,
    agreed: action_events.PlanActionAgreed | None,
    event: action_events.PlanActionAgreed,
) -> Sequence[Event]:
    """What a row brings to an action that is on record: nothing where it states it in the words in
    which it was agreed or now stands.

    Raises:
        Refused, NotNow: it states it otherwise, and the file does not correct; or the rules for
            what changed refuse it. Other dates are asked for, and somebody else grants them.
    """
    work, file = build.work, build.command.file
    state = work.unit.load(plan_action_stream(event.action), action_state.evolve, PlanAction())
    columns = build.command.columns
    new_dates = [request.new for request in state.requests.values()]
    cells = []
    for name in ("title", *_LED, "stages", *_FIXED):
        if not speaks_of(columns, "due" if name == "stages" else name):
            continue
        now, new = getattr(state, name, getattr(agreed, name, None)), getattr(event, name)
        first = None if agreed is None else getattr(agreed, name)
        if new not in (first, now, *(new_dates if name == "stages" else ())):
            cells += changed_cells({name: now}, {name: new})
    if not cells:
        return ()
    changed = {cell.field for cell in cells}
    fixed = [words for name, words in _FIXED.items() if name in changed]
    if fixed:
        sentence = (
            f"{line.reference} is on record with {' and '.join(fixed)}: no file changes that."
        )
        raise Refused(sentence, field="reference", code="action-fixed")
    if not file.corrects:
        raise Refused([differs(line.row, "reference", line.reference, cells)])
    found: list[Event] = []
    if "title" in changed:
        wanted = RewordPlanAction(action=state.id, title=event.title, reason=file.corrects)
        found += action_decisions.reword(state, wanted)
    if changed & set(_LED):
        led = {n: getattr(event if n in changed else state, n) for n in _LED}
        found += action_decisions.lead(state, LeadPlanAction(action=state.id, **led))
    if "stages" in changed:
        dates = AskPlanDates(action=state.id, new=event.stages, reason=file.corrects)
        found += rescheduling.ask(state, dates, request=work.new_id())
    return found


WHOLE = "All actions"
"""The part that actions stand under of which no file names one."""


def _whole(build: _Building, row: int) -> str:
    """The one part of the plan; where it has none yet, one for all actions is added."""
    if len(build.under) == 1:
        return next(iter(build.under))
    if build.under:
        sentence = "The plan has several parts: say which of them the action belongs to."
        build.faults.append(Fault("part", "part-missing", sentence, row))
        return next(iter(build.under))
    return _part(build, row, build.state.tiers[-1], "1", WHOLE, None, (), ())


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
    known = build.parts.get((tier, reference))
    if known is not None:
        moved = under is not None and build.under[known] != under
        if not moved and (not title or title in build.titles[known]):
            return known
        old = build.state.parts[known].title if known in build.state.parts else ""
        if moved:
            sentence = f"{tier} {reference} stands under another part: no file changes that."
            build.faults.append(Fault("part", "part-elsewhere", sentence, row, "part", reference))
            return known
        if not old:
            sentence = f"An earlier row gives {tier} {reference} another title."
            fault = Fault("part", "duplicate-reference", sentence, row, "part", reference)
            build.faults.append(fault)
            return known
        if not build.command.file.corrects:
            cells = changed_cells({"part_title": old}, {"part_title": title})
            build.faults.append(differs(row, "part", reference, cells))
            return known
        build.events.append((row, plan_events.PlanPartReworded(part=known, old=old, new=title)))
        build.titles[known] |= {title}
        build.corrected.add(row)
        return known
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

"""A small improvement plan for tests: by its commands, or as events told from scratch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy.engine import Connection

from api.imports.about import AboutPlan
from api.imports.answers import ImportAnswers
from api.imports.reading import read_sheet
from api.imports.run import ImportChoices, Kind, run
from api.plans.importers.meant import find_plan
from projections.core import recount
from projections.plans.projector import ImprovementPlans
from projections.plans.queries import read
from projections.plans.record import ActionRecord, PlanRecord
from qa.authorisation.handling import CommandHandler
from qa.core.due_dates import Due, Stage
from qa.core.event import Event, Meta, RecordedEvent
from qa.core.words import Actor
from qa.imports.reversal_commands import ReverseImport
from qa.imports.reversal_handlers import reverse_import
from qa.plans import action_events, events
from qa.plans.action_events import plan_action_stream
from qa.plans.commands import BeginRagScale, OpenPlan
from qa.plans.events import plan_stream, scale_stream
from qa.plans.handlers import actions, board_meetings, plans, rag_scales, reviews
from qa.plans.rag_scale import RagLevel, RagScale, id_of
from qa.plans.status_rules import StatusRules
from tests.support.council import Council

T = TypeVar("T")


def level(code: str, rank: int | None, **values: Any) -> RagLevel:
    return RagLevel(code=code, label=code.title(), rank=rank, meaning=f"It is {code}.", **values)


FOUR = RagScale(
    id="four-colours",
    version=1,
    name="Four colours",
    levels=(
        level("red", 1, colour="red"),
        level("amber", 2, colour="yellow"),
        level("green", 3, colour="green"),
        level("blue", 4, colour="blue", met=True, final=True, evidence=True),
        level("not-rated", None),
    ),
)
THREE = RagScale(
    id="four-colours",
    version=2,
    name="Four colours",
    levels=(
        level("red", 1, colour="red"),
        level("amber", 2, colour="yellow"),
        level("green", 3, colour="green", met=True, final=True),
    ),
)


def on(day: date, label: str = "") -> Stage:
    return Stage(label=label, due=Due(kind="day", on=day))


def month(first: date) -> Stage:
    return Stage(due=Due(kind="month", on=first))


@dataclass
class Kept:
    """A plan that is kept by commands: `lead` says who acts."""

    council: Council
    plan: str = ""
    parts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def opened(cls, council: Council, *, since: date = date(2025, 4, 1)) -> Kept:
        desk, by = council.services.desk, council.actor("lead")
        rag_scales.begin(desk, BeginRagScale(content=FOUR), by=by)
        asked = OpenPlan(
            title="Getting to good",
            board="Improvement board",
            tiers=("Ambition", "Priority"),
            scale=FOUR.key,
            since=since,
        )
        done = plans.open_plan(desk, asked, by=by)
        kept = cls(council, str(done.response["plan"]))
        kept.part("1")
        kept.part("2")
        return kept

    @property
    def lead(self) -> Actor:
        return self.council.actor("lead")

    def do(
        self,
        handler: CommandHandler[Any],
        who: str = "lead",
        seen: int | None = None,
        **asked: Any,
    ) -> Any:
        """Carry out a command; the one thing that it answers with."""
        desk, by = self.council.services.desk, self.council.actor(who)
        done = handler(desk, handler.command(**asked), by=by, seen=seen)
        return next(iter(done.response.values()), None)

    def part(self, reference: str, tier: str = "Ambition", under: str | None = None) -> str:
        made = self.do(
            plans.add_part,
            plan=self.plan,
            tier=tier,
            reference=reference,
            title=f"Part {reference}",
            under=None if under is None else self.parts[under],
        )
        self.parts[reference] = str(made)
        return str(made)

    def action(
        self, reference: str, *stages: Stage, since: date | None = None, part: str | None = None
    ) -> str:
        made = self.do(
            actions.agree,
            plan=self.plan,
            part=self.parts[part or reference.partition(".")[0]],
            reference=reference,
            title=f"Do {reference}",
            leads=("Head of quality",),
            stages=stages,
            since=since,
        )
        return str(made)

    def rate(self, action: str, level: str | None, as_at: date | None = None, **said: Any) -> str:
        made = self.do(reviews.assess, action=action, level=level, as_at=as_at, **said)
        return str(made)

    def meet(self, day: date, *, hold: bool = True) -> str:
        made = self.do(board_meetings.call, plan=self.plan, on=day, title="Board")
        if hold:
            self.do(board_meetings.hold, plan=self.plan, meeting=made)
        return str(made)

    def record(self, position: int | None = None) -> PlanRecord:
        with self.council.services.store.reading() as connection:
            found = read(connection, self.plan, position=position)
        assert found is not None
        return found


@dataclass
class Told:
    """A plan as events alone, folded in memory; `at` dates what is said from then on."""

    day: date = date(2020, 9, 1)
    events: list[RecordedEvent[Any]] = field(default_factory=list)
    _versions: dict[str, int] = field(default_factory=dict)

    def say(self, stream: str, *said: Event, reason: str | None = None, by: str = "lead") -> Told:
        for event in said:
            self._versions[stream] = self._versions.get(stream, 0) + 1
            position = len(self.events) + 1
            meta = Meta(
                fact_id=f"f{position}",
                effective_on=self.day,
                by=by,
                in_role="qa-lead",
                correlation_id="c",
                reason=reason,
            )
            told = datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(minutes=position)
            self.events.append(
                RecordedEvent(position, stream, self._versions[stream], told, meta, event)
            )
        return self

    def scale(self, *versions: RagScale) -> Told:
        for version in versions:
            self.say(scale_stream(id_of(version.key)), events.RagScalePublished(scale=version))
        return self

    def plan(self, scale: RagScale = FOUR, parts: Iterable[str] = ("1", "2")) -> Told:
        opened = events.ImprovementPlanOpened(
            plan="p",
            title="Plan",
            board="Board",
            tiers=("Ambition",),
            scale=scale.key,
            since=self.day,
            rules=StatusRules(version=1),
        )
        self.say(plan_stream("p"), opened)
        for part in parts:
            added = events.PlanPartAdded(part=part, tier="Ambition", reference=part, title=part)
            self.say(plan_stream("p"), added)
        return self

    def action(
        self, reference: str, *stages: Stage, since: date | None = None, lineage: Sequence[str] = ()
    ) -> Told:
        agreed = action_events.PlanActionAgreed(
            action=reference,
            plan="p",
            part=reference.partition(".")[0],
            reference=reference,
            title=f"Do {reference}",
            since=since or self.day,
            stages=stages,
            lineage=tuple(lineage),
        )
        return self.say(plan_action_stream(reference), agreed)

    def of(self, action: str, *said: Event, reason: str | None = None) -> Told:
        return self.say(plan_action_stream(action), *said, reason=reason)

    def rate(self, action: str, level: str | None, day: date | None = None, **said: Any) -> Told:
        given = action_events.PlanActionAssessed(
            assessment=f"a{len(self.events) + 1}",
            as_at=day or self.day,
            scale=said.pop("scale", FOUR).key,
            level=level,
            **said,
        )
        return self.of(action, given)

    def redate(self, action: str, old: Sequence[Stage], new: Sequence[Stage]) -> Told:
        asked = {"request": f"r{len(self.events) + 1}", "old": tuple(old), "new": tuple(new)}
        return self.of(
            action,
            action_events.PlanActionRescheduleAsked(**asked),
            action_events.PlanActionRescheduled(**asked),
            reason="A partner is late.",
        )

    def ask(self, question: Callable[[Connection], T], upto: int | None = None) -> T:
        """What a query finds where only these events (up to the position `upto`) are told."""
        told = [event for event in self.events if upto is None or event.position <= upto]
        return recount.alone([ImprovementPlans()], told, question)

    def record(self, upto: int | None = None) -> PlanRecord:
        found = self.ask(lambda connection: read(connection, "p"), upto)
        assert found is not None
        return found


def level_rows(*levels: tuple[str, ...]) -> dict[str, Any]:
    """The form of a scale with a row for each level: name, colour, meaning, claim, counts."""
    fields: dict[str, Any] = {}
    for at, (label, colour, meaning, claims, *counts) in enumerate(levels, 1):
        typed = {"label": label, "colour": colour, "meaning": meaning, "claims": claims}
        fields |= {f"{name}-{at}": text for name, text in typed.items()} | {f"counts-{at}": counts}
    return fields


LEVELS = level_rows(
    ("Red", "red", "Little or no progress", "off-track"),
    ("Amber", "yellow", "Under way, and late", "slipping"),
    ("Green", "green", "On track", "on-track"),
    ("Blue", "blue", "Embedded, with evidence", "embedded", "met", "final", "evidence"),
)


PLAN = AboutPlan(plan="Getting better", board="Board", scale=FOUR.key, since=date(2025, 4, 1))
ACTIONS = (
    "Ambition,Ambition title,Ref,Action,Due,Success measures\n"
    "1,Practice,1.1,Coach,31/03/2026,All are coached\n"
    "1,Practice,1.2,Refresh,March 2026,\n"
    "2,Help,2.1,Step down,ongoing,\n"
)
CORRECT = ImportAnswers(changed="correct", reason="The board corrected its own tracker.")


def bring(council: Council, kind: Kind, text: str, about: AboutPlan = PLAN, **more: Any) -> Any:
    return run(
        council.services,
        kind,
        read_sheet("file.csv", text.encode()),
        ImportChoices(about=about, **more),
        by=council.actor("lead"),
    ).result


def undo(council: Council, batch: str) -> None:
    reverse_import(
        council.services.desk,
        ReverseImport(batch=batch, reason="The wrong file."),
        by=council.actor("lead"),
    )


def record(council: Council) -> PlanRecord:
    with council.services.store.reading() as connection:
        found = find_plan(connection, PLAN.plan)
    assert found is not None
    return found


@pytest.fixture
def planned(council: Council) -> Council:
    rag_scales.begin(council.services.desk, BeginRagScale(content=FOUR), by=council.actor("lead"))
    bring(council, "plan", ACTIONS)
    return council


def by_reference(held: PlanRecord) -> dict[str, ActionRecord]:
    return {a.reference: a for a in held.actions.values() if not a.ended}

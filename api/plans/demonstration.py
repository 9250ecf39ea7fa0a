"""The synthetic council's improvement plan and indicators over the five quarters."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar, cast

from api.demo.parts import Demonstration
from api.demo.story import FIRST_DAY, QUARTERS, Story, quarter_start
from qa.authorisation.handling import CommandHandler
from qa.core.clock import add_months
from qa.core.command import Command
from qa.core.due_dates import Due, Stage
from qa.core.periods import PeriodKind, period_of
from qa.core.words import Actor
from qa.indicators import handlers as indicators
from qa.indicators.commands import DefineIndicator, ObserveIndicator, SetIndicatorTarget
from qa.plans.action_commands import (
    AddPlanEvidence,
    AgreePlanAction,
    ApprovePlanDates,
    AskPlanDates,
    AssessPlanAction,
    LinkPlanAction,
)
from qa.plans.commands import (
    AddPlanPart,
    BeginRagScale,
    CallBoardMeeting,
    HoldBoardMeeting,
    OpenPlan,
)
from qa.plans.events import PlanSource
from qa.plans.handlers import actions as action_handlers
from qa.plans.handlers import board_meetings, plans, rag_scales, reviews
from qa.plans.rag_scale import RagLevel, RagScale

C = TypeVar("C", bound=Command)
START = FIRST_DAY + timedelta(days=14)
SCALE = RagScale(
    id="four-colours",
    version=1,
    name="Four colours",
    levels=(
        RagLevel(code="red", label="Red", rank=1, colour="red", stands_for="off-track",
                 meaning="No plan in place, or not on track: a risk to the plan."),
        RagLevel(code="amber", label="Amber", rank=2, colour="yellow", stands_for="slipping",
                 meaning="A plan is in place, and its timescale is not met or was moved."),
        RagLevel(code="green", label="Green", rank=3, colour="green", stands_for="on-track",
                 meaning="On track, or done with its impact not yet to be seen."),
        RagLevel(code="blue", label="Blue", rank=4, colour="blue", met=True, final=True,
                 evidence=True, meaning="Done and embedded, with clear evidence of impact."),
    ),
)  # fmt: skip
AMBITIONS = (
    ("Managers know how good practice is", "Head of quality", "11", (
        ("Train every auditor against the practice standards", 4),
        ("Moderate a quarter of all audits", 7),
        ("Publish what audits teach every quarter", None),
    )),
    ("Children are seen and heard", "Head of safeguarding", "2", (
        ("Record the child's lived experience on every file", 6),
        ("Review how return interviews are offered", 9),
        ("Ask families for feedback in every audit", 12),
    )),
    ("Plans make a difference", "Head of children in care", "4", (
        ("Write plans with clear timescales", 5),
        ("Bring case supervision to every four weeks", 8),
        ("Follow every audit action to its effect", 14),
    )),
)  # fmt: skip
"""(ambition, lead, recommendation, ((action, months until it is due), …)); None is never due."""

RE_REFERRALS = (62, 60, 64, 58, 61, 63, 59, 57, 60, 62, 58, 55, 48, 46, 47)
"""Re-referrals out of about 310 referrals a month; they fall for good in the last quarter."""


@dataclass
class Improving:
    """Puts the plan and the indicators on the story's timetable."""

    story: Story
    rng: Random
    plan: str = ""
    actions: list[str] = field(default_factory=list)
    meetings: int = 0

    def tell(self) -> None:
        story = self.story
        story.at(START, self._open, hour=8)
        for month in range(1, 3 * QUARTERS):
            story.at(add_months(START, month), self._review_month(month), hour=14)
            story.at(add_months(FIRST_DAY, month) + timedelta(days=6), self._observe(month))
        for quarter in range(1, QUARTERS):
            story.at(quarter_start(quarter) + timedelta(days=20), self._meet, hour=15)

    def _do(self, command: Any, **choices: Any) -> dict[str, Any]:
        by: Actor = self.story.actor("lead")
        return cast(dict[str, Any], command(self.story.services.desk, by=by, **choices).response)

    def _carry_out(
        self, handler: CommandHandler[C], command: C, handle: str = "lead"
    ) -> dict[str, Any]:
        done = handler(self.story.services.desk, command, by=self.story.actor(handle))
        return done.response

    @property
    def _today(self) -> date:
        return self.story.services.desk.today()

    def _open(self) -> None:
        self._carry_out(rag_scales.begin, BeginRagScale(content=SCALE))
        opened = self._carry_out(
            plans.open_plan,
            OpenPlan(
                title="Improvement plan",
                board="Improvement board",
                tiers=("Ambition",),
                scale=SCALE.key,
                since=self._today,
            ),
        )
        self.plan = str(opened["plan"])
        for number, (ambition, lead, recommendation, actions) in enumerate(AMBITIONS, start=1):
            part = self._carry_out(
                plans.add_part,
                AddPlanPart(
                    plan=self.plan,
                    tier="Ambition",
                    reference=str(number),
                    title=ambition,
                    leads=(lead,),
                    sources=(PlanSource(kind="ofsted", reference=recommendation),),
                ),
            )["part"]
            for at, (title, months) in enumerate(actions, start=1):
                due = (
                    Due(kind="quarterly", on=add_months(FIRST_DAY, 3))
                    if months is None
                    else Due(kind="month", on=add_months(FIRST_DAY, months))
                )
                agreed = AgreePlanAction(
                    plan=self.plan,
                    part=part,
                    reference=f"{number}.{at}",
                    title=title,
                    leads=(lead,),
                    stages=(Stage(due=due),),
                )
                done = self._carry_out(action_handlers.agree, agreed)
                self.actions.append(str(done["action"]))
        self._indicators()

    def _indicators(self) -> None:
        since = FIRST_DAY
        for measure, name, target in (
            ("graded-good-or-better", "Audits graded good or better", "60"),
            ("moderation-agreement", "Moderations that agree with the audit", "75"),
        ):
            wanted = DefineIndicator(
                name=name, unit="percent", polarity="higher", measure=measure, since=since
            )
            made = self._carry_out(indicators.define, wanted)["indicator"]
            self._aim(made, "gte", target, "5")
        wanted = DefineIndicator(
            name="Re-referrals within 12 months",
            unit="percent",
            numerator="referrals of the month that follow another within 12 months",
            denominator="referrals of the month",
            period="month",
            polarity="lower",
            owner="Head of safeguarding",
            since=since,
        )
        made = self._carry_out(indicators.define, wanted)["indicator"]
        self._aim(made, "lte", "17", "1")
        measured = "moderations-that-agree-with-the-audit"
        link = LinkPlanAction(action=self.actions[1], kind="indicator", to=measured)
        self._carry_out(action_handlers.link, link)

    def _aim(self, indicator: str, comparator: str, of: str, tolerance: str) -> None:
        wanted = SetIndicatorTarget(
            indicator=indicator, comparator=comparator, of=of, tolerance=tolerance, since=FIRST_DAY
        )
        self._carry_out(indicators.set_target, wanted)

    def _observe(self, month: int) -> Any:
        def step() -> None:
            over = period_of(add_months(FIRST_DAY, month - 1), PeriodKind.MONTH)
            value = ObserveIndicator(
                indicator="re-referrals-within-12-months",
                period=over.label,
                numerator=str(RE_REFERRALS[month - 1]),
                denominator=str(300 + (month * 7) % 23),
            )
            self._carry_out(indicators.observe, value)

        return step

    def _review_month(self, month: int) -> Any:
        def step() -> None:
            for at, action in enumerate(self.actions):
                if (at + month) % 2 == 0 and month > 1:
                    self._review(at, action, month)
            late = self.actions[month % len(self.actions)]
            if month in (5, 8, 11):
                self._move_date(late, month)

        return step

    def _review(self, at: int, action: str, month: int) -> None:
        progress = month + at % 3 * 2 + self.rng.randrange(3)
        level = "red" if progress < 5 else "amber" if progress < 9 else "green"
        evidence: tuple[str, ...] = ()
        if progress > 15:
            shown = "Audits of the last quarter show it on most files."
            found = self._carry_out(
                action_handlers.add_evidence,
                AddPlanEvidence(action=action, of="impact", what=shown),
            )
            level, evidence = "blue", (str(found["evidence"]),)
        review = AssessPlanAction(
            action=action,
            level=level,
            percent_complete=min(100, progress * 25 // 4 // 25 * 25),
            difference="yes" if level == "blue" else "too-early",
            commentary=f"Reviewed with its lead in month {month} of the plan.",
            evidence=evidence,
        )
        self._carry_out(reviews.assess, review)

    def _move_date(self, action: str, month: int) -> None:
        new = Stage(due=Due(kind="month", on=add_months(FIRST_DAY, month + 9)))
        reason = "The work took longer than was agreed."
        response = self._carry_out(
            reviews.ask_for_dates, AskPlanDates(action=action, new=(new,), reason=reason)
        )
        granted = ApprovePlanDates(action=action, asked=response["request"])
        self._carry_out(reviews.approve_dates, granted, "moderator")

    def _meet(self) -> None:
        self.meetings += 1
        call = CallBoardMeeting(plan=self.plan, on=self._today, title=f"Board {self.meetings}")
        meeting = self._carry_out(board_meetings.call, call)["meeting"]
        command = HoldBoardMeeting(plan=self.plan, meeting=meeting)
        self._carry_out(board_meetings.hold, command)


def _tell(story: Story) -> None:
    Improving(story, Random(20250714)).tell()  # noqa: S311


DEMONSTRATIONS = Demonstration(10, _tell)

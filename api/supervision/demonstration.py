"""Supervision in the synthetic council over the five quarters: a pair in every case team, its
sessions, and two checks of which one is moderated."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar

from api.demo import cast
from api.demo.parts import Demonstration
from api.demo.story import FIRST_DAY, QUARTERS, Step, Story, quarter_start
from qa.audit_tools.definition import ToolDefinition
from qa.audit_tools.files import shipped_checks
from qa.audits.judgements import Answer, DomainJudgement, ModeratedJudgement
from qa.authorisation.handling import CommandHandler
from qa.core.command import Command
from qa.supervision import commands, handlers
from qa.supervision.check_events import CheckContent
from qa.supervision.states import NotHeldWhy

START = FIRST_DAY + timedelta(days=6)
NOT_HELD: tuple[NotHeldWhy, ...] = ("workload", "leave", "emergency", "sickness")
NEW = "front-door"
"""The team whose practitioner is newly qualified."""
GRADES = ("good", "requires-improvement")
C = TypeVar("C", bound=Command)


@dataclass
class Supervising:
    """Puts supervision on the story's timetable."""

    story: Story
    rng: Random
    pairs: dict[str, str] = field(default_factory=dict)
    supervisors: dict[str, str] = field(default_factory=dict)

    def tell(self) -> None:
        story = self.story
        for team in cast.CASE_TEAMS:
            self.supervisors[team] = next(a.handle for a in cast.auditors() if a.team == team)
            story.at(START, self._begin(team), hour=8)
            day = START
            while day < quarter_start(QUARTERS) - timedelta(days=40):
                least = 9 if team == NEW else 19
                day += timedelta(days=least + self.rng.randrange(12))
                story.at(day, self._session(team), hour=16)
        story.at(quarter_start(2) + timedelta(days=9), self._check(NEW, 0), hour=12)
        story.at(quarter_start(3) + timedelta(days=9), self._check("leaving-care", 1), hour=12)

    def _do(self, handler: CommandHandler[C], handle: str, command: C) -> dict[str, Any]:
        done = handler(self.story.services.desk, command, by=self.story.actor(handle))
        return dict(done.response)

    def _begin(self, team: str) -> Step:
        def step() -> None:
            command = commands.BeginSupervision(
                supervisor=self.story.people[self.supervisors[team]],
                practitioner=self.story.people[f"worker-{team}-1"],
                team=team,
                since=self.story.services.desk.today(),
                standard="newly-qualified" if team == NEW else "regular",
            )
            done = self._do(handlers.begin, "lead", command)
            self.pairs[team] = str(done["pair"])

        return step

    def _session(self, team: str) -> Step:
        def step() -> None:
            pair, handle = self.pairs[team], self.supervisors[team]
            today = self.story.services.desk.today()
            if self.rng.random() < 0.15:
                why = self.rng.choice(NOT_HELD)
                missed = commands.RecordSessionNotHeld(pair=pair, planned_on=today, why=why)
                self._do(handlers.record_not_held, handle, missed)
            else:
                note = "Workload, learning and the plans agreed last time were talked over."
                command = commands.RecordSession(pair=pair, held_on=today, note=note)
                self._do(handlers.record_held, handle, command)

        return step

    def _check(self, team: str, number: int) -> Step:
        def step() -> None:
            today = self.story.services.desk.today()
            checker = next(a.handle for a in cast.auditors() if a.team != team)
            wanted = commands.ScheduleSupervisionCheck(
                pair=self.pairs[team],
                checker=self.story.people[checker],
                tool="supervision-quality",
                due_on=today + timedelta(days=21),
            )
            response = self._do(handlers.schedule, "lead", wanted)
            check, tool = str(response["check"]), self._tool()
            content = _judged(tool, GRADES[number], today)
            self._do(
                handlers.submit,
                checker,
                commands.SubmitSupervisionCheck(check=check, content=content),
            )
            if number:
                self._moderated(check, tool)
            note = "What is strong was named first, then the dates that decisions lack."
            feedback = commands.GiveSupervisionFeedback(check=check, given_on=today, note=note)
            self._do(handlers.give_feedback, checker, feedback)

        return step

    def _moderated(self, check: str, tool: ToolDefinition) -> None:
        moderator = cast.MODERATORS[0].handle
        command = commands.AssignSupervisionModerator(
            check=check,
            moderator=self.story.people[moderator],
            due_on=self.story.services.desk.today() + timedelta(days=7),
        )
        self._do(handlers.assign_moderator, "lead", command)
        judgements = tuple(
            ModeratedJudgement(domain=domain.id, grade=GRADES[1]) for domain in tool.domains
        )
        given = commands.ModerateSupervisionCheck(
            check=check, judgements=judgements, overall=GRADES[1]
        )
        self._do(handlers.moderate, moderator, given)

    def _tool(self) -> ToolDefinition:
        return next(tool for tool in shipped_checks() if tool.id == "supervision-quality")


def _judged(tool: ToolDefinition, grade: str, today: date) -> CheckContent:
    return CheckContent(
        checked_on=today,
        period_from=today - timedelta(days=120),
        period_to=today - timedelta(days=1),
        judgements=tuple(
            DomainJudgement(
                domain=domain.id,
                grade=grade,
                evidence="Seen in the records of four sessions.",
                answers=tuple(
                    Answer(question=one.id, point="yes" if grade == "good" else "no")
                    for one in domain.questions
                ),
            )
            for domain in tool.domains
        ),
        overall=grade,
        rationale="Sessions are regular and kind. Decisions have reasons, and not always a date.",
    )


def _tell(story: Story) -> None:
    Supervising(story, Random(20250721)).tell()  # noqa: S311


DEMONSTRATIONS = Demonstration(30, _tell)

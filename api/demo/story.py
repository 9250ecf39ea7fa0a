"""Five quarters in the life of the synthetic council, told through the same commands as any other.

Every step is an event on a timetable; the clock is set to it and the command is called. The same
seed gives the same events, to the byte.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from api.demo import cast, judging, phrases
from api.demo.cast import CastMember
from api.demo.phrases import pick
from api.gate.current_actor import acting
from api.services import Services
from projections.audit_tools.queries import definition
from projections.audits import queries as audit_queries
from projections.audits.queries import AuditView
from projections.audits.tables import AUDITS, AuditRow
from qa.audit_tools import handlers as audit_tools
from qa.audit_tools.commands import PublishAuditTool, ReviseAuditTool
from qa.audit_tools.definition import ToolDefinition
from qa.audits import commands
from qa.audits import handlers as audit_handlers
from qa.audits.comparison import texts
from qa.audits.judgements import AuditContent, ModeratedJudgement
from qa.core.clock import LONDON, SetClock, add_working_days
from qa.core.words import Actor
from qa.moderation import handlers as moderation_handlers
from qa.moderation.commands import (
    AssignDispute,
    AssignModeration,
    DecideDispute,
    DisputeGrade,
    ReconcileGrade,
    RecordConversation,
    RecordModeration,
)

FIRST_DAY = date(2025, 7, 1)
QUARTERS = 5
AUDITS_A_QUARTER = (118, 122, 114, 126, 120)
TOOL = "whole-case-file"
Step = Callable[[], None]


def quarter_start(number: int) -> date:
    month0 = FIRST_DAY.month - 1 + 3 * number
    return date(FIRST_DAY.year + month0 // 12, month0 % 12 + 1, 1)


@dataclass
class Story:
    """The timetable and what the steps need to know of one another."""

    services: Services
    clock: SetClock
    rng: Random
    people: dict[str, str]
    tell: Callable[[int, int], None] = lambda done, total: None
    _steps: list[tuple[datetime, int, Step]] = field(default_factory=list)
    _tools: dict[int, ToolDefinition] = field(default_factory=dict)
    _count: int = 0
    submitted: int = 0
    hearers: list[Callable[[str, CastMember, AuditContent], None]] = field(default_factory=list)
    last: list[Step] = field(default_factory=list)
    """What is told when all else was, so that nothing of it is told otherwise."""

    def at(self, day: date, step: Step, hour: int = 9) -> None:
        """Put a step on the timetable, on a working day, at a minute of its own."""
        self._count += 1
        minute = self._count * 7 % 480
        when = datetime.combine(add_working_days(day, 0), time(hour), tzinfo=LONDON) + timedelta(
            minutes=minute, seconds=self._count % 60
        )
        heapq.heappush(self._steps, (when, self._count, step))

    def run(self, until: date) -> None:
        """Carry out every step up to the end of `until`; later ones never happen."""
        total = sum(AUDITS_A_QUARTER)
        while self._steps and self._steps[0][0].date() <= until:
            when, _, step = heapq.heappop(self._steps)
            self.clock.set(max(when, self.clock.now()))
            step()
            self.tell(self.submitted, total)
        self._steps.clear()
        for step in self.last:
            step()

    def actor(self, handle: str) -> Actor:
        """One of the cast as somebody who acts today."""
        with self.services.store.asking() as connection:
            found = acting(connection, self.people[handle], self.services.desk.today())
        if found is None:
            raise LookupError(handle)
        return found

    def tell_audits(self) -> None:
        """Put every allocation of the five quarters on the timetable."""
        auditors = cast.auditors()
        number = 0
        for quarter, count in enumerate(AUDITS_A_QUARTER):
            for index in range(count):
                auditor = auditors[(number * 3 + quarter) % len(auditors)]
                teams = [team for team in cast.CASE_TEAMS if team != auditor.team]
                team = teams[(number + quarter) % len(teams)]
                child = f"C-{20000 + number * 37 % 9973}"
                day = quarter_start(quarter) + timedelta(days=index * 62 // count)
                self.at(day, self._allocation(quarter, number, child, auditor, team))
                number += 1

    def _allocation(
        self, quarter: int, number: int, child: str, auditor: CastMember, team: str
    ) -> Step:
        def step() -> None:
            today = self.services.desk.today()
            done = audit_handlers.allocate(
                self.services.desk,
                commands.AllocateAudit(
                    child=child,
                    tool=TOOL,
                    auditor=self.people[auditor.handle],
                    team=team,
                    practice_from=today - timedelta(days=190),
                    practice_to=today - timedelta(days=3),
                    due_on=today + timedelta(days=28),
                    case_holder=self.people[f"worker-{team}-{1 + number % 2}"],
                ),
                by=self.actor(cast.LEADS[number % 2].handle),
            )
            audit = str(done.response["audit"])
            work = today + timedelta(days=6 + self.rng.randrange(18))
            self.at(work, self._submission(audit, quarter, number, auditor), hour=10)

        return step

    def _submission(self, audit: str, quarter: int, number: int, auditor: CastMember) -> Step:
        def step() -> None:
            row = self._row(audit)
            status = judging.status_of(row.team, number)
            team_lift = {"safeguarding-north": -0.25, "children-in-care": 0.2}
            quality = (
                1.62
                + 0.13 * quarter
                + team_lift.get(row.team, 0.0)
                + auditor.leniency
                + self.rng.gauss(0, 0.62)
            )
            tool = self._tool(row.tool_version)
            content = judging.judge(
                self.rng,
                tool,
                quality=quality,
                status=status,
                audit_date=self.services.desk.today(),
                owners=[self.people[f"worker-{row.team}-{n}"] for n in (1, 2)],
                action_ids=[self.services.store.new_id() for _ in range(3)],
            )
            self._submit(audit, auditor, content)
            self.submitted += 1
            for hear in self.hearers:
                hear(audit, auditor, content)
            if number % 61 == 30:
                self.at(self._later(4), self._withdrawal(audit), hour=16)
            elif number % 149 == 75:
                self.at(self._later(3), self._voiding(audit), hour=16)
            elif number % 47 == 20:
                self.at(self._later(2), self._return(audit, auditor), hour=11)
            self._follow(audit, auditor)

        return step

    def _submit(self, audit: str, auditor: CastMember, content: AuditContent) -> None:
        audit_handlers.submit(
            self.services.desk,
            commands.SubmitAudit(audit=audit, content=content, why={"*": "moderator-comment"}),
            by=self.actor(auditor.handle),
        )

    def _follow(self, audit: str, auditor: CastMember) -> None:
        """What happens to a submitted audit: a moderation, or an end without one."""
        if self._row(audit).status == "moderation-due":
            self.at(self._later(2 + self.rng.randrange(4)), self._assignment(audit, auditor))
        else:
            self.at(self._later(9 + self.rng.randrange(12)), self._finish(audit), hour=15)
        if self.rng.random() < 0.03:
            self.at(self._later(20), self._correction(audit, auditor), hour=12)

    def _assignment(self, audit: str, auditor: CastMember) -> Step:
        def step() -> None:
            row = self._row(audit)
            waits = row.status == "moderation-due"
            if not waits or row.moderation_status != "selected":
                return
            if self.rng.random() < 0.12:
                return
            able = [m for m in cast.MODERATORS if m.team != row.team]
            moderator = able[self.rng.randrange(len(able))]
            blind = self.rng.random() < 0.7
            moderation_handlers.assign(
                self.services.desk,
                AssignModeration(
                    audit=audit,
                    moderation=row.moderation,
                    moderator=self.people[moderator.handle],
                    blind=blind,
                ),
                by=self.actor("lead"),
            )
            day = self._later(3 + self.rng.randrange(9))
            self.at(day, self._moderation(audit, auditor, moderator), hour=14)

        return step

    def _moderation(self, audit: str, auditor: CastMember, moderator: CastMember) -> Step:
        def step() -> None:
            view = self._view(audit)
            if view.row.moderation_status != "assigned" or view.content is None:
                return
            if view.row.status != "moderation-due":
                return
            tool = self._tool(view.row.tool_version)
            overall, domains = judging.moderate(
                self.rng, tool, view.content, moderator.leniency - auditor.leniency / 2
            )
            given = judging.GRADES.index(overall) - judging.GRADES.index(view.content.overall)
            word = "agrees" if given == 0 else "lower" if given > 0 else "higher"
            moderation_handlers.record(
                self.services.desk,
                RecordModeration(
                    audit=audit,
                    moderation=view.row.moderation,
                    overall=overall,
                    rationale=phrases.MODERATOR[word],
                    judgements=tuple(
                        ModeratedJudgement(
                            domain=domain.id,
                            grade=domains.get(domain.id),
                            comment="" if domain.id in domains else phrases.NOT_JUDGED,
                        )
                        for domain in tool.domains
                        if domain.applies(view.content.child_status)
                    ),
                    audit_quality=("strong", "sound", "sound", "weak")[self.rng.randrange(4)],
                    audit_quality_comment="Actions could say more plainly what must change.",
                ),
                by=self.actor(moderator.handle),
            )
            if given:
                self.at(self._later(4), self._conversation(audit, auditor, moderator), hour=13)

        return step

    def _conversation(self, audit: str, auditor: CastMember, moderator: CastMember) -> Step:
        def step() -> None:
            view = self._view(audit)
            if view.row.status != "differs":
                return
            desk, moderation = self.services.desk, view.row.moderation
            moderation_handlers.converse(
                desk,
                RecordConversation(
                    audit=audit,
                    moderation=moderation,
                    held_on=desk.today(),
                    note="Talked through the two judgements.",
                ),
                by=self.actor(moderator.handle),
            )
            if self.rng.random() < 0.22:
                moderation_handlers.dispute(
                    desk,
                    DisputeGrade(
                        audit=audit,
                        moderation=moderation,
                        about=("overall",),
                        grounds=pick(self.rng, phrases.GROUNDS),
                    ),
                    by=self.actor(auditor.handle),
                )
                self.at(self._later(3), self._decision(audit, moderator), hour=11)
                return
            agreed = (view.row.moderated_overall, view.row.overall)
            moderation_handlers.reconcile(
                desk,
                ReconcileGrade(
                    audit=audit,
                    moderation=moderation,
                    overall=agreed[0] if self.rng.random() < 0.7 else agreed[1],
                    rationale=pick(self.rng, phrases.CONSENSUS),
                ),
                by=self.actor(moderator.handle),
            )

        return step

    def _decision(self, audit: str, moderator: CastMember) -> Step:
        def step() -> None:
            view = self._view(audit)
            desk, moderation = self.services.desk, view.row.moderation
            if view.row.status != "disputed" or self.rng.random() < 0.1:
                return
            decider = "lead2"
            moderation_handlers.assign_dispute(
                desk,
                AssignDispute(audit=audit, moderation=moderation, decider=self.people[decider]),
                by=self.actor("lead"),
            )
            upheld = self.rng.random() < 0.4
            moderation_handlers.decide_dispute(
                desk,
                DecideDispute(
                    audit=audit,
                    moderation=moderation,
                    outcome="upheld" if upheld else "not-upheld",
                    overall=view.row.overall if upheld else view.row.moderated_overall,
                    reason_code="evidence-overlooked" if upheld else "grade-sound",
                    reasons=phrases.DECISION["upheld" if upheld else "not-upheld"],
                ),
                by=self.actor(decider),
            )

        return step

    def _finish(self, audit: str) -> Step:
        def step() -> None:
            if self._row(audit).status == "not-selected":
                audit_handlers.finalise(
                    self.services.desk, commands.FinaliseAudit(audit=audit), by=self.actor("lead")
                )

        return step

    def _return(self, audit: str, auditor: CastMember) -> Step:
        def step() -> None:
            if self._row(audit).status not in ("moderation-due", "not-selected"):
                return
            audit_handlers.send_back(
                self.services.desk,
                commands.ReturnAudit(audit=audit, comments=pick(self.rng, phrases.RETURNED)),
                by=self.actor("lead"),
            )

            def again() -> None:
                content = self._view(audit).content
                if content is None or self._view(audit).row.status != "returned":
                    return
                field_, better = judging.correction(self.rng, content)
                self._submit(audit, auditor, content.corrected(field_, better))
                self._follow(audit, auditor)

            self.at(self._later(5), again, hour=12)

        return step

    def _correction(self, audit: str, auditor: CastMember) -> Step:
        def step() -> None:
            view = self._view(audit)
            if view.content is None or view.row.status in ("withdrawn", "voided", "returned"):
                return
            field_, better = judging.correction(self.rng, view.content)
            fact = self.rng.random() < 0.4
            audit_handlers.correct(
                self.services.desk,
                commands.CorrectAudit(
                    audit=audit,
                    field=field_,
                    new=better if fact else judging.mended(texts(view.content)[field_]),
                    kind="fact" if fact else "typo",
                    reason="Found on reading the audit again with the practitioner.",
                ),
                by=self.actor(auditor.handle),
            )
            self._follow(audit, auditor)

        return step

    def _withdrawal(self, audit: str) -> Step:
        def step() -> None:
            if self._row(audit).status in ("withdrawn", "voided"):
                return
            audit_handlers.withdraw(
                self.services.desk,
                commands.WithdrawAudit(
                    audit=audit, reason="The file was drawn twice; the other audit stands."
                ),
                by=self.actor("lead"),
            )

        return step

    def _voiding(self, audit: str) -> Step:
        def step() -> None:
            if self._row(audit).status in ("withdrawn", "voided"):
                return
            audit_handlers.void(
                self.services.desk,
                commands.VoidAudit(audit=audit, reason="Entered for the wrong child reference."),
                by=self.actor("lead"),
            )

        return step

    def change_tool(self, quarter: int) -> None:
        """Publish the tool's second version at the start of a quarter."""

        def step() -> None:
            desk, lead = self.services.desk, self.actor("lead")
            definition = judging.second_version(self._tool(1))
            revised = ReviseAuditTool(tool=TOOL, definition=definition)
            audit_tools.revise_tool(desk, revised, by=lead)
            audit_tools.publish_tool(desk, PublishAuditTool(tool=TOOL), by=lead)

        self.at(quarter_start(quarter), step, hour=8)

    def _later(self, days: int) -> date:
        return self.services.desk.today() + timedelta(days=days)

    def _row(self, audit: str) -> AuditRow:
        """Where the audit stands, without what is written in it."""
        with self.services.store.asking() as connection:
            found = AUDITS.where(connection, {"audit": audit}, position=None)
        if not found:
            raise LookupError(audit)
        return found[0]

    def _view(self, audit: str) -> AuditView:
        with self.services.store.reading() as connection:
            view = audit_queries.audit(connection, audit)
        if view is None:
            raise LookupError(audit)
        return view

    def _tool(self, number: int) -> ToolDefinition:
        """A version of the tool, which never changes once it is published."""
        if number in self._tools:
            return self._tools[number]
        with self.services.store.reading() as connection:
            found = definition(connection, TOOL, number)
        if found is None:
            raise LookupError(TOOL)
        return self._tools.setdefault(number, found)

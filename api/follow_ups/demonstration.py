"""What becomes of the synthetic audits: actions to their effect, concerns, responses and more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from api.demo.cast import CastMember
from api.demo.parts import Demonstration
from api.demo.story import Step, Story
from projections.actions import queries as action_queries
from projections.audits import queries as audit_queries
from projections.safeguarding import queries as safeguarding_queries
from qa.actions import handlers as actions
from qa.actions.commands import Next
from qa.actions.events import Evidence
from qa.audits.judgements import AuditContent, PlannedAction
from qa.authorisation.handling import CommandHandler
from qa.core.command import Command
from qa.core.errors import CaseloopError
from qa.follow_ups import handlers as follow_ups
from qa.follow_ups.commands import AgreeFollowUpPlan, EscalateFollowUp
from qa.practitioners import handlers as practitioners
from qa.practitioners.commands import DisputeFact, ReflectOnAudit
from qa.safeguarding import handlers as safeguarding
from qa.safeguarding.commands import AcknowledgeConcern, RaiseConcern

LEAD, CHECKER, HEAD = "lead", "lead2", "lead2"
EVIDENCE = Evidence(kind="case-record", what="The case record of that month shows it.")
CONCERN = "The file shows the child alone overnight, and nobody has seen them since."
REFLECTIONS = (
    "I see the child alone at every visit now and write down what they say.",
    "The plan was mine and not the family's. I have written it anew with them.",
    "I agree with what was said about timescales.",
)


@dataclass
class FollowingSubmissions:
    """Puts what follows a submission on the story's timetable."""

    story: Story
    rng: Random
    heard: int = 0

    def hear(self, audit: str, auditor: CastMember, content: AuditContent) -> None:
        """An audit was just submitted."""
        self.heard += 1
        story = self.story
        if self.heard % 4:
            for planned in content.actions:
                self._action(planned)
        if content.overall == "inadequate":
            story.at(self._in(1), self._escalation(audit), hour=10)
            story.at(self._in(4), self._plan(audit, content), hour=11)
        if self.heard % 83 == 40:
            story.at(self._in(0), self._concern(audit, auditor), hour=16)
        if self.heard % 9 == 4:
            story.at(self._in(45), self._reflection(audit), hour=13)

    def _in(self, days: int) -> Any:
        return self.story.services.desk.today() + timedelta(days=days)

    def _try(self, command: Callable[..., Any], handle: str, **fields: Any) -> bool:
        """Whether the command was carried out: what was withdrawn meanwhile is left alone."""
        try:
            command(self.story.services.desk, by=self.story.actor(handle), **fields)
        except CaseloopError:
            return False
        return True

    def _carry_out(self, handler: CommandHandler[Any], handle: str, command: Command) -> bool:
        """Whether the command was carried out: what was withdrawn meanwhile is left alone."""
        try:
            handler(self.story.services.desk, command, by=self.story.actor(handle))
        except CaseloopError:
            return False
        return True

    def _handle(self, person: str) -> str:
        return next(name for name, one in self.story.people.items() if one == person)

    def _action(self, planned: PlannedAction) -> None:
        rng, story, owner = self.rng, self.story, self._handle(planned.owner)
        if rng.random() < 0.06:
            why = "The family has moved away, and the work with them."
            story.at(self._in(3), self._step(actions.challenge, owner, planned.action, why=why))
            return
        story.at(self._in(1 + rng.randrange(5)), self._step(actions.accept, owner, planned.action))
        if rng.random() < 0.12:
            due = planned.due_on + timedelta(days=21)
            fields = {"due_on": due, "reason": "The worker was away for three weeks."}
            before = planned.due_on - timedelta(days=4)
            story.at(before, self._step(actions.reschedule, LEAD, planned.action, **fields))
        if rng.random() < 0.82:
            done = planned.due_on + timedelta(days=rng.randrange(-18, 9))
            story.at(max(done, self._in(8)), self._claim(planned, owner))

    def _act(self, handler: CommandHandler[Any], handle: str, action: str, **fields: Any) -> bool:
        """Whether a step of an action was taken."""
        command = handler.command(action=action, **fields)
        return self._try(partial(handler, command=command), handle)

    def _step(self, handler: CommandHandler[Any], handle: str, action: str, **fields: Any) -> Step:
        def step() -> None:
            self._act(handler, handle, action, **fields)

        return step

    def _done(self, command: Callable[..., Any], handle: str, **fields: Any) -> None:
        self._try(command, handle, **fields)

    def _claim(self, planned: PlannedAction, owner: str) -> Step:
        def step() -> None:
            claimed = self._act(actions.claim_done, owner, planned.action, evidence=(EVIDENCE,))
            if not claimed:
                return
            check = self._in(2 + self.rng.randrange(8))
            if self.rng.random() < 0.15:
                why = "The record shows the visit and not what was agreed."
                self.story.at(
                    check,
                    self._step(actions.return_evidence, CHECKER, planned.action, why=why),
                )
                self.story.at(check + timedelta(days=6), self._again(planned, owner))
            else:
                self.story.at(check, self._accepted(planned))

        return step

    def _again(self, planned: PlannedAction, owner: str) -> Step:
        def step() -> None:
            self._act(actions.claim_done, owner, planned.action, evidence=(EVIDENCE,))
            self.story.at(self._in(5), self._accepted(planned))

        return step

    def _accepted(self, planned: PlannedAction) -> Step:
        def step() -> None:
            if self._act(actions.accept_evidence, CHECKER, planned.action):
                self.story.at(self._in(57 + self.rng.randrange(25)), self._impact(planned))

        return step

    def _impact(self, planned: PlannedAction) -> Step:
        def step() -> None:
            roll = self.rng.random()
            fields: dict[str, Any] = {
                "action": planned.action,
                "proof": "dip-sample",
                "reference": f"Sample of {self.story.services.desk.today():%B %Y}",
                "note": "Looked for in six files of the team.",
            }
            if roll < 0.64:
                self._act(actions.confirm_impact, CHECKER, **fields)
            elif roll < 0.8:
                self._act(actions.impact_too_early, CHECKER, **fields)
            else:
                following = Next(
                    text="Talk it over in the team and look at six more files.",
                    owner=planned.owner,
                    due_on=self._in(42),
                )
                self._act(actions.impact_not_seen, CHECKER, next=following, **fields)

        return step

    def _escalation(self, audit: str) -> Step:
        owner = self.story.people[HEAD]
        escalation = EscalateFollowUp(audit=audit, owner=owner)

        def step() -> None:
            self._carry_out(follow_ups.escalate, LEAD, escalation)

        return step

    def _plan(self, audit: str, content: AuditContent) -> Step:
        def step() -> None:
            with self.story.services.store.reading() as connection:
                action_ids = [row.action for row in action_queries.of_audit(connection, audit)]
            plan = "A visit this week, a plan with the family, and supervision about both."
            agreed = AgreeFollowUpPlan(audit=audit, actions=tuple(action_ids), plan=plan)
            self._carry_out(follow_ups.agree_plan, LEAD, agreed)

        return step

    def _concern(self, audit: str, auditor: CastMember) -> Step:
        def step() -> None:
            manager = self.story.people[LEAD]
            command = RaiseConcern(audit=audit, what=CONCERN, manager=manager, how="telephone")
            if not self._carry_out(safeguarding.raise_concern, auditor.handle, command):
                return
            self.story.clock.advance(timedelta(minutes=25 + self.rng.randrange(90)))
            with self.story.services.store.reading() as connection:
                concern = safeguarding_queries.of_audit(connection, audit)[-1].concern
            doing = "Two workers visited today. The child is with their grandmother."
            answer = AcknowledgeConcern(audit=audit, concern=concern, doing=doing)
            self._carry_out(safeguarding.acknowledge, LEAD, answer)

        return step

    def _reflection(self, audit: str) -> Step:
        def step() -> None:
            with self.story.services.store.reading() as connection:
                view = audit_queries.audit(connection, audit)
            if view is None or view.row.case_holder is None:
                return
            worker = self._handle(view.row.case_holder)
            text = REFLECTIONS[self.rng.randrange(len(REFLECTIONS))]
            reflection = ReflectOnAudit(audit=audit, text=text)
            self._carry_out(practitioners.reflect, worker, reflection)
            if self.rng.random() < 0.2:
                dispute = DisputeFact(
                    audit=audit,
                    stated="That there were two visits in the first month.",
                    should_be="There were four: see the visit records of that month.",
                )
                self._carry_out(practitioners.dispute_fact, worker, dispute)

        return step


def _tell(story: Story) -> None:
    story.hearers.append(FollowingSubmissions(story, Random(20250728)).hear)  # noqa: S311


DEMONSTRATIONS = Demonstration(20, _tell)

"""What an audit means for actions: those it asks for, and loops that turn out not to have closed.

A loop is reopened when the grade of the later audit is final. Before that the audit may be
moderated blind, and a reopened loop would tell the moderator what it found.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.actions import clocks, decisions
from qa.actions import state as action_state
from qa.actions.commands.actions import load_policy, save, save_new
from qa.actions.events import (
    ActionNoLongerApplicable,
    ActionRaised,
    ActionTeamChanged,
    action_stream,
)
from qa.actions.state import Action
from qa.audit_tools.commands import tool_version
from qa.audits.commands.reacting import AuditReactions, Ended
from qa.audits.events import CaseAuditFinalised
from qa.audits.judgements import AuditContent
from qa.audits.state import CaseAudit
from qa.audits.submission import failing_domains, judgements_of
from qa.authorisation.context import Work
from qa.core.clock import ENGLAND
from qa.people.commands.loading import is_here
from qa.people.commands.reacting import TeamReactions
from qa.people.teams import Team
from qa.working_days.loading import load_calendar

AGAIN = "The same domain needed action again in the same team."
FAILED = "The same domain fell short again in the same team."
NOT_ASKED_FOR = "The resubmitted audit no longer asks for it."


class ActionReactions(AuditReactions):
    def submitted(self, work: Work, audit: CaseAudit, content: AuditContent) -> None:
        """Open a stream for each new action; close those a resubmission no longer asks for."""
        before = () if audit.content is None else audit.content.actions
        earlier = {planned.action for planned in before}
        fresh = [planned for planned in content.actions if planned.action not in earlier]
        policy = load_policy(work) if fresh else clocks.DEFAULT_ACTION_POLICY
        calendar = load_calendar(work) if fresh else ENGLAND
        for planned in fresh:
            raised = ActionRaised(
                action=planned.action,
                raised_by="case-audit",
                audit=audit.id,
                child=audit.child,
                team=audit.team,
                service=audit.service,
                text=planned.text,
                kind=planned.kind,
                owner=planned.owner,
                due_on=planned.due_on,
                domain=planned.domain,
                accept_by=clocks.accept_by(policy, work.today, calendar),
                evidence_kinds=policy.evidence_for(planned.kind),
            )
            save_new(work, [raised])
        gone = earlier - {planned.action for planned in content.actions}
        _close(work, sorted(gone), reason=NOT_ASKED_FOR)

    def ended(self, work: Work, audit: CaseAudit, why: Ended, actions: Sequence[str]) -> None:
        _close(work, actions)

    def finalised(self, work: Work, audit: CaseAudit, final: CaseAuditFinalised) -> None:
        """Reopen the loops that the audit shows not to have closed, in whatever tool the domain
        was looked at: its grade fails again, or it needs action again."""
        asked = () if audit.content is None else audit.content.actions
        planned = {one.domain: one.action for one in reversed(asked) if one.domain is not None}
        tool = tool_version(work, audit.tool, audit.tool_version)
        failing = failing_domains(judgements_of(audit), tool)
        finding = f"Audit {audit.reference}"
        for domain in dict.fromkeys([*failing, *planned]):
            after = planned.get(domain, "")
            closed = work.desk.lookups.loop_last_closed(
                work.unit.connection,
                team=audit.team,
                domain=domain,
                but_of=audit.id,
                again=after,
                finding=finding,
            )
            if closed is None:
                continue
            state = work.unit.load(action_stream(closed), action_state.evolve, Action())
            decided, raised = decisions.recur(
                state,
                finding=finding,
                planned=after,
                owner_here=is_here(work, state.owner),
                new_id=work.new_id(),
                policy=load_policy(work),
                today=work.today,
                calendar=load_calendar(work),
            )
            save(work, state, decided, reason=FAILED if domain in failing else AGAIN)
            save_new(work, raised)


class ActionsOfTeam(TeamReactions):
    def succeeded(self, work: Work, old: Team, new: Team) -> None:
        """The actions that go on are those of the team that takes over; their owners stay."""
        for action in work.desk.lookups.open_actions_of(work.unit.connection, old.code):
            state = work.unit.load(action_stream(action), action_state.evolve, Action())
            changed = ActionTeamChanged(
                old_team=state.team,
                new_team=new.code,
                old_service=state.service,
                new_service=new.service,
            )
            save(work, state, [changed])


def _close(work: Work, actions: Sequence[str], reason: str | None = None) -> None:
    for action in actions:
        stream = action_stream(action)
        work.unit.version(stream)
        work.append(stream, ActionNoLongerApplicable(action=action), reason=reason)


REACTIONS = (ActionReactions(), ActionsOfTeam())

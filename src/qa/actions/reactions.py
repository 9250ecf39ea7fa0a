"""What an audit means for actions: those it asks for, and loops that turn out not to have closed.

A loop is reopened when the grade of the later audit is final. Before that the audit may be
moderated blind, and a reopened loop would tell the moderator what it found.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.actions import clocks, decisions
from qa.actions import state as action_state
from qa.actions.commands.actions import load_policy, save, save_new
from qa.actions.events import ActionNoLongerApplicable, ActionRaised, action_stream
from qa.actions.state import Action
from qa.audits.commands.reacting import AuditReactions, Ended
from qa.audits.events import CaseAuditFinalised
from qa.audits.judgements import AuditContent
from qa.audits.state import CaseAudit
from qa.authorisation.context import Work

AGAIN = "The same domain needed action again in the same team."
NOT_ASKED_FOR = "The resubmitted audit no longer asks for it."


class ActionReactions(AuditReactions):
    def submitted(self, work: Work, audit: CaseAudit, content: AuditContent) -> None:
        """Open a stream for each new action; close those a resubmission no longer asks for."""
        before = () if audit.content is None else audit.content.actions
        earlier = {planned.action for planned in before}
        fresh = [planned for planned in content.actions if planned.action not in earlier]
        accept_by = clocks.accept_by(load_policy(work), work.today) if fresh else None
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
                accept_by=accept_by,
            )
            save_new(work, [raised])
        gone = earlier - {planned.action for planned in content.actions}
        _close(work, sorted(gone), reason=NOT_ASKED_FOR)

    def ended(self, work: Work, audit: CaseAudit, why: Ended, actions: Sequence[str]) -> None:
        _close(work, actions)

    def finalised(self, work: Work, audit: CaseAudit, final: CaseAuditFinalised) -> None:
        """Reopen the loops that the actions of the audit show not to have closed."""
        asked = () if audit.content is None else audit.content.actions
        done: set[str] = set()
        for planned in asked:
            if planned.domain is None or planned.domain in done:
                continue
            done.add(planned.domain)
            closed = work.desk.lookups.loop_last_closed(
                work.unit.connection,
                team=audit.team,
                tool=audit.tool,
                domain=planned.domain,
                but_of=audit.id,
                again=planned.action,
            )
            if closed is None:
                continue
            state = work.unit.load(action_stream(closed), action_state.evolve, Action())
            decided = decisions.recur(
                state,
                finding=f"Audit {audit.reference}",
                next_action=planned.action,
                policy=load_policy(work),
                today=work.today,
            )
            save(work, state, decided, reason=AGAIN)


def _close(work: Work, actions: Sequence[str], reason: str | None = None) -> None:
    for action in actions:
        stream = action_stream(action)
        work.unit.version(stream)
        work.append(stream, ActionNoLongerApplicable(action=action), reason=reason)


REACTIONS = ActionReactions()

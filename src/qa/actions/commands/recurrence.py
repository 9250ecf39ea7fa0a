"""Where a loop turns out not to have closed: the same thing is found again in the same team.

It is told when the grade of the later audit is final. Before that the audit may be moderated blind,
and a reopened loop would tell the moderator what it found.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.actions import decisions
from qa.actions import state as action_state
from qa.actions.commands.actions import load_policy, save
from qa.actions.events import action_stream
from qa.actions.state import Action
from qa.audits.events import CaseAuditFinalised
from qa.audits.state import CaseAudit
from qa.authorisation.context import Work
from qa.core.event import Event
from qa.follow_ups.commands import follow_final_grade

AGAIN = "The same domain needed action again in the same team."


def save_judged(
    work: Work, audit: CaseAudit, events: list[Event], *, effective_on: date | None = None
) -> None:
    """Append what was decided of an audit. Where its grade is final by that, reopen the loops that
    its actions show not to have closed, and follow up what was inadequate."""
    work.save_audit(audit, events, effective_on=effective_on)
    if any(isinstance(event, CaseAuditFinalised) for event in events):
        _reopen_loops(work, audit)
        follow_final_grade(work, audit, events)


def _reopen_loops(work: Work, audit: CaseAudit) -> None:
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
        save(work, state, _recur(work, state, audit.reference, planned.action), reason=AGAIN)


def _recur(work: Work, state: Action, reference: str, planned: str) -> Sequence[Event]:
    return decisions.recur(
        state,
        finding=f"Audit {reference}",
        next_action=planned,
        policy=load_policy(work),
        today=work.today,
    )

"""What the judgement of an audit means for its follow-up, and for that of the audit it repeats."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from qa.audit_tools.loading import tool_version
from qa.audits.comparison import GradesGiven
from qa.audits.events import CaseAuditFinalised
from qa.audits.judgements import AuditContent
from qa.audits.loading import load_audit
from qa.audits.reacting import AuditReactions, Ended
from qa.audits.state import CaseAudit
from qa.authorisation.context import Work
from qa.core.event import Event, last_said
from qa.follow_ups import clocks, decisions
from qa.follow_ups.events import (
    FollowUpOpened,
    FollowUpPolicySet,
    FollowUpTeamChanged,
    follow_up_stream,
)
from qa.follow_ups.state import FollowUp, evolve
from qa.people.handlers import TeamReactions
from qa.people.loading import part_today
from qa.people.teams import Team
from qa.working_days.loading import load_calendar


def load_follow_up(work: Work, audit: str) -> FollowUp:
    return work.unit.load(follow_up_stream(audit), evolve, FollowUp())


def load_policy(work: Work) -> FollowUpPolicySet:
    return work.unit.load(
        clocks.FOLLOW_UP_POLICY_STREAM, last_said, clocks.DEFAULT_FOLLOW_UP_POLICY
    )


def save(work: Work, audit: CaseAudit, events: Collection[Event], on: str | None = None) -> None:
    work.append(follow_up_stream(on or audit.id), *events, about=audit.about)


class FollowUpReactions(AuditReactions):
    def streams(self, audit: str) -> tuple[str, ...]:
        return (follow_up_stream(audit),)

    def before_re_audit(self, work: Work, *, of: CaseAudit, auditor: str) -> None:
        """Raises `Refused` where the same auditor would judge again what is being followed up."""
        decisions.another_auditor(load_follow_up(work, of.id), first=of.auditor, second=auditor)

    def submitted(self, work: Work, audit: CaseAudit, content: AuditContent) -> None:
        _judged(work, audit, GradesGiven.of(content.overall, content.judgements))

    def regraded(self, work: Work, audit: CaseAudit, content: AuditContent) -> None:
        _judged(work, audit, GradesGiven.of(content.overall, content.judgements))

    def finalised(self, work: Work, audit: CaseAudit, final: CaseAuditFinalised) -> None:
        grades = GradesGiven.of(final.grade, final.judgements)
        if audit.re_audit_of and _re_audited(work, audit, audit.re_audit_of, grades):
            return
        _judged(work, audit, grades)

    def ended(self, work: Work, audit: CaseAudit, why: Ended, actions: Sequence[str]) -> None:
        save(work, audit, decisions.end(load_follow_up(work, audit.id), why))


def _judged(work: Work, audit: CaseAudit, grades: GradesGiven) -> None:
    """Open, end or leave the follow-up of an audit that was just given `grades`."""
    tool = tool_version(work, audit.tool, audit.tool_version)
    state = load_follow_up(work, audit.id)
    opened: FollowUpOpened | None = None
    if grades.inadequate(tool):
        team, service = part_today(work, audit.team, audit.service)
        opened = decisions.open_for(
            audit=audit.id,
            reference=audit.reference,
            child=audit.child,
            team=team,
            service=service,
            grade=grades.lowest(tool),
            policy=load_policy(work),
            today=work.today,
            calendar=load_calendar(work),
        )
    followed = bool(audit.re_audit_of) and load_follow_up(work, audit.re_audit_of or "").open
    save(work, audit, decisions.judged(state, opened, followed=followed))


def _re_audited(work: Work, audit: CaseAudit, earlier: str, grades: GradesGiven) -> bool:
    """Tell the follow-up of the `earlier` audit of its re-audit; whether that changed it."""
    tool = tool_version(work, audit.tool, audit.tool_version)
    decided = decisions.re_audited(
        load_follow_up(work, earlier),
        re_audit=audit.id,
        reference=audit.reference,
        grade=grades.overall or grades.lowest(tool),
        lowest=grades.inadequate(tool),
        policy=load_policy(work),
        today=work.today,
        calendar=load_calendar(work),
    )
    save(work, audit, decided, on=earlier)
    return bool(decided)


class FollowUpsOfTeam(TeamReactions):
    called = ("follow-up that runs", "follow-ups that run")

    def running(self, work: Work, team: str) -> Sequence[str]:
        return work.desk.lookups.running_follow_ups_of(work.unit.connection, team)

    def taken_over(self, work: Work, record: str, new: Team) -> None:
        state = load_follow_up(work, record)
        changed = FollowUpTeamChanged(**new.taking_over(state.team, state.service))
        save(work, load_audit(work, record), [changed])


REACTIONS = (FollowUpReactions(), FollowUpsOfTeam())

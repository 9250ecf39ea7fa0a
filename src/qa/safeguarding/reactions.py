"""No audit is submitted while a concern raised from it has reached no manager; what becomes of the
concerns of a team that another one takes over from."""

from __future__ import annotations

from collections.abc import Sequence

from qa.audits.loading import load_audit
from qa.audits.reacting import AuditReactions
from qa.audits.state import CaseAudit
from qa.authorisation.context import Work
from qa.people.handlers import TeamReactions
from qa.people.teams import Team
from qa.safeguarding import decisions
from qa.safeguarding.events import SafeguardingTeamChanged, safeguarding_stream
from qa.safeguarding.state import Concerns, evolve


def load_concerns(work: Work, audit: str) -> Concerns:
    return work.unit.load(safeguarding_stream(audit), evolve, Concerns())


class SafeguardingReactions(AuditReactions):
    def streams(self, audit: str) -> tuple[str, ...]:
        return (safeguarding_stream(audit),)

    def before_submission(self, work: Work, audit: CaseAudit) -> None:
        decisions.nothing_untold(load_concerns(work, audit.id))


class ConcernsOfTeam(TeamReactions):
    called = ("concern that nobody acknowledged", "concerns that nobody acknowledged")

    def running(self, work: Work, team: str) -> Sequence[str]:
        found = work.desk.lookups.unanswered_concerns_of(work.unit.connection, team)
        return [f"{audit}:{concern}" for audit, concern in found]

    def taken_over(self, work: Work, record: str, new: Team) -> None:
        audit, _, concern = record.partition(":")
        held = load_concerns(work, audit).one(concern)
        changed = new.taking_over(held.team, held.service)
        decided = SafeguardingTeamChanged(concern=concern, **changed)
        about = load_audit(work, audit).about
        work.append(safeguarding_stream(audit), decided, about=about)


REACTIONS = (SafeguardingReactions(), ConcernsOfTeam())

"""No audit is submitted while a concern raised from it has reached no manager; what becomes of the
concerns of a team that another one takes over from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from qa.audits.loading import load_audit
from qa.audits.reacting import AuditReactions
from qa.audits.state import CaseAudit
from qa.authorisation.context import Work
from qa.authorisation.policy import can
from qa.core.event import last_said
from qa.imports.commands.batches import BatchReversal
from qa.imports.commands.outcomes import audit_where
from qa.imports.decisions import batch_in_reach
from qa.imports.people_decisions import something_taken_back
from qa.people.handlers import TeamReactions
from qa.people.teams import Team
from qa.safeguarding import clocks, decisions
from qa.safeguarding.events import (
    SafeguardingPolicySet,
    SafeguardingTeamChanged,
    safeguarding_stream,
)
from qa.safeguarding.import_decisions import BroughtConcerns, evolve_brought, take_back
from qa.safeguarding.state import Concerns, evolve


def load_policy(work: Work) -> SafeguardingPolicySet:
    return work.unit.load(
        clocks.SAFEGUARDING_POLICY_STREAM, last_said, clocks.DEFAULT_SAFEGUARDING_POLICY
    )


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
        found = load_concerns(work, audit).one(concern)
        changed = new.taking_over(found.team, found.service)
        decided = SafeguardingTeamChanged(concern=concern, **changed)
        about = load_audit(work, audit).about
        work.append(safeguarding_stream(audit), decided, about=about)


class ConcernBatchReversal(BatchReversal):
    """Concerns that a batch brought in are withdrawn; what it restated is as before."""

    kinds: ClassVar[tuple[str, ...]] = ("concerns",)

    def undo(self, work: Work, batch: str, streams: Sequence[str]) -> int:
        records, policy = 0, load_policy(work)
        for stream in dict.fromkeys(streams):
            brought = work.unit.load(stream, evolve_brought, BroughtConcerns(batch))
            audit = load_audit(work, stream.partition(":")[2])
            allowed = can(work.by, self.verb, audit_where(audit)).allowed
            batch_in_reach(allowed)
            undone = take_back(brought, policy)
            work.append(stream, *undone, about=audit.about)
            records += len(undone)
        something_taken_back(records)
        return records


REACTIONS = (SafeguardingReactions(), ConcernsOfTeam(), ConcernBatchReversal())

"""What becomes of the audits of a team that another one takes over from."""

from __future__ import annotations

from collections.abc import Sequence

from qa.audits import decisions
from qa.audits.loading import load_audit, save_audit
from qa.authorisation.context import Work
from qa.people.handlers import TeamReactions
from qa.people.teams import Team


class AuditsOfTeam(TeamReactions):
    called = ("audit that is not submitted", "audits that are not submitted")

    def running(self, work: Work, team: str) -> Sequence[str]:
        return work.desk.lookups.unsubmitted_audits_of(work.unit.connection, team)

    def taken_over(self, work: Work, record: str, new: Team) -> None:
        state = load_audit(work, record)
        decided = decisions.change_team(
            state,
            team=new.code,
            team_name=new.name,
            service=new.service,
            service_name=new.service_name,
        )
        save_audit(work, state, decided)


REACTIONS = AuditsOfTeam()

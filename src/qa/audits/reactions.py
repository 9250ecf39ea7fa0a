"""What becomes of the audits of a team that another one takes over from."""

from __future__ import annotations

from qa.audits import decisions
from qa.audits.loading import load_audit, save_audit
from qa.authorisation.context import Work
from qa.people.commands.reacting import TeamReactions
from qa.people.teams import Team


class AuditsOfTeam(TeamReactions):
    def succeeded(self, work: Work, old: Team, new: Team) -> None:
        for audit in work.desk.lookups.unsubmitted_audits_of(work.unit.connection, old.code):
            state = load_audit(work, audit)
            decided = decisions.change_team(
                state,
                team=new.code,
                team_name=new.name,
                service=new.service,
                service_name=new.service_name,
            )
            save_audit(work, state, decided)


REACTIONS = AuditsOfTeam()

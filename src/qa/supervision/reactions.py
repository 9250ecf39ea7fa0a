"""What becomes of the supervision of a team that another one takes over from."""

from __future__ import annotations

from collections.abc import Sequence

from qa.authorisation.context import Work
from qa.people.handlers import TeamReactions
from qa.people.teams import Team
from qa.supervision.check_events import SupervisionCheckTeamChanged, check_stream
from qa.supervision.events import SupervisionTeamChanged, supervision_stream
from qa.supervision.state import SupervisionCheck, SupervisionPairState, evolve_check, evolve_pair


class PairsOfTeam(TeamReactions):
    called = ("supervision that goes on", "supervisions that go on")

    def running(self, work: Work, team: str) -> Sequence[str]:
        return work.desk.lookups.running_supervision_of(work.unit.connection, team)

    def taken_over(self, work: Work, record: str, new: Team) -> None:
        stream = supervision_stream(record)
        state = work.unit.load(stream, evolve_pair, SupervisionPairState())
        changed = SupervisionTeamChanged(**new.taking_over(state.team, state.service))
        work.append(stream, changed, about=state.about)


class ChecksOfTeam(TeamReactions):
    called = ("supervision check to make", "supervision checks to make")

    def running(self, work: Work, team: str) -> Sequence[str]:
        return work.desk.lookups.checks_to_make_of(work.unit.connection, team)

    def taken_over(self, work: Work, record: str, new: Team) -> None:
        stream = check_stream(record)
        state = work.unit.load(stream, evolve_check, SupervisionCheck())
        changed = new.taking_over(state.asked.team, state.asked.service)
        work.append(stream, SupervisionCheckTeamChanged(**changed), about=state.about)


REACTIONS = (PairsOfTeam(), ChecksOfTeam())

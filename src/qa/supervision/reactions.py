"""What becomes of the supervision of a team that another one takes over from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from qa.authorisation.context import Work
from qa.authorisation.policy import can
from qa.core.event import RecordedEvent
from qa.core.words import Resource
from qa.imports.commands.batches import BatchReversal, is_undone
from qa.imports.decisions import batch_in_reach
from qa.imports.people_decisions import something_taken_back
from qa.people.handlers import TeamReactions
from qa.people.teams import Team
from qa.supervision.check_events import SupervisionCheckTeamChanged, check_stream
from qa.supervision.events import (
    OPEN_CASES_STREAM,
    SupervisionSessionWithdrawn,
    SupervisionTeamChanged,
    supervision_stream,
)
from qa.supervision.open_cases import ListsOnRecord, evolve_lists, take_list_back
from qa.supervision.state import (
    BroughtSessions,
    SupervisionCheck,
    SupervisionPairState,
    evolve_brought_sessions,
    evolve_check,
    evolve_pair,
)


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
        changed = new.taking_over(state.schedule.team, state.schedule.service)
        work.append(stream, SupervisionCheckTeamChanged(**changed), about=state.about)


class OpenCasesReversal(BatchReversal):
    """The list before it is in force again; without one, no case of that day is listed."""

    kinds: ClassVar[tuple[str, ...]] = ("open-cases",)

    def undo(self, work: Work, batch: str, streams: Sequence[str]) -> int:
        known = work.unit.load(OPEN_CASES_STREAM, evolve_lists, ListsOnRecord(batch))
        undone = take_list_back(known)
        something_taken_back(len(undone), replaced=known.brought is not None)
        for event in undone:
            work.append(OPEN_CASES_STREAM, event, effective_on=event.counted_on)
        return 0 if known.brought is None else len(known.brought.cases)


class SessionsReversal(BatchReversal):
    """The sessions that it brought are withdrawn, and what it corrected is as it was before, where
    the day has no other session. What is from a batch that was undone does not come back."""

    kinds: ClassVar[tuple[str, ...]] = ("sessions",)

    def undo(self, work: Work, batch: str, streams: Sequence[str]) -> int:
        records = 0
        for stream in dict.fromkeys(streams):
            found = work.unit.load(stream, evolve_brought_sessions, BroughtSessions())
            pair = found.pair
            where = Resource(service=pair.service, team=pair.team)
            batch_in_reach(can(work.by, "reverse-import", where).allowed)
            undone = [
                SupervisionSessionWithdrawn(session=session)
                for session, brought in found.standing.items()
                if brought.meta.source is not None and brought.meta.source.batch == batch
            ]
            work.append(stream, *undone, about=pair.about)
            gone = {one.session for one in undone}
            days = {on for one, on in pair.days.items() if one not in gone}
            for again in _before(work, found, batch):
                on, source = again.meta.effective_on, again.meta.source
                if on not in days:
                    work.append(
                        stream, again.event, effective_on=on, source=source, about=pair.about
                    )
            records += len(undone)
        something_taken_back(records)
        return records


def _before(work: Work, found: BroughtSessions, batch: str) -> Iterator[RecordedEvent[Any]]:
    """What each session that the batch withdrew takes up again: itself, or what a batch that was
    undone had withdrawn for it."""
    for (by, on), gone in found.before.items():
        again: RecordedEvent[Any] | None = gone if by == batch else None
        while again is not None and is_undone(work, source := again.meta.source):
            assert source is not None
            earlier = found.before.get((source.batch, on))
            # A file that came in parts may have taken the place of what took its own.
            again = earlier if earlier and earlier.position < again.position else None
        if again is not None:
            yield again


REACTIONS = (PairsOfTeam(), ChecksOfTeam(), OpenCasesReversal(), SessionsReversal())

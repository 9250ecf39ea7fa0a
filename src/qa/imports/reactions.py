"""What the reversal of an import batch means for the teams and people that it brought."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from qa.authorisation.context import Work
from qa.authorisation.context import reactions as those_of
from qa.imports import people_decisions
from qa.imports.commands.batches import BatchReversal
from qa.imports.people_decisions import FromBatch, trace
from qa.people.commands import CloseTeam
from qa.people.decisions import no_circle
from qa.people.events import ORGANISATION
from qa.people.handlers import TeamReactions
from qa.people.loading import lines_above, load_organisation
from qa.people.teams import close_team


class PeopleBatchReversal(BatchReversal):
    """The roles of the people end as if they had never begun, and what was corrected is put back;
    the people stay on record."""

    verb: ClassVar[str] = "manage-people"
    kinds: ClassVar[tuple[str, ...]] = ("people",)

    def undo(self, work: Work, batch: str, streams: Sequence[str]) -> int:
        records, organisation = 0, load_organisation(work)
        found = {
            stream: work.unit.load(stream, partial(trace, batch=batch), FromBatch())
            for stream in dict.fromkeys(streams)
        }
        people = {one.person.id: one.placed_back for one in found.values()}
        for stream, brought in found.items():
            undone = people_decisions.take_back(brought, organisation, by=work.by.person)
            before, person = brought.before, brought.placed_back
            if before is not None and before.manager is not None:
                for line in lines_above(work, person, before.manager, before.since, people):
                    no_circle(person.id, person.name, line)
            for one in undone:
                work.append(stream, one.event, about=stream, effective_on=one.on)
            records += len(undone)
        people_decisions.something_taken_back(records)
        return records


class TeamBatchReversal(BatchReversal):
    """The teams that the batch opened are closed, unless something runs in one."""

    verb: ClassVar[str] = "import-teams"
    kinds: ClassVar[tuple[str, ...]] = ("teams",)

    def undo(self, work: Work, batch: str, streams: Sequence[str]) -> int:
        brought = work.unit.load(ORGANISATION, partial(trace, batch=batch), FromBatch())
        organisation = brought.organisation
        closed = [
            event
            for team in brought.opened
            if not organisation.teams[team].closed
            for event in close_team(
                organisation,
                CloseTeam(team=team),
                running=[
                    (*one.called, len(one.running(work, team))) for one in those_of(TeamReactions)
                ],
            )
        ]
        people_decisions.something_taken_back(len(closed))
        work.append(ORGANISATION, *closed)
        return len(closed)


REACTIONS = (PeopleBatchReversal(), TeamBatchReversal())

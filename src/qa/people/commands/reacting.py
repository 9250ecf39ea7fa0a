"""What other capabilities make of what happens to a team, in the same unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from qa.authorisation.context import Reaction, Work
from qa.people.teams import Team


class TeamReactions(Reaction):
    """A capability says in its `reactions.py` which of its records run in a team, and hands each
    of them to the team that takes over. `called` is what one of them, and several, are called."""

    called: ClassVar[tuple[str, str]] = ("", "")

    def running(self, work: Work, team: str) -> Sequence[str]:
        """The records of the team that go on."""
        raise NotImplementedError

    def taken_over(self, work: Work, record: str, new: Team) -> None:
        """The team of the record was closed, and it goes to `new`."""
        raise NotImplementedError

"""What other capabilities make of what happens to a team, in the same unit of work."""

from __future__ import annotations

from qa.authorisation.context import Reaction, Work
from qa.people.teams import Team


class TeamReactions(Reaction):
    """A capability says in its `reactions.py` what it does when a team takes over from another."""

    def succeeded(self, work: Work, old: Team, new: Team) -> None:
        """The team `old` was closed, and its open work goes to `new`."""

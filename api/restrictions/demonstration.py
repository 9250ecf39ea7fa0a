"""One restricted child of the synthetic council: a colleague's, audited by somebody from another
team, and read by the auditor, the second lead and one head of service."""

from __future__ import annotations

from datetime import timedelta

from api.demo import cast
from api.demo.parts import Demonstration
from api.demo.story import QUARTERS, TOOL, Story, quarter_start
from qa.audits import handlers as audit_handlers
from qa.audits.commands import AllocateAudit
from qa.restrictions import handlers
from qa.restrictions.commands import RestrictChild

CHILD = "C-40404"
LEAD = cast.LEADS[1].handle


def _tell(story: Story) -> None:
    day = quarter_start(QUARTERS) - timedelta(days=9)
    auditor = cast.auditors()[0].handle

    def step() -> None:
        desk, lead = story.services.desk, story.actor(LEAD)
        readers = (LEAD, auditor, cast.MODERATORS[0].handle)
        restriction = RestrictChild(
            child=CHILD,
            readers=tuple(story.people[one] for one in readers),
            why="The child of a colleague in the leaving care team.",
        )
        handlers.restrict(desk, restriction, by=lead)
        audit_handlers.allocate(
            desk,
            AllocateAudit(
                child=CHILD,
                tool=TOOL,
                auditor=story.people[auditor],
                team="leaving-care",
                practice_from=day - timedelta(days=185),
                practice_to=day - timedelta(days=2),
                due_on=day + timedelta(days=40),
            ),
            by=lead,
        )

    story.at(day, step, hour=17)


DEMONSTRATIONS = Demonstration(90, _tell)

"""The sampling frame of the synthetic council's next quarter, from its list of children in need."""

from __future__ import annotations

from datetime import timedelta

from api.demo import cast
from api.demo.parts import Demonstration
from api.demo.story import QUARTERS, Story, quarter_start
from api.imports.about import AboutPlan
from api.imports.answers import ImportAnswers
from api.imports.reading import read_sheet
from api.imports.run import ImportChoices, run
from projections.people import queries as people
from projections.restrictions.queries import restricted

CASES = 80
HEADINGS = (
    "Child Unique ID,Date of Birth,CIN Start Date,Primary Need Code,Reason for Closure,"
    "CIN Closure Date,Case Status,Allocated Team,Allocated Worker"
)
"""Some of those of list 6 of Annex A."""
STATUSES = ("a) Open CIN plan", "b) Open assessment", "c) Open case")


def _freeze(story: Story) -> None:
    services, lead = story.services, story.actor("lead")
    today = services.desk.today()
    with services.store.reading() as connection:
        named = people.teams(connection)
        teams = [one.name for one in named if one.team in cast.CASE_TEAMS]
        closed_to = sorted(restricted(connection))[:1]
    references = [f"C-{20000 + number * 37}" for number in range(CASES)]
    rows = [HEADINGS]
    for number, child in enumerate((*references, *closed_to)):
        began = today - timedelta(days=20 + number * 9 % 400)
        closed = today - timedelta(days=3) if number % 20 == 19 else None
        status, team = STATUSES[number % len(STATUSES)], teams[number % len(teams)]
        rows.append(
            f"{child},,{began},N{1 + number % 5},{'RC1' if closed else ''},{closed or ''},{status},"
            f"{team},"
        )
    run(
        services,
        "sampling-frame",
        read_sheet("annex-a-list-6.csv", "\n".join(rows).encode()),
        ImportChoices(
            answers=ImportAnswers(constants={"cycle": f"{quarter_start(QUARTERS):%B %Y} onwards"}),
            about=AboutPlan(as_at=today, source="The case system"),
        ),
        by=lead,
    )


def _tell(story: Story) -> None:
    story.last.append(lambda: _freeze(story))


DEMONSTRATIONS = Demonstration(101, _tell)

"""A person's own tasks in numbers on their home page, and how they are grouped there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from api.people.reading import below, overseen
from api.tasks import team_work
from api.tasks.work_listing import lateness
from api.web.waiting import Ask, HomeNumber, Task
from projections.core.base import present
from qa.core.words import Actor, Role

FIRST = 10
"""How many tasks the home page shows."""
MOST_IN_A_TEAM = 40
"""More people than this are no team that is counted person by person on a home page."""


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """The tasks of one kind that wait for the same: how many, how many of them late and new, and
    when the next is due."""

    kind: str
    title: str
    whose: str
    count: int
    overdue: int
    this_week: int
    new: int
    due_on: date | None


def first(found: Sequence[Task]) -> list[Task]:
    """What to do first, of tasks that stand by urgency: the reader's own before what anybody of
    those who may can do."""
    return [one for whose in ("own", "shared") for one in found if one.whose == whose][:FIRST]


def groups(found: Sequence[Task], today: date, unread: frozenset[str]) -> list[TaskGroup]:
    """The tasks by kind: the reader's own first, and of those the group with the most urgent."""
    sorted_out: dict[tuple[str, str], list[Task]] = {}
    for one in found:
        sorted_out.setdefault((one.whose, one.kind), []).append(one)
    made = []
    for (whose, kind), tasks in sorted_out.items():
        standing = [lateness(one, today) for one in tasks]
        days = [one.due_on for one in tasks if one.due_on is not None]
        made.append(
            TaskGroup(
                kind=kind,
                title=tasks[0].title,
                whose=whose,
                count=len(tasks),
                overdue=standing.count("overdue"),
                this_week=standing.count("week"),
                new=sum(one.thing in unread for one in tasks),
                due_on=min(days, default=None),
            )
        )
    return sorted(
        made, key=lambda group: (group.whose != "own", group.due_on or date.max, group.title)
    )


def own_numbers(found: Sequence[Task], actor: Actor, today: date) -> Iterator[HomeNumber]:
    """What waits for this person by name. Those who watch over a council first see the council."""
    own = [one for one in found if one.whose == "own"]
    standing = [lateness(one, today) for one in own]
    yield HomeNumber(
        90 if actor.has(Role.QA_LEAD) else 10,
        "Your overdue tasks",
        "Tasks in your name, past the date they are due.",
        standing.count("overdue"),
        "/your-work?whose=own&due=overdue",
        alert=True,
    )
    yield HomeNumber(
        20,
        "Your tasks due this week",
        "Tasks in your name that are due by Sunday.",
        standing.count("week"),
        "/your-work?whose=own&due=week",
    )
    moderating = sum(one.kind == "moderation" for one in own)
    if moderating:
        yield HomeNumber(
            25,
            "Audits to moderate",
            "Audits for you to judge a second time.",
            moderating,
            "/your-work?whose=own&kind=moderation",
        )


def team_numbers(ask: Ask) -> Iterator[HomeNumber]:
    """What is overdue with the people that a manager answers for."""
    if ask.actor.has(Role.QA_LEAD) or not below(present(ask.connection), ask.actor.person):
        return
    people = overseen(ask)
    if not people or len(people) > MOST_IN_A_TEAM:
        return
    late = sum(one.overdue for one in team_work.loads(ask.connection, people, ask.at))
    yield HomeNumber(
        15,
        "Overdue in your team",
        "Tasks of the people who report to you, past the date they are due.",
        late,
        "/team-work?late=yes",
        alert=True,
    )

"""A person's queue as a list: what to do, until when, and whose it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from api.documents.listing import ColumnKind
from api.lists.declaration import ListCell, ListColumn, ListFilter, RecordList, day_cell
from api.web.waiting import Task

WHOSE = {
    "own": "You",
    "shared": "You or a colleague",
    "leads": "A QA lead",
    "left": "Somebody who has left",
}
DUE = {
    "overdue": "Overdue",
    "week": "Due this week",
    "later": "Due later",
    "none": "No date",
}


def lateness(one: Task, today: date) -> str:
    """Where a task stands against today: a week ends on Sunday. A key of `DUE`."""
    if one.due_on is None:
        return "none"
    if one.overdue(today):
        return "overdue"
    return "week" if one.due_on <= today + timedelta(days=6 - today.weekday()) else "later"


def whose_words(one: Task) -> str:
    return one.person_name or WHOSE[one.whose]


def task_cell(one: Task, unread: Collection[str]) -> ListCell:
    """What to do, with the words of an action beneath; marked where its notice is not read yet."""
    title = f"{one.title} for {one.person_name}" if one.person_name else one.title
    return ListCell(
        f"{title} {one.reference}".strip(),
        one.href,
        beneath=one.details.get("text") or "",
        tag="New" if one.thing and one.thing in unread else "",
        tag_colour="blue",
    )


def work_list(found: Sequence[Task], today: date, unread: Collection[str] = ()) -> RecordList[Task]:
    """These tasks, the most urgent first. `unread` are the things that a notice not yet read is
    about."""
    return RecordList(
        path="/your-work",
        title="Your work",
        noun=("task", "tasks"),
        rows=found,
        key=lambda one: f"{one.kind}~{one.thing}~{one.person}~{one.opened}",
        columns=(
            ListColumn(
                "title",
                "What to do",
                lambda one: one.title,
                drawn=lambda one: task_cell(one, unread),
            ),
            ListColumn("text", "Action", lambda one: one.details.get("text"), on_page=False),
            ListColumn("whose", "Task for", whose_words),
            ListColumn("reference", "Audit", lambda one: one.reference, on_page=False),
            ListColumn("child", "Child reference", lambda one: one.child),
            ListColumn("team", "Team", lambda one: one.team_name),
            ListColumn(
                "due_on",
                "Due",
                lambda one: one.due_on,
                ColumnKind.DAY,
                drawn=lambda one: day_cell(one.due_on, late=one.overdue(today), none="No date"),
            ),
            ListColumn(
                "overdue",
                "Overdue",
                lambda one: "yes" if one.overdue(today) else "no",
                on_page=False,
            ),
        ),
        filters=(
            ListFilter("kind", "Kind of task", lambda one: (one.kind, one.title)),
            ListFilter(
                "due", "Due", lambda one: (lateness(one, today), DUE[lateness(one, today)]), DUE
            ),
            ListFilter("whose", "Task for", lambda one: (one.whose, WHOSE[one.whose]), WHOSE),
            ListFilter("team", "Team", lambda one: (one.team or "none", one.team_name or "None")),
        ),
        order="the most urgent first",
        empty=(
            "You have nothing to do",
            "Audits, moderations and actions that are given to you appear here, the most urgent "
            "first.",
        ),
        file_name="your-work",
    )

"""What has to be done before a council can work here, and how much of it is done."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.people import queries as people_queries
from qa.authorisation.policy import can
from qa.core.words import Actor, Role


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One step: what to do, why, where (nothing where the reader may not), and whether it is done.

    `by` is who does it, where the reader cannot.
    """

    title: str
    why: str
    href: str
    done: bool
    by: str = ""


def first_steps(connection: Connection, actor: Actor) -> list[FirstStep]:
    """The steps of a council that has no audit yet; none once it has, or for other readers."""
    may_people = can(actor, "manage-people").allowed
    leads = actor.has(Role.QA_LEAD)
    if not (may_people or leads) or audit_queries.any_audit(connection):
        return []
    teams = people_queries.teams(connection)
    people = people_queries.everybody(connection, with_departed=False)
    tools = [row for row in tool_queries.tools(connection) if row.latest]
    return [
        FirstStep(
            "Set up teams",
            "Audits, actions and figures belong to a team and its service.",
            "/teams" if may_people else "",
            bool(teams),
            "an administrator",
        ),
        FirstStep(
            "Add people and give them roles",
            "Auditors, moderators and managers each see what their role needs.",
            "/people" if may_people else "",
            len(people) > 1,
            "an administrator",
        ),
        FirstStep(
            "Check the audit tools",
            "A tool holds the questions, the grades and what each grade means.",
            "/tools" if leads else "",
            bool(tools),
            "a QA lead",
        ),
        FirstStep(
            "Record the first audits",
            "Import last year’s from a spreadsheet, or allocate a new one.",
            "/imports/new" if leads else "",
            False,
            "a QA lead",
        ),
        FirstStep(
            "Read the first report",
            "Once there are audits, Reports shows grades, agreement and what became of actions.",
            "/reports" if leads else "",
            False,
            "a QA lead",
        ),
    ]

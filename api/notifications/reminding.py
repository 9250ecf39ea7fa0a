"""Reminders and escalations: what the due dates of everybody's queue have reached today.

They are asked of the queues as they are now, so they stop when the work is done. Each step of each
due date is told to each person once, whatever runs how often. While a deputy stands in, the deputy
is told instead of the person, owner and manager alike. What somebody holds who has left is told to
their line, and where there is none to the top of the ladder. Of a record that is not open to
whoever hears, they learn that something is late, and neither which nor where.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from api.gate.current_actor import acting
from api.people.reading import Lead, has_left, leads_on
from api.services import Services
from api.tasks.worklist import areas_of, own_queue, whole_queue
from api.web.access_notes import Look
from api.web.moments import AsAt
from api.web.moments import present as now_of
from api.web.waiting import Task
from projections.audits import queries as audit_queries
from projections.notifications import queries as notification_queries
from projections.people import deputy_queries
from projections.people import queries as people_queries
from projections.working_days.queries import calendar
from qa.authorisation.policy import reach
from qa.core.carry import carry
from qa.core.clock import WorkingDays, civil_day
from qa.core.dates_in_words import day
from qa.core.naming import reference_key
from qa.core.words import Actor
from qa.notifications.events import ReminderPolicySet
from qa.notifications.ladder import Reached, Rung, reached
from qa.notifications.steps import DEFAULT_REMINDER_POLICY
from qa.outbox import notices, tables
from qa.outbox.notices import NewNotice

AT_MOST = 500
"""Things of each kind looked at for one person, the most urgent first."""
KINDS = frozenset({"reminder", "escalation"})


@dataclass(frozen=True, slots=True)
class Council:
    """What is the same for everybody on one run. `left` are those who have left and may hold
    something; `covers` names the deputy of who is away, where the deputy is still here."""

    connection: Connection
    at: AsAt
    today: date
    policy: ReminderPolicySet
    calendar: WorkingDays
    leads: Sequence[Lead]
    services: dict[str, str]
    successors: dict[str, str]
    names: dict[str, str]
    left: frozenset[str]
    covers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Late:
    """One thing that whoever answers for it left so late that others hear of it."""

    one: Task
    owner: str
    step: Reached


def remind(services: Services, *, dry_run: bool = False) -> int:
    """Tell everybody what is due soon, due and late, and those above them what stays undone; how
    many notices were new."""
    with services.store.reading() as connection:
        reminders = list(_everybodys(_council(services, connection)))
        if dry_run:
            return len(notices.unknown(connection, reminders))
    if not reminders:
        return 0
    with services.store.writing() as connection:
        tables.lock(connection)
        return notices.add(connection, services.clock, reminders)


def _council(services: Services, connection: Connection) -> Council:
    today = civil_day(services.clock.now())
    in_force = notification_queries.in_force(connection)
    at = now_of(services.store, connection, Actor(""))
    teams = people_queries.teams(connection, with_closed=True)
    everybody = people_queries.everybody(connection, with_departed=True)
    gone = {row.person for row in everybody if has_left(row, today)}
    return Council(
        connection,
        at,
        today,
        DEFAULT_REMINDER_POLICY if in_force is None else in_force[0],
        calendar(connection),
        leads_on(connection, today),
        {row.team: row.service for row in teams},
        {row.team: row.successor for row in teams if row.closed and row.successor},
        {row.person: row.name for row in everybody},
        frozenset(areas_of(connection, gone, at)),
        {
            person: deputy
            for person, deputy in deputy_queries.in_force(connection, today).items()
            if acting(connection, deputy, today) is not None
        },
    )


def _everybodys(council: Council) -> Iterator[NewNotice]:
    late: dict[str, dict[str, Late]] = {}
    for person in council.names:
        line = [
            one
            for one in people_queries.managers(council.connection, person)
            if acting(council.connection, one, council.today) is not None
        ]
        given = notices.reminders(council.connection, person, KINDS)
        for one in _queue(council, person):
            steps = (
                []
                if one.due_on is None
                else reached(council.policy, one.due_on, council.today, council.calendar)
            )
            for step in steps:
                if step.rung is Rung.OWNER and person not in council.left:
                    if person not in council.covers and _may(council, given, one.thing):
                        yield from _own(council, person, one, step)
                elif not one.person and one.whose != "leads":
                    for hearing in _hearing(council, person, line, one, step):
                        entry = Late(one, person, step)
                        late.setdefault(hearing, {}).setdefault(_key(one, step), entry)
    for person, entries in late.items():
        yield from _escalated(council, person, list(entries.values()))


def _queue(council: Council, person: str) -> list[Task]:
    """What this person is to be reminded of, or those above them: what others left they see in
    their own queue, and hear of as it escalates."""
    if person in council.left:
        return own_queue(council.connection, person, council.at, limit=AT_MOST)
    actor = acting(council.connection, person, council.today)
    if actor is None or actor.pin is not None:
        return []
    found = whole_queue(Look(council.connection, actor, council.at), limit=AT_MOST)
    return [one for one in found if one.whose != "left"]


def _may(council: Council, given: dict[str, int], thing: str) -> bool:
    """Whether the cap still leaves room for one more of this thing."""
    return not thing or given.get(thing, 0) < council.policy.most


def _key(one: Task, step: Reached) -> str:
    thing = one.thing or f"{one.kind} for {one.person}"
    return f"step:{thing}:{one.kind}:{one.due_on}:{step.step}"


def _own(council: Council, person: str, one: Task, step: Reached) -> Iterator[NewNotice]:
    if one.whose == "shared":
        return
    assert one.due_on is not None
    what = " ".join(filter(None, [one.title, one.reference]))
    whose = f" for {one.person_name}" if one.person_name else ""
    yield carry(
        NewNotice,
        one,
        person=person,
        key=_key(one, step),
        kind="reminder",
        href=one.href or "/",
        text=f"{what}{whose} {step.words}. Due date: {day(one.due_on)}.",
    )


def _hearing(
    council: Council, owner: str, line: Sequence[str], one: Task, step: Reached
) -> set[str]:
    """Who is told of this step: the first of the owner's line, or the top of the ladder.

    What waits for whoever comes first has no owner, so that the top alone hears of it.
    """
    if one.whose == "shared":
        if step.rung is not Rung.HEAD:
            return set()
        found = _leads(council, one.team)
    elif line and (step.rung is Rung.MANAGER or step.rung is Rung.OWNER):
        found = set(line[:1])
    elif step.rung is Rung.MANAGER and owner not in council.left:
        found = set()
    else:
        found = {*line[1:2], *_leads(council, one.team)}
    alone = set() if one.whose == "shared" else {owner}
    return {council.covers.get(person, person) for person in found} - alone


def _leads(council: Council, team: str) -> set[str]:
    """The QA leads of a team's part of the council, and where it was closed of those that took over
    from it: what was submitted there stays there."""
    found, passed = set[str](), set[str]()
    while team and team not in passed:
        passed.add(team)
        service = council.services.get(team)
        found |= {lead.person for lead in council.leads if lead.leads(service, team)}
        team = council.successors.get(team, "")
    return found


def _escalated(council: Council, person: str, entries: Sequence[Late]) -> Iterator[NewNotice]:
    """What one person hears of others' work."""
    actor = acting(council.connection, person, council.today)
    if actor is None:
        return
    audits = {late.one.audit for late in entries} - {""}
    shown = audit_queries.open_to(council.connection, reach(actor), audits) | {""}
    given = notices.reminders(council.connection, person, KINDS)
    for late in entries:
        one = late.one
        if not _may(council, given, one.thing):
            continue
        opens = one.audit in shown and reference_key(one.child) not in actor.closed
        assert one.due_on is not None
        what = " ".join(filter(None, [one.title, one.reference if opens else ""]))
        gone = ", who has left" if late.owner in council.left else ""
        whose = "" if one.whose == "shared" else f" It is with {council.names[late.owner]}{gone}."
        yield carry(
            NewNotice,
            one,
            person=person,
            key=_key(one, late.step),
            kind="escalation",
            href=one.href if opens else "/team-work",
            text=f"{what} {late.step.words}. Due date: {day(one.due_on)}.{whose}",
        )

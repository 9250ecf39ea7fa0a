"""A room by cases, children and tools opens exactly those: held against every way in."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from api.actions import reading as action_reading
from api.agreement import report
from api.safeguarding import reading as concern_reading
from api.search.reading import search
from api.web.access_notes import Look
from api.web.moments import AsAt, as_at
from projections.actions.queries import ActionFilter
from projections.agreement.question import AgreementQuestion
from projections.audits import queries
from qa.audit_tools.files import shipped_tools
from qa.audits import handlers as audits
from qa.audits.commands import SubmitAudit
from qa.audits.judgements import PlannedAction
from qa.authorisation.policy import can, reach
from qa.children import handlers as children
from qa.children.commands import JoinChildren
from qa.core.words import Actor, Scope
from qa.inspections import handlers
from qa.inspections.commands import ChangeInspectorRoomReach
from qa.safeguarding import handlers as safeguarding
from qa.safeguarding.commands import RaiseConcern
from tests.inspections.support import opened
from tests.restrictions.support import asked, leaks_at, restrict, told
from tests.support.council import Council, content

SCOPES = (
    Scope(),
    Scope(kind="service", code="safeguarding"),
    Scope(kind="team", code="east"),
    Scope(kind="team", code="west"),
)
SECRET = "HUSH-1"
WHY = "They track other children now."


def judged(council: Council, team: str, child: str, planned: PlannedAction) -> str:
    """An audit with an action; a file may have been audited before."""
    audit = council.allocated(team=team, child=child, exception="The inspectors asked for it.")
    values = {"actions": (planned,), "no_action_reason": ""}
    written = content(council.tool, council.today, "inadequate", **values)
    command = SubmitAudit(audit=audit, content=written)
    audits.submit(council.services.desk, command, by=council.actor("auditor"))
    return audit


class Records:
    """Twelve audits of two teams, two tools and five children, two of them one child's; most with
    an action, one with a concern, one not submitted and one of a child that is restricted."""

    def __init__(self, council: Council) -> None:
        self.council, desk = council, council.services.desk
        first, second = shipped_tools()[:2]
        self.actions: dict[str, str] = {}
        made: list[str] = []
        for number in range(12):
            council.tool = (first, second)[number % 3 == 2]
            child = (SECRET, "C-11", "C-12", "c-13", "C-14")[number % 5]
            team = ("east", "west")[number % 2]
            if number == 7:
                made.append(council.allocated(team=team, child=child, exception=WHY))
            else:
                planned = council.action()
                made.append(judged(council, team, child, planned))
                self.actions[planned.action] = made[-1]
        council.tool = first
        raised = RaiseConcern(
            audit=made[1],
            what="Nobody answers the door.",
            manager=council.ids["moderator"],
            how="telephone",
        )
        safeguarding.raise_concern(desk, raised, by=council.actor("auditor"))
        self.concern_of = made[1]
        lead = council.actor("lead")
        children.join(desk, JoinChildren(child="C-11", other="C-14", why=WHY), by=lead)
        restrict(council, SECRET, [council.ids["lead2"]])
        self.rows = {audit: council.view(audit).row for audit in made}

    def wanted(self, room: ChangeInspectorRoomReach) -> set[str]:
        """The audits that the room opens, told once more in the simplest words."""
        named = {one.casefold() for one in room.cases}
        if named & {"c-11", "c-14"}:
            named |= {"c-11", "c-14"}
        return {
            audit
            for audit, row in self.rows.items()
            if row.overall is not None
            and row.child != SECRET
            and (room.scope or Scope()).covers(service=row.service, team=row.team)
            and (not room.cases or {row.reference.casefold(), row.child.casefold()} & named)
            and (not room.tools or row.tool in room.tools)
        }


def rooms(records: Records, room: str) -> Iterator[ChangeInspectorRoomReach]:
    """Rooms drawn by lot; only cases within their scope can be named."""
    lot = random.Random(17)
    tools = sorted({row.tool for row in records.rows.values()})
    while True:
        scope = lot.choice(SCOPES)
        within = [
            row
            for row in records.rows.values()
            if scope.covers(service=row.service, team=row.team) and row.child != SECRET
        ]
        names = sorted({row.reference for row in within} | {row.child for row in within})
        cases = lot.sample(names, lot.choice((0, 1, 2, 4)))
        yield ChangeInspectorRoomReach(
            room=room,
            scope=scope,
            cases=tuple(cases),
            tools=tuple(lot.sample(tools, lot.choice((0, 0, 1, 2)))),
            reason=WHY,
        )


def opened_by(council: Council, actor: Actor, records: Records) -> dict[str, set[str]]:
    """The audits that each way in opens to the reader, or whose actions and concerns it does."""
    within = reach(actor)
    found: dict[str, set[str]] = {}
    with council.services.store.reading() as connection:
        at: AsAt = as_at(council.services.store, connection)
        for name, verb in (("policy", "read-audit"), ("judgement", "read-judgement")):
            found[name] = {
                audit
                for audit in records.rows
                if can(actor, verb, council.view(audit).resource).allowed
            }
        found["list"] = {row.audit for row in queries.audits(connection, within)}
        found["open"] = {*queries.open_to(connection, within, set(records.rows))}
        found["search"] = {
            one.row.record
            for one in search(connection, actor, at, "evidence").found
            if one.row.kind == "case-audit"
        }
        listed = action_reading.listed(connection, actor, ActionFilter(), at)
        found["actions"] = {row.audit for row in listed}
        each = action_reading.open_to(connection, actor, set(records.actions))
        found["action"] = {records.actions[action] for action in each}
        found["readable"] = {
            row.audit
            for row in action_reading.listed(connection, council.actor("lead2"), ActionFilter(), at)
            if action_reading.readable(connection, row, actor)
        }
        found["concerns"] = {
            row.audit for row in concern_reading.listed(Look(connection, actor, at))
        }
        question = AgreementQuestion(start=date(2026, 1, 1), end=date(2026, 12, 31))
        made = report.make(connection, "grades", question, at, actor=actor)
        number = sum(row.figures["audits_submitted"].numerator or 0 for row in made.rows)
        told = any("inspector room" in one for one in made.caveats)
        assert number == len(found["list"]) or not told
        assert told == (actor.kept_to is not None or actor.grants[0].scope.code is not None)
    return found


@pytest.mark.both_databases
def test_every_way_in_opens_exactly_the_room(council: Council) -> None:
    records = Records(council)
    council.show_rates_of_few()
    room = opened(council)
    drawn = rooms(records, room)
    kinds = set()
    for _ in range(10):
        asked = next(drawn)
        handlers.change_reach(council.services.desk, asked, by=council.actor("lead"))
        wanted, actor = records.wanted(asked), council.actor("nobody")
        found = opened_by(council, actor, records)
        with_action = wanted & {*records.actions.values()}
        for name in ("policy", "judgement", "list", "open", "search"):
            assert found[name] == wanted, (name, asked)
        for name in ("actions", "action", "readable"):
            assert found[name] == with_action, (name, asked)
        assert found["concerns"] == wanted & {records.concern_of}, asked
        kinds.add((bool(asked.cases), bool(asked.tools), bool(wanted)))
    assert len(kinds) >= 5


@pytest.mark.one_database
def test_a_room_is_kept_for_what_is_recorded_later_and_for_every_date(council: Council) -> None:
    first = council.submitted(child="C-11")
    other = council.submitted(child="C-12")
    opened(council, cases=("C-11", council.view(other).row.reference))
    later = judged(council, "east", "C-11", council.action())
    judged(council, "east", "C-12", council.action())
    actor = council.actor("nobody")
    with council.services.store.reading() as connection:
        now = {row.audit for row in queries.audits(connection, reach(actor))}
        whole = replace(reach(actor), kept_to=None)
        assert len(queries.audits(connection, whole)) == 4
    assert now == {first, other, later}
    program = council.program("nobody")
    listed: Any = program.get("/api/v1/case-audits").json()["audits"]
    assert {one["audit"] for one in listed} == now


@pytest.mark.slow
@pytest.mark.one_database
def test_nothing_outside_the_room_is_shown_at_any_address(council: Council) -> None:
    story = told(council)
    own = council.submitted(child="C-11")
    before = council.services.store.head()
    opened(council, by=council.actor("lead2"), cases=("C-11",))
    browser, program = council.browser("nobody"), council.program("nobody")
    marks = (*story.marks, story.audit, story.action)
    leaks, read = [], 0
    # What they opened holds what they typed: it is looked at before they type anything.
    lines = ("/account", "/room", "/api/v1/me", "/api/v1/account")
    past = ("/audits", "/children", "/search", "/history", "/compare", "/agreement")
    every = asked(council, story, before, 1)
    paths = [one for one in every if f"position={before}" not in one or one.startswith(past)]
    paths.sort(key=lambda one: not one.startswith(lines))
    for path in paths:
        status, leaked = leaks_at(path, program if path.startswith("/api/") else browser, marks)
        read += status == 200
        leaks += leaked
    assert leaks == []
    assert read > 20
    assert browser.get(f"/audits/{own}").status_code == 200
    opened_lines = browser.get("/account/accesses").text
    assert story.audit in "".join(paths)
    assert story.reference not in opened_lines.replace(f"q={story.reference}", "")

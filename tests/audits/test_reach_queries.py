"""Lists hold what the policy table lets be read: the SQL of a reach, held against the decision."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, Table, create_engine, delete, insert, select
from sqlalchemy.engine import Connection

from projections.actions import queries as action_queries
from projections.actions.tables import action_contributor, action_row
from projections.agreement import behind
from projections.agreement.tables import agreement_audit
from projections.audits import worklist
from projections.audits.queries import AuditView
from projections.audits.tables import AuditRow, audit_row
from projections.audits.visible_queries import visible
from projections.core.base import OPEN
from qa.authorisation.policy import can, reach
from qa.core.words import Actor, AuditStatus, Grant, ModerationStatus, Resource, Role, Scope

SINCE = date(2020, 1, 1)
PEOPLE = ["p1", "p2", None]
CHILDREN = ["c-1", "c-2", "c-3"]
TEAMS, SERVICES = ["east", "west", "north"], ["safeguarding", "care"]
scopes = st.sampled_from(
    [Scope(), *(Scope(kind="team", code=one) for one in ("east", "west")),
     *(Scope(kind="service", code=one) for one in SERVICES)]
)  # fmt: skip
grants = st.builds(lambda role, scope: Grant(role=role, scope=scope, since=SINCE),
                   st.sampled_from(list(Role)), scopes)  # fmt: skip
actors = st.builds(
    lambda held, closed: Actor("p1", tuple(held), closed=closed),
    st.lists(grants, max_size=4),
    st.frozensets(st.sampled_from(CHILDREN)),
)
rows = st.fixed_dictionaries(
    {
        "team": st.sampled_from(TEAMS),
        "service": st.sampled_from(SERVICES),
        "child_key": st.sampled_from(CHILDREN),
        "auditor": st.sampled_from(["p1", "p2"]),
        "moderator": st.sampled_from(PEOPLE),
        "decider": st.sampled_from(PEOPLE),
        "status": st.sampled_from([one.value for one in AuditStatus]),
        "overall": st.sampled_from([None, "good"]),
    }
)


def _filled(table: Table, **known: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {
        column.name: None if column.nullable else 0 if column.type.python_type is int else ""
        for column in table.columns
    }
    given = {name: value for name, value in known.items() if name in table.columns}
    return {**empty, "valid_from": 1, **given, "valid_to": OPEN}


def _row(number: int, drawn: dict[str, Any], table: Table = audit_row) -> dict[str, Any]:
    began = json.dumps([drawn["auditor"]])
    handed_in = None if drawn["overall"] is None else "yes"
    return _filled(table, audit=f"a{number}", began_by=began, submitted=handed_in, **drawn)


@pytest.fixture(scope="module")
def database() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        for table in (audit_row, agreement_audit, action_row, action_contributor):
            table.create(connection)
        yield connection
    engine.dispose()


def _listed(
    database: Connection, table: Table, made: list[dict[str, Any]], condition: ColumnElement[bool]
) -> set[str]:
    key = table.c[table.info["key"][0]]
    database.execute(delete(table))
    database.execute(insert(table), made)
    return set(database.execute(select(key).where(condition)).scalars())


def _resource(drawn: dict[str, Any]) -> Resource:
    moderation = {
        "moderator": drawn["moderator"],
        "decider": drawn["decider"],
        "status": ModerationStatus.AGREED.value,
        "blind": 0,
        "unblinded": 1,
    }
    made = _row(0, drawn)
    row = AuditRow._make(made[name] for name in AuditRow._fields)
    return AuditView(row, None, None, frozenset(), moderations=[moderation]).resource


@for_all(actors, st.lists(rows, min_size=1, max_size=6))
def test_a_list_holds_exactly_what_the_table_lets_be_read(
    database: Connection, actor: Actor, drawn: list[dict[str, Any]]
) -> None:
    made = [_row(number, one) for number, one in enumerate(drawn)]
    found = _listed(database, audit_row, made, visible(reach(actor)))
    for row, one in zip(made, drawn, strict=True):
        assert (row["audit"] in found) == can(actor, "read-audit", _resource(one)).allowed, one


def test_with_nothing_restricted_a_list_is_asked_for_as_it_always_was() -> None:
    lead = Actor("p1", (Grant(role=Role.QA_LEAD, since=SINCE),))
    assert str(visible(reach(lead))) == "true"
    assert "child_key" in str(visible(reach(replace(lead, closed=frozenset({"c-1"})))))
    manager = Grant(role=Role.TEAM_MANAGER, scope=Scope(kind="team", code="east"), since=SINCE)
    for condition in (visible, worklist.led, behind.visible):
        assert "child_key" not in str(condition(reach(Actor("p1", (manager,)))))


@for_all(actors, st.lists(rows, min_size=1, max_size=6))
def test_the_rows_behind_a_figure_hold_the_same(
    database: Connection, actor: Actor, drawn: list[dict[str, Any]]
) -> None:
    known = [{**one, "overall": "good"} for one in drawn]  # what is counted was once submitted
    made = [_row(number, one, agreement_audit) for number, one in enumerate(known)]
    found = _listed(database, agreement_audit, made, behind.visible(reach(actor)))
    for row, one in zip(made, known, strict=True):
        assert (row["audit"] in found) == can(actor, "read-audit", _resource(one)).allowed, one


@for_all(actors, st.lists(rows, min_size=1, max_size=6))
def test_what_waits_for_leads_is_what_they_run(
    database: Connection, actor: Actor, drawn: list[dict[str, Any]]
) -> None:
    made = [_row(number, one) for number, one in enumerate(drawn)]
    found = _listed(database, audit_row, made, worklist.led(reach(actor)))
    for row, one in zip(made, drawn, strict=True):
        assert (row["audit"] in found) == can(actor, "finalise-audit", _resource(one)).allowed, one


action_rows = st.fixed_dictionaries(
    {
        "team": st.sampled_from(TEAMS),
        "service": st.sampled_from(SERVICES),
        "raised_team": st.sampled_from(TEAMS),
        "raised_service": st.sampled_from(SERVICES),
        "raised_person": st.sampled_from(["p1", "p2"]),
        "owner": st.sampled_from(["p1", "p2"]),
        "child_key": st.sampled_from(CHILDREN),
    }
)


@for_all(actors, st.lists(action_rows, min_size=1, max_size=6))
def test_a_list_of_actions_holds_exactly_what_the_table_lets_be_read(
    database: Connection, actor: Actor, drawn: list[dict[str, Any]]
) -> None:
    """But for lines and deputies, whose actions are on pages of their own."""
    made = [
        _filled(action_row, action=f"n{number}", audit=f"a{number}", **one)
        for number, one in enumerate(drawn)
    ]
    closed = {
        row["audit"]
        for row, one in zip(made, drawn, strict=True)
        if one["child_key"] in actor.closed
    }
    condition = action_queries.visible(reach(actor), closed, closed, None)
    found = _listed(database, action_row, made, condition)
    for row, one in zip(made, drawn, strict=True):
        held = Resource(
            service=one["service"],
            team=one["team"],
            auditor=one["raised_person"],
            person=one["owner"],
            child=one["child_key"],
        )
        raised = replace(held, service=one["raised_service"], team=one["raised_team"])
        allowed = any(can(actor, "read-action", part).allowed for part in (held, raised))
        assert (row["action"] in found) == allowed, one

"""What an administrator looks after, in numbers on their home page."""

from __future__ import annotations

from collections.abc import Iterator

from api.people.sign_in import waiting_for_code
from api.web.waiting import Ask, HomeNumber
from projections.people import queries
from qa.authorisation.policy import can


def people_numbers(ask: Ask) -> Iterator[HomeNumber]:
    """Who is here and has no role, no team, or never signed in: each is part of the list of
    people, or of those who wait for a code."""
    if not can(ask.actor, "manage-people").allowed:
        return
    people = queries.everybody(ask.connection, position=ask.at.position, day=ask.day)
    granted = queries.grants_on(ask.connection, ask.day, position=ask.at.position)
    yield HomeNumber(
        50,
        "People without a role",
        "They open no records, except inspectors in their own room.",
        sum(one.person not in granted for one in people),
        "/people?role=none",
    )
    yield HomeNumber(
        52,
        "People without a team",
        "They belong to no part of the council, so its reports leave them out.",
        sum(one.team is None for one in people),
        "/people?team=none",
    )
    if not ask.at.is_past:
        yield HomeNumber(
            54,
            "People without a password",
            "They sign in once you give them a one-time code.",
            len(waiting_for_code(ask.connection, ask.day)),
            "/people/codes",
        )


HOME = people_numbers

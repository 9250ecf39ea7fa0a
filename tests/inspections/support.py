"""What several tests of inspections begin with."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from qa.core.words import Scope
from qa.inspections import events, handlers
from qa.inspections.commands import OpenInspectorRoom
from qa.inspections.state import Room, evolve
from tests.support.council import Council
from tests.support.given import recorded

TODAY = date(2026, 3, 2)


OPENED = events.InspectorRoomOpened(
    room="r1",
    title="Focused visit",
    inspector="p-out",
    scope=Scope(kind="service", code="safeguarding"),
    since=TODAY,
    until=date(2026, 3, 31),
    pin=40,
    pinned_on=date(2026, 2, 28),
)


def room(*after: Any) -> Room:
    state = Room()
    for version, event in enumerate((OPENED, *after), 1):
        state = evolve(state, recorded(event, version, "inspection:r1"))
    return state


def opened(council: Council, **values: Any) -> str:
    by = values.pop("by", council.actor("lead"))
    command = OpenInspectorRoom(
        **{
            "inspector": council.ids["nobody"],
            "title": "Focused visit",
            "until": council.today + timedelta(days=20),
            **values,
        }
    )
    done = handlers.open_room(council.services.desk, command, by=by)
    return str(done.response["room"])


def pinned_to_yesterday(council: Council) -> str:
    return opened(council, pinned_on=council.today - timedelta(days=1))

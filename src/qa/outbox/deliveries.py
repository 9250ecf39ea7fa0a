"""What was sent of the notices: one message a person a run, tried again after growing pauses.

A message is claimed before it is sent and noted after. Where a run dies between the two, it is
tried again an hour later under the same reference: told twice is better than never told.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, insert, or_, select, update

from qa.core.clock import Clock, from_microseconds, microseconds
from qa.outbox.notices import Notice, read_row
from qa.outbox.tables import delivery, notice

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=6)
GIVEN_UP_AFTER = 10
LOST_AFTER = timedelta(hours=1)
FRESH = timedelta(days=14)
"""What was told longer ago is not sent any more."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that is on its way. `attempts` were made before."""

    id: int
    person: str
    attempts: int


def waiting(connection: Connection, clock: Clock, people: Collection[str]) -> dict[str, list[int]]:
    """The notices of these people that are unread, fresh and in no message yet, by person."""
    since = microseconds(clock.now() - FRESH)
    query = (
        select(notice.c.person, notice.c.id)
        .where(notice.c.delivery.is_(None), notice.c.read_us.is_(None), notice.c.made_us > since)
        .order_by(notice.c.id)
    )
    found: dict[str, list[int]] = {}
    for row in connection.execute(query):
        if row.person in people:
            found.setdefault(row.person, []).append(row.id)
    return found


def put_together(
    connection: Connection, clock: Clock, channel: str, notices: dict[str, list[int]]
) -> None:
    """One message a person out of these notices, in the transaction that holds the lock."""
    for person, numbers in notices.items():
        made = connection.execute(
            insert(delivery).values(
                person=person,
                channel=channel,
                state="waiting",
                made_us=microseconds(clock.now()),
                attempts=0,
                error="",
            )
        )
        number = int(made.inserted_primary_key[0])  # type: ignore[index]
        for start in range(0, len(numbers), 400):
            connection.execute(
                update(notice)
                .where(notice.c.id.in_(numbers[start : start + 400]))
                .values(delivery=number)
            )


def due(connection: Connection, clock: Clock, channel: str) -> list[Delivery]:
    """The messages of this way out whose turn it is, the oldest first."""
    now = clock.now()
    table = delivery.c
    query = (
        select(delivery)
        .where(
            table.channel == channel,
            or_(
                table.state == "waiting",
                and_(table.state == "sending", table.tried_us < microseconds(now - LOST_AFTER)),
            ),
        )
        .order_by(table.id)
    )
    return [
        Delivery(row.id, row.person, row.attempts)
        for row in connection.execute(query)
        if row.tried_us is None or _next(row.attempts, row.tried_us) <= now
    ]


def _next(attempts: int, tried_us: int) -> datetime:
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(max(attempts - 1, 0), 10), LONGEST_PAUSE)
    return from_microseconds(tried_us) + pause


def claim(connection: Connection, clock: Clock, one: Delivery) -> bool:
    """Take a message on; False where somebody else has it."""
    taken = connection.execute(
        update(delivery)
        .where(delivery.c.id == one.id, delivery.c.attempts == one.attempts)
        .values(state="sending", attempts=one.attempts + 1, tried_us=microseconds(clock.now()))
    )
    return taken.rowcount == 1


def settle(
    connection: Connection, one: Delivery, error: str | None, *, empty: bool = False
) -> None:
    """Note how it went. What failed waits for its next turn, or is given up."""
    state = "empty" if empty else "sent"
    if error is not None:
        state = "failed" if one.attempts + 1 >= GIVEN_UP_AFTER else "waiting"
    connection.execute(
        update(delivery).where(delivery.c.id == one.id).values(state=state, error=error or "")
    )


def notices_in(connection: Connection, one: Delivery, sealed: Collection[str]) -> Sequence[Notice]:
    """What a message holds now: what was read in the meantime, or is sealed, is left out."""
    query = (
        select(notice)
        .where(notice.c.delivery == one.id, notice.c.read_us.is_(None))
        .order_by(notice.c.id)
    )
    found = connection.execute(query)
    return [read_row(row) for row in found if row.audit not in sealed and row.thing not in sealed]

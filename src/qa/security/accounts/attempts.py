"""Slows down guessing without letting anybody lock somebody else out.

Every attempt is written down as failed *before* the password is verified, so that guesses sent at
the same time count against one another; `succeeded` puts it right. Three delays, the longest wins:

- *name and address*: after 3 failures in a row from one address, 1 s, 2 s, 4 s … to 15 minutes.
- *address*: after 30 failures within 15 minutes whatever the name (one guess at many names).
- *name*: after 10 failures within 15 minutes from all addresses this name has **never** signed in
  from (many machines guessing at one name); at most 5 minutes.

An address from which this person signed in within 90 days is held to the first delay only. So an
attacker elsewhere can hammer a name for ever and its owner, at their usual desk, notices nothing;
at a new address the owner may wait up to five minutes. There is no permanent lock. An IPv6
address counts by its /64, which is what one customer holds.
"""

from __future__ import annotations

import ipaddress
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from qa.core.clock import Clock, microseconds
from qa.security.accounts import tables
from qa.security.accounts.credentials import tidy_name

WINDOW = timedelta(minutes=15)
KNOWN_FOR = timedelta(days=90)
PAIR_FREE, PAIR_MOST = 3, timedelta(minutes=15)
ADDRESS_FREE, ADDRESS_MOST = 30, timedelta(minutes=5)
NAME_FREE, NAME_MOST = 10, timedelta(minutes=5)


def place(address: str) -> str:
    """The address as it counts: IPv4 whole, IPv6 by its /64, anything else as it is."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def delay(failures: int, free: int, most: timedelta) -> timedelta:
    """How long to wait after the last failure: doubling from one second past `free` failures."""
    if failures < free:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - free, 20)), most)


def begin(
    connection: Connection, clock: Clock, *, name: str, address: str
) -> tuple[int, timedelta]:
    """Write an attempt down and say how long it should have waited: ``(id, wait)``.

    With a wait above zero nothing was written and the password must not be looked at.
    """
    now = microseconds(clock.now())
    name, address = tidy_name(name), place(address)
    if (wait := _wait(connection, now, name, address)) > timedelta(0):
        return 0, wait
    added = connection.execute(
        insert(tables.attempts).values(at_us=now, name=name, address=address, succeeded=False)
    )
    return int(added.inserted_primary_key[0]), timedelta(0)  # type: ignore[index]


def succeeded(connection: Connection, attempt: int) -> None:
    """The password was right: the attempt begun under this id was no guess."""
    table = tables.attempts
    connection.execute(update(table).where(table.c.id == attempt).values(succeeded=True))


def sweep(connection: Connection, clock: Clock) -> int:
    """Delete attempts older than an address is remembered for; how many went."""
    oldest = microseconds(clock.now() - KNOWN_FOR)
    table = tables.attempts
    return connection.execute(delete(table).where(table.c.at_us < oldest)).rowcount


def _wait(connection: Connection, now: int, name: str, address: str) -> timedelta:
    t = tables.attempts.c
    day = now - _us(timedelta(days=1))
    recent = now - _us(WINDOW)
    last_good = connection.execute(
        select(func.max(t.at_us)).where(
            t.name == name,
            t.address == address,
            t.succeeded.is_(True),
            t.at_us >= now - _us(KNOWN_FOR),
        )
    ).scalar()
    pair = (t.name == name, t.address == address, t.at_us > max(day, last_good or 0))
    waits = [_left(connection, now, pair, PAIR_FREE, PAIR_MOST)]
    if last_good is None:
        here = (t.address == address, t.at_us > recent)
        waits.append(_left(connection, now, here, ADDRESS_FREE, ADDRESS_MOST))
        known = select(t.address).where(t.name == name, t.succeeded.is_(True))
        elsewhere = (t.name == name, t.at_us > recent, t.address.not_in(known))
        waits.append(_left(connection, now, elsewhere, NAME_FREE, NAME_MOST))
    return max(waits)


def _left(
    connection: Connection,
    now: int,
    which: tuple[ColumnElement[bool], ...],
    free: int,
    most: timedelta,
) -> timedelta:
    t = tables.attempts.c
    failures, last = connection.execute(
        select(func.count(), func.max(t.at_us)).where(t.succeeded.is_(False), *which)
    ).one()
    until = (last or 0) + _us(delay(failures, free, most))
    return timedelta(microseconds=max(0, until - now))


def _us(length: timedelta) -> int:
    return length // timedelta(microseconds=1)

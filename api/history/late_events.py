"""Recorded later: told after a day, and true on that day or before it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.engine import Connection

from api.history import reading, telling
from api.records.kinds import beside_audits
from api.services import Services
from api.web.access_notes import ServedLook
from projections.core.base import present
from projections.core.true_on import told_otherwise
from projections.history import queries
from projections.history.question import Entry
from qa.core.clock import civil_day
from qa.core.errors import Refused
from qa.core.words import Actor

ENTRIES_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Learnt:
    """A page of events, in the order they were recorded. `next` is the next page's cursor.

    An entry is one of the history, with `true_on`, `days_late` and `href`, where it can be read.
    """

    entries: Sequence[dict[str, Any]]
    total: int
    next: int | None


def learnt_later(look: ServedLook, *, record: str = "", after: int = 0, limit: int = 50) -> Learnt:
    """What was told after the day that `at` is true on, up to what it knows, and was so by then.

    Of one `record` (as `api.history.reading` names them) or of all that the reader may see.

    Raises:
        Refused: no day is asked for.   NotFound, Forbidden: the record is not the reader's to see.
    """
    services, at = look.services, look.at
    if at.true_on is None:
        raise Refused("Give the day.", field="true_on", code="true-on-missing")
    now = present(look.connection)
    day = at.true_on
    told_by, events, days = told_otherwise(services.store, services.registry, now, day, at.shown)
    late = {
        event.position: (event.stream, true_on)
        for event, true_on in zip(events, days, strict=True)
        if event.position > told_by and true_on <= day
    }
    streams: Collection[str] = {stream for stream, _ in late.values()}
    if record:
        opened = reading.open_record(replace(look, connection=now), record)
        streams = set(opened.scope.streams) & set(streams)
    open_to = reading.streams_open_to(now, look.actor, streams)
    places = sorted(position for position, (stream, _) in late.items() if stream in open_to)
    here = [position for position in places if position > after][: limit + 1]
    more = len(here) > limit
    streams = {late[position][0] for position in here[:limit]}
    shown = in_words_at(services, now, look.actor, here[:limit], streams)
    for entry in shown:
        true_on = late[entry["position"]][1]
        entry["true_on"] = true_on
        entry["days_late"] = (civil_day(entry["recorded_at"]) - true_on).days
    return Learnt(shown, len(places), here[limit - 1] if more else None)


def in_words_at(
    services: Services,
    connection: Connection,
    actor: Actor,
    positions: Sequence[int],
    streams: Collection[str],
) -> list[dict[str, Any]]:
    """The entries at these positions of these streams in plain words, each with its address."""
    if not positions:
        return []
    wanted = set(positions)
    found = queries.entries(
        connection,
        streams=streams,
        position=max(positions),
        after=min(positions) - 1,
        limit=ENTRIES_AT_ONCE,
    )
    entries = [entry for entry in found if entry["position"] in wanted]
    return in_words(services, connection, actor, entries)


def in_words(
    services: Services, connection: Connection, actor: Actor, entries: Sequence[Entry]
) -> list[dict[str, Any]]:
    """Entries in plain words, each with its address."""
    open_of = [reading.without_closed(entry, actor) for entry in entries]
    told_in_words = telling.entries_in_words(services, connection, open_of, several=True)
    beside = {e["stream"] for e in entries if e["stream"].startswith(beside_audits())}
    audits = queries.belongs_to(connection, beside)
    return [{**entry, "href": _address(entry, audits)} for entry in told_in_words]


def _address(entry: dict[str, Any], audits: dict[str, str]) -> str:
    """Where the history of the entry's record shows it."""
    kind, _, key = entry["stream"].partition(":")
    place = f"from={entry['position']}#p{entry['position']}"
    if kind == "case-audit" or entry["stream"] in audits:
        return f"/audits/{audits.get(entry['stream'], key)}/history?{place}"
    record = {
        "audit-tool": f"tool:{key}",
        "moderation-policy": "policy",
        "organisation": f"team:{entry['part']}",
    }.get(kind, entry["stream"])
    return f"/history?record={record}&{place}"


def words_for(days: int) -> str:
    """How late, in words."""
    return "the same day" if days == 0 else "1 day" if days == 1 else f"{days} days"

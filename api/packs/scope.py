"""What a pack is of: children's files, single audits, or all audits of a period.

A record goes in with its whole life up to the pack's position, or not at all, so that the versions
of its facts show whether one was left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from api import histories
from api.histories import Record
from api.history_kinds import Kind
from api.moments import AsAt
from api.services import Services
from projections import case_audits
from projections.case_audits import Filter
from projections.case_audits.queries import references
from qa.errors import Fault, Forbidden, NotFound, Refused
from qa.policy import reach, require
from qa.words import Actor

MOST_AUDITS = 500
"""Of a period; more of them are better asked for in several packs."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The scope as it was asked for. Audits go by reference or id."""

    children: tuple[str, ...] = ()
    audits: tuple[str, ...] = ()
    audited_from: date | None = None
    audited_to: date | None = None

    @property
    def values(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "children": sorted(set(self.children)),
            "audits": sorted(set(self.audits)),
            "audited_from": None if self.audited_from is None else self.audited_from.isoformat(),
            "audited_to": None if self.audited_to is None else self.audited_to.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Chosen:
    """The records of a pack, `references` of their audits, and what the reader is told of them."""

    records: Sequence[Record]
    filters: Sequence[Filter]
    references: frozenset[str]
    notes: Sequence[str]

    @property
    def streams(self) -> list[str]:
        return sorted({stream for record in self.records for stream in record.scope.streams})


def chosen(
    services: Services, connection: Connection, actor: Actor, asked: Asked, at: AsAt
) -> Chosen:
    """What this reader may take out of what was asked for, as known at `at`.

    Raises:
        Forbidden: this reader makes no packs.
        Refused: nothing was asked for; something does not exist or may not be known; every fault.
    """
    require(actor, "make-pack")
    faults: list[Fault] = []
    records: dict[str, Record] = {}
    filters: list[Filter] = []
    for child in asked.children:
        _open(services, connection, actor, f"child:{child}", at, "children", records, faults)
        filters.append(Filter(child=child))
    for name in asked.audits:
        audit = case_audits.by_reference(connection, name, position=at.position) or name
        _open(services, connection, actor, f"audit:{audit}", at, "audits", records, faults, name)
        reference = references(connection, [audit]).get(audit, name)
        filters.append(Filter(reference=reference))
    notes = [note for record in records.values() for note in record.notes]
    if asked.audited_from or asked.audited_to:
        notes += _of_period(services, connection, actor, asked, at, records, faults)
        filters.append(Filter(audited_from=asked.audited_from, audited_to=asked.audited_to))
    if not (asked.children or asked.audits or asked.audited_from or asked.audited_to):
        sentence = "Name a child or an audit, or give a period."
        faults.append(Fault("children", "pack-empty", sentence))
    if faults:
        raise Refused(faults)
    ordered = [records[name] for name in sorted(records)]
    audits = {
        stream.partition(":")[2]
        for record in ordered
        for stream in record.scope.streams
        if stream.startswith("case-audit:")
    }
    named = references(connection, audits)
    return Chosen(ordered, filters, frozenset(named.values()), notes)


def _open(
    services: Services,
    connection: Connection,
    actor: Actor,
    name: str,
    at: AsAt,
    field: str,
    records: dict[str, Record],
    faults: list[Fault],
    said: str = "",
) -> None:
    key = said or name.partition(":")[2]
    try:
        record = histories.open_record(services, connection, actor, name, at)
    except NotFound:
        sentence = f"There is nothing of {key} that you may see on that date."
        faults.append(Fault(field, "pack-unknown", sentence))
        return
    except Forbidden as forbidden:
        faults.append(Fault(field, "pack-sealed", f"{key}: {forbidden.sentence}"))
        return
    if not record.scope.streams:
        sentence = f"Every audit of {key} is sealed from you."
        faults.append(Fault(field, "pack-sealed", sentence))
        return
    records[record.name] = record


def _of_period(
    services: Services,
    connection: Connection,
    actor: Actor,
    asked: Asked,
    at: AsAt,
    records: dict[str, Record],
    faults: list[Fault],
) -> list[str]:
    """Add every audit of the period; notes of what is left out."""
    if asked.audited_from and asked.audited_to and asked.audited_to < asked.audited_from:
        sentence = "The last day is before the first."
        faults.append(Fault("audited_to", "period-backwards", sentence))
        return []
    wanted = Filter(audited_from=asked.audited_from, audited_to=asked.audited_to)
    rows = case_audits.audits(
        connection, reach(actor), wanted, position=at.position, limit=MOST_AUDITS + 1
    )
    if len(rows) > MOST_AUDITS:
        sentence = f"This period has more than {MOST_AUDITS} audits. Choose a shorter one."
        faults.append(Fault("audited_to", "pack-too-large", sentence))
        return []
    opened = [row for row in rows if not row["judgement_sealed"]]
    if not opened:
        sentence = "There is no audit of this period that you may take out."
        faults.append(Fault("audited_from", "pack-unknown", sentence))
        return []
    for row in opened:
        name = f"{Kind.AUDIT}:{row['audit']}"
        records[name] = histories.open_record(services, connection, actor, name, at)
    sealed = len(rows) - len(opened)
    left_out = f"{sealed} audits of the period are sealed from you and left out."
    return [left_out] if sealed else []

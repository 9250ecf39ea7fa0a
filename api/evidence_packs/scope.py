"""What a pack is of: children's files, single audits, all audits of a period, improvement plans.

A record goes in with its whole life up to the pack's position, or not at all, so that the versions
of its events show whether one was left out. A plan brings all of its actions, and the scales and
indicators that they rest on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from api.evidence_packs.contents import Events
from api.evidence_packs.scope_request import ScopeRequest
from api.history import reading
from api.records.kinds import Record
from api.web.access_notes import Look, ServedLook
from projections.audits import queries as audit_queries
from projections.audits.queries import AuditFilter, references
from projections.core.paging import RowPage
from projections.history import queries as history_queries
from projections.people import queries as people_queries
from projections.plans import queries as plan_queries
from projections.plans.record import PlanRecord
from qa.authorisation.policy import can, reach, require
from qa.core.errors import Fault, Forbidden, NotFound, refuse_any
from qa.core.words import Actor
from qa.indicators.events import indicator_stream
from qa.people.events import person_stream
from qa.plans.rag_scale import id_of

_ID = re.compile(rb'"([0-9a-f]{32})"')
MOST_AUDITS = 500
"""Of a period; more of them are better asked for in several packs."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The records of a pack, `references` of their audits, its plans, and what the reader is
    told of them."""

    records: Sequence[Record]
    filters: Sequence[AuditFilter]
    references: frozenset[str]
    plans: Sequence[PlanRecord]
    notes: Sequence[str]

    @property
    def streams(self) -> list[str]:
        return sorted({stream for record in self.records for stream in record.scope.streams})


def chosen(look: ServedLook, scope: ScopeRequest) -> Chosen:
    """What this reader may take out of what was asked for, as known at the moment looked at.

    Raises:
        Forbidden: this reader makes no packs.
        Refused: nothing was asked for; something does not exist or may not be known; every fault.
    """
    connection, actor, at = look.connection, look.actor, look.at
    require(actor, "make-pack")
    faults: list[Fault] = []
    records: dict[str, Record] = {}
    filters: list[AuditFilter] = []
    for child in scope.children:
        _open(look, f"child:{child}", "children", records, faults)
        filters.append(AuditFilter(child=child))
    for name in scope.audits:
        audit = audit_queries.by_reference(connection, name, position=at.position) or name
        _open(look, f"audit:{audit}", "audits", records, faults, name)
        reference = references(connection, [audit]).get(audit, name)
        filters.append(AuditFilter(reference=reference))
    notes = [note for record in records.values() for note in record.notes]
    if scope.audited_from or scope.audited_to or scope.everything:
        notes += _of_period(look, scope, records, faults)
        filters.append(AuditFilter(audited_from=scope.audited_from, audited_to=scope.audited_to))
    named = scope.plans
    if scope.everything and can(actor, "read-plan").allowed:
        every = plan_queries.plans(connection, position=at.position)
        named = (*named, *(one.id for one in every))
    plans = _plans(look, named, faults)
    of_plans: dict[str, Record] = {}
    for plan in plans:
        notes += _of_plan(look, plan, of_plans, faults)
    if not (records or of_plans or faults):
        sentence = "Name a child, an audit or a plan, or give a period."
        faults.append(Fault("children", "pack-empty", sentence))
    refuse_any(faults)
    ordered = [*(records[name] for name in sorted(records)), *of_plans.values()]
    audits = {
        stream.partition(":")[2]
        for record in ordered
        for stream in record.scope.streams
        if stream.startswith("case-audit:")
    }
    called = references(connection, audits)
    return Chosen(ordered, filters, frozenset(called.values()), plans, notes)


def streams_of_people(
    connection: Connection, actor: Actor, events: Events
) -> tuple[frozenset[str], frozenset[str]]:
    """The records of the people whom the events name, so that names and roles can be checked too:
    those that this reader may open, and of the others those who recorded an event, of whom what
    gave them their names is enough."""
    named = {one.decode() for row in events.rows for one in _ID.findall(row[5])}
    everybody = people_queries.ids(connection)
    streams = frozenset(person_stream(person) for person in named & everybody)
    opened = reading.streams_open_to(connection, actor, streams)
    recorded = {person_stream(json.loads(row[5])["m"]["by"]) for row in events.rows}
    return opened, (streams & recorded) - opened


def _open(
    look: ServedLook,
    name: str,
    field: str,
    records: dict[str, Record],
    faults: list[Fault],
    label: str = "",
) -> None:
    key = label or name.partition(":")[2]
    try:
        record = reading.open_record(look, name)
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
    look: ServedLook, scope: ScopeRequest, records: dict[str, Record], faults: list[Fault]
) -> list[str]:
    """Add every audit of the period, or every one that the reader may see; notes of what is left
    out."""
    if scope.audited_from and scope.audited_to and scope.audited_to < scope.audited_from:
        sentence = "The last day is before the first."
        faults.append(Fault("audited_to", "period-backwards", sentence))
        return []
    wanted = AuditFilter(audited_from=scope.audited_from, audited_to=scope.audited_to)
    first, last, of = "audited_from", "audited_to", "of this period"
    if scope.everything:
        wanted, first, last, of = AuditFilter(), "everything", "everything", "on that date"
    rows = audit_queries.audits(
        look.connection,
        reach(look.actor),
        wanted,
        position=look.at.position,
        page=RowPage(MOST_AUDITS + 1),
    )
    if len(rows) > MOST_AUDITS:
        sentence = f"This period has more than {MOST_AUDITS} audits. Choose a shorter one."
        if scope.everything:
            sentence = f"These are more than {MOST_AUDITS} audits. Untick this, and give a period."
        faults.append(Fault(last, "pack-too-large", sentence))
        return []
    opened = [row for row in rows if not row.judgement_sealed]
    if not opened:
        sentence = f"There is no audit {of} that you may download."
        faults.append(Fault(first, "pack-unknown", sentence))
        return []
    for row in opened:
        name = f"audit:{row.audit}"
        records[name] = reading.open_record(look, name)
    sealed = len(rows) - len(opened)
    whole = "" if scope.everything else " of the period"
    left_out = f"{sealed} audits{whole} are sealed from you and left out."
    return [left_out] if sealed else []


def _plans(look: Look, names: Sequence[str], faults: list[Fault]) -> list[PlanRecord]:
    """The plans that are called so, each once."""
    connection, position = look.connection, look.at.position
    decision = can(look.actor, "read-plan")
    if not decision.allowed:
        # Asked before it is looked for, so that no title can be tried out.
        faults += [Fault("plans", "pack-sealed", f"{name}: {decision.rule}") for name in names]
        return []
    known = plan_queries.plans(connection, position=position) if names else []
    ids: set[str] = set()
    for name in names:
        called = name.strip().casefold()
        found = [one.id for one in known if called in (one.id, one.title.casefold())]
        if not found:
            sentence = f"There is no improvement plan {name} on that date."
            faults.append(Fault("plans", "pack-unknown", sentence))
        elif len(found) > 1:
            sentence = f"Several plans are called {name}. Name one by its id: {', '.join(found)}."
            faults.append(Fault("plans", "pack-ambiguous", sentence))
        else:
            ids.add(found[0])
    read = (plan_queries.read(connection, one, position=position) for one in sorted(ids))
    return [record for record in read if record is not None]


def _of_plan(
    look: ServedLook, plan: PlanRecord, records: dict[str, Record], faults: list[Fault]
) -> list[str]:
    """Add a plan, its actions in their order, its scales and its indicators; notes of what has no
    record to add."""
    linked = {
        one.to for entries in plan.links.values() for one in entries if one.kind == "indicator"
    }
    linked |= {
        one.indicator for entries in plan.measures.values() for one in entries if one.indicator
    }
    kept = {
        one
        for one in linked
        if history_queries.exists(look.connection, indicator_stream(one), position=look.at.position)
    }
    names = [
        f"plan:{plan.plan.id}",
        *(f"plan-action:{action}" for action in plan.actions),
        *(f"rag-scale:{scale}" for scale in sorted({id_of(key) for key in plan.scales})),
        *(f"indicator:{one}" for one in sorted(kept)),
    ]
    for name in names:
        _open(look, name, "plans", records, faults)
    without = ", ".join(sorted(linked - kept))
    return [f"{plan.plan.title}: no record is kept of {without}."] if without else []

"""What is worked out while a self-evaluation is written, reviewed and frozen: the same for pages
and API, and with the rights of whoever asks."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from api.publishing.reading import made_under
from api.reports.declaration import Sight, report_called
from api.self_evaluation import reading
from api.self_evaluation.document import fingerprint
from api.self_evaluation.evidence_reading import (
    EvidenceReader,
    at_entry,
    figure_as_tied,
    figure_named,
    open_records,
)
from api.services import Services
from projections.audits import queries as audit_queries
from projections.core.base import present
from projections.core.health import require_current
from projections.figures.provenance import same
from projections.self_evaluation import queries
from projections.self_evaluation.tables import FIGURE
from qa.core.errors import NotFound, Refused
from qa.publishing.events import ReportAsked
from qa.quarterly.events import RowPart
from qa.self_evaluation.events import EvidenceRecordKind, FigureSeenAgain

UNKNOWN = (
    "There is no audit or action of that name that you may see. Check the reference, or copy the "
    "address of its page."
)
CLOSED = "What changed is restricted from you. Somebody who may see it has to look at this claim."
MODELS = ("self_evaluation", "case_audits", "actions", "improvement_plans", "audit_tools")
"""The read models that a self-evaluation rests on, beside those of its reports."""


def now(sight: Sight) -> dict[str, Any]:
    """The moment that evidence is tied at.

    Raises:
        Refused: another moment than now is asked for.
    """
    if sight.at.is_past:
        raise Refused(
            "Tie, confirm and send with the records of today.",
            field="as_at",
            code="evaluation-past",
        )
    return {"position": sight.at.shown, "as_at": sight.at.day}


def figure_tied(
    services: Services, sight: Sight, question: ReportAsked, figure: str, row: tuple[RowPart, ...]
) -> dict[str, Any]:
    """A figure as it is now, with the moment.

    Raises:
        Refused: there is no such figure, it has no value, or it counts what is closed to this
        reader for now.
    """
    at = now(sight)
    report = report_called(question.report)
    moment = at_entry(services, sight.connection, at["position"], at["as_at"])
    group = {one.name: one.value for one in row}
    frozen = report.frozen_at(moment, at["as_at"])
    whole = figure_named(report.frozen(Sight(sight.connection, frozen), question), group, figure)
    own = figure_named(
        report.frozen(Sight(sight.connection, frozen, sight.actor), question), group, figure
    )
    if own is None:
        raise Refused("Choose a figure of the report.", field="figure", code="figure-unknown")
    if whole is None or not same(whole[1], own[1]):
        raise Refused(
            "This figure counts a record that is closed to you for now.",
            field="figure",
            code="figure-restricted",
        )
    if own[1].exact is None:
        raise Refused(
            "This figure has no value that could bear a claim out.",
            field="figure",
            code="figure-without-value",
        )
    return {**at, "told": figure_as_tied(own[1])}


def record_named(sight: Sight, named: str) -> dict[str, Any]:
    """The audit or action that somebody means, with the moment.

    Raises:
        Refused: nothing is called so, or nothing that this reader may see: alike.
    """
    at = now(sight)
    found = _meant(sight, named.strip())
    if found is None:
        # The command says what is wrong with an empty box.
        if not named.strip():
            return {**at, "kind": "audit", "record": ""}
        raise Refused(UNKNOWN, field="named", code="evidence-unknown")
    kind, record = found
    return {**at, "kind": kind, "record": record}


def _meant(sight: Sight, named: str) -> tuple[EvidenceRecordKind, str] | None:
    connection, kinds = present(sight.connection), {"audits": "audit", "actions": "action"}
    address = re.search(r"/(audits|actions|plan-actions)/([0-9a-f]{32})\b", named)
    kind: Any = "audit"
    if address is not None:
        kind, record = kinds.get(address[1], "plan-action"), address[2]
    else:
        record = audit_queries.by_reference(connection, named) or ""
    return (kind, record) if record and open_records(sight, {(kind, record)}) else None


def looked_again(services: Services, sight: Sight, of: str, claim: str) -> dict[str, Any]:
    """What moved behind a claim, and its figures as they are now.

    Raises:
        Refused: some of what moved is restricted from this reader.
    """
    at = now(sight)
    evaluation = queries.one(sight.connection, of)
    rows = () if evaluation is None else evaluation.evidence.get(claim, ())
    reader = EvidenceReader(services, sight)
    moved = {row.evidence for row in rows if reader.moved(row)}
    if moved - reader.open_to_reader(rows):
        raise Refused(CLOSED, field="note", code="evidence-restricted")
    seen = []
    for row in rows:
        found = reader.figure(row) if row.kind == FIGURE else None
        if found is not None:
            seen.append(FigureSeenAgain(evidence=row.evidence, told=figure_as_tied(found[1])))
    return {**at, "moved": len(moved), "figures": tuple(seen)}


def sent(services: Services, sight: Sight, of: str) -> dict[str, Any]:
    """How the self-evaluation is made for its reviewer, as known now.

    Raises:
        Refused: it is asked for another moment.   FiguresBehind: a read model is behind.
    """
    at = now(sight)
    evaluation = queries.one(sight.connection, of)
    if evaluation is None:
        # The command says so, after the right to it.
        return {**at, **made_under(services, sight.connection), "sha256": "", "moved": 0}
    models = set(MODELS)
    for rows in evaluation.evidence.values():
        for row in rows:
            if row.kind == FIGURE:
                models |= {*report_called(row.report_asked.report).models}
    require_current(
        services.registry,
        sight.connection,
        services.clock.now(),
        position=at["position"],
        models=sorted(models),
    )
    whole = Sight(sight.connection, sight.at)
    reader = reading.reader_at(services, whole, at["position"], at["as_at"])
    made = reading.composed(reader, reading.standing(reader, of))
    return {
        **at,
        **made_under(services, sight.connection),
        "sha256": fingerprint(made),
        "moved": made.moved,
    }


def made_again(services: Services, sight: Sight, of: str) -> dict[str, Any]:
    """SHA-256 of the self-evaluation made again as it was sent for review; empty where it was
    not."""
    evaluation = queries.one(sight.connection, of, position=sight.at.position)
    if evaluation is None or evaluation.row.sent is None or evaluation.row.sent_as_at is None:
        return {"sha256": ""}
    whole, day = Sight(sight.connection, sight.at), date.fromisoformat(evaluation.row.sent_as_at)
    try:
        reader = reading.reader_at(services, whole, evaluation.row.sent, day)
        made = reading.composed(reader, reading.standing(reader, of))
    except (Refused, NotFound):
        return {"sha256": ""}
    return {"sha256": fingerprint(made)}

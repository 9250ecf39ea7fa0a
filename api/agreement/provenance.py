"""Why a figure is what it is: its rule's rows, the events beneath them, and a recount from those.

The events beneath a figure are the whole streams of the audits it counts, up to the position it was
read at, those of the audit tools, whose scales rank the grades, and the mappings of domains to
judgement areas. The recount folds these alone into empty tables and asks the same question of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy.engine import Connection

from api.agreement import report as agreement_report
from api.agreement.report import Name, Whose
from api.web.moments import AsAt
from projections.agreement import projector as agreement_projector
from projections.agreement.behind import AgreementFigureRows, AuditsBehind, read_group
from projections.agreement.counting import VersionScales
from projections.agreement.model import AgreementReport
from projections.agreement.profile import DOMAIN
from projections.agreement.question import (
    EVERY_AUDIT,
    AgreementQuestion,
    FigureLimits,
    rows_behind,
)
from projections.agreement.tables import AGREEMENT_DOMAINS
from projections.audit_tools import projector as tool_projector
from projections.audit_tools import queries
from projections.core.base import present
from projections.figures.figure import Figure, rate
from projections.figures.provenance import by_fingerprint, counted_again, events_beneath
from projections.figures.ranges import days_of_row
from projections.figures.small_numbers import as_counts_below
from qa.audit_tools.events import AREAS_STREAM, tool_stream
from qa.audits.events import case_audit_stream
from qa.core.clock import from_microseconds
from qa.core.errors import Refused
from qa.core.event import Event, EventRow
from qa.core.words import Actor, Reach
from qa.moderation.events import POLICY_STREAM
from qa.store.store import Store

MOST_AUDITS = 5000
"""Beneath more than that, a figure's events are too many for one answer."""

PROJECTORS = (tool_projector.AuditTools(), agreement_projector.ModerationAgreement())


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRequest:
    """One figure of one row of a report. `group` names the row, as the report gave it."""

    name: Name
    question: AgreementQuestion
    figure: str
    group: Mapping[str, Any]
    at: AsAt
    actor: Actor
    whose: Whose = "auditor"

    @property
    def of_row(self) -> AgreementQuestion:
        """The question narrowed to the row that holds the figure."""
        read, *_ = read_group(self.group)
        return self.question.of_row(read, *days_of_row(self.question, self.group))


@dataclass(frozen=True, slots=True)
class Beneath:
    """The events beneath a figure. The events of `policy` say what is too few to be shown."""

    events: Sequence[EventRow]
    audits: frozenset[str]
    policy: Sequence[EventRow] = ()


def opened(connection: Connection, request: FigureRequest) -> tuple[Figure, AgreementFigureRows]:
    """The figure, and the audits behind it as far as the reader may open them."""
    scales = agreement_report.version_scales(connection, request.at.position)
    rows = agreement_report.behind(
        connection,
        request.question,
        request.at,
        actor=request.actor,
        figure=request.figure,
        group=request.group,
        whose=request.whose,
        scales=scales,
    )
    limits = agreement_report.limits_of(connection, request.actor)
    return _figure(connection, request, limits, scales), rows


SUMS = ("mean_shift", "days_to_moderation")
"""Figures whose numerator is no number of audits, but of steps or days added up."""


def agrees(found: Figure, rows: AgreementFigureRows) -> bool:
    """Whether a figure is what its audits come to, counted one by one."""
    numerator, denominator = rows.places
    same = found.name in SUMS or found.numerator == numerator
    return same and found.denominator == denominator


def _figure(
    connection: Connection, request: FigureRequest, limits: FigureLimits, scales: VersionScales
) -> Figure:
    small = agreement_report.small_number(connection, request.at)
    made = agreement_report.counted(
        connection,
        request.name,
        request.of_row,
        request.at,
        replace(limits, only=request.figure),
        small,
        whose=request.whose,
        scales=scales,
    )
    found = _in_report(made, request)
    if found is not None:
        rows = rows_behind(request.question.query(request.group), request.figure)
        return replace(found, basis=replace(found.basis, rows=rows))
    # A cell of a table that adds periods together is a share of the audits behind it.
    found = rate(request.figure, *_behind(connection, request, limits, scales).places)
    return as_counts_below(found, small)


def _in_report(made: AgreementReport, request: FigureRequest) -> Figure | None:
    """The figure of the one row that is named so; none where several together are. Names are not
    compared: in these days alone a team may have had another."""
    question = made.question
    if "total" not in request.group and any(
        key not in request.group and len(question.filters.get(key, ())) != 1
        for key in question.keys
        if key not in ("tool", "tool_version")
    ):
        return None
    wanted = {k: None if v is None else str(v) for k, v in request.group.items()}
    scale = wanted.pop("scale", None)
    wanted = {k: v for k, v in wanted.items() if not k.endswith("_name")}
    for row in (*made.rows, *made.totals):
        named = {k: None if v is None else str(v) for k, v in row.group.items()}
        found = row.figures.get(request.figure)
        if found is None or any(named.get(k, "") != v for k, v in wanted.items()):
            continue
        if scale in (None, named.get("scale", found.basis.scale_version)):
            return found
    return None


def _behind(
    connection: Connection, request: FigureRequest, limits: FigureLimits, scales: VersionScales
) -> AgreementFigureRows:
    """Every audit behind the figure, whoever asks."""
    return AuditsBehind(
        connection=connection,
        question=request.question,
        scales=scales,
        reach=Reach(request.actor.person, everything=True),
        grade=request.whose,
        position=request.at.position,
        limits=limits,
    ).rows(request.figure, request.group)


def beneath(
    store: Store,
    connection: Connection,
    request: FigureRequest,
    rows: AgreementFigureRows | None = None,
    *,
    only_open: bool = False,
) -> Beneath:
    """The events beneath a figure, of which `rows` are the audits where they were asked already;
    where `only_open` is wanted, only those of them that the reader may open.

    Raises:
        Refused: the figure counts more than `MOST_AUDITS` audits.
    """
    at = request.at
    if rows is None:
        limits = agreement_report.limits_of(connection, request.actor)
        scales = agreement_report.version_scales(connection, at.position)
        rows = _behind(connection, request, limits, scales)
    counted = rows.counted
    if only_open:
        counted &= {one.audit for one in rows.audits}
    if len(counted) > MOST_AUDITS:
        raise Refused(
            f"More than {MOST_AUDITS:,} audits are behind this figure. Ask for a shorter period "
            "or for one team.",
            field="figure",
            code="too-many-beneath",
        )
    # A row that counts nothing stands on the scale of any tool.
    tools = rows.tools or {
        row.tool for row in queries.tools(present(connection), position=at.position)
    }
    # Of what is known only what was so on the day; the tools are read as they are known.
    events = events_beneath(
        store, connection, map(case_audit_stream, counted), upto=at.shown, true_on=at.true_on
    )
    known = [*map(tool_stream, tools), AREAS_STREAM, POLICY_STREAM]
    policy: list[EventRow] = []
    for row in events_beneath(store, connection, known, upto=at.shown):
        (policy if row[1] == POLICY_STREAM else events).append(row)
    return Beneath(sorted(events), counted, policy)


def recounted(
    events: Sequence[EventRow], request: FigureRequest, policy: Sequence[EventRow] = ()
) -> Figure:
    """The figure made again from these events alone. Their sealed texts are not opened."""

    def ask(alone: Connection) -> Figure:
        scales = agreement_report.version_scales(alone, request.at.position)
        return _figure(alone, request, EVERY_AUDIT, scales)

    # None of the events is later than the moment that is asked of.
    unasked = () if _by_domain(request) else (AGREEMENT_DOMAINS.table.name,)
    passed_by = _passed_by(request)
    looked_at = [row for row in (*events, *policy) if row[3] not in passed_by]
    return counted_again(PROJECTORS, looked_at, ask, past=False, unasked=unasked)


def _by_domain(request: FigureRequest) -> bool:
    return request.question.by_domain or request.figure.startswith(DOMAIN)


def _passed_by(request: FigureRequest) -> frozenset[str]:
    """Types of events that say nothing of what the figure counts: to read them would take longer
    than to read all others."""
    kinds: tuple[type[Event], ...] = ()
    if request.name == "grades":
        kinds += agreement_projector.OF_MODERATION
    if request.whose == "auditor":
        kinds += agreement_projector.OF_FINAL_GRADES
    return frozenset(kind.TYPE for kind in kinds)


def as_file(
    request: FigureRequest,
    found: Figure,
    shown: AgreementFigureRows,
    under: Beneath,
    *,
    title: str,
    rule: tuple[str, str],
) -> bytes:
    """Everything about a figure in one JSON document, from which it can be counted again."""
    base, counted = rule
    document = {
        "format": "caseloop.figure/1",
        "title": title,
        "figure": {
            **found.in_full(),
            "position": request.at.shown,
            "as_at": request.at.day.isoformat(),
            **({} if request.at.true_on is None else {"true_on": request.at.true_on.isoformat()}),
            "cohort_rule": request.question.rule.sentence,
        },
        "group": dict(request.group),
        "rule": {"denominator": base, "numerator": counted},
        "audits": [
            {
                "audit": one.audit,
                "reference": one.reference,
                "audit_date": one.audit_date,
                **({} if one.domain is None else {"domain": one.domain}),
                "grade": one.grade,
                "moderated_grade": one.moderated_grade,
                "in_numerator": one.in_numerator,
                "in_denominator": one.in_denominator,
                "left_out": one.left_out,
            }
            for one in shown.audits
        ],
        "counted_but_not_shown": shown.hidden,
        "facts": [_event(row) for row in under.events],
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _event(row: EventRow) -> dict[str, Any]:
    stored = orjson.loads(row[5])
    return {
        **by_fingerprint(row),
        "recorded_at": from_microseconds(row[4]).isoformat(),
        "meta": stored["m"],
        "says": stored["d"],
    }

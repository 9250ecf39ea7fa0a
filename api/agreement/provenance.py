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
from projections.agreement.model import AgreementReport
from projections.agreement.question import EVERY_AUDIT, AgreementQuestion, FigureLimits
from projections.audit_tools import projector as tool_projector
from projections.audit_tools import queries
from projections.core.base import present
from projections.figures.figure import Figure, rate
from projections.figures.provenance import by_fingerprint, counted_again, events_beneath
from projections.figures.small_numbers import as_counts_below
from qa.audit_tools.events import AREAS_STREAM, tool_stream
from qa.audits.events import case_audit_stream
from qa.core.clock import from_microseconds
from qa.core.errors import Refused
from qa.core.event import EventRow
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
    def within(self) -> AgreementQuestion:
        """The question narrowed to the days of the row: the same row, and no others."""
        _, first, last = read_group(self.group)
        return replace(self.question, start=first, end=last)


@dataclass(frozen=True, slots=True)
class Beneath:
    """The events beneath a figure. `hidden` audits are counted, but not open to the reader; the
    events of `policy` say what is too few to be shown."""

    events: Sequence[EventRow]
    audits: frozenset[str]
    hidden: int
    policy: Sequence[EventRow] = ()


def figure(connection: Connection, asked: FigureRequest) -> Figure:
    """The figure itself, as the report shows it."""
    limits = agreement_report.limits_of(connection, asked.actor)
    return _figure(connection, asked, limits)


def _figure(connection: Connection, asked: FigureRequest, limits: FigureLimits) -> Figure:
    small = agreement_report.small_number(connection, asked.at)
    made = agreement_report.counted(
        connection, asked.name, asked.within, asked.at, limits, small, whose=asked.whose
    )
    found = _in_report(made, asked)
    if found is not None:
        return found
    # A cell of a table that adds periods together is a share of the audits behind it.
    behind = _behind(connection, asked, limits)
    below = [one for one in behind.audits if one.in_denominator]
    found = rate(asked.figure, sum(one.in_numerator for one in below), len(below))
    return as_counts_below(found, small)


def _in_report(made: AgreementReport, asked: FigureRequest) -> Figure | None:
    wanted = {k: None if v is None else str(v) for k, v in asked.group.items()}
    for row in (*made.rows, *made.totals):
        named = {k: None if v is None else str(v) for k, v in row.group.items()}
        known = {k: v for k, v in wanted.items() if k != "scale" or k in named}
        if all(named.get(k, "") == v for k, v in known.items()):
            return row.figures.get(asked.figure)
    return None


def _behind(
    connection: Connection, asked: FigureRequest, limits: FigureLimits
) -> AgreementFigureRows:
    """Every audit behind the figure, whoever asks."""
    position = asked.at.position
    return AuditsBehind(
        connection=connection,
        question=asked.question,
        scales=agreement_report.version_scales(connection, position),
        reach=Reach(asked.actor.person, everything=True),
        grade=asked.whose,
        position=position,
        limits=limits,
    ).rows(asked.figure, asked.group)


def shown(connection: Connection, asked: FigureRequest) -> AgreementFigureRows:
    """The audits behind the figure, as far as the reader may open them."""
    return agreement_report.behind(
        connection,
        asked.question,
        asked.at,
        actor=asked.actor,
        figure=asked.figure,
        group=dict(asked.group),
        whose=asked.whose,
    )


def beneath(
    store: Store,
    connection: Connection,
    asked: FigureRequest,
    shown: AgreementFigureRows | None = None,
) -> Beneath:
    """The events beneath a figure; with `shown`, only those the reader may open.

    Raises:
        Refused: the figure counts more than `MOST_AUDITS` audits.
    """
    limits = agreement_report.limits_of(connection, asked.actor)
    everyone = shown or _behind(connection, asked, limits)
    counted = frozenset(
        one.audit for one in everyone.audits if one.in_numerator or one.in_denominator
    )
    if len(counted) > MOST_AUDITS:
        raise Refused(
            f"More than {MOST_AUDITS:,} audits lie beneath this figure. Ask for a shorter period "
            "or for one team.",
            field="figure",
            code="too-many-beneath",
        )
    at = asked.at
    tools = queries.tools(present(connection), position=at.position)
    # Of what is known only what was so on the day; the tools are read as they are known.
    events = events_beneath(
        store, connection, map(case_audit_stream, counted), upto=at.shown, true_on=at.true_on
    )
    known = [*(tool_stream(row.tool) for row in tools), AREAS_STREAM]
    events += events_beneath(store, connection, known, upto=at.shown)
    policy = events_beneath(store, connection, [POLICY_STREAM], upto=at.shown)
    hidden = 0 if shown is None else shown.hidden
    return Beneath(sorted(events), counted, hidden, policy)


def recounted(
    events: Sequence[EventRow], asked: FigureRequest, policy: Sequence[EventRow] = ()
) -> Figure:
    """The figure made again from these events alone. Their sealed texts are not opened."""
    return counted_again(
        PROJECTORS, [*events, *policy], lambda held: _figure(held, asked, EVERY_AUDIT)
    )


def as_file(
    asked: FigureRequest,
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
            "position": asked.at.shown,
            "as_at": asked.at.day.isoformat(),
            **({} if asked.at.true_on is None else {"true_on": asked.at.true_on.isoformat()}),
            "cohort_rule": asked.question.rule.sentence,
        },
        "group": dict(asked.group),
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

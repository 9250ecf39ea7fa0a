"""What every screen, list, report and search shows through one connection, at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, create_engine, insert, select

from api.agreement import report
from api.agreement.schemas import AgreementReportOut
from api.search.reading import search
from api.services import registry
from api.web.moments import AsAt
from projections.agreement.question import AgreementQuestion
from projections.audit_tools import queries as tool_queries
from projections.audits import child_queries, moderation_lists, worklist
from projections.audits import queries as audit_queries
from projections.audits import tables as audit_tables
from projections.audits.queries import AuditFilter
from projections.core import full_text
from projections.core.base import today_of
from projections.core.fold import Folding
from projections.core.paging import RowPage, behind
from projections.core.true_on import days_of
from projections.history import queries as history_queries
from projections.imports import queries as import_queries
from projections.people import queries as people_queries
from projections.people import tables as people_tables
from qa.authorisation.policy import can, reach
from qa.core.errors import Refused
from qa.core.periods import PeriodKind
from qa.core.words import Actor, Role
from tests.support.council import Council

REPORTS: tuple[tuple[report.Name, tuple[str, ...]], ...] = (
    ("agreement", ()),
    ("agreement", ("team",)),
    ("grades", ("domain",)),
)


def screens(connection: Connection, at: AsAt, actors: list[Actor], days: date) -> dict[str, Any]:
    """Every query of the read side, by name; `days` is the day up to which reports look."""
    position, found = at.position, dict[str, Any]()
    ids = set(connection.execute(select(audit_tables.audit_row.c.audit)).scalars())
    children = set(connection.execute(select(audit_tables.audit_row.c.child)).scalars())
    persons = set(connection.execute(select(people_tables.person_row.c.person)).scalars())
    found["audits known"] = sorted(
        one for one in ids if audit_queries.audit(connection, one, position=position)
    )
    for audit in sorted(ids):
        found[f"audit {audit}"] = audit_queries.audit(connection, audit, position=position)
        found[f"history {audit}"] = history_queries.entries(
            connection, streams=[f"case-audit:{audit}"], position=position, limit=500
        )
    for actor in actors:
        within = reach(actor)
        for wanted in (
            None,
            AuditFilter(status=("submitted",)),
            AuditFilter(grade="good"),
            AuditFilter(team="east"),
        ):
            found[f"list {actor.person} {wanted}"] = (
                audit_queries.audits(
                    connection, within, wanted, position=position, page=RowPage(200)
                ),
                audit_queries.count(connection, within, wanted, position=position),
            )
        page = audit_queries.audits(connection, within, None, position=position, page=RowPage(4))
        before = page[-1].opened if page else 0
        found[f"page {actor.person}"] = audit_queries.audits(
            connection, within, None, position=position, page=behind(before, 4)
        )
        found[f"work {actor.person}"] = worklist.worklist(connection, within, position=position)
        found[f"moderations {actor.person}"] = moderation_lists.moderations(
            connection, within, at.on, position=position
        )
        found[f"disputes {actor.person}"] = moderation_lists.disputes(
            connection, within, position=position
        )
        for child in sorted(children):
            found[f"child {child} {actor.person}"] = child_queries.of_child(
                connection, within, child, position=position
            )
        for words in ("grade", "file", "chronology", "OLD-1"):
            if can(actor, "search").allowed:
                found[f"search {words} {actor.person}"] = search(connection, actor, at, words)
    for actor in actors[:2]:
        for name, cut in REPORTS:
            question = AgreementQuestion(
                start=days - timedelta(days=200), end=days, by=PeriodKind.QUARTER, dimensions=cut
            )
            found[f"{name} {cut} {actor.person}"] = _report(connection, at, actor, name, question)
    for person in sorted(persons):
        found[f"person {person}"] = (
            people_queries.person(connection, person, position=position),
            people_queries.grants(connection, person, position=position),
            history_queries.entries(
                connection, streams=[f"person:{person}"], position=position, limit=500
            ),
        )
    found["names"] = people_queries.names(connection, persons, position=position)
    found["people"] = people_queries.everybody(connection, with_departed=True, position=position)
    found["auditors"] = people_queries.holding(connection, Role.AUDITOR, at.on, position=position)
    found["teams"] = people_queries.teams(connection, with_closed=True, position=position)
    found["tools"] = tool_queries.tools(connection, position=position)
    found["definitions"] = tool_queries.definitions(connection, position=position)
    found["scales"] = tool_queries.scales(connection, position=position)
    found["policy"] = tool_queries.moderation_policy(connection, position=position)
    found["batches"] = import_queries.batches(connection, position=position)
    return {name: plain(value) for name, value in found.items()}


def _report(
    connection: Connection, at: AsAt, actor: Actor, name: report.Name, question: AgreementQuestion
) -> Any:
    """A report and the audits behind one figure of each of its first rows; or its refusal."""
    figure = "moderation_agreement_rate" if name == "agreement" else "good_or_better_rate"
    try:
        made = report.make(connection, name, question, at, actor=actor)
    except Refused as refused:
        return refused.code
    return AgreementReportOut.of(made).model_dump(mode="json"), [
        report.behind(connection, question, at, actor=actor, figure=figure, group=dict(row.group))
        for row in made.rows[:3]
    ]


def plain(value: Any) -> Any:
    """The value without where a row ends: that is the one thing a later event may change."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain({"": type(value).__name__, **asdict(value)})
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items() if k != "valid_to"}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


@contextmanager
def told_only(council: Council, at: AsAt, present: Connection) -> Iterator[Connection]:
    """Read tables of a store that was told just the events of the moment, all else forgotten."""
    read_side = registry()
    events = list(council.services.store.events(upto=at.shown))
    folding = Folding(table.name for table in read_side.tables)
    for recorded, day in zip(events, days_of(events), strict=True):
        if at.true_on is None or day <= at.true_on:
            for projector in read_side.interested(type(recorded.event)):
                folding.apply(recorded.position, projector.project(recorded))
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        for table in read_side.tables:
            table.create(connection)
            fold = folding.folds.get(table.name)
            if fold is not None:
                names = [column.name for column in table.columns]
                rows = [*fold.finished, *fold.opened()]
                if rows:
                    connection.execute(
                        insert(table), [dict(zip(names, row, strict=True)) for row in rows]
                    )
            full_text.create(connection, table)
        yield connection.execution_options(present=present, today=today_of(present))
    engine.dispose()

"""What a copy for outside shows of a published report: which rows by the rule, and which texts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from api.disclosure.sources import OutsideSource, Pieces, key_of, parts_called, source_called
from api.documents.figures import FiguresRow
from api.documents.listing import LAYOUT
from api.reports.declaration import ReportPart
from api.services import Services
from projections.disclosure import queries
from projections.disclosure.tables import OutsideCopyRow
from projections.figures.figure import Figure
from projections.self_evaluation import queries as evaluation_queries
from qa.authorisation.policy import can
from qa.core.dates_in_words import day
from qa.core.errors import NotFound
from qa.core.words import Actor
from qa.disclosure.commands import WrittenText
from qa.disclosure.events import DisclosureRuleSet, ShownTable
from qa.disclosure.rounding import rounded_rows
from qa.disclosure.suppression import (
    CountedRow,
    CountedTable,
    EarlierCopy,
    RowKey,
    shown_rows,
)
from qa.disclosure.words import AUDIENCES
from qa.publishing.events import ReportAsked

NO_COPY = (
    "{title} cannot be given outside the council: its values are given without the counts that "
    "they come from, or count the same records in several rows."
)
APART = (
    "{title} counts records that copies already tell rounded in another way. From the two together "
    "small numbers could be worked out. Ask for other days."
)
OVERLAPS = (
    "{title} counts records that a copy already counts in other rows. From the two together small "
    "numbers could be worked out. Ask for the same breakdown as before, or for other days."
)


def copy_of(
    services: Services, connection: Connection, actor: Actor, of: str, given: str, upto: int | None
) -> tuple[OutsideSource, OutsideCopyRow]:
    """A copy with what it is of. Raises as `source_called`."""
    source = source_called(services, connection, actor, of, upto, given=True)
    copy = queries.copy_called(connection, given, position=upto)
    if copy is None or copy.published != of:
        raise NotFound("There is no such copy.")
    return source, copy


def evaluations_given(connection: Connection, actor: Actor) -> list[tuple[str, str]]:
    """The copies of self-evaluations that were given outside and stand, the last first, each with
    its address; none for whoever may not read published reports."""
    if not can(actor, "read-council-figures").allowed:
        return []
    return [
        (
            f"Self-evaluation, for {AUDIENCES[one.audience].lower()}, {day(one.given_at)}",
            f"/published/{one.published}/copies/{one.given}",
        )
        for one in reversed(queries.copies(connection, position=actor.pin))
        if one.withdrawn_at is None
        and evaluation_queries.copy_called(connection, one.published, position=actor.pin)
    ]


def worked_out(services: Services, connection: Connection, source: OutsideSource) -> dict[str, Any]:
    """What the command is given beside what was asked: the copy as it is made now."""
    rule, _ = queries.rule(connection)
    return {
        "originals": tuple(
            WrittenText(text=one.key, written=one.text) for one in source.texts(None)
        ),
        "withdrawn": source.withdrawn_because is not None,
        "tables": tuple(shown_tables(services, connection, source, rule)),
        "least": rule.least,
        "policy_version": rule.policy_version,
        "position": services.store.head(connection),
        "after": queries.version(connection),
        "rendering": LAYOUT,
    }


# -- which rows are shown


@dataclass(frozen=True, slots=True)
class CopyTable:
    """A table that a copy told of."""

    part: ReportPart
    table: ShownTable


def shown_tables(
    services: Services,
    connection: Connection,
    source: OutsideSource,
    rule: DisclosureRuleSet,
) -> Iterator[ShownTable]:
    """What is shown of each table of a report, beside everything that copies told before."""
    sources = {one.report.source_of(one.question) for one in source.parts if one.report.of_people}
    copy_tables = [*_told_before(services, connection, sources)] if sources else []
    pieces: Sequence[Pieces] = source.pieces or [{}] * len(source.parts)
    for part, evidence in zip(source.parts, pieces, strict=True):
        table = _with_evidence(part, evidence, rule, copy_tables)
        copy_tables.append(CopyTable(part, table))
        yield table


def _with_evidence(
    part: ReportPart, evidence: Pieces, rule: DisclosureRuleSet, copy_tables: Sequence[CopyTable]
) -> ShownTable:
    """What is shown of a table, with those other figures that claims rest on of which it can be
    told: they cost no claim what it rests on. Beside rounded numbers none is told: four grades that
    are each rounded, and their number, can tell what each of them is."""
    table = _shown(part, rule, copy_tables)
    others = {name for figures in evidence.values() for name in figures} - {*figures_of(part)}
    if table.without or not others:
        return table
    if table.rounded:
        return table.model_copy(update={"untold": tuple(sorted(others))})
    for name in sorted(others):
        if not part.report.of_people:
            table = table.model_copy(update={"beside": (*table.beside, name)})
            continue
        if any(counts_of(row.figures[name]) is None for row in _rows_with(part, name)):
            continue
        more = _shown(part, rule, copy_tables, (*table.beside, name))
        cells, of_name = _evidence_shown(part, evidence, more), _evidence_of(evidence, name)
        if cells >= _evidence_shown(part, evidence, table) and cells & of_name:
            table = more
    untold = tuple(sorted(others.difference(table.beside)))
    return table.model_copy(update={"untold": untold})


def _rows_with(part: ReportPart, name: str) -> list[FiguresRow]:
    return [row for row in (*part.made.rows, *part.made.totals) if name in row.figures]


def _evidence_of(evidence: Pieces, name: str) -> set[tuple[RowKey, str]]:
    return {(key, name) for key, figures in evidence.items() if name in figures}


def _evidence_shown(
    part: ReportPart, evidence: Pieces, table: ShownTable
) -> set[tuple[RowKey, str]]:
    """The figures of claims that a table shows, by their rows."""
    rows = [row for at, row in enumerate(part.made.rows) if at not in table.hidden]
    rows += [part.made.totals[at] for at in table.totals]
    return {
        (key_of(row), name)
        for row in rows
        for name in figures_of(part, table.beside)
        if name in evidence.get(key_of(row), {}) and name in row.figures
    }


def _told_before(
    services: Services, connection: Connection, sources: Collection[str]
) -> Iterator[CopyTable]:
    """The tables of all copies that count such records."""
    seen: dict[str, Sequence[ReportPart]] = {}
    for copy in queries.copies(connection):
        if copy.published not in seen:
            seen[copy.published] = parts_called(services, connection, copy.published)
        for part, table in zip(seen[copy.published], copy.shown, strict=True):
            if part.report.of_people and part.report.source_of(part.question) in sources:
                yield CopyTable(part, table)


def _shown(
    part: ReportPart,
    rule: DisclosureRuleSet,
    copy_tables: Sequence[CopyTable],
    own: tuple[str, ...] = (),
) -> ShownTable:
    """What is shown of a table, with the figures `own` beside those that copies of it tell."""
    title = part.title or part.report.title
    if not part.report.source:
        return ShownTable(without=NO_COPY.format(title=title))
    if not part.report.of_people:
        return ShownTable(totals=tuple(range(len(part.made.totals))))
    earlier = []
    met = [one for one in copy_tables if not one.table.without and _meet(part, one.part)]
    beside = _Beside(part, own, met)
    for one in met:
        compared = _compared(part, one, beside)
        if compared is None and part.report.is_rounded_outside:
            continue  # Each row is of its own: `kept_inside` says which stay inside.
        if compared is None:
            return ShownTable(without=OVERLAPS.format(title=title))
        earlier.append(compared)
    # What was once given out exactly, or to one step, is never given out otherwise.
    steps = {one.table.rounded for one in met} or {rule.least if rule.method == "round" else 0}
    step = steps.pop()
    if part.report.is_rounded_outside and not met:
        step = rule.least
    if steps or (part.report.is_rounded_outside and not step):
        return ShownTable(without=APART.format(title=title))
    if not step:
        rows = shown_rows(beside.counted(part), rule.least, earlier)
        return ShownTable(hidden=rows.hidden, totals=rows.totals, beside=own)
    rows = rounded_rows(beside.counted(part), step)
    before = [
        row
        for one in met
        for at, row in enumerate(one.part.made.rows)
        if at not in one.table.hidden
    ]
    hidden = {*rows.hidden, *part.report.kept_inside(part.made, before)}
    return ShownTable(hidden=tuple(sorted(hidden)), totals=rows.totals, rounded=step, beside=own)


def _meet(one: ReportPart, other: ReportPart) -> bool:
    """Whether two tables can count the same records."""
    if one.report.source_of(one.question) != other.report.source_of(other.question):
        return False
    (start, end), (from_, to) = _days(one.question), _days(other.question)
    return start <= to and from_ <= end


def _days(question: ReportAsked) -> tuple[date, date]:
    """The days whose records a question counts; one of no periods counts all up to its day."""
    return (question.start if question.by else date.min), question.end


def _cut(question: ReportAsked) -> tuple[object, ...]:
    """How a question puts records into rows."""
    kind = () if question.by else (question.report,)
    cuts = (question.by, question.dimensions, question.filters, question.cohort, question.blind)
    return (*kind, *cuts)


def _compared(part: ReportPart, copy_table: CopyTable, beside: _Beside) -> EarlierCopy | None:
    """What an earlier table told of the rows of this one; None where they are put otherwise."""
    before = copy_table.part
    if _cut(part.question) != _cut(before.question):
        return None
    then = before
    if _report_of(before) != _report_of(part):
        at = part.report.frozen_at(before.sight.at, before.sight.at.day)
        then = part.at(replace(part.sight, at=at, actor=None))
        ours = {key_of(row) for row in then.made.rows if _within(row, before.question)}
        theirs = {key_of(row) for row in before.made.rows if _within(row, part.question)}
        if ours != theirs:
            return None
    return EarlierCopy(
        beside.counted(then),
        frozenset(key_of(before.made.rows[at]) for at in copy_table.table.hidden),
        frozenset(key_of(row) for row in part.made.rows if not _within(row, before.question)),
    )


def _within(row: FiguresRow, question: ReportAsked) -> bool:
    """Whether a row has days in common with a question."""
    first, last = row.group.get("from"), row.group.get("to")
    if not question.by or first is None or last is None:
        return True
    return str(first) <= question.end.isoformat() and question.start.isoformat() <= str(last)


class _Beside:
    """The figures that are told of a table beside those that copies of its report tell: by it, and
    by copies that were given out before. Whatever other reports told of the same rows is
    compared with them."""

    def __init__(self, part: ReportPart, own: tuple[str, ...], met: Sequence[CopyTable]) -> None:
        beside, others = set(own), [*_of_other_reports(part, met)]
        for one in met:
            if _report_of(one.part) == _report_of(part):
                beside |= {*one.table.beside}
        self.names = (*figures_of(part), *sorted(beside))
        self.marked: frozenset[str] = frozenset(beside) | {
            _name(one, name) for one in others for name in one.table.beside
        }
        self.foreign: dict[RowKey, dict[str, tuple[int, int] | None]] = {}
        for one in others if self.marked else ():
            names = figures_of(one.part, one.table.beside)
            for row in (*one.part.made.rows, *one.part.made.totals):
                own_row = self.foreign.setdefault(key_of(row), {})
                for name in names:
                    if name in row.figures:
                        own_row[_name(one, name)] = counts_of(row.figures[name])

    def counted(self, part: ReportPart) -> CountedTable:
        """The counts of a table that a copy may show."""

        def of(row: FiguresRow) -> CountedRow:
            figures, key = row.figures, key_of(row)
            counts = {name: counts_of(figures[name]) for name in self.names if name in figures}
            counts |= self.foreign.get(key, {})
            return CountedRow(
                key, counts, str(row.group.get("scale", "")), self.marked & counts.keys()
            )

        return CountedTable([*map(of, part.made.rows)], [*map(of, part.made.totals)])


def _report_of(part: ReportPart) -> tuple[str, object]:
    return part.question.report, part.question.whose


def _of_other_reports(part: ReportPart, met: Sequence[CopyTable]) -> Iterator[CopyTable]:
    return (one for one in met if _report_of(one.part) != _report_of(part))


def _name(of: CopyTable, figure: str) -> str:
    report, whose = _report_of(of.part)
    return f"{report} {whose} {figure}"


def counts_of(figure: Figure) -> tuple[int, int] | None:
    """What a figure counts, and among how many; None where that is not known."""
    if figure.unit not in _COUNTED:
        return None
    counted = figure.numerator
    if counted is None and figure.unit == "count" and figure.exact is not None:
        counted = int(figure.exact) if figure.exact == int(figure.exact) else None
    if counted is None:
        return None
    return counted, (counted if figure.denominator is None else figure.denominator)


def figures_of(part: ReportPart, beside: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The figures of a copy: counts and rates alone, those of the report and some `beside`. A
    middle or a mean can be the value of one."""
    names = {
        name
        for row in (*part.made.rows, *part.made.totals)
        for name, figure in row.figures.items()
        if figure.unit in _COUNTED
    }
    wanted = part.report.outside or part.report.main
    return (*(name for name in wanted if name in names), *beside)


_COUNTED = ("count", "percent")

"""The weekly report of unusual access: gathered, told in words, and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from api.documents.listing import Column, ColumnKind, Listing
from api.services import Services
from projections.audits import part_queries
from projections.people import queries as people_queries
from projections.restrictions.queries import restricted
from projections.working_days.queries import calendar
from qa.access.unusual import (
    RULES,
    Case,
    UnusualAccessFinding,
    Week,
    unusual,
    weeks_before,
)
from qa.core.access import Access
from qa.core.clock import civil_day, end_of_day, start_of_day
from qa.core.errors import Refused
from qa.security import access_log

WEEKS_BEFORE = 8


@dataclass(frozen=True, slots=True)
class UnusualAccess:
    """One week's findings with the lines beneath them and the names of people.

    `accesses` and `persons` say what was looked through.
    """

    first: date
    last: date
    findings: Sequence[UnusualAccessFinding]
    lines: dict[int, Access]
    names: dict[str, str]
    accesses: int
    persons: int

    def of(self, rule: str) -> list[UnusualAccessFinding]:
        return [finding for finding in self.findings if finding.rule == rule]


def week_of(services: Services, day: date | None) -> date:
    """The Monday of the week that `day` lies in; without a day, of the last week that is over.

    Raises:
        Refused: a week that has not begun.
    """
    today = civil_day(services.clock.now())
    if day is None:
        day = today - timedelta(days=7)
    monday = day - timedelta(days=day.weekday())
    if monday > today:
        raise Refused("That week has not begun.", field="week", code="date-future")
    return monday


def unusual_access(services: Services, connection: Connection, monday: date) -> UnusualAccess:
    """The report of the week that begins on `monday`."""
    last = monday + timedelta(days=6)
    since, upto = start_of_day(monday), end_of_day(last)
    lines = list(access_log.between(connection, since, upto))
    audits = {
        line.subject.partition(":")[2]
        for line in lines
        if line.subject.startswith(("case-audit:", "judgement:"))
    }
    persons = {line.person for line in lines}
    before: dict[str, list[int]] = {}
    for counts in access_log.opened_by_week(connection, weeks_before(since, WEEKS_BEFORE)):
        for person, count in counts.items():
            before.setdefault(person, []).append(count)
    found = unusual(
        Week(
            lines=lines,
            cases={
                audit: Case(
                    team=row.team,
                    child=row.child,
                    own_to=frozenset(filter(None, (row.case_holder,))),
                    part_of=frozenset(filter(None, (row.auditor, row.moderator, row.decider))),
                )
                for audit, row in part_queries.whose(connection, audits).items()
            },
            teams=people_queries.team_of(connection, persons),
            before=before,
            restricted=restricted(connection),
            calendar=calendar(connection),
        )
    )
    wanted = {line for finding in found for line in finding.lines}
    return UnusualAccess(
        first=monday,
        last=last,
        findings=found,
        lines={line.id: line for line in lines if line.id in wanted},
        names=people_queries.names(connection, persons),
        accesses=len(lines),
        persons=len(persons),
    )


COLUMNS = (
    Column("rule", "Rule"),
    Column("words", "What the rule says"),
    Column("person", "Person"),
    Column("name", "Name"),
    Column("numerator", "How many", ColumnKind.NUMBER),
    Column("denominator", "Of", ColumnKind.NUMBER),
    Column("lines", "Lines of the access log"),
)


def unusual_listing(services: Services, report: UnusualAccess, *, by: str, head: int) -> Listing:
    """The findings as a list, one row each."""
    words = {rule.id: rule.words for rule in RULES}
    now = services.clock.now()
    return Listing(
        title="Unusual access",
        columns=COLUMNS,
        rows=[
            [
                one.rule,
                words[one.rule],
                one.person,
                report.names.get(one.person, one.person),
                one.numerator,
                one.denominator,
                " ".join(str(line) for line in one.lines),
            ]
            for one in report.findings
        ],
        filters=[("week", f"{report.first.isoformat()} to {report.last.isoformat()}")],
        position=head,
        as_at=now,
        by=by,
        at=now,
        notes=[
            "Names of children are not stored: own cases stand in the place of own names.",
            f"{report.accesses} accesses of {report.persons} people were looked through.",
        ],
    )

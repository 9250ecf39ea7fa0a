"""Which of a week's accesses are worth a second look: rules in words, with what they counted.

A finding accuses nobody. It names the rule, the person, how many of how many accesses met it, and
the lines of the access log beneath. Names of children are never stored, so that the rule on own
names looks at own cases instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from qa.core.access import Access, What
from qa.core.clock import ENGLAND, LONDON, WorkingDays, civil_day
from qa.core.naming import reference_key
from qa.core.words import Role

BUSY = 20
"""Fewer records than this in a week are never called many."""
TIMES = 3
FEW = 5
MORNING, EVENING = 7, 20
"""The hours of London between which work is usual."""
ANYWHERE = frozenset({Role.QA_LEAD.value, Role.MODERATOR.value, Role.ADMINISTRATOR.value})
"""Roles whose work lies in other teams than their own."""


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules need to know of an audit: whose case, which team, who has a part in it."""

    team: str
    child: str
    own_to: frozenset[str]
    part_of: frozenset[str]


@dataclass(frozen=True, slots=True)
class Week:
    """A week's lines and what is known beside them.

    `cases` are the audits by id, `teams` the people's teams, `before` the records that each person
    opened in each of the weeks before (a week without any is not in the list), `restricted` the
    references of children whose records are watched, `calendar` the days that the council works.
    """

    lines: Sequence[Access]
    cases: Mapping[str, Case]
    teams: Mapping[str, str | None]
    before: Mapping[str, Sequence[int]]
    restricted: frozenset[str] = frozenset()
    calendar: WorkingDays = ENGLAND

    def case(self, line: Access) -> Case | None:
        kind, _, key = line.subject.partition(":")
        return self.cases.get(key) if kind in ("case-audit", "judgement") else None

    def children(self, line: Access) -> frozenset[str]:
        kind, _, key = line.subject.partition(":")
        case = self.case(line)
        return frozenset({key} if kind == "child" else {case.child} if case else ())


@dataclass(frozen=True, slots=True)
class UnusualAccessFinding:
    """`numerator` of `denominator`, in the units of the rule; `lines` are ids of the log."""

    rule: str
    person: str
    numerator: int
    denominator: int
    lines: Sequence[int] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class UnusualAccessRule:
    id: str
    title: str
    words: str
    find: Callable[[Week], list[UnusualAccessFinding]]


def _reads(line: Access) -> bool:
    return line.what in (What.VIEW, What.EXPORT)


def _of_audits(week: Week) -> Callable[[Access], bool]:
    return lambda line: _reads(line) and week.case(line) is not None


def _people(week: Week) -> dict[str, list[Access]]:
    found: dict[str, list[Access]] = {}
    for line in week.lines:
        found.setdefault(line.person, []).append(line)
    return found


def _share(
    rule: str,
    week: Week,
    meets: Callable[[Access], bool],
    among: Callable[[Access], bool],
    least: int,
) -> list[UnusualAccessFinding]:
    """A finding for each person of whose lines `among` at least `least` meet the condition."""
    found: list[UnusualAccessFinding] = []
    for person, lines in _people(week).items():
        looked = [line for line in lines if among(line)]
        met = [line.id for line in looked if meets(line)]
        if len(met) >= least:
            found.append(UnusualAccessFinding(rule, person, len(met), len(looked), met))
    return found


def _own_case(week: Week) -> list[UnusualAccessFinding]:
    def own(line: Access) -> bool:
        case = week.case(line)
        return case is not None and line.person in case.own_to

    return _share("own-case", week, own, _of_audits(week), 1)


def _out_of_team(week: Week) -> list[UnusualAccessFinding]:
    def outside(line: Access) -> bool:
        case = week.case(line)
        return (
            case is not None
            and line.in_role not in ANYWHERE
            and case.team != week.teams.get(line.person)
            and line.person not in case.part_of | case.own_to
        )

    return _share("out-of-team", week, outside, _of_audits(week), FEW)


def _keys(children: Iterable[str]) -> set[str]:
    return set(map(reference_key, children))


def _restricted(week: Week) -> list[UnusualAccessFinding]:
    return _share(
        "restricted",
        week,
        lambda line: bool(_keys(week.children(line)) & _keys(week.restricted)),
        lambda line: _reads(line) and bool(week.children(line)),
        1,
    )


def _out_of_hours(week: Week) -> list[UnusualAccessFinding]:
    def late(line: Access) -> bool:
        hour = line.at.astimezone(LONDON).hour
        return not (MORNING <= hour < EVENING) or not week.calendar.works(civil_day(line.at))

    return _share("out-of-hours", week, late, _reads, FEW)


def _refused(week: Week) -> list[UnusualAccessFinding]:
    return _share("refused", week, lambda line: line.what is What.DENIED, lambda _: True, FEW)


def _many(week: Week) -> list[UnusualAccessFinding]:
    """Counted in different records, so that going back to one is no more than one."""
    opened: dict[str, dict[str, int]] = {}
    for line in week.lines:
        if _reads(line) and not line.subject.startswith("page:"):
            opened.setdefault(line.person, {})[line.subject] = line.id
    found: list[UnusualAccessFinding] = []
    for person, subjects in opened.items():
        own = [count for count in week.before.get(person, ()) if count]
        peers = [len(other) for one, other in opened.items() if one != person]
        usual = median(own or peers or [0])
        if len(subjects) >= max(BUSY, TIMES * usual):
            found.append(
                UnusualAccessFinding(
                    "volume", person, len(subjects), round(usual), sorted(subjects.values())
                )
            )
    return found


RULES = (
    UnusualAccessRule(
        "own-case",
        "Own case",
        "Somebody opened the audit of a case that they hold. Of all audits they opened.",
        _own_case,
    ),
    UnusualAccessRule(
        "out-of-team",
        "Outside their team",
        f"Somebody opened audits of another team {FEW} times or more, without a part in them and "
        "in a role that does not reach beyond a team. Of all audits they opened.",
        _out_of_team,
    ),
    UnusualAccessRule(
        "restricted",
        "Restricted records",
        "Somebody opened a record of a child whose records are watched more closely. Of all "
        "records of children they opened.",
        _restricted,
    ),
    UnusualAccessRule(
        "volume",
        "Many records",
        f"Somebody opened {BUSY} different records or more, and {TIMES} times as many as is usual: "
        "as their own median of the eight weeks before or, where they have none, as the median of "
        "the others this week. Against that median.",
        _many,
    ),
    UnusualAccessRule(
        "out-of-hours",
        "Out of hours",
        f"Somebody read or took out records {FEW} times or more before {MORNING}:00 or from "
        f"{EVENING}:00, at a weekend or on a bank holiday. Of all that they read or took out.",
        _out_of_hours,
    ),
    UnusualAccessRule(
        "refused",
        "Often refused",
        f"Somebody asked {FEW} times or more for what is closed to them. Of all they did.",
        _refused,
    ),
)


def unusual(week: Week) -> list[UnusualAccessFinding]:
    """What the week's accesses are worth a second look for, rule by rule, the most first."""
    return [
        finding
        for rule in RULES
        for finding in sorted(rule.find(week), key=lambda f: (-f.numerator, f.person))
    ]


def weeks_before(start: datetime, count: int) -> list[tuple[datetime, datetime]]:
    """The `count` spans of seven days before `start`, the latest first."""
    week = timedelta(days=7)
    return [(start - week * (n + 1), start - week * n) for n in range(count)]

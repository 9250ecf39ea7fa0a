"""The rows of a list of cases as it comes from a case system: which of them are read, which are
left out, and what is said of that."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial

from api.imports.files.tables import PlaceInFile
from api.imports.importers import SentFile
from api.imports.mapping import HeadingMap
from api.imports.outcome import readers
from api.imports.values import RowReader, parse_child, parse_date, parse_text
from projections.people import queries as people
from projections.restrictions.queries import restricted
from qa.core.errors import Fault
from qa.core.naming import reference_key
from qa.core.words import code_of

_NAMES = re.compile(
    r"name|surname|worker|advis[eo]r|professional[_ ]id|date of birth|dob\b|postcode|address|"
    r"(?<![a-z])upn|unique pupil",
    re.I,
)
LEFT_OUT: Mapping[str, str] = {
    "restricted": "about a child whose records are restricted.",
    "closed": "closed by the end of that day.",
    "later": "begun after that day.",
    "again": "about a child who stands in another row too.",
}
"""Why rows of a list are left out."""


@dataclass
class CaseList:
    """A list as at the end of a `day`; `left` counts its rows that are left out, by cause."""

    sent: SentFile
    mapping: HeadingMap
    day: date
    faults: list[Fault] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.faults += self.sent.sheet.faults

    def cases(self) -> Iterator[tuple[RowReader, str, PlaceInFile, int]]:
        """Every row of a case that was open, or has no day of closure: its reader, the reference,
        its place, and how many faults were found before it. Nothing is said of rows about
        restricted children."""
        closed_to = restricted(self.sent.connection)
        for row, read in readers(self.sent.sheet, self.mapping.headings, self.faults):
            before, found = len(self.faults), read.found
            case = read.get("case", parse_child, required=True, quote=False)
            closed = read.get("closed_on", parse_date)
            if reference_key(case or "") in closed_to:
                del self.faults[before:]
                self.left["restricted"] += 1
            elif closed is not None and closed <= self.day:
                self.left["closed"] += 1
            elif case is not None:
                yield read, case, row.place, found

    @cached_property
    def _teams(self) -> Mapping[str, str]:
        return {
            called: one.team
            for one in people.teams(self.sent.connection)
            for called in (one.team, code_of(one.name))
        }

    def team(self, read: RowReader, *, required: bool) -> str | None:
        """The code of the team of a row, which has to be on record."""
        team = read.get("team", partial(parse_text, longest=120), required=required)
        if team and code_of(team) not in self._teams:
            sentence = f"There is no team “{team}”. Import the teams first, or say which it is."
            read.fault("team", "team-unknown", sentence, team)
        return self._teams.get(code_of(team)) if team else None

    def notes(self) -> tuple[Fault, ...]:
        """What was left out: how many rows and why, and the columns that tell who somebody is."""
        lines = [
            ("1 row" if self.left[cause] == 1 else f"{self.left[cause]} rows", words)
            for cause, words in LEFT_OUT.items()
            if self.left[cause]
        ]
        notes = [Fault("case", "left-out", f"Left out: {count}, {words}") for count, words in lines]
        names = [heading for heading in self.mapping.unmapped if _NAMES.search(heading)]
        if names:
            sentence = f"Names and what tells who somebody is are not read: {', '.join(names)}."
            notes.append(Fault("case", "left-out", sentence))
        return tuple(notes)

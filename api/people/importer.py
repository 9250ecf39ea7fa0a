"""Files of people: one row a person, or one of their roles."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from api.imports.answers import LEAVE_OUT, ImportOption, ImportQuestion
from api.imports.columns.meanings import value_questions
from api.imports.columns.names import spoken_name
from api.imports.files.tables import SheetRows
from api.imports.importers import CheckedFile, Importer, SentFile, asked_once
from api.imports.mapping import Field, map_columns, normal, status_field
from api.imports.outcome import ImportRow, SheetOutcome, in_order, readers
from api.imports.values import RowReader, parse_date, parse_text
from api.people.sign_in import enrolled, written_to
from api.people.team_importer import preview
from projections.people import queries
from projections.people.tables import PlacedPerson, PlacedTeam
from qa.authorisation.context import Desk, Once, RehearsalDesk
from qa.core.errors import Fault, Refused
from qa.core.words import Actor, Role, Scope, code_of
from qa.imports.commands import people as commands
from qa.imports.commands.batches import File
from qa.imports.people_rows import ImportedPerson
from qa.security.accounts import addresses
from qa.store.unit import Receipt

PERSON_FIELDS = (
    Field("name", "Name", True, ("full name", "person", "staff name", "employee name", "who"),
          parts=("given_name", "surname"), kind="name"),
    Field("given_name", "First name", False,
          ("first name", "forename", "forenames", "given name", "preferred name"), asked=False,
          kind="name"),
    Field("surname", "Surname", False, ("last name", "family name", "second name"), asked=False,
          kind="name"),
    Field("handle", "Sign-in name", False, ("username", "user name", "login", "user id", "handle")),
    Field("address", "E-mail address", False, ("email", "e mail", "email address", "work email")),
    Field("job_title", "Job title", False, ("job", "post", "position", "post title")),
    Field("team", "Team", False, ("team name", "works in"), kind="team"),
    Field("manager", "Line manager", False, ("manager", "reports to", "supervisor", "managed by"),
          kind="person"),
    Field("role", "Role", False,
          ("roles", "access", "access level", "access needed", "permission", "user role",
           "qa role", "role in qa")),
    Field("where", "Where the role reaches", False, ("where", "reach", "scope", "role scope")),
    Field("since", "Start date", False,
          ("start", "first day", "from", "role from", "started on", "started"), kind="date"),
    Field("until", "Last day of the role", False, ("role until", "role ends", "until"),
          kind="date"),
    Field("last_day", "Last day", False,
          ("end date", "leaving date", "left on", "leaves on", "end", "left", "leaver date"),
          kind="date"),
    status_field("active", "current", "in post", "live", "employed"),
)  # fmt: skip


class PersonFileRow(ImportRow):
    """A person and their roles, as one row states them; `reference` is the sign-in name."""

    name: str
    address: str | None = None
    job_title: str | None = None
    team: str | None = None
    manager: str | None = None
    roles: tuple[tuple[Role, Scope], ...] = ()
    since: date | None = None
    until: date | None = None
    last_day: date | None = None


class _Known:
    """Who and what a row may name: the teams and people on record, and those of the file."""

    def __init__(self, people: Sequence[PlacedPerson], teams: Sequence[PlacedTeam]) -> None:
        self.on_record = {one.handle: one.name for one in people}
        self.handles = set(self.on_record)
        self.named: dict[str, set[str]] = {}
        for one in people:
            self.names(one.name, one.handle)
        self.teams = {code: one.team for one in teams for code in (one.team, code_of(one.name))}
        self.services = {
            code: one.service for one in teams for code in (one.service, code_of(one.service_name))
        }

    def names(self, name: str, handle: str) -> None:
        self.named.setdefault(normal(name), set()).add(handle)

    def team(self, name: str) -> str:
        code = self.teams.get(code_of(name))
        if code is None:
            sentence = f"There is no team “{name}”. Import the teams first, or open it."
            raise Refused(sentence, code="team-unknown")
        return code

    def manager(self, written: str) -> str:
        """The sign-in name of the one person who is called so or signs in so."""
        if written.casefold() in self.handles:
            return written.casefold()
        found = self.named.get(normal(written), set())
        found = found or self.named.get(normal(spoken_name(written)), set())
        if len(found) == 1:
            return next(iter(found))
        sentence = (
            f"{len(found)} people are called {written}: give the line manager's sign-in name."
            if found
            else f"There is nobody called {written}, neither in the file nor on record."
        )
        raise Refused(sentence, code="manager-unknown")

    def scope(self, written: str) -> Scope:
        """How far a role reaches: the council, or the one service or team that is called so."""
        if normal(written) in ("council", "whole council", "the whole council", "all"):
            return Scope()
        kind, _, rest = written.partition(":")
        prefix = normal(kind) if rest and normal(kind) in ("team", "service") else ""
        code = code_of(rest if prefix else written)
        found = [
            Scope(kind=kind, code=known[code])
            for kind, known in (("team", self.teams), ("service", self.services))
            if code in known and prefix in ("", kind)
        ]
        if len(found) == 1:
            return found[0]
        sentence = (
            f"“{written}” is a team and a service: write “team: {written}” or “service: {written}”."
            if found
            else f"There is no team or service “{written}”. A role reaches one, or the council."
        )
        raise Refused(sentence, code="scope-unknown")


ROLES: Mapping[str, Role] = {
    **{normal(name): role for role in Role for name in (role.value, role.label)},
    "admin": Role.ADMINISTRATOR,
    "quality assurance lead": Role.QA_LEAD,
    "read only": Role.READER,
}


def _several(text: str | None) -> list[str]:
    return [one.strip() for one in re.split(r"[;,\n]", text or "") if one.strip()]


_GIVEN = tuple(role.label for role in Role if role not in (Role.SYSTEM, Role.INSPECTOR))


def _roles(cell: Any) -> tuple[Role, ...] | None:
    text = parse_text(cell)
    for one in _several(text):
        if ROLES.get(normal(one), Role.SYSTEM) is Role.SYSTEM:
            sentence = f"There is no role “{one}”. There are: {', '.join(_GIVEN)}."
            raise Refused(sentence, code="role-unknown")
    return tuple(ROLES[normal(one)] for one in _several(text)) or None


def _handle_of(name: str) -> str:
    """The sign-in name made of a name, where the file gives none: Alex Ash is alex.ash."""
    return code_of(name).replace("-", ".")[:40].rstrip(".")


def _address(cell: Any) -> str | None:
    text = parse_text(cell)
    if text:
        addresses.check(text)
    return text


def check_people(sent: SentFile) -> SheetOutcome[PersonFileRow]:
    """Check every row: line managers may stand in any order, several rows give several roles."""
    mapping = map_columns(sent.sheet, PERSON_FIELDS, sent.choices).complete()
    called = mapping.headings.get("name") or mapping.headings["surname"]
    known = _Known(
        queries.everybody(sent.connection, with_departed=True), queries.teams(sent.connection)
    )
    faults: list[Fault] = list(sent.sheet.faults)
    notes: list[Fault] = []
    questions: list[ImportQuestion] = []
    read_rows = list(readers(sent.sheet, mapping.headings, faults))
    signs_in: dict[int, tuple[str, str]] = {}
    for row, read in read_rows:
        name = _name_of(read)
        handle = read.get("handle", lambda cell: parse_text(cell, 40))
        if not name:
            continue
        if not handle:
            name, handle = _meant(name, known)
        signs_in[row.number] = name, (handle or _handle_of(name)).lower()
        if not handle:
            made = signs_in[row.number][1]
            namesakes = () if made in known.handles else known.named.get(normal(name), ())
            if namesakes:
                names = " and ".join(sorted(namesakes))
                sentence = f"{name} is on record as {names}: give their sign-in name, or a new one."
                read.fault("name", "person-on-record", sentence, name)
                questions.append(_who(called, name, row.number, sorted(namesakes), read))
            elif made not in known.on_record:
                notes.append(_made(row.number, name, made))
    for name, handle in signs_in.values():
        known.handles.add(handle)
        known.names(name, handle)
    rows: list[PersonFileRow] = []
    for row, read in read_rows:
        if row.number not in signs_in:
            continue
        name, handle = signs_in[row.number]
        since, until, last_day = (
            read.get(field, parse_date) for field in ("since", "until", "last_day")
        )
        for field, day in (("until", until), ("last_day", last_day)):
            if since and day and day < since:
                read.fault(field, "dates-reversed", "This day is before the start date.", str(day))
        rows.append(
            PersonFileRow(
                **row.place,
                reference=handle,
                name=name,
                address=read.get("address", _address, quote=False),
                job_title=read.get("job_title", parse_text),
                team=read.get("team", _named(known.team)),
                manager=read.get("manager", _named(known.manager)),
                roles=_reach(read, known),
                since=since,
                until=until,
                last_day=last_day,
            )
        )
    column = mapping.headings.get("handle") or called
    _same_person(rows, column, sent.sheet, faults)
    questions += value_questions(faults, {"role": [(label, label) for label in _GIVEN]})
    return SheetOutcome(
        sent.sheet,
        mapping,
        {},
        tuple(rows),
        in_order(faults, sent.sheet),
        tuple(notes),
        tuple(questions),
    )


_WITH_HANDLE = re.compile(r"(.+) <([^<>\s]+)>")


def _meant(name: str, known: _Known) -> tuple[str, str | None]:
    """The name and sign-in name of whom a cell means that is a sign-in name on record, or a name
    with one: “Pat Sample <pat.sample>”."""
    if both := _WITH_HANDLE.fullmatch(name):
        return both[1], both[2]
    handle = name.casefold()
    return (known.on_record[handle], handle) if handle in known.on_record else (name, None)


def _name_of(read: RowReader) -> str | None:
    """A file may have a column for first names and one for surnames instead of one for both."""
    text = partial(parse_text, longest=120)
    if read.has("name"):
        return read.get("name", lambda cell: spoken_name(text(cell) or "") or None, required=True)
    parts = [read.get(field, text, required=True) for field in ("given_name", "surname")]
    return " ".join(filter(None, parts)) if all(parts) else None


def _who(
    heading: str, name: str, row: int, namesakes: Sequence[str], read: RowReader
) -> ImportQuestion:
    """Whether somebody of the file is the one on record who is called so. What is answered stands
    for the cell under the heading, which may hold the surname alone."""
    cell = name if read.has("name") else read.get("surname", parse_text) or ""
    options = (
        *(
            ImportOption(
                one if read.has("name") else f"{cell} <{one}>",
                f"Yes, the one who signs in as {one}",
            )
            for one in namesakes
        ),
        ImportOption(f"{cell} <{_handle_of(name)}>", "No, somebody else of the same name"),
        ImportOption(LEAVE_OUT, "These rows are not imported"),
    )
    sentence = f"Is {name} the person who is on record?"
    return ImportQuestion("values", heading, sentence, options, cell, (row,), needed=False)


def _made(row: int, name: str, handle: str) -> Fault:
    sentence = f"{name} will sign in as {handle}, unless the file gives a sign-in name."
    return Fault("handle", "sign-in-name-made", sentence, row=row, value=handle)


def _named(find: Callable[[str], str]) -> Callable[[Any], str | None]:
    def parse(cell: Any) -> str | None:
        text = parse_text(cell)
        return find(text) if text else None

    return parse


def _reach(read: RowReader, known: _Known) -> tuple[tuple[Role, Scope], ...]:
    """The roles of a row, each with every place that it reaches there."""
    roles = read.get("role", _roles) or ()
    where = read.get("where", lambda cell: tuple(map(known.scope, _several(parse_text(cell)))))
    if roles and not where:
        sentence = "Say where the role reaches: the council, a service or a team."
        read.fault("where" if read.has("where") else "role", "scope-missing", sentence)
    return tuple((role, scope) for role in roles for scope in where or ())


def _same_person(
    rows: Sequence[PersonFileRow], column: str, sheet: SheetRows, faults: list[Fault]
) -> None:
    """Name the rows that give one sign-in name to people who differ in more than their role."""
    own = {"row", "line", "roles", "since", "until"}
    first: dict[str, PersonFileRow] = {}
    for row in rows:
        named = first.setdefault(row.reference, row)
        if named.model_dump(exclude=own) != row.model_dump(exclude=own):
            sentence = (
                f"{sheet.place(named.row, begins=True)} signs in as {row.reference} too, but "
                "is not the same: name, address, job title, team, line manager and last day must "
                "be. Two people need two sign-in names."
            )
            faults.append(
                Fault("handle", "duplicate-reference", sentence, row.row, column, row.reference)
            )


def _record_people(
    desk: Desk, rows: Sequence[PersonFileRow], file: File, *, by: Actor, once: Once | None
) -> Receipt:
    wanted = commands.ImportPeople(
        file=file,
        rows=tuple(
            ImportedPerson(
                handle=row.reference,
                **row.model_dump(exclude={"line", "reference", "address", "roles"}),
                roles=row.roles,
            )
            for row in rows
        ),
    )
    done = commands.import_people(desk, wanted, by=by, **asked_once(once))
    if isinstance(desk, RehearsalDesk):
        return done
    with desk.store.reading() as connection:
        ids = queries.with_handles(connection, [row.reference for row in rows])
    enrolled(desk.store, {person: handle for handle, person in ids.items()})
    given = {ids[row.reference]: row.address for row in rows if row.address}
    written_to(desk.store, given)
    return done


def _person_words(event: Mapping[str, Any]) -> str:
    roles = [
        f"{Role(role).label} ({scope.get('code') or 'the whole council'})"
        for role, scope in event.get("roles", ())
    ]
    facts = [
        event.get("job_title"),
        event.get("team") and f"team {event['team']}",
        event.get("manager") and f"line manager {event['manager']}",
        ", ".join(roles),
        event.get("since") and f"from {event['since']}",
        event.get("last_day") and f"last day {event['last_day']}",
    ]
    return ", ".join(filter(None, [f"{event['name']} ({event['reference']})", *facts]))


IMPORTERS = (
    Importer(
        kind="people",
        place=110,
        title="People and their roles: one row a person, or one row a role",
        rows="rows of people",
        check=lambda sent: CheckedFile(check_people(sent), preview("PersonAdded"), _record_people),
        row_words=_person_words,
        undoing="The roles that it gave end as if they had never begun. Names and places that it "
        "corrected are put back, and departures that it recorded are called off, unless somebody "
        "changed them since. The people stay on record.",
        verb="manage-people",
        onward=(
            ("See the people", "/people"),
            ("Make one-time codes to hand out", "/people/codes"),
        ),
        examples=(
            {
                "name": "Pat Sample",
                "handle": "pat.sample",
                "address": "pat.sample@example.org",
                "job_title": "Social worker",
                "team": "Early North",
                "role": "Practitioner",
                "where": "Early North",
                "since": "2025-09-01",
            },
        ),
        needs="A team that a row names must be on record, and so must a line manager who is in no "
        "row of the file.",
        named=PERSON_FIELDS,
    ),
)

"""Files of teams: one row a team, or anything with a team and its service in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from api.imports.importers import CheckedFile, Importer, SentFile, recorder
from api.imports.mapping import Field, map_columns, normal, status_field
from api.imports.outcome import ImportRow, SheetOutcome, in_order, readers
from api.imports.values import parse_text
from qa.core.errors import Fault
from qa.core.words import code_of
from qa.imports.commands import people as commands
from qa.imports.people_rows import ImportedTeam

TEAM_FIELDS = (
    Field("team", "Team", True, ("team name", "social work team", "name of team", "team audited"),
          kind="name"),
    Field("service", "Service", True, ("service area", "service name", "directorate"), kind="name"),
    status_field("active", "open", "current", "live"),
)  # fmt: skip


class TeamFileRow(ImportRow):
    """A team and its service; `reference` is the team."""

    service: str


def check_teams(sent: SentFile) -> SheetOutcome[TeamFileRow]:
    """The teams that a file names, each once: a list of teams, or of anything with a team in it."""
    mapping = map_columns(sent.sheet, TEAM_FIELDS, sent.choices).complete()
    faults: list[Fault] = list(sent.sheet.faults)
    first: dict[str, TeamFileRow] = {}
    again = 0
    for row, read in readers(sent.sheet, mapping.headings, faults):
        team = read.get("team", parse_text, required=True)
        service = read.get("service", parse_text, required=True)
        if not team or not service:
            continue
        if not code_of(team) or not code_of(service):
            sentence = "A team and a service need a letter or a figure."
            read.fault("team", "team-name-missing", sentence)
            continue
        named = first.get(code_of(team))
        if named is None:
            first[code_of(team)] = TeamFileRow(**row.place, reference=team, service=service)
        elif code_of(named.service) != code_of(service):
            sentence = (
                f"{sent.sheet.place(named.row, begins=True)} has {team} in the service "
                f"{named.service}."
            )
            read.fault("service", "duplicate-reference", sentence, service)
        else:
            again += 1
    notes = [*_alike([one.reference for one in first.values()])]
    if again:
        rows_of = "1 row" if again == 1 else f"{again} rows"
        sentence = f"Named in earlier rows too: {rows_of}. Each team is opened once."
        notes.append(Fault("team", "duplicate-row", sentence))
    rows = tuple(first.values())
    return SheetOutcome(sent.sheet, mapping, {}, rows, in_order(faults, sent.sheet), tuple(notes))


def _alike(names: Sequence[str]) -> list[Fault]:
    """A note for every name that is another one with the word team or its like beside it."""
    plain: dict[str, list[str]] = {}
    for name in names:
        core = [w for w in normal(name).split() if w not in ("team", "the", "service", "unit")]
        plain.setdefault(" ".join(core), []).append(name)
    return [
        Fault("team", "duplicate-reference", f"These may be one team: {', '.join(several)}.")
        for several in plain.values()
        if len(several) > 1
    ]


def _stated(row: TeamFileRow) -> ImportedTeam:
    return ImportedTeam(row.row, row.reference, row.service)


_record_teams = recorder(commands.import_teams, commands.ImportTeams, _stated)


def _team_words(event: Mapping[str, Any]) -> str:
    return f"team {event['reference']} in {event['service']}"


def preview(becomes: str) -> Callable[[ImportRow], dict[str, Any]]:
    def made(row: ImportRow) -> dict[str, Any]:
        data = row.model_dump(mode="json", exclude={"line", "address"}, exclude_defaults=True)
        return {"fact": becomes, **data}

    return made


IMPORTERS = (
    Importer(
        kind="teams",
        place=100,
        title="Teams and their services: one row a team, or any file that names them",
        rows="teams",
        check=lambda sent: CheckedFile(check_teams(sent), preview("TeamOpened"), _record_teams),
        row_words=_team_words,
        undoing="Its teams are closed. What was recorded of them stays readable.",
        verb="import-teams",
        examples=({"team": "Early North", "service": "Early Help"},),
        onward=(
            ("See the teams", "/teams"),
            ("Import people and their roles", "/imports/new?kind=people"),
        ),
        named=TEAM_FIELDS,
    ),
)

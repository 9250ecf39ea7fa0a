"""How the events of people, roles and teams are told in history."""

from __future__ import annotations

from qa.core.event_words import EventWords, RoomWords, Searched, Statement, code_in_words
from qa.core.words import Role
from qa.people import events

ROLES: dict[str, str] = {role.value: role.label for role in Role}
_PLACE = Statement("place", ("team", "service", "manager", "job_title"))
_RENAMED = (("old", "new", "name"),)


def _role(event: events.RoleGranted | events.RoleEnded) -> str:
    scope = event.grant.scope
    where = "" if scope.code is None else f", {scope.kind} {scope.code}"
    return f"{event.grant.role.label}{where}"


HISTORY = RoomWords(
    labels={
        "grant.role": "Role",
        "grant.scope.code": "Reach: which",
        "grant.scope.kind": "Reach",
        "grant.since": "From",
        "grant.until": "Until",
    },
    codes={"grant.role": ROLES},
    worded=frozenset({"grant.scope.kind", "sign_in"}),
    people=frozenset({"deputy", "joined_to", "manager"}),
    events=(
        EventWords(
            events.PersonAdded,
            "Added to Caseloop",
            about="person",
            hidden={"person": "the id of the person: the entry stands in their history"},
            statement=_PLACE,
            searched=Searched(("job_title",), names=("name", "handle")),
        ),
        EventWords(
            events.PersonRenamed,
            "Person renamed",
            pairs=_RENAMED,
            searched=Searched(names=("new",)),
        ),
        EventWords(
            events.PersonMoved,
            "Person moved",
            statement=_PLACE,
            searched=Searched(("job_title",)),
        ),
        EventWords(events.RoleGranted, lambda event: f"Granted the role {_role(event)}"),
        EventWords(events.RoleEnded, lambda event: f"Ended the role {_role(event)}"),
        EventWords(events.PersonDeparted, "Person departed"),
        EventWords(events.PersonReturned, "Person returned"),
        EventWords(
            events.SignInChanged,
            lambda event: f"Sign-in: {code_in_words(event.what).lower()}",
            paths={"what": "sign_in"},
        ),
        EventWords(
            events.PersonJoined,
            "Joined: a name from a file is somebody on record",
            about="joined_to",
        ),
        EventWords(
            events.PersonParted,
            "Parted: a name from a file is somebody of their own again",
            about="joined_to",
        ),
        EventWords(
            events.DeputyNamed,
            lambda event: f"Named a deputy from {event.since} to {event.until}",
            about="deputy",
        ),
        EventWords(
            events.DeputyEnded,
            lambda event: f"Ended the standing in that began on {event.since}",
            about="deputy",
        ),
        EventWords(
            events.TeamOpened,
            lambda event: f"Opened the team {event.name} in {event.service_name}",
            part="team",
        ),
        EventWords(events.TeamRenamed, "Team renamed", pairs=_RENAMED, part="team"),
        EventWords(events.TeamClosed, "Team closed", part="team"),
        EventWords(
            events.TeamServiceChanged,
            lambda event: f"Team belongs to {event.new_name}",
            pairs=(("old", "new", "service"),),
            paths={"new_name": "service_name"},
            part="team",
        ),
        EventWords(events.TeamReopened, "Team opened again", part="team"),
    ),
)

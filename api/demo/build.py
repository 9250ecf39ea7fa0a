"""Makes the demonstration store: people and teams, five quarters, and a desk with work on it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from random import Random

from sqlalchemy.engine import Connection

from api.cli.store_session import give_starting_set
from api.demo import cast
from api.demo.parts import Demonstration
from api.demo.story import FIRST_DAY, QUARTERS, TOOL, Story, quarter_start
from api.services import Services, build
from api.settings import Settings
from projections.core.rebuild import rebuild
from projections.inspections import queries as inspection_queries
from qa.audits import handlers as audit_handlers
from qa.audits.commands import AllocateAudit
from qa.core.capabilities import declared
from qa.core.carry import carry
from qa.core.clock import Clock, SetClock, SystemClock, civil_day, start_of_day
from qa.core.errors import Refused
from qa.core.words import Role, Scope
from qa.inspections import handlers as inspections
from qa.inspections.commands import AnswerInInspectorRoom, AskInInspectorRoom, OpenInspectorRoom
from qa.people import handlers as people
from qa.people.commands import OPERATOR, AddPerson, GrantRole, OpenTeam, RenameTeam
from qa.security.accounts import credentials
from qa.store import meta

MARK = "demonstration"
MADE_AT_THE_END = ("search", "case_history", "follow_ups", "learnt_later")
"""The read models that nothing in the story asks: of all its records they are made in one go."""


def sign_ins() -> list[tuple[str, str, str]]:
    """The sign-in names to print, with what each is and the password."""
    shown = (
        cast.auditors()[0], cast.MODERATORS[0], cast.LEADS[0], cast.MANAGER,
        cast.practitioners()[0], cast.READER, cast.ADMINISTRATOR,
    )  # fmt: skip
    called = [(part.handle, Role(part.role).label) for part in shown]
    called.append((cast.INSPECTOR[0], Role.INSPECTOR.label))
    return [(*one, cast.PASSWORD) for one in called]


def _ids() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield hashlib.sha256(f"{MARK}\n{number}".encode()).hexdigest()[:32]


def build_demo(
    settings: Settings,
    tell: Callable[[int, int], None] = lambda done, total: None,
    *,
    now: Clock | None = None,
) -> bool:
    """Make the synthetic council in the store of `settings`; False where it is there already.

    Raises:
        Refused: the store holds other records; they are never mixed with invented ones.
    """
    clock = SetClock(start_of_day(FIRST_DAY) - timedelta(days=30) + timedelta(hours=9))
    ids = _ids()
    services = build(settings, clock=clock, ids=lambda: next(ids), make_key=True)
    if not services.store.is_empty and services.store.head():
        first = next(services.store.events(limit=1))
        if first.meta.by != OPERATOR.person or first.recorded_at != clock.now():
            raise Refused(
                f"{settings.store_shown} holds other records. Demonstration data is never "
                "mixed in.",
                code="store-not-empty",
            )
        with services.store.reading() as connection:
            whole = _told_to_its_end(connection)
        if not whole:
            raise Refused(
                f"{settings.store_shown} holds a demonstration that was broken off. Remove it, and "
                "run this again.",
                code="demonstration-unfinished",
            )
        with services.store.writing() as connection:
            meta.leave(connection, meta.DEMONSTRATION, "yes")
        services.store.close()
        return False
    services.initialise()
    with services.store.writing() as connection:
        services.store.projector = services.registry.without(connection, MADE_AT_THE_END)
    services.store.engines.lasting = False
    give_starting_set(services)
    story = Story(services, clock, Random(20250701), _cast(services), tell)  # noqa: S311
    story.tell_audits()
    parts = declared("api", "demonstration", "DEMONSTRATIONS", Demonstration)
    for part in sorted(parts, key=lambda one: one.place):
        part.tell(story)
    story.change_tool(2)
    story.at(
        quarter_start(3),
        lambda: _rename_team(services),
        hour=8,
    )
    story.run(until=quarter_start(QUARTERS) - timedelta(days=1))
    services.store.engines.lasting = True
    rebuild(services.store, services.registry, only=MADE_AT_THE_END, processes=1)
    services.store.projector = services.registry
    _open_work(story, now or SystemClock())
    _let_inspector_in(story)
    services.store.close()
    return True


def _rename_team(services: Services) -> None:
    team, name = cast.RENAMED_TEAM
    people.rename_team(services.desk, RenameTeam(team=team, name=name), by=OPERATOR)


def _cast(services: Services) -> dict[str, str]:
    """Teams, people, roles and passwords; gives the id of every handle."""
    desk = services.desk
    for service, teams in cast.SERVICES.items():
        for team in teams:
            people.open_team(desk, OpenTeam(name=team, service_name=service), by=OPERATOR)
    ids: dict[str, str] = {}
    accounts = [
        *cast.LEADS, cast.ADMINISTRATOR, *cast.MODERATORS, cast.MANAGER, *cast.auditors(),
        cast.practitioners()[0], cast.READER,
    ]  # fmt: skip
    for part in [*accounts, *cast.practitioners()[1:]]:
        done = people.add_person(
            desk,
            carry(AddPerson, part, job_title=part.title, manager=_manager(ids, part)),
            by=OPERATOR,
        )
        ids[part.handle] = str(done.response["person"])
        scope = Scope(kind="team", code=part.team) if part is cast.MANAGER else Scope()
        people.grant_role(
            desk, GrantRole(person=ids[part.handle], role=Role(part.role), scope=scope), by=OPERATOR
        )
    _enrol(services, {part.handle: ids[part.handle] for part in accounts})
    return ids


def _enrol(services: Services, people: Mapping[str, str]) -> None:
    """Let these sign in with the password of the demonstration."""
    hashed = credentials.hashed(cast.PASSWORD)
    with services.store.writing() as connection:
        for handle, person in people.items():
            credentials.enrol(connection, person=person, name=handle)
            credentials.store(connection, services.clock, person=person, password_hash=hashed)


def _manager(ids: Mapping[str, str], part: cast.CastMember) -> str | None:
    """Practitioners of the manager's team report to the manager."""
    managed = part.role == "practitioner" and part.team == cast.MANAGER.team
    return ids[cast.MANAGER.handle] if managed else None


def _open_work(story: Story, now: Clock) -> None:
    """Allocations of today, so that whoever signs in finds work on the desk."""
    story.clock.set(max(now.now(), story.clock.now() + timedelta(hours=1)))
    desk = story.services.desk
    today = civil_day(story.clock.now())
    auditors = cast.auditors()
    for number in range(10):
        auditor = auditors[0 if number < 4 else number % len(auditors)]
        team = next(t for t in cast.CASE_TEAMS[number % 4 :] if t != auditor.team)
        audit_handlers.allocate(
            desk,
            AllocateAudit(
                child=f"C-{31000 + number * 13}",
                tool=TOOL,
                auditor=story.people[auditor.handle],
                team=team,
                practice_from=today - timedelta(days=185),
                practice_to=today - timedelta(days=2),
                due_on=today + timedelta(days=5 + 3 * number),
                case_holder=story.people[f"worker-{team}-1"],
            ),
            by=story.actor("lead"),
        )


def _told_to_its_end(connection: Connection) -> bool:
    """Whether the last thing that the story records is there: the answer to an inspector."""
    return any(
        question.answers
        for room in inspection_queries.rooms(connection)
        for question in inspection_queries.questions(connection, room.room)
    )


def _let_inspector_in(story: Story) -> None:
    """A room of the whole council, open for three months from today, with a question answered.
    The answer is recorded last of all: by it a demonstration is known that was not broken off."""
    desk = story.services.desk
    handle, name = cast.INSPECTOR
    added = people.add_person(desk, AddPerson(handle=handle, name=name), by=OPERATOR)
    inspector = story.people[handle] = str(added.response["person"])
    _enrol(story.services, {handle: inspector})
    lead = story.actor(cast.LEADS[0].handle)
    until = desk.today() + timedelta(days=90)
    opened = OpenInspectorRoom(inspector=inspector, title="Focused visit", until=until)
    room = str(inspections.open_room(desk, opened, by=lead).response["room"])
    question = AskInInspectorRoom(
        room=room,
        asked="How do you know that the actions after an audit make a difference to the child?",
        subject="Closing the loop report",
    )
    done = inspections.ask(desk, question, by=story.actor(handle))
    answered = AnswerInInspectorRoom(
        room=room,
        question=str(done.response["question"]),
        answer="Somebody outside the line of management checks the effect of each action. The "
        "report shows how many were checked, and what they found.",
    )
    inspections.answer(desk, answered, by=lead)

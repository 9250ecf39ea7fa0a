"""Ways to move supervision and its checks along in tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from qa.audit_tools.definition import ToolDefinition
from qa.audit_tools.files import shipped_checks
from qa.audits.judgements import Answer, DomainJudgement, ModeratedJudgement
from qa.core.event import Event, Meta, RecordedEvent
from qa.core.words import Role
from qa.people import handlers as people
from qa.people.commands import OPERATOR, MovePerson
from qa.people.teams import Team
from qa.supervision import check_decisions, check_events, handlers
from qa.supervision.check_events import CheckContent
from qa.supervision.commands import (
    AssignSupervisionModerator,
    BeginSupervision,
    ModerateSupervisionCheck,
    RecordSession,
    ScheduleSupervisionCheck,
    SubmitSupervisionCheck,
)
from qa.supervision.events import SupervisionBegan
from qa.supervision.state import SupervisionPairState, evolve_pair
from tests.support.council import Council
from tests.support.given import START

RECORD, QUALITY = shipped_checks()


def judged(tool: ToolDefinition, day: date, overall: str = "good", **values: Any) -> CheckContent:
    """A judgement that meets every rule of a tool; every area has the overall grade."""
    base = CheckContent(
        checked_on=day,
        period_from=day - timedelta(days=90),
        period_to=day - timedelta(days=1),
        judgements=tuple(
            DomainJudgement(
                domain=domain.id,
                grade=overall,
                evidence="Seen in three records of sessions.",
                answers=tuple(Answer(question=one.id, point="yes") for one in domain.questions),
            )
            for domain in tool.domains
        ),
        overall=overall,
        rationale="The sessions read in this period show what is said here, and nothing that "
        "speaks against it was found.",
    )
    return base.model_copy(update=values)


def own_grades(tool: ToolDefinition, grade: str) -> tuple[ModeratedJudgement, ...]:
    return tuple(
        ModeratedJudgement(domain=domain.id, grade=grade, comment="Read again.")
        for domain in tool.domains
    )


def managed(council: Council) -> None:
    """The reader becomes the worker's supervisor and manager, beneath the second lead."""
    council.grant("reader", Role.TEAM_MANAGER)
    desk, ids = council.services.desk, council.ids
    for person, manager, team in (("worker", "reader", "east"), ("reader", "lead2", "east")):
        people.move_person(
            desk,
            MovePerson(person=ids[person], team=team, manager=ids[manager], job_title=""),
            by=OPERATOR,
        )


def begun(council: Council, by: str = "lead", days_ago: int = 0, **values: Any) -> str:
    """The reader supervises the worker: the id of the pair."""
    given = {
        "supervisor": council.ids["reader"],
        "practitioner": council.ids["worker"],
        "team": "east",
        "since": council.today - timedelta(days=days_ago),
        **values,
    }
    command = BeginSupervision(**given)
    done = handlers.begin(council.services.desk, command, by=council.actor(by))
    return str(done.response["pair"])


def held(council: Council, pair: str, on: date | None = None, **values: Any) -> str:
    command = RecordSession(pair=pair, held_on=on or council.today, **values)
    done = handlers.record_held(council.services.desk, command, by=council.actor("reader"))
    return str(done.response["session"])


def asked(council: Council, pair: str, **values: Any) -> str:
    """A check of the pair, asked of the auditor."""
    given = {
        "pair": pair,
        "checker": council.ids["auditor"],
        "tool": QUALITY.id,
        "due_on": council.today + timedelta(days=14),
        **values,
    }
    command = ScheduleSupervisionCheck(**given)
    done = handlers.schedule(council.services.desk, command, by=council.actor("lead"))
    return str(done.response["check"])


def submitted(council: Council, check: str, overall: str = "good", **values: Any) -> None:
    handlers.submit(
        council.services.desk,
        SubmitSupervisionCheck(
            check=check, content=judged(QUALITY, council.today, overall, **values)
        ),
        by=council.actor("auditor"),
    )


def moderated(council: Council, check: str, overall: str = "good") -> None:
    """The moderator is asked and gives one grade throughout."""
    desk = council.services.desk
    handlers.assign_moderator(
        desk,
        AssignSupervisionModerator(
            check=check,
            moderator=council.ids["moderator"],
            due_on=council.today + timedelta(days=7),
        ),
        by=council.actor("lead"),
    )
    handlers.moderate(
        desk,
        ModerateSupervisionCheck(
            check=check,
            judgements=own_grades(QUALITY, overall),
            overall=overall,
            comment="Read again.",
        ),
        by=council.actor("moderator"),
    )


TODAY = date(2026, 3, 2)


ASKED = check_events.SupervisionCheckScheduled(
    check="c", pair="p", supervisor="boss", practitioner="worker", checker="checker",
    tool=QUALITY.id, tool_version=1, team="east", service="s", due_on=TODAY,
)  # fmt: skip
PAIR = SupervisionPairState(
    id="p", supervisor="boss", practitioner="worker", team="east", service="s"
)


def scheduled(pair: SupervisionPairState = PAIR, **values: Any) -> list[Event]:
    """What is decided where a check of the pair is asked for."""
    given = {"pair": "p", "checker": "checker", "tool": QUALITY.id, "due_on": TODAY, **values}
    return check_decisions.schedule(
        pair, ScheduleSupervisionCheck(**given), check="c", tool_version=1, line=ABOVE, today=TODAY
    )


ABOVE = frozenset({"director"})


EAST = Team("east", "East", "safeguarding", "Safeguarding")
BEGAN = SupervisionBegan(
    pair="p",
    supervisor="boss",
    practitioner="worker",
    team="east",
    service="safeguarding",
    standard="regular",
)


def after(*events: tuple[Event, date]) -> SupervisionPairState:
    """The pair after these events, each true of its day."""
    state = SupervisionPairState()
    for position, (event, on) in enumerate(events, start=1):
        meta = Meta(
            fact_id=str(position), effective_on=on, by="boss", in_role="team-manager",
            correlation_id="c",
        )  # fmt: skip
        state = evolve_pair(
            state, RecordedEvent(position, "supervision:p", position, START, meta, event)
        )
    return state


def on(*numbers: int) -> list[date]:
    return [TODAY + timedelta(days=number) for number in numbers]

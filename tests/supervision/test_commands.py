"""Supervision through its commands: who may do what, what is refused, what the read rows hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from api.notifications.announcing import announce
from api.supervision import reading
from api.supervision.prompts import prompts
from api.web.access_notes import Look
from api.web.moments import as_at, looking
from projections.supervision import queries
from qa.actions import handlers as checks_commands
from qa.actions.commands import (
    AskActionDiscussion,
    ConfirmActionImpact,
    EffectCheck,
    PostponeActionImpact,
)
from qa.core.errors import Forbidden, NotFound, NotNow, Refused
from qa.core.words import Role
from qa.people import handlers as people
from qa.people.commands import OPERATOR, RecordDeparture
from qa.supervision import commands, handlers
from qa.supervision.check_events import source_of
from tests.actions.support import SEEN, evidenced, looked, raised, row
from tests.notifications.support import told
from tests.supervision.support import (
    QUALITY,
    asked,
    begun,
    held,
    judged,
    managed,
    moderated,
    own_grades,
    submitted,
)
from tests.support.council import Council

pytestmark = pytest.mark.one_database


def code(error: Any) -> str:
    return str(error.value.faults[0].code)


@pytest.mark.both_databases
def test_a_supervision_and_its_check_from_beginning_to_end(council: Council) -> None:
    managed(council)
    pair = begun(council, days_ago=60)
    held(council, pair, council.today - timedelta(days=33))
    session = held(council, pair, council.today - timedelta(days=5), cases=("C-1", "C-1"))
    check = asked(council, pair)
    submitted(council, check)
    moderated(council, check, "requires-improvement")
    announce(council.services)
    ours = "A check of supervision is yours to "
    assert [text for text in told(council, "auditor") if ours in text] == [
        f"{ours}make, due 16 March 2026."
    ]
    assert told(council, "moderator") == [f"{ours}moderate, due 9 March 2026."]
    assert not [text for who in ("worker", "reader", "lead") for text in told(council, who)
                if "check" in text.lower()]  # fmt: skip
    desk, by = council.services.desk, council.actor("auditor")
    handlers.give_feedback(
        desk,
        commands.GiveSupervisionFeedback(check=check, given_on=council.today, note="Told both."),
        by=by,
    )
    handlers.close(desk, commands.CloseSupervisionCheck(check=check), by=by)
    store = council.services.store
    with store.reading() as connection:
        at = as_at(store, connection)
        row = queries.check(connection, check)
        found = reading.open_pair(Look(connection, council.actor("worker"), at), pair)
    assert (row.state, row.overall, row.moderated_overall) == (
        "closed", "good", "requires-improvement",
    )  # fmt: skip
    assert [(one.gap, one.owed_days) for one in found.sessions] == [(28, 28), (27, 28)]
    assert (found.met, found.counted) == (2, 2)
    assert found.sessions[0].row.cases_supervised == ("C-1",)

    before = store.head()
    handlers.withdraw_session(
        desk,
        commands.WithdrawSession(pair=pair, session=session, reason="It is another’s work."),
        by=council.actor("reader"),
    )
    with store.reading() as connection:
        now = queries.sessions(connection, [pair])[pair]
        then = queries.sessions(connection, [pair], position=before)[pair]
    assert [len(now), len(then)] == [1, 2]


def test_what_was_recorded_late_was_so_on_its_day(small_council: Council) -> None:
    """As true on the day of the session there was one, though nobody had told it yet; and one
    that was withdrawn never was."""
    council = small_council
    managed(council)
    pair = begun(council, days_ago=40)
    day = council.today - timedelta(days=10)
    late = held(council, pair, day)
    wrong = held(council, pair, day + timedelta(days=1))
    council.clock.advance(timedelta(days=3))
    handlers.withdraw_session(
        council.services.desk,
        commands.WithdrawSession(pair=pair, session=wrong, reason="It shows no change."),
        by=council.actor("reader"),
    )
    store = council.services.store
    with store.reading() as connection:
        at = as_at(store, connection, true_on=day + timedelta(days=2))
        with looking(council.services, connection, at) as shown:
            rows = queries.sessions(shown, [pair], position=at.position)[pair]
    assert [row.session for row in rows] == [late]


def test_who_is_refused(small_council: Council) -> None:
    council = small_council
    managed(council)
    desk, ids = council.services.desk, council.ids
    pair = begun(council)
    for handle in ("auditor", "moderator", "admin", "nobody"):
        with pytest.raises(NotFound):
            handlers.record_held(
                desk,
                commands.RecordSession(pair=pair, held_on=council.today),
                by=council.actor(handle),
            )
    with pytest.raises(Forbidden):
        handlers.record_held(
            desk,
            commands.RecordSession(pair=pair, held_on=council.today),
            by=council.actor("worker"),
        )
    with pytest.raises(Refused) as refused:
        begun(council)
    assert code(refused) == "supervision-twice"
    with pytest.raises(Refused) as refused:
        begun(council, supervisor=ids["worker"])
    assert code(refused) == "own-supervision"
    with pytest.raises(Refused) as refused:
        begun(council, supervisor=ids["worker"], practitioner=ids["lead2"])
    assert code(refused) == "supervisor-beneath"
    for who, wrong in (
        ("reader", "own-pair"), ("lead2", "own-line"), ("worker", "role-missing"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            asked(council, pair, checker=ids[who])
        assert code(refused) == wrong, who
    for tool, wrong in ((council.tool.id, "tool-kind"), ("nothing", "tool-unknown")):
        with pytest.raises(Refused) as refused:
            asked(council, pair, tool=tool)
        assert code(refused) == wrong
    with pytest.raises(Refused) as refused:
        council.allocated(tool=QUALITY.id)
    assert code(refused) == "tool-kind"

    check = asked(council, pair)
    for moderator, wrong in (
        ("auditor", "own-check"),
        ("reader", "own-pair"),
        ("lead2", "own-line"),
    ):
        with pytest.raises(NotNow):
            handlers.assign_moderator(
                desk,
                commands.AssignSupervisionModerator(
                    check=check, moderator=ids["moderator"], due_on=council.today
                ),
                by=council.actor("lead"),
            )
        submitted(council, check)
        with pytest.raises(Refused) as refused:
            handlers.assign_moderator(
                desk,
                commands.AssignSupervisionModerator(
                    check=check, moderator=ids[moderator], due_on=council.today
                ),
                by=council.actor("lead"),
            )
        assert code(refused) == wrong
        check = asked(council, pair)
    elsewhere = begun(council, practitioner=ids["moderator2"])
    gone = asked(council, elsewhere)
    held(council, elsewhere)
    store = council.services.store
    checker = council.actor("auditor")
    with store.reading() as connection:
        assert reading.open_pair(
            Look(connection, checker, as_at(store, connection)), elsewhere
        ).sessions
    handlers.cancel(
        desk,
        commands.CancelSupervisionCheck(check=gone, reason="This is not its time."),
        by=council.actor("lead"),
    )
    with store.reading() as connection, pytest.raises(NotFound):
        reading.open_pair(Look(connection, checker, as_at(store, connection)), elsewhere)
    council.grant("reader", Role.QA_LEAD)
    with pytest.raises(Forbidden):
        handlers.cancel(
            desk,
            commands.CancelSupervisionCheck(check=check, reason="I would rather not."),
            by=council.actor("reader"),
        )
    people.depart(desk, RecordDeparture(person=ids["worker"]), by=OPERATOR)
    council.clock.advance(timedelta(days=1))
    with pytest.raises(Refused) as refused:
        asked(council, pair)
    assert code(refused) == "person-departed"


def test_a_weak_audit_prompts_once(small_council: Council) -> None:
    council = small_council
    managed(council)
    pair = begun(council)
    store = council.services.store

    def waiting(handle: str = "lead") -> list[tuple[str, int]]:
        with store.reading() as connection:
            found = prompts(Look(connection, council.actor(handle), as_at(store, connection)))
        return [(one.practitioner, len(one.audits)) for one in found]

    worker = council.ids["worker"]
    council.moderated("good")
    assert waiting() == []
    first, _ = council.moderated("inadequate", "inadequate")
    assert waiting() == [(worker, 1)]
    assert waiting("reader") == []
    council.clock.advance(timedelta(days=1))
    later, _ = council.moderated("requires-improvement", "requires-improvement")
    assert waiting() == [(worker, 2)]
    asked(council, pair, audits=(first,))
    assert waiting() == [(worker, 1)]
    handlers.set_prompt_aside(
        council.services.desk,
        commands.SetSupervisionPromptAside(
            practitioner=worker, audits=(later,), reason="Newly started."
        ),
        by=council.actor("lead"),
    )
    assert waiting() == []
    council.clock.advance(timedelta(days=1))
    last, _ = council.moderated("inadequate", "inadequate")
    handlers.set_prompt_aside(
        council.services.desk,
        commands.SetSupervisionPromptAside(
            practitioner=worker, audits=(last,), reason="Still new."
        ),
        by=council.actor("lead"),
    )
    assert waiting() == []
    with pytest.raises(Refused) as refused:
        asked(council, begun(council, practitioner=council.ids["moderator2"]), audits=(later,))
    assert code(refused) == "audit-of-another"


def test_grades_that_differ_are_explained_and_a_correction_is_moderated_again(
    small_council: Council,
) -> None:
    council = small_council
    managed(council)
    desk, check = council.services.desk, asked(council, begun(council))
    submitted(council, check)
    handlers.assign_moderator(
        desk,
        commands.AssignSupervisionModerator(
            check=check, moderator=council.ids["moderator"], due_on=council.today
        ),
        by=council.actor("lead"),
    )
    with pytest.raises(NotNow) as waits:
        handlers.give_feedback(
            desk,
            commands.GiveSupervisionFeedback(check=check, given_on=council.today, note="Told."),
            by=council.actor("auditor"),
        )
    assert waits.value.code == "moderation-waits"
    silent = [one.model_copy(update={"comment": ""}) for one in own_grades(QUALITY, "inadequate")]
    with pytest.raises(Refused) as refused:
        handlers.moderate(
            desk,
            commands.ModerateSupervisionCheck(
                check=check, judgements=tuple(silent), overall="inadequate"
            ),
            by=council.actor("moderator"),
        )
    fields = {fault.field for fault in refused.value.faults}
    assert {"judgements.reflection.comment", "comment"} <= fields
    handlers.moderate(
        desk,
        commands.ModerateSupervisionCheck(
            check=check, judgements=own_grades(QUALITY, "good"), overall="good"
        ),
        by=council.actor("moderator"),
    )
    handlers.correct(
        desk,
        commands.CorrectSupervisionCheck(
            check=check,
            content=judged(QUALITY, council.today, "requires-improvement"),
            reason="I had read the wrong month.",
        ),
        by=council.actor("auditor"),
    )
    with council.services.store.reading() as connection:
        row = queries.check(connection, check)
    assert (row.state, row.waiting, row.moderated_overall) == ("submitted", 1, None)


def test_an_action_is_verified_only_after_the_session_that_talked_it_over(
    council: Council,
) -> None:
    managed(council)
    _, action = raised(council)
    desk, lead = council.services.desk, council.actor("lead")
    checks_commands.ask_discussion(
        desk, AskActionDiscussion(action=action), by=council.actor("auditor")
    )
    pair = begun(council)
    evidenced(council, action)
    council.clock.advance(timedelta(days=57))
    held(council, pair)
    with pytest.raises(NotNow) as refused:
        checks_commands.confirm_impact(desk, looked(ConfirmActionImpact, action, SEEN), by=lead)
    assert refused.value.code == "supervision-not-recorded"
    other = begun(council, practitioner=council.ids["moderator2"])
    held(council, other, actions=(action,))
    with pytest.raises(NotNow):
        checks_commands.impact_too_early(desk, looked(PostponeActionImpact, action, SEEN), by=lead)
    council.clock.advance(timedelta(days=1))
    held(council, pair, actions=(action,))
    checks_commands.confirm_impact(desk, looked(ConfirmActionImpact, action, SEEN), by=lead)
    assert row(council, action).state == "effective"


def test_a_check_of_supervision_proves_an_effect(small_council: Council) -> None:
    council = small_council
    desk, lead = council.services.desk, council.actor("lead")
    _, action = raised(council)
    evidenced(council, action)
    pair = begun(council)
    council.clock.advance(timedelta(days=57))
    check = asked(council, pair)
    unmade = EffectCheck(
        action="a1",
        proof="supervision-check",
        reference=source_of(check),
        note="Plans are kept in every file.",
    )
    with pytest.raises(Refused) as refused:
        checks_commands.confirm_impact(desk, looked(ConfirmActionImpact, action, unmade), by=lead)
    assert refused.value.faults[0].code == "proof-unknown"
    submitted(council, check)
    checks_commands.confirm_impact(desk, looked(ConfirmActionImpact, action, unmade), by=lead)
    with council.services.store.reading() as connection:
        for named, team, who, day, found in (
            (check, "east", "", council.today - timedelta(days=1), True),
            (check, "", council.ids["worker"], council.today - timedelta(days=1), True),
            (check, "west", "", council.today - timedelta(days=1), False),
            (check[:11], "east", "", council.today - timedelta(days=1), False),
            (check, "east", "", council.today, False),
        ):
            shown = queries.checked_since(connection, named, team=team, practitioner=who, since=day)
            assert shown is found, (named, team, who, day)

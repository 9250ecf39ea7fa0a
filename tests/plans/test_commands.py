"""A plan kept by its commands, from opening it to a board that sees ratings and dates move."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from api.web.moments import as_at, looking
from projections.core.rebuild import rebuild
from projections.core.verify import verify
from projections.plans.counting import on_the_board
from projections.plans.meetings import at_meeting
from projections.plans.queries import read
from projections.plans.ratings import rating
from qa.authorisation.handling import CommandHandler
from qa.core.errors import Forbidden, MovedOn, NotFound, NotNow, Refused
from qa.plans.action_commands import Agreed, AssessPlanAction
from qa.plans.handlers import actions, board_meetings, plans, rag_scales, reviews
from qa.plans.rag_scale import MappedLevel
from tests.plans.support import THREE, Kept, on
from tests.support.council import Council

pytestmark = pytest.mark.one_database

APRIL = date(2025, 4, 30)


@pytest.fixture
def kept(council: Council) -> Kept:
    return Kept.opened(council)


@pytest.mark.both_databases
def test_the_life_of_a_plan_is_in_its_rows_and_in_those_made_anew(kept: Kept) -> None:
    council, services = kept.council, kept.council.services
    today = council.today
    one = kept.action("1.1", on(date(2025, 9, 30)), since=date(2025, 4, 1))
    two = kept.action("1.2", since=date(2025, 4, 1))
    three = kept.action("2.1", since=date(2025, 4, 1))
    kept.rate(one, "amber", APRIL, commentary="Begun.", percent_complete=25)
    first = kept.meet(date(2025, 5, 1))
    wrong = kept.rate(two, "green", date(2025, 6, 1))
    kept.do(reviews.withdraw, action=two, review=wrong, reason="Another action’s.")
    request = kept.do(
        reviews.ask_for_dates, action=one, new=[on(date(2026, 6, 30))], reason="Tender late."
    )
    kept.do(reviews.approve_dates, "moderator", action=one, asked=request)
    evidence = kept.do(actions.add_evidence, action=one, of="impact", what="Audit of May.")
    done = kept.rate(one, "blue", today, evidence=[evidence])
    second = kept.meet(today)
    kept.do(reviews.accept, "lead2", action=one, review=done, meeting=second)
    into = kept.do(
        actions.split,
        action=two,
        into=[Agreed(reference="1.2a", title="First half"), Agreed(reference="1.2b", title="Rest")],
        reason="Two leads.",
    )
    kept.do(
        actions.route, action=three, board="Safeguarding partnership", reason="It is their work."
    )
    kept.do(actions.reword, action=into[0], title="The first half", reason="Clearer to readers.")
    measure = kept.do(reviews.set_measure, action=one, text="Fewer repeat audits")
    kept.do(reviews.report_measure, action=one, measure=measure, said="Fewer, we are told.")
    kept.do(actions.link, action=one, kind="indicator", to="re-audits")

    record = kept.record()
    assert [one.reference for one in record.actions_on(today)] == ["1.1", "1.2a", "1.2b"]
    assert record.actions[two].ended_into == tuple(into)
    assert record.actions[into[0]].lineage == (two,)
    assert record.actions[into[0]].first_title == "First half"
    assert record.actions[one].first == (on(date(2025, 9, 30)),)
    assert record.actions[one].stages == (on(date(2026, 6, 30)),)
    held = rating(record, one, today)
    assert held is not None
    assert (held.level.code, held.review.board) == ("blue", "accepted")
    assert [one.stands for one in record.reviews[two]] == [False]

    with services.store.reading() as connection:
        then = at_meeting(connection, read(connection, kept.plan), first)
    assert then is not None
    assert [one.reference for one in then.actions_on(APRIL)] == ["1.1", "1.2", "2.1"]
    assert on_the_board(then, APRIL).whole.of_the_day.counts["amber"].numerator == 1

    assert verify(services.store, services.registry) == []
    rebuild(services.store, services.registry, only=["improvement_plans"])
    assert kept.record() == record


def test_who_may_keep_a_plan_and_who_may_approve_its_dates(kept: Kept) -> None:
    action = kept.action("1.1")
    with pytest.raises(Forbidden):
        kept.do(reviews.assess, "reader", action=action, level="red")
    request = kept.do(
        reviews.ask_for_dates,
        action=action,
        new=[on(date(2026, 6, 30))],
        reason="The supplier is late.",
    )
    with pytest.raises(Forbidden):
        kept.do(reviews.approve_dates, action=action, asked=request)
    with pytest.raises(Forbidden):
        kept.do(reviews.approve_dates, "auditor", action=action, asked=request)
    kept.do(
        reviews.refuse_dates, "lead2", action=action, asked=request, reason="It shows no change."
    )
    assert kept.record().actions[action].reschedulings == 0


def test_a_command_is_made_from_a_version_and_is_done_once(kept: Kept) -> None:
    action, desk = kept.action("1.1"), kept.council.services.desk
    with pytest.raises(MovedOn):
        kept.do(reviews.assess, action=action, level="red", seen=7)
    red = AssessPlanAction(action=action, level="red")
    done = [reviews.assess(desk, red, by=kept.lead, key="key-of-this-rating") for _ in range(2)]
    assert done[0].response == done[1].response
    assert len(kept.record().reviews[action]) == 1


def test_a_rating_is_on_the_scale_in_force_at_its_day(kept: Kept) -> None:
    action = kept.action("1.1", since=date(2025, 4, 1))
    kept.do(rag_scales.publish, content=THREE)
    kept.do(plans.adopt_scale, plan=kept.plan, scale=THREE.key, since=date(2025, 12, 1))
    kept.rate(action, "green", date(2025, 11, 30))
    kept.rate(action, "green", date(2025, 12, 1))
    assert [one.scale for one in kept.record().reviews[action]] == [
        "four-colours@1", "four-colours@2",
    ]  # fmt: skip
    with pytest.raises(Refused) as refused:
        kept.rate(action, "blue", date(2025, 12, 2))
    assert [fault.code for fault in refused.value.faults] == ["level-unknown"]
    levels = [MappedLevel(old="green", new="amber")]
    kept.do(
        rag_scales.map_levels, scale=THREE.id, old="four-colours@1", new=THREE.key, levels=levels,
        since=APRIL,
    )  # fmt: skip
    assert [one.levels for one in kept.record().mappings] == [tuple(levels)]


def test_what_is_not_there_is_refused_by_name(kept: Kept) -> None:
    action, later = kept.action("1.1"), kept.council.today + timedelta(days=7)
    asked: list[tuple[type[Exception], str, CommandHandler[Any], dict[str, object]]] = [
        (Refused, "scale-unknown", plans.adopt_scale,
         {"plan": kept.plan, "scale": "no-such@1", "since": later}),
        (NotFound, "not-found", actions.reword,
         {"action": "f" * 32, "title": "x", "reason": "Said with reason."}),
        (NotFound, "not-found", plans.close, {"plan": "f" * 32, "reason": "Said with reason."}),
        (Refused, "reference-taken", actions.agree,
         {"plan": kept.plan, "part": kept.parts["1"], "reference": "1.1", "title": "Again"}),
        (NotNow, "part-not-empty", plans.remove_part,
         {"plan": kept.plan, "part": kept.parts["1"], "reason": "It stood empty."}),
        (NotFound, "not-found", board_meetings.hold, {"plan": kept.plan, "meeting": "m"}),
        (Refused, "date-before-plan", reviews.assess,
         {"action": action, "level": "red", "as_at": date(2024, 1, 1)}),
    ]  # fmt: skip
    for kind, code, handler, values in asked:
        with pytest.raises(kind) as refused:
            kept.do(handler, **values)
        error = refused.value
        found = error.faults[0].code if isinstance(error, Refused) else error.code
        assert found == code


def test_splitting_names_the_fault_of_each_new_action_and_saves_nothing(kept: Kept) -> None:
    action = kept.action("1.1")
    kept.action("1.2")
    into = [
        Agreed(reference="1.2", title="Taken"),
        Agreed(reference="1.3", title=""),
        Agreed(reference="1.3", title="Twice"),
    ]
    with pytest.raises(Refused) as refused:
        kept.do(actions.split, action=action, into=into, reason="It was too big.")
    assert {(fault.field, fault.code) for fault in refused.value.faults} == {
        ("into.0.reference", "reference-taken"),
        ("into.1.title", "title-missing"),
        ("into.2.reference", "reference-taken"),
    }
    assert len(kept.record().actions) == 2


@pytest.mark.both_databases
def test_a_past_moment_is_what_was_known_then_and_a_true_day_what_was_so(kept: Kept) -> None:
    """A rating as at January and a date moved are told in March."""
    services, clock = kept.council.services, kept.council.clock
    action = kept.action("1.1", on(date(2026, 1, 31)), since=date(2025, 4, 1))
    kept.rate(action, "amber", date(2025, 12, 1))
    with services.store.reading() as connection:
        told = services.store.head(connection)
    clock.advance(timedelta(days=20))
    kept.rate(action, "red", date(2026, 1, 10))
    request = kept.do(
        reviews.ask_for_dates,
        action=action,
        new=[on(date(2026, 6, 30))],
        reason="The supplier is late.",
    )
    kept.do(reviews.approve_dates, "moderator", action=action, asked=request)

    def shown(day: date, position: int | None, true_on: date | None) -> tuple[str, int]:
        with services.store.reading() as connection:
            at = as_at(services.store, connection, position=position, true_on=true_on)
            with looking(services, connection, at) as so:
                record = read(so, kept.plan, position=at.position)
        assert record is not None
        held = rating(record, action, day)
        assert held is not None
        return held.level.code, record.actions[action].reschedulings

    february, now = date(2026, 2, 1), kept.council.today
    assert shown(february, None, None) == ("red", 1)
    assert shown(february, told, None) == ("amber", 0)
    assert shown(february, None, february) == ("red", 0)
    assert shown(date(2026, 1, 9), None, date(2026, 1, 9)) == ("amber", 0)
    assert shown(now, None, now) == ("red", 1)

"""Every figure of the closing-the-loop report equals an independent calculation in pandas, on
random histories of actions, now and as at any event of the past."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, true

from projections.actions.closing_the_loop.behind import behind
from projections.actions.closing_the_loop.counting import LoopQuestionAt
from projections.actions.closing_the_loop.lists import children_without_effect, standing_out
from projections.actions.closing_the_loop.question import EVERY_ACTION, LoopQuestion
from projections.actions.closing_the_loop.report import LoopReport, report, reports
from projections.actions.closing_the_loop.rules import P90, RULES
from projections.actions.projector import Actions
from projections.core import recount
from qa.actions import events as action_events
from qa.core.errors import NotFound, Refused
from qa.core.event import Event, Meta, RecordedEvent

BEGUN = date(2025, 4, 1)
RANGE = LoopQuestion(start=BEGUN, end=date(2025, 9, 30), dimensions=("team",))
FOLLOWING = {
    "raised": ("accept", "challenge", "transfer", "move", "drop"),
    "challenge": ("accept", "transfer", "drop"),
    "accept": ("claim", "move", "transfer", "drop"),
    "claim": ("return", "accept-evidence", "drop"),
    "return": ("claim", "move", "transfer", "drop"),
    "transfer": ("accept", "move"),
    "accept-evidence": ("confirm", "not-seen", "too-early", "drop"),
    "too-early": ("confirm", "not-seen", "drop"),
    "confirm": ("reopen",),
}

ToldEvent = tuple[int, int, str, date, Any]
"""Position, action, what happened, the day, and what it carries."""


@st.composite
def histories(draw: st.DrawFn) -> list[ToldEvent]:
    """What happened to up to a dozen actions, in the order of the log. Days lie five apart, so that
    dates often meet."""
    told: list[tuple[date, int, int, str, Any]] = []
    for number in range(draw(st.integers(1, 12))):
        day = BEGUN + timedelta(days=5 * draw(st.integers(0, 40)))
        due = day + timedelta(days=5 * draw(st.integers(1, 8)))
        team = draw(st.sampled_from(["east", "west"]))
        told.append(
            (day, number, 0, "raised", (team, due, draw(st.sampled_from(["C-1", "C-2", ""]))))
        )
        state, owed = "raised", "raised"
        for step in range(1, draw(st.integers(1, 9))):
            if state not in FOLLOWING:
                break
            what = draw(st.sampled_from(FOLLOWING[state]))
            day += timedelta(days=5 * draw(st.integers(0, 6)))
            carried: Any = None
            if what in ("move", "accept-evidence", "too-early"):
                carried = day + timedelta(days=5 * draw(st.integers(1, 8)))
            elif what == "transfer":
                carried = draw(st.sampled_from(["east", "west"]))
            told.append((day, number, step, what, carried))
            state = owed if what == "move" else what
            owed = state
    told.sort(key=lambda one: (one[0], one[1], one[2]))
    return [(at, n, what, day, more) for at, (day, n, _, what, more) in enumerate(told, start=1)]


def event_of(event: ToldEvent, due: dict[int, date], team: dict[int, str]) -> Event:
    _, number, what, day, carried = event
    action = f"a{number}"
    impact: dict[str, Any] = {"proof": "other", "reference": "", "note": "Seen."}
    if what == "raised":
        team[number], due[number], child = carried
        return action_events.ActionRaised(
            action=action, raised_by="by-hand", team=team[number], service="help", text="Do it.",
            kind="practice", owner="p", due_on=due[number], child=child,
        )  # fmt: skip
    if what == "move":
        old, due[number] = due[number], carried
        return action_events.ActionRescheduled(old=old, new=carried)
    if what == "transfer":
        old_team, team[number] = team[number], carried
        return action_events.ActionTransferred(
            old="p", new="p", old_team=old_team, new_team=carried, old_service="help",
            new_service="help", accept_by=day,
        )  # fmt: skip
    made: dict[str, Event] = {
        "accept": action_events.ActionAccepted(),
        "challenge": action_events.ActionChallenged(why="It shows no change."),
        "claim": action_events.ActionClaimedDone(evidence=(), check_by=day),
        "return": action_events.EvidenceReturned(why="It shows no change."),
        "accept-evidence": action_events.EvidenceAccepted(
            verify_from=day, verify_by=carried or day
        ),
        "too-early": action_events.ImpactTooEarly(
            verify_from=day, verify_by=carried or day, **impact
        ),
        "confirm": action_events.ImpactConfirmed(**impact),
        "not-seen": action_events.ImpactNotSeen(next="b", **impact),
        "reopen": action_events.ActionReopened(finding="Again.", next="b"),
        "drop": action_events.ActionNoLongerApplicable(action=action),
    }
    return made[what]


def recorded(told: list[ToldEvent]) -> list[RecordedEvent[Any]]:
    due: dict[int, date] = {}
    team: dict[int, str] = {}
    versions: dict[int, int] = {}
    found = []
    for event in told:
        position, number, _, day, _ = event
        versions[number] = versions.get(number, 0) + 1
        meta = Meta(
            fact_id=f"f{position}", effective_on=day, by="p", in_role="qa-lead", correlation_id="c"
        )
        found.append(
            RecordedEvent(
                position=position,
                stream=f"action:a{number}",
                version=versions[number],
                recorded_at=datetime(2026, 4, 1, tzinfo=UTC) + timedelta(seconds=position),
                meta=meta,
                event=event_of(event, due, team),
            )
        )
    return found


# -- the same in pandas, from the events alone


def as_frame(told: list[ToldEvent], day: date) -> pd.DataFrame:
    """One line an action: its dates, as they stand after these events."""
    lines = []
    for number, events in pd.DataFrame(
        told, columns=["position", "action", "what", "day", "carried"]
    ).groupby("action"):

        def last(*kinds: str, since: int = 0, events: pd.DataFrame = events) -> Any:
            held = events[events.what.isin(kinds) & (events.position > since)]
            return None if held.empty else held.iloc[-1]

        first = events.iloc[0]
        team, due, child = first.carried
        moved = events[events.what == "move"]
        handed, returned = last("transfer"), last("return")
        accepted = last("accept", since=0 if handed is None else handed.position)
        claimed = last("claim", since=0 if returned is None else returned.position)
        evidenced, checked = last("accept-evidence"), last("confirm", "not-seen")
        looked, dropped = last("accept-evidence", "too-early"), last("drop")
        ended = checked if checked is not None else dropped
        lines.append(
            {
                "action": number,
                "team": team if handed is None else handed.carried,
                "child": child,
                "raised": first.day,
                "first_due": due,
                "due": due if moved.empty else moved.iloc[-1].carried,
                "accepted": None if accepted is None else accepted.day,
                "claimed": None if claimed is None else claimed.day,
                "evidenced": None if evidenced is None else evidenced.day,
                "verify_by": None if looked is None else looked.carried,
                "checked": None if checked is None else checked.day,
                "ended": None if ended is None else ended.day,
                "confirmed": last("confirm") is not None,
                "unseen": last("not-seen") is not None,
                "reopened": last("reopen") is not None,
                "dropped": dropped is not None,
                "moved": len(moved),
            }
        )  # fmt: skip
    frame = pd.DataFrame(lines)
    frame["effective"] = frame.confirmed & ~frame.reopened
    frame["open"] = frame.ended.isna()
    for name, due_name in (("late_current", "due"), ("late_first", "first_due")):
        frame[name] = [
            (claimed - due).days
            if claimed is not None and claimed > due
            else (day - due).days
            if claimed is None and due < day
            else 0
            for claimed, due in zip(
                frame.claimed.where(frame.claimed.notna(), None), frame[due_name], strict=True
            )
        ]
        frame.loc[~frame.open | frame.evidenced.notna(), name] = 0
    return frame


def expected(frame: pd.DataFrame, first: date, last: date, day: date) -> dict[str, Any]:
    """The figures of one row: (numerator, denominator) of counts and rates, (median, 90th
    percentile, n) of lengths of time."""
    mine = frame[(frame.raised >= first) & (frame.raised <= last)]

    def within(column: str) -> pd.DataFrame:
        known = frame[frame[column].notna() & ~frame.dropped]
        return known[(known[column] >= first) & (known[column] <= last) & (known[column] < day)]

    def done_by(column: str) -> tuple[int, int]:
        held = within(column)
        return sum(
            e is not None and e <= d for e, d in zip(held.evidenced, held[column], strict=True)
        ), len(held)

    def lasting(since: str, until: str, rows: pd.DataFrame = mine) -> tuple[Any, Any, int]:
        both = rows[rows[since].notna() & rows[until].notna()]
        return timed(
            pd.Series(
                [(u - s).days for s, u in zip(both[since], both[until], strict=True)], dtype=float
            )
        )

    def timed(days: pd.Series[float]) -> tuple[Any, Any, int]:
        if days.empty:
            return None, None, 0
        rank = -(-9 * len(days) // 10)
        return days.median(), days.sort_values().iloc[rank - 1], len(days)

    current, by_first = (
        timed(mine[name][mine[name] > 0].astype(float)) for name in ("late_current", "late_first")
    )
    counts = {
        "raised": len(mine),
        "accepted": mine.accepted.notna().sum(),
        "claimed": mine.claimed.notna().sum(),
        "evidenced": mine.evidenced.notna().sum(),
        "verified": mine.checked.notna().sum(),
        "effective": mine.effective.sum(),
        "not_effective": mine.unseen.sum(),
        "no_longer_applicable": mine.dropped.sum(),
        "open": mine.open.sum(),
        "overdue_by_current_date": (mine.late_current > 0).sum(),
        "overdue_by_first_date": (mine.late_first > 0).sum(),
        "redated": (mine.moved > 0).sum(),
    }
    looked = within("verify_by")
    return {
        **{name: (int(number), len(mine)) for name, number in counts.items()},
        "recurrence_rate": (int(mine.reopened.sum()), int(mine.confirmed.sum())),
        "action_completion_rate": done_by("first_due"),
        "action_completion_rate_by_current_date": done_by("due"),
        "loop_closed_rate": (int(looked.effective.sum()), len(looked)),
        "days_to_acceptance": lasting("raised", "accepted"),
        "days_to_claim": lasting("accepted", "claimed"),
        "days_to_evidence": lasting("claimed", "evidenced"),
        "days_to_impact_check": lasting("evidenced", "checked"),
        "days_to_effect": lasting("raised", "ended", mine[mine.effective]),
        "days_overdue_by_current_date": current,
        "days_overdue_by_first_date": by_first,
    }


def same(made: LoopReport, frame: pd.DataFrame, day: date) -> None:
    for row in (*made.rows, *made.totals):
        first, last = (date.fromisoformat(row.group[end]) for end in ("from", "to"))
        rows = frame[frame.team == row.group["team"]] if "team" in row.group else frame
        for name, wanted in expected(rows, first, last, day).items():
            figure = row.figures[name]
            if len(wanted) == 2:
                assert (figure.numerator, figure.denominator) == wanted, (name, row.group)
                continue
            ninetieth = row.figures[name + P90]
            found = figure.exact, ninetieth.exact, figure.denominator
            assert found == wanted, (name, row.group)
    mine = frame[(frame.raised >= RANGE.start) & (frame.raised <= RANGE.end)]
    curve, share = made.open_share, 1.0
    spans = [
        ((day if e is None else e) - r).days
        for r, e in zip(mine.raised, mine.ended.where(mine.ended.notna(), None), strict=True)
    ]
    table = pd.DataFrame({"days": spans, "event": mine.checked.notna().to_numpy()})
    for step in curve.steps:
        at_risk = (table.days >= step.day).sum()
        over = ((table.days == step.day) & table.event).sum()
        share *= 1 - over / at_risk
        assert (step.at_risk, step.ended) == (at_risk, over)
        assert float(step.share) == pytest.approx(share)
    assert curve.censored == (~table.event).sum()


@settings(max_examples=12)
@given(histories(), st.data())
def test_every_figure_equals_a_calculation_in_pandas(
    told: list[ToldEvent], data: st.DataObject
) -> None:
    past = data.draw(st.integers(1, len(told)), label="position")
    after = 5 * data.draw(st.integers(0, 12), label="times five days after")

    def ask(connection: Connection) -> None:
        for position in (None, past):
            known = [event for event in told if position is None or event[0] <= position]
            day = known[-1][3] + timedelta(days=after)
            frame = as_frame(known, day)
            made = report(connection, RANGE, day=day, head=len(told), position=position)
            same(made, frame, day)
            asking = LoopQuestionAt(RANGE, day, position, EVERY_ACTION)
            cut, uncut = reports(connection, asking, head=len(told), true_on=None, small_number=0)
            together = replace(RANGE, dimensions=())
            alone = report(connection, together, day=day, head=len(told), position=position)
            assert (cut, uncut) == (made, alone)
            for name in RULES:
                found = behind(connection, asking, name, true())
                figure = made.totals[0].figures[name]
                assert len(found.counted) == figure.denominator
                if not RULES[name].days:
                    assert sum(one.in_numerator for one in found.actions) == figure.numerator
            lists = standing_out(connection, asking, true())
            held = frame[(frame.child != "") & ~frame.dropped & (frame.raised <= RANGE.end)]
            effects = held.groupby("child").effective.any()
            assert {one.child for one in lists.children} == set(effects[~effects].index)
            assert lists.children == children_without_effect(connection, asking, true())
            oldest = [row.raised_on for row in lists.oldest]
            assert oldest == sorted(oldest)
            assert len(oldest) == min(10, frame.open[frame.raised <= RANGE.end].sum())

    recount.alone([Actions()], recorded(told), ask)


def test_evidence_accepted_on_the_very_day_is_in_time() -> None:
    due = BEGUN + timedelta(days=10)
    told: list[ToldEvent] = []
    for number, late in enumerate((0, 1)):
        for what, day, carried in (
            ("raised", BEGUN, ("east", due, "")),
            ("accept", BEGUN, None),
            ("claim", due, None),
            ("accept-evidence", due + timedelta(days=late), due + timedelta(days=90)),
        ):
            told.append((len(told) + 1, number, what, day, carried))

    def ask(connection: Connection) -> None:
        made = report(connection, RANGE, day=due + timedelta(days=2), head=len(told))
        for name in ("action_completion_rate", "action_completion_rate_by_current_date"):
            figure = made.totals[0].figures[name]
            assert (figure.numerator, figure.denominator) == (1, 2)
        made = report(connection, RANGE, day=due, head=len(told))
        assert made.totals[0].figures["action_completion_rate"].denominator == 0

    recount.alone([Actions()], recorded(told), ask)


def test_bringing_a_date_forward_lowers_no_days_slipped() -> None:
    day = BEGUN
    told: list[ToldEvent] = [
        (1, 0, "raised", day, ("east", day + timedelta(days=10), "")),
        (2, 0, "move", day, day + timedelta(days=40)),
        (3, 0, "move", day, day + timedelta(days=5)),
    ]

    def ask(connection: Connection) -> None:
        lists = standing_out(connection, LoopQuestionAt(RANGE, day, None, EVERY_ACTION), true())
        assert [(row.moved, row.slipped) for row in lists.redated] == [(2, 30)]

    recount.alone([Actions()], recorded(told), ask)


def test_a_period_without_actions_is_there_and_unknown_is_not_nought() -> None:
    def ask(connection: Connection) -> None:
        made = report(connection, RANGE, day=date(2026, 3, 31), head=0)
        assert [row.group["quarter"] for row in made.rows] == [
            "2025/26 Q1",
            "2025/26 Q2",
        ]
        figure = made.totals[0].figures["loop_closed_rate"]
        assert (figure.exact, figure.display) == (None, "–")
        with pytest.raises(NotFound):
            behind(
                connection, LoopQuestionAt(RANGE, made.day, None, EVERY_ACTION), "nothing", true()
            )

    recount.alone([Actions()], [], ask)


def test_a_question_that_cannot_be_asked_is_refused_with_every_fault() -> None:
    with pytest.raises(Refused) as refused:
        LoopQuestion(
            start=BEGUN, end=date(2024, 1, 1), dimensions=("auditor",), filters={"x": ("y",)}
        )
    assert [fault.code for fault in refused.value.faults] == [
        "period-backwards",
        "unknown-dimension",
        "unknown-dimension",
    ]

"""Every figure a report shows can be counted again from the events beneath it, and no others."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from api.agreement import provenance, report
from api.web.moments import AsAt, as_at
from projections.agreement.model import AgreementReport
from projections.agreement.question import AgreementQuestion
from projections.figures.figure import Figure
from projections.figures.provenance import same
from qa.core.clock import SetClock
from qa.core.errors import Refused
from qa.core.periods import PeriodKind
from tests.support.council import Council

GRADES = ("outstanding", "good", "requires-improvement", "inadequate")
QUESTIONS = {
    "by quarter": {},
    "by team": {"dimensions": ("team",)},
    "by domain": {"dimensions": ("domain",)},
    "by moderator": {"dimensions": ("moderator",)},
    "by month and auditor": {"by": PeriodKind.MONTH, "dimensions": ("auditor",)},
    "blind alone": {"blind": True},
    "by the moderation's date": {"cohort": "moderation", "dimensions": ("service",)},
    "by the day of submission": {"cohort": "submitted", "dimensions": ("tool-version",)},
}
ABOUT_MODERATION = ("by moderator", "blind alone", "by the moderation's date")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    """A year in which grades were given and moderated at random. Tests here only read it."""
    folder = tmp_path_factory.mktemp("lived")
    clock = SetClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    council, dice = (
        Council.open(f"sqlite:///{folder / 'council.db'}", clock, folder),
        random.Random(20260302),
    )
    council.show_rates_of_few()
    for number in range(24):
        overall, theirs = dice.choice(GRADES), dice.choice(GRADES)
        if number % 3 == 2:
            council.submitted(overall)
        else:
            council.moderated(overall, theirs, blind=number % 2 == 0)
        clock.set(clock.now() + timedelta(days=13))
    yield council
    council.services.store.close()


def asked(council: Council, **values: Any) -> AgreementQuestion:
    return AgreementQuestion(start=date(2026, 1, 1), end=date(2027, 3, 31), **values)


def a_figure_of_each_name(made: AgreementReport, dice: random.Random) -> list[tuple[Any, Figure]]:
    """Of every figure that rests on something, the one of a row chosen by lot."""
    found: dict[str, list[tuple[Any, Figure]]] = {}
    for row in (*made.rows, *made.totals):
        for figure in row.figures.values():
            if figure.denominator:
                found.setdefault(figure.name, []).append((dict(row.group), figure))
    return [dice.choice(rows) for rows in found.values()]


@pytest.mark.parametrize(
    ("name", "whose", "values"),
    [
        pytest.param(name, whose, values, id=f"{name} {whose} {said}")
        for said, values in QUESTIONS.items()
        for name, whose in (("agreement", "auditor"), ("grades", "auditor"), ("grades", "final"))
        if name == "agreement" or said not in ABOUT_MODERATION
        if whose == "auditor" or said in ("by quarter", "by domain")
    ],
)
def test_every_figure_is_what_its_events_alone_say(
    lived: Council, name: report.Name, whose: report.Whose, values: dict[str, Any]
) -> None:
    store, lead = lived.services.store, lived.actor("lead")
    question, dice = asked(lived, **values), random.Random(name)
    with store.reading() as connection:
        position = dice.choice((None, store.head(connection) * 2 // 3))
        at = as_at(store, connection, position=position)
        chosen = a_figure_of_each_name(
            report.make(connection, name, question, at, actor=lead, whose=whose), dice
        )
        assert len(chosen) >= 5
        for group, figure in chosen:
            opened = provenance.FigureRequest(
                name=name,
                question=question,
                figure=figure.name,
                group=group,
                at=at,
                actor=lead,
                whose=whose,
            )
            shown, rows = provenance.opened(connection, opened)
            assert same(shown, figure), (group, figure)
            assert provenance.agrees(shown, rows), (group, figure)
            under = provenance.beneath(store, connection, opened, rows)
            assert max(row[0] for row in under.events) <= at.shown
            again = provenance.recounted(under.events, opened, under.policy)
            assert same(again, figure), (group, figure)


def _agreement(council: Council, at: AsAt) -> provenance.FigureRequest:
    return provenance.FigureRequest(
        name="agreement",
        question=asked(council, by=PeriodKind.FINANCIAL_YEAR),
        figure="moderation_agreement_rate",
        group={"total": "Whole range", "from": "2026-01-01", "to": "2027-03-31"},
        at=at,
        actor=council.actor("lead"),
    )


def test_without_one_of_its_events_the_figure_is_another(lived: Council) -> None:
    store = lived.services.store
    with store.reading() as connection:
        opened = _agreement(lived, as_at(store, connection))
        figure, rows = provenance.opened(connection, opened)
        events = provenance.beneath(store, connection, opened, rows).events
        dropped = next(row for row in events if row[3] == "ModerationRecorded")
        rest = [row for row in events if row[1] != dropped[1]]
        assert not same(provenance.recounted(rest, opened), figure)


def test_too_many_audits_beneath_are_refused_in_words(
    lived: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provenance, "MOST_AUDITS", 3)
    store = lived.services.store
    with store.reading() as connection, pytest.raises(Refused, match="More than 3 audits"):
        provenance.beneath(store, connection, _agreement(lived, as_at(store, connection)))


def _address(what: str = "") -> str:
    return (
        "/reports/agreement/rows?from=2026-01-01&to=2027-03-31&by=financial-year"
        "&figure=moderation_agreement_rate&group=total=Whole range"
        f"&group=from=2026-01-01&group=to=2027-03-31{what}"
    )


def test_the_page_says_the_rule_and_counts_again(lived: Council) -> None:
    page = lived.browser("lead").get(_address("&recount=yes")).text
    assert "Why this number?" in page
    assert "Moderators who gave the same grade" in page
    assert "The denominator counts every audit with two grades to compare" in page
    assert "That is the same." in page


def test_the_document_holds_the_events_and_no_sealed_word(lived: Council) -> None:
    answer = lived.browser("lead").get(_address("&file=json"))
    document = json.loads(answer.content)
    figure = document["figure"]
    counted = [one for one in document["audits"] if one["in_denominator"]]
    assert (figure["numerator"], figure["denominator"]) == (
        sum(one["in_numerator"] for one in counted),
        len(counted),
    )
    assert document["counted_but_not_shown"] == 0
    streams = {event["stream"] for event in document["facts"]}
    assert {f"case-audit:{one['audit']}" for one in counted} <= streams
    assert b"The file supports this grade." not in answer.content
    assert all(len(event["sha256"]) == 64 for event in document["facts"])


def test_a_damaged_table_is_told_from_its_events(small_council: Council) -> None:
    small_council.moderated("good", "good")
    with small_council.services.store.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE agreement_audit SET moderated_overall = 'inadequate'"
            " WHERE moderated_overall IS NOT NULL"
        )
    page = small_council.browser("lead").get(_address("&recount=yes")).text
    assert "Not the same" in page


def test_a_pair_of_grades_opens_its_audits(lived: Council) -> None:
    store = lived.services.store
    with store.reading() as connection:
        whole = _agreement(lived, as_at(store, connection))
        (total,) = report.make(
            connection, "agreement", whole.question, whole.at, actor=whole.actor
        ).totals
        for at, given in enumerate(total.grades):
            for other, number in zip(total.grades, total.matrix[at], strict=True):
                group = {key: one for key, one in whole.group.items() if key != "total"}
                asked = replace(whole, figure=f"pair_{given}:{other}", group=group)
                found, rows = provenance.opened(connection, asked)
                assert found.numerator == number
                under = provenance.beneath(store, connection, asked, rows)
                assert same(provenance.recounted(under.events, asked, under.policy), found)


def test_a_figure_that_its_audits_do_not_come_to_is_told(lived: Council) -> None:
    with lived.services.store.reading() as connection:
        figure, rows = provenance.opened(
            connection, _agreement(lived, as_at(lived.services.store, connection))
        )
    assert provenance.agrees(figure, rows)
    assert not provenance.agrees(figure, replace(rows, places=(rows.places[0] + 1, rows.places[1])))
    shift = replace(figure, name="mean_shift", numerator=-3)
    assert provenance.agrees(shift, rows)

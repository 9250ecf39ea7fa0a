"""Open cases from a file: our template, lists of Annex A and tables of the D2I dataset."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from api.documents.listing import Listing
from api.imports.about import AboutPlan
from api.imports.answers import ImportAnswers
from api.imports.importers import importers
from api.imports.kinds import likeliest, proposals
from api.imports.own_records import own_listing
from api.imports.reading import read_sheet
from api.imports.run import Outcome, run
from api.lists.files import render_listing
from api.web.moments import as_at
from projections.imports import queries as batches
from projections.supervision import queries
from qa.authorisation.policy import reach
from qa.imports.reversal_commands import ReverseImport
from qa.imports.reversal_handlers import reverse_import
from qa.restrictions import handlers as restrictions
from qa.restrictions.commands import RestrictChild
from tests.support.council import Council
from tests.support.given import codes_of

DAY = date(2026, 2, 28)
CIN = (
    "Child Unique ID,Gender,Ethnicity,Date of Birth,Age of Child (Years),"
    "Does the Child have a Disability,CIN Start Date,Primary Need Code,Date Child Was Last Seen,"
    "Reason for Closure,CIN Closure Date,Case Status,Allocated Team,Allocated Worker"
)
"""List 6 of Annex A."""
EPISODES = (
    "cine_referral_id,cine_person_id,cine_referral_date,cine_cin_primary_need_code,"
    "cine_referral_source_code,cine_referral_outcome_json,cine_referral_nfa,cine_close_reason,"
    "cine_close_date,cine_referral_team,cine_referral_worker_id"
)
INVOLVEMENTS = (
    "invo_involvements_id,invo_professional_id,invo_professional_role_id,invo_professional_team,"
    "invo_person_id,invo_involvement_start_date,invo_involvement_end_date"
)


def cin(child: str, closed: str = "", team: str = "East") -> str:
    return f"{child},a,WBRI,2015-01-01,11,No,2025-06-01,N1,2026-02-01,,{closed},b,{team},A Worker"


def send(council: Council, headings: str, *rows: str, on: date | None = DAY, **how: Any) -> Outcome:
    sheet = read_sheet("cases.csv", "\n".join([headings, *rows]).encode())
    about = AboutPlan(as_at=on, source="The case system")
    by = council.actor("lead")
    return run(council.services, "open-cases", sheet, about=about, by=by, **how)


def listed(council: Council) -> list[tuple[str, str]]:
    with council.services.store.reading() as connection:
        return [(one.case, one.team) for one in queries.open_cases(connection)]


@pytest.mark.parametrize(
    ("headings", "rows"),
    [
        (CIN, [cin("C-1"), cin("C-2", "2026-01-31"), cin("C-3", "2026-03-05"), cin("C-1")]),
        (
            EPISODES,
            [
                "1,C-1,2025-06-01,N1,1A,,N,,,East,77",
                "2,C-2,2025-06-01,N1,1A,,N,RC1,2026-01-31,East,77",
                "3,C-3,2025-06-01,N1,1A,,N,,2026-03-05,East,77",
            ],
        ),
        (
            INVOLVEMENTS,
            [
                "1,77,CW,East,C-1,2025-06-01,",
                "2,77,CW,East,C-2,2025-06-01,2026-02-28",
                "3,77,CW,East,C-3,2025-06-01,",
            ],
        ),
    ],
)
def test_a_published_list_is_read_by_its_headings(
    small_council: Council, headings: str, rows: list[str]
) -> None:
    first = likeliest(proposals(headings.split(","), importers()))
    assert first is not None
    assert first.kind == "open-cases"
    done = send(small_council, headings, *rows)
    assert listed(small_council) == [("C-1", "east"), ("C-3", "east")]
    assert "Left out: 1 row, closed by the end of that day." in [
        note.sentence for note in done.plan.notes
    ]


def test_restricted_children_and_names_are_left_out_and_it_is_said(small_council: Council) -> None:
    lead = small_council.actor("lead")
    small_council.submitted(child="C-9")
    wanted = RestrictChild(child="C-9", readers=(lead.person,), why="A child of a colleague.")
    restrictions.restrict(small_council.services.desk, wanted, by=lead)
    done = send(small_council, CIN, cin("c-9", team="Nowhere"), cin("C-1"))
    assert listed(small_council) == [("C-1", "east")]
    said = " ".join(note.sentence for note in done.plan.notes)
    assert "1 row, about a child whose records are restricted" in said
    assert "not read: Date of Birth, Allocated Worker" in said
    assert "c-9" not in said


def test_the_list_of_the_last_day_goes_out_and_comes_in_again(small_council: Council) -> None:
    services, lead = small_council.services, small_council.actor("lead")

    def taken() -> Listing:
        with services.store.reading() as connection:
            at = as_at(services.store, connection, None, None, None)
            return own_listing(services, connection, lead, reach(lead), at, "open-cases", tool="")

    send(small_council, CIN, cin("C-1"), on=date(2026, 1, 31))
    small_council.submitted(child="C-9")
    send(small_council, "Case,Team,Supervised on", "C-1,East,2026-02-03", "C-9,West,")
    given = taken()
    assert given.rows == [["C-1", "East", "2026-02-03"], ["C-9", "West", ""]]
    sheet = read_sheet("again.csv", render_listing(given, "csv"))
    about = AboutPlan(as_at=DAY, source="The case system")
    assert run(services, "open-cases", sheet, about=about, by=lead, dry_run=True).counted("there")
    wanted = RestrictChild(child="C-9", readers=(lead.person,), why="A child of a colleague.")
    restrictions.restrict(services.desk, wanted, by=lead)
    assert [row[0] for row in taken().rows] == ["C-1"]
    notes = " ".join(taken().notes)
    assert "open at the end of 2026-02-28" in notes
    assert "1 case that you may not read, or of a child whose records are restricted." in notes


def test_a_list_comes_in_once_is_corrected_and_undone(small_council: Council) -> None:
    rows = [cin("C-1"), cin("C-2")]
    assert (send(small_council, CIN, *rows).result or {})["imported"] == 2
    shown = send(small_council, CIN, *rows, dry_run=True)
    assert (shown.counted("there"), shown.counted("new")) == (2, 0)
    assert codes_of(lambda: send(small_council, CIN, cin("C-1"))) == ["already-imported-otherwise"]
    correct = ImportAnswers(changed="correct", reason="C-2 was closed.")
    assert (send(small_council, CIN, cin("C-1"), answers=correct).result or {})["corrected"] == 1
    assert listed(small_council) == [("C-1", "east")]
    for left in ([("C-1", "east"), ("C-2", "east")], []):
        with small_council.services.store.reading() as connection:
            batch = next(b.batch for b in batches.batches(connection) if not b.reversed_because)
        wanted = ReverseImport(batch=batch, reason="The wrong list")
        reverse_import(small_council.services.desk, wanted, by=small_council.actor("lead"))
        assert listed(small_council) == left


@pytest.mark.parametrize(
    ("row", "on", "code"),
    [
        (cin("C-1"), None, "missing"),
        (cin("C-1", team="Nowhere"), DAY, "team-unknown"),
        (cin("Alex Ash"), DAY, "not-a-child-reference"),
        (cin("C-1"), date(2199, 1, 1), "date-future"),
    ],
)
def test_what_a_list_lacks_is_refused(
    small_council: Council, row: str, on: date | None, code: str
) -> None:
    assert codes_of(lambda: send(small_council, CIN, row, on=on)) == [code]

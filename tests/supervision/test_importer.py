"""Open cases from a file: our template, lists of Annex A and tables of the D2I dataset."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest

from api.documents.listing import Listing
from api.history.reading import streams_open_to
from api.imports.about import AboutPlan
from api.imports.answers import ImportAnswers
from api.imports.importers import importers
from api.imports.kinds import likeliest, proposals
from api.imports.own_records import own_listing
from api.imports.reading import read_sheet
from api.imports.run import ImportChoices, Outcome, run
from api.lists.files import render_listing
from api.web.moments import as_at
from projections.imports import queries as batches
from projections.supervision import queries
from qa.authorisation.policy import reach
from qa.core.errors import Refused
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

PROTECTED = (
    "Child Unique ID,Gender,Ethnicity,Date of Birth,Age of Child (Years),"
    "Does the Child have a Disability,Child Protection Plan Start Date,Initial Category of Abuse,"
    "Latest Category of Abuse,Date of the Last Statutory Visit,Was the Child Seen Alone?,"
    "Date of latest review conference,Child Protection Plan End Date,Subject to Emergency "
    "Protection Order or Protected Under Police Powers in Last Six Months (Y/N),"
    "Sum of Number of Previous Child Protection Plans,Allocated Team,Allocated Worker"
)
"""List 7."""
CIN_PLANS = (
    "cinp_cin_plan_id,cinp_referral_id,cinp_person_id,cinp_cin_plan_start_date,"
    "cinp_cin_plan_end_date,cinp_cin_plan_team,cinp_cin_plan_worker_id"
)
CP_PLANS = (
    "cppl_cp_plan_id,cppl_referral_id,cppl_icpc_id,cppl_person_id,cppl_cp_plan_start_date,"
    "cppl_cp_plan_end_date,cppl_cp_plan_ola,cppl_cp_plan_initial_category,"
    "cppl_cp_plan_latest_category"
)
IN_CARE = (
    "clae_cla_episode_id,clae_person_id,clae_cla_placement_id,clae_cla_episode_start_date,"
    "clae_cla_episode_start_reason,clae_cla_primary_need_code,clae_cla_episode_ceased,"
    "clae_cla_episode_ceased_reason,clae_cla_id,clae_referral_id"
)


LOOKED_AFTER = (
    "Child Unique ID,Gender,Ethnicity,Date of Birth,Age of Child (Years),"
    "Does the Child have a Disability,Date Started to be Looked After,Child's Category of Need,"
    "Start date of current legal status,Child's Legal Status,Date of Latest Statutory Review,"
    "Date of Last Social Work Visit,Date Ceased to be Looked After,"
    "Reason Ceased to be Looked After,Placement Type,Placement Provider,Placement postcode,"
    "LA of Placement,Allocated Team,Allocated Worker"
)
"""List 8, with fewer of the columns between."""
LEAVERS = (
    "Child Unique ID,Gender,Ethnicity,Date of Birth,Age of Child (Years),"
    "Does the Child have a Disability,Allocated Team,Allocated Worker,Eligibility Category,"
    "LA In Touch,Type of Accommodation,Suitability of Accommodation,Activity Status"
)
"""List 9, which names no day of closure."""
WHO = "Child Unique ID,Gender,Ethnicity,Date of Birth,Age of Child (Years)"
OTHER_LISTS = {
    "list 1": f"{WHO},Date of Contact,Contact Source",
    "list 2": f"{WHO},Assessment start date,Assessment completion date,"
    "Organisation completing assessment",
    "list 3": f"{WHO},Date of referral,Referral Source,Referral NFA?,"
    "Number of Referrals in Last 12 Months,Allocated Team,Allocated Worker",
    "list 4": f"{WHO},Does the Child have a Disability,Continuous Assessment Start Date,"
    "Child Seen During Continuous Assessment,Continuous Assessment Date of Authorisation,"
    "Was the child assessed as requiring LA children's social care support,Allocated Team,"
    "Allocated Worker",
    "list 5": f"{WHO},Strategy discussion initiating Section 47 Enquiry Start Date,"
    "Date of Initial Child Protection Conference,Number of ICPCs in the last 12 months,"
    "Allocated Team,Allocated Worker",
    "list 10": "Child Unique ID,Family identifier,Gender,Ethnicity,Date of Birth,"
    "Date the Child Entered Care,Date of Placement Order,Date Placed for Adoption",
    "list 11": "Individual adopter identifier,Family identifier,Gender,Ethnicity,Disability,"
    "Date enquiry received,Date Stage 1 started,Date Stage 1 ended",
    "the table s47e_…": "s47e_s47_enquiry_id,s47e_referral_id,s47e_person_id,s47e_s47_start_date",
}


def protected(child: str, ended: str = "") -> str:
    return f"{child},a,WBRI,2015-01-01,11,No,2025-06-01,NEG,NEG,2026-02-01,Y,,{ended},N,0,East,b"


def cin(child: str, closed: str = "", team: str = "East") -> str:
    return f"{child},a,WBRI,2015-01-01,11,No,2025-06-01,N1,2026-02-01,,{closed},b,{team},A Worker"


def send(council: Council, headings: str, *rows: str, on: date | None = DAY, **how: Any) -> Outcome:
    sheet = read_sheet("cases.csv", "\n".join([headings, *rows]).encode())
    about = AboutPlan(as_at=on, source="The case system")
    by = council.actor("lead")
    return run(council.services, "open-cases", sheet, ImportChoices(about=about, **how), by=by)


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
        (
            LOOKED_AFTER,
            [
                f"{child},a,WBRI,2015-01-01,11,No,2025-06-01,N1,2025-06-01,C2,,,{ceased},,U1,PR1,"
                "ZZ1 1ZZ,Here,East,A Worker"
                for child, ceased in (("C-1", ""), ("C-2", "2026-01-31"), ("C-3", "2026-03-05"))
            ],
        ),
        (PROTECTED, [protected("C-1"), protected("C-2", "2026-01-31"), protected("C-3")]),
        (
            CIN_PLANS,
            [
                "1,11,C-1,2025-06-01,,East,77",
                "2,12,C-2,2025-06-01,2026-01-31,East,77",
                "3,13,C-3,2025-06-01,,East,77",
            ],
        ),
        (
            CP_PLANS,
            [
                "1,11,,C-1,2025-06-01,,N,NEG,NEG",
                "2,12,,C-2,2025-06-01,2026-01-31,N,NEG,NEG",
                "3,13,,C-3,2025-06-01,,N,NEG,NEG",
            ],
        ),
        (
            IN_CARE,
            [
                "1,C-1,9,2025-06-01,S,N1,,,5,11",
                "2,C-2,9,2025-06-01,S,N1,2026-01-31,E4,5,12",
                "3,C-3,9,2025-06-01,S,N1,,,5,13",
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
    teams = {} if "team" in headings.casefold() else {"team": "East"}
    done = send(small_council, headings, *rows, answers=ImportAnswers(constants=teams))
    assert listed(small_council) == [("C-1", "east"), ("C-3", "east")]
    assert "Left out: 1 row, closed by the end of that day." in [
        note.sentence for note in done.plan.notes
    ]


def test_care_leavers_are_read_by_their_published_headings(small_council: Council) -> None:
    rows = [f"{child},a,WBRI,2006-01-01,20,No,East,A Worker,c,Y,B,1,F2" for child in ("C-1", "C-3")]
    done = send(small_council, LEAVERS, *rows)
    assert listed(small_council) == [("C-1", "east"), ("C-3", "east")]
    assert "not read: Date of Birth, Allocated Worker" in done.plan.notes[-1].sentence
    table = "clea_table_id,clea_person_id,clea_care_leaver_allocated_team"
    shown = send(small_council, table, "1,C-1,East", "2,C-3,East", dry_run=True)
    assert shown.counted("there") == 2


@pytest.mark.parametrize(("called", "headings"), OTHER_LISTS.items())
def test_a_published_list_of_something_else_is_never_taken_for_open_cases(
    small_council: Council, called: str, headings: str
) -> None:
    with pytest.raises(Refused) as refused:
        send(small_council, headings, ",".join("x" for _ in headings.split(",")))
    assert refused.value.faults[0].code == "no-open-cases"
    assert f"This is {called} of" in refused.value.sentence
    of_children = called != "list 11"
    assert refused.value.sentence.endswith("Import it as a sampling frame.") is of_children


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
    shown = run(services, "open-cases", sheet, ImportChoices(about=about, dry_run=True), by=lead)
    assert shown.counted("there")
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
    with small_council.services.store.reading() as connection:
        replaced = ReverseImport(batch=batches.batches(connection)[-1].batch, reason="Wrong list")
    by = small_council.actor("lead")
    undo = partial(reverse_import, small_council.services.desk, replaced, by=by)
    assert codes_of(undo) == ["batch-replaced"]
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


def test_lists_with_a_restricted_child_are_in_no_history_of_others(small_council: Council) -> None:
    """Their entries hold every child of the list."""
    council = small_council
    send(council, CIN, cin("c-1"), cin("C-2"))
    council.submitted(child="C-1")

    def readers() -> list[str]:
        with council.services.store.reading() as connection:
            return [
                handle
                for handle in ("lead", "lead2", "auditor", "worker", "admin")
                if streams_open_to(connection, council.actor(handle), {"open-cases"})
            ]

    assert readers() == ["lead", "lead2"]
    wanted = RestrictChild(
        child="C-1", readers=(council.ids["lead2"],), why="A child of a colleague of the team."
    )
    restrictions.restrict(council.services.desk, wanted, by=council.actor("lead"))
    assert readers() == ["lead2"]


def test_a_row_that_cannot_be_read_stands_in_the_way_of_no_other(small_council: Council) -> None:
    sheet = read_sheet(
        "cases.csv", b"Case,Team,Closed on\nC-1,East,32/13/2026\nC-1,East,\nC-2,East,"
    )
    choices = ImportChoices(
        about=AboutPlan(as_at=DAY, source="The case system"),
        answers=ImportAnswers(refused="leave-out"),
    )
    run(small_council.services, "open-cases", sheet, choices, by=small_council.actor("lead"))
    assert listed(small_council) == [("C-1", "east"), ("C-2", "east")]

"""Sampling frames from a file: our template, lists of Annex A and tables of the D2I dataset."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from api.documents.listing import Listing
from api.imports.about import AboutPlan
from api.imports.importers import importers
from api.imports.kinds import likeliest, proposals
from api.imports.own_records import own_listing
from api.imports.reading import read_sheet
from api.imports.run import run
from api.lists.files import render_listing
from api.web.moments import as_at
from projections.imports import queries as batches
from projections.sampling_frames import queries
from projections.sampling_frames.tables import FrameCaseRow
from qa.authorisation.policy import reach
from qa.core.errors import Refused
from qa.imports.reversal_commands import ReverseImport
from qa.imports.reversal_handlers import reverse_import
from qa.restrictions import handlers as restrictions
from qa.restrictions.commands import RestrictChild
from qa.sampling_frames.rows import frame_hash
from tests.sampling_frames.support import CYCLE, OWN, cases, frames, send_frame
from tests.support.council import Council
from tests.support.given import codes_of

WHO = "Child Unique ID,Gender,Ethnicity,Date of Birth,Age of Child (Years)"
IS = "C-1,a,WBRI,2015-01-01,11"
LISTS: dict[str, tuple[str, str, dict[str, str]]] = {
    "list 1 of Annex A: contacts": (
        f"{WHO},Date of Contact,Contact Source", f"{IS},2025-06-01,1A",
        {"referral_source": "1A"},
    ),
    "list 2 of Annex A: early help assessments": (
        f"{WHO},Assessment start date,Assessment completion date,"
        "Organisation completing assessment", f"{IS},2025-06-01,2025-07-01,A school",
        {"referral_source": "A school"},
    ),
    "list 3 of Annex A: referrals": (
        f"{WHO},Date of referral,Referral Source,Referral NFA?,"
        "Number of Referrals in Last 12 Months,Allocated Team,Allocated Worker",
        f"{IS},2025-06-01,2A,b) No,3,East,A Worker",
        {"referral_source": "2A", "outcome": "b) No", "team": "east"},
    ),
    "list 4 of Annex A: assessments": (
        f"{WHO},Does the Child have a Disability,Continuous Assessment Start Date,"
        "Child Seen During Continuous Assessment,Continuous Assessment Date of Authorisation,"
        "Was the child assessed as requiring LA children’s social care support?,Allocated Team,"
        "Allocated Worker", f"{IS},b) No,2025-06-01,Y,2025-07-01,a) Yes,East,A Worker",
        {"outcome": "a) Yes", "team": "east"},
    ),
    "list 5 of Annex A: Section 47 enquiries": (
        f"{WHO},Strategy discussion initiating Section 47 Enquiry Start Date,"
        "Was an Initial Child Protection Conference deemed unnecessary?,"
        "Date of Initial Child Protection Conference,"
        "Did the Initial Child Protection Conference Result in a Child Protection Plan,"
        "Number of ICPCs in the last 12 months,Allocated Team,Allocated Worker",
        f"{IS},2025-06-01,b) No,2025-06-12,a) Yes,0,East,A Worker",
        {"outcome": "a) Yes", "team": "east"},
    ),
    "list 6 of Annex A: children in need": (
        f"{WHO},CIN Start Date,Primary Need Code,Date Child Was Last Seen,Reason for Closure,"
        "CIN Closure Date,Case Status,Allocated Team,Allocated Worker",
        f"{IS},2025-06-01,N1,2026-02-01,,,b) Open,East,A Worker",
        {"need": "N1", "status": "b) Open", "team": "east"},
    ),
    "list 8 of Annex A: children looked after": (
        f"{WHO},Date Started to be Looked After,Child's Category of Need,"
        "Start date of current legal status,Child's Legal Status,Date Ceased to be Looked After,"
        "Placement Type,Placement postcode,LA of Placement,Allocated Team,Allocated Worker",
        f"{IS},2025-06-01,N2,2025-07-01,C2,,U1,ZZ1 1ZZ,Here,East,A Worker",
        {"need": "N2", "status": "C2", "placement": "U1", "team": "east"},
    ),
    "list 10 of Annex A: children to be adopted": (
        "Child Unique ID,Family identifier,Date of Birth,Date the Child Entered Care,"
        "Date of Decision that Child Should be Placed for Adoption,Date of Placement Order",
        "C-1,F-1,2015-01-01,2024-01-01,2025-06-01,2025-08-01", {},
    ),
    "the table s47e_… of the Standard Safeguarding Dataset: Section 47 enquiries": (
        "s47e_s47_enquiry_id,s47e_referral_id,s47e_person_id,s47e_s47_start_date,"
        "s47e_s47_end_date,s47e_s47_nfa,s47e_s47_outcome_json,s47e_s47_completed_by_team,"
        "s47e_s47_completed_by_worker_id", "1,2,C-1,2025-06-01,2025-06-20,N,,East,77",
        {"outcome": "N", "team": "east"},
    ),
    "the table clae_… of the Standard Safeguarding Dataset: episodes of care": (
        "clae_cla_episode_id,clae_person_id,clae_cla_placement_id,clae_cla_episode_start_date,"
        "clae_cla_episode_start_reason,clae_cla_primary_need_code,clae_cla_episode_ceased_date,"
        "clae_cla_id,clae_referral_id", "1,C-1,9,2025-06-01,S,N1,,5,11", {"need": "N1"},
    ),
    "the table clav_… of the Standard Safeguarding Dataset: visits to children looked after": (
        "clav_cla_visit_id,clav_cla_id,clav_person_id,clav_cla_visit_date,"
        "clav_cla_visit_seen,clav_cla_visit_seen_alone", "1,2,C-1,2025-06-01,Y,Y", {},
    ),
    "the table perm_… of the Standard Safeguarding Dataset: permanence and adoption": (
        "perm_table_id,perm_person_id,perm_cla_id,perm_adm_decision_date,"
        "perm_permanence_order_type,perm_adoption_worker_id", "1,C-1,2,2025-06-01,AO,77",
        {"kind": "AO"},
    ),
}  # fmt: skip
"""By what it is read from: the headings, a row, and what that says beside reference and day."""
TOLD = ("team", "kind", "status", "referral_source", "need", "outcome", "placement")


@pytest.mark.parametrize(("read_from", "listed"), LISTS.items(), ids=lambda one: str(one)[:16])
def test_a_published_list_is_read_by_its_headings(
    small_council: Council, read_from: str, listed: tuple[str, str, dict[str, str]]
) -> None:
    headings, row, told = listed
    first = likeliest(proposals(headings.split(","), importers()))
    assert first is not None
    of_open_cases = "list 6" in read_from or "list 8" in read_from or "clae" in read_from
    assert first.kind == ("open-cases" if of_open_cases else "sampling-frame")
    send_frame(small_council, headings, row)
    (frame,) = frames(small_council)
    assert (frame.read_from, frame.cases) == (read_from, 1)
    (case,) = cases(small_council)
    assert (case.case, case.started_on) == ("C-1", "2025-06-01")
    assert {name: said for name in TOLD if (said := getattr(case, name))} == told


@pytest.mark.parametrize(
    ("headings", "called"),
    [
        ("Individual adopter identifier,Family identifier,Date enquiry received,"
         "Date Stage 1 started", "list 11 of Annex A: adopters, who are adults"),
        ("moth_table_id,moth_person_id,moth_childs_person_id",
         "the table moth_… of the Standard Safeguarding Dataset: mothers, who are adults"),
        ("prof_professional_id,prof_staff_id",
         "the table prof_… of the Standard Safeguarding Dataset: professionals"),
    ],
)  # fmt: skip
def test_a_list_of_no_children_is_refused_by_name(
    small_council: Council, headings: str, called: str
) -> None:
    with pytest.raises(Refused) as refused:
        send_frame(small_council, headings, ",".join("1" for _ in headings.split(",")))
    assert refused.value.faults[0].code == "no-children"
    assert refused.value.sentence == f"This is {called}. A sampling frame is of children."


def test_what_is_left_out_is_counted_and_said(small_council: Council) -> None:
    lead = small_council.actor("lead")
    small_council.submitted(child="C-9")
    wanted = RestrictChild(child="C-9", readers=(lead.person,), why="A child of a colleague.")
    restrictions.restrict(small_council.services.desk, wanted, by=lead)
    done = send_frame(
        small_council,
        f"{OWN},Name,UPN,Postcode,Social worker",
        "c-9,Nowhere,Open,,,x,x,x,x",
        "C-1,East,Open,2025-01-01,,x,x,x,x",
        "C-1,East,Review,2025-05-01,,x,x,x,x",
        "C-1,West,Late,2025-05-01,,x,x,x,x",
        "C-2,East,Shut,2025-01-01,2026-02-28,x,x,x,x",
        "C-3,,Open,2026-03-01,,x,x,x,x",
        "C-4,,Open,,2026-03-01,x,x,x,x",
    )
    kept = [(one.case, one.team, one.status) for one in cases(small_council)]
    assert kept == [("C-1", "east", "Review"), ("C-4", "", "Open")]
    (frame,) = frames(small_council)
    assert (frame.restricted, frame.closed, frame.later, frame.again) == (1, 1, 1, 2)
    assert [note.sentence for note in done.plan.notes] == [
        "Left out: 1 row, about a child whose records are restricted.",
        "Left out: 1 row, closed by the end of that day.",
        "Left out: 1 row, begun after that day.",
        "Left out: 2 rows, about a child who stands in another row too.",
        "Names and what tells who somebody is are not read: Name, UPN, Postcode, Social worker.",
    ]


def test_cases_that_are_closed_are_kept_where_that_column_is_left_out(
    small_council: Council,
) -> None:
    said = {"columns": {"Closed on": "ignore"}}
    send_frame(small_council, OWN, "C-2,East,Shut,2025-01-01,2026-02-01", said=said)
    assert [one.case for one in cases(small_council)] == ["C-2"]


def test_another_list_takes_its_place_for_a_reason_and_is_undone(small_council: Council) -> None:
    first = ("C-1,East,Open,,", "C-2,East,Open,,")
    assert (send_frame(small_council, OWN, *first).result or {})["imported"] == 2
    shown = send_frame(small_council, OWN, *reversed(first), dry_run=True)
    assert (shown.counted("there"), shown.counted("new")) == (2, 0)
    other = ("C-3,West,Open,,",)
    refused = codes_of(lambda: send_frame(small_council, OWN, *other))
    assert refused == ["already-imported-otherwise"]
    correct = {"changed": "correct", "reason": "The first list was of January."}
    done = send_frame(small_council, OWN, *other, said=correct)
    assert (done.result or {})["corrected"] == 1
    before = frames(small_council)[0].sha256
    with small_council.services.store.reading() as connection:
        replaced = ReverseImport(batch=batches.batches(connection)[-1].batch, reason="Wrong list")
    by = small_council.actor("lead")
    undo = partial(reverse_import, small_council.services.desk, replaced, by=by)
    assert codes_of(undo) == ["batch-replaced"]
    send_frame(small_council, OWN, *other, cycle="Quarter 1 of 2026/27")
    assert [row.sha256 for row in frames(small_council)] == [before] * 2
    for left in (1, ["C-1", "C-2"], []):
        with small_council.services.store.reading() as connection:
            batch = next(b.batch for b in batches.batches(connection) if not b.reversed_because)
        wanted = ReverseImport(batch=batch, reason="The wrong list")
        reverse_import(small_council.services.desk, wanted, by=small_council.actor("lead"))
        if left == 1:
            assert [row.cycle for row in frames(small_council)] == [CYCLE]
        elif left:
            assert [one.case for one in cases(small_council)] == left
    assert frames(small_council) == []


def test_a_frame_goes_out_and_comes_in_again_as_the_same(
    small_council: Council, new_council: Callable[[], Council]
) -> None:
    headings, row, _ = LISTS["list 3 of Annex A: referrals"]
    send_frame(small_council, headings, row, row.replace("C-1", "C-2").replace("East", ""))
    send_frame(small_council, OWN, "C-7,East,Open,,", cycle="Another", on=date(2026, 1, 31))

    def taken(council: Council, **about: Any) -> Listing:
        services, lead = council.services, council.actor("lead")
        with services.store.reading() as connection:
            at = as_at(services.store, connection, None, None, None)
            return own_listing(
                services, connection, lead, reach(lead), at, "sampling-frame", tool="",
                about=AboutPlan(**about),
            )  # fmt: skip

    def held(council: Council) -> tuple[object, list[FrameCaseRow]]:
        frame = frames(council)[0]
        return frame._replace(batch="", by="", frozen_us=0, stream_version=0), [
            one._replace(service="") for one in cases_of(council)
        ]

    def cases_of(council: Council) -> list[FrameCaseRow]:
        with council.services.store.reading() as connection:
            return queries.cases(connection, frames(council)[0].frame, None)

    assert [row[0] for row in taken(small_council, cycle="another").rows] == ["C-7"]
    assert codes_of(lambda: taken(small_council, cycle="Nothing")) == ["cycle-unknown"]
    again = read_sheet("again.csv", render_listing(taken(small_council), "csv"))
    there = new_council()
    assert taken(there).rows == []
    done = run(there.services, "sampling-frame", again, by=there.actor("lead"))
    assert (done.result or {})["imported"] == 2
    assert held(there) == held(small_council)
    assert frame_hash(cases_of(there)) == frames(small_council)[0].sha256


@pytest.mark.parametrize(
    ("headings", "row", "how", "codes"),
    [
        (OWN, "C-1,East,Open,,", {"on": None}, ["missing"]),
        (OWN, "C-1,East,Open,,", {"cycle": ""}, ["missing-column"]),
        (OWN, "C-1,Nowhere,Open,,", {}, ["team-unknown"]),
        (OWN, "Alex Ash,East,Open,,", {}, ["not-a-child-reference"]),
        (OWN, "C-1,East,Open,,", {"on": date(2199, 1, 1)}, ["date-future"]),
        (OWN, "C-1,East,Open,,2026-02-01", {}, ["cases-missing"]),
        (f"{OWN},Cycle,As at", "C-1,East,,,,A,2026-02-28\nC-2,East,,,,B,31/02/2026",
         {"cycle": ""}, ["frame-several", "not-a-date"]),
    ],
)  # fmt: skip
def test_what_a_list_lacks_is_refused(
    small_council: Council, headings: str, row: str, how: dict[str, Any], codes: list[str]
) -> None:
    assert codes_of(lambda: send_frame(small_council, headings, row, **how)) == codes
    assert frames(small_council) == []


def test_a_plain_list_of_cases_is_no_frame_unless_it_names_a_cycle() -> None:
    plain = ["Case", "Team", "Status", "Start date"]
    kinds = {"with": [*plain, "Cycle"], "without": plain}
    first = {name: likeliest(proposals(of, importers())) for name, of in kinds.items()}
    assert {name: one.kind for name, one in first.items() if one} == {
        "with": "sampling-frame",
        "without": "open-cases",
    }


def test_columns_of_the_dataset_are_taken_for_no_other_field(small_council: Council) -> None:
    headings = "clae_person_id,clae_cla_placement_id,clae_cla_episode_start_date,clae_referral_id"
    done = send_frame(small_council, headings, "C-1,P-77,2025-06-01,R-9", dry_run=True)
    assert done.plan.mapping.unmapped == ("clae_cla_placement_id", "clae_referral_id")

"""Files of teams and people: checked, recorded, sent again and undone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from api.imports.about import AboutPlan
from api.imports.importers import SentFile
from api.imports.reading import read_sheet
from api.people.importer import check_people
from projections.people import queries
from qa.core.words import Role, Scope
from qa.people import handlers as people
from qa.people.commands import (
    ChangeTeamService,
    CloseTeam,
    MovePerson,
    RecordDeparture,
    RecordReturn,
    RenamePerson,
)
from qa.security.accounts import addresses
from qa.store.writers import driver
from tests.people.support import move, placed
from tests.support.case_audits import V1
from tests.support.council import Council, words_of
from tests.support.forms import hidden, send

TEAMS = "Team,Service area\nEarly North,Early Help\nEarly South,Early Help\n"
PEOPLE = (
    "Name,E-mail,Job title,Team,Line manager,Role,Where,Start date,End date\n"
    "Bo Birch,bo@council.gov.uk,Worker,Early North,Cy Cedar,Practitioner,Early North,,\n"
    "Cy Cedar,,Manager,Early North,Di Dogwood,Team manager; Auditor,Early North,2026-01-01,\n"
    "Di Dogwood,,Head,,,QA lead,Council,,{leaves}\n"
    "Di Dogwood,,Head,,,Reader,Early Help,,{leaves}\n"
)


def _people(council: Council) -> str:
    return PEOPLE.format(leaves=council.today + timedelta(days=30))


def _sent(council: Council, kind: str, text: str, who: str = "admin", **data: str) -> Any:
    files = {"file": ("file.csv", text.encode(), "text/csv")}
    answer = council.program(who).post(f"{V1}/imports/{kind}", files=files, data=data)
    return answer.json()


def test_people_stand_in_any_order_with_roles_reach_dates_and_addresses(
    small_council: Council,
) -> None:
    text = _people(small_council)
    assert _sent(small_council, "teams", TEAMS)["result"]["imported"] == 2
    shown = _sent(small_council, "people", text, dry_run="true")
    assert (len(shown["facts"]), shown["faults"]) == (4, [])
    assert "bo@council.gov.uk" not in str(shown)
    assert _sent(small_council, "people", text)["result"]["imported"] == 4
    again = _sent(small_council, "people", text)["result"]
    assert (again["batch"], again["already_there"]) == (None, 4)
    with small_council.services.store.reading() as connection:
        ids = {row.handle: row for row in queries.everybody(connection)}
        bo, cy, di = (ids[one] for one in ("bo.birch", "cy.cedar", "di.dogwood"))
        assert (bo.manager, cy.manager, bo.service) == (cy.person, di.person, "early-help")
        assert di.departed_on == (small_council.today + timedelta(days=30)).isoformat()
        assert addresses.all_of(connection) == {bo.person: "bo@council.gov.uk"}
        team, service = (
            Scope(kind="team", code="early-north"),
            Scope(kind="service", code="early-help"),
        )
        assert {
            (grant.role, grant.scope, grant.since)
            for one in (bo, cy, di)
            for grant in queries.grants(connection, one.person)
        } == {
            (Role.PRACTITIONER, team, small_council.today),
            (Role.TEAM_MANAGER, team, date(2026, 1, 1)),
            (Role.AUDITOR, team, date(2026, 1, 1)),
            (Role.QA_LEAD, Scope(), small_council.today),
            (Role.READER, service, small_council.today),
        }


def test_a_sign_in_name_that_the_file_lacks_is_made_of_the_name_and_said(
    small_council: Council,
) -> None:
    text = b"Name,Sign-in name\nBo Birch,\nBo O'Birch-Elm,\nCy Cedar,c.cedar\n"
    for sheet in (read_sheet("people.csv", text), read_sheet("p.csv", text.replace(b",", b";"))):
        with small_council.services.store.reading() as connection:
            sent = SentFile(connection, sheet, {}, "", AboutPlan(), small_council.today)
            found = check_people(sent)
        made = [(note.row, note.code, note.value) for note in found.notes]
        assert made == [
            (2, "sign-in-name-made", "bo.birch"),
            (3, "sign-in-name-made", "bo.o.birch.elm"),
        ]


@pytest.mark.parametrize("head", ["Name", "Name,Sign-in name"])
def test_nobody_on_record_is_added_a_second_time_unsaid(small_council: Council, head: str) -> None:
    blank = "," * head.count(",")
    rows = f"{head}\nauditor tree{blank}\nBo Birch{blank}\n"
    told = _sent(small_council, "people", rows)
    assert [(one["row"], one["code"]) for one in told["errors"]] == [(2, "person-on-record")]
    assert "auditor tree is on record as auditor: give" in str(told)
    second = "Name,Sign-in name\nAuditor Tree,auditor.tree\nBo Birch,\n"
    assert _sent(small_council, "people", second)["result"]["imported"] == 2
    assert _sent(small_council, "people", "Name\nBo Birch\n")["result"]["already_there"] == 1


def test_who_is_meant_and_which_role_are_asked_of_a_file_in_other_words(
    small_council: Council,
) -> None:
    rows = (
        "Name,Reports to,Role,Scope\nAuditor Tree,,,\nBo Birch,Auditor Tree,Inspectress,Council\n"
    )
    told = _sent(small_council, "people", rows, dry_run="true")
    asked = {one["written"]: [o["value"] for o in one["options"]] for one in told["questions"]}
    assert asked["Auditor Tree"][:2] == ["auditor", "Auditor Tree <auditor.tree>"]
    assert "Reader" in asked["Inspectress"]
    for who, manager in (("auditor", "auditor"), ("Auditor Tree <auditor.tree>", "")):
        values = {"Name": {"Auditor Tree": who}, "Role": {"Inspectress": "Reader"}}
        said = json.dumps({"values": values})
        told = _sent(small_council, "people", rows, dry_run="true", answers=said)
        assert [one.get("manager", "") for one in told["facts"]][-1:] == [manager]


def test_names_in_two_columns_are_one_name_and_managers_may_be_turned_round(
    small_council: Council,
) -> None:
    head = "Surname,Forename,Reports to,Started,Left\n"
    rows = f'{head}O\'Elm,Una,"Birch, Bo",2026-01-05,\nBirch,Bo,,,\nTree,Auditor,,,\n'
    told = _sent(small_council, "people", rows, dry_run="true")
    assert "Auditor Tree is on record as auditor" in str(told["faults"])
    (asked,) = told["questions"]
    assert (asked["heading"], asked["written"]) == ("Surname", "Tree")
    said = {"values": {"Surname": {"Tree": asked["options"][0]["value"]}}}
    told = _sent(small_council, "people", rows, dry_run="true", answers=json.dumps(said))
    named = [(one["name"], one["reference"], one.get("manager")) for one in told["facts"]]
    assert named == [("Una O'Elm", "una.o.elm", "bo.birch"), ("Bo Birch", "bo.birch", None)]
    half = _sent(small_council, "people", f"{head}Elm,,,,\n")
    assert [(one["column"], one["code"]) for one in half["errors"]] == [("Forename", "missing")]


def test_a_line_manager_in_a_row_that_is_refused_is_named(small_council: Council) -> None:
    rows = "Name,Reports to,Role,Scope\nBo Birch,Cy Cedar,,\nCy Cedar,,Emperor,Council\n"
    told = _sent(small_council, "people", rows, dry_run="true")
    assert "The line manager cy.cedar is not on record, and no row" in str(told["faults"])


def test_how_often_the_database_is_asked_does_not_grow_with_the_people(
    small_council: Council,
) -> None:
    asked: list[str] = []
    with small_council.services.store.writing() as connection:
        driver(connection).set_trace_callback(asked.append)
    counts = []
    for made, many in (("Ed", 2), ("Flo", 12)):
        rows = [f"{made} {chr(65 + at)}x,{made}{at}@council.gov.uk" for at in range(many)]
        for _ in ("new", "there already"):
            asked.clear()
            assert _sent(small_council, "people", "\n".join(["Name,E-mail", *rows]))["result"]
            counts.append(sum(one.startswith("SELECT") for one in asked))
    assert max(counts[2:]) <= max(counts[:2])
    assert all(counts)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("Ed Elm,,,West End,,,,,", "team-unknown"),
        ("Ed Elm,,,,Nobody Known,,,,", "manager-unknown"),
        ("Ed Elm,,,,,Emperor,Council,,", "role-unknown"),
        ("Ed Elm,,,,,Reader,,,", "scope-missing"),
        ("Ed Elm,,,,,Reader,Narnia,,", "scope-unknown"),
        ("Ed Elm,,,,,Inspector,Council,,", "role-inspector"),
        ("Ed Elm,,,,,System,Council,,", "role-unknown"),
        ("Ed Elm,no-address,,,,,,,", "address-malformed"),
        ("Ed Elm,,,,Ed Elm,,,,", "manager-circle"),
        ("Ed Elm,,,,,Reader,Council,2026-02-01,2026-01-01", "dates-reversed"),
        ("Ed Elm,,Cook,,,,,,\nEd Elm,,Baker,,,,,,", "duplicate-reference"),
        ("Ed,,,,Flo,,,,\nFlo,,,,Ed,,,,", "manager-circle"),
    ],
)
def test_what_a_row_of_people_states_wrongly_is_named(
    small_council: Council, row: str, code: str
) -> None:
    answer = _sent(small_council, "people", PEOPLE.partition("\n")[0] + "\n" + row + "\n")
    assert code in {one["code"] for one in answer["errors"]}, answer
    assert {one["row"] for one in answer["errors"]} <= {2, 3}


def test_days_and_names_of_people_are_read_as_in_other_files(small_council: Council) -> None:
    text = 'Name,Line manager,Start date,Team\n"Elm, Ed",TBC,05/25/2025,East\n'
    text += "Fay Fir,-,03/04/2025,N/A\n"
    shown = _sent(small_council, "people", text, dry_run="true")
    assert [one["row"] for one in shown["faults"]] == [2, 3]
    said = '{"date_orders": {"Start date": "month-first"}}'
    shown = _sent(small_council, "people", text, dry_run="true", answers=said)
    assert [(one["name"], one["reference"], one["since"]) for one in shown["facts"]] == [
        ("Ed Elm", "ed.elm", "2025-05-25"),
        ("Fay Fir", "fay.fir", "2025-03-04"),
    ]


def test_an_audit_file_gives_the_teams_that_it_names_once(small_council: Council) -> None:
    rows = ("A-1,Oak,Help", "A-2,oak,Help", "A-3,Oak Team,Help", "A-4,East,Safeguarding")
    text = "\n".join(("Audit ID,Team,Service", *rows))
    shown = _sent(small_council, "teams", text, who="lead", dry_run="true")
    notes = " ".join(one["sentence"] for one in shown["notes"])
    assert "These may be one team: Oak, Oak Team" in notes
    assert "Named in earlier rows too: 1 row" in notes
    done = _sent(small_council, "teams", text, who="lead")["result"]
    assert (done["imported"], done["already_there"]) == (2, 1)
    for more in ({}, {"answers": CORRECTS}):
        other = _sent(small_council, "teams", "Team,Service\nOak,Fostering\n", who="lead", **more)
        (fault,) = other["errors"]
        assert fault["code"] == "team-elsewhere"
        assert "belongs to the service Help: move it" in str(fault)
    assert _sent(small_council, "people", "Name\nEd\n", who="lead")["status"] == 403


def test_what_a_file_of_people_or_teams_brought_is_undone_and_sent_again(
    small_council: Council,
) -> None:
    teams = _sent(small_council, "teams", TEAMS)["result"]["batch"]
    people = _sent(small_council, "people", _people(small_council))["result"]["batch"]
    admin = small_council.program("admin")
    undone = admin.post(f"{V1}/imports/{people}/reversal", json={"reason": "The wrong file."})
    assert undone.json()["result"]["records"] == 6
    with small_council.services.store.reading() as connection:
        found = {one.handle: one for one in queries.everybody(connection)}
        assert found["di.dogwood"].departed_on is None
        grants = queries.grants(connection, found["cy.cedar"].person)
        assert not any(grant.holds_on(small_council.today) for grant in grants)
    assert _sent(small_council, "people", _people(small_council))["result"]["imported"] == 4
    closed = admin.post(f"{V1}/imports/{teams}/reversal", json={"reason": "The wrong file."})
    assert closed.json()["result"]["records"] == 2
    again = _sent(small_council, "teams", TEAMS)
    assert {one["code"] for one in again["errors"]} == {"team-closed"}


def test_codes_for_all_who_have_no_password_are_one_file(small_council: Council) -> None:
    _sent(small_council, "people", "Name,Email\nEd Elm,ed@council.gov.uk\nFlo Fir,\n")
    admin = small_council.browser("admin")
    assert send(admin, "/people/codes").status_code == 422
    ids = [
        one["person"]
        for one in small_council.program("admin").get(f"{V1}/people").json()["people"]
        if one["handle"] in ("ed.elm", "flo.fir")
    ]
    made = send(admin, "/people/codes", {"person": ids})
    lines = made.content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith("Ed Elm,ed.elm,ed@council.gov.uk,")
    assert len(lines) == 3
    code = lines[2].split(",")[3]
    assert code not in admin.get("/people/codes").text
    assert "Make one-time codes" in words_of(admin.get("/people").text)
    told = small_council.program("admin").post(f"{V1}/people/one-time-codes", json={"people": ids})
    assert [one["handle"] for one in told.json()] == ["ed.elm", "flo.fir"]
    assert (
        small_council.program("lead")
        .post(f"{V1}/people/one-time-codes", json={"people": ids})
        .status_code
        == 403
    )


def test_an_administrator_is_offered_the_files_that_they_may_send(small_council: Council) -> None:
    admin = small_council.browser("admin")
    page = admin.get("/imports/new?kind=people").text
    assert 'value="people" checked' in page
    assert 'value="audits"' not in page
    sent = send(
        admin,
        "/imports/new",
        {"kind": "people"},
        files={"file": ("people.csv", b"Name,Role,Where\nEd Elm,Reader,Council\n")},
    )
    shown = words_of(admin.get(sent.headers["location"]).text)
    assert "Ed Elm (ed.elm), Reader (the whole council)" in shown
    page = admin.get(sent.headers["location"]).text
    there = sent.headers["location"]
    assert admin.post(f"{there}/import", hidden(page, f"{there}/columns")).status_code == 303
    assert "people.csv" in admin.get("/imports").text
    assert "people.csv" not in small_council.browser("lead").get("/imports").text


def test_next_months_file_moves_and_renames_with_one_reason(small_council: Council) -> None:
    _sent(small_council, "teams", TEAMS)
    head = "Name,Sign-in name,Job title,Team,Line manager\n"
    _sent(
        small_council, "people", head + "Ed Elm,ed.elm,Cook,Early North,\nFlo Fir,flo.fir,Head,,\n"
    )
    later = head + "Ed Oak,ed.elm,,Early South,Flo Fir\nFlo Fir,flo.fir,,,\n"
    shown = _sent(small_council, "people", later, dry_run="true")
    states = {name: count for name, count in shown["states"].items() if count}
    assert states == {"there": 1, "changed": 1}
    cells = {cell["field"]: (cell["old"], cell["new"]) for cell in shown["changed"][0]["cells"]}
    assert cells == {
        "name": ("Ed Elm", "Ed Oak"),
        "team": ("early-north", "early-south"),
        "manager": ("", "flo.fir"),
    }
    refused = _sent(small_council, "people", later)
    assert {one["code"] for one in refused["errors"]} == {"already-imported-otherwise"}
    said = '{"changed": "correct", "reason": "They moved on 1 March."}'
    assert _sent(small_council, "people", later, answers=said)["result"]["corrected"] == 1
    with small_council.services.store.reading() as connection:
        found = {one.handle: one for one in queries.everybody(connection)}
    ed = found["ed.elm"]
    assert (ed.name, ed.team, ed.job_title) == ("Ed Oak", "early-south", "Cook")
    assert ed.manager == found["flo.fir"].person
    circle = head + "Flo Fir,flo.fir,,,Ed Oak\n"
    told = _sent(small_council, "people", circle, answers=said)
    assert {one["code"] for one in told["errors"]} == {"manager-circle"}


HEAD = "Name,Sign-in name,Team,Line manager,Role,Where,Start date\n"
CORRECTS = '{"changed": "correct", "reason": "As the file of May says."}'


@pytest.mark.parametrize(
    "rows",
    [
        "Auditor Tree,auditor,,auditor2,,,\nAuditor2 Tree,auditor2,,auditor,,,\n",
        "Nova Nut,nova,,reader,,,\nReader Tree,reader,,nova,,,\n",
        "Auditor Tree,auditor,,auditor2,,,\nAuditor2 Tree,auditor2,,nova,,,\n"
        "Nova Nut,nova,,auditor,,,\n",
    ],
)
def test_no_file_makes_people_each_others_line_managers(small_council: Council, rows: str) -> None:
    told = _sent(small_council, "people", HEAD + rows, answers=CORRECTS)
    lines = range(2, 2 + rows.count("\n"))
    assert [(one["row"], one["code"]) for one in told["errors"]] == [
        (row, "manager-circle") for row in lines
    ]


def test_no_file_makes_a_circle_with_a_move_that_is_still_to_come(small_council: Council) -> None:
    later = small_council.today + timedelta(days=20)
    move(small_council, "auditor2", later, manager=small_council.ids["auditor"])
    rows = HEAD + "Auditor Tree,auditor,,auditor2,,,\n"
    told = _sent(small_council, "people", rows, answers=CORRECTS)
    assert [one["code"] for one in told["errors"]] == ["manager-circle"]


def test_a_file_may_turn_a_line_round(small_council: Council) -> None:
    below = "Auditor Tree,auditor,,auditor2,,,\n"
    assert _sent(small_council, "people", HEAD + below, answers=CORRECTS)["result"]["corrected"]
    turned = "Auditor2 Tree,auditor2,,auditor,,,\nAuditor Tree,auditor,,reader,,,\n"
    done = _sent(small_council, "people", HEAD + turned, answers=CORRECTS)
    assert done["result"]["corrected"] == 2
    with small_council.services.store.reading() as connection:
        managers = {one.handle: one.manager for one in queries.everybody(connection)}
    assert managers["auditor"] == small_council.ids["reader"]
    assert managers["auditor2"] == small_council.ids["auditor"]


def test_a_role_is_refused_at_the_row_that_states_it(small_council: Council) -> None:
    rows = (
        "Zed Ash,zed,East,,Practitioner,East,2025-09-01\n"
        "Zed Ash,zed,East,,Practitioner,East,2025-10-01\n"
        "Zed Ash,zed,East,,Inspector,Council,2025-10-01\n"
    )
    told = _sent(small_council, "people", HEAD + rows)
    assert {(one["row"], one["code"]) for one in told["errors"]} == {
        (3, "role-held"),
        (4, "role-inspector"),
    }
    done = _sent(small_council, "people", HEAD + rows, answers='{"refused": "leave-out"}')
    assert (done["result"]["imported"], done["result"]["rejected"]) == (1, 2)
    with small_council.services.store.reading() as connection:
        (zed,) = [one for one in queries.everybody(connection) if one.handle == "zed"]
        (grant,) = queries.grants(connection, zed.person)
    assert grant.since == date(2025, 9, 1)


def _undone(council: Council, batch: str) -> Any:
    answer = council.program("admin").post(
        f"{V1}/imports/{batch}/reversal", json={"reason": "The wrong file."}
    )
    return answer.json()


def _corrected(council: Council, rows: str) -> str:
    done = _sent(council, "people", HEAD + rows, answers=CORRECTS)["result"]
    return str(done["batch"])


def test_corrections_of_a_batch_are_put_back(small_council: Council) -> None:
    council = small_council
    move(council, "auditor", council.today, team="east", job_title="Worker")
    before = placed(council, "auditor")
    rows = "Auditor Elm,auditor,West,reader,,,\nAuditor2 Elm,auditor2,,auditor,,,\n"
    batch = _corrected(council, rows)
    assert (placed(council, "auditor").team, placed(council, "auditor").name) == (
        "west",
        "Auditor Elm",
    )
    desk, by, day = council.services.desk, council.actor("admin"), council.today
    asked = RenamePerson(person=council.ids["auditor2"], name="Auditor2 Oak")
    people.rename_person(desk, asked, by=by)
    elsewhere = ChangeTeamService(team="east", service_name="Fostering", on=day + timedelta(days=1))
    people.change_team_service(desk, elsewhere, by=by)
    council.clock.advance(timedelta(days=3))
    assert _undone(council, batch)["result"]["records"] == 4
    then, now = placed(council, "auditor", day=day), placed(council, "auditor")
    assert then._replace(stream_version=0) == before._replace(stream_version=0)
    assert now == then._replace(service="fostering")
    other = placed(council, "auditor2")
    assert (other.name, other.manager) == ("Auditor2 Oak", None)


def test_a_departure_that_somebody_recorded_since_stays(small_council: Council) -> None:
    council, person = small_council, small_council.ids["auditor"]
    leaves = council.today + timedelta(days=9)
    rows = f"Name,Sign-in name,Last day\nAuditor Tree,auditor,{leaves}\n"
    batch = _sent(council, "people", rows)["result"]["batch"]
    desk, by = council.services.desk, council.actor("admin")
    people.come_back(desk, RecordReturn(person=person), by=by)
    people.depart(desk, RecordDeparture(person=person, on=leaves + timedelta(days=5)), by=by)
    assert _undone(council, batch)["code"] == "nothing-left"
    assert placed(council, "auditor").departed_on == str(leaves + timedelta(days=5))


@pytest.mark.parametrize("code", ["manager-circle", "own-line", "team-closed"])
def test_what_may_not_be_put_back_refuses_the_undoing(small_council: Council, code: str) -> None:
    council, desk, by = small_council, small_council.services.desk, small_council.actor("admin")
    _sent(council, "teams", TEAMS)
    manager = council.ids["admin" if code == "own-line" else "auditor2"]
    moved = MovePerson(person=council.ids["auditor"], team="early-north", manager=manager)
    people.move_person(desk, moved, by=replace(by, person="another"))
    batch = _corrected(council, "Auditor Tree,auditor,East,reader,,,\n")
    if code == "manager-circle":
        move(council, "auditor2", council.today, manager=council.ids["auditor"])
    if code == "team-closed":
        people.close_team(desk, CloseTeam(team="early-north"), by=by)
    told = _undone(council, batch)
    assert [one["code"] for one in told["errors"]] == [code]

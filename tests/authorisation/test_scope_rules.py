"""A role over a part of the council is a role over that part alone, on every way in."""

from __future__ import annotations

import pytest

from qa.authorisation.policy import VERBS, can
from qa.core.errors import Forbidden, Refused
from qa.core.words import Resource, Role, Scope
from qa.imports.commands import judgements
from qa.imports.commands.batches import File
from qa.imports.reversal_commands import ReverseImport
from qa.imports.reversal_handlers import reverse_import
from qa.imports.rows import ImportedAudit
from qa.inspections import handlers
from qa.inspections.commands import CloseInspectorRoom
from qa.people import handlers as people
from qa.people.commands import OPERATOR, AddPerson
from qa.store.unit import Receipt
from tests.authorisation.support import SUBMITTED, holding
from tests.inspections.support import opened
from tests.support.council import Council

pytestmark = pytest.mark.one_database

EAST = Scope(kind="team", code="east")
WEST = Scope(kind="team", code="west")
V1 = "/api/v1"

COUNCIL_WIDE: dict[Role, set[str]] = {
    Role.QA_LEAD: {
        "set-policy", "edit-tool", "publish-tool", "run-plan", "approve-reschedule",
        "keep-rag-scale", "run-indicators", "keep-learning", "publish-report", "verify",
        "make-checkpoint",
        "keep-quarterly-report", "read-quarterly-report", "comment-quarterly-report",
        "return-quarterly-report",
        "keep-self-evaluation", "return-self-evaluation",
    },
    Role.MODERATOR: {"approve-reschedule"},
    Role.ADMINISTRATOR: {
        "manage-people", "read-people", "read-access-log", "verify", "make-checkpoint",
        "send-file", "import-teams",
    },
    Role.INSPECTOR: {"read-plan", "read-indicators", "read-learning", "read-council-figures"},
    Role.SYSTEM: {
        "set-policy", "edit-tool", "publish-tool", "manage-people", "verify", "make-checkpoint",
        "join-people",
    },
}  # fmt: skip
"""What a role does to the council as a whole, so that a grant over a part of it does not do."""

TO_EVERYBODY = {"read-learning", "keep-view"}
"""What nobody on the staff is kept from by their scope."""


@pytest.mark.parametrize("role", list(Role))
def test_a_role_over_a_team_reaches_neither_the_council_nor_another_team(role: Role) -> None:
    open_to = set() if role in (Role.INSPECTOR, Role.SYSTEM) else {*TO_EVERYBODY}
    open_to |= {"share-view"} if role in (Role.QA_LEAD, Role.TEAM_MANAGER) else set()
    part = holding(role, scope=WEST, person="p-stranger")
    for elsewhere in (Resource(), SUBMITTED):
        assert {verb for verb in VERBS if can(part, verb, elsewhere).allowed} == open_to
    whole = {verb for verb in VERBS if can(holding(role), verb).allowed}
    lost = {verb for verb in whole if not can(part, verb).allowed}
    assert lost == COUNCIL_WIDE.get(role, set())
    assert {can(part, verb).rule for verb in lost} <= {"None of your roles allows this here."}


@pytest.fixture
def west(council: Council) -> Council:
    """Two audits of two teams, and a QA lead of the West team alone."""
    council.submitted(team="east")
    council.submitted(team="west")
    council.grant("nobody", Role.QA_LEAD, WEST)
    return council


def _open(council: Council, by: str, scope: Scope, number: int) -> str:
    desk, named = council.services.desk, f"inspector{number}"
    added = people.add_person(desk, AddPerson(handle=named, name=f"Visitor {number}"), by=OPERATOR)
    inspector = str(added.response["person"])
    return opened(council, inspector=inspector, scope=scope, by=council.actor(by))


def test_a_lead_of_a_team_runs_the_rooms_of_that_team_alone(west: Council) -> None:
    for number, scope in enumerate((Scope(), EAST, Scope(kind="service", code="safeguarding"))):
        with pytest.raises(Forbidden):
            _open(west, "nobody", scope, number)
    own = _open(west, "nobody", WEST, 4)
    other = _open(west, "lead", Scope(), 5)
    program, browser = west.program("nobody"), west.browser("nobody")
    rooms = program.get(f"{V1}/inspections").json()["rooms"]
    assert [one["room"] for one in rooms] == [own]
    for room, answer in ((own, 200), (other, 404)):
        assert program.get(f"{V1}/inspections/{room}").status_code == answer
        history = program.get(f"{V1}/history", params={"record": f"inspection:{room}"})
        assert history.status_code == answer
        assert browser.get(f"/inspections/{room}").status_code == answer
    with pytest.raises(Forbidden):
        handlers.close_room(
            west.services.desk,
            CloseInspectorRoom(room=str(other), reason="The visit is over."),
            by=west.actor("nobody"),
        )


def _audit(number: int, team: str, council: Council) -> ImportedAudit:
    return ImportedAudit(
        row=number,
        reference=f"OLD-{number}",
        child=f"C-7000{number}",
        auditor="A. Former",
        team=team,
        audit_date=council.today,
        overall="inadequate",
    )


def test_every_row_of_an_import_is_held_against_the_role(west: Council) -> None:
    file = File("audits.csv", "0" * 64, 1, 0, {})

    def bring(by: str, *audits: ImportedAudit) -> Receipt:
        return judgements.import_audits(
            west.services.desk,
            judgements.ImportAudits(
                file=file, tool=west.tool.id, tool_version=1, audits=tuple(audits)
            ),
            by=west.actor(by),
        )

    with pytest.raises(Refused) as refused:
        bring("nobody", _audit(1, "West", west), _audit(2, "East", west), _audit(3, "New", west))
    assert [(f.row, f.code) for f in refused.value.faults] == [
        (2, "row-out-of-reach"),
        (3, "row-out-of-reach"),
    ]
    own = bring("nobody", _audit(1, "West", west)).response["batch"]
    other = bring("lead", _audit(2, "East", west)).response["batch"]

    def reverse(batch: object) -> Receipt:
        return reverse_import(
            west.services.desk,
            ReverseImport(batch=str(batch), reason="Wrong file."),
            by=west.actor("nobody"),
        )

    assert reverse(own).response["records"] == 1
    with pytest.raises(Forbidden):
        reverse(other)


@pytest.mark.both_databases
def test_a_lead_of_a_team_reads_who_looked_at_the_records_of_that_team(west: Council) -> None:
    found = west.program("lead").get(f"{V1}/case-audits").json()
    audits = {one["team"]: one for one in found["audits"]}
    for one in audits.values():
        west.program("lead").get(f"{V1}/case-audits/{one['audit']}")
    program = west.program("nobody")
    subjects = {
        line["subject"] for line in program.get(f"{V1}/access-log?limit=200").json()["lines"]
    }
    assert f"judgement:{audits['west']['audit']}" in subjects
    assert not any(audits["east"]["audit"] in subject for subject in subjects)
    assert subjects <= {
        f"{kind}:{audits['west'][key]}"
        for kind, key in (("judgement", "audit"), ("case-audit", "audit"), ("child", "child"))
    }
    for path in ("/access-log", "/access-log/export.csv"):
        page = west.browser("nobody").get(path).text
        assert audits["west"]["audit"] in page
        assert audits["east"]["audit"] not in page
    for path in ("/access-log/unusual", "/access-log/unusual.csv"):
        assert west.browser("nobody").get(path).status_code == 403
    assert program.get(f"{V1}/access-log/unusual").status_code == 403


def test_a_lead_of_a_team_sets_nothing_for_the_council(west: Council) -> None:
    program = west.program("nobody")
    clock = {
        "acknowledge_within_minutes": 600,
        "escalate_every_minutes": 600,
        "escalations_at_most": 3,
    }
    held = program.get(f"{V1}/safeguarding-policy").headers["ETag"]
    changed = program.put(f"{V1}/safeguarding-policy", json=clock, headers={"If-Match": held})
    assert (changed.status_code, changed.json()["code"]) == (403, "forbidden")
    assert west.browser("nobody").get("/imports").status_code == 200

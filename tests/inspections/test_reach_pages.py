"""What a room opens, asked for on forms and by program, and told to both of its sides."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from projections.inspections import queries
from qa.inspections import handlers
from qa.inspections.commands import ChangeInspectorRoomReach
from tests.inspections.support import opened
from tests.restrictions.support import restrict
from tests.support.council import Council, words_of

pytestmark = pytest.mark.one_database
SECRET = "C-90001"


@pytest.fixture
def council(small_council: Council) -> Council:
    small_council.submitted(child="C-20001")
    small_council.submitted(child="C-20002", team="west")
    small_council.submitted(child=SECRET)
    restrict(small_council, SECRET, [small_council.ids["lead2"]])
    return small_council


def fields(council: Council, cases: str, **more: str) -> dict[str, str]:
    day = council.today + timedelta(days=5)
    return {
        "inspector": council.ids["nobody"],
        "title": "Focused visit",
        "scope": "council",
        "until.day": str(day.day),
        "until.month": str(day.month),
        "until.year": str(day.year),
        "cases": cases,
        **more,
    }


def test_a_lead_pastes_references_and_what_cannot_be_opened_is_named(council: Council) -> None:
    lead = council.browser("lead")
    wrong = lead.post("/inspections/new", fields(council, "C-20001\nC-3\nCA-7"))
    assert wrong.status_code == 422
    assert "No audit or child within the scope is called C-3, CA-7." in words_of(wrong.text)
    assert "C-20001\nC-3\nCA-7" in wrong.text
    made = lead.post("/inspections/new", fields(council, f"c-20001\n{SECRET}"))
    assert made.status_code == 303
    page = lead.get(made.headers["location"])
    told = words_of(page.text)
    assert "1 case is left out: their records are restricted" in told
    assert "The whole council: cases that are named" in told
    assert SECRET not in page.text
    place = made.headers["location"].partition("?")[0]
    visitor = council.browser("nobody")
    assert "C-20001" in visitor.get("/room").text
    assert "C-20002" not in visitor.get("/audits").text

    form = lead.get(f"{place}/reach").text
    seen = re.search(r'name="seen" value="(\d+)"', form)
    assert seen is not None
    assert "C-20001" in form
    sent = {"seen": seen[1], "scope": "team:west", "cases": "C-20002", "reason": "Others."}
    nothing = lead.post(f"{place}/reach", {**sent, "reason": ""})
    assert nothing.status_code == 422
    assert "Say why what it opens is changed." in nothing.text
    changed = lead.post(f"{place}/reach", {**sent, "reason": "They track other children."})
    assert changed.status_code == 303
    assert lead.post(f"{place}/reach", {**sent, "reason": "They track others."}).status_code == 409
    assert "C-20001" not in visitor.get("/audits").text
    assert "C-20002" in visitor.get("/audits").text
    history = words_of(lead.get(f"/history?record=inspection:{place.rpartition('/')[2]}").text)
    assert "Changed what the inspector room opens: 1 case added, 1 case removed" in history
    assert "They track other children." in history


def test_a_program_opens_and_changes_a_room_by_cases_and_tools(council: Council) -> None:
    room = opened(council, cases=("C-20001",), tools=(council.tool.id,))
    lead, visitor = council.program("lead"), council.program("nobody")
    path = f"/api/v1/inspections/{room}"
    told = visitor.get(path).json()
    assert (told["children"], told["audits"], told["tools"]) == (["C-20001"], [], [council.tool.id])
    sent = {"cases": ["C-20002", SECRET], "reason": "They track other children."}
    tag = {"If-Match": lead.get(path).headers["etag"]}
    assert council.program("auditor").post(f"{path}/reach", json=sent, headers=tag).status_code in (
        403,
        404,
    )
    assert visitor.post(f"{path}/reach", json=sent, headers=tag).status_code == 403
    changed = lead.post(f"{path}/reach", json=sent, headers=tag)
    assert changed.status_code == 200, changed.text
    assert changed.json()["result"] == {"left_out": [SECRET]}
    audits = visitor.get("/api/v1/case-audits").json()["audits"]
    assert [one["child"] for one in audits] == ["C-20002"]
    agreement = visitor.get("/api/v1/reports/grades?from=2026-01-01&to=2026-12-31").json()
    assert any("room:" in one for one in agreement["caveats"])
    for closed in ("/published", "/supervision-report", "/indicators", "/plans"):
        assert council.browser("nobody").get(closed).status_code == 403, closed


def test_a_case_that_is_restricted_later_is_no_longer_told_of(council: Council) -> None:
    room = opened(council, cases=("C-20001", "C-20002"))
    restrict(council, "C-20001", [council.ids["lead2"]])
    page = council.browser("lead").get(f"/inspections/{room}").text
    assert "C-20001" not in page
    assert "C-20002" in page
    told = council.program("lead").get(f"/api/v1/inspections/{room}").json()
    assert told["children"] == ["C-20002"]
    assert "C-20001" not in council.browser("nobody").get("/room").text


def test_who_may_not_know_of_a_case_changes_the_rest_and_opens_no_more(council: Council) -> None:
    """A room about one child is not of everything when a lead who knows nothing of it saves it."""
    room = opened(council, cases=("C-20001",))
    restrict(council, "C-20001", [council.ids["lead2"]])
    lead, desk = council.actor("lead"), council.services.desk
    command = ChangeInspectorRoomReach(room=room, reason="They track more children.")
    assert handlers.change_reach(desk, command, by=lead).response["left_out"] == []
    assert children(council, room) == {"C-20001"}
    more = command.model_copy(update={"cases": ("C-20002",)})
    handlers.change_reach(desk, more, by=lead)
    assert children(council, room) == {"C-20001", "C-20002"}
    handlers.change_reach(desk, more, by=council.actor("lead2"))
    assert children(council, room) == {"C-20002"}


def children(council: Council, room: str) -> set[str]:
    with council.services.store.reading() as connection:
        found = queries.room(connection, room)
    assert found is not None
    return set(found.children_named)

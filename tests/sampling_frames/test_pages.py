"""Sampling frames on pages and over the API: what each reader sees of them, now and before."""

from __future__ import annotations

from datetime import timedelta

from api.history.reading import streams_open_to
from qa.core.words import Role, Scope
from qa.inspections.commands import CloseInspectorRoom
from qa.inspections.handlers import close_room as close
from qa.people import handlers as people
from qa.people.commands import OPERATOR, AddPerson, GrantRole
from qa.restrictions import handlers as restrictions
from qa.restrictions.commands import RestrictChild
from qa.sampling_frames.rows import frame_id
from tests.inspections.support import opened
from tests.sampling_frames.support import CYCLE, OWN, cases, send_frame
from tests.support.council import Council, words_of
from tests.support.forms import hidden, send

FRAME = frame_id(CYCLE)
HERE = f"/sampling-frames/{FRAME}"
V1 = "/api/v1/sampling-frames"
ROWS = (
    "C-1,East,Open,2026-01-02,", "C-2,West,Open,,", "C-3,West,Review,,", "C-4,,Open,,",
    "C-5,East,Open,,2026-02-01",
)  # fmt: skip


def head_of_west(council: Council) -> None:
    """Adds a reader of one team."""
    added = people.add_person(
        council.services.desk, AddPerson(handle="west", name="Head West"), by=OPERATOR
    )
    council.ids["west"] = str(added.response["person"])
    team = Scope(kind="team", code="west")
    grant = GrantRole(person=council.ids["west"], role=Role.READER, scope=team)
    people.grant_role(council.services.desk, grant, by=OPERATOR)


def test_a_frame_is_listed_opened_and_taken_apart(small_council: Council) -> None:
    council = small_council
    send_frame(council, OWN, *ROWS)
    lead = council.browser("lead")
    listed = lead.get("/sampling-frames").text
    assert f'href="{HERE}"' in listed
    assert "Quarter 4 of 2025/26 a list of the council’s own 28 February 2026 4 2" in words_of(
        listed
    )
    assert "Import a sampling frame" in listed
    page = lead.get(HERE).text
    text = words_of(page)
    assert "Team Cases West 2 cases: West East 1 cases: East No team named 1" in text
    assert "Status Cases Open 3 cases: Open Review 1 cases: Review" in text
    assert "Need or category" not in text
    assert "1 row, closed by the end of that day." in text
    assert "The cases on record give the hash of the frame." in text
    assert f'href="{HERE}/cases?team=west"' in page
    behind = words_of(lead.get(f"{HERE}/cases?team=west&status=Open").text)
    assert "1 case" in behind
    assert "C-2 West None Open" in behind
    file = lead.get(f"{HERE}/cases/export.csv?team=none").text
    assert "C-4,No team named,,Open" in file
    assert "C-1" not in file
    assert lead.get("/sampling-frames/export.xlsx").status_code == 200
    assert lead.get(f"/sampling-frames/{'0' * 32}").status_code == 404


def test_a_case_is_shown_within_reach_and_the_rest_is_counted(small_council: Council) -> None:
    council = small_council
    send_frame(council, OWN, *ROWS)
    head_of_west(council)
    west = council.browser("west")
    text = words_of(west.get(HERE).text)
    assert "Cases 4" in text
    assert "2 more are not open to you. The numbers below leave them out." in text
    assert "East" not in text
    shown = words_of(west.get(f"{HERE}/cases").text)
    assert "2 cases, by reference" in shown
    assert "2 more cases are not open to you." in shown
    assert "C-1" not in shown
    program = council.program("west")
    answer = program.get(f"{V1}/{FRAME}/cases?limit=1").json()
    assert ([one["case"] for one in answer["cases"]], answer["closed_to_you"]) == (["C-2"], 2)
    more = program.get(f"{V1}/{FRAME}/cases", params={"after": answer["next"]}).json()
    assert ([one["case"] for one in more["cases"]], more["next"]) == (["C-3"], None)
    for path in (HERE, f"{HERE}/cases", "/sampling-frames"):
        assert council.browser("worker").get(path).status_code == 403
    history = f"/history?record=sampling-frame:{FRAME}"
    assert "Froze 4 cases" in words_of(council.browser("lead").get(history).text)


def test_a_child_who_is_restricted_later_is_counted_alone(small_council: Council) -> None:
    council = small_council
    send_frame(council, OWN, *ROWS)
    small_council.submitted(child="c-2")
    wanted = RestrictChild(
        child="C-2", readers=(council.ids["lead2"],), why="A child of a colleague of the team."
    )
    restrictions.restrict(council.services.desk, wanted, by=council.actor("lead"))
    shown = words_of(council.browser("lead").get(f"{HERE}/cases").text)
    assert "C-2" not in shown
    assert "1 more case is not open to you." in shown
    assert "C-2" in council.browser("lead2").get(f"{HERE}/cases").text
    for who, reference, frames in (("lead", "C-2", 0), ("lead2", "c-2", 1), ("lead", "C-1", 1)):
        page = council.browser(who).get(f"/search?q={reference}&kind=sampling-frame").text
        assert page.count(f'href="{HERE}"') == frames, (who, reference)
    program = {handle: council.program(handle) for handle in ("lead", "lead2")}
    answers = {who: one.get(f"{V1}/{FRAME}").json() for who, one in program.items()}
    assert [answers[who]["closed_to_you"] for who in ("lead", "lead2")] == [1, 0]
    assert answers["lead"]["same"] is True
    counted = {(one["divided_by"], one["value"]): one["cases"] for one in answers["lead"]["counts"]}
    assert counted == {
        ("team", "east"): 1, ("team", "west"): 1, ("team", ""): 1,
        ("status", "Open"): 2, ("status", "Review"): 1,
    }  # fmt: skip


def test_a_past_date_shows_the_frame_of_that_date(small_council: Council) -> None:
    council = small_council
    before = council.services.store.head()
    send_frame(council, OWN, *ROWS)
    first = council.services.store.head()
    council.clock.advance(timedelta(days=1))
    said = {"changed": "correct", "reason": "The first list was of January."}
    send_frame(council, OWN, "C-9,East,Open,,", said=said)
    program = council.program("lead")
    now, then, none = (
        program.get(V1, params={} if at is None else {"position": at}).json()["frames"]
        for at in (None, first, before)
    )
    assert [one["cases"] for one in (*now, *then)] == [1, 4]
    assert none == []
    assert now[0]["sha256"] != then[0]["sha256"]
    past = council.browser("lead").get(f"{HERE}/cases?position={first}").text
    assert ("C-1" in past, "C-9" in past) == (True, False)


def test_a_list_is_sent_on_the_page_with_its_day_and_cycle(small_council: Council) -> None:
    council = small_council
    lead = council.browser("lead")
    data = (
        "Child Unique ID,Date of Birth,Date of Contact,Contact Source\nC-1,2015-01-01,2026-01-02,1A"
    )
    files = {"file": ("contacts.csv", data.encode())}
    asked = send(lead, "/imports/new", {"kind": "", "as_at": "28/2/2026"}, files=files)
    assert "The headings look like “Sampling frame" in words_of(asked.text)
    fields = {**hidden(asked.text, "/imports/new"), "kind": "sampling-frame", "as_at": "28/2/2026",
              "source": "Case system"}  # fmt: skip
    there = lead.post("/imports/new", fields, files={"file": ("", b"")}).headers["location"]
    page = lead.get(there)
    assert "Choose which column is “Cycle”." in words_of(page.text)
    chosen = {**hidden(page.text, f"{there}/columns"), "set.cycle": CYCLE}
    lead.post(f"{there}/columns", chosen)
    page = lead.get(there).text
    assert "Names and what tells who somebody is are not read: Date of Birth." in words_of(page)
    lead.post(f"{there}/import", hidden(page, f"{there}/columns"))
    assert [one.referral_source for one in cases(council)] == ["1A"]


def test_a_room_of_cases_or_tools_holds_no_case_of_a_frame(small_council: Council) -> None:
    council = small_council
    send_frame(council, OWN, *ROWS)
    council.submitted(child="C-2")
    for more in ({"cases": ("C-2",)}, {"tools": ("whole-case-file",)}):
        room = opened(council, **more)
        for path in (HERE, f"{HERE}/cases"):
            shown = council.browser("nobody").get(path)
            assert (shown.status_code, "C-2" in shown.text) == (200, False)
        with council.services.store.reading() as connection:
            reader = council.actor("nobody")
            assert not streams_open_to(connection, reader, {f"sampling-frame:{FRAME}"})
        closed = CloseInspectorRoom(room=room, reason="The visit is over and they have gone.")
        close(council.services.desk, closed, by=council.actor("lead"))

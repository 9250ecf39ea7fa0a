"""People, teams, the access log and the installation, through HTTP."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from projections.people import queries
from projections.people.tables import PlacedPerson
from qa.core.words import Role, Scope
from qa.people import handlers as people
from qa.people.commands import RecordDeparture
from qa.security.accounts import credentials, one_time, sessions
from tests.support.council import Browser, Council, words_of
from tests.support.forms import hidden, send


def change(browser: Browser, path: str, fields: dict[str, Any] | None = None, **extra: Any) -> Any:
    """Open the form of a change, fill it in, and post it."""
    return send(browser, path, {**(fields or {}), **extra})


def row(council: Council, person: str) -> PlacedPerson:
    with council.services.store.reading() as connection:
        found = queries.person(connection, person)
    assert found is not None
    return found


@pytest.fixture
def admin(small_council: Council) -> Browser:
    return small_council.browser("admin")


def test_the_list_finds_people_by_name_and_shows_who_left_on_request(
    small_council: Council, admin: Browser
) -> None:
    people.depart(
        small_council.services.desk,
        RecordDeparture(person=small_council.ids["worker"]),
        by=small_council.actor("admin"),
    )
    assert "Worker Tree Leaves on 2 March 2026" in words_of(admin.get("/people").text)
    small_council.clock.advance(timedelta(days=1))
    admin = small_council.browser("admin")
    said = words_of(admin.get("/people").text)
    assert "Auditor Tree auditor Not given Quality Auditor" in said
    assert "Worker Tree" not in said
    assert "Worker Tree Left on 2 March 2026" in words_of(admin.get("/people?departed=yes").text)
    found = words_of(admin.get("/people?name=LEAD2").text)
    assert "1 person" in found
    assert "Lead2 Tree" in found
    assert "No person fits these filters" in words_of(admin.get("/people?name=zzz").text)


def test_a_qa_lead_reads_people_but_changes_nobody(small_council: Council) -> None:
    lead = small_council.browser("lead")
    person = small_council.ids["auditor"]
    page = lead.get(f"/people/{person}")
    assert page.status_code == 200
    assert "Grant a role" not in page.text
    assert "Add a person" not in lead.get("/people").text
    for path in ("/people/new", f"/people/{person}/role", "/teams/new", "/teams/east"):
        assert lead.get(path).status_code == 403, path
        assert lead.post(path, {"seen": "1", "name": "X", "handle": "xyz"}).status_code in (
            403,
            405,
        )
    assert row(small_council, person).name == "Auditor Tree"


@pytest.mark.parametrize("handle", ["auditor", "moderator", "reader", "worker", "nobody"])
def test_nobody_else_reads_people_or_the_access_log(small_council: Council, handle: str) -> None:
    browser = small_council.browser(handle)
    for path in ("/people", f"/people/{small_council.ids['lead']}", "/teams", "/access-log"):
        assert browser.get(path).status_code == 403, path


def test_an_administrator_reads_no_case_content(small_council: Council, admin: Browser) -> None:
    audit = small_council.submitted()
    assert admin.get(f"/audits/{audit}").status_code == 404
    assert admin.get("/reports/grades").status_code == 403


def test_somebody_new_is_added_once_gets_a_role_and_sets_a_password(
    small_council: Council, admin: Browser
) -> None:
    fields = {
        **hidden(admin.get("/people/new").text),
        "handle": "n.person",
        "name": "New Person",
        "team": "east",
        "manager": small_council.ids["lead"],
    }
    made = admin.post("/people/new", fields)
    again = admin.post("/people/new", fields)
    assert made.status_code == again.status_code == 303
    assert made.headers["location"] == again.headers["location"]
    path = made.headers["location"].partition("?")[0]
    person = path.rpartition("/")[2]
    assert row(small_council, person).team == "east"

    granted = change(admin, f"{path}/role", {"role": "auditor", "scope": "team:east"})
    assert granted.status_code == 303
    page = admin.get(path)
    assert "Auditor Team East 2 March 2026 No end Current" in words_of(page.text)

    shown = change(admin, f"{path}/code")
    code = re.search(r'app-code">([^<]+)<', shown.text)
    assert code is not None
    assert code[1] not in admin.get(path).text
    with small_council.services.store.reading() as connection:
        assert one_time.holder(connection, small_council.clock, code[1]) == person
        assert credentials.of(connection, person).name == "n.person"
    assert "Sign-in: link made" in words_of(admin.get(path).text)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"handle": "", "name": ""}, {"handle": "3 to 40", "name": "Enter the person’s name"}),
        ({"handle": "lead", "name": "Another"}, {"handle": "The sign-in name lead is taken."}),
        ({"handle": "ok.name", "name": "A", "team": "north"}, {"team": "Choose a team"}),
        ({"handle": "ab", "name": "Two letters"}, {"handle": "3 to 40"}),
        ({"handle": "ends-", "name": "Ends badly"}, {"handle": "3 to 40"}),
    ],
)
def test_a_refused_person_keeps_what_was_typed_with_each_fault_at_its_field(
    admin: Browser, fields: dict[str, str], named: dict[str, str]
) -> None:
    page = change(admin, "/people/new", fields)
    assert page.status_code in (409, 422)
    for field, sentence in named.items():
        assert f'href="#{field}"' in page.text
        assert f'id="{field}-error"' in page.text
        assert sentence in words_of(page.text).replace("&#39;", "’")
    assert f'value="{fields["name"]}"' in page.text or not fields["name"]


def test_a_new_name_and_a_move_are_recorded_with_their_day_and_history(
    small_council: Council, admin: Browser
) -> None:
    path = f"/people/{small_council.ids['auditor']}"
    assert change(admin, f"{path}/name", {"name": "Auditor Oak"}).status_code == 303
    moved = change(
        admin,
        f"{path}/move",
        {
            "team": "west",
            "manager": "",
            "job_title": "Senior auditor",
            "effective_on.day": "1",
            "effective_on.month": "2",
            "effective_on.year": "2026",
        },
    )
    assert moved.status_code == 303
    said = words_of(admin.get(path).text)
    assert "Job title Senior auditor Team West Service Safeguarding" in said
    assert "Recorded late It took effect on 1 February 2026, 29 days before it was recorded" in said
    assert "Auditor Tree" in said  # the history keeps the old name
    assert "Auditor Oak" in said


def test_a_form_made_from_an_older_version_is_refused_and_says_so(
    small_council: Council, admin: Browser
) -> None:
    path = f"/people/{small_council.ids['auditor']}/name"
    older = hidden(admin.get(path).text)
    change(admin, path, {"name": "First Comer"})
    late = admin.post(path, {**older, "name": "Second Comer"})
    assert late.status_code == 409
    assert 'value="Second Comer"' in late.text
    assert hidden(late.text)["seen"] != older["seen"]
    assert row(small_council, small_council.ids["auditor"]).name == "First Comer"


def test_a_role_is_granted_with_scope_and_dates_and_ended(
    small_council: Council, admin: Browser
) -> None:
    path = f"/people/{small_council.ids['reader']}"
    granted = change(
        admin,
        f"{path}/role",
        {
            "role": "team-manager",
            "scope": "service:safeguarding",
            "until.day": "31",
            "until.month": "3",
            "until.year": "2026",
            "reason": "Covers a vacancy",
        },
        **{"since.day": "1", "since.month": "3", "since.year": "2026"},
    )
    assert granted.status_code == 303
    with small_council.services.store.reading() as connection:
        held = queries.grants(connection, small_council.ids["reader"])
    grant = next(one for one in held if one.role is Role.TEAM_MANAGER)
    assert (grant.scope, grant.since, grant.until) == (
        Scope(kind="service", code="safeguarding"),
        date(2026, 3, 1),
        date(2026, 3, 31),
    )
    page = admin.get(path).text
    assert "Covers a vacancy" in page
    link = re.search(r'href="(/people/[^"]+end-role\?grant=team-manager[^"]+)"', page)
    assert link is not None
    token = re.search(r'<option value="([^"]+)" selected', admin.get(link[1]).text)
    assert token is not None
    assert change(admin, f"{path}/end-role", {"grant": token[1]}).status_code == 303
    assert "Ended the role Team manager" in words_of(admin.get(path).text)


@pytest.mark.parametrize(
    ("handle", "what", "fields", "field", "sentence"),
    [
        ("reader", "role", {"role": "", "scope": "council"}, "role", "Choose a role."),
        ("reader", "role", {"role": "auditor", "scope": "team:north"}, "scope", "no such team"),
        ("reader", "role", {"role": "auditor", "scope": "moon"}, "scope", "how far the role"),
        (
            "reader",
            "role",
            {"role": "auditor", "scope": "council", "until.day": "31", "until.month": "2",
             "until.year": "2026"},
            "until",
            "Enter a real date",
        ),
        ("reader", "role", {"role": "reader", "scope": "council"}, "", "already holds this role"),
        ("reader", "name", {"name": " "}, "name", "Enter a name"),
        ("reader", "end-role", {"grant": ""}, "grant", "Choose one of the roles"),
        ("admin", "role", {"role": "qa-lead", "scope": "council"}, "", "must grant you a role"),
        ("admin", "leave", {}, "", "Somebody else must record that you left."),
        ("reader", "return", {}, "", "has not left"),
    ],
)  # fmt: skip
def test_a_change_that_breaks_a_rule_is_refused_on_its_own_page(
    small_council: Council,
    admin: Browser,
    handle: str,
    what: str,
    fields: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    person = small_council.ids[handle]
    before = row(small_council, person)
    page = change(admin, f"/people/{person}/{what}", fields)
    assert page.status_code in (409, 422)
    assert sentence in words_of(page.text)
    assert "<title>Error: " in page.text
    if field:
        assert f'href="#{field}"' in page.text
        assert f'id="{field}' in page.text
    assert row(small_council, person) == before


def test_who_left_cannot_go_on_and_who_came_back_can(
    small_council: Council, admin: Browser
) -> None:
    path = f"/people/{small_council.ids['auditor']}"
    assert change(admin, f"{path}/leave", {"reason": "Moved away"}).status_code == 303
    page = words_of(admin.get(path).text)
    assert "Leaves on 2 March 2026." in page
    assert "Cancel the departure" in page
    small_council.clock.advance(timedelta(days=1))
    assert small_council.browser("auditor").get("/reports").status_code == 403
    small_council.clock.advance(timedelta(hours=1))
    fresh = small_council.browser("admin")
    assert "Left on 2 March 2026." in words_of(fresh.get(path).text)
    assert "Record return" in words_of(fresh.get(path).text)
    assert "No role, so nothing but their own account." in words_of(fresh.get(path).text)
    assert change(fresh, f"{path}/return").status_code == 303
    assert small_council.browser("auditor").get("/reports").status_code == 200


def test_ending_sessions_signs_somebody_out_everywhere(
    small_council: Council, admin: Browser
) -> None:
    auditor, program = small_council.browser("auditor"), small_council.program("auditor")
    assert auditor.get("/reports").status_code == 200
    assert program.get("/api/v1/case-audits").status_code == 200
    path = f"/people/{small_council.ids['auditor']}"
    assert change(admin, f"{path}/sessions").status_code == 303
    assert auditor.get("/reports").status_code == 303
    assert program.get("/api/v1/case-audits").status_code == 401
    with small_council.services.store.reading() as connection:
        held = sessions.of(connection, small_council.clock, small_council.ids["auditor"])
    assert held == []
    assert "Sign-in: sessions ended" in words_of(admin.get(path).text)


def test_the_page_says_what_somebody_may_do_and_by_which_rule(
    small_council: Council, admin: Browser
) -> None:
    small_council.grant("reader", Role.TEAM_MANAGER, Scope(kind="team", code="east"))
    said = words_of(admin.get(f"/people/{small_council.ids['reader']}").text)
    assert "Team manager Team East Managers read submitted audits of their team." in said
    assert "Reader The whole council Readers read submitted audits of their scope." in said
    mine = small_council.browser("nobody").get("/account/rights")
    assert mine.status_code == 200
    assert "No role, so nothing but their own account." in words_of(mine.text)


@pytest.mark.parametrize("path", ["/people/{}/nothing", "/people/nobody-at-all", "/teams/north"])
def test_unknown_people_changes_and_teams_are_not_found(
    small_council: Council, admin: Browser, path: str
) -> None:
    assert admin.get(path.format(small_council.ids["lead"])).status_code == 404


def test_teams_are_opened_renamed_and_closed(small_council: Council, admin: Browser) -> None:
    opened = change(admin, "/teams/new", {"name": "Leaving Care", "service_name": "Safeguarding"})
    assert opened.status_code == 303
    assert "Leaving Care Safeguarding leaving-care Open" in words_of(admin.get("/teams").text)
    form = hidden(admin.get("/teams/leaving-care").text, "/teams/leaving-care/name")
    assert admin.post("/teams/leaving-care/name", {**form, "name": "Onward"}).status_code == 303
    form = hidden(admin.get("/teams/leaving-care").text, "/teams/leaving-care/close")
    assert admin.post("/teams/leaving-care/close", form).status_code == 303
    assert "Onward" not in words_of(admin.get("/teams").text)
    assert "Onward Safeguarding leaving-care Closed" in words_of(
        admin.get("/teams?closed=yes").text
    )
    with small_council.services.store.reading() as connection:
        names = {team.team: team.name for team in queries.teams(connection)}
    assert "leaving-care" not in names
    form = hidden(admin.get("/teams/leaving-care").text, "/teams/leaving-care/reopen")
    assert admin.post("/teams/leaving-care/reopen", form).status_code == 303
    assert "Onward Safeguarding leaving-care Open" in words_of(admin.get("/teams").text)


def test_of_two_tabs_on_a_team_the_second_is_told_and_keeps_what_was_typed(
    small_council: Council, admin: Browser
) -> None:
    old = hidden(admin.get("/teams/east").text, "/teams/east/name")
    closing = hidden(admin.get("/teams/east").text, "/teams/east/close")
    assert admin.post("/teams/east/name", {**old, "name": "Eastern"}).status_code == 303
    second = admin.post("/teams/east/name", {**old, "key": "k" * 16, "name": "Far East"})
    assert second.status_code == 409
    assert 'value="Far East"' in second.text
    assert "Somebody else has changed this team" in second.text
    assert admin.post("/teams/east/close", {**closing, "successor": "west"}).status_code == 409
    closing = hidden(admin.get("/teams/east").text, "/teams/east/close")
    assert admin.post("/teams/east/close", {**closing, "successor": "nowhere"}).status_code == 422
    assert admin.post("/teams/east/close", {**closing, "key": "n" * 16}).status_code == 303
    assert admin.post("/teams/east/nothing", closing).status_code == 404


def test_two_people_cannot_manage_each_other(small_council: Council, admin: Browser) -> None:
    ids = small_council.ids

    def manage(person: str, manager: str) -> Any:
        return change(admin, f"/people/{ids[person]}/move", {"team": "", "manager": ids[manager]})

    assert manage("auditor", "moderator").status_code == 303
    assert manage("moderator", "lead").status_code == 303
    refused = manage("lead", "auditor")
    assert refused.status_code == 422
    assert "That would be a circle of line managers" in refused.text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "", "service_name": "Safeguarding"}, "name"),
        ({"name": "East", "service_name": "Safeguarding"}, ""),
        ({"name": "North", "service_name": ""}, "service_name"),
    ],
)
def test_a_team_that_cannot_be_opened_is_refused_with_its_values_kept(
    admin: Browser, fields: dict[str, str], field: str
) -> None:
    page = change(admin, "/teams/new", fields)
    assert page.status_code in (409, 422)
    if field:
        assert f'href="#{field}"' in page.text
    for value in filter(None, fields.values()):
        assert f'value="{value}"' in page.text

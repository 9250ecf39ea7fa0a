"""Signing in and looking after one's account, through HTTP."""

import re
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.settings import Settings
from api.web.typed_again import local
from qa.core.asking import ask
from qa.core.clock import SetClock
from qa.security.access_log import access_log
from qa.security.accounts import calendars, one_time, sessions, tokens
from tests.support.shell import NOON, PASSWORD, create_shell, records_at, with_person
from tests.support.told_codes import ToldCodes

HERE = {"Origin": "http://testserver"}


@pytest.fixture
def clock():
    return SetClock(NOON)


@pytest.fixture
def records(tmp_path, clock):
    made = records_at(tmp_path)
    with_person(made, clock)
    yield made
    made.close()


@pytest.fixture
def client(records, clock):
    app = create_shell(Settings(council_name="Northshire"), records, clock)
    with TestClient(app, headers={"Accept": "text/html"}, follow_redirects=False) as made:
        yield made


def sign_in(client, password=PASSWORD, **more):
    return client.post(
        "/sign-in", data={"name": "ada.l", "password": password, **more}, headers=HERE
    )


def csrf(client):
    return re.search(r'name="csrf" value="([^"]+)"', client.get("/account").text)[1]


def test_a_stranger_is_sent_to_sign_in_and_back_to_where_they_were_going(client):
    sent = client.get("/account?done=token")
    assert (sent.status_code, sent.headers["location"]) == (
        303,
        "/sign-in?next=%2Faccount%3Fdone%3Dtoken",
    )
    assert sign_in(client, next="/account?done=token").headers["location"] == "/account?done=token"
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil", "", "/a\nb"])
def test_sign_in_never_leads_to_another_site(path):
    assert local(path) == "/"


def test_a_wrong_password_and_an_unknown_name_say_the_same(client):
    wrong = sign_in(client, "not the password")
    unknown = client.post("/sign-in", data={"name": "nobody", "password": "x"}, headers=HERE)
    assert wrong.status_code == unknown.status_code == 422
    assert "The sign-in name or the password is not right." in wrong.text
    assert wrong.text.replace("ada.l", "nobody") == unknown.text
    assert "<title>Error: Sign in" in wrong.text


def test_guessing_is_slowed_down_and_the_right_password_waits_too(client, clock):
    for _ in range(3):
        sign_in(client, "guess")
    held_off = sign_in(client)
    assert "Wait 1 second, then try again." in held_off.text
    assert (held_off.status_code, held_off.headers["retry-after"]) == (429, "1")
    assert 'value="ada.l"' in held_off.text
    clock.advance(timedelta(seconds=1))
    assert sign_in(client).status_code == 303


@pytest.mark.parametrize("path", ["/account/password", "/account/tokens"])
def test_guessing_at_ones_own_password_is_held_off_too(client, clock, path):
    sign_in(client)
    clock.advance(timedelta(seconds=1))
    for _ in range(3):
        client.post(path, data={"csrf": csrf(client), "current": "guess"}, headers=HERE)
    answer = client.post(path, data={"csrf": csrf(client), "current": PASSWORD}, headers=HERE)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert "Wait 1 second, then try again." in answer.text


def test_the_cookie_is_for_scripts_to_leave_alone_and_changes_at_sign_in(client, records, clock):
    first = sign_in(client).headers["set-cookie"]
    assert re.match(r"caseloop=[\w-]{43}; HttpOnly; Path=/; SameSite=lax$", first)
    assert sign_in(client).status_code == 401  # a session asks for its token
    with records.reading() as connection:
        assert len(sessions.of(connection, clock, "p-ada")) == 1


def test_over_https_the_cookie_is_tied_to_the_host(records, clock):
    app = create_shell(Settings(base_url="https://qa.example"), records, clock)
    with TestClient(app, base_url="https://qa.example", follow_redirects=False) as client:
        answer = client.post(
            "/sign-in",
            data={"name": "ada.l", "password": PASSWORD},
            headers={"Origin": "https://qa.example"},
        )
    assert answer.headers["set-cookie"].startswith("__Host-caseloop=")
    assert answer.headers["set-cookie"].endswith("; HttpOnly; Path=/; SameSite=lax; Secure")
    assert "max-age" in answer.headers["strict-transport-security"]


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}],
)
def test_a_form_from_elsewhere_is_refused_before_sign_in(client, headers):
    answer = client.post("/sign-in", data={"name": "ada.l", "password": PASSWORD}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("given", [{}, {"csrf": "wrong"}, {"csrf": ["a", "b"]}])
def test_a_form_without_the_sessions_token_is_refused(client, given):
    sign_in(client)
    answer = client.post("/sign-out", data=given, headers=HERE)
    assert answer.status_code == 401
    assert client.get("/account").status_code == 200  # nothing was done


def test_signing_out_ends_the_session_on_the_server_and_both_are_logged(client, records):
    sign_in(client)
    cookie = client.cookies["caseloop"]
    client.post("/sign-out", data={"csrf": csrf(client)}, headers=HERE)
    client.cookies.set("caseloop", cookie)
    assert client.get("/account").status_code == 303
    with records.reading() as connection:
        logged = connection.execute(select(access_log.c.what).order_by(access_log.c.id))
        assert list(logged.scalars()) == ["sign-in", "sign-out"]


def test_a_session_ends_after_thirty_idle_minutes_and_use_extends_it(client, clock):
    sign_in(client)
    clock.advance(timedelta(minutes=29))
    assert client.get("/session").status_code == 204
    clock.advance(timedelta(minutes=29))
    assert client.get("/account").status_code == 200
    clock.advance(timedelta(minutes=30))
    assert client.get("/account").status_code == 303


def test_a_one_time_code_sets_a_password_once(client, records, clock):
    with records.writing() as connection:
        code = one_time.make(connection, clock, person="p-ada")
    assert code not in client.get(f"/set-password?code={code}").text
    weak = client.post(
        "/set-password",
        data={"code": code, "password": "ada.l", "again": "other"},
        headers=HERE,
    )
    assert weak.status_code == 422
    for said in ("Use 12 characters", "Leave your sign-in name out", "are not the same"):
        assert said in weak.text
    new = {"code": code, "password": "cloud over harbour", "again": "cloud over harbour"}
    assert client.post("/set-password", data=new, headers=HERE).status_code == 303
    assert client.get("/account").status_code == 200
    client.cookies.clear()
    again = client.post("/set-password", data=new, headers=HERE)
    assert "This code is not known" in again.text
    assert sign_in(client).status_code == 422
    assert sign_in(client, "cloud over harbour").status_code == 303


PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


def test_changing_the_password_ends_every_other_way_in(client, records, clock):
    sign_in(client)
    with records.writing() as connection:
        sessions.start(connection, clock, person="p-ada", agent="The other one")
        sessions.start(connection, clock, person="p-ada", agent=PHONE)
        token, _ = tokens.make(
            connection,
            clock,
            person="p-ada",
            label="Power BI",
            scopes=["read"],
            lasts=timedelta(days=9),
        )
        calendar = calendars.make(connection, clock, "p-ada")
    shown = client.get("/account").text
    assert "The other one" in shown
    assert "Safari on an iPhone" in shown
    assert PHONE not in shown
    answer = client.post(
        "/account/password",
        data={
            "csrf": csrf(client),
            "current": PASSWORD,
            "password": "cloud over harbour",
            "again": "cloud over harbour",
        },
        headers=HERE,
    )
    assert answer.headers["location"] == "/account?done=password"
    assert "The other one" not in client.get("/account").text
    with records.reading() as connection:
        assert ask(connection, tokens.live(clock, token)) is None
        assert calendars.holder(connection, calendar) is None


def test_a_token_is_shown_once_works_and_can_be_revoked(client, records, clock):
    sign_in(client)
    form = {"csrf": csrf(client), "label": "Power BI", "scopes": "read", "days": "30"}
    without = client.post("/account/tokens", data=form, headers=HERE)
    assert "This is not your present password." in without.text
    assert "clp_" not in without.text
    form["current"] = PASSWORD
    made = client.post("/account/tokens", data=form, headers=HERE)
    secret = re.search(r"clp_[\w-]{43}", made.text)[0]
    assert secret not in client.get("/account").text
    with records.reading() as connection:
        found = ask(connection, tokens.live(clock, secret))
    assert (found.person, found.scopes) == ("p-ada", {"read"})
    number = re.search(r"/account/tokens/(\d+)/revoke", client.get("/account").text)[1]
    client.post(f"/account/tokens/{number}/revoke", data={"csrf": csrf(client)}, headers=HERE)
    with records.reading() as connection:
        assert ask(connection, tokens.live(clock, secret)) is None


def test_a_bad_token_form_names_every_fault(client):
    sign_in(client)
    form = {"csrf": csrf(client), "days": "0", "current": PASSWORD}
    answer = client.post("/account/tokens", data=form, headers=HERE)
    assert answer.text.index("#label") < answer.text.index("#scopes") < answer.text.index("#days")


def test_a_code_that_is_not_known_sets_no_password(client: Any, told_codes: ToldCodes) -> None:
    new = {"code": "not-a-code", "password": "cloud over harbour", "again": "cloud over harbour"}
    answer = client.post("/set-password", data=new, headers=HERE)
    assert (answer.status_code, told_codes.taken()) == (422, ["bad-code"])


def test_guessing_is_told_to_wait(client: Any, told_codes: ToldCodes) -> None:
    for _ in range(3):
        sign_in(client, "guess")
        assert told_codes.taken() == ["wrong"]
    sign_in(client)
    assert told_codes.taken() == ["held-off"]

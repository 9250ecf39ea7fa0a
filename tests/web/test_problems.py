"""Errors reach people as plain pages and machines as problem documents, and give nothing away."""

import logging

import pytest
from fastapi.testclient import TestClient

from api.settings import Settings
from tests.support.shell import create_shell, records_at


@pytest.fixture
def client(tmp_path):
    records = records_at(tmp_path)
    app = create_shell(Settings(max_body_bytes=1000), records)
    with TestClient(app, headers={"Accept": "text/html"}) as made:
        yield made
    records.close()


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("403", "You do not have access to this"),
        ("404", "Page or record not found"),
        ("409", "The record has moved on"),
        ("422", "There is a problem with what was entered"),
        ("500", "Something went wrong"),
        ("503", "Caseloop cannot reach its records just now"),
    ],
)
def test_a_person_gets_a_page_in_plain_words(client, code, title):
    answer = client.get(f"/fail/{code}")
    assert answer.status_code == int(code)
    assert f">{title}</h1>" in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_a_machine_gets_a_problem_document(client):
    answer = client.get("/api/fail/422")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/errors/refused",
        "title": "There is a problem with what was entered",
        "status": 422,
        "detail": "Say why.",
        "instance": "/api/fail/422",
        "code": "refused",
        "errors": [{"field": "reason", "code": "refused", "sentence": "Say why."}],
    }


@pytest.mark.parametrize("path", ["/fail/500", "/api/fail/500"])
def test_the_unforeseen_shows_and_logs_a_reference_but_never_the_message(client, path, caplog):
    with caplog.at_level(logging.ERROR):
        answer = client.get(path)
    assert answer.status_code == 500
    assert "Secret case text" not in answer.text + caplog.text
    [record] = caplog.records
    reference = record.args[0]
    assert reference in answer.text
    assert "ValueError at" in caplog.text
    assert "shell.py" in caplog.text


def test_an_unknown_address_and_a_wrong_method_are_pages_too(client):
    assert "There is no page at this address." in client.get("/nowhere").text
    assert client.post("/fail/404").status_code == 405


def test_a_page_that_is_not_open_says_what_to_do(client):
    refused = client.get("/fail/403").text
    assert "ask a QA lead about records, or an administrator about your roles" in refused
    absent = client.get("/fail/404?as_at=2026-01-01").text
    assert "If you typed the address, check that it is right." in absent
    assert "You asked for an earlier date" in absent
    assert 'href="/fail/404"' in absent
    assert "earlier date" not in client.get("/fail/404").text
    strange = client.post("/sign-in", data={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert strange.status_code == 403
    assert ">This form was not sent</h1>" in strange.text
    assert "ask a QA lead" not in strange.text


def test_too_large_a_body_is_refused(client):
    answer = client.post(
        "/sign-in", content=b"x" * 1001, headers={"Content-Type": "application/octet-stream"}
    )
    assert answer.status_code == 413


def test_assets_may_be_kept_for_ever_under_their_hash(client):
    url = client.app.state.pages.environment.globals["asset"]("app.css")
    assert "immutable" in client.get(url).headers["cache-control"]
    assert client.get("/static/old/app.css").headers["cache-control"] == "no-cache"
    assert client.get("/static/x/../../settings.py").status_code == 404
    theme = url.replace("app.css", "theme.css")
    assert client.get(theme).text == ":root{--app-council:#1d4f76}\n"

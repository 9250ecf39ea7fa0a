"""What is behind never looks healthy: on pages, in files, in the API, and for the monitoring."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page
from sqlalchemy import insert

from api.main import create_app
from projections.core.bookkeeping import read_model_aside
from qa.security.accounts import sessions
from tests.support.browser import axe, no_sideways_scroll, served
from tests.support.council import Council, words_of

V1 = "/api/v1"
SAMPLE = r'^(caseloop_[a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})?) (\S+)$'
MARK = "These figures are behind."


@pytest.fixture
def failed(small_council: Council) -> Council:
    """A council whose agreement figures could not take the last event."""
    audit = small_council.submitted()
    head = small_council.services.store.head()
    with small_council.services.store.writing() as connection:
        connection.execute(
            insert(read_model_aside).values(
                name="moderation_agreement",
                stream=f"case-audit:{audit}",
                position=head,
                error="RuntimeError in projector.py, line 1",
            )
        )
    return small_council


@pytest.mark.parametrize(
    "path",
    ["/", "/audits", "/reports/agreement?from=2026-01-01&to=2026-03-31", "/search?q=evidence"],
)
def test_pages_say_what_is_behind_and_by_how_much(failed: Council, path: str) -> None:
    head = failed.services.store.head()
    told = words_of(failed.browser("lead").get(path).text)
    assert MARK in told
    assert (
        f"Moderation agreement: up to position {head - 1} of {head}, because 1 record is set aside."
        in told
    )


def test_a_picture_from_before_the_mistake_is_whole(failed: Council) -> None:
    head = failed.services.store.head()
    browser = failed.browser("lead")
    assert MARK not in browser.get(f"/audits?position={head - 1}").text
    assert MARK in browser.get(f"/audits?position={head}").text


def test_files_and_the_api_are_marked(failed: Council) -> None:
    head = failed.services.store.head()
    said = f"moderation_agreement={head - 1}/{head}"
    file = failed.browser("lead").get("/audits/export.csv")
    assert 'filename="BEHIND-' in file.headers["content-disposition"]
    assert file.headers["caseloop-behind"] == said
    program = failed.program("lead")
    listed = program.get(f"{V1}/exports/audits.json")
    assert any("set aside" in note for note in listed.json()["notes"])
    assert program.get(f"{V1}/case-audits").headers["caseloop-behind"] == said
    report = program.get(f"{V1}/reports/agreement?from=2026-01-01&to=2026-03-31").json()
    assert any(one.startswith("figures-behind") for one in report["caveats"])


def test_nothing_is_marked_where_nothing_is_behind(small_council: Council) -> None:
    small_council.submitted()
    page = small_council.browser("lead").get("/audits/export.csv")
    assert "caseloop-behind" not in page.headers
    assert "BEHIND" not in page.headers["content-disposition"]
    assert MARK not in small_council.browser("lead").get("/audits").text


def test_the_health_page_names_state_lag_and_what_was_set_aside(failed: Council) -> None:
    told = words_of(failed.browser("lead").get("/health").text)
    assert "Moderation agreement Could not take a fact" in told
    assert "RuntimeError in projector.py, line 1" in told
    assert "caseloop rebuild --only moderation_agreement" in told
    assert failed.browser("admin").get("/health").status_code == 200
    assert failed.browser("reader").get("/health").status_code == 403


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/health", "/audits"])
def test_pages_with_the_mark_are_accessible(failed: Council, tab: Page, path: str) -> None:
    with served(create_app(failed.services)) as address:
        with failed.services.store.writing() as connection:
            secret, _ = sessions.start(connection, failed.clock, person=failed.ids["lead"])
        name = failed.services.settings.cookie_name
        tab.context.add_cookies([{"name": name, "value": secret, "url": address}])
        for width in (1200, 320):
            tab.set_viewport_size({"width": width, "height": 900})
            tab.goto(f"{address}{path}")
            axe(tab)
            no_sideways_scroll(tab)


def test_health_for_machines(failed: Council) -> None:
    answer = TestClient(create_app(failed.services)).get("/healthz").json()
    assert answer["status"] == "failed"
    assert answer["failed"] == ["moderation_agreement"]


def values(text: str) -> dict[str, float]:
    """The samples of Prometheus' text form; every line must be one or a comment."""
    found: dict[str, float] = {}
    for line in text.splitlines():
        if line.startswith("# "):
            assert re.match(r"^# (HELP|TYPE) caseloop_[a-z_]+ \S", line)
            continue
        sample = re.match(
            r'^(caseloop_[a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})?) (\S+)$', line
        )
        assert sample, line
        found[sample[1]] = float(sample[2])
    return found


def test_metrics_name_every_model_the_head_and_the_requests(failed: Council) -> None:
    client = TestClient(create_app(failed.services), client=("127.0.0.1", 5000))
    client.get("/healthz")
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    told = values(answer.text)
    head = failed.services.store.head()
    assert told["caseloop_head_position"] == head
    for model in failed.services.registry.projectors:
        lag = told[f'caseloop_read_model_lag{{model="{model.name}"}}']
        is_failed = told[f'caseloop_read_model_failed{{model="{model.name}"}}']
        expected = (1, 1) if model.name == "moderation_agreement" else (0, 0)
        assert (lag, is_failed) == expected
    assert told['caseloop_requests_total{method="GET",status="2xx"}'] == 1
    assert told["caseloop_seal_lag"] == head - told["caseloop_sealed_position"]


def test_metrics_are_for_this_machine_or_for_the_token(small_council: Council) -> None:
    services = small_council.services
    elsewhere = TestClient(create_app(services), client=("10.0.0.9", 5000))
    assert elsewhere.get("/metrics").status_code == 403
    kept = services.settings.model_copy(update={"metrics_token": "a long secret"})
    object.__setattr__(services, "settings", kept)
    guarded = TestClient(create_app(services), client=("127.0.0.1", 5000))
    assert guarded.get("/metrics").status_code == 403
    wrong = {"Authorization": "Bearer another"}
    assert guarded.get("/metrics", headers=wrong).status_code == 403
    right = {"Authorization": "Bearer a long secret"}
    assert guarded.get("/metrics", headers=right).status_code == 200

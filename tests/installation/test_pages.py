"""What people and the monitoring are told of the installation: health, lag, and metrics."""

from __future__ import annotations

import asyncio
import re
import sys
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.apart.process import EndedEarly, ProcessApart
from api.main import create_app
from tests.support.council import Council, words_of


def test_the_health_page_names_state_lag_and_what_was_set_aside(failed: Council) -> None:
    told = words_of(failed.browser("lead").get("/health").text)
    assert "Moderation agreement Could not take a fact" in told
    assert "RuntimeError in projector.py, line 1" in told
    assert "caseloop rebuild --only moderation_agreement" in told
    assert failed.browser("admin").get("/health").status_code == 200
    assert failed.browser("reader").get("/health").status_code == 403


def test_health_for_machines(failed: Council) -> None:
    answer = TestClient(create_app(failed.services)).get("/healthz").json()
    assert answer["status"] == "failed"
    assert answer["failed"] == ["moderation_agreement"]


@pytest.fixture
def starting(small_council: Council, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A server that has not loaded its pages yet."""
    monkeypatch.setattr("api.main.collect_seldom", lambda: None)
    app = create_app(small_council.services, serves=True)
    return TestClient(app, raise_server_exceptions=False)


def test_a_server_without_its_pages_is_in_trouble_until_they_are_loaded(
    starting: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as away:
        away.setitem(sys.modules, "api.routes", None)
        assert starting.get("/healthz").status_code == 200, "nobody asked for a page yet"
        assert starting.get("/accessibility").status_code == 500
        answer = starting.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (503, "failed")
    assert answer.json()["pages"] == "ModuleNotFoundError"
    assert "the pages could not be loaded" in caplog.text
    answer = starting.get("/healthz")
    assert (answer.status_code, answer.json()["pages"]) == (200, "ok"), "it is tried again"
    assert starting.get("/accessibility").status_code == 200


def test_the_description_of_the_api_is_made_beside_what_answers_others(
    starting: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    works: list[str] = []

    class Beside(ProcessApart):
        """Another process, which ends early or answers without loading the pages once more."""

        def __init__(self) -> None:
            with pytest.raises(RuntimeError, match="no running event loop"):
                asyncio.get_running_loop()

        def ask(self, work: Any, *_: Any, **__: Any) -> Any:
            works.append(f"{work.__module__}.{work.__qualname__}")
            if len(works) == 1:
                raise EndedEarly
            return b'{"openapi": "3.1.0"}'

        def end(self, seconds: float = 0.0) -> None:
            """There is none."""

    monkeypatch.setattr("api.main.ProcessApart", Beside)
    monkeypatch.setattr(starting.app, "openapi", lambda: {"made": "here"})
    assert starting.get("/api/v1/openapi.json").json() == {"made": "here"}
    del vars(starting.app)["openapi_json"]
    for _ in range(2):
        assert starting.get("/api/v1/openapi.json").json() == {"openapi": "3.1.0"}
    assert starting.head("/api/v1/openapi.json").status_code == 200
    assert works == ["api.routes.document_json"] * 2


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


def test_about_tells_the_council_the_position_and_the_state_of_the_read_models(
    small_council: Council,
) -> None:
    page = small_council.browser("nobody").get("/about")
    said = words_of(page.text)
    with small_council.services.store.reading() as connection:
        head = small_council.services.store.head(connection)
    assert f"Position of the log {head} Database SQLite" in said
    for model in small_council.services.registry.projectors:
        words = model.name.replace("_", " ").capitalize()
        assert f"{words} {model.version} Up to date" in said
    assert 'href="/about"' in page.text

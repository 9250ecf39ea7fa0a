"""What people and the monitoring are told of the installation: health, lag, and metrics."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient

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

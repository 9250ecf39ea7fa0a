"""Improvement plans over the API and on the command line: one plan, kept and asked."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.cli.app import app
from qa.core.errors import Refused
from tests.conftest import NewCouncil
from tests.plans.support import FOUR, THREE
from tests.support.council import Council

API = "/api/v1"
DAY = {"role": "due", "due": {"kind": "day", "on": "2026-01-31"}}


@pytest.fixture(scope="module")
def council(new_council: NewCouncil) -> Any:
    return new_council()


@pytest.fixture(scope="module")
def lead(council: Council) -> TestClient:
    return council.program("lead")


def changed(client: TestClient, path: str, body: Any, record: str, verb: str = "POST") -> Any:
    """Change a record as it stands; what the command answers."""
    tag = client.get(f"{API}/{record}").headers["ETag"]
    answer = client.request(verb, f"{API}/{path}", json=body, headers={"If-Match": tag})
    assert answer.status_code in (200, 201), answer.text
    return answer.json()["result"]


@pytest.fixture(scope="module")
def plan(council: Council, lead: TestClient) -> dict[str, str]:
    """A plan with two actions, one late and rated, and a meeting that was held."""
    assert lead.post(f"{API}/rag-scales", json=FOUR.model_dump(mode="json")).status_code == 201
    opened = lead.post(
        f"{API}/plans",
        json={
            "title": "Getting to good", "board": "Board", "tiers": ["Ambition"],
            "scale": FOUR.key, "since": "2025-04-01",
        },
    )  # fmt: skip
    plan = opened.json()["result"]["plan"]
    part = changed(
        lead,
        f"plans/{plan}/parts",
        {"tier": "Ambition", "reference": "1", "title": "Practice"},
        f"plans/{plan}",
    )["part"]
    found = {"plan": plan, "part": part}
    for reference in ("1.1", "1.2"):
        body = {
            "plan": plan, "part": part, "reference": reference, "title": "Do it",
            "since": "2025-04-01", "stages": [DAY],
        }  # fmt: skip
        found[reference] = lead.post(f"{API}/plan-actions", json=body).json()["result"]["action"]
    action = f"plan-actions/{found['1.1']}"
    changed(lead, f"{action}/assessments", {"as_at": "2026-01-10", "level": "amber"}, action)
    meeting = {"on": "2026-01-20", "title": "January"}
    made = changed(lead, f"plans/{plan}/meetings", meeting, f"plans/{plan}")
    found["meeting"] = made["meeting"]
    changed(lead, f"plans/{plan}/meetings/{found['meeting']}/holding", {}, f"plans/{plan}")
    return found


def test_a_plan_is_read_with_its_parts_and_actions(lead: TestClient, plan: dict[str, str]) -> None:
    found = lead.get(f"{API}/plans/{plan['plan']}").json()
    assert [part["reference"] for part in found["parts"]] == ["1"]
    ratings = [
        (one["reference"], one["rating"] and one["rating"]["level"]) for one in found["actions"]
    ]
    assert ratings == [("1.1", "amber"), ("1.2", None)]
    assert [one["title"] for one in lead.get(f"{API}/plans").json()["plans"]] == ["Getting to good"]


def test_an_action_is_read_whole(lead: TestClient, plan: dict[str, str]) -> None:
    found = lead.get(f"{API}/plan-actions/{plan['1.1']}").json()
    assert [(one["as_at"], one["level"], one["rank"]) for one in found["strip"]] == [
        ("2026-01-10", "amber", 2)
    ]
    assert [(one["level"], one["days"]) for one in found["spells"]] == [(None, 284), ("amber", 51)]
    assert (found["status"]["computed"], found["status"]["dates"]["days_late_by_current"]) == (
        "off-track", 30,
    )  # fmt: skip


def test_the_report_gives_each_figure_with_its_base_its_rows_and_its_events(
    lead: TestClient, plan: dict[str, str]
) -> None:
    base = f"{API}/plans/{plan['plan']}/report"
    report = lead.get(base).json()
    assert set(report) >= {"report", "title", "as_at", "cohort_rule", "caveats", "rows", "totals"}
    row, total = report["rows"][0], report["totals"][0]
    counts = {name: (one["numerator"], one["denominator"]) for name, one in row["figures"].items()}
    assert counts["rated_amber"] == (1, 1)
    assert counts["rated_red"] == (0, 1)
    assert counts["unrated"] == (1, 2)
    assert counts["overdue_by_current_date"] == (2, 2)
    assert total["figures"]["mean_of_themes"]["value"] == "2.00"
    asked = {"figure": "rated_amber", "theme": plan["part"]}
    rows = lead.get(f"{base}/rows", params=asked).json()["actions"]
    assert [one["id"] for one in rows] == [plan["1.1"]]
    why = lead.get(f"{base}/why", params=asked).json()
    assert why["same"]
    assert {event["stream"].partition(":")[0] for event in why["facts"]} == {
        "plan", "plan-action", "rag-scale",
    }  # fmt: skip
    assert lead.get(f"{base}/why", params={"figure": "no-such"}).status_code == 404
    assert lead.get(base, params={"day": "2030-01-01"}).status_code == 422


def test_the_board_s_questions_have_their_answers(lead: TestClient, plan: dict[str, str]) -> None:
    base = f"{API}/plans/{plan['plan']}"
    assert [one["computed"] for one in lead.get(f"{base}/statuses").json()["actions"]] == [
        "off-track", "off-track",
    ]  # fmt: skip
    assert lead.get(f"{base}/statuses?only=gaps").json()["actions"] == []
    late = lead.get(f"{base}/overdue?level=amber").json()
    assert [one["reference"] for one in late["by_first"]] == ["1.1"]
    table = lead.get(f"{base}/table").json()
    assert [cell["rating"]["level"] for cell in table["actions"][0]["cells"]] == ["amber"]
    seen = lead.get(f"{base}/meetings/{plan['meeting']}").json()
    assert (seen["state"], seen["changed"]) == ("held", None)
    assert seen["report"]["as_at"]["date"] == "2026-01-20"
    coming = lead.get(f"{base}/forecast?until=2026-01-31&day=2026-01-20").json()
    assert coming["actions"] == []
    coming = lead.get(f"{base}/forecast?until=2026-02-28&day=2026-01-20").json()
    assert [one["likely_late"] for one in coming["actions"]] == [None, None]
    moved = lead.get(f"{base}/changes?since=2026-01-01").json()
    assert [one["reference"] for one in moved["moved"]] == []


def test_a_change_says_its_version_and_every_fault_its_field(
    lead: TestClient, plan: dict[str, str]
) -> None:
    path = f"{API}/plan-actions/{plan['1.2']}/assessments"
    assert lead.post(path, json={"level": "red"}).status_code == 428
    stale = lead.post(path, json={"level": "red"}, headers={"If-Match": '"9"'})
    assert stale.status_code == 409
    wrong = lead.post(
        path,
        json={"level": "pink", "as_at": "2031-01-01", "percent_complete": 120},
        headers={"If-Match": '"1"'},
    )
    assert {error["field"]: error["code"] for error in wrong.json()["errors"]} == {
        "level": "level-unknown",
        "as_at": "date-future",
        "percent_complete": "percent-out-of-range",
    }


def test_dates_are_asked_for_and_approved_by_another(
    council: Council, lead: TestClient, plan: dict[str, str]
) -> None:
    action = f"plan-actions/{plan['1.2']}"
    later = {"role": "due", "due": {"kind": "month", "on": "2026-06-01"}}
    asked = changed(
        lead, f"{action}/reschedulings", {"new": [later], "reason": "The supplier is late."}, action
    )
    approval = f"{action}/reschedulings/{asked['request']}/approval"
    tag = {"If-Match": lead.get(f"{API}/{action}").headers["ETag"]}
    assert lead.post(f"{API}/{approval}", headers=tag).status_code == 403
    assert council.program("moderator").post(f"{API}/{approval}", headers=tag).status_code == 200
    found = lead.get(f"{API}/{action}").json()
    assert [found[name][0]["due"]["label"] for name in ("first", "stages")] == [
        "31 January 2026", "June 2026",
    ]  # fmt: skip


def test_who_may_read_a_plan(council: Council, plan: dict[str, str]) -> None:
    for path in (f"plans/{plan['plan']}", f"plan-actions/{plan['1.1']}", "rag-scales"):
        may = {
            who: council.program(who).get(f"{API}/{path}").status_code
            for who in ("reader", "auditor", "moderator", "worker", "nobody")
        }
        assert may == {
            "reader": 200,
            "auditor": 200,
            "moderator": 200,
            "worker": 403,
            "nobody": 403,
        }
    record = f"{API}/history?record=plan-action:{plan['1.1']}"
    assert council.program("worker").get(record).status_code == 403
    entries = council.program("reader").get(record).json()["entries"]
    assert any("Rated amber" in entry["title"] for entry in entries)


def test_scales_are_published_and_mapped(lead: TestClient, plan: dict[str, str]) -> None:
    del plan
    changed(
        lead,
        f"rag-scales/{THREE.id}/versions",
        THREE.model_dump(mode="json"),
        f"rag-scales/{THREE.id}",
    )
    levels = [{"old": "green", "new": "amber"}]
    mapping = {"old": FOUR.key, "new": THREE.key, "levels": levels, "since": "2026-01-01"}
    changed(lead, f"rag-scales/{THREE.id}/mappings", mapping, f"rag-scales/{THREE.id}")
    found = lead.get(f"{API}/rag-scales/{THREE.id}").json()
    assert [one["key"] for one in found["versions"]] == [FOUR.key, THREE.key]
    assert [one["levels"] for one in found["mappings"]] == [levels]


def test_the_report_on_the_command_line_says_what_the_api_says(
    council: Council, lead: TestClient, plan: dict[str, str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    settings = council.services.settings
    monkeypatch.setenv("CASELOOP_STORE", settings.store)
    monkeypatch.setenv("CASELOOP_KEY_FILE", str(settings.key_path))
    file = tmp_path / "rag.csv"
    asked = ["report", "rag", "--plan", "getting to good", "--day", "2026-01-20"]
    printed = CliRunner().invoke(app, [*asked, "--json"])
    assert printed.exit_code == 0, printed.output
    over_api = lead.get(f"{API}/plans/{plan['plan']}/report?day=2026-01-20").json()
    assert json.loads(printed.stdout)["rows"] == over_api["rows"]
    assert CliRunner().invoke(app, [*asked, "--csv", str(file)]).exit_code == 0
    lines = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    mean = next(line for line in lines if line["figure"] == "mean_of_themes")
    assert (mean["value"], mean["total"]) == ("2.00", "Whole plan")
    shown = CliRunner().invoke(app, asked, env={"COLUMNS": "300"})
    assert "Mean of the means of themes" in shown.output
    known_on = ["--plan", "getting to good", "--as-at", str(council.today), "--json"]
    then = CliRunner().invoke(app, ["report", "rag", *known_on])
    so = lead.get(f"{API}/plans/{plan['plan']}/report?as_at={council.today}").json()
    assert json.loads(then.stdout)["rows"] == so["rows"]
    on_a_day = ["report", "board", *known_on[:2], "--day", "2026-01-20", "--json"]
    board = json.loads(CliRunner().invoke(app, on_a_day).stdout)
    over_api = lead.get(f"{API}/plans/{plan['plan']}/board?day=2026-01-20").json()
    assert {**board, "as_at": ""} == {**over_api, "as_at": ""}
    unknown = CliRunner().invoke(app, ["report", "rag", "--plan", "other"])
    assert isinstance(unknown.exception, Refused)
    assert date.fromisoformat(mean["as_at"]) == date(2026, 1, 20)

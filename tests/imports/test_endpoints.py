"""Files brought in over the API."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

from api.imports import endpoints
from api.services import Services
from tests.support.case_audits import V1
from tests.support.council import Council


def test_a_file_is_imported_shown_first_and_undone(small_council: Council) -> None:
    lead = small_council.program("lead")
    rows = (
        "audit_id,child_ref,audit_date,team,auditor,overall\n"
        "A-1,C-1,2026-01-10,East,a1,Good\n"
        "A-2,C-2,2026-01-11,East,a1,Goood\n"
    )
    sent = {"file": ("audits.csv", rows.encode(), "text/csv")}
    shown = lead.post(f"{V1}/imports/audits", files=sent, data={"dry_run": "true"}).json()
    assert (len(shown["facts"]), shown["faults"][0]["row"]) == (1, 3)
    refused = lead.post(f"{V1}/imports/audits", files=sent)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["column"] == "overall"
    done = lead.post(f"{V1}/imports/audits", files=sent, data={"skip_bad": "true"}).json()
    assert done["result"]["imported"] == 1
    again = lead.post(f"{V1}/imports/audits", files=sent, data={"skip_bad": "true"}).json()
    assert (again["result"]["imported"], again["result"]["already_there"]) == (0, 1)
    sent["file"] = ("audits.csv", rows.replace("a1,Good", "a1,Inadequate").encode(), "text/csv")
    shown = lead.post(
        f"{V1}/imports/audits", files=sent, data={"dry_run": "true", "skip_bad": "true"}
    ).json()
    states = {name: count for name, count in shown["states"].items() if count}
    assert states == {"changed": 1, "refused": 1}
    assert shown["changed"][0]["cells"] == [
        {"field": "overall", "old": "good", "new": "inadequate"}
    ]
    assert shown["questions"][-1]["options"][1]["value"] == "correct"
    answers = {"changed": "correct", "reason": "The tracker was wrong.", "refused": "leave-out"}
    corrected = lead.post(
        f"{V1}/imports/audits", files=sent, data={"answers": json.dumps(answers)}
    ).json()
    assert corrected["result"]["corrected"] == 1
    batch = done["result"]["batch"]
    undone = lead.post(f"{V1}/imports/{batch}/reversal", json={"reason": "Wrong file."})
    assert undone.json()["result"]["records"] == 1
    assert lead.get(f"{V1}/case-audits").json()["audits"][0]["status"] == "voided"


def test_a_large_file_is_recorded_by_a_process_apart(
    small_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    def apart(services: Services, work: Any, *given: Any, seconds: float) -> Any:
        assert seconds == endpoints.APART_SECONDS
        return pickle.loads(pickle.dumps(work))(services, *pickle.loads(pickle.dumps(given)))

    monkeypatch.setattr(endpoints, "run_with_services", apart)
    monkeypatch.setattr(endpoints, "LARGE", 10)
    lead = small_council.program("lead")
    rows = "audit_id,child_ref,audit_date,team,auditor,overall\nA-1,C-1,2026-01-10,East,a1,Good\n"
    sent = {"file": ("audits.csv", rows.encode(), "text/csv")}
    key = {"Idempotency-Key": "file-of-june-1"}
    done = lead.post(f"{V1}/imports/audits", files=sent, headers=key)
    assert done.status_code == 201, done.text
    assert done.json()["result"]["imported"] == 1
    sent["file"] = ("audits.csv", rows.replace("C-1", "C-2").encode(), "text/csv")
    other = lead.post(f"{V1}/imports/audits", files=sent, headers=key)
    assert other.json()["code"] == "idempotency-key-reused"


def test_a_program_learns_the_kind_of_a_file_its_template_and_what_is_kept(
    small_council: Council,
) -> None:
    lead, admin = small_council.program("lead"), small_council.program("admin")
    kinds = [one["kind"] for one in lead.get(f"{V1}/imports/kinds").json()["kinds"]]
    assert {"audits", "plan"} <= set(kinds)
    assert "people" not in kinds
    assert "people" in str(admin.get(f"{V1}/imports/kinds").json())
    answer = lead.get(f"{V1}/imports/kinds/audits/template.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert lead.get(f"{V1}/imports/kinds/people/template.csv").status_code == 403
    sent = {"file": ("some.csv", answer.content, "text/csv")}
    told = lead.post(f"{V1}/imports/proposals", files=sent).json()
    assert (told["proposed"], told["kinds"][0]["missing"]) == ("audits", [])
    fruit = {"file": ("some.csv", b"Apples,Pears\n1,2\n", "text/csv")}
    assert lead.post(f"{V1}/imports/proposals", files=fruit).json() == {
        "proposed": None,
        "kinds": [],
    }
    kept = {"keep_as": "North", "answers": json.dumps({"columns": {"Service": "ignore"}})}
    at = lead.get(f"{V1}/imports").json()["position"]
    assert lead.post(f"{V1}/imports/audits", files=sent, data=kept).status_code == 201
    (mapping,) = lead.get(f"{V1}/imports/mappings").json()["mappings"]
    assert (mapping["kind"], mapping["name"], mapping["version"]) == ("audits", "North", 1)
    assert mapping["answers"]["columns"] == {"Service": "ignore"}
    assert lead.get(f"{V1}/imports/mappings?position={at}").json()["mappings"] == []
    assert admin.get(f"{V1}/imports/mappings").json()["mappings"] == []

"""Audit tools over the API."""

from __future__ import annotations

from tests.support.case_audits import V1
from tests.support.council import Council


def test_a_tool_goes_out_as_yaml_comes_back_and_is_published(small_council: Council) -> None:
    lead = small_council.program("lead")
    at = f"{V1}/audit-tools/dip-sample"
    text = lead.get(f"{at}/versions/1/yaml").text
    held = {"If-Match": lead.get(at).headers["ETag"]}
    saved = lead.put(
        f"{at}/working-copy/yaml",
        content=text.replace("Dip sample", "Quick look"),
        headers={**held, "Content-Type": "application/yaml"},
    )
    assert saved.status_code == 200
    published = lead.post(f"{at}/versions", headers={"If-Match": saved.headers["ETag"]})
    assert published.json()["result"]["tool_version"] == 2
    assert lead.get(f"{at}/versions/1").json()["title"] == "Dip sample"
    assert lead.get(f"{at}/versions/2").json()["title"] == "Quick look"


def test_a_tool_is_begun_once_under_its_code_and_keeps_it(small_council: Council) -> None:
    lead = small_council.program("lead")
    at = f"{V1}/audit-tools"
    tool = lead.get(f"{at}/dip-sample/versions/1").json()
    key = {"Idempotency-Key": "begin-quick-look"}
    made = lead.post(at, json={**tool, "id": "quick-look"}, headers=key)
    assert (made.status_code, made.json()["result"]) == (201, {"tool": "quick-look"})
    assert made.headers["Location"] == f"{at}/quick-look"
    repeated = lead.post(at, json={**tool, "id": "quick-look"}, headers=key)
    assert repeated.json() == {**made.json(), "replayed": True}
    taken = lead.post(at, json={**tool, "id": "quick-look"})
    assert (taken.status_code, taken.json()["code"]) == (409, "moved-on")
    saved = lead.put(
        f"{at}/quick-look/working-copy", json=tool, headers={"If-Match": made.headers["ETag"]}
    )
    assert (saved.status_code, saved.json()["code"]) == (409, "tool-code-changed")

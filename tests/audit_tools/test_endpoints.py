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

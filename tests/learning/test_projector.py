"""Learning themes on both databases: the rows say what the events say, also when rebuilt."""

from __future__ import annotations

from datetime import date
from typing import Any

from projections.core.verify import verify
from qa.audits.judgements import Strength
from tests.indicators.support import Keeper
from tests.plans.support import Kept, on
from tests.support.council import Council

API = "/api/v1/learning-themes"


def test_a_theme_is_kept_searched_and_rebuilt_the_same(council: Council) -> None:
    audit = council.submitted(strengths=(Strength(text="Seen alone.", domain="planning"),))
    council.moderate(audit)
    lead, reader = council.program("lead"), council.program("reader")
    opened = lead.post(API, json={"title": "Seen alone", "question": "Are children seen?"})
    assert opened.status_code == 201, opened.text
    theme, version = opened.json()["result"]["theme"], opened.headers["etag"]

    def send(path: str, **body: Any) -> None:
        nonlocal version
        answer = lead.post(f"{API}/{theme}/{path}", json=body, headers={"If-Match": version})
        assert answer.status_code in (200, 201), answer.text
        version = answer.headers["etag"]

    send("tags", kind="finding", record=audit, part="planning")
    send("tags", kind="strength", record=audit, part="0")
    plan_action = Kept.opened(council).action("1.1", on(date(2026, 6, 30)))
    send("tags", kind="plan-action", record=plan_action)
    send("tags", kind="indicator", record=Keeper(council).define("seen-alone"))
    send("untagging", kind="finding", record=audit, part="planning", reason="It is another theme.")
    send("sharing", where="Forum", with_whom="All teams", message="See them without adults.")
    send(
        "good-practice", audit=audit, strength=0, text="A child was seen twice alone.",
        worker=council.ids["worker"], thanks="Thank you.",
    )  # fmt: skip
    found = reader.get(f"{API}/{theme}").json()
    assert {one["kind"]: one["called"] for one in found["tagged"]} == {
        "strength": council.view(audit).row.reference,
        "plan-action": "1.1 Do 1.1",
        "indicator": "Seen alone",
    }
    for kind in ("action", "plan-action", "indicator", "finding"):
        body = {"kind": kind, "record": "0" * 32, "part": "planning"}
        refused = lead.post(f"{API}/{theme}/tags", json=body, headers={"If-Match": version})
        assert refused.json()["errors"][0]["code"] == "record-unknown"
    assert found["theme"]["stage"] == "shared"
    assert len(reader.get(f"{API}?q=WITHOUT adults").json()["themes"]) == 1
    assert reader.get(f"{API}?q=100%").json()["themes"] == []
    assert len(reader.get("/api/v1/good-practice?q=twice").json()["good_practice"]) == 1
    services = council.services
    assert verify(services.store, services.registry) == []

"""Learning themes on both databases: what the rows say is what the facts say, also when rebuilt."""

from __future__ import annotations

from typing import Any

from projections.verify import verify
from qa.judgements import Strength
from tests.council import Council

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
    send("untagging", kind="finding", record=audit, part="planning", reason="It is another theme.")
    send("sharing", where="Forum", with_whom="All teams", message="See them without adults.")
    send(
        "good-practice", audit=audit, strength=0, text="A child was seen twice alone.",
        worker=council.ids["worker"], thanks="Thank you.",
    )  # fmt: skip
    found = reader.get(f"{API}/{theme}").json()
    assert [one["kind"] for one in found["tagged"]] == ["strength"]
    assert found["theme"]["stage"] == "shared"
    assert len(reader.get(f"{API}?q=WITHOUT adults").json()["themes"]) == 1
    assert reader.get(f"{API}?q=100%").json()["themes"] == []
    assert len(reader.get("/api/v1/good-practice?q=twice").json()["good_practice"]) == 1
    services = council.services
    assert verify(services.store, services.registry) == []

"""The pages and addresses of restricted records, as a lead and an outsider use them."""

from __future__ import annotations

from typing import Any

from tests.restrictions.support import CHILD, WHY, restrict
from tests.support.council import Council, words_of
from tests.support.forms import send_as, sent

V1 = "/api/v1/restrictions"


def page(council: Council, handle: str, path: str) -> tuple[int, str]:
    answer = council.browser(handle).get(path)
    return answer.status_code, words_of(answer.text)


def test_a_lead_restricts_names_and_lifts_on_pages(small_council: Council) -> None:
    council = small_council
    council.allocated("auditor2", child=CHILD)
    refused = send_as(council, "lead", "/restrictions/new", {"child": CHILD, "why": "x"})
    assert refused.status_code == 422
    assert "Name at least one person" in words_of(refused.text)
    assert "in words that somebody else can weigh" in words_of(refused.text)
    asked = {"child": CHILD, "readers[]": [council.ids["lead2"]], "why": WHY}
    there = sent(council, "lead", "/restrictions/new", asked)
    place = there.partition("?")[0]
    status, text = page(council, "lead", there)
    assert status == 200
    assert "The records are restricted." in text
    assert "Not named, but part of an audit of this child: Auditor2 Tree" in text
    assert "The child’s file" not in text
    assert "The child’s file" in page(council, "lead2", place)[1]
    assert page(council, "lead", f"/children/{CHILD}")[0] == 404
    named = {"readers[]": [council.ids["auditor2"]], "why": "The auditor goes on with it."}
    sent(council, "lead2", f"{place}/readers", named)
    assert page(council, "lead2", place)[0] == 404
    assert "Who may read Auditor2 Tree" in page(council, "lead", place)[1]
    assert "1 more is not open to you" in page(council, "lead2", "/restrictions")[1]
    history = f"/history?record=restriction:{place.rpartition('/')[2]}"
    assert "Named others to read the restricted records" in page(council, "lead", history)[1]
    assert page(council, "lead2", history)[0] == 404
    sent(council, "lead", f"{place}/lift", {"why": "The colleague has left the council."})
    assert page(council, "lead2", f"/children/{CHILD}")[0] == 200
    assert page(council, "lead", place)[0] == 404
    assert "Lifted the restriction" in page(council, "lead", history)[1]


def test_the_glass_is_broken_on_a_page_that_says_what_follows(small_council: Council) -> None:
    council = small_council
    audit = council.submitted(child=CHILD)
    restrict(council)
    status, text = page(council, "lead", "/restrictions/glass")
    assert status == 200
    assert "hear at once who broke the glass" in text
    assert page(council, "lead", f"/audits/{audit}")[0] == 404
    asked = {"child": CHILD, "why": "A strategy meeting today needs it."}
    there = sent(council, "lead", "/restrictions/glass", asked)
    assert "You may read these records to the end of the next working day." in page(
        council, "lead", there
    )[1]  # fmt: skip
    assert "Lead Tree, who may read to 3 March 2026" in page(council, "lead2", there)[1]
    assert page(council, "lead", f"/audits/{audit}")[0] == 200
    for handle, expected in (("admin", 403), ("worker", 403), ("reader", 403)):
        assert page(council, handle, "/restrictions/glass")[0] == expected


def test_a_program_does_the_same(small_council: Council) -> None:
    council = small_council
    council.submitted(child=CHILD)
    lead, outside = council.program("lead2"), council.program("lead")
    body: dict[str, Any] = {"child": CHILD, "readers": [council.ids["lead2"]], "why": WHY}
    made = lead.post(V1, json=body, headers={"idempotency-key": "restrict-once"})
    assert made.status_code == 201
    restriction = made.json()["result"]["restriction"]
    assert made.headers["location"] == f"{V1}/{restriction}"
    again = lead.post(V1, json=body, headers={"idempotency-key": "restrict-once"})
    assert again.json()["replayed"] is True
    read = lead.get(f"{V1}/{restriction}")
    assert (read.json()["readers"], read.json()["why"]) == ([council.ids["lead2"]], WHY)
    assert lead.get(V1).json()["restrictions"][0]["child"] == CHILD
    assert outside.get(V1).json() == {"restrictions": [], "closed": 1}
    assert outside.get(f"{V1}/{restriction}").status_code == 404
    stale = {"if-match": '"7"'}
    named = {"readers": [council.ids["lead2"], council.ids["auditor"]], "why": WHY}
    there = f"{V1}/{restriction}/readers"
    assert lead.put(there, json=named, headers=stale).status_code == 409
    assert lead.put(there, json=named).status_code == 428
    etag = {"if-match": read.headers["etag"]}
    assert lead.put(there, json=named, headers=etag).status_code == 200
    assert outside.put(there, json=named, headers=etag).status_code == 404
    broken = outside.post(f"{V1}/break-glass", json={"child": CHILD, "why": "A meeting today."})
    assert broken.json()["result"] == {"restriction": restriction, "until": "2026-03-03"}
    read = outside.get(f"{V1}/{restriction}")
    assert read.json()["glass_broken"] == [{"person": council.ids["lead"], "until": "2026-03-03"}]
    lifted = lead.post(
        f"{V1}/{restriction}/lift", json={"why": WHY}, headers={"if-match": read.headers["etag"]}
    )
    assert lifted.status_code == 200

"""What the description of the API says of refusals is so: which there are, who may ask, and what a
query may hold."""

from __future__ import annotations

import re
from typing import Any

import pytest

from api.installation.error_pages import explanation
from api.json.refusals import REFUSALS
from api.json.routing import ApiRoute
from api.routes import OPERATIONS, document
from tests.follow_ups.support import inadequate
from tests.support.case_audits import V1, allocation
from tests.support.council import Council

EXAMPLE = re.compile(r"{[^}]+}")


def refused(answer: Any) -> tuple[int, list[tuple[str, str]]]:
    return answer.status_code, [(one["field"], one["code"]) for one in answer.json()["errors"]]


def test_every_refusal_is_described_once_as_a_problem() -> None:
    described = document()
    responses = described["components"]["responses"]
    assert set(responses) == {name for name, _, _ in REFUSALS.values()}
    for response in responses.values():
        assert set(response["content"]) == {"application/problem+json"}
    assert "HTTPValidationError" not in described["components"]["schemas"]
    assert "Retry-After" in responses["Unavailable"]["headers"]


@pytest.mark.parametrize(
    ("operation", "statuses"),
    [
        ("get /case-audits", {"401", "403", "404", "422", "428", "503"}),
        ("get /me", {"401", "403", "422", "503"}),
        ("post /case-audits", {"401", "403", "404", "409", "413", "422", "503"}),
        (
            "put /case-audits/{audit}/final-grade",
            {"401", "403", "404", "409", "422", "428", "503"},
        ),
        ("post /imports/{kind}", {"400", "401", "403", "404", "409", "413", "422", "503"}),
    ],
)
def test_refusals_follow_from_what_an_operation_takes(operation: str, statuses: set[str]) -> None:
    verb, _, path = operation.partition(" ")
    responses = document()["paths"][f"{V1}{path}"][verb]["responses"]
    assert {status for status in responses if status >= "4"} == statuses


def test_every_operation_asks_for_a_token_and_says_so(small_council: Council) -> None:
    described = document()
    assert described["security"] == [{"token": []}, {"basic": []}]
    assert set(described["components"]["securitySchemes"]) == {"token", "basic"}
    client = small_council.program("lead")
    client.headers.pop("Authorization")
    open_to_all = [
        route.path
        for route in OPERATIONS
        for method in sorted(route.methods)
        if client.request(method, EXAMPLE.sub("0" * 32, route.path) + "?odd=1").status_code != 401
    ]
    assert open_to_all == []


def test_a_misspelt_parameter_is_named_beside_the_known_ones(small_council: Council) -> None:
    lead = small_council.program("lead")
    answer = lead.get(f"{V1}/teams?clsoed=true&odd=1")
    assert refused(answer) == (422, [("clsoed", "parameter-unknown"), ("odd", "parameter-unknown")])
    assert "Known are: closed, as_at, position, true_on." in answer.json()["errors"][0]["sentence"]
    assert lead.get(f"{V1}/teams?closed=true&as_at={small_council.today}").status_code == 200


def test_no_operation_takes_a_parameter_that_it_does_not_know(small_council: Council) -> None:
    lead = small_council.program("lead")
    taken = [
        route.path
        for route in OPERATIONS
        for method in sorted(route.methods - {"HEAD"})
        if lead.request(method, EXAMPLE.sub("0" * 32, route.path) + "?odd=1").json()["code"]
        != "parameter-unknown"
    ]
    assert taken == []


REPORT = "from=2026-01-01&to=2026-03-31"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("case-audits?tool=nonsense", "tool"),
        ("case-audits?team=nonsense", "team"),
        ("case-audits?service=nonsense", "service"),
        ("case-audits?auditor=nobody", "auditor"),
        ("case-audits?moderator=nobody", "moderator"),
        ("case-audits?status=lost", "status"),
        ("case-audits?grade=A-star", "grade"),
        ("actions?owner=nobody", "owner"),
        ("actions?state=lost", "state"),
        ("actions?kind=nonsense", "kind"),
        ("actions?raised_by=nonsense", "raised_by"),
        (f"reports/agreement?{REPORT}&team=nonsense", "team"),
        (f"reports/grades?{REPORT}&tool=nonsense", "tool"),
        (f"reports/grades?{REPORT}&tool_version=whole-case-file@99", "tool_version"),
        (f"reports/grades?{REPORT}&domain=nonsense", "domain"),
        (f"reports/agreement/rows?{REPORT}&team=nonsense&figure=audits_submitted", "team"),
        (f"reports/closing-the-loop?{REPORT}&source=nonsense", "source"),
        (f"supervision/report?{REPORT}&team=nonsense", "team"),
        ("supervision?team=nonsense", "team"),
        ("access-log?person=nobody", "person"),
        ("access-log?role=king", "role"),
        ("exports/audits.csv?team=nonsense", "team"),
        ("exports/actions.json?service=nonsense", "service"),
    ],
)
def test_a_list_is_narrowed_to_what_there_is(
    small_council: Council, asked: str, field: str
) -> None:
    client = small_council.program("lead", "read", "export")
    code = f"{field.replace('_', '-')}-unknown"
    assert refused(client.get(f"{V1}/{asked}")) == (422, [(field, code)])


def test_a_list_is_narrowed_to_a_team_that_is_closed_or_only_in_a_file(
    small_council: Council,
) -> None:
    lead = small_council.program("lead")
    for team in (one["team"] for one in lead.get(f"{V1}/teams?closed=true").json()["teams"]):
        assert lead.get(f"{V1}/case-audits?team={team}").status_code == 200


@pytest.mark.parametrize("page", ["/audits?team=nonsense", "/actions?state=nonsense",
                                  "/audits?status=nonsense", "/actions?view=nonsense",
                                  "/audits/export.csv?status=nonsense"])  # fmt: skip
def test_pages_name_what_is_not_there(small_council: Council, page: str) -> None:
    answer = small_council.browser("lead").client.get(page)
    assert answer.status_code == 422
    assert "There is no" in answer.text


def test_a_list_of_actions_has_the_views_that_it_offers(small_council: Council) -> None:
    client = small_council.browser("lead").client
    answer = client.get("/actions?view=nonsense", headers={"accept": "application/json"})
    assert refused(answer) == (422, [("view", "view-unknown")])


def test_a_token_for_writing_reads_the_version_that_it_must_quote(small_council: Council) -> None:
    """The head alone, with no word of the record; a token for exports reads neither."""
    audit = small_council.allocated()
    path = f"{V1}/case-audits/{audit}"
    writing = small_council.program("lead", "write")
    head = writing.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == small_council.program("lead").get(path).headers["etag"]
    assert writing.get(path).status_code == 403
    assert small_council.program("lead", "export").head(path).status_code == 403
    assert writing.head(f"{V1}/case-audits/{'0' * 32}").status_code == 404
    changed = writing.post(
        f"{path}/withdrawal",
        json={"reason": "The family moved away before it began."},
        headers={"If-Match": head.headers["etag"]},
    )
    assert changed.status_code == 201


def test_whatever_is_changed_has_a_head_with_its_version(small_council: Council) -> None:
    """A change quotes the version of the record at its address, or of one that is above it."""
    heads = [route.path for route in OPERATIONS if "HEAD" in route.methods]
    changes = [
        path
        for path, verbs in document()["paths"].items()
        for operation in verbs.values()
        if any(one["name"].lower() == "if-match" for one in operation.get("parameters", ()))
    ]
    bare = [at for at in changes if not any(at == one or at.startswith(f"{one}/") for one in heads)]
    assert bare == []


def test_an_address_says_how_it_may_be_asked(small_council: Council) -> None:
    lead = small_council.program("lead")
    answer = lead.delete(f"{V1}/case-audits")
    assert (answer.status_code, answer.json()["code"]) == (405, "http-405")
    assert answer.headers["allow"] == "GET, POST"
    assert lead.post(f"{V1}/teams/east").headers["allow"] == "GET, HEAD"


def test_a_refusal_leads_to_the_page_of_its_code(small_council: Council) -> None:
    lead = small_council.program("lead")
    missing = lead.post(f"{V1}/case-audits", json={**allocation(small_council), "reason": 1})
    lead.headers.pop("Authorization")
    lead.headers["Accept"] = "text/html"
    page = lead.get(missing.json()["type"])
    assert page.status_code == 200
    assert "There is a problem with what was entered" in page.text
    assert lead.get("/errors/never-sent").status_code == 404
    assert "held-off" in lead.get("/errors").text


def test_codes_that_are_put_together_while_running_are_explained_too() -> None:
    for code in ("forbidden", "http-413", "action-claimed", "text-missing", "moved-on"):
        assert explanation(code) is not None
    assert explanation("never-sent") is None


def test_whoever_may_not_do_it_is_told_so_before_what_they_sent_is_looked_at(
    small_council: Council,
) -> None:
    council = small_council
    audit, _ = inadequate(council, auditor="auditor2")
    at = f"{V1}/case-audits/{audit}/follow-up"
    wrong, tag = {"actions": 5, "owner": 7}, {"If-Match": '"1"'}
    for handle, status in (("lead", 422), ("reader", 403), ("auditor", 404)):
        answer = council.program(handle).post(f"{at}/plan", json=wrong, headers=tag)
        assert answer.status_code == status, handle
        assert (
            council.program(handle).post(f"{at}/plan", content=b"{", headers=tag).status_code
            == status
        )
    unknown = f"{V1}/case-audits/{'0' * 32}/follow-up/plan"
    assert council.program("lead").post(unknown, json=wrong, headers=tag).status_code == 404
    assert (
        council.program("lead", "read").post(f"{at}/plan", json=wrong, headers=tag).status_code
        == 403
    )
    before = council.services.store.head()
    policy = f"{V1}/follow-up-policy"
    assert council.program("auditor").put(policy, json=wrong, headers=tag).status_code == 403
    assert council.program("lead").put(policy, json=wrong, headers=tag).status_code == 422
    assert council.services.store.head() == before


def test_the_right_to_a_record_that_the_address_names_never_waits_for_the_body(
    small_council: Council,
) -> None:
    """Whoever makes something new names the part of the council in the body, so that the right to
    it is asked after the body was read."""
    program, late, asked = small_council.program("nobody"), list[str](), 0
    for route in small_council.app.router.routes:
        if not isinstance(route, ApiRoute) or not hasattr(route.endpoint, "ask_first"):
            continue
        path = route.path.replace("{name}", "agreement")
        if "{" not in path:
            continue
        path = EXAMPLE.sub("a" * 32, path.replace("{evidence}", "E1"))
        answer = program.request(*route.methods, path, json=[], headers={"If-Match": '"1"'})
        if answer.status_code not in (403, 404):
            late.append(str(route.operation_id))
        asked += 1
    assert " ".join(late) == ""
    assert asked > 40

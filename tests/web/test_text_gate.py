"""Whatever stands in an address, a header, a form or a body: it is answered, and never breaks.

Every address of pages and of the API is walked with values that a database, a document or a
program's numbers cannot hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.routes import OPERATIONS, PAGES
from api.web.text_gate import TextGate, _in_body
from qa.core.texts import LONGEST, faults_in
from qa.core.words import Role
from tests.support.council import ORIGIN, Council
from tests.support.loops import run_alone

REFUSED = ["a%00b", "a%01b", "a%FFb", "a%ED%A0%BDb"]
"""NUL, another control character, a byte that is no UTF-8, and half a character."""
TAKEN = ["99999999999999999999", "-99999999999999999999", quote("²"), "NaN", quote("\ufffe😀")]
"""Texts as any other; a number too large to keep, and what only looks like one."""


def routes(*, of_api: bool) -> Iterator[APIRoute]:
    yield from OPERATIONS if of_api else PAGES


def query_names(route: APIRoute) -> list[str]:
    """What an address takes in its query, by its signature."""
    fields = get_flat_params(route.dependant)
    return [one.alias for one in fields if isinstance(one.field_info, Query)]


def read_by_pages() -> list[str]:
    """What pages read of a query without a signature that says so."""
    found: set[str] = set()
    for source in Path("api").rglob("*.py"):
        text = source.read_text("utf-8")
        found |= set(re.findall(r'(?:query_params|query|given)(?:\.get|\.getlist)\("(\w+)"', text))
    assert {"as_at", "position"} <= found
    return sorted(found)


def addresses(route: APIRoute, named: dict[str, str], value: str) -> Iterator[str]:
    """The address with the value in each of its parts, and in all of its query."""
    parts = re.findall(r"\{(\w+)(?::path)?\}", route.path)
    for hostile in (*parts, ""):
        path = re.sub(
            r"\{(\w+)(?::path)?\}",
            lambda m, at=hostile: value if m[1] == at else named.get(m[1], "1"),
            route.path,
        )
        if hostile:
            yield path
        else:
            names = dict.fromkeys((*query_names(route), *READ_BY_PAGES))
            yield f"{path}?{'&'.join(f'{name}={value}' for name in names)}"
            # One at a time where the first that is wrong would hide the others; what no part of an
            # address may hold is refused before any is read.
            for name in query_names(route) if value not in REFUSED else ():
                yield f"{path}?{name}={value}"


READ_BY_PAGES = read_by_pages()


@pytest.fixture
def named(postgres_council: Council) -> dict[str, str]:
    council = postgres_council
    for role in (Role.AUDITOR, Role.MODERATOR, Role.ADMINISTRATOR):
        council.grant("lead", role)
    audit, moderation = council.moderated("good", "inadequate")
    row = council.view(audit).row
    return {
        "audit": audit,
        "child": row.child,
        "moderation": moderation,
        "section": "overall",
        "person": council.ids["auditor"],
        "team": "east",
        "tool": council.tool.id,
        "name": "agreement",
    }


@pytest.mark.postgres
@pytest.mark.parametrize("of_api", [False, True], ids=["pages", "api"])
def test_no_address_breaks_by_what_stands_in_it(
    postgres_council: Council, named: dict[str, str], of_api: bool
) -> None:
    """On PostgreSQL, which cannot keep what SQLite would; of what is taken, one value a route, in
    turn, so that each value is asked of every fifth."""
    council = postgres_council
    browser, program = council.browser("lead"), council.program("lead")
    broken, asked = [], 0
    read = [one for one in routes(of_api=of_api) if "GET" in one.methods]
    for turn, route in enumerate(read):
        for value in (TAKEN[turn % len(TAKEN)], REFUSED[0]):
            for address in addresses(route, named, value):
                asked += 1
                answer = program.get(address) if of_api else browser.get(address)
                if answer.status_code >= 500:
                    broken.append(f"{answer.status_code} {address}")
                if value == REFUSED[0] and answer.status_code != 422:
                    broken.append(f"{answer.status_code} {address}")
    assert broken == []
    assert asked > 500


@pytest.mark.parametrize("value", REFUSED)
def test_what_cannot_be_kept_is_refused_by_its_name(small_council: Council, value: str) -> None:
    program = small_council.program("lead")
    answer = program.get(f"/api/v1/search?q={value}")
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == ["q"]
    assert program.get(f"/api/v1/children/{value}").status_code == 422
    page = small_council.browser("lead").get(f"/search?q={value}")
    assert page.status_code == 422
    assert "<h1" in page.text


HEADERS: list[tuple[str, bytes, set[int]]] = [
    ("authorization", b"Basic \xff", {401}),
    ("authorization", b"Basic Og==", {401}),
    ("authorization", b"Bearer clp_\xff", {401}),
    ("authorization", b"Bearer clp_\x00", {422}),
    ("caseloop-purpose", b"a\x00b", {422}),
    ("if-match", '"²"'.encode("latin-1"), {422}),
    ("if-match", b'"99999999999999999999"', {422}),
    ("idempotency-key", b"a\x00bcdefghi", {422}),
]


@pytest.mark.parametrize(("name", "value", "allowed"), HEADERS)
def test_no_header_breaks_an_operation(
    small_council: Council, name: str, value: bytes, allowed: set[int]
) -> None:
    program = small_council.program("lead")
    audit = small_council.allocated()
    headers: dict[bytes, bytes] = {
        b"authorization": program.headers["Authorization"].encode(),
        b"if-match": b'"1"',
    }
    del program.headers["Authorization"]
    answer = program.request(
        "POST",
        f"/api/v1/case-audits/{audit}/reassignment",
        json={"auditor": "x", "reason": "Because it was so."},
        headers=list({**headers, name.encode(): value}.items()),
    )
    assert answer.status_code in allowed, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


BODIES: list[tuple[Any, str, str]] = [
    (b'{"title": "a\\u0000b", "question": "?"}', "title", "character-forbidden"),
    (b'{"title": "a", "question": "a\\ud83dz"}', "question", "character-forbidden"),
    (b'{"title": "a", "question": "a\\u000bz"}', "question", "character-forbidden"),
    (b'{"title": {"a\\u0000": 1}}', "title", "character-forbidden"),
    (b'{"title": [1, 99999999999999999999]}', "title.1", "number-too-large"),
    (b'{"title": NaN}', "title", "number-invalid"),
    (b'{"title": "\xff"}', "", "not-utf-8"),
    (b'{"title": ' + b"[" * 200 + b"]" * 200 + b"}", "title" + ".0" * 100, "too-deep"),
    (b"[" * 100_000, "", "too-deep"),
    (b'{"title": "' + b"a" * (LONGEST + 1) + b'"}', "title", "text-too-long"),
]


@pytest.mark.parametrize(("body", "field", "code"), BODIES, ids=[str(n) for n in range(10)])
def test_a_body_that_cannot_be_kept_is_refused_by_its_field(
    small_council: Council, body: bytes, field: str, code: str
) -> None:
    answer = small_council.program("lead").post(
        "/api/v1/learning-themes", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 422
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [(field, code)]


def test_every_operation_refuses_a_body_with_nul_before_it_knows_who_asks(
    small_council: Council,
) -> None:
    client = small_council.program("lead")
    del client.headers["Authorization"]
    asked = 0
    for route in routes(of_api=True):
        if route.path.endswith(("/imports/{kind}", "/imports/proposals")):
            continue  # takes a form: below
        for method in route.methods - {"GET", "HEAD"}:
            asked += 1
            answer = client.request(
                method, re.sub(r"\{\w+\}", "1", route.path), json={"reason": "a\x00b"}
            )
            assert answer.status_code == 422, route.path
            assert answer.json()["errors"][0]["field"] == "reason"
    assert asked > 100


def test_every_form_refuses_nul_and_gives_back_what_was_typed(council: Council) -> None:
    browser = council.browser("lead")
    asked = 0
    for route in routes(of_api=False):
        for _ in route.methods - {"GET", "HEAD"}:
            if route.path.startswith(("/sign-in", "/set-password")):
                continue
            asked += 1
            answer = browser.post(
                re.sub(r"\{\w+(?::path)?\}", "1", route.path), {"why": "An hour's work\x00."}
            )
            assert answer.status_code in (403, 404, 422), route.path
            if answer.status_code == 422:
                assert "An hour&#39;s work." in answer.text, route.path
    assert asked > 75


def test_a_name_to_sign_in_with_and_the_password_are_never_shown_again(council: Council) -> None:
    for client in (council.browser("lead").client, TestClient(council.app)):
        answer = client.post(
            "/sign-in",
            data={"name": "lead\x00", "password": "an old secret"},
            headers={"accept": "text/html", "origin": ORIGIN, "sec-fetch-site": "same-origin"},
        )
        assert answer.status_code in (401, 422)
        assert "an old secret" not in answer.text
    assert answer.status_code == 422


def test_only_a_file_may_be_larger_than_a_megabyte(small_council: Council) -> None:
    program, browser = small_council.program("lead"), small_council.browser("lead")
    large = {"title": "a" * 1_100_000}
    answer = program.post("/api/v1/learning-themes", json=large)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
    assert "The most is " in answer.json()["detail"]
    page = browser.post("/learning/new", large)
    assert page.status_code == 413
    assert "<h1" in page.text
    pieces = (b'{"title": "' + b"a" * 200_000 for _ in range(8))
    chunked = program.post("/api/v1/learning-themes", content=pieces)
    assert (chunked.status_code, chunked.json()["code"]) == (413, "http-413")
    file = {"file": ("much.csv", b"a,b\n" * 400_000)}
    sent = program.post("/api/v1/imports/audits", files=file)
    assert sent.status_code == 422
    assert sent.json()["errors"][0]["code"] != "http-413"


def test_the_right_is_asked_before_yaml_is_read_and_its_depth_is_bounded(
    small_council: Council,
) -> None:
    address = f"/api/v1/audit-tools/{small_council.tool.id}/working-copy/yaml"
    headers = {"content-type": "application/yaml", "if-match": '"1"'}
    for bomb in (b"[" * 5000, b"title: " + b"[" * 5000 + b"]" * 5000):
        may_not = small_council.program("worker").put(address, content=bomb, headers=headers)
        assert may_not.status_code == 403
        may = small_council.program("lead").put(address, content=bomb, headers=headers)
        assert (may.status_code, may.json()["code"]) == (422, "yaml-unreadable")
    hidden = small_council.program("lead").put(address, content=b'title: "a\\0b"', headers=headers)
    assert hidden.json()["errors"][0]["field"] == "title"


def test_names_and_texts_beside_a_file_are_looked_at(small_council: Council) -> None:
    program = small_council.program("lead")
    file = {"file": ("a.csv", b"a,b\n1,2\n")}
    answer = program.post("/api/v1/imports/audits", files=file, data={"tool": "a\x00b"})
    assert [each["field"] for each in answer.json()["errors"]] == ["tool"]
    answer = program.post("/api/v1/imports/proposals", files=file, data={"sheet": "a\x00b"})
    assert [each["field"] for each in answer.json()["errors"]] == ["sheet"]


_SCALARS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["\x00", "\b", "\f", "\x7f", "\ud83d", "a" * (LONGEST + 1), "NaN", "\ufffe"]),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.sampled_from([1e300 * 1e10, 2**63, -(2**63) - 1]),
    st.none(),
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(_VALUES, st.booleans())
def test_a_body_that_need_not_be_looked_through_is_one_that_holds_nothing_wrong(
    value: Any, escaped: bool
) -> None:
    text = json.dumps(value, ensure_ascii=escaped)
    try:
        body = text.encode()
    except UnicodeEncodeError:
        return
    expected = list(faults_in(json.loads(text)))[:50]
    assert _in_body(body, True) == expected


@pytest.mark.parametrize("number", ["1e999", "-1.5E+400", "9" * 19 + "9", "Infinity", "-NaN"])
def test_numbers_that_are_none_are_never_let_pass_at_once(number: str) -> None:
    try:
        wrong = bool(list(faults_in(json.loads(f'{{"n":{number}}}'))))
    except ValueError:
        wrong = False
    assert bool(_in_body(f'{{"n":{number}}}'.encode(), True)) is wrong


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "application/json"])
def test_what_comes_slowly_is_there_as_a_whole_before_anybody_works_on_it(kind: str) -> None:
    parts = [b'{"a":', b"1}"]
    seen: list[tuple[int, bytes]] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append((len(parts), (await receive())["body"]))

    async def send(message: Any) -> None:
        raise AssertionError(message)

    scope = {
        "type": "http", "method": "POST", "path": "/actions/new", "query_string": b"",
        "headers": [(b"content-type", kind.encode())],
    }  # fmt: skip
    run_alone(TextGate(app, most_bytes=1000)(scope, receive, send))
    assert seen == [(0, b'{"a":1}')]

"""The house rules that a program can check, walking the whole tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fastapi.testclient import TestClient

from api.json.routing import PREFIX, ApiRoute
from api.routes import OPERATIONS, PAGES
from qa.core.event import events_registered
from tests.support.council import Council

ROOT = Path(__file__).parents[2]
CODE = sorted([*(ROOT / "src").rglob("*.py"), *(ROOT / "api").rglob("*.py")])
LONGEST = 450
ONE_FILE = {"api/evidence_packs/outside/verify.py"}
"""Handed to outsiders as one file that can be read from the top to the end."""
MOST_TAKEN = 9
NO_NOUNS = {"said", "held", "told", "asked"}
OPEN_PAGES = {
    "/sign-in", "/set-password", "/accessibility", "/healthz", "/metrics", "/api/v1/openapi.json",
    "/errors",
}  # fmt: skip


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


def test_a_module_is_one_idea_and_a_class_name_stands_once() -> None:
    """Of two classes of one name, whoever looks for it finds the wrong one first."""
    named: dict[str, list[str]] = {}
    long, bare = [], []
    for path in CODE:
        at, text = str(path.relative_to(ROOT)), path.read_text("utf-8")
        tree = ast.parse(text)
        if len(text.splitlines()) > (650 if at in ONE_FILE else LONGEST):
            long.append(at)
        if tree.body and not ast.get_docstring(tree):
            bare.append(at)
        if at in ONE_FILE:
            continue
        for each in tree.body:
            if isinstance(each, ast.ClassDef) and not each.name.startswith("_"):
                named.setdefault(each.name, []).append(at)
    assert long == [], "split it: one idea a module"
    assert bare == [], "say in a docstring what the module is for"
    assert len(named) > 500
    assert {name: places for name, places in named.items() if len(places) > 1} == {}


def test_no_function_takes_more_than_one_can_remember() -> None:
    """What is asked in a query or at a command line is one class with a field each."""
    found: dict[str, int] = {}
    for path in CODE:
        for each in _nodes(path):
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
                taken = each.args
                named = [*taken.posonlyargs, *taken.args, *taken.kwonlyargs]
                rest = [one for one in (taken.vararg, taken.kwarg) if one is not None]
                count = len([one for one in named if one.arg not in ("self", "cls")]) + len(rest)
                found[f"{path.relative_to(ROOT)}:{each.name}"] = count
    assert len(found) > 3000
    assert {name for name, count in found.items() if count > MOST_TAKEN} == set()


def test_no_name_is_a_participle() -> None:
    """What somebody `said` or what is `held` is called by the noun that it is. Fields of events,
    read tables and answers are not looked at: they are stored or promised by that name."""
    found = []
    for path in CODE:
        nodes = _nodes(path)
        classes = (each for each in nodes if isinstance(each, ast.ClassDef))
        fields = {
            id(line.target)
            for one in classes
            for line in one.body
            if isinstance(line, ast.AnnAssign)
        }
        for each in nodes:
            name = ""
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = each.name
            elif isinstance(each, ast.arg):
                name = each.arg
            elif isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                name = "" if id(each) in fields else each.id
            if name.strip("_") in NO_NOUNS:
                found.append(f"{path.relative_to(ROOT)}: {name}")
    assert found == []


def test_time_is_read_in_one_place() -> None:
    reads = re.compile(r"datetime\.now\(|date\.today\(|time\.time\(|utcnow\(")
    found = [p.name for p in CODE if reads.search(p.read_text("utf-8"))]
    assert found == ["clock.py"]


def test_event_tables_are_never_changed_by_our_code() -> None:
    changes = re.compile(
        r"\b(UPDATE|DELETE FROM)\s+fact\b|(update|delete)\(event\)|\bevent\.(update|delete)\(", re.I
    )
    found = [p.name for p in CODE if changes.search(p.read_text("utf-8"))]
    assert found == []


def test_every_event_is_frozen_and_named_in_the_past_tense() -> None:
    ours = [event for event in events_registered() if event.__module__.startswith("qa.")]
    assert len(ours) > 40
    for event in ours:
        words = re.findall(r"[A-Z][a-z]+", event.TYPE)
        assert any(word.endswith(("ed", "n", "t", "ld")) for word in words), event.TYPE
        assert event.model_config["frozen"]
        assert event.model_config["extra"] == "forbid"


def test_every_page_and_resource_asks_who_is_there(small_council: Council) -> None:
    """Without a session or token, nothing but the open pages answers with content."""
    client = small_council.browser("nobody").client
    client.cookies.clear()
    wrong, asked = [], 0
    for method, path in _addresses(client):
        if path in OPEN_PAGES:
            continue
        asked += 1
        answer = client.request(
            method,
            re.sub(r"\{[^}]+\}", "0" * 32, path),
            headers={"accept": "text/html", "origin": "http://testserver"},
        )
        if answer.status_code not in (303, 401, 403, 404, 405, 422, 428):
            wrong.append((method, path, answer.status_code))
        elif answer.status_code == 303 and "/sign-in" not in answer.headers["location"]:
            wrong.append((method, path, answer.headers["location"]))
    assert wrong == []
    assert asked > 150


def test_a_wrong_token_changes_nothing_by_any_address(small_council: Council) -> None:
    """Who makes a change is looked up late, on the thread that does the work: never not at all."""
    client = small_council.browser("nobody").client
    client.cookies.clear()
    before, asked = small_council.services.store.head(), 0
    for method, path in _addresses(client):
        if not path.startswith(PREFIX) or path in OPEN_PAGES:
            continue
        asked += 1
        answer = client.request(
            method,
            re.sub(r"\{[^}]+\}", "0" * 32, path),
            headers={"authorization": "Bearer clp_wrong", "if-match": '"1"'},
            json={},
        )
        assert answer.status_code in (401, 422), (method, path)
    assert asked > 150
    assert small_council.services.store.head() == before
    assert [route for route in OPERATIONS if not isinstance(route, ApiRoute)] == []


def _addresses(client: TestClient) -> Iterator[tuple[str, str]]:
    """Every method and path."""
    for route in PAGES:
        yield from ((method, route.path) for method in route.methods)
    for path, verbs in client.app.openapi()["paths"].items():  # type: ignore[attr-defined]
        yield from ((verb.upper(), path) for verb in verbs)


def test_decision_records_are_numbered_and_whole() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert records
    for number, path in enumerate(records, start=1):
        text = path.read_text("utf-8")
        assert path.name.startswith(f"{number:04}-")
        assert text.startswith(f"# {number}. ")
        assert re.search(r"\nDate: 20\d\d-\d\d-\d\d\n", text)
        assert re.search(r"\nStatus: (accepted|superseded by \d+)\b", text)
        assert "\nArea: " in text


def test_nothing_names_a_registry_or_a_machine() -> None:
    listed = [*CODE, *ROOT.glob("*.toml"), *ROOT.glob("*.txt"), *(ROOT / "docs").rglob("*.md")]
    bad = re.compile(r"https?://[^\s\"']+/simple|[\s\"'(=]/(root|home|Users)/")
    assert [p.name for p in listed if bad.search(p.read_text("utf-8"))] == []

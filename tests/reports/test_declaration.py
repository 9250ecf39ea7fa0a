"""What every report keeps, whatever it counts: each way in says the same figures, each figure comes
out of the events beneath it alone, a past moment holds nothing of what came later, and what was
published stays what it was."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from api.demo import cast, story
from api.demo.build import build_demo
from api.gate.current_actor import acting
from api.learning.cli import ThemeQuery
from api.main import create_app
from api.plans.cli import BoardQuery, RagQuery
from api.reports.declaration import FigureOf, Report, Sight, report_called, reports
from api.reports.query import pairs_of, taken
from api.services import Services, build
from api.settings import Settings
from api.web.moments import as_at
from projections.core import recount
from projections.learning import queries as learning_queries
from projections.people import queries as people_queries
from projections.plans import queries as plan_queries
from qa.core.clock import SetClock, civil_day
from qa.core.words import Actor
from qa.publishing.events import ReportName
from qa.security.accounts import sessions, tokens
from tests.support.command_line import Run

NAMES = sorted({*get_args(ReportName)} - {"quarterly"})
"""The reports that count; one that is made of others is in tests/quarterly."""
API = {
    "agreement": "reports/agreement",
    "grades": "reports/grades",
    "closing-the-loop": "reports/closing-the-loop",
    "supervision": "supervision/report",
    "indicators": "indicators",
    "learning-theme": "learning-themes/{theme}/report",
    "board": "plans/{plan}/board",
}


@dataclass
class Told:
    """A council with a year behind it, and its QA lead."""

    services: Services
    lead: Actor
    folder: Path
    plan: str
    theme: str

    def query(self, report: Report[Any, Any]) -> Any:
        if report.query in (RagQuery, BoardQuery):
            return report.query(plan=self.plan)
        if report.query is ThemeQuery:
            return ThemeQuery(theme=self.theme)
        days = {"start": date(2025, 7, 1), "end": date(2026, 9, 30)}
        return taken(report.query, {} if report.name == "indicators" else days)

    def address(self, report: Report[Any, Any], *more: tuple[str, str]) -> str:
        path = API.get(report.name, "plans/{plan}/report").format(theme=self.theme, plan=self.plan)
        given = [one for one in pairs_of(self.query(report)) if one[0] not in ("plan", "theme")]
        return f"/api/v1/{path}?{urlencode([*given, *more])}"

    def program(self) -> TestClient:
        with self.services.store.writing() as connection:
            secret, _ = tokens.make(
                connection, self.services.clock, person=self.lead.person, label="test",
                scopes=("read", "write", "export"), lasts=timedelta(days=30),
            )  # fmt: skip
        client = TestClient(create_app(self.services), raise_server_exceptions=False)
        client.headers["Authorization"] = f"Bearer {secret}"
        return client

    def browser(self) -> TestClient:
        with self.services.store.writing() as connection:
            secret, _ = sessions.start(connection, self.services.clock, person=self.lead.person)
        client = TestClient(create_app(self.services), raise_server_exceptions=False)
        client.cookies.set(self.services.settings.cookie_name, secret)
        return client


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("told")
    settings = Settings(
        store=f"sqlite:///{folder / 'council.db'}",
        key_file=folder / "council.key",
        demonstration=True,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(story, "AUDITS_A_QUARTER", (12, 12, 12, 12, 12))
        build_demo(settings)
    services = build(settings, clock=SetClock(datetime(2026, 12, 1, 12, tzinfo=UTC)))
    today = civil_day(services.clock.now())
    with services.store.reading() as connection:
        person = people_queries.with_handle(connection, cast.LEADS[0].handle)
        lead = acting(connection, person, today)
        plan = plan_queries.plans(connection)[0].id
        theme = learning_queries.themes(connection)[0][0].theme
    assert lead is not None
    yield Told(services, lead, folder, plan, theme)
    services.store.close()


def figures_of(rows: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Numerator, denominator and value of every figure, by its row and its name."""
    found = {}
    for row in rows:
        group = {key: str(value) for key, value in row["group"].items() if value is not None}
        for name, one in row["figures"].items():
            said = one["numerator"], one["denominator"], one["value"]
            found[json.dumps(group, sort_keys=True), name] = tuple(map(_text, said))
    return found


def opened_from(program: TestClient, name: str, answer: Any) -> None:
    """The head of an answer names where its figures are opened, and there they are the same."""
    there = answer.links["describedby"]["url"]
    row, figure, said = next(
        (row, figure, said)
        for row in reversed(answer.json()["rows"])
        for figure, said in row["figures"].items()
        if said["numerator"] or said["value"]
    )
    group = {key: value for key, value in row["group"].items() if value is not None}
    named = [("group", f"{key}={value}") for key, value in group.items()]
    if name == "rag":
        named = [("theme", group.get("theme_id")), ("scale", group["scale"])]
    found = program.get(f"{there}&{urlencode([('figure', figure), *named])}")
    assert found.status_code == 200, found.text
    given = found.json()["figure"]
    assert (given["numerator"], given["denominator"]) == (said["numerator"], said["denominator"])


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def test_every_report_that_can_be_published_is_declared_and_no_other() -> None:
    assert sorted(one.name for one in reports()) == sorted(get_args(ReportName))


@pytest.mark.parametrize("name", NAMES)
def test_every_way_in_says_the_same_figures(
    name: str, told: Told, over: Callable[[str, Path], Run], tmp_path: Path
) -> None:
    report, settings = report_called(name), told.services.settings
    with told.services.store.reading() as connection:
        head = str(told.services.store.head(connection))
    answer = told.program().get(told.address(report, ("position", head)))
    assert answer.status_code == 200, answer.text
    by_api = figures_of([*answer.json()["rows"], *answer.json().get("totals", [])])
    assert any(one[0] not in ("", "0") for one in by_api.values())

    opened_from(told.program(), name, answer)

    page = told.browser().get(report.link(told.query(report), {"position": head}))
    assert page.status_code == 200, page.text
    with told.services.store.reading() as connection:
        at = as_at(told.services.store, connection, position=int(head))
        made = report.make(Sight(connection, at, told.lead), told.query(report))
    row = (*made.totals, *made.rows)[0]
    for figure in report.main if name != "indicators" else ():
        assert row.figures[figure].display in page.text

    words = ["report", name]
    for key, value in pairs_of(told.query(report)):
        words += [f"--{key}", value]
    caseloop = over(settings.store, settings.key_path.parent)
    words += ["--position", head]
    printed = caseloop(*words, "--json")
    assert printed.code == 0, printed.err
    assert figures_of([*printed.json["rows"], *printed.json.get("totals", [])]) == by_api

    file = tmp_path / "report.csv"
    assert caseloop(*words, "--csv", str(file)).code == 0
    lines = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    by_file = [(line["figure"], line["numerator"], line["denominator"]) for line in lines]
    rows = figures_of(answer.json()["rows"])
    assert sorted(by_file)[:] == sorted(
        (figure, *said[:2])
        for (_, figure), said in (by_api if len(by_file) > len(rows) else rows).items()
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_comes_out_of_the_events_beneath_it_alone(name: str, told: Told) -> None:
    report, store = report_called(name), told.services.store
    query = told.query(report)
    with store.reading() as connection:
        at = as_at(store, connection)
        sight = Sight(connection, at, told.lead)
        made = report.make(sight, query)
        rows = (*made.rows[:1], *made.rows[-1:], *made.totals)
        checked = 0
        for row in rows:
            for figure in report.main:
                if figure not in row.figures:
                    continue
                found = report.why(store, sight, FigureOf(query, figure, row.group))
                assert found.found.same, (row.group, figure)
                expected = row.figures[figure]
                given = found.found.figure
                assert (given.numerator, given.denominator) == (
                    expected.numerator,
                    expected.denominator,
                ), (row.group, figure)
                checked += 1
    assert checked >= len(report.main)


@pytest.mark.parametrize("name", NAMES)
def test_a_past_moment_holds_nothing_of_what_came_later(name: str, told: Told) -> None:
    """As many events as were recorded by then, and no others, give the same figures."""
    report, store = report_called(name), told.services.store
    query = told.query(report)
    with store.reading() as connection:
        half = store.head(connection) * 3 // 4
        at = as_at(store, connection, position=half)
        then = report.make(Sight(connection, at), query)
        now = report.make(Sight(connection, as_at(store, connection)), query)
        events = list(store.events(upto=half))
    alone = recount.alone(
        told.services.registry.projectors,
        events,
        lambda only: report.make(Sight(only, at), query),
    )
    assert report.frozen_answer(then) == report.frozen_answer(alone)
    assert report.frozen_answer(then) != report.frozen_answer(now)


@pytest.mark.parametrize("name", NAMES)
def test_what_was_published_is_made_again_byte_for_byte(name: str, told: Told) -> None:
    report, program = report_called(name), told.program()
    pairs = urlencode([*pairs_of(told.query(report))])
    done = program.post(
        f"/api/v1/published-reports/{name}?{pairs}",
        json={"title": f"To the board: {report.title}"},
        headers={"Idempotency-Key": f"publish {name}"},
    )
    assert done.status_code == 201, done.text
    published = done.json()["result"]["published"]
    browser = told.browser()
    files = {
        kind: browser.get(f"/published/{published}/report.{kind}")
        for kind in ("json", "csv", "xlsx", "docx")
    }
    assert {one.status_code for one in files.values()} == {200}
    head = told.services.store.head()

    program.post(
        f"/api/v1/published-reports/{published}/commentary",
        json={"commentary": "Recorded after it was given out."},
        headers={"If-Match": '"1"'},
    )
    told.services.clock.advance(timedelta(days=3))  # type: ignore[attr-defined]
    program, browser = told.program(), told.browser()
    read = program.get(f"/api/v1/published-reports/{published}").json()
    assert (read["same_bytes"], read["changed"]) == (True, [])
    told_in_file = files["json"].json()
    del told_in_file["published"]
    assert told_in_file == read["report"]
    for kind, before in files.items():
        place = f"/published/{published}/report.{kind}"
        assert browser.get(f"{place}?position={head}").content == before.content
        assert browser.get(place).content != before.content, "the commentary is in it"
    page = browser.get(f"/published/{published}").text
    assert "it is the same, byte for byte" in page
    assert report.title in browser.get("/published").text
    assert browser.get(f"/published/new?{urlencode({'name': name})}&{pairs}").status_code == 200


@pytest.mark.parametrize(
    ("asked", "faults"),
    [
        ("name=supervision&from=2026-01-01", ["to"]),
        ("name=supervision&from=2026-01-01&to=then", ["to"]),
        ("name=rag", ["plan"]),
        ("name=rag&plan=PLAN&on=2020-01-01", ["form"]),
        ("name=rag&plan=PLAN&on=then", ["form"]),
    ],
)
def test_what_cannot_be_asked_is_not_published(asked: str, faults: list[str], told: Told) -> None:
    wrong = told.browser().get(f"/published/new?{asked.replace('PLAN', told.plan)}")
    assert wrong.status_code == 422
    assert all(fault in wrong.text for fault in faults)


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_for_outside_tells_no_small_number(name: str, told: Told) -> None:
    """From its file alone: what is shown, and what a total leaves for the rows that are not."""
    report, program = report_called(name), told.program()
    done = program.post(
        f"/api/v1/published-reports/{name}?{urlencode([*pairs_of(told.query(report))])}",
        json={"title": "For outside"},
        headers={"Idempotency-Key": f"outside {name}"},
    )
    assert done.status_code == 201, done.text
    place = f"/api/v1/published-reports/{done.json()['result']['published']}/copies"
    seen = program.get(place).headers["etag"]
    made = program.post(place, json={"audience": "public"}, headers={"If-Match": seen})
    if not report.source:
        assert [one["code"] for one in made.json()["errors"]] == ["copy-tells-few"]
        return
    assert made.status_code == 201, made.text
    [table] = program.get(f"{place}/{made.json()['result']['given']}").json()["tables"]
    assert table["rows"]
    assert not report.of_people or _few(table) == []


def test_the_copy_of_a_quarterly_report_tells_none_in_any_section(told: Told) -> None:
    """The one of the demonstration: two of its sections count the same audits."""
    program = told.program()
    found = program.get("/api/v1/published-reports").json()["reports"]
    [of] = {one["published"] for one in found if one["asked"]["report"] == "quarterly"}
    place = f"/api/v1/published-reports/{of}/copies"
    [copy] = program.get(place).json()["copies"]
    content = program.get(f"{place}/{copy['given']}").json()
    assert [one["title"][:2] for one in content["tables"]] == ["1.", "2.", "3.", "4.", "5."]
    assert len(content["texts"]) == 10
    assert [few for table in content["tables"][:4] for few in _few(table)] == []


def _few(table: dict[str, Any]) -> list[Any]:
    """What tells of few in a table, or in what its totals leave for the rows not shown."""
    shown = [_counts(row) for row in table["rows"] if row["shown"] and not row["total"]]
    totals = [_counts(row) for row in table["rows"] if row["shown"] and row["total"]]
    hidden = sum(not row["shown"] and not row["total"] for row in table["rows"])
    few: list[Any] = [
        (key, number)
        for counts in (*shown, *totals)
        for key, number in counts.items()
        if 0 < number < 5
    ]
    for whole in totals if hidden else ():
        left = {key: whole[key] - sum(row.get(key, 0) for row in shown) for key in whole}
        few += [key for key in left if left[key] < 5 and (key[1], left[key]) != ("rest", 0)]
        few += ["one row"] if hidden == 1 else []
    return few


def _counts(row: dict[str, Any]) -> dict[tuple[str, str], int]:
    found = {}
    for one in row["figures"]:
        found[one["figure"], "counted"] = one["counted"]
        found[one["figure"], "among"] = one["among"]
        found[one["figure"], "rest"] = one["among"] - one["counted"]
    return found


def test_who_may_not_read_a_plan_opens_no_report_of_it(told: Told) -> None:
    """A report is read with the right that it asks for, and not because it was published."""
    report = report_called("rag")
    done = told.program().post(
        f"/api/v1/published-reports/rag?plan={told.plan}",
        json={"title": "Ratings"},
        headers={"Idempotency-Key": "published for who may not"},
    )
    published = done.json()["result"]["published"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(report), "verb", "manage-people")
        assert told.browser().get(f"/published/{published}").status_code == 403
        assert told.program().get(f"/api/v1/published-reports/{published}").status_code == 403
        assert "Not open to you" in told.browser().get("/published").text

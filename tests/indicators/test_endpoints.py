"""Indicators by the API: the same commands, the same series; and those that count themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.indicators import derived
from api.indicators.cli import IndicatorsQuery
from api.indicators.reports import REPORTS as INDICATORS
from api.reports.declaration import Sight
from api.web.moments import as_at
from projections.figures.figure import Basis, rate
from qa.audit_tools.files import shipped_tools
from qa.core.periods import periods_between
from tests.indicators.support import Keeper
from tests.support.council import Council

DAY = date(2026, 1, 1)
V1 = "/api/v1/indicators"
DEFINED = {
    "id": "moderated",
    "name": "Case files moderated",
    "unit": "percent",
    "since": "2025-04-01",
    "polarity": "higher",
}


def test_a_value_is_counted_again_over_the_api(council: Council) -> None:
    keep = Keeper(council)
    id = keep.define("counted")
    keep.observe(id, "2020/21 Q1", numerator="1", denominator="4")
    keep.observe(id, "2020/21 Q2", numerator="3", denominator="4")
    reader, why = council.program("reader"), f"{V1}/report/why?figure=value&group=indicator={id}"
    for days in ("", "&from=2020-04-01&to=2020-09-30"):
        found = reader.get(f"{why}&group=period=2020/21 Q2{days}").json()
        assert (found["figure"]["numerator"], found["figure"]["denominator"]) == (3, 4)
        assert (found["same"], found["again"]["numerator"]) == (True, 3)
    for wrong in ("", "&group=period=", f"&from={DAY}"):
        refused = reader.get(f"{why}{wrong}")
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["code"] == "group-malformed"
    assert reader.get(f"{why}&group=period=2020/21 Q3").status_code == 404


def change(client: TestClient, place: str, body: dict[str, Any]) -> Any:
    tag = client.get(f"{V1}/moderated").headers["ETag"]
    return client.post(f"{V1}/moderated/{place}", json=body, headers={"If-Match": tag})


def test_an_indicator_is_kept_by_the_api(council: Council) -> None:
    lead, reader = council.program("lead"), council.program("reader")
    made = lead.post(V1, json=DEFINED)
    assert (made.status_code, made.headers["Location"]) == (201, f"{V1}/moderated")
    assert lead.post(V1, json=DEFINED).status_code == 409
    faulty = {"period": "2025/26 Q1", "value": "27", "numerator": "1", "denominator": "0"}
    refused = change(lead, "values", faulty)
    assert refused.status_code == 422
    assert [e["field"] for e in refused.json()["errors"]] == ["denominator"]
    for quarter, value in (("Q1", "11"), ("Q2", "17.70")):
        done = change(lead, "values", {"period": f"2025/26 {quarter}", "value": value})
        assert done.status_code == 200, done.text
    for place, body in (
        ("restatements", {"period": "2025/26 Q1", "value": "12", "reason": "Late returns."}),
        ("targets", {"comparator": "gte", "of": "70", "since": "2025-04-01"}),
        ("polarity", {"polarity": "lower", "since": "2026-04-01", "reason": "The board."}),
        ("comparators", {"comparator": "England", "period": "2025/26", "value": "40"}),
        ("claims", {"period": "2025/26 Q2", "text": "It rose.", "source": "Report"}),
        ("breaks", {"period": "2025/26 Q2", "reason": "A new tool is used."}),
        ("rebases", {"period": "2025/26 Q2", "reason": "New process."}),
        ("definitions", {**DEFINED, "since": "2026-04-01", "owner": "Head", "breaks": False}),
        ("retirement", {"after": "2026-03-31", "reason": "It was replaced."}),
    ):
        body.pop("id", None)
        assert change(lead, place, body).status_code == 200, place
    stale = lead.post(f"{V1}/moderated/breaks", json={"period": "2025/26 Q1", "reason": "A reason"},
                      headers={"If-Match": '"1"'})  # fmt: skip
    assert stale.status_code == 409
    whole = reader.get(f"{V1}/moderated").json()
    rows = [
        (r["group"]["period"], r["figures"].get("value", {}).get("value")) for r in whole["rows"]
    ]
    assert rows == [("2025/26 Q1", "12"), ("2025/26 Q2", "17.70"), ("2025/26 Q3", None)]
    told = whole["indicator"]
    assert told["restatements"][0]["old_value"] == "11"
    assert told["claims"][0]["text"] == "It rose."
    assert len(told["definitions"]) == 2
    assert reader.get(f"{V1}/moderated?from=0001-01-01&to=9999-12-31").status_code == 422
    assert reader.get(V1).json()["indicators"][0]["id"] == "moderated"
    assert reader.post(V1, json={**DEFINED, "id": "mine"}).status_code == 403
    assert council.program("worker").get(V1).status_code == 403


@pytest.fixture
def counted(small_council: Council) -> Council:
    """Four audits of one quarter, three moderated, two of these with the auditor's grade; and one
    audit of the quarter before."""
    council = small_council
    council.show_rates_of_few()
    council.submitted("good")
    council.clock.set(datetime(2026, 5, 5, 9, tzinfo=UTC))
    for overall, theirs in (("good", "good"), ("good", "good"), ("inadequate", "good")):
        audit = council.submitted(overall)
        council.moderate(audit, theirs)
    council.submitted("requires-improvement")
    council.clock.set(datetime(2026, 7, 20, 9, tzinfo=UTC))
    return council


MEASURES = {
    "audits-submitted": ("count", [("1", None, None), ("4", None, None)]),
    "graded-good-or-better": ("percent", [("100.0", 1, 1), ("50.0", 2, 4)]),
    "inadequate": ("percent", [("0.0", 0, 1), ("25.0", 1, 4)]),
    "ri-or-better": ("percent", [("100.0", 1, 1), ("75.0", 3, 4)]),
    "moderation-coverage": ("percent", [("0.0", 0, 1), ("75.0", 3, 4)]),
    "moderation-agreement": ("percent", [(None, None, None), ("66.7", 2, 3)]),
}


def test_indicators_fill_themselves_from_audits_and_moderations(counted: Council) -> None:
    keep, lead = Keeper(counted), counted.program("lead")
    for measure, (unit, _) in MEASURES.items():
        keep.define(measure, measure=measure, unit=unit, since=date(2026, 1, 1))
    for measure, (unit, expected) in MEASURES.items():
        rows = lead.get(f"{V1}/{measure}").json()["rows"]
        assert [row["group"]["period"] for row in rows] == ["2025/26 Q4", "2026/27 Q1"]
        found = []
        for row in rows:
            value = row["figures"].get("value")
            parts = (None, None) if value is None or unit == "count" else (
                value["numerator"], value["denominator"])  # fmt: skip
            found.append((None if value is None else value["value"], *parts))
        assert found == expected, measure
        assert "date of the audit" in rows[1]["cohort_rule"]
    tag = {"If-Match": lead.get(f"{V1}/inadequate").headers["ETag"]}
    refused = lead.post(
        f"{V1}/inadequate/values", json={"period": "2026/27 Q1", "value": "1"}, headers=tag
    )
    assert refused.json()["errors"][0]["code"] == "derived-indicator"


def test_a_measure_by_area_counts_the_grades_of_its_domains(small_council: Council) -> None:
    """Audits without an overall grade are in no rate of overall grades, which says so."""
    small_council.submitted("good")
    small_council.tool = next(tool for tool in shipped_tools() if tool.id == "judgement-areas")
    moderated = small_council.submitted("good")
    small_council.moderate(moderated, "requires-improvement")
    small_council.submitted("requires-improvement")
    small_council.show_rates_of_few()
    small_council.clock.advance(timedelta(days=100))
    keep, lead = Keeper(small_council), small_council.program("lead")
    asked = {
        "graded-good-or-better": (1, 1),
        "graded-good-or-better:help-and-protection": (1, 2),
        "moderation-agreement:help-and-protection": (0, 1),
        "moderation-coverage": (1, 3),
        "graded-good-or-better:care-leavers": None,
    }
    for at, (measure, expected) in enumerate(asked.items()):
        id = keep.define(f"m{at}", measure=measure, unit="percent", since=date(2026, 1, 1))
        row = lead.get(f"{V1}/{id}").json()["rows"][0]
        value = row["figures"].get("value")
        found = None if value is None else (value["numerator"], value["denominator"])
        assert found == expected, (measure, row)
        ungraded = "2 audits have no overall grade" in row["sources"][0]["note"]
        assert ungraded == (measure == "graded-good-or-better")
        if expected:
            query = f"figure=value&group=indicator={id}&group=period={row['group']['period']}"
            why = lead.get(f"{V1}/report/why?{query}").json()
            assert why["same"], measure
    store = small_council.services.store
    with store.reading() as connection:
        sight, asked_of = (
            Sight(connection, as_at(store, connection)),
            IndicatorsQuery(indicator="m3"),
        )
        kept = INDICATORS.kept(asked_of, sight.at)
        rows = [
            INDICATORS.frozen(sight, kept.model_copy(update={"formulas": version})).rows
            for version in (kept.formulas, 2)
        ]
    assert [len(one) for one in rows] == [1, 0], "of two scales it had no value by formulas 2"
    small_council.show_rates_of_few(4)
    row = lead.get(f"{V1}/m3").json()["rows"][0]
    assert (row["figures"], row["state"]) == ({}, "no-value")
    assert row["sources"][0]["note"] == "1 of 3: too few for more than the counts."


def test_a_counted_rate_of_few_is_given_as_counts(small_council: Council) -> None:
    for overall in ("good", "good", "inadequate"):
        small_council.submitted(overall)
    small_council.clock.advance(timedelta(days=100))
    Keeper(small_council).define(
        "good", measure="graded-good-or-better", unit="percent", since=date(2026, 1, 1)
    )
    row = small_council.program("lead").get(f"{V1}/good").json()["rows"][0]
    assert (row["figures"], row["state"]) == ({}, "no-value")
    assert row["sources"][0]["note"] == "2 of 3: too few for more than the counts."


def test_counted_rates_break_where_the_tool_is_another(counted: Council) -> None:
    figure = rate("good", 1, 2, Basis(scale_version="four@1", tool_versions=("whole@1",)))
    other = replace(figure, basis=replace(figure.basis, tool_versions=("whole@2",)))
    keep = Keeper(counted)
    id = keep.define("good", measure="graded-good-or-better", unit="percent", since=DAY)
    definition = keep.held(id).definition
    periods = list(periods_between(DAY, date(2026, 12, 31), definition.period_kind))
    made = {
        ("grades", definition.period_kind, ()): {
            periods[0].label: [{"good_or_better_rate": figure}],
            periods[1].label: [],
            periods[2].label: [{"good_or_better_rate": figure}],
            periods[3].label: [{"good_or_better_rate": other}],
        }
    }
    found = derived.filled(keep.held(id), [(definition, one) for one in periods], made, 1)
    assert found.broken_by == {
        periods[3].start: "Graded with whole@2 (four@1), before with whole@1 (four@1): "
        "not comparable."
    }


def test_a_counted_value_opens_to_the_audits_behind_it(counted: Council) -> None:
    Keeper(counted).define(
        "coverage", measure="moderation-coverage", unit="percent", since=date(2026, 1, 1)
    )
    lead = counted.browser("lead")
    page = lead.get("/indicators/coverage").text
    [behind] = [h for h in page.split('href="') if h.startswith("/reports/agreement/rows?")][:1]
    rows = lead.get(behind.partition('"')[0].replace("&amp;", "&"))
    assert rows.status_code == 200
    assert "3 of 4" in page


def test_a_counted_value_is_as_it_was_known(counted: Council) -> None:
    keep = Keeper(counted)
    keep.define("inadequate", measure="inadequate", unit="percent", since=date(2026, 1, 1))
    store = counted.services.store
    with store.reading() as connection:
        then = store.head(connection)
    counted.clock.advance(timedelta(days=1))
    audited = date(2026, 6, 30)
    counted.submitted("inadequate", audit_date=audited, practice_to=audited)
    lead = counted.program("lead")

    def value(query: str) -> str:
        last = lead.get(f"{V1}/inadequate{query}").json()["rows"][-1]
        return str(last["figures"]["value"]["value"])

    assert value(f"?position={then}") == "25.0"
    assert value("") == "40.0"


def test_a_p_chart_is_of_values_with_both_their_parts(small_council: Council) -> None:
    keep = Keeper(small_council)
    whole, bare = keep.define("whole"), keep.define("bare")
    keep.observe(whole, "2025/26 Q1", numerator="1", denominator="2")
    keep.observe(bare, "2025/26 Q1", "50%")
    client = small_council.program("lead")
    assert client.get(f"{V1}/{whole}?chart=p").status_code == 200
    refused = client.get(f"{V1}/{bare}?chart=p")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "parts-missing")

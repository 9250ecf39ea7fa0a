"""What pages, API and command line of plans refuse, by name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from api.plans import starting_set
from projections.plans import queries as plan_queries
from tests.plans.support import FOUR, LEVELS, THREE, Kept, level_rows
from tests.support.command_line import Run
from tests.support.council import Council
from tests.support.forms import day, send
from tests.support.told_codes import ToldCodes

API = "/api/v1/rag-scales"


def test_the_command_line_asks_for_a_plan_by_its_title(run: Run, told_codes: ToldCodes) -> None:
    run("init")
    said = run("report", "rag", "--plan", "none")
    assert (said.code, told_codes.taken()) == (3, ["plan-unknown"])


def test_a_scale_keeps_its_code_and_its_mappings(small_council: Council) -> None:
    lead = small_council.program("lead")
    body = FOUR.model_dump(mode="json")
    assert lead.post(API, json=body).status_code == 201
    tag = {"If-Match": lead.get(f"{API}/{FOUR.id}").headers["ETag"]}
    other = {**body, "id": "other-scale"}
    refused = lead.post(f"{API}/{FOUR.id}/versions", json=other, headers=tag)
    assert (refused.status_code, refused.json()["code"]) == (409, "scale-code-changed")
    mapping = {
        "old": FOUR.key, "new": "other-scale@1", "since": "2026-01-01",
        "levels": [{"old": "green", "new": "amber"}],
    }  # fmt: skip
    refused = lead.post(f"{API}/{FOUR.id}/mappings", json=mapping, headers=tag)
    assert (refused.status_code, refused.json()["code"]) == (409, "scale-other")


RED = ("Red", "red", "Late", "")


@pytest.mark.parametrize(
    ("levels", "code", "field"),
    [
        ([("Red", "red", "", "")], "level-unclear", "meaning-1"),
        ([("", "", "", "", "met")], "level-unclear", "label-1"),
        ([RED, ("Green", "mauve", "Done", "")], "level-unfit", "colour-2"),
        ([RED, ("Green", "green", "Done", "sleeping")], "level-unfit", "claims-2"),
        ([RED, RED], "level-unfit", "label-1"),
    ],
)
def test_a_level_is_a_row_of_boxes(
    small_council: Council, told_codes: ToldCodes, levels: list[Any], code: str, field: str
) -> None:
    lead = small_council.browser("lead")
    fields = {"name": "Four colours", **level_rows(*levels)}
    answer = send(lead, "/rag-scales/new", fields)
    assert answer.status_code == 422
    assert set(told_codes.taken()) == {code}
    assert f'href="#{field}"' in answer.text


def test_a_row_that_is_left_empty_is_no_level(small_council: Council) -> None:
    levels = level_rows(RED, ("", "", "", ""), ("Green", "green", "Done", "on-track", "met"))
    lead = small_council.browser("lead")
    assert send(lead, "/rag-scales/new", {"name": "Two", **levels}).status_code == 303
    with small_council.services.store.reading() as connection:
        (scale,) = plan_queries.scales(connection, ["two"]).values()
    assert [(one.label, one.rank, one.met) for one in scale.levels] == [
        ("Red", 1, False),
        ("Green", 2, True),
    ]


def test_a_new_council_has_a_scale(small_council: Council) -> None:
    for _ in range(2):
        starting_set.ship(small_council.services)
    with small_council.services.store.reading() as connection:
        assert list(plan_queries.scales(connection)) == ["brag@1"]


def test_a_mapping_is_written_old_is_new(small_council: Council, told_codes: ToldCodes) -> None:
    lead = small_council.browser("lead")
    assert send(lead, "/rag-scales/new", {"name": "Colours", **LEVELS}).status_code == 303
    told_codes.taken()
    fields = {"old": "colours@1", "new": THREE.key, "levels": "green", **day("since", "2026-01-01")}
    assert send(lead, "/rag-scales/map", fields).status_code == 422
    assert told_codes.taken() == ["level-unclear"]


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("review_every_days", 1, 400), ("slip_tolerance_days", 0, 365), ("complete_percent", 1, 100)],
)
def test_each_limit_of_the_rules_of_a_plan_lies_within_its_bounds(
    small_council: Council, told_codes: ToldCodes, name: str, least: int, most: int
) -> None:
    kept = Kept.opened(small_council, since=date(2025, 4, 1))
    lead, path = small_council.browser("lead"), f"/plans/{kept.plan}/adopt-rules"
    whole = {"review_every_days": "30", "slip_tolerance_days": "0", "complete_percent": "100"}
    for value in (least - 1, most + 1):
        told_codes.taken()
        answer = send(lead, path, {**whole, name: str(value)})
        assert answer.status_code == 422
        unread = value < 0
        assert told_codes.taken() == ["number-invalid" if unread else "number-out-of-range"]
    for value in (least, most):
        assert send(lead, path, {**whole, name: str(value)}).status_code == 303

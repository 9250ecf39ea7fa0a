"""The one queue of a person: every area of work in it, by due date, on every way in."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from api import worklist
from api.moments import present
from tests.actions import by_hand, claimed
from tests.council import Council, words_of


def test_one_queue_holds_every_area_by_due_date(small_council: Council) -> None:
    council = small_council
    audit = council.allocated(due_on=council.today + timedelta(days=10))
    near = by_hand(council, owner=council.ids["auditor"])
    by_hand(council, owner=council.ids["auditor2"])
    store, actor = council.services.store, council.actor("auditor")
    with store.reading() as connection:
        found = worklist.queue(connection, actor, present(store, connection, actor))
    assert [(one.kind, one.thing, one.whose) for one in found] == [
        ("accept-action", f"action:{near}", "own"),
        ("audit", f"case-audit:{audit}", "own"),
    ]
    assert [one.due_on for one in found] == [
        council.today + timedelta(days=7),
        council.today + timedelta(days=10),
    ]
    api = council.program("auditor").get("/api/v1/worklist").json()["items"]
    assert [(one["kind"], one["overdue"]) for one in api] == [
        ("accept-action", False),
        ("audit", False),
    ]
    page = words_of(council.browser("auditor").get("/").text)
    assert page.index("Action to accept") < page.index("Audit to make")


def test_the_queue_is_a_file_and_is_told_as_it_was(small_council: Council) -> None:
    council = small_council
    action = by_hand(council)
    before = council.today
    council.clock.advance(timedelta(days=3))
    claimed(council, action)
    lead = council.browser("lead")
    now = list(csv.DictReader(io.StringIO(lead.get("/work/export.csv").text.lstrip("\ufeff"))))
    assert [(line["What to do"], line["Waits for"]) for line in now] == [
        ("Evidence to check", "You or a colleague")
    ]
    then = lead.get(f"/work/export.csv?as_at={before}").text
    assert "Evidence to check" not in then
    assert council.browser("worker").get("/work/export.csv").status_code == 403
    assert "Action to accept" in words_of(council.browser("worker").get(f"/?as_at={before}").text)

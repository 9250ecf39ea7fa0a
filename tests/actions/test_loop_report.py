"""The closing-the-loop report on both databases: what is counted is what the events alone say."""

from __future__ import annotations

from datetime import timedelta

from projections.core.verify import verify
from qa.actions import handlers as actions
from qa.actions.commands import DropAction
from tests.actions.support import by_hand, claimed, closed, raised
from tests.support.council import Council

API = "/api/v1/reports/closing-the-loop"
RANGE = "from=2026-01-01&to=2026-06-30&dimension=team&dimension=source&dimension=area"
LATE = timedelta(days=40)


def test_every_row_is_that_of_the_events_alone(council: Council) -> None:
    _, first = raised(council)
    closed(council, first)
    _, second = raised(council)
    claimed(council, second)
    other = by_hand(council, team="west")
    actions.drop(
        council.services.desk,
        DropAction(action=other, reason="The child is gone."),
        by=council.actor("lead"),
    )
    by_hand(council)
    council.clock.advance(LATE)
    services = council.services
    assert verify(services.store, services.registry) == []
    lead = council.program("lead")
    made = lead.get(f"{API}?{RANGE}").json()
    assert made["totals"][0]["figures"]["raised"]["numerator"] == 4
    assert made["totals"][0]["figures"]["overdue_by_first_date"]["numerator"] == 1
    assert made["still_open"]["censored"] == 3
    for row in (*made["rows"], *made["totals"]):
        group = "".join(f"&group={key}={value}" for key, value in row["group"].items())
        for name in ("raised", "action_completion_rate", "days_to_effect", "loop_closed_rate"):
            why = lead.get(f"{API}/rows?{RANGE}&figure={name}{group}").json()
            assert why["same"], (name, row["group"])
            assert why["figure"]["denominator"] == row["figures"][name]["denominator"]
            assert why["figure"]["value"] == row["figures"][name]["value"]

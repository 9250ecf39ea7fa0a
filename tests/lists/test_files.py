"""A list that would not fit in a file is not made, wherever it is asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.access import listing as access_listing
from api.documents.listing import Column, Listing
from api.history import comparison
from api.history import listing as history_listing
from api.lists import files
from tests.support.council import Council
from tests.support.given import START, codes_of


@pytest.mark.parametrize(
    ("module", "path"),
    [
        (access_listing, "/access-log/export.csv"),
        (files, "/actions/export.csv"),
        (files, "/follow-ups/export.csv"),
        (files, "/audits/export.csv"),
        (history_listing, "/history.csv?record=audit:{audit}"),
        (comparison, "/compare/export.csv?from_as_at={yesterday}"),
    ],
)
def test_a_list_has_at_most_so_many_rows(
    small_council: Council, monkeypatch: pytest.MonkeyPatch, module: object, path: str
) -> None:
    council = small_council
    yesterday = council.today
    council.clock.advance(timedelta(days=1))
    for _ in range(2):
        planned = council.action()
        audit = council.submitted("inadequate", actions=(planned,), no_action_reason="")
    lead = council.browser("lead").client
    there = path.format(audit=audit, yesterday=yesterday)
    for _ in range(2):
        assert lead.get(there).status_code == 200
    monkeypatch.setattr(module, "MOST_ROWS", 1)
    refused = lead.get(there, headers={"accept": "application/json"})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "list-too-long")


def test_a_list_is_written_in_a_kind_that_is_known() -> None:
    made = Listing(
        title="Nothing", columns=[Column("a", "A")], rows=[], filters=[], position=1, as_at=START,
        by="Lead", at=START,
    )  # fmt: skip
    assert codes_of(lambda: files.render_listing(made, "pdf")) == ["file-kind"]
    for kind in ("csv", "xlsx", "json"):
        assert files.render_listing(made, kind)

"""Named views: what can be kept, and who removes which."""

from __future__ import annotations

import pytest

from qa.core.errors import NotFound
from qa.views import decisions
from qa.views.commands import KeepListView
from qa.views.events import ListViewKept, ListViewRemoved
from qa.views.state import KeptListView, evolve
from tests.support.given import codes_of, given, recorded

KEPT = ListViewKept(view="v1", path="/actions", query="view=overdue", name="Late", role="")


def keep(**change: str) -> KeepListView:
    return KeepListView.model_validate({"path": "/actions", "name": "Late", **change})


def test_what_is_kept_is_a_list_of_this_service_under_a_name() -> None:
    [kept] = decisions.keep(keep(query=" view=overdue ", name=" Late ", role="auditor"), "v1")
    assert kept == KEPT.model_copy(update={"role": "auditor"})
    for code, change in (
        ("name-missing", {"name": " "}),
        ("name-long", {"name": "x" * 61}),
        ("query-long", {"query": "x" * 1001}),
        ("role-unknown", {"role": "inspector"}),
        ("path-unknown", {"path": "//elsewhere.example"}),
        ("path-unknown", {"path": "/actions?view=late"}),
        ("path-unknown", {"path": "/children/c-101"}),
        ("path-unknown", {"path": ""}),
    ):
        assert codes_of(lambda change=change: decisions.keep(keep(**change), "v1")) == [code]


def test_words_that_were_typed_are_not_kept_whoever_asks() -> None:
    typed = "q=Jane+Smith&child=C-1&sort=-due&audited_from=Jane&audited_to=1%2F1%2F2026&status=a"
    [kept] = decisions.keep(keep(query=f"{typed}&status=b"), "v1")
    assert isinstance(kept, ListViewKept)
    assert kept.query == "sort=-due&audited_to=1%2F1%2F2026&status=a&status=b"


@pytest.mark.parametrize(
    ("role", "by", "shares", "may"),
    [
        ("", "p-auditor", False, True),
        ("", "p-other", True, False),
        ("auditor", "p-other", True, True),
        ("auditor", "p-other", False, False),
    ],
)
def test_a_view_is_its_owners_and_a_shared_one_theirs_who_share(
    role: str, by: str, shares: bool, may: bool
) -> None:
    state = given(KeptListView(), evolve, KEPT.model_copy(update={"role": role})).state
    if not may:
        with pytest.raises(NotFound):
            decisions.remove(state, by=by, shares=shares)
        return
    assert decisions.remove(state, by=by, shares=shares) == [ListViewRemoved()]
    gone = evolve(state, recorded(ListViewRemoved(), 2))
    with pytest.raises(NotFound):
        decisions.remove(gone, by=by, shares=shares)

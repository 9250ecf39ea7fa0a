"""What nobody does to themselves, whichever way they come in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from qa.core.errors import CaseloopError
from qa.core.words import Grant, Role
from qa.people import handlers as people
from qa.people.commands import EndRole, GrantRole, RecordDeparture
from tests.support.council import Council
from tests.support.given import codes_of


def grant_of(council: Council, handle: str) -> Grant:
    return council.actor(handle).grants[0]


def test_an_administrator_does_not_end_their_own_role(small_council: Council) -> None:
    council = small_council
    ids, desk = council.ids, council.services.desk

    def end(who: str, whose: str) -> Callable[[], Any]:
        return lambda: people.end_role(
            desk, EndRole(person=ids[whose], grant=grant_of(council, whose)), by=council.actor(who)
        )

    assert codes_of(end("admin", "admin")) == ["own-administrator-role"]
    assert [held.role for held in council.actor("admin").grants] == [Role.ADMINISTRATOR]
    assert codes_of(end("admin", "auditor")) == []


def test_nobody_grants_to_themselves_nor_sees_themselves_off(small_council: Council) -> None:
    council = small_council
    desk, admin = council.services.desk, council.actor("admin")
    me = council.ids["admin"]
    head = council.services.store.head()
    for attempt, code in (
        (
            lambda: people.grant_role(desk, GrantRole(person=me, role=Role.QA_LEAD), by=admin),
            "own-grant",
        ),
        (lambda: people.depart(desk, RecordDeparture(person=me), by=admin), "own-departure"),
    ):
        assert codes_of(attempt) == [code]
    assert council.services.store.head() == head


@pytest.mark.parametrize("who", ["lead", "auditor", "reader"])
def test_only_who_keeps_people_changes_them(small_council: Council, who: str) -> None:
    council = small_council
    with pytest.raises(CaseloopError) as refused:
        people.grant_role(
            council.services.desk,
            GrantRole(person=council.ids["worker"], role=Role.READER),
            by=council.actor(who),
        )
    assert refused.value.code == "forbidden"


def test_the_role_of_the_service_itself_is_given_to_nobody(small_council: Council) -> None:
    council = small_council
    assert codes_of(
        lambda: people.grant_role(
            council.services.desk,
            GrantRole(person=council.ids["worker"], role=Role.SYSTEM),
            by=council.actor("admin"),
        )
    ) == ["role-reserved"]

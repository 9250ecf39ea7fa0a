"""Two references of one child: one file, closed to the same people, and apart again when undone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.access.listing import of_child as subjects_of_child
from projections.audits import child_queries
from projections.restrictions import queries as restrictions
from qa.children import decisions, handlers
from qa.children.commands import JoinChildren, PartChildren
from qa.children.state import ChildJoining
from qa.core.errors import Conflict, Forbidden, NotFound, NotNow, Refused
from qa.core.words import Role, Scope
from qa.restrictions import handlers as restriction_handlers
from qa.restrictions.commands import BreakGlass, LiftRestriction
from tests.follow_ups.support import inadequate
from tests.restrictions.support import WHY, restrict
from tests.support.council import Council, words_of
from tests.support.forms import send

V1 = "/api/v1"
ONE, OTHER, THIRD = "C-101", "2019/0101", "C-303"


def join(council: Council, child: str = ONE, other: str = OTHER, by: str = "lead2") -> str:
    done = handlers.join(
        council.services.desk,
        JoinChildren(child=child, other=other, why=WHY),
        by=council.actor(by),
    )
    return str(done.response["joining"])


def part(council: Council, joining: str, by: str = "lead2") -> None:
    command = PartChildren(joining=joining, why="They are two children after all.")
    handlers.part(council.services.desk, command, by=council.actor(by))


@pytest.fixture
def two(small_council: Council) -> Council:
    for child in (ONE, OTHER):
        small_council.allocated("auditor", child=child)
    return small_council


def listed(council: Council, child: str, by: str = "lead", **asked: object) -> set[str]:
    found = council.program(by).get(f"{V1}/case-audits", params={"child": child, **asked})
    return {one["child"] for one in found.json()["audits"]}


def test_they_are_one_file_on_the_page_where_they_are_joined_until_it_is_undone(
    two: Council,
) -> None:
    before = two.services.store.head()
    lead, program = two.browser("lead"), two.program("lead")
    form = f"/child-joinings/new/{OTHER}"
    assert form in lead.get(f"/children/{OTHER}").text
    wrong = send(lead, form, {"other": "c-999", "why": WHY})
    assert "that is on record and that you may read" in words_of(wrong.text)
    assert send(lead, form, {"other": ONE.lower(), "why": WHY}).status_code == 303
    (joining,) = program.get(f"{V1}/child-joinings").json()["joinings"]
    assert (joining["child"], joining["other"]) == (OTHER, ONE), "as their audits write them"
    address = f"{V1}/child-joinings/{joining['joining']}"
    assert program.get(address).json() == joining
    assert program.get(f"{V1}/child-joinings/{'0' * 32}").status_code == 404
    assert listed(two, ONE) == listed(two, OTHER) == {ONE, OTHER}
    assert listed(two, ONE, position=before) == {ONE}, "as known before the joining"
    page = words_of(lead.get(f"/children/{ONE}").text)
    assert f"{OTHER} and {ONE} are one child’s" in page
    assert "Joined: two references are one child’s" in page
    with two.services.store.reading() as connection:
        assert {f"child:{ONE}", f"child:{OTHER}"} <= set(subjects_of_child(connection, ONE))
    apart = f"/child-joinings/{joining['joining']}/end"
    assert send(lead, apart, {"why": "They are two after all."}).status_code == 303
    assert listed(two, ONE) == {ONE}
    for child in (ONE, OTHER):
        told = words_of(lead.get(f"/children/{child}").text)
        assert "Joining undone: the references are two children’s again" in told
    assert lead.get(apart).status_code == 404


def test_a_search_for_one_finds_the_records_of_the_other_for_whoever_may_learn_it(
    small_council: Council,
) -> None:
    """A lead of one team may see the audits of one of the two alone."""
    here = small_council.allocated("auditor", child=ONE)
    there = small_council.allocated("auditor", "west", child=OTHER)
    join(small_council)
    small_council.grant("nobody", Role.QA_LEAD, Scope(kind="team", code="east"))

    def found(by: str, typed: str) -> set[str]:
        said = small_council.program(by).get(f"{V1}/search", params={"q": typed}).json()
        return {one["record"] for one in (*said["exact"], *said["found"])}

    for typed in (ONE.lower(), OTHER):
        assert found("lead", typed) == {here, there}
        assert f"/audits/{there}" in small_council.browser("lead").get(f"/search?q={typed}").text
    assert (found("nobody", ONE), found("nobody", OTHER)) == ({here}, set())
    shown = listed(small_council, ONE, "nobody"), listed(small_council, OTHER, "nobody")
    assert shown == ({ONE}, set())


def test_a_restriction_of_one_closes_every_other_at_once_and_at_past_positions(
    two: Council,
) -> None:
    before = two.services.store.head()
    restriction = restrict(two, ONE)
    assert listed(two, OTHER) == {OTHER}
    joining = join(two)
    for asked in ({}, {"position": before}):
        assert listed(two, OTHER, **asked) == set()
    assert two.browser("lead").get(f"/children/{OTHER}").status_code == 404
    assert two.program("lead").get(f"{V1}/child-joinings").json() == {"joinings": []}
    with pytest.raises(NotFound):
        part(two, joining, by="lead")
    with pytest.raises(Conflict):
        restrict(two, OTHER)
    with pytest.raises(Refused) as refused:
        two.allocated("auditor2", by=two.actor("lead2"), child=OTHER)
    assert refused.value.faults[0].code == "not-a-reader"
    with two.services.store.reading() as connection:
        assert restrictions.restricted(connection) == {ONE.lower(), OTHER.lower()}
    glass = BreakGlass(child=OTHER, why=WHY)
    restriction_handlers.break_glass(two.services.desk, glass, by=two.actor("lead"))
    assert listed(two, OTHER) == {ONE, OTHER}
    two.services.store.clock.advance(timedelta(days=9))
    assert listed(two, OTHER) == set()
    part(two, joining)
    assert listed(two, OTHER) == {OTHER}
    assert listed(two, ONE) == set()
    lift = LiftRestriction(restriction=restriction, why=WHY)
    restriction_handlers.lift(two.services.desk, lift, by=two.actor("lead2"))
    assert listed(two, ONE) == {ONE}


def test_where_both_are_restricted_whoever_reads_is_named_in_each(two: Council) -> None:
    ids = two.ids
    restrict(two, ONE, [ids["lead2"], ids["lead"], ids["auditor"]])
    restrict(two, OTHER, [ids["lead2"], ids["auditor"], ids["moderator"]])
    join(two)
    assert listed(two, ONE, "lead2") == {ONE, OTHER}
    for handle in ("lead", "moderator"):
        assert listed(two, ONE, handle) == listed(two, OTHER, handle) == set()
    with pytest.raises(Refused):
        two.allocated("auditor2", by=two.actor("lead2"), child=ONE)
    glass = BreakGlass(child=ONE, why=WHY)
    restriction_handlers.break_glass(two.services.desk, glass, by=two.actor("lead"))
    assert listed(two, OTHER, "lead") == {ONE, OTHER}


def test_over_a_third_reference_all_are_one_child(two: Council) -> None:
    two.allocated("auditor", child=THIRD)
    first = join(two)
    join(two, OTHER, THIRD)
    with pytest.raises(Conflict) as told:
        join(two, THIRD, ONE)
    assert told.value.code == "children-joined"
    restrict(two, THIRD)
    assert listed(two, ONE) == set()
    part(two, first)
    assert listed(two, ONE) == {ONE}
    assert listed(two, OTHER) == set()


def test_actions_under_both_count_as_one_childs(small_council: Council) -> None:
    for child in (ONE, OTHER):
        inadequate(small_council, child=child)
    days = {"from": str(small_council.today), "to": str(small_council.today)}

    def waiting() -> list[tuple[str, int]]:
        found = (
            small_council.program("lead")
            .get(f"{V1}/reports/closing-the-loop", params=days)
            .json()["children_without_effect"]
        )
        assert found["children"] == len(found["listed"])
        return sorted((one["child"], one["actions"]) for one in found["listed"])

    assert waiting() == [(OTHER, 1), (ONE, 1)]
    joining = join(small_council)
    assert waiting() == [(OTHER, 2)]
    with small_council.services.store.reading() as connection:
        found = child_queries.of_children(connection, [ONE, OTHER, THIRD])
    assert {one: sorted(row.child for row in rows) for one, rows in found.items()} == {
        ONE: [OTHER, ONE], OTHER: [OTHER, ONE], THIRD: []
    }  # fmt: skip
    part(small_council, joining)
    assert waiting() == [(OTHER, 1), (ONE, 1)]


@pytest.mark.postgres
def test_postgresql_closes_and_counts_the_same(postgres_council: Council) -> None:
    test_actions_under_both_count_as_one_childs(postgres_council)
    join(postgres_council)
    restrict(postgres_council, ONE)
    assert listed(postgres_council, OTHER) == set()
    assert listed(postgres_council, OTHER, "lead2") == {ONE, OTHER}


def test_only_leads_of_every_part_who_may_read_both_join(two: Council) -> None:
    with pytest.raises(Forbidden):
        join(two, by="auditor")
    two.grant("nobody", Role.QA_LEAD, Scope(kind="team", code="west"))
    for elsewhere_or_none in (ONE, "C-999"):
        with pytest.raises(NotFound):
            join(two, elsewhere_or_none, by="nobody")
    two.allocated("auditor", team="west", child=THIRD)
    told = []
    for elsewhere_or_none in (ONE, "C-999"):
        with pytest.raises(Refused) as refused:
            join(two, THIRD, elsewhere_or_none, by="nobody")
        told.append(refused.value.faults)
    assert told[0] == told[1]
    joining = join(two, ONE, THIRD)
    nobody = two.program("nobody")
    assert nobody.get(f"{V1}/child-joinings").json() == {"joinings": []}
    assert ONE not in two.browser("nobody").get(f"/children/{THIRD}").text
    with pytest.raises(Forbidden):
        part(two, joining, by="nobody")
    with pytest.raises(Forbidden):
        join(two, THIRD, OTHER, by="nobody")
    restrict(two, OTHER)
    with pytest.raises(Refused) as closed:
        join(two, by="lead")
    with pytest.raises(Refused) as unknown:
        join(two, other="C-999", by="lead")
    assert closed.value.faults == unknown.value.faults
    assert unknown.value.faults[0].code == "child-unknown"
    with pytest.raises(NotFound):
        join(two, OTHER, ONE, by="lead")


def test_what_is_undone_or_never_was_is_not_undone() -> None:
    command = PartChildren(joining="j", why=WHY)
    with pytest.raises(NotFound):
        decisions.found(ChildJoining(), ())
    with pytest.raises(NotNow) as told:
        decisions.part(ChildJoining("j", ONE, OTHER, parted=True), command)
    assert told.value.code == "children-parted"

"""Names from files that are one person: joined, counted once, and parted again."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from api.people.same_names import alike
from projections.audits.tables import JOINED_PEOPLE
from projections.figures.joined_people import JoinedPeople, JoinedPersonRow
from qa.core.errors import NotFound, NotNow, Refused
from qa.core.words import Role, Scope
from qa.imports.rows import imported_audit_id
from qa.people import decisions
from qa.people import handlers as people
from qa.people.commands import JoinPerson, PartPerson
from qa.people.decisions import Person
from tests.support.case_audits import V1
from tests.support.council import Council, words_of
from tests.support.forms import send

SPELLINGS = (
    "Pat Sample", "pat sample", "Pat  Sample", "Sample, Pat", "PAT SAMPLE", "Pat Sample (TM)",
    "P. Sample",
)  # fmt: skip


@pytest.fixture
def seven(small_council: Council) -> Council:
    """Seven audits by one auditor in seven spellings, one of them moderated in an eighth."""
    day = small_council.today - timedelta(days=20)
    rows = [f'K-{n},{4000 + n},{day},"{name}",North,Help,Good' for n, name in enumerate(SPELLINGS)]
    text = "\n".join(
        ("Audit reference,Child ref,Date of audit,Auditor,Team,Service,Overall", *rows)
    )
    sent = {"file": ("audits.csv", text.encode(), "text/csv")}
    lead = small_council.program("lead")
    assert lead.post(f"{V1}/imports/audits", files=sent).json()["result"]["imported"] == 7
    return small_council


def _audits(council: Council, **asked: Any) -> dict[str, int]:
    """How many audits each auditor is counted with."""
    days = {"from": str(council.today - timedelta(days=60)), "to": str(council.today)}
    answer = council.program("lead").get(
        f"{V1}/reports/grades",
        params={**days, "by": "calendar-year", "dimension": "auditor", **asked},
    )
    return {
        row["group"]["auditor"]: row["figures"]["audits_submitted"]["numerator"]
        for row in answer.json()["rows"]
    }


def _rows(council: Council, auditor: str) -> int:
    """How many audits stand behind the figure of an auditor."""
    asked = {
        "from": str(council.today - timedelta(days=60)), "to": str(council.today),
        "by": "calendar-year", "dimension": "auditor", "figure": "audits_submitted",
        "group": f"auditor={auditor}",
    }  # fmt: skip
    found = council.program("lead").get(f"{V1}/reports/grades/rows", params=asked).json()
    assert {one["auditor"] for one in found["audits"]} == {auditor}
    return len(found["audits"])


def test_a_name_in_seven_spellings_counts_once_when_joined_and_as_before_when_parted(
    seven: Council,
) -> None:
    main = "written-pat-sample"
    before = {main: 4, "written-p-sample": 1, "written-pat-sample-tm": 1, "written-sample-pat": 1}
    assert _audits(seven) == before
    lead, program = seven.browser("lead"), seven.program("lead")
    position = program.get(f"{V1}/people/from-files").json()["position"]
    others = sorted(set(before) - {main})
    for other in others:
        form = lead.get(f"/people/from-files/{other}/join").text
        assert f'value="{main}" selected' in form, "the likeliest stands in the box"
        done = send(lead, f"/people/from-files/{other}/join", {"joined_to": main})
        assert done.status_code == 303, words_of(done.text)
    assert _audits(seven) == {main: 7}
    assert _rows(seven, main) == 7
    assert _audits(seven, auditor="written-p-sample") == {main: 7}
    listed = program.get(f"{V1}/case-audits", params={"auditor": main}).json()["audits"]
    assert len(listed) == 7
    assert {one["auditor"] for one in listed} == set(before), "each keeps the name it was given"
    assert _audits(seven, position=position) == before, "as known before the joining"
    history = words_of(lead.get(f"/history?record=person:{others[0]}").text)
    assert "Joined: a name from a file is somebody on record" in history
    send(lead, f"/people/from-files/{others[0]}/part", {"reason": "Another P. Sample."})
    assert _audits(seven) == {main: 6, others[0]: 1}
    send(lead, f"/people/from-files/{main}/join", {"joined_to": seven.ids["auditor"]})
    assert _audits(seven) == {seven.ids["auditor"]: 6, others[0]: 1}
    page = words_of(lead.get("/people/from-files").text)
    assert "Undo the joining" in page
    assert seven.browser("reader").get("/people/from-files").status_code == 403


def test_nobody_moderates_an_audit_that_they_began_under_another_spelling(seven: Council) -> None:
    audit = imported_audit_id("K-6")
    join = JoinPerson(person="written-p-sample", joined_to=seven.ids["moderator"])
    people.join_person(seven.services.desk, join, by=seven.actor("lead"))
    with pytest.raises(Refused) as refused:
        seven.seal(audit)
    assert refused.value.faults[0].code == "independence-began-audit"
    part = PartPerson(person="written-p-sample")
    people.part_person(seven.services.desk, part, by=seven.actor("lead"))
    assert seven.seal(audit)


def test_nor_is_such_a_moderation_imported(seven: Council) -> None:
    join = JoinPerson(person="written-p-sample", joined_to="written-pat-sample")
    people.join_person(seven.services.desk, join, by=seven.actor("lead"))
    text = (
        "Moderation ID,Audit ID,Moderator,Moderated on,Overall grade\n"
        f"M-1,K-6,Pat Sample,{seven.today},Good\nM-2,K-3,P. Sample,{seven.today},Good\n"
        f"M-3,K-4,P. Sample,{seven.today},Good\n"
    )
    sent = {"file": ("moderations.csv", text.encode(), "text/csv")}
    told = seven.program("lead").post(f"{V1}/imports/moderations", files=sent).json()
    assert [(one["row"], one["code"]) for one in told["errors"]] == [
        (2, "began-audit"),
        (4, "began-audit"),
    ]


def test_only_who_may_join_sees_where_names_are_joined(seven: Council) -> None:
    part = Scope(kind="service", code="quality")
    seven.grant("reader", Role.QA_LEAD, part)
    browser, page = seven.browser("reader"), "/people/from-files"
    assert browser.get(page).status_code == 403
    assert browser.get(f"{page}/written-p-sample/join").status_code == 403
    assert page not in browser.get("/people").text
    assert seven.program("reader").get(f"{V1}{page}").status_code == 403


def test_programs_join_with_the_version_that_they_saw(seven: Council) -> None:
    lead, other = seven.program("lead"), f"{V1}/people/written-p-sample/joining"
    into = {"joined_to": "written-pat-sample"}
    assert lead.post(other, json=into).status_code == 428
    assert lead.post(other, json=into, headers={"If-Match": '"0"'}).status_code == 201
    assert lead.post(other, json=into, headers={"If-Match": '"0"'}).status_code == 409
    names = {one["person"]: one for one in lead.get(f"{V1}/people/from-files").json()["names"]}
    assert names["written-p-sample"]["joined_to"] == "written-pat-sample"
    version = names["written-p-sample"]["version"]
    ended = lead.post(f"{other}/end", json={}, headers={"If-Match": f'"{version}"'})
    assert ended.status_code == 201


NAME = Person()
SOMEBODY = Person(id="p", name="Pat Sample")
JOIN = JoinPerson(person="written-p", joined_to="p")


@pytest.mark.parametrize(
    ("person", "target", "known", "refused", "code"),
    [
        (Person(joined_to="q"), SOMEBODY, (True, True), NotNow, "person-joined"),
        (NAME, SOMEBODY, (False, True), NotFound, "not-found"),
        (NAME, Person(), (True, False), Refused, "person-unknown"),
        (NAME, Person(joined_to="written-p"), (True, True), Refused, "joined-itself"),
    ],
)
def test_what_cannot_be_joined_is_refused(
    person: Person, target: Person, known: tuple[bool, bool], refused: type[Exception], code: str
) -> None:
    with pytest.raises(refused) as told:
        decisions.join(person, JOIN, target, written=known[0], target_known=known[1])
    found = getattr(told.value, "faults", ())
    assert (found[0].code if found else getattr(told.value, "code", "")) == code


def test_what_is_not_joined_cannot_be_parted_and_nobody_is_themself_again() -> None:
    with pytest.raises(NotNow) as told:
        decisions.part(NAME)
    assert told.value.code == "person-not-joined"
    own = JOIN.model_copy(update={"joined_to": "written-p"})
    with pytest.raises(Refused):
        decisions.join(NAME, own, NAME, written=True, target_known=True)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Sample, Pat", "PAT SAMPLE", True),
        ("Pat Sample (TM)", "Pat  Sample", True),
        ("P. Sample", "Pat Sample", True),
        ("Pat Semple", "Pat Sample", True),
        ("Pat Sample", "Pat Simpson", False),
        ("Q. Sample", "Pat Sample", False),
        ("Sample", "Pat Sample", False),
        ("Sample P", "Pat Sample", True),
        ("psample", "Pat Sample", True),
        ("pat.sample@example.org", "Sample, Pat", True),
        ("", "Pat Sample", False),
    ],
)
def test_names_that_may_be_one_persons(one: str, other: str, same: bool) -> None:
    assert alike(one, other) is same
    assert alike(other, one) is same


@pytest.mark.postgres
def test_two_names_are_never_joined_to_each_other(postgres_council: Council) -> None:
    """Each command alone is right; both at once would make a ring that counts as nobody."""
    council = postgres_council
    rows = "Audit reference,Child ref,Date of audit,Auditor,Team,Overall\n" + "".join(
        f"R-{n},500{n},{council.today - timedelta(days=9)},{name},East,Good\n"
        for n, name in enumerate(("Pat Sample", "P. Sample"))
    )
    sent = {"file": ("audits.csv", rows.encode(), "text/csv")}
    assert council.program("lead").post(f"{V1}/imports/audits", files=sent).status_code == 201
    start, lead, told = Barrier(2), council.actor("lead"), []

    def join(person: str, joined_to: str) -> None:
        command = JoinPerson(person=person, joined_to=joined_to)
        start.wait(10)
        try:
            people.join_person(council.services.desk, command, by=lead)
            told.append("joined")
        except Refused as refused:
            told.append(refused.faults[0].code)

    names = ("written-pat-sample", "written-p-sample")
    both = [Thread(target=join, args=pair) for pair in (names, names[::-1])]
    for one in both:
        one.start()
    for one in both:
        one.join(20)

    assert told.count("joined") == 1


def test_a_ring_that_a_log_holds_is_walked_once(
    small_council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = [
        JoinedPersonRow(person, 1, target)
        for person, target in (("a", "b"), ("b", "a"), ("c", "a"))
    ]
    monkeypatch.setattr(JoinedPeople, "rows", lambda *_: ring)
    with small_council.services.store.reading() as connection:
        assert set(JOINED_PEOPLE.counts_as(connection)) == {"a", "b", "c"}

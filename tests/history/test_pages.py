"""The history of any record on its page, as a file, and in the API: open to whom it may be."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from projections.history import queries
from qa.audits import handlers as audit_handlers
from qa.audits.commands import CorrectAudit, SubmitAudit
from qa.core.words import Role, Scope
from qa.moderation import handlers
from qa.moderation.commands import AssignModeration
from qa.people import handlers as people
from qa.people.commands import OPERATOR, MovePerson
from qa.store.tables import event
from tests.support.case_audits import extended
from tests.support.council import Council, content, policy_of, words_of

V1 = "/api/v1"


@pytest.fixture
def council(small_council: Council) -> Council:
    """SQLite alone: a page has no SQL of its own, and its queries are tested on both."""
    return small_council


def records_of(council: Council, audit: str) -> list[str]:
    """The name of every record whose history could tell of this audit."""
    row = council.view(audit).row
    with council.services.store.reading() as connection:
        things = queries.parts(connection, [audit]).get(audit, [])
    return [
        f"audit:{audit}",
        f"child:{row.child}",
        *things,
        *(f"work:{person}" for person in council.ids.values()),
        *(f"person:{person}" for person in council.ids.values()),
    ]


def test_an_audit_s_history_shows_its_actions_old_and_new_and_its_fingerprints(
    council: Council,
) -> None:
    audit = council.submitted(actions=(council.action(),), no_action_reason="")
    page = council.browser("lead").get(f"/audits/{audit}/history")
    told = words_of(page.text)
    assert "Raised an action, due" in told
    assert "Action: Bring the chronology up to date." in told
    assert "The whole record" in told
    assert "Evidence for Planning and review seen on the file." in told
    prints = re.findall(r"fingerprint <span class=\"app-code\">([0-9a-f]{16})<", page.text)
    with council.services.store.reading() as connection:
        stored = connection.execute(
            select(event.c.state).where(event.c.stream == f"case-audit:{audit}").order_by("version")
        ).scalars()
        assert prints[0] == hashlib.sha256(stored.first() or b"").hexdigest()[:16]


def test_an_entry_has_an_address_of_its_own(small_council: Council) -> None:
    council = small_council
    audit = council.allocated()
    extended(council, audit, range(29, 79))
    browser = council.browser("lead")
    first = browser.get(f"/audits/{audit}/history").text
    onward = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    second = browser.get(onward.replace("&amp;", "&")).text
    position = int(re.findall(r'id="p(\d+)"', second)[3])
    linked = re.search(rf'href="([^"]*from={position}#p{position})"', second)
    assert linked
    alone = browser.get(linked[1].replace("&amp;", "&")).text
    assert re.findall(r'id="p(\d+)"', alone)[0] == str(position)
    earlier = alone.partition('rel="prev"')[0].rpartition('href="')[2].partition('"')[0]
    assert f'id="p{position - 1}"' in browser.get(earlier.replace("&amp;", "&")).text


def test_filters_narrow_the_page_and_are_taken_off_one_by_one(council: Council) -> None:
    audit = council.submitted()
    lead = council.actor("lead")
    for day in (30, 31):
        audit_handlers.correct(
            council.services.desk,
            CorrectAudit(
                audit=audit,
                field="judgements.planning.evidence",
                new=f"Other evidence was seen on the file, on page {day}.",
                kind="typo",
                reason=f"Page {day} was meant.",
            ),
            by=lead,
        )
    browser = council.browser("lead")
    path = f"/audits/{audit}/history"

    def titles(query: str) -> int:
        return str(browser.get(f"{path}?{query}").text).count("moj-timeline__title")

    assert titles("kind=CaseAuditCorrected") == 2
    assert titles("text=page+31") == 1
    assert titles("field=judgements.planning") == 3
    assert titles("by=lead+tree&kind=CaseAuditCorrected") == 2
    assert titles("by=auditor+tree&kind=CaseAuditCorrected") == 0
    assert titles("recorded_to=2026-03-01") == 0
    assert titles("recorded_from=2026-03-02&recorded_to=2026-03-02") >= 5
    assert titles("on=2026-03-02") >= 5
    assert titles("on=2026-03-03") == 0
    chosen = browser.get(f"{path}?kind=CaseAuditCorrected&text=page").text
    assert chosen.count("Remove this filter: ") == 2
    wrong = browser.get(f"{path}?recorded_from=31/2/2026&effective_from=2026-03-03")
    assert wrong.status_code == 422
    assert "Enter a real date" in words_of(wrong.text)
    backwards = browser.get(f"{path}?effective_from=2026-03-03&effective_to=2026-03-01")
    assert "The last day is before the first." in words_of(backwards.text)


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("tool:{tool}", "Published “"),
        ("scale:{scale}", "Published the scale"),
        ("policy", "moderation policy"),
        ("team:east", "Opened the team East in Safeguarding"),
        ("service:safeguarding", "Opened the team West in Safeguarding"),
        ("person:{auditor}", "Added to Caseloop"),
        ("work:{auditor}", "Submitted the audit"),
    ],
)
def test_every_kind_of_record_has_its_history(council: Council, record: str, said: str) -> None:
    council.submitted()
    lead = council.actor("lead")
    handlers.set_policy(
        council.services.desk,
        policy_of("More of them.", share_percent=35),
        by=lead,
    )
    named = record.format(
        tool=council.tool.id, scale=council.tool.scale.partition("@")[0], **council.ids
    )
    page = council.browser("lead").get(f"/history?record={named}")
    assert page.status_code == 200
    assert said in words_of(page.text)
    told = council.program("lead").get(f"{V1}/history?record={named}").json()
    assert any(said in entry["title"] or said in entry["said"] for entry in told["entries"])


def _manage_the_auditor(council: Council) -> None:
    """The worker is the auditor’s manager from now on."""
    people.move_person(
        council.services.desk,
        MovePerson(
            person=council.ids["auditor"],
            team="quality",
            job_title="",
            manager=council.ids["worker"],
        ),
        by=OPERATOR,
    )


@pytest.mark.parametrize(
    ("handle", "record", "status"),
    [
        ("auditor", "work:{auditor}", 200),
        ("auditor", "person:{auditor}", 200),
        ("auditor", "work:{auditor2}", 403),
        ("auditor", "person:{auditor2}", 403),
        ("worker", "work:{auditor}", 200),
        ("reader", "work:{auditor}", 403),
        ("lead", "work:{admin}", 200),
        ("admin", "work:{auditor}", 403),
        ("admin", "person:{auditor}", 200),
        ("admin", "policy", 200),
        ("nobody", "policy", 403),
        ("lead", "team:nowhere", 404),
        ("lead", "tool:nothing", 404),
        ("lead", "audit:nothing", 404),
        ("lead", "sandwich:1", 422),
        ("lead", "", 422),
    ],
)
def test_a_history_is_open_to_those_it_concerns(
    small_council: Council, handle: str, record: str, status: int
) -> None:
    council = small_council
    _manage_the_auditor(council)
    path = f"/history?record={record.format(**council.ids)}"
    assert council.browser(handle).get(path).status_code == status
    assert council.program(handle).get(V1 + path).status_code == status


def test_a_manager_reads_of_their_people_only_what_is_open_to_them(
    small_council: Council,
) -> None:
    """The line opens the person's work; the audits in it are opened by the reader's own roles."""
    council = small_council
    council.grant("worker", Role.TEAM_MANAGER, Scope(kind="team", code="west"))
    _manage_the_auditor(council)
    council.submitted()
    there = council.allocated(team="west")
    audit_handlers.submit(
        council.services.desk,
        SubmitAudit(audit=there, content=content(council.tool, council.today)),
        by=council.actor("auditor"),
    )
    answer = council.program("worker").get(f"{V1}/history?record=work:{council.ids['auditor']}")
    streams = {entry["stream"] for entry in answer.json()["entries"]}
    assert streams == {f"case-audit:{there}"}


def test_a_blind_moderator_learns_nothing_from_any_history(small_council: Council) -> None:
    council = small_council
    secret = "An unmistakable sentence of evidence."
    audit = council.with_secret(secret, actions=(council.action(text=secret),), no_action_reason="")
    # Somebody with every reason to look: they lead the audits and moderate this one blind.
    council.grant("moderator", Role.QA_LEAD)
    council.seal(audit)
    browser, program = council.browser("moderator"), council.program("moderator")
    past = "&as_at=2026-03-02"
    filters = ("", "&text=unmistakable", "&by=Auditor2", "&field=overall", past)
    for record in records_of(council, audit):
        for narrowed in filters:
            # A file holds what its page lists: it is asked for whole, and as at a past day.
            files = narrowed in ("", past)
            for answer in (
                browser.get(f"/history?record={record}{narrowed}"),
                program.get(f"{V1}/history?record={record}{narrowed}"),
                *([browser.get(f"/history.csv?record={record}{narrowed}")] if files else []),
                *([program.get(f"{V1}/history.csv?record={record}{narrowed}")] if files else []),
            ):
                assert answer.status_code in (200, 403, 404, 422), record
                told = re.sub(r"<details class=\"govuk-details app-no.*?</form>", "", answer.text,
                              flags=re.S)  # fmt: skip
                assert secret not in told, record
                assert council.view(audit).row.reference not in told or "child" in record
                assert "outstanding" not in told.casefold(), record
    council.record(audit, council.view(audit).row.moderation, "outstanding")
    assert secret in browser.get(f"/history?record=audit:{audit}").text


def test_the_file_is_the_history_as_filtered_and_is_noted(council: Council) -> None:
    audit = council.submitted()
    browser = council.browser("lead")
    page = browser.get(f"/audits/{audit}/history?kind=CaseAuditSubmitted").text
    link = re.search(r'href="(/history\.csv[^"]*)"', page)
    assert link
    file = browser.get(link[1].replace("&amp;", "&"))
    rows: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert {row["Kind of entry"] for row in rows} == {"CaseAuditSubmitted"}
    assert {"Overall grade", "Reasons for the overall grade"} <= {row["Field"] for row in rows}
    assert all(len(row["Fingerprint (SHA-256)"]) == 64 for row in rows)
    whole = council.program("lead").get(f"{V1}/history.csv?record=audit:{audit}&raw=true")
    assert len(whole.text.splitlines()) > len(rows)
    from tests.support.council import log_of

    assert ("export", f"judgement:{audit}") in log_of(council)


@pytest.mark.parametrize("path", ["/history?", "/history.csv?"])
def test_whoever_read_a_judgement_in_a_colleague_s_work_is_never_called_blind(
    small_council: Council, path: str
) -> None:
    council = small_council
    audit = council.submitted(auditor="auditor2")
    council.browser("lead2").get(f"{path}record=work:{council.ids['auditor2']}")
    council.grant("lead2", Role.MODERATOR)
    row = council.view(audit).row
    handlers.assign(
        council.services.desk,
        AssignModeration(
            audit=audit, moderation=row.moderation, moderator=council.ids["lead2"], blind=True
        ),
        by=council.actor("lead"),
    )
    moderation = council.view(audit).current_moderation
    assert moderation is not None
    assert moderation["already_seen"]


def test_late_entries_say_how_late(council: Council) -> None:
    people.move_person(
        council.services.desk,
        MovePerson(
            person=council.ids["auditor"],
            team="west",
            job_title="",
            manager=None,
            effective_on=council.today - timedelta(days=10),
        ),
        by=OPERATOR,
    )
    page = council.browser("lead").get(f"/history?record=person:{council.ids['auditor']}")
    assert "Recorded late It took effect on 20 February 2026, 10 days before" in words_of(page.text)
    assert "from Quality → to West" in words_of(page.text)

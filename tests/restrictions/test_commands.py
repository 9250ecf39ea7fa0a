"""Restricting, naming, breaking the glass and lifting, as people of a council do it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from api.access.listing import CLOSED
from api.access.listing import in_words as lines_told
from api.notifications.announcing import announce
from api.notifications.reading import closed_to
from api.notifications.reminding import remind
from api.settings import Settings
from projections.core.rebuild import rebuild
from projections.core.verify import verify
from qa.actions import handlers as actions
from qa.actions.commands import NameActionContributors, TransferAction
from qa.audits import handlers as audit_handlers
from qa.audits.commands import SubmitAudit
from qa.core.errors import Conflict, Forbidden, NotFound, NotNow, Refused
from qa.core.words import Actor, Role, Scope
from qa.imports.commands.batches import File
from qa.imports.commands.judgements import ImportAudits, import_audits
from qa.imports.rows import ImportedAudit, imported_audit_id
from qa.moderation import handlers as moderation
from qa.moderation.commands import AssignModeration, SelectForModeration
from qa.outbox.notices import of as notices_of
from qa.people import handlers as people
from qa.people.commands import OPERATOR, MovePerson
from qa.restrictions import handlers
from qa.restrictions.commands import BreakGlass, LiftRestriction, NameRestrictionReaders
from qa.safeguarding import handlers as safeguarding
from qa.safeguarding.commands import EscalateConcerns, RaiseConcern
from qa.security import access_log
from qa.security.access_log import AccessLogFilter
from tests.notifications.support import told as notices
from tests.restrictions.support import CHILD, TEXT, WHY, restrict, told
from tests.support.council import Council, content
from tests.support.forms import hidden

EMERGENCY = "A strategy meeting today needs the finding."


def glass(council: Council, by: str = "lead", child: str = CHILD, why: str = EMERGENCY) -> Any:
    return handlers.break_glass(
        council.services.desk, BreakGlass(child=child, why=why), by=council.actor(by)
    )


def reads(council: Council, handle: str, audit: str) -> bool:
    answer = council.program(handle).get(f"/api/v1/case-audits/{audit}")
    assert answer.status_code in (200, 404)
    return bool(answer.status_code == 200)


def test_from_a_restriction_over_broken_glass_to_its_end_and_the_rows_made_anew_are_the_same(
    council: Council,
) -> None:
    audit = council.submitted(child=CHILD)
    assert reads(council, "lead", audit)
    restriction = restrict(council, child=f" {CHILD.lower()}")
    assert [reads(council, one, audit) for one in ("lead", "lead2", "admin")] == [
        False, True, False,
    ]  # fmt: skip
    glass(council)
    assert reads(council, "lead", audit)
    council.clock.advance(timedelta(days=1))
    assert reads(council, "lead", audit)
    council.clock.advance(timedelta(days=1))
    assert not reads(council, "lead", audit)
    glass(council)
    handlers.name_readers(
        council.services.desk,
        NameRestrictionReaders(
            restriction=restriction,
            readers=(council.ids["moderator2"],),
            why="The second lead has left the team.",
        ),
        by=council.actor("lead2"),
    )
    assert not reads(council, "lead2", audit)
    assert reads(council, "moderator2", audit)
    services = council.services
    assert rebuild(services.store, services.registry) is not None
    assert verify(services.store, services.registry) == []
    assert not reads(council, "lead2", audit)
    handlers.lift(
        services.desk,
        LiftRestriction(restriction=restriction, why="The colleague has left the council."),
        by=council.actor("lead"),
    )
    assert reads(council, "lead2", audit)
    assert restrict(council) != restriction


def test_leads_of_every_part_restrict_and_nobody_else(small_council: Council) -> None:
    council = small_council
    council.submitted(child=CHILD)
    people.move_person(
        council.services.desk,
        MovePerson(person=council.ids["nobody"], team="west", manager=None, job_title=""),
        by=council.actor("admin"),
    )
    council.grant("nobody", Role.QA_LEAD, Scope(kind="team", code="west"))
    for handle in ("admin", "moderator", "auditor", "reader", "worker", "nobody"):
        with pytest.raises(Forbidden):
            restrict(council, by=council.actor(handle))
        with pytest.raises(Forbidden):
            # A child of whom nothing is on record yet belongs to the whole council.
            restrict(council, child="NEW-1", by=council.actor(handle))
    council.submitted(child="W-1", team="west")
    assert restrict(council, child="W-1", by=council.actor("nobody"))
    council.submitted(child="B-2", team="west")
    council.allocated(child="B-2", team="east", exception="A complaint asks for it.")
    with pytest.raises(Forbidden):
        restrict(council, child="B-2", by=council.actor("nobody"))
    with pytest.raises(Refused) as refused:
        restrict(council, readers=["p-unknown"])
    assert [one.code for one in refused.value.faults] == ["person-unknown"]
    restrict(council)
    with pytest.raises(Conflict, match="restricted already"):
        restrict(council, child=CHILD.lower(), by=council.actor("lead2"))


def test_the_maker_and_the_readers_change_it_and_a_lead_outside_breaks_the_glass_first(
    small_council: Council,
) -> None:
    council, desk = small_council, small_council.services.desk
    council.submitted(child=CHILD)
    restriction = restrict(council, by=council.actor("lead"))
    council.grant("auditor2", Role.QA_LEAD)
    asked: dict[str, Any] = {"restriction": restriction, "why": WHY}
    with pytest.raises(NotFound):
        handlers.lift(desk, LiftRestriction(**asked), by=council.actor("auditor2"))
    with pytest.raises(NotFound):
        handlers.name_readers(
            desk,
            NameRestrictionReaders(**asked, readers=(council.ids["auditor2"],)),
            by=council.actor("auditor2"),
        )
    with pytest.raises(Forbidden):
        handlers.lift(desk, LiftRestriction(**asked), by=council.actor("moderator"))
    with pytest.raises(Refused, match="adds themselves"):
        handlers.name_readers(
            desk,
            NameRestrictionReaders(**asked, readers=(council.ids["lead"],)),
            by=council.actor("lead"),
        )
    glass(council, "auditor2")
    handlers.lift(desk, LiftRestriction(**asked), by=council.actor("auditor2"))
    with pytest.raises(NotNow, match="lifted"):
        handlers.lift(desk, LiftRestriction(**asked), by=council.actor("lead"))


def test_who_would_read_it_but_for_the_restriction_breaks_the_glass(small_council: Council) -> None:
    council = small_council
    told(council)
    with pytest.raises(NotNow, match="No records"):
        glass(council)
    restrict(council)
    for handle in ("admin", "worker", "inspector"):
        with pytest.raises(Forbidden):
            glass(council, handle)
    with pytest.raises(NotNow, match="already"):
        glass(council, "moderator")
    with pytest.raises(Refused, match="weigh"):
        glass(council, why="urgent")
    done = glass(council, "reader")
    assert done.response["until"] == (council.today + timedelta(days=1)).isoformat()


def test_leads_and_readers_are_told_of_broken_glass_and_neither_child_nor_reason(
    small_council: Council,
) -> None:
    council = small_council
    council.submitted(child=CHILD)
    restriction = restrict(council)
    announce(council.services)
    council.grant("reader", Role.TEAM_MANAGER)
    answer = council.program("reader").post(
        "/api/v1/restrictions/break-glass", json={"child": CHILD, "why": EMERGENCY}
    )
    assert answer.status_code == 200
    announce(council.services)
    text = "Reader Tree broke the glass over a restricted record and reads it to 3 March 2026."
    for handle in ("lead", "lead2", "auditor", "moderator"):
        assert notices(council, handle)[-1:] == [text], handle
    assert text not in notices(council, "reader")
    with council.services.store.reading() as connection:
        lines = access_log.page(connection, AccessLogFilter(), limit=20)
    line = next(one for one in lines if one.subject == f"restriction:{restriction}")
    assert (line.person, line.detail) == (council.ids["reader"], "broke the glass")


def test_notices_of_closed_records_wait(small_council: Council) -> None:
    council, desk = small_council, small_council.services.desk
    council.grant("reader", Role.TEAM_MANAGER)
    announce(council.services)
    audit = council.submitted(child=CHILD)
    council.seal(audit)
    safeguarding.raise_concern(
        desk,
        RaiseConcern(audit=audit, what=TEXT, manager=council.ids["reader"], how="telephone"),
        by=council.actor("auditor"),
    )
    announce(council.services)
    reference = council.view(audit).row.reference
    hearing = ("auditor", "moderator", "reader")
    for handle in hearing:
        assert reference in council.browser(handle).get("/notices").text, handle
    restrict(council, readers=[council.ids["lead2"]])
    for handle in hearing:
        for path in ("/notices", "/"):
            assert reference not in council.browser(handle).get(path).text, handle
        with council.services.store.reading() as connection:
            closed = closed_to(connection, council.actor(handle))
            held = {one.text for one in notices_of(connection, council.ids[handle], closed)}
        assert not any(reference in text for text in held), handle


@pytest.mark.parametrize("restricted", [False, True])
def test_whoever_hears_of_a_late_concern_is_told_which_only_if_they_may_read_it(
    small_council: Council, restricted: bool
) -> None:
    council, desk = small_council, small_council.services.desk
    council.grant("reader", Role.TEAM_MANAGER)
    people.move_person(
        desk,
        MovePerson(
            person=council.ids["reader"], team="east", manager=council.ids["lead"], job_title=""
        ),
        by=OPERATOR,
    )
    audit = council.allocated(child=CHILD)
    safeguarding.raise_concern(
        desk,
        RaiseConcern(audit=audit, what=TEXT, manager=council.ids["reader"], how="telephone"),
        by=council.actor("auditor"),
    )
    if restricted:
        restrict(council, readers=[council.ids["lead2"], council.ids["reader"]])
    council.clock.advance(timedelta(days=30))
    remind(council.services)
    reference = council.view(audit).row.reference
    late = [text for text in notices(council, "lead") if "Concern to acknowledge" in text]
    assert late
    assert any(reference in text for text in late) is not restricted


def test_nobody_is_given_work_that_they_cannot_read(small_council: Council) -> None:
    council, desk = small_council, small_council.services.desk
    story = told(council)
    restrict(council)
    lead, outsider = council.actor("lead2"), council.ids["moderator2"]
    allocation = {"auditor": "auditor2", "re_audit_of": story.audit, "by": lead}

    def codes(ask: Any, *args: Any, **asked: Any) -> list[str]:
        with pytest.raises(Refused) as refused:
            ask(*args, **asked)
        return [one.code for one in refused.value.faults]

    assert codes(council.allocated, child=CHILD, **allocation) == ["not-a-reader"]
    assert codes(council.allocated, child=CHILD, by=council.actor("lead")) == ["child-restricted"]
    owner = TransferAction(action=story.action, owner=outsider, reason="Moved team.")
    assert codes(actions.transfer, desk, owner, by=lead) == ["not-a-reader"]
    helping = NameActionContributors(action=story.action, contributors=(outsider,))
    assert codes(actions.name_contributors, desk, helping, by=lead) == ["not-a-reader"]
    concern = RaiseConcern(audit=story.audit, what=TEXT, manager=outsider, how="telephone")
    assert codes(safeguarding.raise_concern, desk, concern, by=council.actor("auditor")) == [
        "not-a-reader"
    ]


def test_a_moderator_and_the_owner_of_an_action_are_named_readers(small_council: Council) -> None:
    council, desk = small_council, small_council.services.desk
    audit = council.allocated(child=CHILD)
    restrict(council)
    raised = content(
        council.tool, council.today, "inadequate", actions=(council.action(),), no_action_reason=""
    )
    with pytest.raises(Refused) as refused:
        audit_handlers.submit(
            desk, SubmitAudit(audit=audit, content=raised), by=council.actor("auditor")
        )
    assert [one.code for one in refused.value.faults] == ["owner-unknown"]
    judged = content(council.tool, council.today)
    submitted = SubmitAudit(audit=audit, content=judged)
    audit_handlers.submit(desk, submitted, by=council.actor("auditor"))
    if council.view(audit).row.moderation is None:
        moderation.select(desk, SelectForModeration(audit=audit), by=council.actor("lead2"))
    with pytest.raises(Refused) as refused:
        moderation.assign(
            desk,
            AssignModeration(
                audit=audit,
                moderation=str(council.view(audit).row.moderation),
                moderator=council.ids["moderator2"],
            ),
            by=council.actor("lead2"),
        )
    assert [one.code for one in refused.value.faults] == ["not-a-reader"]


def test_a_file_brings_in_no_audit_of_a_child_that_is_closed_to_whoever_sends_it(
    small_council: Council,
) -> None:
    council = small_council
    restrict(council)

    def bring(by: str) -> Any:
        rows = [
            ImportedAudit(
                row=2, reference="OLD-2", child=CHILD, auditor="Ann Old", team="East",
                audit_date=council.today - timedelta(days=300), overall="good",
            )
        ]  # fmt: skip
        file = File(name="old.csv", sha256="0" * 64, rows=1, rejected=0, mapping={})
        wanted = ImportAudits(file=file, tool=council.tool.id, tool_version=1, audits=tuple(rows))
        return import_audits(council.services.desk, wanted, by=council.actor(by)).response

    with pytest.raises(Refused) as refused:
        bring("lead")
    assert [one.code for one in refused.value.faults] == ["row-out-of-reach"]
    done = bring("lead2")
    assert done["imported"] == 1
    council.grant("nobody", Role.QA_LEAD, Scope(kind="team", code="west"))
    undoing = f"/api/v1/imports/{done['batch']}/reversal"
    answers = [
        council.program(who).post(undoing, json={"reason": "The wrong year."})
        for who in ("lead", "nobody")
    ]
    # Nobody is told whether it was restricted or of another part of the council.
    assert [one.status_code for one in answers] == [403, 403]
    told_why = [{**one.json(), "instance": ""} for one in answers]
    assert told_why[0] == told_why[1]
    assert CHILD not in answers[0].text
    page = council.browser("lead").get(f"/imports/{done['batch']}").text
    sent = council.browser("lead").post(
        f"/imports/{done['batch']}", {**hidden(page), "reason": "The wrong year."}
    )
    assert sent.status_code == 403
    assert CHILD not in sent.text
    assert reads(council, "lead2", imported_audit_id("OLD-2"))
    assert council.view(imported_audit_id("OLD-2")).row.status != "voided"
    undone = council.program("lead2").post(undoing, json={"reason": "The wrong year."})
    assert undone.status_code == 201
    assert council.view(imported_audit_id("OLD-2")).row.status == "voided"


def test_a_concern_that_nobody_acknowledges_goes_to_those_who_are_named(
    small_council: Council,
) -> None:
    council = small_council
    council.grant("reader", Role.TEAM_MANAGER)
    audit = council.allocated(child=CHILD)
    safeguarding.raise_concern(
        council.services.desk,
        RaiseConcern(audit=audit, what=TEXT, manager=council.ids["reader"], how="telephone"),
        by=council.actor("auditor"),
    )
    readers = [council.ids[one] for one in ("auditor", "moderator", "reader")]
    restrict(council, readers=readers)
    council.clock.advance(timedelta(days=1))
    for _ in range(3):
        safeguarding.escalate(council.services.desk, EscalateConcerns(audit=audit), by=OPERATOR)
        council.clock.advance(timedelta(days=1))
    events = [
        one.event for one in council.services.store.events()
        if one.type == "SafeguardingConcernEscalated"
    ]  # fmt: skip
    assert events
    assert {person for one in events for person in one.to} <= set(readers)


def test_a_line_about_a_closed_record_tells_nothing_of_it(small_council: Council) -> None:
    council = small_council
    audit = council.submitted(child=CHILD)
    council.program("lead2").get(f"/api/v1/case-audits/{audit}")
    restrict(council)
    with council.services.store.reading() as connection:
        lines = access_log.page(connection, AccessLogFilter(), limit=5)

        def subjects(actor: Actor) -> set[str]:
            return {one["subject"] for one in lines_told(connection, actor, lines, None)}

        assert subjects(council.actor("lead")) == {CLOSED}
        assert subjects(council.actor("lead2")) == {f"judgement:{audit}"}


def test_the_setting_of_earlier_releases_is_refused_and_says_where_it_went(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CASELOOP_RESTRICTED_CHILDREN", "C-1")
    with pytest.raises(Refused, match="let a QA lead restrict these records"):
        Settings.from_environment()

"""Actions followed by their commands from finding to effect, and the rows that they leave."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from projections.actions import projector, queries
from projections.core.rebuild import rebuild
from projections.core.verify import verify
from qa.actions import commands
from qa.actions import handlers as actions
from qa.actions.clocks import DEFAULT_ACTION_POLICY
from qa.actions.events import Evidence
from qa.audit_tools.files import shipped_tools
from qa.audits import handlers as audit_handlers
from qa.audits.commands import ReopenAudit, VoidAudit
from qa.authorisation.policy import reach
from qa.core.errors import Forbidden, MovedOn, NotFound, NotNow, Refused
from qa.core.words import Role, Scope
from qa.people import handlers as people
from qa.people.commands import OPERATOR, AddPerson
from qa.store.tables import event
from tests.actions.support import (
    PIECE,
    SEEN,
    by_hand,
    claimed,
    closed,
    evidenced,
    following,
    looked,
    raised,
    row,
)
from tests.support.council import Council, words_of

pytestmark = pytest.mark.one_database


def every_row(council: Council) -> list[list[tuple[Any, ...]]]:
    with council.services.store.reading() as connection:
        return [
            [tuple(r) for r in connection.execute(table.select().order_by(*table.primary_key))]
            for table in projector.Actions.tables
        ]


@pytest.mark.both_databases
def test_a_loop_is_followed_to_its_effect_and_the_rows_made_anew_are_the_same(
    council: Council,
) -> None:
    desk, lead = council.services.desk, council.actor("lead")
    audit, action = raised(council)
    begun = row(council, action)
    assert (begun.state, begun.audit, begun.accept_by) == ("raised", audit, "2026-03-09")
    head = council.services.store.head()
    worker = council.actor("worker")
    actions.challenge(
        desk, commands.ChallengeAction(action=action, why="The case moved."), by=worker
    )
    actions.name_contributors(
        desk,
        commands.NameActionContributors(action=action, contributors=(council.ids["auditor2"],)),
        by=lead,
    )
    actions.accept(desk, commands.AcceptAction(action=action), by=worker)
    actions.progress(
        desk, commands.NoteActionProgress(action=action, note="Half."), by=council.actor("auditor2")
    )
    due = date(2026, 5, 1)
    actions.reschedule(
        desk,
        commands.RescheduleAction(action=action, due_on=due, reason="On leave until May."),
        by=lead,
    )
    actions.claim_done(desk, commands.ClaimActionDone(action=action, evidence=(PIECE,)), by=worker)
    actions.return_evidence(
        desk, commands.ReturnActionEvidence(action=action, why="Not signed."), by=lead
    )
    actions.claim_done(desk, commands.ClaimActionDone(action=action, evidence=(PIECE,)), by=worker)
    actions.accept_evidence(desk, commands.AcceptActionEvidence(action=action), by=lead)
    council.clock.advance(timedelta(days=57))
    actions.impact_too_early(desk, looked(commands.PostponeActionImpact, action, SEEN), by=lead)
    council.clock.advance(timedelta(days=57))
    done = actions.impact_not_seen(
        desk, looked(commands.ReportNoImpact, action, SEEN, next=following(council)), by=lead
    )
    second = str(done.response["action"])
    closed(council, second)
    third = str(
        actions.reopen(
            desk,
            commands.ReopenAction(
                action=second, finding="Audit CA-9", next=following(council), reason="Seen again."
            ),
            by=lead,
        ).response["action"]
    )

    now = row(council, action)
    assert (now.state, now.due_on, now.first_due_on, now.moved) == (
        "not-effective",
        "2026-05-01",
        "2026-04-01",
        1,
    )
    assert row(council, action, head).state == "raised"
    with council.services.store.reading() as connection:
        chains = [
            [one.action for one in queries.chain(connection, each)]
            for each in (action, second, third)
        ]
        steps = queries.steps(connection, [action])[action]
    assert chains == [[action, second, third]] * 3
    assert [step.type for step in steps][:3] == [
        "ActionRaised",
        "ActionChallenged",
        "ActionContributorsNamed",
    ]
    assert steps[1].fields["why"] == "The case moved."
    assert verify(council.services.store, council.services.registry) == []
    inline = every_row(council)
    rebuild(council.services.store, council.services.registry, only=["actions"])
    assert every_row(council) == inline


def test_the_line_of_the_owner_passes_nothing(council: Council) -> None:
    desk = council.services.desk
    done = people.add_person(
        desk,
        AddPerson(
            handle="junior", name="Junior Tree", team="east", manager=council.ids["moderator"]
        ),
        by=OPERATOR,
    )
    junior = str(done.response["person"])
    council.ids["junior"] = junior
    council.grant("junior", Role.PRACTITIONER)
    _, action = raised(council, owner=junior)
    claimed(council, action, "junior")
    with pytest.raises(Forbidden, match="report to one another"):
        actions.accept_evidence(
            desk, commands.AcceptActionEvidence(action=action), by=council.actor("moderator")
        )
    owned = by_hand(council, owner=council.ids["moderator"])
    claimed(council, owned, "moderator")
    council.grant("junior", Role.QA_LEAD)
    with pytest.raises(Forbidden, match="report to one another"):
        actions.accept_evidence(
            desk, commands.AcceptActionEvidence(action=owned), by=council.actor("junior")
        )
    with pytest.raises(Forbidden, match="their own action"):
        actions.accept_evidence(
            desk, commands.AcceptActionEvidence(action=owned), by=council.actor("moderator")
        )
    actions.accept_evidence(
        desk, commands.AcceptActionEvidence(action=owned), by=council.actor("lead")
    )


def test_who_may_do_what_to_an_action(council: Council) -> None:
    desk, worker = council.services.desk, council.actor("worker")
    _, action = raised(council)
    with pytest.raises(Forbidden):
        actions.accept(desk, commands.AcceptAction(action=action), by=council.actor("lead"))
    with pytest.raises(Forbidden):
        actions.drop(
            desk, commands.DropAction(action=action, reason="It shows no change."), by=worker
        )
    with pytest.raises(NotFound):
        actions.progress(
            desk,
            commands.NoteActionProgress(action=action, note="Hm."),
            by=council.actor("auditor2"),
        )
    with pytest.raises(NotFound):
        actions.accept(desk, commands.AcceptAction(action="none"), by=worker)
    actions.accept(desk, commands.AcceptAction(action=action), seen=1, by=worker)
    with pytest.raises(MovedOn):
        actions.progress(
            desk, commands.NoteActionProgress(action=action, note="Hm."), seen=1, by=worker
        )
    council.grant("reader", Role.TEAM_MANAGER, Scope(kind="team", code="west"))
    with pytest.raises(Forbidden):
        by_hand(council, "reader")


def test_an_action_of_a_sealed_audit_is_closed_to_its_blind_moderator(council: Council) -> None:
    audit, action = raised(council)
    claimed(council, action)
    moderation = council.seal(audit)
    moderator = council.actor("moderator")
    with pytest.raises(NotFound):
        actions.accept_evidence(
            council.services.desk, commands.AcceptActionEvidence(action=action), by=moderator
        )
    with council.services.store.reading() as connection:
        sealed = {audit}
        listed = queries.actions(connection, reach(moderator), hidden=sealed, sealed=sealed)
    assert listed == []
    council.record(audit, moderation, "good")
    actions.accept_evidence(
        council.services.desk, commands.AcceptActionEvidence(action=action), by=moderator
    )


def test_a_voided_audit_takes_its_whole_chain_with_it(council: Council) -> None:
    desk, lead = council.services.desk, council.actor("lead")
    audit, action = raised(council)
    beside = by_hand(council, audit=audit, raised_by="moderation", domain=None)
    gone = by_hand(council, audit=audit)
    actions.drop(desk, commands.DropAction(action=gone, reason="Asked for twice."), by=lead)
    audit_handlers.void(desk, VoidAudit(audit=audit, reason="The wrong child."), by=lead)
    states = {row(council, each).state for each in (action, beside, gone)}
    assert states == {"no-longer-applicable"}
    with council.services.store.reading() as connection:
        assert len(queries.steps(connection, [gone])[gone]) == 2
    with pytest.raises(NotNow):
        actions.accept(desk, commands.AcceptAction(action=action), by=council.actor("worker"))


def test_one_action_answers_several_findings(council: Council) -> None:
    desk, lead = council.services.desk, council.actor("lead")
    _, action = raised(council, domain="assessment")
    other = council.submitted()
    actions.link_finding(desk, commands.LinkActionFinding(action=action, audit=other), by=lead)
    domain = "planning"
    title = council.tool.domain(domain).title  # type: ignore[union-attr]
    actions.link_finding(
        desk, commands.LinkActionFinding(action=action, audit=other, domain=domain), by=lead
    )
    assert row(council, action).findings_linked == [(other, None), (other, domain)]
    page = words_of(council.browser("lead").get(f"/audits/{other}").text)
    assert f"Answers {title}. Raised elsewhere and linked to this audit." in page
    reference = council.view(other).row.reference
    own = council.tool.domain("assessment").title  # type: ignore[union-attr]
    page = words_of(council.browser("lead").get(f"/actions/{action}").text)
    assert f"Finding it answers {own}" in page
    assert f"Also answers audit {reference} , audit {reference} ({title}" in page
    assert f"Finding it answers {own}" in words_of(
        council.browser("worker").get(f"/actions/{action}").text
    )
    without = by_hand(council)
    page = words_of(council.browser("lead").get(f"/actions/{without}").text)
    assert "Finding it answers" not in page
    with pytest.raises(Refused, match="domain"):
        actions.link_finding(
            desk, commands.LinkActionFinding(action=action, audit=other, domain="no"), by=lead
        )


def test_an_action_by_hand_belongs_to_no_child_and_is_sealed_by_its_owner(council: Council) -> None:
    action = by_hand(
        council, raised_by="thematic-finding", source="Visits 2026", evidence_asked=None
    )
    stored = next(r for r in council.services.store.events() if r.stream == f"action:{action}")
    assert stored.meta.about == f"person:{council.ids['worker']}"
    assert (stored.event.audit, stored.event.child, stored.event.source) == ("", "", "Visits 2026")
    with pytest.raises(Refused):
        by_hand(council, raised_by="moderation")
    with pytest.raises(Refused):
        by_hand(council, owner="nobody-there")


def test_lateness_is_told_by_the_first_and_by_the_current_date(council: Council) -> None:
    desk, lead = council.services.desk, council.actor("lead")
    _, action = raised(council)
    actions.reschedule(
        desk,
        commands.RescheduleAction(
            action=action, due_on=council.today + timedelta(days=60), reason="On leave until May."
        ),
        by=lead,
    )
    _, claimed_early = raised(council)
    claimed(council, claimed_early)
    day = council.today + timedelta(days=31)

    def late(by: Any, on: date) -> list[str]:
        wanted = queries.ActionFilter(late_on=on, late_by=by)
        with council.services.store.reading() as connection:
            found = queries.actions(connection, reach(lead), wanted)
        rows = [row(council, each) for each in (action, claimed_early)]
        assert [r.action for r in rows if queries.is_late(r, on, by)] == [r.action for r in found]
        return [r.action for r in found]

    assert late("first", day) == [action]
    assert late("current", day) == []
    assert late("current", council.today + timedelta(days=61)) == [action]


def test_effective_needs_a_proof_that_is_on_record(council: Council) -> None:
    desk, lead = council.services.desk, council.actor("lead")
    audit, action = raised(council)
    evidenced(council, action)
    before = council.view(audit).row.reference
    council.clock.advance(timedelta(days=57))
    later = council.view(council.submitted()).row.reference
    note = "Four of five are up to date."
    for proof, named in (("re-audit", "CA-NONE"), ("re-audit", before), ("indicator", "visits")):
        checked = commands.EffectCheck(action="a1", proof=proof, reference=named, note=note)
        with pytest.raises(Refused) as refused:
            actions.confirm_impact(
                desk, looked(commands.ConfirmActionImpact, action, checked), by=lead
            )
        assert [fault.code for fault in refused.value.faults] == ["proof-unknown"]
    assert row(council, action).state == "verification-due"
    shown = commands.EffectCheck(action="a1", proof="re-audit", reference=later, note=note)
    actions.confirm_impact(desk, looked(commands.ConfirmActionImpact, action, shown), by=lead)
    assert row(council, action).state == "effective"


def _again(council: Council, **values: Any) -> tuple[str, str]:
    """Another audit of the same team whose grade is made final: (audit, action)."""
    audit, action = raised(council, **values)
    council.moderate(audit)
    assert council.view(audit).row.final_grade == "good"
    return audit, action


def test_the_same_domain_failing_again_in_the_team_reopens_the_loop(council: Council) -> None:
    domain = council.tool.domains[0].id
    _, first = raised(council, domain=domain)
    closed(council, first)
    elsewhere = council.action(domain=domain)
    council.submitted(team="west", actions=(elsewhere,), no_action_reason="")
    _again(council, domain=council.tool.domains[1].id)
    assert row(council, first).state == "effective"

    audit, action = raised(council, domain=domain)
    moderation = council.seal(audit)
    assert row(council, first).state == "effective", "a reopened loop tells a blind moderator"
    council.record(audit, moderation, "good")
    reopened = row(council, first)
    assert (reopened.state, reopened.next) == ("reopened", action)
    with council.services.store.reading() as connection:
        for each in (first, action):
            assert [one.action for one in queries.chain(connection, each)] == [first, action]
        step = queries.steps(connection, [first])[first][-1]
    assert step.fields["finding"] == f"Audit {council.view(audit).row.reference}"
    assert verify(council.services.store, council.services.registry) == []


def test_a_grade_that_is_final_twice_reopens_one_loop(council: Council) -> None:
    domain = council.tool.domains[0].id
    _, older = raised(council, domain=domain)
    closed(council, older)
    _, newer = raised(council, domain=domain)
    closed(council, newer)
    audit, _ = _again(council, domain=domain)
    audit_handlers.reopen(
        council.services.desk,
        ReopenAudit(audit=audit, reason="Look again."),
        by=council.actor("lead"),
    )
    council.moderate(audit, moderator="moderator2")
    assert council.view(audit).row.final_grade == "good"
    assert [row(council, each).state for each in (older, newer)] == ["effective", "reopened"]


def _failing(council: Council, **values: Any) -> str:
    """An audit that grades everything below standard, raises nothing, and is final."""
    audit = council.submitted("requires-improvement", **values)
    council.moderate(audit, "requires-improvement")
    assert council.view(audit).row.final_grade == "requires-improvement"
    return audit


def test_a_failing_grade_reopens_the_loop_by_itself_and_carries_the_action_on(
    council: Council,
) -> None:
    domain, other = council.tool.domains[0].id, council.tool.domains[1].id
    _, first = raised(council, domain=domain)
    closed(council, first)
    council.moderate(council.submitted())
    assert row(council, first).state == "effective", "good grades show no return"
    council.moderate(council.submitted("requires-improvement", team="west"), "requires-improvement")
    assert row(council, first).state == "effective", "another team"

    audit = _failing(council)
    reopened = row(council, first)
    carried = row(council, reopened.next)
    assert reopened.state == "reopened"
    kept = ("text", "owner", "team", "domain")
    assert [getattr(carried, it) for it in kept] == [getattr(reopened, it) for it in kept]
    assert (carried.follows, carried.state) == (first, "raised")
    # The same audit, final again, opens no second loop; nor does one of another domain.
    _, second = raised(council, domain=other)
    audit_handlers.reopen(
        council.services.desk,
        ReopenAudit(audit=audit, reason="Look again."),
        by=council.actor("lead"),
    )
    council.moderate(audit, "requires-improvement", moderator="moderator2")
    assert len([one for one in (first, second) if row(council, one).state == "reopened"]) == 1
    assert verify(council.services.store, council.services.registry) == []


def test_a_loop_is_reopened_across_the_tools_that_share_the_domain(council: Council) -> None:
    others = [tool for tool in shipped_tools() if tool.id != council.tool.id]
    shared = next(
        (d.id for d in council.tool.domains for tool in others if tool.domain(d.id) is not None),
        None,
    )
    found = council.services.desk.lookups
    domain = shared or council.tool.domains[0].id
    _, first = raised(council, domain=domain)
    closed(council, first)
    with council.services.store.reading() as connection:
        asked = {"team": "east", "domain": domain, "but_of": "", "again": "", "finding": "Audit X"}
        assert found.loop_last_closed(connection, **asked) == first, "by domain, whatever the tool"


def test_what_fails_again_long_after_reopens_nothing(council: Council) -> None:
    domain = council.tool.domains[0].id
    _, first = raised(council, domain=domain)
    closed(council, first)
    council.clock.advance(timedelta(days=DEFAULT_ACTION_POLICY.reopen_within_days + 1))
    _again(council, domain=domain)
    assert row(council, first).state == "effective"


def test_what_was_said_of_an_action_is_stored_only_sealed(council: Council) -> None:
    desk, worker = council.services.desk, council.actor("worker")
    _, action = raised(council, text="Secret text.")
    actions.challenge(
        desk, commands.ChallengeAction(action=action, why="Secret challenge."), by=worker
    )
    actions.accept(desk, commands.AcceptAction(action=action), by=worker)
    actions.progress(
        desk, commands.NoteActionProgress(action=action, note="Secret progress."), by=worker
    )
    secret = Evidence(kind="case-record", what="Secret evidence.", where="Secret place.")
    actions.claim_done(desk, commands.ClaimActionDone(action=action, evidence=(secret,)), by=worker)
    actions.return_evidence(
        desk,
        commands.ReturnActionEvidence(action=action, why="Secret return."),
        by=council.actor("lead"),
    )
    with council.services.store.reading() as connection:
        stored = connection.execute(
            select(event.c.state).where(event.c.stream == f"action:{action}")
        ).scalars()
        assert not any(b"Secret" in bytes(state) for state in stored)

"""Lists of moderations and disputes, and the page of the moderation policy."""

import re
from datetime import timedelta

import pytest

from api.notifications.announcing import announce
from qa.core.words import Role
from qa.moderation import handlers
from qa.moderation.commands import AssignDispute, DecideDispute, DisputeGrade
from tests.notifications.support import told
from tests.support.council import words_of
from tests.support.forms import hidden, send

POLICY = {
    "share_percent": "40", "seed": "spring", "first_audits_of_new_auditor": "2",
    "moderate_within_working_days": "5", "decide_dispute_within_working_days": "8",
    "settle_difference_within_working_days": "3", "small_number": "12",
}  # fmt: skip


def disputed(council, decider=None):
    audit, moderation = council.moderated("good", "inadequate")
    desk = council.services.desk
    handlers.dispute(
        desk,
        DisputeGrade(
            audit=audit,
            moderation=moderation,
            about=("overall",),
            grounds="Evidence was overlooked.",
        ),
        by=council.actor("auditor"),
    )
    if decider:
        handlers.assign_dispute(
            desk,
            AssignDispute(audit=audit, moderation=moderation, decider=council.ids[decider]),
            by=council.actor("lead"),
        )
    return audit, moderation


def reference(council, audit):
    return council.view(audit).row.reference


def test_a_lead_sees_each_moderation_in_its_state_with_counts(small_council, clock):
    council = small_council
    picked = council.submitted()
    given, _ = council.assigned()
    differing, _ = council.moderated("good", "inadequate")
    lead = council.browser("lead")
    page = words_of(lead.get("/moderations").text)
    assert "To assign (1)" in page
    assert "Assigned (1)" in page
    assert "Overdue (" not in page
    assert "Differs (1)" in page
    for state, audit in (("to-assign", picked), ("assigned", given), ("differs", differing)):
        listed = lead.get(f"/moderations?state={state}").text
        assert [one for one in (picked, given, differing) if one in listed] == [audit]
    clock.advance(timedelta(days=30))
    overdue = words_of(council.browser("lead").get("/moderations?state=overdue").text)
    assert "2 moderations, the most overdue first" in overdue
    assert len(re.findall(r"\d+ Mar(ch)? 2026 Overdue", overdue)) == 2
    assert reference(council, given) in overdue


def test_disputes_are_open_until_they_are_decided(small_council, clock):
    council = small_council
    audit, moderation = disputed(council, "lead2")
    announce(council.services)
    name = reference(council, audit)
    differs = f"You and the moderator differ on audit {name}. Settle it by"
    assert any(one.startswith(differs) for one in told(council, "auditor"))
    clock.advance(timedelta(days=40))
    lead = council.browser("lead")
    page = words_of(lead.get("/disputes").text)
    assert "1 dispute (open)" in page
    assert "Lead2 Tree" in page
    assert "Overdue" in page
    handlers.decide_dispute(
        council.services.desk,
        DecideDispute(
            audit=audit,
            moderation=moderation,
            outcome="upheld",
            overall="good",
            reason_code="evidence-overlooked",
            reasons="The plan shows the change.",
        ),
        by=council.actor("lead2"),
    )
    assert reference(council, audit) in lead.get("/disputes?state=settled").text
    announce(council.services)
    for party in ("auditor", "moderator"):
        assert told(council, party)[-1] == f"The dispute over audit {name} was decided."
    assert not any("was decided" in one for one in told(council, "lead2"))


def test_a_lead_who_moderates_blind_sees_no_author_in_the_lists(small_council):
    council = small_council
    council.grant("lead", Role.MODERATOR)
    council.assigned("inadequate", moderator="lead")
    page = council.browser("lead").get("/moderations?state=assigned").text
    assert council.ids["auditor"] not in page
    assert "Auditor Tree" not in page
    assert "nadequate" not in page


@pytest.mark.parametrize("path", ["/moderations", "/disputes", "/moderation-policy/edit"])
@pytest.mark.parametrize("who", ["auditor", "moderator", "reader", "admin"])
def test_only_leads_see_lists_and_the_policy_form(small_council, path, who):
    assert small_council.browser(who).get(path).status_code == 403


def test_an_unknown_state_is_named_and_an_unknown_cursor_shows_the_first_page(small_council):
    lead = small_council.browser("lead")
    for path in ("/moderations", "/disputes"):
        assert "There is no state “x”." in lead.get(f"{path}?state=x").text
        assert lead.get(f"{path}?after=2026-99-99.x").status_code == 200


def test_the_policy_is_read_in_plain_words_and_changed_with_a_reason(small_council):
    lead = small_council.browser("lead")
    assert "The policy that Caseloop starts with." in lead.get("/moderation-policy").text
    assert 'value="25"' in lead.get("/moderation-policy/edit").text
    values = {**POLICY, "every_inadequate": "yes"}
    refused = send(lead, "/moderation-policy/edit", {**values, "share_percent": "400"})
    assert refused.status_code == 422
    assert 'value="400"' in refused.text
    assert 'value="spring"' in refused.text
    no_number = send(lead, "/moderation-policy/edit", {**values, "small_number": "few"})
    assert 'href="#small_number"' in no_number.text
    emptied = send(lead, "/moderation-policy/edit", {**values, "small_number": "", "seed": ""})
    assert emptied.status_code == 422
    assert ['href="#small_number"' in emptied.text, 'href="#seed"' in emptied.text] == [True, True]
    done = send(lead, "/moderation-policy/edit", {**values, "reason": "More to learn."})
    assert done.headers["location"] == "/moderation-policy?done=set"
    page = words_of(lead.get("/moderation-policy").text)
    assert "40% of audits are drawn" in page
    assert "a difference within 3, a dispute within 8." in page
    assert "The highest grade is no reason of its own." in page
    assert "More to learn." in page
    moderator = small_council.browser("moderator")
    assert "Change the policy" not in moderator.get("/moderation-policy").text


def test_two_leads_who_change_the_policy_do_not_overwrite_each_other(small_council):
    lead, other = small_council.browser("lead"), small_council.browser("lead2")
    page = lead.get("/moderation-policy/edit")
    old = hidden(page.text)
    values = {**POLICY, "reason": "More to learn."}
    more = {**values, "share_percent": "60"}
    assert send(other, "/moderation-policy/edit", more).status_code == 303
    stale = lead.post("/moderation-policy/edit", {**old, **values})
    assert stale.status_code == 409
    assert "60% drawn at random" in stale.text
    assert lead.post("/moderation-policy/edit", hidden(stale.text)).status_code == 303
    assert "40% of audits" in lead.get("/moderation-policy").text

"""The moderation of one audit through its pages: every step, every refusal, nothing unsealed."""

import re

import pytest

from qa.core.words import Role
from qa.people import handlers as people
from qa.people.commands import OPERATOR, MovePerson
from tests.support.council import words_of
from tests.support.forms import hidden, send, write

WRITTEN = ("judge", "dispute", "decide")
REASONS = "The file supports exactly this grade."


def judgement(council, overall="good", **values):
    fields = {"overall": overall, "rationale": REASONS}
    for domain in council.tool.domains:
        fields[f"judgements.{domain.id}.grade"] = overall
        fields[f"judgements.{domain.id}.comment"] = f"Seen on the file: {domain.title}."
    return {**fields, **values}


def at(audit, step=""):
    return f"/audits/{audit}/moderation" + (f"/{step}" if step else "")


def test_an_audit_goes_from_picked_to_a_decided_dispute(small_council):
    council = small_council
    audit = council.submitted("good")
    lead = council.browser("lead")
    page = words_of(lead.get(at(audit)).text)
    assert "To be assigned to a moderator" in page
    assert "among the first audits of this auditor" in page
    assert "This audit drew place" in page
    sent = send(lead, at(audit, "assign"), {"moderator": council.ids["moderator"], "blind": ""})
    assert sent.headers["location"] == f"{at(audit)}?done=assign"
    page = lead.get(sent.headers["location"]).text
    assert "The moderator is assigned." in page
    assert "Assign a moderator" not in page
    assert "Assign another moderator" in page
    assert "Assign another moderator" in lead.get(at(audit, "assign")).text
    moderator = council.browser("moderator")
    sent = send(moderator, at(audit, "judge"), judgement(council, "requires-improvement"))
    assert sent.headers["location"] == f"{at(audit)}/compare?done=judge"
    compared = words_of(moderator.get(sent.headers["location"]).text)
    assert "the auditor graded Good, the moderator Requires improvement (one grade lower)" in (
        compared
    )
    auditor = council.browser("auditor")
    day = {"held_on.day": "2", "held_on.month": "3", "held_on.year": "2026"}
    assert send(auditor, at(audit, "conversation"), {**day, "note": "No view."}).status_code == 303
    dispute = {"about": ["overall"], "grounds": "The plan was overlooked.", "evidence": "Plan 3."}
    assert send(auditor, at(audit, "dispute"), dispute).status_code == 303
    assert "The plan was overlooked." in auditor.get(at(audit)).text
    offered = lead.get(at(audit, "decider")).text
    assert council.ids["lead2"] in offered
    assert f'value="{council.ids["moderator"]}"' not in offered, "a party decides nothing"
    named = send(lead, at(audit, "decider"), {"decider": council.ids["lead2"]})
    assert named.status_code == 303
    page = lead.get(at(audit)).text
    assert "Name who decides" not in page
    assert "Name somebody else to decide" in page
    decider = council.browser("lead2")
    decision = {
        "outcome": "upheld", "overall": "good", "reason_code": "evidence-overlooked",
        "reasons": "The plan shows the change.",
    }  # fmt: skip
    assert send(decider, at(audit, "decide"), decision).status_code == 303
    final = words_of(decider.get(at(audit)).text)
    assert "Decided the dispute:" in final.partition("Rests on")[2]
    assert "The decision of a dispute" in final
    assert "An independent decider settled the dispute." in final
    assert "Submitted the audit: Good, by Auditor Tree" in final
    assert "Recorded the moderator's judgement: Requires improvement, by Moderator Tree" in (
        final.replace("&#39;", "'")
    )


def test_a_difference_is_settled_by_agreement_with_its_domains(small_council):
    council = small_council
    audit, _ = council.moderated("good", "inadequate")
    auditor = council.browser("auditor")
    agreed = {"overall": "requires-improvement", "rationale": "We met in the middle."}
    assert send(auditor, at(audit, "consensus"), agreed).status_code == 303
    page = words_of(auditor.get(f"{at(audit)}/compare").text)
    assert "The grade both agreed on" in page
    assert "Agreed on one grade:" in page.partition("Rests on")[2]
    assert "two grades lower" in page.lower()


def test_only_differences_can_be_shown(small_council):
    council = small_council
    audit, _ = council.moderated("good", "inadequate")
    lead = council.browser("lead")
    page = words_of(lead.get(f"{at(audit)}/compare?only=differences").text)
    assert "Only differences are shown" in page
    assert council.tool.domains[1].title not in page
    assert council.tool.domains[1].title in words_of(lead.get(f"{at(audit)}/compare").text)


def test_every_fault_of_a_judgement_is_named_at_its_field_and_what_was_entered_stays(
    small_council,
):
    council = small_council
    audit, _ = council.assigned()
    first, *others = council.tool.domains
    moderator = council.browser("moderator")
    refused = send(
        moderator,
        at(audit, "judge"),
        {
            f"judgements.{first.id}.grade": "good",
            f"judgements.{first.id}.comment": "Kept <b>as typed</b>.",
            f"judgements.{others[0].id}.grade": "-",
            "moderated_on.day": "31",
            "moderated_on.month": "2",
            "moderated_on.year": "2026",
        },
    )
    assert refused.status_code == 422
    assert "<title>Error: " in refused.text
    sheet = at(audit, "judge")
    assert f'href="{sheet}/overall?check=yes#moderated_on"' in refused.text
    assert "Kept &lt;b&gt;as typed&lt;/b&gt;." in refused.text
    for domain in others[1:]:
        if domain.applies_to:  # not to a child in need
            continue
        href = f'href="{sheet}/domain-{domain.id}?check=yes#judgements-{domain.id}-grade"'
        assert href in refused.text, "also behind a date that cannot be"
        assert f"Choose a grade for {domain.title}, or say" in words_of(refused.text)
    for field in ("overall", "rationale"):
        assert f'href="{sheet}/overall?check=yes#{field}"' in refused.text
    assert refused.text.index(f"#judgements-{others[-1].id}") < refused.text.index("#rationale")
    section = f"{sheet}/domain-{others[0].id}"
    named = moderator.get(f"{section}?check=yes").text
    assert f'href="#judgements-{others[0].id}-comment"' in named
    dated = moderator.get(f"{sheet}/overall?check=dates").text
    assert 'href="#moderated_on"' in dated
    assert 'href="#rationale"' not in dated, "not yet asked for"


def test_a_blind_moderator_sees_nothing_of_the_audit_on_any_page(small_council):
    council = small_council
    audit, _ = council.assigned("inadequate")
    content = council.view(audit).content
    moderator = council.browser("moderator")
    hidden_words = [
        "Auditor Tree",
        council.ids["auditor"],
        content.rationale,
        *(j.evidence for j in content.judgements),
        "lowest grade",
        "This audit drew place",
    ]
    pages = [moderator.get(at(audit)), moderator.get(at(audit, "compare"))]
    for step in ("judge", "unblind", "assign", "cancel", "ask", "conversation", "consensus",
                 "dispute", "decider", "decide"):  # fmt: skip
        pages.append(moderator.get(at(audit, step)))
        key = {"key": "k" * 20, "seen": "1"}
        if step in WRITTEN:
            pages.append(moderator.post(at(audit, f"{step}/check"), {**key, "revision": "0"}))
        elif step != "unblind":
            pages.append(moderator.post(at(audit, step), {**key, "moderator": "x"}))
            pages.append(moderator.post(at(audit, step), {**key, "seen": "99", "overall": "x"}))
    for page in pages:
        for word in hidden_words:
            assert word not in page.text
    for domain in council.tool.domains:  # by the child's status, not by what the auditor graded
        section = moderator.get(at(audit, f"judge/domain-{domain.id}"))
        assert (section.status_code == 200) == domain.applies(content.child_status)
        assert "checked" not in section.text
        assert all(word not in section.text for word in hidden_words)
    assert "You moderate this audit blind." in moderator.get(at(audit, "judge/overall")).text


def test_a_qa_lead_who_moderates_blind_does_not_learn_the_author_by_handing_it_over(small_council):
    council = small_council
    council.grant("lead2", Role.MODERATOR)
    audit, _ = council.assigned(moderator="lead2")
    lead = council.browser("lead2")
    assert "Assign a moderator" not in lead.get(at(audit)).text
    answer = lead.post(
        at(audit, "assign"),
        {"key": "k" * 20, "seen": str(council.view(audit).row.stream_version),
         "moderator": council.ids["auditor"]},
    )  # fmt: skip
    assert answer.status_code == 403
    assert "Auditor Tree" not in answer.text


def test_unblinding_warns_and_opens_the_judgement_for_good(small_council):
    council = small_council
    audit, _ = council.assigned()
    moderator = council.browser("moderator")
    assert "This cannot be undone." in moderator.get(at(audit, "unblind")).text
    refused = send(moderator, at(audit, "unblind"))
    assert refused.status_code == 422
    assert 'href="#reason"' in refused.text
    assert send(moderator, at(audit, "unblind"), {"reason": "The file is gone."}).status_code == 303
    assert "No longer blind" in moderator.get(at(audit)).text
    assert "The auditor’s overall grade" in moderator.get(at(audit, "judge/overall")).text


def test_a_soft_rule_of_independence_asks_for_an_exception_and_a_hard_one_does_not(small_council):
    council = small_council
    audit = council.submitted()
    council.grant("worker", Role.MODERATOR)
    council.grant("auditor", Role.MODERATOR)
    lead = council.browser("lead")
    assert 'id="exception"' not in lead.get(at(audit, "assign")).text
    hard = send(lead, at(audit, "assign"), {"moderator": council.ids["auditor"]})
    assert hard.status_code == 422
    assert "nobody moderates an audit they began" in hard.text
    assert 'id="exception"' not in hard.text
    case_holder = send(lead, at(audit, "assign"), {"moderator": council.ids["worker"]})
    assert "holds this case" in case_holder.text
    people.move_person(
        council.services.desk,
        MovePerson(person=council.ids["moderator"], team="east", manager=None, job_title=""),
        by=OPERATOR,
    )
    soft = send(lead, at(audit, "assign"), {"moderator": council.ids["moderator"]})
    assert soft.status_code == 422
    assert 'id="exception"' in soft.text
    given = {
        **hidden(soft.text), "moderator": council.ids["moderator"], "exception": "Nobody else.",
    }  # fmt: skip
    assert lead.post(at(audit, "assign"), given).status_code == 303


def test_a_form_from_before_a_change_shows_what_changed_and_can_go_on(small_council):
    council = small_council
    audit, _ = council.assigned(blind=False)
    lead, moderator = council.browser("lead"), council.browser("moderator")
    old = hidden(lead.get(at(audit, "cancel")).text)
    send(moderator, at(audit, "judge"), judgement(council, "inadequate"))
    stale = lead.post(at(audit, "cancel"), {**old, "reason": "Nobody has time."})
    assert stale.status_code == 409
    page = words_of(stale.text)
    assert "This has changed since you opened it" in page
    assert "Recorded the moderator" in page
    assert "Nobody has time." in page
    anyway = lead.post(at(audit, "cancel"), {**hidden(stale.text), "reason": "Nobody has time."})
    assert anyway.status_code == 409
    assert "This moderation already has its judgement." in words_of(anyway.text)
    assert "Go on with what I entered" not in anyway.text


def test_what_was_entered_can_be_sent_after_a_look_at_the_change(small_council):
    council = small_council
    audit, _ = council.assigned(blind=False)
    lead, other = council.browser("lead"), council.browser("lead2")
    old = hidden(lead.get(at(audit, "cancel")).text)
    send(other, at(audit, "assign"), {"moderator": council.ids["moderator2"]})
    stale = lead.post(at(audit, "cancel"), {**old, "reason": "Nobody has time."})
    assert "Assigned the moderation" in stale.text
    assert lead.post(at(audit, "cancel"), hidden(stale.text)).status_code == 303
    assert council.view(audit).moderations[0]["status"] == "cancelled"


def test_a_judgement_sent_twice_counts_once(small_council):
    council = small_council
    audit, _ = council.assigned()
    moderator = council.browser("moderator")
    write(moderator, at(audit, "judge"), judgement(council))
    check = at(audit, "judge/check")
    form = hidden(moderator.get(check).text)
    first, second = (moderator.post(check, form) for _ in range(2))
    assert first.headers["location"] == f"{at(audit)}/compare?done=judge"
    assert second.status_code == 303
    version = council.view(audit).row.stream_version
    moderator.post(check, {**form, "revision": "0"})
    assert council.view(audit).row.stream_version == version


@pytest.mark.parametrize(
    ("who", "step"),
    [("auditor", "assign"), ("auditor", "cancel"), ("moderator2", "judge"), ("lead", "judge"),
     ("reader", "ask"), ("reader", "dispute"), ("moderator2", "decide"), ("auditor2", "judge"),
     ("lead", "unblind"), ("auditor", "decider")],
)  # fmt: skip
def test_the_wrong_role_is_refused_on_the_form_and_on_sending_it(small_council, who, step):
    council = small_council
    audit, _ = council.assigned()
    browser = council.browser(who)
    form = {"key": "k" * 20, "seen": str(council.view(audit).row.stream_version)}
    refusal = 404 if who == "auditor2" else 403
    assert browser.get(at(audit, step)).status_code == refusal
    sent_to = at(audit, f"{step}/check" if step in WRITTEN else step)
    assert browser.post(sent_to, {**form, "reason": "Said with reason."}).status_code == refusal


@pytest.mark.parametrize("path", ["", "/judge", "/compare", "/nothing"])
def test_what_does_not_exist_is_not_found(small_council, path):
    lead = small_council.browser("lead")
    assert lead.get(f"/audits/{'0' * 32}/moderation{path}").status_code == 404


def test_a_form_without_its_version_or_key_is_refused(small_council):
    council = small_council
    audit, _ = council.assigned()
    answer = council.browser("lead").post(at(audit, "cancel"), {"reason": "Said with reason."})
    assert answer.status_code == 422
    assert "This form is incomplete." in answer.text


def test_an_audit_the_policy_passed_over_is_asked_for_by_hand(small_council):
    council = small_council
    audit, _ = council.assigned()
    lead = council.browser("lead")
    assert send(lead, at(audit, "cancel"), {"reason": "Nobody has time."}).status_code == 303
    page = lead.get(at(audit))
    fields = hidden(page.text, at(audit, "ask"))
    assert lead.post(at(audit, "ask"), fields).status_code == 303
    assert "A QA lead asked for it." in lead.get(at(audit)).text
    assert re.search(r"Earlier moderations.*Nobody has time", lead.get(at(audit)).text, re.S)

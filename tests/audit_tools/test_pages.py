"""Tools and scales through their pages: build, compare, publish, retire, YAML out and in."""

import pytest

from tests.audit_tools.support import TOOL, fields_of
from tests.support.council import words_of
from tests.support.forms import hidden, send


def test_a_tool_is_begun_built_published_and_used(small_council):
    council = small_council
    lead = council.browser("lead")
    begun = send(
        lead,
        "/tools/new",
        {"title": "Closure check", "kind": "closure", "scale": "four-grades@1", "overall": "yes",
         "domain": "Reason for closing"},
    )  # fmt: skip
    assert begun.headers["location"] == "/tools/closure-check/edit"
    page = lead.get("/tools/closure-check/edit")
    listed = hidden(page.text, "/tools/closure-check/domains")
    added = lead.post(
        "/tools/closure-check/domains", {**listed, "do": "add", "new_domain": "Step-down plan"}
    )
    assert added.status_code == 303
    domain = "/tools/closure-check/domains/step-down-plan"
    values = fields_of(lead.get(domain).text)
    saved = lead.post(
        domain,
        {**values, "do": "add-question", "good_looks_like": "The family knows whom to call.",
         "descriptors.good": "A plan with dates.", "new_question": "Is there a plan?",
         "new_question_scale": "yes-no@1", "applies_to[]": ["child-in-need"]},
    )  # fmt: skip
    assert saved.status_code == 303
    shown = words_of(lead.get("/tools/closure-check/versions/working").text)
    for text in ("The family knows whom to call.", "A plan with dates.", "Is there a plan?",
                 "Only for: Child in need"):  # fmt: skip
        assert text in shown
    confirm = words_of(lead.get("/tools/closure-check/publish").text)
    assert "First version." in confirm
    assert send(lead, "/tools/closure-check/publish").status_code == 303
    assert "New audits use version 1." in lead.get("/tools/closure-check").text
    assert council.allocated(tool="closure-check")


def test_domains_and_questions_move_and_go(small_council):
    lead = small_council.browser("lead")

    def press(do):
        listed = hidden(lead.get(f"{TOOL}/edit").text, f"{TOOL}/domains")
        return lead.post(f"{TOOL}/domains", {**listed, "do": do})

    def order():
        text = lead.get(f"{TOOL}/edit").text
        codes = ("lived-experience", "management-grip", "planning")
        return sorted(
            (c for c in codes if f"/domains/{c}" in text), key=lambda c: text.index(f"/domains/{c}")
        )

    assert press("down lived-experience").status_code == 303
    assert order() == ["management-grip", "lived-experience", "planning"]
    press("up planning")
    assert order() == ["management-grip", "planning", "lived-experience"]
    press("remove planning")
    assert order() == ["management-grip", "lived-experience"]
    assert press("remove nothing").status_code == 404
    assert press("nonsense x").status_code == 409
    domain = f"{TOOL}/domains/management-grip"
    values = fields_of(lead.get(domain).text)
    lead.post(domain, {**values, "do": "add-question", "new_question": "Is it timely?",
                       "new_question_scale": "yes-no@1"})  # fmt: skip
    values = fields_of(lead.get(domain).text)
    lead.post(domain, {**values, "do": "up 1", "questions.0.text": "Reworded question?"})
    text = lead.get(domain).text
    assert text.index("Is it timely?") < text.index("Reworded question?")
    lead.post(domain, {**fields_of(text), "do": "remove 0"})
    assert "Is it timely?" not in lead.get(domain).text


def test_every_save_says_what_it_changed_and_two_versions_can_be_compared(small_council):
    lead = small_council.browser("lead")
    values = fields_of(lead.get(f"{TOOL}/edit").text)
    saved = lead.post(
        f"{TOOL}/edit",
        {**values, "title": "Quick dip", "guidance": "A quick look at one file only.",
         "limiting_rules.0.grade_or_worse": "inadequate", "limiting_rules.0.at_least": "1",
         "limiting_rules.0.domain": "planning",
         "limiting_rules.0.overall_no_better_than": "requires-improvement"},
    )  # fmt: skip
    assert saved.status_code == 303
    page = words_of(lead.get(TOOL).text)
    assert "The tool is renamed “Quick dip”." in page
    assert "The rules a submission must meet changed." in page
    assert send(lead, f"{TOOL}/publish").status_code == 303
    compared = lead.get(f"{TOOL}/compare?old=1&new=2").text
    assert "The guidance for auditors changed." in compared
    assert "<ins>" in compared
    first = lead.get(f"{TOOL}/versions/1").text
    assert "Quick dip" not in first  # a published version never changes
    assert "the overall grade is no better than Requires improvement" in words_of(
        lead.get(f"{TOOL}/versions/2").text
    )


def test_faults_of_the_builder_show_at_their_fields_with_what_was_entered(small_council):
    lead = small_council.browser("lead")
    values = fields_of(lead.get(f"{TOOL}/edit").text)
    refused = lead.post(
        f"{TOOL}/edit",
        {**values, "title": "", "guidance": "Kept text", "evidence_min_words": "900"},
    )
    assert refused.status_code == 422
    assert 'href="#title"' in refused.text
    assert 'href="#evidence_min_words"' in refused.text
    assert "Kept text" in refused.text
    words = lead.post(f"{TOOL}/edit", {**values, "evidence_min_words": "few"})
    assert "Enter a whole number" in words.text
    cap = lead.post(f"{TOOL}/edit", {**values, "limiting_rules.0.grade_or_worse": "inadequate"})
    assert 'href="#limiting_rules-0-overall_no_better_than"' in cap.text
    empty = send(lead, "/tools/new", {"title": ""})
    for field in ("title", "scale", "overall", "domain"):
        assert f'href="#{field}"' in empty.text
    taken = send(
        lead, "/tools/new",
        {"title": "Dip sample", "kind": "closure", "scale": "yes-no@1", "overall": "yes",
         "domain": "One"},
    )  # fmt: skip
    assert taken.status_code == 422
    assert "There is a tool with the code dip-sample" in taken.text
    domain = f"{TOOL}/domains/planning"
    values = fields_of(lead.get(domain).text)
    untitled = lead.post(domain, {**values, "title": "", "do": "save"})
    assert 'href="#title"' in untitled.text
    unasked = lead.post(domain, {**values, "do": "add-question", "new_question": ""})
    assert 'href="#new_question"' in unasked.text


def test_what_does_not_hold_together_is_not_published(small_council):
    lead = small_council.browser("lead")
    domain = f"{TOOL}/domains/planning"
    lead.post(domain, {**fields_of(lead.get(domain).text), "scale": "ten-to-one@1", "do": "save"})
    values = fields_of(lead.get(f"{TOOL}/edit").text)
    lead.post(
        f"{TOOL}/edit",
        {**values, "limiting_rules.0.grade_or_worse": "inadequate",
         "limiting_rules.0.at_least": "1", "limiting_rules.0.domain": "planning",
         "limiting_rules.0.overall_no_better_than": "good"},
    )  # fmt: skip
    assert "looks for a grade no domain can have" in lead.get(f"{TOOL}/publish").text
    refused = send(lead, f"{TOOL}/publish")
    assert refused.status_code == 422
    assert "There is a problem" in refused.text
    assert lead.get(f"{TOOL}/versions/2").status_code == 404


def test_two_editors_do_not_overwrite_each_other_and_a_double_press_saves_once(small_council):
    lead, other = small_council.browser("lead"), small_council.browser("lead2")
    mine = fields_of(lead.get(f"{TOOL}/edit").text)
    theirs = fields_of(other.get(f"{TOOL}/edit").text)
    saved = {**theirs, "guidance": "Theirs."}
    first, again = (other.post(f"{TOOL}/edit", saved) for _ in range(2))
    assert first.status_code == again.status_code == 303
    stale = lead.post(f"{TOOL}/edit", {**mine, "title": "Mine"})
    assert stale.status_code == 409
    assert "Lead2 Tree" in stale.text
    assert lead.post(f"{TOOL}/edit", hidden(stale.text)).status_code == 303
    assert "Mine" in lead.get(TOOL).text


def test_a_tool_goes_out_as_yaml_and_comes_back_changed(small_council):
    lead = small_council.browser("lead")
    out = lead.get(f"{TOOL}/versions/1/yaml")
    assert "attachment" in out.headers["content-disposition"]
    text = out.text.replace("title: Management grip", "title: Grip of managers")
    file = {"file": ("tool.yaml", text.encode(), "application/yaml")}
    assert send(lead, f"{TOOL}/import", {}, files=file).status_code == 303
    assert "is now “Grip of managers”" in lead.get(TOOL).text
    for bad, said in (
        (b"\xff\xfe\x00", "The file is no text."),
        (b"a: [", "not readable YAML"),
        (text.replace("id: dip-sample", "id: other-tool").encode(), "not dip-sample"),
        (b"title: x", "Field required"),
    ):
        answer = send(lead, f"{TOOL}/import", {}, files={"file": ("t.yaml", bad, "text/plain")})
        assert answer.status_code == 422
        assert said in answer.text
    assert "Choose a file." in send(lead, f"{TOOL}/import", {}).text


def test_a_tool_is_retired_with_a_reason(small_council):
    lead = small_council.browser("lead")
    assert send(lead, f"{TOOL}/retire", {"reason": "Nobody uses it."}).status_code == 303
    assert "This tool is retired" in lead.get(TOOL).text
    again = lead.post(
        f"{TOOL}/retire", {**hidden(lead.get(f"{TOOL}/retire").text), "reason": "Once more."}
    )
    assert again.status_code == 409
    assert "Only a published tool can be retired." in again.text


def test_a_scale_gets_a_next_version_and_a_new_one_is_published(small_council):
    lead = small_council.browser("lead")
    values = fields_of(lead.get("/scales/new?of=yes-no").text)
    assert lead.post("/scales/new", {**values, "points.0.label": "Yes, fully"}).status_code == 303
    page = words_of(lead.get("/scales").text)
    assert "yes-no, version 2" in page
    assert "Yes, fully" in page
    points = {"points.0.label": "Met", "points.1.label": "Not met", "met": "Met"}
    made = send(lead, "/scales/new", {"name": "Met or not", **points})
    assert made.status_code == 303
    for bad, field in (
        ({"name": ""}, "name"),
        ({"name": "X", "points.1.label": ""}, "points-0-label"),
        ({"name": "X", "met": "Elsewhere"}, "met"),
    ):
        answer = send(lead, "/scales/new", {**points, **bad})
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
    stale = lead.post("/scales/new", {**values, "key": "x" * 20, "points.0.label": "Other"})
    assert stale.status_code == 409


EDITS = ["/tools/new", f"{TOOL}/edit", f"{TOOL}/import", f"{TOOL}/publish", f"{TOOL}/retire",
         f"{TOOL}/domains/planning", "/scales/new"]  # fmt: skip


@pytest.mark.parametrize("path", EDITS)
def test_only_qa_leads_build_tools(small_council, path):
    auditor = small_council.browser("auditor")
    assert auditor.get(path).status_code == 403
    assert auditor.post(path, {"key": "k" * 20, "seen": "1"}).status_code == 403
    assert auditor.get("/tools").status_code == 200
    assert small_council.browser("nobody").get("/tools").status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/tools/nothing", "/tools/nothing/edit", f"{TOOL}/versions/9", f"{TOOL}/versions/x",
     f"{TOOL}/domains/nothing", f"{TOOL}/compare?old=7", "/tools/nothing/publish"],
)  # fmt: skip
def test_an_unknown_tool_version_or_domain_is_not_found(small_council, path):
    assert small_council.browser("lead").get(path).status_code == 404

"""Two judgements compared; and audits of a tool that grades domains only, from end to end."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from api.imports.own_records import own_listing
from api.imports.reading import read_sheet
from api.imports.run import ImportChoices, Outcome, run
from api.lists.files import render_listing
from api.web.moments import as_at
from projections.agreement.counting import VersionScales
from projections.agreement.profile import report as grade_profile
from projections.agreement.question import AgreementQuestion
from projections.agreement.report import report as agreement
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.audits.tables import AuditRow
from projections.follow_ups.tables import FOLLOW_UPS
from projections.imports import queries as batches
from qa.audit_tools.definition import ToolDefinition, faults_of
from qa.audit_tools.files import shipped_tools
from qa.audits import handlers as audit_handlers
from qa.audits.commands import CorrectAudit
from qa.audits.comparison import GradesGiven
from qa.audits.judgements import AgreedGrade, RuleOverride
from qa.audits.submission import check
from qa.authorisation.policy import reach
from qa.core.errors import Refused
from qa.core.periods import PeriodKind
from qa.core.words import NO_OVERALL_GRADE
from qa.imports.reversal_commands import ReverseImport
from qa.imports.reversal_handlers import reverse_import
from qa.moderation import handlers
from qa.moderation.commands import (
    AssignDispute,
    DecideDispute,
    DisputeGrade,
    ReconcileGrade,
)
from tests.audits.support import TOOL, submitted_through_pages
from tests.support.council import Council, content, words_of
from tests.support.given import codes_of

AREAS = next(tool for tool in shipped_tools() if tool.id == "judgement-areas")
HELP, LEADERS = "help-and-protection", "impact-of-leaders"


@pytest.fixture
def areas(council: Council) -> Council:
    """A council that audits with the tool of Ofsted's judgement areas."""
    council.tool = AREAS
    return council


def by_area(help_given: str, leaders: str) -> GradesGiven:
    return GradesGiven("", {HELP: help_given, LEADERS: leaders})


def test_two_judgements_agree_overall_or_else_in_every_domain_both_graded() -> None:
    assert GradesGiven("good", {"voice": "good"}).agrees(GradesGiven("good", {"voice": "poor"}))
    assert not GradesGiven("good", {}).agrees(GradesGiven("outstanding", {}))
    assert by_area("good", "good").agrees(by_area("good", "good"))
    assert by_area("good", "good").agrees(GradesGiven("", {LEADERS: "good"}))
    assert not by_area("good", "good").agrees(by_area("good", "inadequate"))
    assert by_area("good", "good").differing(by_area("good", "inadequate")) == (LEADERS,)
    assert not GradesGiven("", {}).agrees(GradesGiven("", {})), "nothing was compared"


def test_an_audit_is_inadequate_by_one_domain_and_outstanding_only_by_all() -> None:
    assert GradesGiven("inadequate", {}).inadequate(TOOL)
    assert not GradesGiven("requires-improvement", {}).inadequate(TOOL)
    assert not GradesGiven("unknown", {}).inadequate(TOOL)
    assert GradesGiven("outstanding", {}).outstanding(TOOL)
    assert by_area("good", "inadequate").inadequate(AREAS)
    assert by_area("good", "inadequate").lowest(AREAS) == "inadequate"
    assert by_area("good", "requires-improvement").lowest(AREAS) == ""
    assert by_area("outstanding", "outstanding").outstanding(AREAS)
    assert not by_area("outstanding", "good").outstanding(AREAS)
    assert not GradesGiven("", {}).outstanding(AREAS)
    assert by_area("inadequate", "good").in_words(AREAS) == "1 Good, 1 Inadequate"
    assert GradesGiven("good", {}).in_words(TOOL) == "Good"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "supervision"}, "A tool that judges supervision has an overall grade."),
        ({"rationale_rules": ({"min_words": 3},)}, "There are no reasons to ask for"),
        ({"limiting_rules": ("overall",)}, "caps the overall grade, which the tool does not have"),
        ({"limiting_rules": ("no-such",)}, "caps a domain that does not exist"),
        ({"limiting_rules": (LEADERS, LEADERS)}, "caps the domain that it looks at"),
    ],
)
def test_a_tool_without_an_overall_grade_holds_together(
    change: dict[str, object], sentence: str
) -> None:
    plain = AREAS.model_dump()
    rules = change.pop("limiting_rules", None)
    if isinstance(rules, tuple):
        rule = plain["limiting_rules"][0]
        rule["caps"] = "" if rules[0] == "overall" else rules[0]
        rule["domain"] = rules[1] if len(rules) > 1 else "any"
    found = faults_of(ToolDefinition.model_validate({**plain, **change}))
    assert [fault.code for fault in found] == ["tool-inconsistent"]
    assert sentence in found[0].sentence


def test_a_domain_limits_another_and_the_limit_may_be_set_aside(areas: Council) -> None:
    given = content(AREAS, areas.today, "inadequate")
    better = given.judgements[1].model_copy(update={"grade": "good"})
    judgements = (given.judgements[0], better)
    given = content(AREAS, areas.today, "inadequate", judgements=judgements)

    def codes(**values: object) -> list[str]:
        faults = check(
            given.model_copy(update=values),
            AREAS,
            today=areas.today,
            person_exists=lambda _: True,
        )
        return [fault.code for fault in faults]

    assert codes() == ["domain-limited"]
    assert codes(overall="good") == ["no-overall-grade"]
    reason = "The managers stepped in on the day they learnt of it and the child was moved."
    assert codes(overrides=(RuleOverride(rule="unsafe-caps-leaders", reason=reason),)) == []


def _moved(areas: Council) -> tuple[str, str]:
    """An audit graded good in both areas, which the moderator grades lower."""
    audit = areas.submitted("good")
    return audit, areas.moderate(audit, "requires-improvement")


def test_what_two_differ_in_is_settled_domain_by_domain(areas: Council) -> None:
    audit, moderation = _moved(areas)
    assert areas.view(audit).row.status == "differs"
    listed = areas.browser("lead").get("/audits/export.csv").content.decode("utf-8-sig")
    assert "2 Requires improvement" in listed
    assert "No overall grade" not in listed
    half = ReconcileGrade(
        audit=audit,
        moderation=moderation,
        rationale="We read the file together and talked over what it shows.",
        judgements=(AgreedGrade(domain=HELP, grade="good"),),
    )
    with pytest.raises(Refused) as refused:
        handlers.reconcile(areas.services.desk, half, by=areas.actor("moderator"))
    assert [(f.field, f.code) for f in refused.value.faults] == [
        (f"judgements.{LEADERS}.grade", "grade-missing")
    ]
    leaders = AgreedGrade(domain=LEADERS, grade="requires-improvement")
    whole = half.model_copy(update={"judgements": (*half.judgements, leaders)})
    handlers.reconcile(areas.services.desk, whole, by=areas.actor("moderator"))
    row = areas.view(audit).row
    assert (row.status, row.final_grade) == ("finalised", "")
    assert json.loads(row.final_grades or "") == {HELP: "good", LEADERS: "requires-improvement"}
    told = words_of(areas.browser("lead").get(f"/audits/{audit}/moderation").text)
    assert "Agreed grade 1 Good, 1 Requires improvement. We read the file together" in told


def test_a_dispute_is_about_domains_and_its_outcome_fits_their_grades(areas: Council) -> None:
    audit, moderation = _moved(areas)
    desk, lead = areas.services.desk, areas.actor("lead")
    asked = DisputeGrade(
        audit=audit,
        moderation=moderation,
        about=("overall",),
        grounds="The file shows weekly visits and what changed for the child after each.",
    )
    with pytest.raises(Refused, match="no domain overall"):
        handlers.dispute(desk, asked, by=areas.actor("auditor"))
    handlers.dispute(desk, asked.model_copy(update={"about": (HELP,)}), by=areas.actor("auditor"))
    decider = AssignDispute(audit=audit, moderation=moderation, decider=areas.ids["lead"])
    handlers.assign_dispute(desk, decider, by=lead)

    def decided(outcome: str, help_given: str) -> None:
        command = DecideDispute(
            audit=audit,
            moderation=moderation,
            outcome=outcome,
            reason_code="evidence-overlooked",
            reasons="The visits were overlooked when the file was read the second time.",
            judgements=(
                AgreedGrade(domain=HELP, grade=help_given),
                AgreedGrade(domain=LEADERS, grade="good"),
            ),
        )
        handlers.decide_dispute(desk, command, by=lead)

    for outcome, grade in (("upheld", "requires-improvement"), ("not-upheld", "outstanding")):
        with pytest.raises(Refused) as refused:
            decided(outcome, grade)
        assert refused.value.faults[0].code == "outcome-contradicts"
    decided("upheld", "good")
    assert areas.view(audit).row.final_source == "senior-decision"


def test_one_inadequate_area_is_picked_and_followed_up_and_a_correction_ends_it(
    areas: Council,
) -> None:
    audit = areas.submitted("inadequate")
    assert "inadequate" in areas.view(audit).moderations[0]["reasons"]

    def stages() -> list[str]:
        with areas.services.store.reading() as connection:
            rows = FOLLOW_UPS.rows(connection, FOLLOW_UPS.select(position=None))
        return [row.stage for row in rows if row.audit == audit]

    assert stages() == ["recorded"]
    command = CorrectAudit(
        audit=audit,
        field=f"judgements.{HELP}.grade",
        new="requires-improvement",
        kind="fact",
        reason="The wrong button was pressed for this area.",
    )
    audit_handlers.correct(areas.services.desk, command, by=areas.actor("lead"))
    assert areas.view(audit).row.grades_given.domains[HELP] == "requires-improvement"
    assert stages() == ["ended"]


def test_figures_go_by_domain_and_stand_apart_from_tools_with_an_overall_grade(
    areas: Council,
) -> None:
    agreed = areas.submitted("good")
    areas.moderate(agreed, "good")
    _moved(areas)
    areas.tool = TOOL
    areas.moderate(areas.submitted("good"), "good")
    areas.show_rates_of_few()
    question = AgreementQuestion(
        start=areas.today.replace(day=1), end=areas.today, by=PeriodKind.MONTH
    )
    by_domain = replace(question, dimensions=("domain",))
    with areas.services.store.reading() as connection:
        scales = VersionScales.of_tools(tool_queries.definitions(connection))
        whole = agreement(connection, question, scales=scales)
        domains = agreement(connection, by_domain, scales=scales)
        final = grade_profile(connection, question, scales=scales, grade="final")
    rows = {row.group["scale"]: row.figures for row in whole.rows}
    alone, with_overall = rows[NO_OVERALL_GRADE.key], rows[TOOL.scale]
    assert (alone["audits_submitted"].numerator, alone["moderated"].numerator) == (2, 2)
    assert alone["moderation_agreement_rate"].denominator == 0, "nothing is compared overall"
    assert with_overall["moderation_agreement_rate"].denominator == 1
    assert any("break in the series" in one for one in whole.caveats)
    leaders = next(row for row in domains.rows if row.group["domain"] == LEADERS).figures
    rate = leaders["moderation_agreement_rate"]
    assert (rate.numerator, rate.denominator) == (1, 2)
    grades = {row.group["scale"]: row.figures for row in final.rows}[NO_OVERALL_GRADE.key]
    good = grades[f"domain_good_rate.{HELP}"]
    assert (good.numerator, good.denominator) == (1, 1), "only one is final, with both its grades"


def test_pages_show_grades_of_areas_and_ask_for_no_overall_grade(small_council: Council) -> None:
    council = small_council
    council.tool = AREAS
    audit, auditor = council.allocated(), council.browser("auditor")
    assert submitted_through_pages(auditor, council, audit).status_code == 303
    lead = council.browser("lead")
    read = words_of(lead.get(f"/audits/{audit}").text)
    assert "2 Good This tool has no overall grade." in read
    assert "Reasons for the overall grade" not in read
    assert "2 Good" in words_of(lead.get("/audits?grade=good").text)
    assert "2 Good" not in words_of(lead.get("/audits?grade=inadequate").text)
    council.moderate(audit, "outstanding")
    seen = words_of(lead.get(f"/audits/{audit}/moderation/compare").text)
    assert "They differ. The auditor graded 2 Good; the moderator 2 Outstanding." in seen
    moderator = council.browser("moderator")
    settle = words_of(moderator.get(f"/audits/{audit}/moderation/consensus").text)
    assert "Choose the grade that counts" in settle
    assert "The overall grade you agreed on" not in settle
    told = words_of(lead.get("/reports/agreement").text)
    assert "1 moderation is compared by domain only." in told
    assert "compared by domain or judgement area" in told
    assert "Graded audits: none to count" in words_of(lead.get("/reports/grades").text)
    assert lead.get("/reports/grades/download.docx").status_code == 200


AREA = "Impact of leaders on social work practice"
FILES = {
    "audits": (
        f"Audit reference,Child ref,Date of audit,Auditor,Team,{AREA},Care leavers,Notes",
        "F-1,6001,2025-07-01,Pat Sample,North,Good,Good,- Seen weekly",
        "F-2,No child named,2025-07-02,Pat Sample,North,Good,,",
    ),
    "moderations": (
        f"Audit reference,Date,Moderator,Agreed,Moderated {AREA},Moderated care leavers",
        "F-1,2025-07-10,Sam Sample,no,Inadequate,Good",
        "F-2,2025-07-10,Sam Sample,yes,Good,Good",
    ),
    "audit-outcomes": (
        f"Audit reference,Outcome,Final grade from,{AREA}",
        "F-1,Final,Consensus,Requires improvement",
        "F-2,Final,Moderator,",
    ),
}


def _send(council: Council, kind: str, *lines: str) -> Outcome:
    sheet = read_sheet(f"{kind}.csv", "\n".join(lines).encode())
    choices = ImportChoices(tool=AREAS.id)
    return run(council.services, kind, sheet, choices, by=council.actor("lead"))


def _held(council: Council, reference: str) -> AuditRow:
    with council.services.store.reading() as connection:
        held = audit_queries.by_reference(connection, reference) or ""
    return council.view(held).row


@pytest.fixture
def sent(small_council: Council) -> Council:
    """A council whose files of audits, moderations and outcomes grade areas alone."""
    for kind, lines in FILES.items():
        _send(small_council, kind, *lines)
    return small_council


def test_files_by_area_are_compared_settled_and_undone_by_area(sent: Council) -> None:
    first, second = _held(sent, "F-1"), _held(sent, "F-2")
    final = {LEADERS: "requires-improvement", "care-leavers": "good"}
    assert json.loads(first.final_grades or "") == final
    assert first.moderation_status == "differs"
    assert json.loads(second.final_grades or "") == {LEADERS: "good", "care-leavers": "good"}
    assert second.moderation_status == "agreed"
    other = FILES["audit-outcomes"][1].replace("Requires improvement", "Good")
    changed = partial(_send, sent, "audit-outcomes", FILES["audit-outcomes"][0], other)
    assert codes_of(changed) == ["already-imported-otherwise"]
    with sent.services.store.reading() as connection:
        batch = batches.batches(connection)[0].batch
    wanted = ReverseImport(batch=batch, reason="The wrong file was sent.")
    reverse_import(sent.services.desk, wanted, by=sent.actor("lead"))
    assert [_held(sent, one).status for one in ("F-1", "F-2")] == ["differs", "submitted"]


def test_what_was_graded_by_area_goes_out_and_comes_in_again(sent: Council) -> None:
    services, lead = sent.services, sent.actor("lead")
    for kind in FILES:
        with services.store.reading() as connection:
            at = as_at(services.store, connection, None, None, None)
            given = own_listing(services, connection, lead, reach(lead), at, kind, tool=AREAS.id)
        assert not {"overall", "grade"} & {column.key for column in given.columns}
        data = render_listing(given, "csv").decode("utf-8-sig")
        assert ("No child named" in data and "'- Seen weekly" in data) or kind != "audits"
        again = _send(sent, kind, *data.splitlines())
        assert (again.result or {})["already_there"] == 2, kind


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("F-3,2025-07-10,Sam Sample,,,Good", "nothing-compared"),
        ("O-1,2025-07-10,Sam Sample,,Good,", "other-tool"),
    ],
)
def test_a_moderation_that_cannot_be_compared_is_refused(
    small_council: Council, line: str, code: str
) -> None:
    headings, row, _ = FILES["audits"]
    _send(
        small_council, "audits", headings, row.replace("F-1", "F-3").replace(",Good,Good", ",Good,")
    )
    overall = "Audit reference,Child ref,Date of audit,Auditor,Team,Overall grade"
    sheet = read_sheet("a.csv", f"{overall}\nO-1,6009,2025-07-01,Pat Sample,North,Good".encode())
    run(small_council.services, "audits", sheet, by=small_council.actor("lead"))
    assert codes_of(lambda: _send(small_council, "moderations", FILES["moderations"][0], line)) == [
        code
    ]


def test_a_final_grade_by_area_settles_every_area_that_two_differ_in(
    small_council: Council,
) -> None:
    for kind in ("audits", "moderations"):
        _send(small_council, kind, *FILES[kind])
    headings = FILES["audit-outcomes"][0]
    for told in ("Consensus,", "Auditor,Inadequate", "Moderator,Good"):
        line = f"F-1,Final,{told}"
        found = codes_of(partial(_send, small_council, "audit-outcomes", headings, line))
        assert found == ["final-grade-unfounded"], told


def test_what_went_by_the_overall_grade_goes_by_the_domains(small_council: Council) -> None:
    council = small_council
    council.tool, early = AREAS, council.today
    audit = council.submitted("good")
    council.clock.advance(timedelta(days=1))
    command = CorrectAudit(
        audit=audit,
        field=f"judgements.{LEADERS}.grade",
        new="inadequate",
        kind="fact",
        reason="The wrong button was pressed for this area.",
    )
    audit_handlers.correct(council.services.desk, command, by=council.actor("lead"))
    lead, program = council.browser("lead"), council.program("lead", "read")
    moved = words_of(lead.get(f"/compare?from_as_at={early}").text)
    assert "1 Good, 1 Inadequate" in moved
    council.moderate(audit, "inadequate")
    final, _ = council.moderated("requires-improvement", "requires-improvement")
    told = words_of(lead.get(f"/audits/{audit}/history").text)
    assert "Submitted the audit: 2 Good by" in told
    assert "judgement: 2 Inadequate by" in told
    assert "Lowest grade: Inadequate" in told, "of the follow-up"
    assert "2026: 2 Inadequate. They differ." in words_of(lead.get(f"/audits/{audit}").text)
    settled = words_of(lead.get(f"/audits/{final}/moderation").text)
    assert "Final grade 2 Requires improvement" in settled
    assert "2 Requires improvement" in words_of(council.browser("worker").get("/own-audits").text)
    given = dict.fromkeys((HELP, LEADERS), "requires-improvement")
    own = council.program("worker", "read").get("/api/v1/own-audits").json()
    assert own["audits"][0]["final_grades"] == given
    (prompt,) = program.get("/api/v1/supervision/prompts").json()["prompts"]
    assert [one["final_grades"] for one in prompt["audits"]] == [given]
    counted = program.get(f"/api/v1/supervision/matrix?from={early}&to={council.today}").json()
    assert (counted["audits"], counted["counts"]) == ([NO_OVERALL_GRADE.name], [[1]])


def test_what_is_left_out_is_counted_in_the_area_that_is_asked_for(sent: Council) -> None:
    program = sent.program("lead", "read")
    asked = "/api/v1/reports/agreement?from=2025-07-01&to=2025-07-31&by=month&area="
    told = {
        area: " ".join(program.get(asked + area).json()["caveats"])
        for area in (LEADERS, "care-leavers")
    }
    assert "1 audit is a result without a child" in told[LEADERS]
    assert "without a child" not in told["care-leavers"], "that audit graded no such domain"
    (fault,) = program.get(f"{asked}leaders").json()["errors"]
    assert fault["code"] == "area-unknown"

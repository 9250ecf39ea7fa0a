"""Two judgements compared; and audits of a tool that grades domains only, from end to end."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from projections.agreement.counting import VersionScales
from projections.agreement.profile import report as grade_profile
from projections.agreement.question import AgreementQuestion
from projections.agreement.report import report as agreement
from projections.audit_tools import queries as tool_queries
from projections.follow_ups.tables import FOLLOW_UPS
from qa.audit_tools.definition import ToolDefinition, faults_of
from qa.audit_tools.files import shipped_tools
from qa.audits import handlers as audit_handlers
from qa.audits.commands import CorrectAudit
from qa.audits.comparison import GradesGiven
from qa.audits.judgements import AgreedGrade, RuleOverride
from qa.audits.submission import check
from qa.core.errors import Refused
from qa.core.periods import PeriodKind
from qa.core.words import NO_OVERALL_GRADE
from qa.moderation import handlers
from qa.moderation.commands import (
    AssignDispute,
    DecideDispute,
    DisputeGrade,
    ReconcileGrade,
)
from tests.audits.support import TOOL, submitted_through_pages
from tests.support.council import Council, content, words_of

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

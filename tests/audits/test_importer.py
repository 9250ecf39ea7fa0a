"""Whole sheets of audits: the published case, and everything that can be wrong."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.audits.importer import CHILDLESS, AuditFileRow, plan_audits, scale_of_domain
from api.audits.named_audits import KnownAudit
from api.imports.outcome import SheetOutcome
from api.imports.reading import read_file, read_sheet
from api.moderation.importer import plan_moderations
from qa.audit_tools.definition import ToolDefinition
from qa.audit_tools.files import shipped_tools
from qa.core.errors import Refused
from qa.core.periods import PeriodKind, period_of
from qa.core.words import Scale, ScalePoint, code_of
from tests.imports.support import GRADES, OFSTED, TODAY, TOOL, codes

AREAS = next(tool for tool in shipped_tools() if not tool.has_overall)
CASE = Path(__file__).parents[1] / "cases" / "trafford-2022"


HEADINGS = "audit_id,child_ref,audit_date,service_area,auditor,overall,assessment,planning"


GRIP = {"management_grip": "management-grip"}
ROW = "A-1,CHILD-1,2021-05-01,Families First,auditor-01,Good,Good,Good"


def audits(*rows: str, headings: str = HEADINGS, **said: str) -> SheetOutcome[AuditFileRow]:
    data = "\n".join([headings, *rows]).encode()
    return plan_audits(read_sheet("audits.csv", data), said, tool=TOOL, today=TODAY)


@pytest.mark.parametrize(
    "tool", [TOOL, *(one for one in shipped_tools() if one.has_overall)], ids=lambda tool: tool.id
)
def test_the_case_files_are_understood_but_for_domains_that_a_tool_lacks(
    tool: ToolDefinition,
) -> None:
    plan = plan_audits(read_file(CASE / "audits.csv"), tool=tool, today=TODAY)
    assert plan.mapping.near == ()
    graded = {"assessment": "assessment", "planning": "planning", **GRIP}
    has = {heading: code for heading, code in graded.items() if tool.domain(code)}
    left = tuple(heading for heading in graded if heading not in has)
    assert (len(plan.accept()), plan.faults, plan.mapping.unmapped) == (590, (), left)
    assert plan.grade_columns == has
    first = plan.rows[0]
    assert (first.reference, first.child, first.audit_date) == (
        "AUD-0001",
        "CHILD-1007",
        date(2021, 1, 1),
    )
    assert (first.service, first.auditor, first.overall) == (
        "First Response",
        "auditor-01",
        "inadequate",
    )


def areas(*rows: str, headings: str) -> SheetOutcome[AuditFileRow]:
    data = "\n".join([headings, *rows]).encode()
    return plan_audits(read_sheet("audits.csv", data), tool=AREAS, today=TODAY)


def test_a_tool_without_an_overall_grade_asks_for_none_and_takes_none() -> None:
    with pytest.raises(Refused) as refused:
        plan_audits(read_file(CASE / "audits.csv"), tool=AREAS, today=TODAY)
    assert [fault.field for fault in refused.value.faults] == ["domain:help-and-protection"]
    headings = "audit_id,child_ref,audit_date,auditor,Care leavers,overall,Child's voice"
    row = "A-1,C-1,2021-05-01,a,Good"
    (plain, silent) = areas(f"{row},N/A,", f"{row.replace('A-1', 'A-2')},,", headings=headings).rows
    assert (plain.overall, plain.judgements, silent.overall) == ("", {"care-leavers": "good"}, "")
    bad = areas(f"{row},Good,", "A-2,C-2,2021-05-01,a,,,", headings=headings)
    assert codes(bad) == [
        (2, "overall", "no-overall-grade"),
        (3, "Care leavers", "missing"),
    ]
    assert scale_of_domain(AREAS, "child-s-voice").label("good") == "Good"


def test_the_published_counts_come_out_of_the_case_files() -> None:
    said = {heading: f"domain:{code}" for heading, code in GRIP.items()}
    plan = plan_audits(read_file(CASE / "audits.csv"), said, tool=TOOL, today=TODAY)
    by_reference = {row.reference: row for row in plan.accept()}

    known = {
        reference: KnownAudit(reference, row.audit_date, row.overall)
        for reference, row in by_reference.items()
    }
    moderated = plan_moderations(
        read_file(CASE / "moderations.csv"), tool=TOOL, today=TODAY, audits_of=lambda _: known
    ).accept()
    quarters: dict[str, Counter[str]] = {}
    for row in by_reference.values():
        counts = quarters.setdefault(period_of(row.audit_date, PeriodKind.QUARTER).label, Counter())
        counts["audits"] += 1
        counts["inadequate"] += row.overall == "inadequate"
        for domain, grade in row.judgements.items():
            counts[domain] += grade in ("good", "outstanding")
    for moderation in moderated:
        audit = by_reference[moderation.audit]
        counts = quarters[period_of(audit.audit_date, PeriodKind.QUARTER).label]
        counts["moderated"] += 1
        counts["agreed"] += moderation.overall == audit.overall
        assert moderation.stated_agreed == (moderation.overall == audit.overall)
    columns = (
        "audits", "inadequate", "assessment", "planning", "management-grip", "moderated", "agreed",
    )  # fmt: skip
    assert {q: tuple(c[name] for name in columns) for q, c in quarters.items()} == {
        "2020/21 Q4": (170, 51, 48, 48, 46, 56, 44),
        "2021/22 Q1": (100, 33, 30, 30, 29, 50, 41),
        "2021/22 Q2": (100, 28, 37, 33, 30, 41, 35),
        "2021/22 Q3": (100, 21, 50, 41, 41, 60, 43),
        "2021/22 Q4": (120, 18, 66, 52, 54, 45, 37),
    }


def test_a_row_becomes_a_typed_audit_that_knows_where_it_stood() -> None:
    (row,) = audits("", ROW).accept()
    assert row == AuditFileRow(
        row=3,
        line=3,
        reference="A-1",
        child="CHILD-1",
        audit_date=date(2021, 5, 1),
        overall="good",
        judgements={"assessment": "good", "planning": "good"},
        auditor="auditor-01",
        service="Families First",
    )


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (ROW.replace("A-1", ""), "audit_id", "missing"),
        (ROW.replace("CHILD-1", ""), "child_ref", "missing"),
        (ROW.replace("CHILD-1", "Jo Bloggs"), "child_ref", "not-a-child-reference"),
        (ROW.replace("2021-05-01", "31/06/2021"), "audit_date", "not-a-date"),
        (ROW.replace("2021-05-01", ""), "audit_date", "missing"),
        (ROW.replace("2021-05-01", "2022-07-02"), "audit_date", "in-the-future"),
        (ROW.replace("auditor-01", ""), "auditor", "missing"),
        (ROW.replace("auditor-01,Good", "auditor-01,Goood"), "overall", "not-a-grade"),
        (ROW.replace("auditor-01,Good", "auditor-01,"), "overall", "missing"),
        (ROW.replace("auditor-01,Good", "auditor-01,N/A"), "overall", "not-a-grade"),
        (ROW[: -len("Good")] + "Amber", "planning", "not-a-grade"),
        (ROW + ",Good", None, "shifted-row"),
    ],
)
def test_every_kind_of_bad_cell_is_named_by_row_and_column(
    row: str, column: str | None, code: str
) -> None:
    plan = audits(row)
    assert codes(plan) == [(2, column, code)]
    with pytest.raises(Refused):
        plan.accept()
    assert plan.accept(skip_bad=True) == ()


def test_a_name_in_the_childs_column_is_not_repeated_in_the_fault() -> None:
    (fault,) = audits(ROW.replace("CHILD-1", "Jo Bloggs")).faults
    assert fault.value is None
    assert "Bloggs" not in fault.sentence


def test_a_row_may_say_that_it_names_no_child_but_not_leave_it_blank() -> None:
    plan = audits(ROW.replace("CHILD-1", CHILDLESS), ROW.replace("A-1,CHILD-1", "A-2,"))
    assert [row.child for row in plan.rows] == [""]
    assert codes(plan) == [(3, "child_ref", "missing")]


def test_all_faults_of_all_rows_are_found_in_one_go_and_in_order() -> None:
    plan = audits(
        "A-1,,31/06/2021,FF,auditor-01,Goood,Good,Good",
        "A-2,CHILD-2,2021-05-01,FF,auditor-01,Good,Good,Good",
        "A-3,CHILD-3,2021-05-01,FF,,Good,Poor,Good",
    )
    assert codes(plan) == [
        (2, "child_ref", "missing"),
        (2, "audit_date", "not-a-date"),
        (2, "overall", "not-a-grade"),
        (4, "auditor", "missing"),
        (4, "assessment", "not-a-grade"),
    ]
    assert [row.reference for row in plan.accept(skip_bad=True)] == ["A-2"]


def test_the_rejects_come_back_under_their_own_headings_with_their_reasons(tmp_path: Path) -> None:
    bad = "=A-9,CHILD-9,31/06/2021,FF,auditor-01,Goood,Good,Good"
    plan = audits(ROW, bad)
    plan.write_rejects(tmp_path / "rejects.csv")
    data = (tmp_path / "rejects.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    headings, row = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert headings == [*HEADINGS.split(","), "caseloop_reason"]
    assert row[0] == "'=A-9"
    assert row[2] == "31/06/2021"
    assert row[-1].startswith("audit_date: “31/06/2021” is not a date: June 2021 has 30 days.")
    assert "overall: “Goood” is not a grade" in row[-1]


def test_mended_rejects_can_be_brought_in_as_they_are() -> None:
    plan = audits(ROW, "A-2,CHILD-2,31/06/2021,FF,auditor-01,Good,Good,Good")
    mended = plan.rejects_csv().replace("31/06/2021", "30/06/2021", 1)
    again = plan_audits(
        read_sheet("rejects.csv", mended.encode("utf-8-sig")), tool=TOOL, today=TODAY
    )
    assert [row.reference for row in again.accept()] == ["A-2"]
    assert again.mapping.ignored == ("caseloop_reason",)


def test_a_repeated_row_is_superfluous_and_a_conflicting_one_bars_both() -> None:
    same = audits(ROW, ROW)
    assert codes(same) == [(3, "audit_id", "duplicate-row")]
    assert [row.row for row in same.accept(skip_bad=True)] == [2]
    other = audits(ROW, ROW.replace("Good,Good,Good", "Good,Good,Inadequate"))
    assert codes(other) == [
        (2, "audit_id", "duplicate-reference"),
        (3, "audit_id", "duplicate-reference"),
    ]
    assert other.accept(skip_bad=True) == ()


def test_missing_columns_refuse_the_file_before_any_row_is_read() -> None:
    with pytest.raises(Refused) as caught:
        audits("A-1,Good", headings="audit_id,overall")
    assert {fault.field for fault in caught.value.faults} == {"child", "audit_date", "auditor"}


def test_other_councils_headings_are_understood_or_can_be_said() -> None:
    headings = (
        "Audit Ref;Case Number;Date of Audit;Team;Name of Auditor;Overall Judgement;Key worker"
    )
    sheet = read_sheet("x.csv", f"{headings}\n7;0012;1/5/21;North;J.;RI;K.\n".encode())
    plan = plan_audits(sheet, tool=TOOL, today=TODAY)
    (row,) = plan.accept()
    assert (row.reference, row.child, row.team) == ("7", "0012", "North")
    assert row.overall == "requires-improvement"
    assert plan.mapping.unmapped == ("Key worker",)
    said = plan_audits(sheet, {"Key worker": "auditor", "Name of Auditor": "ignore"},
                       tool=TOOL, today=TODAY)  # fmt: skip
    assert said.accept()[0].auditor == "K."


def test_a_column_of_grades_is_a_domain_of_its_own_where_somebody_says_so() -> None:
    rows = [ROW.replace("A-1", f"A-{n}") + ",Good" for n in range(1, 5)]
    rows.append(ROW.replace("A-1", "A-5") + ",Goood")
    headings = HEADINGS + ",Child's voice"
    assert audits(*rows, headings=headings).mapping.unmapped == ("Child's voice",)
    plan = audits(*rows, headings=headings, **{"Child's voice": "domain:child-s-voice"})
    assert plan.grade_columns["Child's voice"] == "child-s-voice"
    assert plan.rows[0].judgements["child-s-voice"] == "good"
    assert codes(plan) == [(6, "Child's voice", "not-a-grade")]


def test_answers_to_questions_are_not_taken_for_grades_of_a_domain() -> None:
    yes_no = Scale(
        id="yes-no",
        version=1,
        name="Yes or no",
        points=(
            ScalePoint(code="yes", label="Yes", rank=1),
            ScalePoint(code="no", label="No", rank=2),
        ),
    )
    tool = TOOL.model_copy(update={"scales": (OFSTED, yes_no)})
    sheet = read_sheet("a.csv", f"{HEADINGS},Child seen\n{ROW},Yes\n".encode())
    plan = plan_audits(sheet, tool=tool, today=TODAY)
    assert plan.mapping.unmapped == ("Child seen",)
    assert "child-seen" not in plan.rows[0].judgements


def test_not_applicable_and_blank_grades_are_left_out() -> None:
    (row,) = audits("A-1,CHILD-1,2021-05-01,FF,auditor-01,Good,N/A,").accept()
    assert row.judgements == {}


def test_practice_period_and_submission_have_to_be_in_order() -> None:
    headings = "audit_id,child,audit_date,auditor,overall,practice_from,practice_to,submitted"
    bad = audits("A-1,C-1,2021-05-01,a,Good,2021-05-02,2021-04-01,2021-04-30", headings=headings)
    assert codes(bad) == [
        (2, "audit_date", "dates-out-of-order"),
        (2, "practice_to", "dates-out-of-order"),
        (2, "submitted", "dates-out-of-order"),
    ]
    (row,) = audits(
        "A-1,C-1,2021-05-01,a,Good,2020-11-01,2021-05-01,2021-05-03", headings=headings
    ).accept()
    assert row.practice_from == date(2020, 11, 1)
    assert row.submitted_on == date(2021, 5, 3)


labels = st.sampled_from(GRADES)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.dates(date(2015, 1, 1), TODAY), labels, labels, st.none() | labels),
        min_size=1,
        max_size=15,
    ),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y"]),
)
def test_a_sheet_of_sound_audits_comes_in_whole(
    made: list[tuple[date, str, str, str | None]], delimiter: str, form: str
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(HEADINGS.split(","))
    for number, (day, overall, first, second) in enumerate(made, 1):
        fields = [f"A-{number}", f"C{number}", day.strftime(form), "FF", "a", overall, first]
        writer.writerow([*fields, second or ""])
    sheet = read_sheet("a.csv", out.getvalue().encode())
    rows = plan_audits(sheet, tool=TOOL, today=TODAY).accept()
    assert [row.audit_date for row in rows] == [day for day, *_ in made]
    assert [row.overall for row in rows] == [code_of(overall) for _, overall, *_ in made]
    assert ["planning" in row.judgements for row in rows] == [bool(m[3]) for m in made]


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("Notes", "notes"),
        ("Auditor's comments", "notes"),
        ("What went well", "strengths"),
        ("Areas for development", "actions"),
        ("Rationale", "rationale"),
        ("Findings", "evidence"),
        ("Planning and review: comments", "evidence:planning"),
        ("Evidence for assessment", "evidence:assessment"),
    ],
)
@pytest.mark.parametrize("written", ["Seen, and dated", "-", "TBC", "12", "01/02/2021", "None"])
def test_every_cell_of_a_column_of_words_is_kept(heading: str, part: str, written: str) -> None:
    plan = audits(f'{ROW},"{written}"', headings=f"{HEADINGS},{heading}")
    (row,) = plan.accept()
    assert row.texts == {part: written}


def test_a_text_is_kept_as_it_stands_and_one_without_end_is_refused() -> None:
    headings = f"{HEADINGS},Notes"
    (row,) = audits(f'{ROW},"One,\ntwo; three"', headings=headings).accept()
    assert row.texts == {"notes": "One,\ntwo; three"}
    assert codes(audits(f"{ROW},{'x' * 20_001}", headings=headings)) == [(2, "Notes", "too-long")]

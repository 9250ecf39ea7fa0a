"""Sheets of audits and moderations that are made of a line or two, and what is wrong with them."""

from __future__ import annotations

from datetime import date

from api.audits.importer import AuditFileRow
from api.audits.named_audits import KnownAudit
from api.imports.about import AboutPlan
from api.imports.answers import ImportAnswers
from api.imports.columns.settling import SettledSheet, settle
from api.imports.files.tables import Cell, SheetRow, SheetRows
from api.imports.mapping import Field, FieldKind, map_columns
from api.imports.outcome import SheetOutcome
from api.imports.reading import read_sheet
from api.moderation.importer import ModerationFileRow, plan_moderations
from projections.people import queries as people_queries
from qa.audit_tools.definition import Domain, ToolDefinition
from qa.core.words import Scale, ScalePoint, code_of
from qa.people import handlers as people
from qa.people.commands import OPERATOR, AddPerson
from qa.supervision import handlers as supervision
from qa.supervision.commands import BeginSupervision
from tests.support.council import Council, words_of
from tests.support.forms import hidden, send

TODAY = date(2022, 7, 1)


GRADES = ["Outstanding", "Good", "Requires improvement", "Inadequate"]


OFSTED = Scale(
    id="ofsted-4",
    version=1,
    name="Ofsted four-point",
    points=(
        *(ScalePoint(code=code_of(g), label=g, rank=n) for n, g in enumerate(GRADES, 1)),
        ScalePoint(code="not-applicable", label="Not applicable"),
    ),
    met_rank=2,
)


TOOL = ToolDefinition(
    id="whole-case",
    title="Whole case",
    scale=OFSTED.key,
    scales=(OFSTED,),
    domains=(
        Domain(id="assessment", title="Assessment", scale=OFSTED.key),
        Domain(id="planning", title="Planning and review", scale=OFSTED.key),
    ),
)


KNOWN = {
    reference: KnownAudit(reference, date(2021, 5, 1), grade)
    for reference, grade in (("A-1", "good"), ("A-2", "inadequate"))
}


def moderations(
    *rows: str, headings: str = "moderation_id,audit_id,date,moderator,moderated_overall,agreed"
) -> SheetOutcome[ModerationFileRow]:
    sheet = read_sheet("moderations.csv", "\n".join([headings, *rows]).encode())
    return plan_moderations(sheet, tool=TOOL, today=TODAY, audits_of=lambda _: KNOWN)


def codes(
    plan: SheetOutcome[AuditFileRow] | SheetOutcome[ModerationFileRow],
) -> list[tuple[int | None, str | None, str]]:
    return [(fault.row, fault.column, fault.code) for fault in plan.faults]


GOOD = (
    "Ref,Child ref,When,Auditor,Rating,Assessment\n"
    "A-1,C-1,2025-05-01,J. Smith,Good,Good\n"
    "A-2,C-2,2025-05-02,J. Smith,Inadequate,Inadequate\n"
)


BAD = GOOD + "A-3,C-3,2025-05-03,J. Smith,Splendid,Good\n"


def upload(lead, text, **fields):
    sent = send(
        lead,
        "/imports/new",
        {"kind": "audits", "tool": "whole-case-file", **fields},
        files={"file": ("audits.csv", text.encode() if isinstance(text, str) else text)},
    )
    assert sent.status_code == 303, words_of(sent.text)
    return sent.headers["location"]


def choose(lead, there, **chosen):
    """Say what columns are: map_2="audit_date" is the third heading."""
    page = lead.get(there).text
    fields = {name.replace("_", ".", 1): value for name, value in chosen.items()}
    return lead.post(f"{there}/columns", {**hidden(page, f"{there}/columns"), **fields})


def record(lead, there, **fields):
    page = lead.get(there).text
    return lead.post(f"{there}/import", {**hidden(page, f"{there}/columns"), **fields})


SCALE = {"id": "board-rag", "version": "1", "name": "Board", "best": "lowest"}
ABOUT = AboutPlan(
    plan="Getting better", board="Board", scale="board-rag@1", since=date(2025, 4, 1),
    of_scale=SCALE, as_at=date(2025, 6, 30),
)  # fmt: skip
IN_ORDER = (
    "teams", "people", "audits", "moderations", "audit-outcomes", "actions",
    "rag-scale", "plan", "assessments", "measures", "measure-reports", "plan-claims", "indicators",
    "observations", "open-cases", "sampling-frame", "sessions", "concerns",
)  # fmt: skip
"""Every kind after those that its example needs."""


def supervised_by_sam(council: Council) -> None:
    """The pair that the example of sessions is of."""
    sam = AddPerson(name="Sam Sample", handle="sam.sample", team="early-north")
    made = people.add_person(council.services.desk, sam, by=OPERATOR)
    with council.services.store.reading() as connection:
        pat = people_queries.with_handle(connection, "pat.sample")
    assert pat is not None
    pair = BeginSupervision(
        supervisor=made.response["person"],
        practitioner=pat,
        team="early-north",
        since=date(2025, 9, 1),
    )
    supervision.begin(council.services.desk, pair, by=council.actor("lead"))


def column(
    kind: FieldKind, *cells: Cell, field: Field | None = None, **said: object
) -> SettledSheet:
    """A sheet of one column "X", settled."""
    rows = tuple(SheetRow(n, n, (cell,)) for n, cell in enumerate(cells, 2))
    sheet = SheetRows("file", "0", ("X",), rows)
    fields = (field or Field("x", "X", kind=kind),)
    answers = ImportAnswers.model_validate({"columns": {"X": fields[0].name}, **said})
    return settle(sheet, map_columns(sheet, fields, answers.columns), fields, answers)

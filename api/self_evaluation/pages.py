"""Self-evaluations in the browser: the list, one of them, its copies, and its forms."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.responses import Response

from api.actions import reading as action_reading
from api.documents.listing import ColumnKind
from api.lists.declaration import ListColumn, RecordList
from api.lists.files import TYPES, list_files
from api.lists.page import list_page
from api.navigation import NavigationItem, NavigationSection
from api.publishing.reviewing import (
    ReviewedView,
    first_words,
    offered_steps,
    recorded_up_to,
    reviewed_list,
)
from api.reports.declaration import Sight
from api.reports.taking import send_file, taken_out
from api.self_evaluation import reading as evaluation_reading
from api.self_evaluation.document import (
    KINDS,
    VARIANTS,
    EvaluationFileKind,
    EvaluationVariant,
    copy_file,
    fingerprint,
    live_file,
)
from api.self_evaluation.evidence_reading import EvidenceReader
from api.self_evaluation.reading import KEEP, QUESTIONS, ShownEvaluation
from api.self_evaluation.steps import (
    FIGURE,
    OF_CLAIM,
    OF_EVALUATION,
    OFFERED,
    START,
    UNTIE,
)
from api.web import access_notes
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, form_routes
from projections.actions import queries as action_queries
from projections.people import queries as people_queries
from projections.self_evaluation import queries
from projections.self_evaluation.queries import EvaluationRecord
from projections.self_evaluation.tables import EvaluationCopyRow, SelfEvaluationRow
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.periods import PeriodKind, period_of
from qa.core.words import Resource

router = PageRouter(prefix="/self-evaluations")
NAVIGATION = NavigationItem(
    "Self-evaluations",
    "/self-evaluations",
    126,
    NavigationSection.REPORTS,
    evaluation_reading.READ,
)
PATH = "/self-evaluations"
EvaluationId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
CopyNumber = Annotated[int, Path(ge=1, le=100_000)]
STAGES = {"draft": "Being written", "review": "In review"}


def _list(reading: Reader) -> RecordList[SelfEvaluationRow]:
    return reviewed_list(
        reading,
        PATH,
        "Self-evaluations",
        ("self-evaluation", "self-evaluations"),
        evaluation_reading.listed(Sight.of(reading)),
        lambda row: row.evaluation,
        ListColumn("copies", "Frozen copies", lambda row: row.copies, ColumnKind.NUMBER),
        STAGES,
        empty=(
            "No self-evaluation yet",
            "What you know, how you know it and what you will do stand here, with the evidence.",
        ),
    )


@router.get("")
def show_list(reading: Reader) -> Response:
    """The self-evaluations, and the way to start one."""
    keeps = can(reading.actor, KEEP, Resource()).allowed and not reading.at.is_past
    return list_page(
        reading,
        _list(reading),
        intro="A self-evaluation says what you know, how you know it and what you will do, by "
        "judgement area. Each claim is linked to figures, audits and actions, and marked when one "
        "of them changes.",
        links=[("Start a self-evaluation", f"{PATH}/new")] if keeps else [],
    )


list_files(router, "", _list)


def _starting(reading: Reader) -> tuple[FormStep[ReviewedView], ReviewedView, At]:
    """The form of a new one: of this financial year."""
    year = period_of(reading.today, PeriodKind.FINANCIAL_YEAR)
    return START, ReviewedView(initial=first_words(reading, year)), At(f"{PATH}/new", PATH)


form_routes(router, "/new", _starting, PATH + "/{evaluation}")


def _evaluation(reading: Reading, of: str) -> EvaluationRecord:
    return evaluation_reading.opened(Sight.of(reading), of)


def _note(reading: Reading, of: str, what: What = What.VIEW, detail: str = "") -> None:
    subject = f"self-evaluation:{of}"
    access_notes.note(reading.services, reading.actor, what, subject, detail=detail, at=reading.at)


@router.get("/{of}")
def show_evaluation(of: EvaluationId, reading: Reader, done: str = "") -> Response:
    """A self-evaluation by area: three columns of words, and the evidence of each claim."""
    evaluation = _evaluation(reading, of)
    reader = EvidenceReader(reading.services, Sight.of(reading))
    made = evaluation_reading.composed(reader, evaluation, causes=True)
    _note(reading, of)
    row, now = evaluation.row, not reading.at.is_past
    forms = {**OF_EVALUATION, **OF_CLAIM, "new": START, "figure": FIGURE, "untie": UNTIE}
    names = people_queries.names(
        reading.connection, evaluation.people, position=reading.at.position
    )
    copies = queries.copies(reading.connection, of, position=reading.at.position)
    keeps = now and row.stage == "draft" and can(reading.actor, KEEP, Resource()).allowed
    return reading.page(
        "self_evaluation/evaluation.html",
        title=row.title,
        wide=True,
        record_name=f"self-evaluation:{of}",
        row=row,
        made=made,
        stage=STAGES[row.stage],
        reviewer=names.get(row.reviewer or "", ""),
        said=forms[done].done if done in forms else "",
        facts=[*made.facts, recorded_up_to(made.at.day, made.at.shown)],
        questions=QUESTIONS,
        steps=offered_steps(reading, row, OF_EVALUATION, OFFERED),
        keeps=keeps,
        files=_files(reading, f"{PATH}/{of}/document"),
        copies=[(one, people_queries.names(reading.connection, [one.by])) for one in copies],
        texts=_action_texts(reading, made),
    )


def _action_texts(reading: Reading, made: ShownEvaluation) -> dict[str, str]:
    """The words of the actions that are evidence, as far as the reader may see them: they are
    called by their numbers, as in what was frozen."""
    rows = (one.row for claim in made.claims for one in claim.evidence)
    named = {row.record for row in rows if row.kind == "action"}
    shown = action_reading.open_to(reading.connection, reading.actor, named)
    found = action_queries.with_ids(reading.connection, shown, position=reading.at.position)
    return {one.action: one.text for one in found}


def _files(reading: Reading, place: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The documents that the reader may take out, by who they are for."""
    if not can(reading.actor, "export").allowed:
        return []
    return [
        (
            title,
            [
                (words, reading.link(f"{place}.{kind}", {"variant": variant}))
                for kind, words in KINDS.items()
            ],
        )
        for variant, title in VARIANTS.items()
    ]


@router.get("/{of}/document.{kind}")
def download(
    of: EvaluationId,
    kind: EvaluationFileKind,
    reading: Reader,
    variant: EvaluationVariant = "inside",
) -> Response:
    """A self-evaluation as a file, at the moment of its page."""
    evaluation = _evaluation(reading, of)
    require(reading.actor, "export")
    body = live_file(
        reading.services, Sight.of(reading), evaluation, variant, kind, taken_out(reading)
    )
    return send_file(
        reading, f"self-evaluation:{of}", body, f"self-evaluation.{kind}", detail=variant
    )


def _outside(reading: Reading, copy: EvaluationCopyRow) -> str:
    """Where its copies for outside are; empty for who may not read them."""
    if not can(reading.actor, "read-council-figures").allowed:
        return ""
    return reading.link(f"/published/{copy.for_outside}/copies")


def _copy(reading: Reading, of: str, number: int) -> EvaluationCopyRow:
    return evaluation_reading.copy_of(Sight.of(reading), of, number)


@router.get("/{of}/copies/{number}")
def show_copy(of: EvaluationId, number: CopyNumber, reading: Reader) -> Response:
    """A frozen copy, and whether made again it is the same."""
    copy = _copy(reading, of, number)
    sight = Sight.of(reading)
    reader = evaluation_reading.reader_of(reading.services, sight, copy)
    made = evaluation_reading.of_copy(reader, copy)
    whole = evaluation_reading.of_copy(reader.seen_by(None), copy)
    _note(reading, of, detail=f"copy {number}")
    names = people_queries.names(reading.connection, [copy.by])
    return reading.page(
        "self_evaluation/copy.html",
        title=f"{made.evaluation.row.title}: copy {number}",
        wide=True,
        made=made,
        copy=copy,
        of=of,
        facts=[*made.facts, ("Recorded up to", f"entry {copy.position:,} of the log")],
        reviewer=names.get(copy.by, copy.by),
        same=fingerprint(whole) == copy.sha256,
        then=lambda path: f"{path}?position={copy.position}",
        questions=QUESTIONS,
        files=_files(reading, f"{PATH}/{of}/copies/{number}/document"),
        outside=_outside(reading, copy),
    )


@router.get("/{of}/copies/{number}/document.{kind}")
def download_copy(
    of: EvaluationId,
    number: CopyNumber,
    kind: EvaluationFileKind,
    reading: Reader,
    variant: EvaluationVariant = "outside",
) -> Response:
    """A frozen copy as a file. For readers outside it is the same bytes, whoever takes it out and
    whenever."""
    copy = _copy(reading, of, number)
    require(reading.actor, "export")
    sight = Sight.of(reading)
    body = copy_file(reading.services, sight, copy, variant, kind)
    _note(reading, of, What.EXPORT, f"copy {number}, {variant}.{kind}")
    name = f"{copy.as_at}-self-evaluation-copy-{number}.{kind}"
    headers = {
        "Caseloop-Position": str(copy.position),
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(body, media_type=TYPES[kind], headers=headers)

"""A self-evaluation on paper and as JSON, for readers inside or outside the council.

For readers outside records of children are called by what they are and by no reference. Each figure
has a short address, under which its receipt opens at the entry of the log that the document was
made at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal

import orjson
from sqlalchemy.engine import Connection

from api.documents.document import (
    Block,
    Bullets,
    Coloured,
    Document,
    DocumentTable,
    Heading,
    Paragraph,
)
from api.documents.listing import LAYOUT, Letterhead
from api.reports.declaration import Sight
from api.reports.documents import render_report
from api.self_evaluation import reading
from api.self_evaluation.evidence_reading import ShownEvidence
from api.self_evaluation.reading import QUESTIONS, ShownClaim, ShownEvaluation
from api.self_evaluation.schemas import content_out, receipt_address
from api.services import Services
from api.web.moments import TakenOut
from projections.core.base import present
from projections.self_evaluation.queries import EvaluationRecord
from projections.self_evaluation.tables import EvaluationCopyRow
from projections.word_templates import queries as word_templates

EvaluationVariant = Literal["inside", "outside"]
EvaluationFileKind = Literal["docx", "pdf", "json"]
VARIANTS: Mapping[EvaluationVariant, str] = {
    "inside": "For readers inside the council",
    "outside": "Without names, for readers inside the council",
}
"""The documents. What goes outside is a copy by the rule of small numbers, which `api.disclosure`
makes of a frozen one; layouts before the third called the second document for readers outside."""
_OUTSIDE_BEFORE = "For readers outside the council"
KINDS: Mapping[EvaluationFileKind, str] = {"docx": "Word", "pdf": "PDF", "json": "JSON"}
OUTSIDE = (
    "Audits and the actions that they raised are called by what they are, and by no reference. "
    "The texts are as they were written."
)
KEEP_INSIDE = (
    "Small numbers stand in it as they were counted: for readers outside, make a copy for partners "
    "or for the public of the frozen one."
)
AMBER = "Look again"
STEADY = "Unchanged"
MOVED = "Evidence of this claim has changed since it was last looked at. It may no longer be true."
_TABLE_OF = ("No.", "Evidence", "Last looked at", "Shows", "Since then")


def evaluation_json(made: ShownEvaluation, variant: EvaluationVariant) -> bytes:
    """What it says, in the bytes of a file."""
    found = content_out(made, outside=variant == "outside").model_dump(mode="json")
    return orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def fingerprint(made: ShownEvaluation) -> str:
    """SHA-256 (hex) of its JSON for readers outside, the bytes that the download of a copy
    holds."""
    return hashlib.sha256(evaluation_json(made, "outside")).hexdigest()


def evaluation_file(
    made: ShownEvaluation,
    variant: EvaluationVariant,
    kind: EvaluationFileKind,
    taken: TakenOut,
    *,
    copy: EvaluationCopyRow | None = None,
) -> bytes:
    """It as a file; a frozen copy in the layout that it was frozen in."""
    if kind == "json":
        return evaluation_json(made, variant)
    document = evaluation_document(made, variant, taken, copy=copy)
    return render_report(document, kind, rendering=LAYOUT if copy is None else copy.rendering)


def copy_file(
    services: Services,
    sight: Sight,
    copy: EvaluationCopyRow,
    variant: EvaluationVariant,
    kind: EvaluationFileKind,
) -> bytes:
    """A frozen copy as a file: for readers outside the same bytes, whoever takes it out and
    whenever; inside, as far as the reader of `sight` may see it.

    Raises:
        Forbidden: it rests on evidence that is restricted from this reader for now.
    """
    whole = replace(sight, actor=None)
    made = reading.of_copy(services, sight if variant == "inside" else whole, copy)
    if variant == "outside":
        reading.require_unsealed(
            services,
            replace(sight, at=made.at, connection=present(sight.connection)),
            made.evaluation,
        )
    return evaluation_file(
        made, variant, kind, taken_of_copy(sight.connection, made, copy), copy=copy
    )


def live_file(
    services: Services,
    sight: Sight,
    evaluation: EvaluationRecord,
    variant: EvaluationVariant,
    kind: EvaluationFileKind,
    taken: TakenOut,
) -> bytes:
    """The self-evaluation at the moment of `sight` as a file. Raises as `copy_file`."""
    inside = variant == "inside"
    if not inside:
        reading.require_unsealed(services, sight, evaluation)
    own = sight if inside else replace(sight, actor=None)
    made = reading.composed(services, own, evaluation, causes=inside)
    return evaluation_file(made, variant, kind, taken)


def taken_of_copy(
    connection: Connection, made: ShownEvaluation, copy: EvaluationCopyRow
) -> TakenOut:
    """What the files of a copy say of the moment, and of whose it was when it was frozen."""
    under = copy.under
    styles = word_templates.numbered(connection, under.template).styles
    head = Letterhead(under.council, under.demonstration, under.template, styles)
    return made.at.taken_out("", copy.at, head)


def evaluation_document(
    made: ShownEvaluation,
    variant: EvaluationVariant,
    taken: TakenOut,
    *,
    copy: EvaluationCopyRow | None = None,
) -> Document:
    """The self-evaluation by area, each claim with its evidence, and the receipts at the end."""
    outside = variant == "outside"
    blocks: list[Block] = []
    layout = LAYOUT if copy is None else copy.rendering
    if outside:
        blocks.append(Paragraph(OUTSIDE if layout < 3 else f"{OUTSIDE} {KEEP_INSIDE}"))
    if made.moved:
        number = "1 claim needs" if made.moved == 1 else f"{made.moved} claims need"
        blocks += [Heading("To know first"), Bullets([f"{number} another look: {_which(made)}."])]
    for area, claims in made.areas:
        blocks.append(Heading(area.label))
        if not claims:
            blocks.append(Paragraph("No claim is made under this area."))
        for claim in claims:
            blocks += _claim(claim, outside)
    blocks += _receipts(made)
    stands = "Draft, with what is on record now"
    if copy is not None:
        stands = f"Copy {copy.number}, frozen"
    called = _OUTSIDE_BEFORE if outside and layout < 3 else VARIANTS[variant]
    facts = [("Document", called), ("Stands", stands), *made.facts]
    return Document(
        title=made.evaluation.row.title, asked=facts, position=made.at.shown, blocks=blocks, **taken
    )


def _which(made: ShownEvaluation) -> str:
    places = [str(one.place) for one in made.claims if one.moved]
    return ", ".join(f"claim {place}" for place in places)


def _claim(claim: ShownClaim, outside: bool) -> Iterable[Block]:
    yield Heading(f"Claim {claim.place}", 3)
    if claim.moved:
        yield Paragraph(f"{AMBER}. {MOVED}")
    yield DocumentTable(f"What claim {claim.place} says", QUESTIONS, [claim.words])
    if claim.confirmed and not outside:
        yield Paragraph(f"Looked at again, and still true. {claim.confirmed}")
    if claim.evidence:
        rows = [_line(one, outside) for one in claim.evidence]
        yield DocumentTable(f"Evidence of claim {claim.place}", _TABLE_OF, rows)
    if claim.restricted:
        yield Paragraph(claim.restricted_words)
    if not claim.evidence and not claim.restricted:
        yield Paragraph("No evidence is linked to this claim yet.")


def _line(one: ShownEvidence, outside: bool) -> list[str]:
    since: str = STEADY
    if one.moved:
        because = "" if outside or not one.causes else f" ({'; '.join(one.causes)})"
        since = Coloured(f"{AMBER}: was {one.was}{because}", "orange")
    called = one.outside if outside else one.called
    return [one.row.evidence, called, one.tied, one.now, since]


def _receipts(made: ShownEvaluation) -> Iterable[Block]:
    """The address of the receipt of each figure, with the rule that it is counted by."""
    figures = [one for claim in made.claims for one in claim.evidence if one.figure is not None]
    if not figures:
        return
    yield Heading("Receipts")
    yield Paragraph(
        "Type an address behind that of Caseloop to see why a figure is what it is: the rule, what "
        "was counted, and the figure counted again from the records alone."
    )
    rows = [
        [one.row.evidence, one.now, one.rule, receipt_address(one, made.at.shown)]
        for one in figures
    ]
    yield DocumentTable("Receipts", ["No.", "Figure", "Counted how", "Address"], rows)

"""The council's Word template: what is in force, the form that sets the next, and a sample."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from api.documents.listing import REQUIRED_STYLES
from api.documents.making import document_file, word_styles
from api.lists.files import download
from api.web.access_notes import Look
from api.web.boxes import Box, FormValues
from api.web.context import Reader
from api.web.policies import PolicyPage, policy_router
from api.web.steps import FormStep, Sent, carry_out
from api.word_templates.forms import template_of
from api.word_templates.sample import sample
from api.word_templates.schemas import LARGEST_FILE
from projections.word_templates import queries
from projections.word_templates.tables import WordTemplateRow
from qa.authorisation.policy import require
from qa.core.event_words import label
from qa.store.unit import Receipt
from qa.word_templates import handlers
from qa.word_templates.commands import SetWordTemplate
from qa.word_templates.events import WORD_TEMPLATE_STREAM

OUR_STYLES = "Caseloop’s own styles"
_CHOICES = (("file", "A Word file of the council"), ("own", OUR_STYLES))


def _boxes(now: WordTemplateRow) -> Sequence[Box]:
    return [
        Box("styles_from", "Which styles?", "radios", items=_CHOICES, value="file", owed=True),
        Box("file", label("word_file"), "file", "A file ending in .docx or .dotx, up to 5 MB."),
    ]


def _set(_: WordTemplateRow, form: FormValues, sent: Sent) -> Receipt:
    chosen = form.one_of("styles_from", [code for code, _ in _CHOICES], "Choose the styles.")
    file = form.file("file", LARGEST_FILE)
    if chosen == "file" and file is None:
        form.refuse("file", "file-missing", "Choose a file.")
    if chosen == "own" and file is not None:
        form.refuse("file", "file-surplus", f"Choose a file, or {OUR_STYLES}.")
    form.done()
    name, styles = ("", b"") if file is None else (file[0], template_of(file[1]))
    command = SetWordTemplate(word_file=name, styles=styles)
    return carry_out(handlers.set_word_template, command, sent)


SET: FormStep[WordTemplateRow] = FormStep(
    "Change the Word template",
    "Set the template",
    "The Word template is set.",
    _boxes,
    _set,
    (
        "Styles, margins, heads and feet of the file are kept; its words are left out. It needs "
        f"these styles: {', '.join(REQUIRED_STYLES)}.",
        "A style called Caseloop Table, if the file has one, is that of tables.",
        "What was published keeps the styles of its day.",
    ),
    "set-policy",
)


def _template_in_force(look: Look) -> tuple[WordTemplateRow, int]:
    found = queries.in_force(look.connection, position=look.at.position)
    return found, found.stream_version


def _rows(now: WordTemplateRow) -> list[tuple[str, str]]:
    if not now.content:
        return [(label("word_file"), f"None: {OUR_STYLES}")]
    return [(label("word_file"), now.word_file), ("SHA-256 of the styles", now.styles_sha256)]


router = policy_router(
    PolicyPage(
        address="/word-template",
        title="Word template",
        first="Documents are written in Caseloop’s own styles.",
        note="Word documents are written by it from the day on which it is set.",
        button="Change the Word template",
        stream=WORD_TEMPLATE_STREAM,
        step=SET,
        in_force=_template_in_force,
        rows=_rows,
        links=(
            ("Download the styles in force (Word), to change them", "styles.docx"),
            ("See a document in these styles (Word)", "sample.docx"),
        ),
    )
)


@router.get("/styles.docx")
def styles(reading: Reader) -> Response:
    """The Word file without words that documents are written by."""
    require(reading.actor, "read-tool")
    found, _ = _template_in_force(reading)
    return download(
        found.styles or word_styles(), f"{reading.at.file_stamp}-styles.docx", reading.at
    )


@router.get("/sample.docx")
def sample_document(reading: Reader) -> Response:
    """One page that shows every style."""
    require(reading.actor, "read-tool")
    at, services = reading.at, reading.services
    head = services.letterhead_at(reading.connection, at.position)
    body = document_file(sample(at, services.clock.now(), head), "docx")
    return download(body, f"{at.file_stamp}-sample.docx", at)

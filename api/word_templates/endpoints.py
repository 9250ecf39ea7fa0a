"""The council's Word template over the API."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import File, Response, UploadFile

from api.documents.making import word_styles
from api.json.command_endpoint import command_endpoint
from api.json.deps import Call, NewRecord, tag
from api.json.routing import ApiRouter
from api.lists.files import TYPES
from api.word_templates.forms import template_of
from api.word_templates.schemas import LARGEST_FILE, WordTemplateOut
from projections.word_templates import queries
from qa.authorisation.policy import require
from qa.core.carry import carry
from qa.word_templates import handlers

router = ApiRouter(prefix="/word-template", tags=["reports"])


@router.record("", operation_id="readWordTemplate")
def read_word_template(call: Call, response: Response) -> WordTemplateOut:
    """Which Word template documents are written by."""
    require(call.actor, "read-tool")
    found = queries.in_force(call.connection, position=call.at.position)
    tag(response, call.at, found.stream_version)
    return carry(WordTemplateOut, found)


@router.file("/styles.docx", ("docx",), operation_id="readWordTemplateFile")
def read_word_template_file(call: Call) -> Response:
    """The Word file without words that documents are written by."""
    require(call.actor, "read-tool")
    found, at = queries.in_force(call.connection, position=call.at.position), call.at
    return Response(found.styles or word_styles(), media_type=TYPES["docx"], headers=at.headers)


def _sent(
    change: NewRecord,
    styles: Annotated[
        UploadFile | None,
        File(description="A .docx or .dotx file. Leave it out for Caseloop's own styles."),
    ] = None,
    word_file: str = "",
) -> dict[str, Any]:
    if styles is None:
        return {"word_file": "", "styles": b""}
    data = styles.file.read(LARGEST_FILE + 1)
    return {"word_file": word_file or styles.filename or "", "styles": template_of(data)}


command_endpoint(router, "PUT", "", handlers.set_word_template, given=_sent)

"""A council's Word file made ready to write documents in: its styles, margins, heads and feet stay,
and its words go.

Nothing in it may reach outside the file or run: what comes in is a file of somebody's computer, and
what goes out is a document of the council.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE as REL
from docx.oxml.ns import qn
from docx.shared import Mm

from api.documents.document import Document
from api.documents.listing import REQUIRED_STYLES, Letterhead
from api.documents.style_set import make_complete
from api.documents.styled_word import as_styled_docx
from api.documents.word import without_clock
from api.word_templates.sample import BLOCKS
from api.word_templates.schemas import LARGEST_FILE
from qa.core.errors import Fault, Refused

LARGEST_OPENED = 40_000_000
"""Bytes that it may have when it is opened."""
MOST_PARTS = 500
NARROWEST, LOWEST = Mm(110), Mm(140)
"""The least width and height of the text on a page of A4 that a table of a report fits in."""

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}.main+xml"
_FRAMES = {REL.HEADER, REL.FOOTER}
_KEPT = {REL.STYLES, REL.NUMBERING, REL.SETTINGS, REL.THEME, REL.FONT_TABLE, *_FRAMES}
"""The parts of a template that stay."""
_HELD = {REL.IMAGE, REL.FONT}
"""What one of them may hold: pictures and fonts that lie in the file."""
_SETTINGS_GONE = tuple(
    qn(f"w:{name}")
    for name in ("attachedTemplate", "docVars", "rsids", "mailMerge", "documentProtection",
                 "writeProtection", "trackRevisions", "footnotePr", "endnotePr")
)  # fmt: skip
_OUTSIDE = re.compile(r"\b(?:INCLUDE\w*|IMPORT|LINK|DDE\w*|DATABASE|MACROBUTTON|RD)\b", re.I)
_EMBEDDED = tuple(map(qn, ("w:object", "w:control", "w:altChunk", "w:subDoc")))
_NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)
_TARGET = re.compile(r"^(?:https?|mailto):", re.I)


def made_ready(data: bytes) -> bytes:
    """The template to keep of a .docx or .dotx file.

    Raises:
        Refused: it is no Word file, holds macros or anything of another file, has too little room
            for text, or lacks styles: each of them is named. Or no document can be written by it.
    """
    word = _opened(data)
    try:
        kept = _styles_of(word)
        _try(kept)
    except Exception as wrong:
        # What stands in styles that Word itself would not write; the library finds it late.
        if isinstance(wrong, Refused):
            raise
        raise _refused(
            "template-unwritable",
            "No document can be written with the styles of this file. Save it again in Word, or "
            "begin with the styles in force.",
        ) from None
    return kept


def _try(styles: bytes) -> None:
    """Write a document by these styles, for nobody."""
    head = Letterhead(council="", demonstration=False, template=1, styles=styles)
    as_styled_docx(
        Document(title="", asked=(), position=0, as_at=_NO_TIME, letterhead=head, blocks=BLOCKS)
    )


def _styles_of(word: Any) -> bytes:
    """What is kept of it: styles, pages, heads and feet."""
    faults = [*_reaching_out(word), *_missing(word), *_cramped(word)]
    if faults:
        raise Refused(faults, code=faults[0].code)
    _empty(word)
    make_complete(word.styles)
    about = word.core_properties
    for name in ("author", "category", "comments", "content_status", "identifier", "keywords",
                 "language", "last_modified_by", "subject", "title", "version"):  # fmt: skip
        setattr(about, name, "")
    about.created = about.modified = about.last_printed = _NO_TIME
    about.revision = 1
    out = io.BytesIO()
    word.save(out)
    return without_clock(out.getvalue())


def _refused(code: str, sentence: str) -> Refused:
    return Refused(sentence, field="file", code=code)


def _opened(data: bytes) -> Any:
    unreadable = _refused("template-unreadable", "This is no Word file (.docx or .dotx).")
    if len(data) > LARGEST_FILE:
        raise _refused("template-large", f"Use a file of at most {LARGEST_FILE // 1_000_000} MB.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > LARGEST_OPENED:
                raise _refused("template-large", "This file is too large when it is opened.")
            types = archive.read("[Content_Types].xml").decode("utf-8")
            if "macroEnabled" in types or any("vba" in p.filename.lower() for p in parts):
                raise _refused(
                    "template-macro",
                    "This file holds macros. Save it as .docx or .dotx.",
                )
            word = docx.Document(_as_document(archive, types))
            if any(map(_declares_entities, word.part.package.iter_parts())):
                raise unreadable
            return word
    except (zipfile.BadZipFile, KeyError, ValueError, UnicodeDecodeError, OSError, RuntimeError):
        raise unreadable from None
    except Exception as wrong:
        # Malformed XML, or a part that is missing: the library has many ways to say so.
        if isinstance(wrong, Refused):
            raise
        raise unreadable from None


def _declares_entities(part: Any) -> bool:
    """Whether a part of XML has a document type. Word writes none; what it declares would be gone
    from the file that is kept, and each document that is made of that would be refused."""
    element = getattr(part, "element", None)
    return element is not None and element.getroottree().docinfo.internalDTD is not None


def _as_document(archive: zipfile.ZipFile, types: str) -> io.BytesIO:
    """The file as the library opens it: a template of Word is a document by another name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for part in archive.infolist():
            body = archive.read(part)
            if part.filename == "[Content_Types].xml":
                body = types.replace(_MAIN.format("template"), _MAIN.format("document")).encode()
            made.writestr(part.filename, body)
    return io.BytesIO(out.getvalue())


def _reaching_out(word: Any) -> Iterator[Fault]:
    """What in the parts that stay is not in the file itself, or would run."""
    linked = embedded = False
    for relation in word.part.rels.values():
        if relation.is_external or relation.reltype not in _KEPT - {REL.SETTINGS}:
            continue
        part, framing = relation.target_part, relation.reltype in _FRAMES
        for inner in part.rels.values():
            if inner.is_external:
                link = framing and inner.reltype == REL.HYPERLINK
                linked |= not (link and _TARGET.match(inner.target_ref))
            else:
                embedded |= inner.reltype not in _HELD
        if framing:
            linked |= bool(_OUTSIDE.search(_instructions(part.element)))
            embedded |= any(True for _ in part.element.iter(*_EMBEDDED))
    if linked:
        yield Fault(
            "file",
            "template-linked",
            "The head or foot of its pages takes something from another file. Insert pictures into "
            "the file itself, and take out links to files.",
        )
    if embedded:
        yield Fault(
            "file",
            "template-embedded",
            "The head or foot of its pages holds an object that is neither text nor a picture. "
            "Take it out.",
        )


def _instructions(element: Any) -> str:
    """What the fields in it are told to do."""
    simple = (each.get(qn("w:instr"), "") for each in element.iter(qn("w:fldSimple")))
    return "".join([*(each.text or "" for each in element.iter(qn("w:instrText"))), " ", *simple])


def _missing(word: Any) -> Iterator[Fault]:
    lacking = [
        name
        for name in REQUIRED_STYLES
        if not any(s.name == name and s.type == WD_STYLE_TYPE.PARAGRAPH for s in word.styles)
    ]
    if lacking:
        named = ", ".join(lacking)
        yield Fault(
            "file",
            "template-styles-missing",
            f"These styles are missing: {named}. In Word, use each of them once and save.",
        )


def _cramped(word: Any) -> Iterator[Fault]:
    sections = word.sections
    if not len(sections):
        yield Fault("file", "template-page", "Set the size and margins of its page.")
        return
    section = sections[-1]
    sides = (section.page_width, section.page_height, section.left_margin, section.right_margin,
             section.top_margin, section.bottom_margin)  # fmt: skip
    if None in sides:
        yield Fault("file", "template-page", "Set the size and margins of its page.")
        return
    width = min(sides[0], sides[1]) - sides[2] - sides[3]
    height = max(sides[0], sides[1]) - sides[4] - sides[5]
    if width < NARROWEST or height < LOWEST:
        yield Fault(
            "file",
            "template-page",
            "Its page leaves too little room: the text needs 110 mm by 140 mm within the margins.",
        )


def _empty(word: Any) -> None:
    """Take out the words, and each part that a document does not need. The last section stays."""
    body = word.element.body
    for child in [*body]:
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    for each in [*body.iter(qn("w:footnotePr"), qn("w:endnotePr"))]:
        each.getparent().remove(each)
    references = body.iter(qn("w:headerReference"), qn("w:footerReference"))
    used = {each.get(qn("r:id")) for each in references}
    for key, relation in [*word.part.rels.items()]:
        unused = relation.reltype in _FRAMES and key not in used
        if relation.is_external or relation.reltype not in _KEPT or unused:
            del word.part.rels[key]
    for key, relation in [*word.part.package.rels.items()]:
        if relation.reltype not in (REL.OFFICE_DOCUMENT, REL.CORE_PROPERTIES):
            del word.part.package.rels[key]
    for each in [*word.settings.element.iter(*_SETTINGS_GONE)]:
        each.getparent().remove(each)
    settings = word.part.part_related_by(REL.SETTINGS)
    for key in [*settings.rels]:
        del settings.rels[key]

"""Documents and lists made into the bytes of files.

What writes a file takes long to load and much memory, so it is loaded when the first is asked for,
and in a process apart where one is kept (`api.apart.kept`). What is given to it is the whole file
in no format yet: whoever may read it, and what of it, was settled before.
"""

from __future__ import annotations

from dataclasses import replace

from api.apart.kept import made_apart
from api.documents.document import Document, laid_out
from api.documents.listing import Listing


def document_file(document: Document, kind: str) -> bytes:
    """The document as the bytes of a ``docx`` or ``pdf`` file, by its layout."""
    return made_apart(_docx if kind == "docx" else _pdf, _laid_out(document))


def list_workbook(listing: Listing) -> bytes:
    """The list as the bytes of an ``xlsx`` file."""
    return made_apart(_list_workbook, listing)


def report_workbook_file(document: Document, listing: Listing) -> bytes:
    """A report as the bytes of an ``xlsx`` file: as on the screen, and one figure a row."""
    return made_apart(_report_workbook, _laid_out(document), listing)


def _laid_out(document: Document) -> Document:
    return replace(document, blocks=laid_out(document.blocks, document.layout))


def word_styles() -> bytes:
    """A Word file without words in our own styles."""
    return made_apart(_word_styles)


def _word_styles() -> bytes:
    from api.documents.style_set import blank

    return blank()


def _docx(document: Document) -> bytes:
    if document.layout == 1:
        from api.documents.word import as_docx

        return as_docx(document)
    from api.documents.styled_word import as_styled_docx

    return as_styled_docx(document)


def _pdf(document: Document) -> bytes:
    from api.documents.pdf import as_pdf

    return as_pdf(document)


def _list_workbook(listing: Listing) -> bytes:
    from api.documents.workbook import as_xlsx

    return as_xlsx(listing)


def _report_workbook(document: Document, listing: Listing) -> bytes:
    from api.documents.report_workbook import report_workbook

    return report_workbook(document, listing)

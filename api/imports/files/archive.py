"""The parts of an Excel file, counted before any of them is read as a whole."""

from __future__ import annotations

import io
import re
import zipfile

from qa.core.errors import Refused

NO_TABLE = "The file is neither a CSV nor an Excel or OpenDocument spreadsheet."
_SHEETS = re.compile(r"/worksheets/|^content\.xml$")
"""The parts that are looked through, or read in a process with limits, on their own."""
TAGS_A_TEXT = 4
"""``<si><t>text</t></si>``"""


def _refusal(code: str, sentence: str) -> Refused:
    return Refused(sentence, field="file", code=code)


def check_archive(data: bytes, *, unpacked: int, parts: int, strings: int) -> None:
    """Refuse what is no workbook, and what would unpack to far more than it is worth."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            names = {part.filename for part in members}
            if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
                raise _refusal("other-format", NO_TABLE)
            if any(part.flag_bits & 1 for part in members):
                raise _refusal("other-format", "The file is protected by a password.")
            if len(members) > parts or sum(p.file_size for p in members) > unpacked:
                raise _refusal("file-too-large", "The Excel file unpacks to more than is allowed.")
            tags = 0
            for part in members:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as opened:
                        begun = opened.read(4096)
                        if b"<!DOCTYPE" in begun:
                            raise _refusal("other-format", NO_TABLE)
                        # Sheets are looked through below; texts and styles are read as a whole.
                        while begun and not _SHEETS.search(part.filename):
                            tags += begun.count(b"<")
                            if tags > TAGS_A_TEXT * strings:
                                raise _refusal("file-too-large", "The Excel file holds too much.")
                            begun = opened.read(1 << 16)
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError, EOFError) as error:
        raise _refusal("broken-excel", "The Excel file is damaged and cannot be read.") from error

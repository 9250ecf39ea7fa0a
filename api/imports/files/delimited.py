"""A text file of values parted by commas, semicolons, tabs, bars or other signs, in whatever
encoding."""

from __future__ import annotations

import csv
import io
import re

from api.documents.text import guarded
from api.imports.files.archive import NO_TABLE
from api.imports.files.tables import Limits, Line, file_refused
from qa.core.errors import Fault

_OTHER = (
    *(b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b"),
    *(b"<?xml", b"<!", b"<html", b"<table", b"{", b"[{"),
)
"""How files begin that are no tables of text: a page or XML that is called .xls too, and JSON."""
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_OLD_ENCODINGS = ["cp1252", "mac_roman", "cp850"]
_STRANGE = re.compile(
    r"[a-z](?:[‘“‚„•‹‰†‡]|[^\x00-\x7f\w\s’–—](?=[^\W\d_])|(?=[^\x00-\x7f])[^\Wa-zß-ÿœšž])"
)
"""What does not stand after a small letter: an opening sign, a sign within a word, a capital."""
_NAMES = {"cp1252": "Windows", "mac_roman": "an old Macintosh", "cp850": "DOS"}


def read_lines(data: bytes, limits: Limits) -> tuple[list[Line], list[Fault]]:
    """The lines of the file, and what was noticed of its encoding.

    Raises:
        Refused: it is no text, or no table.
    """
    text, encoding = _decoded(data)
    notes = []
    if encoding in _NAMES and not text.isascii():
        sentence = (
            f"The file is not written in Unicode. It is read as text of {_NAMES[encoding]}: check "
            "the accents, dashes and pound signs."
        )
        notes.append(Fault("file", "encoding-inferred", sentence))
    return _lines(text, limits), notes


def _decoded(data: bytes) -> tuple[str, str]:
    if data.lstrip(b"\xef\xbb\xbf \r\n").startswith(_OTHER):
        raise file_refused("other-format", NO_TABLE)
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _NO_TEXT.search(text.rstrip("\x1a\x00")):
            return text.rstrip("\x1a\x00").removeprefix("\ufeff"), encoding
    raise file_refused("not-text", f"{NO_TABLE} It holds bytes that are not text.")


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return ("utf-32",)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if b"\x00" in data[:200]:
        return ("utf-16-be",) if data[:1] == b"\x00" else ("utf-16-le",)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return tuple(_likely(data))
    return ("utf-8-sig",)


def _likely(data: bytes) -> list[str]:
    """The encodings of before Unicode, the likeliest first; that of Windows where all are alike."""
    from charset_normalizer import from_bytes

    lines = [line for line in data.splitlines() if not line.isascii()]
    begin = b"\n".join(lines[:500])
    found = from_bytes(begin, cp_isolation=_OLD_ENCODINGS, threshold=1.0)
    chaos = {match.encoding: match.chaos for match in found}

    def oddness(name: str) -> float:
        strange = len(_STRANGE.findall(begin.decode(name, "replace")))
        # Chaos is a part of one, and says little of a few words: that of Windows is the usual one.
        return strange + chaos.get(name, 1.0) + (name != "cp1252")

    return sorted(_OLD_ENCODINGS, key=oddness)


def _unguarded(cell: str) -> str:
    """The text without the ``'`` that our own files have before what looks like a formula."""
    return cell[1:] if cell[:1] == "'" and guarded(cell[1:]) == cell else cell


def _lines(text: str, limits: Limits) -> list[Line]:
    first, _, rest = text.partition("\n")
    hint = re.fullmatch(r"\"?sep=([,;|\t^~])\"?\s*", first)  # Excel's own hint, in a line by itself
    skipped = 1 if hint else 0
    text = rest if hint else text
    delimiter = hint[1] if hint else _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[Line] = []
    start = 1
    try:
        for number, cells in enumerate(reader, 1):
            lines.append(Line(number, start + skipped, [_unguarded(cell) for cell in cells]))
            start = reader.line_num + 1
            if len(lines) > 2 * limits.rows:
                raise file_refused("too-many-rows", f"The file has over {limits.rows:,} rows.")
    except csv.Error as error:
        sentence = (
            f"The record that begins in line {start + skipped} cannot be read: a quotation mark is "
            "not closed, or stands inside a value, or a value is far too long."
        )
        raise file_refused("broken-csv", sentence) from error
    return lines


def _delimiter(text: str) -> str:
    """The one that gives the steadiest, then the widest, table."""

    def score(delimiter: str) -> tuple[int, int]:
        widths: list[int] = []
        try:
            for cells in csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=delimiter):
                if any(cells):
                    widths.append(len(cells))
                if len(widths) == 50:
                    break
        except csv.Error:
            return (0, 0)
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
        return (widths.count(usual), usual) if usual > 1 else (0, 0)

    return max((",", ";", "\t", "|", "^", "~"), key=score)

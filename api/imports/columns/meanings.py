"""What the words of a column mean: grades, not applicable, and where a record stands."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from api.imports.answers import LEAVE_OUT, ImportOption, ImportQuestion
from api.imports.files.tables import Cell, SheetRow, UnreadableCell, text_of
from api.imports.mapping import normal
from api.imports.values import grade_meant, is_not_applicable
from qa.core.errors import Fault
from qa.core.words import Scale

COMPLETE = "complete"
LIVE = frozenset(
    {"complete", "completed", "audit complete", "audit completed", "submitted", "final",
     "finalised", "finalized", "signed off", "done", "closed", "moderated", "agreed", "published",
     "live", "approved", "to be moderated", "not selected for moderation",
     "auditor and moderator differ", "disputed"}
)  # fmt: skip
_NOT_LIVE = re.compile(
    r"cancel|draft|withdr|void|abort|abandon|delet|not started|in progress|ongoing|pending|return|"
    r"duplicate|reject|allocat|await|not complete|incomplete|to do|planned|scheduled|open|on hold|"
    r"n/?a\b"
)
_GONE = re.compile(
    r"\b(?:left|leav|retire|ceased|ended|inactive|former|closed|error|not in use|expired)"
)
"""How words begin by which a person, a team or a case is no longer there."""
MOST_ASKED = 60
"""Different words of one column that are asked about; a column with more holds something else."""


def meaning_of(text: str) -> str:
    """A text as it is looked up among the meanings that were said: without case and spaces."""
    return " ".join(text.casefold().split())


def looks_like_grades(
    cells: Sequence[Cell], scales: Collection[Scale], *, figures: bool = False
) -> bool:
    """Whether a column without a known name holds grades, in `figures` too where the file writes
    grades so.

    Four in five is enough: one misspelt grade must become a fault, not make a column vanish.
    """
    texts = Counter(text for text in map(text_of, cells) if text and not is_not_applicable(text))
    several = {scale.key: scale for scale in scales}.values()
    most = max((len(scale.points) for scale in several), default=0)
    ranks = set(map(str, range(1, most + 1))) if figures else set()
    others = 0
    for text, count in texts.items():
        if text.isdigit():
            named = text in ranks
        else:
            named = any(grade_meant(text, scale) for scale in several)
        if not named:
            others += count
            if 5 * others > texts.total():
                return False
    return others < texts.total()


def without_domain(cell: Cell, scale: Scale) -> Cell:
    """Blank for "not applicable" on a scale that has no such point: the domain is left out."""
    text = text_of(cell)
    return None if is_not_applicable(text) and not grade_meant(text, scale) else cell


def _rows_of(rows: Sequence[SheetRow], cells: Sequence[Cell]) -> dict[str, tuple[str, list[int]]]:
    """The different texts of a column as first written, each with the rows that it stands in."""
    found: dict[str, tuple[str, list[int]]] = {}
    written: dict[str, list[int]] = {}
    for row, cell in zip(rows, cells, strict=True):
        text = "" if isinstance(cell, UnreadableCell) else text_of(cell)
        if text:
            if text not in written:
                written[text] = found.setdefault(meaning_of(text), (text, []))[1]
            written[text].append(row.number)
    return found


def grade_questions(
    heading: str, rows: Sequence[SheetRow], cells: Sequence[Cell], scale: Scale
) -> list[ImportQuestion]:
    """A question for each word that is no grade of the scale; its rows are refused until then."""
    unknown = [one for one in _rows_of(rows, cells).values() if not grade_meant(one[0], scale)]
    return [
        _about_value(heading, text, numbers, _likeliest(text, scale))
        for text, numbers in unknown[:MOST_ASKED]
    ]


def value_questions(
    faults: Sequence[Fault], known: Mapping[str, Sequence[tuple[str, str]]]
) -> tuple[ImportQuestion, ...]:
    """A question for each word that was refused in a field with `known` values (code and label)."""
    waiting: dict[tuple[str, str, str], list[int]] = {}
    for fault in faults:
        if fault.field in known and fault.column and fault.value and fault.row is not None:
            at = (fault.field, fault.column, meaning_of(fault.value))
            waiting.setdefault(at, []).append(fault.row)
    written = {(f.field, f.column, meaning_of(f.value or "")): f.value for f in reversed(faults)}
    return tuple(
        _about_value(
            heading, written[field, heading, text] or text, rows, _alikest(text, known[field])
        )
        for (field, heading, text), rows in list(waiting.items())[:MOST_ASKED]
        if known[field]
    )


def _about_value(
    heading: str, text: str, rows: Sequence[int], known: Sequence[tuple[str, str]]
) -> ImportQuestion:
    options = [ImportOption(code, label) for code, label in known]
    nothing = ImportOption("", "Nothing: the cell counts as blank")
    options.insert(0 if re.match(r"(?:not?|un)\b|n/", text.casefold()) else len(options), nothing)
    return ImportQuestion(
        "values",
        heading,
        f"What does “{text}” mean?",
        (*options, ImportOption(LEAVE_OUT, "These rows are not imported")),
        written=text,
        rows=tuple(rows),
        needed=False,
    )


def _alikest(text: str, known: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    def likeness(one: tuple[str, str]) -> float:
        return difflib.SequenceMatcher(None, normal(text), normal(one[1])).ratio()

    return sorted(known, key=likeness, reverse=True)


def _likeliest(text: str, scale: Scale) -> list[tuple[str, str]]:
    """The points of a scale with the one first that the text most looks like."""
    ranked = sorted((p for p in scale.points if p.rank is not None), key=lambda p: p.rank or 0)
    bare = re.sub(r"[+*\-–]+$", "", text).strip()
    point = grade_meant(bare, scale)
    if point is None and bare.isdigit() and 1 <= int(bare) <= len(ranked):
        point = ranked[int(bare) - 1]

    known = [(one.code, one.label) for one in scale.points]
    if point is None:
        return _alikest(text, known)
    return sorted(known, key=lambda one: one[0] != point.code)


_TAKEN_BACK = re.compile(r"\b(?:cancel|draft|withdr|void|delet|abandon|duplicate|exclude|reject)")
_STANDS = re.compile(r"\b(?:status|stage|state|workflow|progress|done)\b")
_NOT_DONE = re.compile(
    rf"{_TAKEN_BACK.pattern}|\b(?:abort|not (?:started|complete|done|audited|submitted|signed|yet)|"
    r"in progress|incomplete|await|pending|dna\b)"
)
_COUNTS = re.compile(
    r"\b(?:completed?|sign(?:ed)? off|final|finali[sz]ed|submitted|approved|published|live|active|"
    r"valid|audited|counted|include[ds]?)\b"
)
"""What a column is called whose yes or no says whether a record counts."""
_OF_RECORDS = re.compile(r"\b(?:audits?|records?|is|the)\b")
"""What may stand beside it: “Is the audit complete?”, but not “Views included”."""
_YES = frozenset({"yes", "y", "true", "1", "x", "✓", "✔", "☑"})
_NO = frozenset({"no", "n", "false", "0", "☐"})
_FEW_WORDS = 12
"""Different texts, each of a word or three, of a column that says what kind of record each is."""


def may_be_status(heading: str, cells: Sequence[Cell], counts: Collection[str] = ()) -> bool:
    """Whether a column without a known name says where records stand: by its words, some of which
    are those of records that are not complete, or by a heading such as “Cancelled?”. Under one such
    as “Audit stage” the other words may be any."""
    written = {text_of(cell).casefold() for cell in cells}
    texts = {normal(text) for text in written if normal(text)}
    if not any(written) or len(texts) > MOST_ASKED:
        return False
    if _TAKEN_BACK.search(heading.casefold()):
        return True
    if _COUNTS.search(normal(heading)) and _says_no(written):
        return True
    other = texts - {*(counts or LIVE)}
    if _STANDS.search(normal(heading)) and any(map(_NOT_DONE.search, other)):
        return True
    short = len(texts) <= _FEW_WORDS and all(len(text.split()) <= 3 for text in texts)
    return any(map(_TAKEN_BACK.match, other)) and (short or all(map(_NOT_LIVE.search, other)))


def ends_some(heading: str, cells: Sequence[Cell]) -> bool:
    """Whether a column beside the status says of some rows, by its heading and a few words, that
    they do not count: “Cancelled?”, “Signed off”. One with many words holds dates or remarks."""
    written = {text_of(cell).casefold() for cell in cells}
    if not any(written):
        return False
    if _TAKEN_BACK.search(heading.casefold()):
        return len(written - {""}) <= _FEW_WORDS
    called = " ".join(_OF_RECORDS.sub(" ", normal(heading)).split())
    return bool(_COUNTS.fullmatch(called)) and _says_no(written)


def _says_no(written: Collection[str]) -> bool:
    """Whether there is nothing but yes and no, and not yes alone."""
    return {"", *_YES, *_NO}.issuperset(written) and not _YES.issuperset(written)


def status_questions(
    heading: str,
    rows: Sequence[SheetRow],
    cells: Sequence[Cell],
    answered: Collection[str] = (),
    counts: Collection[str] = (),
) -> list[ImportQuestion]:
    """A question for each status that does not plainly say that the record is complete, or is none
    of those that `counts` names, and for cells that say nothing."""
    found = []
    taken_back = _TAKEN_BACK.search(heading.casefold())
    stand = list(_rows_of(rows, cells).values())
    blank = [row.number for row, cell in zip(rows, cells, strict=True) if not text_of(cell)]
    if stand and blank and "" not in answered:
        stand.append(("", blank))
    for text, numbers in stand:
        if normal(text) in (counts or LIVE):
            continue
        come_in = "are imported" if counts else "are complete and are imported"
        options = [
            ImportOption(LEAVE_OUT, "These rows are not imported"),
            ImportOption(COMPLETE, f"These rows {come_in}"),
        ]
        said_no = text.casefold() in _NO
        ended = bool(text) and not said_no if taken_back else said_no
        gone = counts and _GONE.search(text.casefold())
        if not ended and not gone and not _NOT_LIVE.search(text.casefold()):
            options.reverse()
        found.append(
            ImportQuestion(
                "values",
                heading,
                f"“{heading}” says {f'“{text}”' if text else 'nothing'} of {len(numbers)} "
                f"{'row' if len(numbers) == 1 else 'rows'}. "
                f"{'Should they be imported' if counts else 'Are they complete'}?",
                tuple(options),
                written=text,
                rows=tuple(numbers),
            )
        )
    return found[:MOST_ASKED]

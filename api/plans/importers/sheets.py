"""A sheet of an improvement plan as typed rows: its parts and actions, one row an action.

A row without an action's reference only says what a part is, so that a list of ambitions comes in
by the same door as the actions beneath them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import partial
from hashlib import sha256

from api.imports.columns.likeness import is_urgency
from api.imports.files.tables import Cell, SheetRows, text_of
from api.imports.mapping import Field, map_columns
from api.imports.outcome import ImportRow, SheetOutcome, in_order, name_doubles, readers
from api.imports.values import RowReader, parse_date, parse_text
from api.plans.importers.due_dates import WhenDue, parse_due
from qa.core.due_dates import Stage
from qa.core.errors import Fault, Refused
from qa.plans.events import PlanSource
from qa.plans.handlers.imports import WHOLE

LONGEST = 2000
LONGEST_REFERENCE = 60


class PlanRow(ImportRow):
    """One row. `theme` and `part` are (reference, title) from the top downwards, where the sheet
    has them; `reference` is the action's, blank in a row that is about a part alone.

    `implied` says that the source states only that the action exists: such a one has no title.
    """

    theme: tuple[str, str] | None = None
    part: tuple[str, str] | None = None
    part_leads: tuple[str, ...] = ()
    title: str = ""
    leads: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    since: date | None = None
    stages: tuple[Stage, ...] = ()
    sources: tuple[PlanSource, ...] = ()
    measures: tuple[str, ...] = ()
    implied: bool = False


FIELDS = (
    Field("reference", "Action reference", False,
          ("action id", "action ref", "action number", "action no", "ref", "no", "number")),
    Field("title", "Action", False, ("action title", "what we will do", "task", "activity")),
    Field("theme", "Theme", False,
          ("theme reference", "theme number", "theme no", "priority area", "domain", "workstream"),
          repeats=True),
    Field("theme_title", "Theme title", False, ("theme name", "name of theme")),
    Field("part", "Part that the action belongs to", True,
          ("part", "part reference", "ambition", "ambition number", "priority", "priority number",
           "recommendation", "recommendation number", "objective", "outcome", "ambition no",
           "priority no", "recommendation no", "objective no", "objective number",
           "outcome number", "outcome no"), unlike=is_urgency,
          repeats=True, parts=("reference", "title")),
    Field("part_title", "Title of that part", False,
          ("part title", "ambition title", "priority title", "recommendation title",
           "recommendation text", "objective title"), repeats=True),
    Field("part_leads", "Who leads that part", False, ("part lead", "ambition lead", "sponsor")),
    Field("leads", "Lead", False,
          ("lead", "leads", "lead role", "lead officer", "action owner", "owner", "by whom",
           "who")),
    Field("responsible", "Responsible officer", False,
          ("responsible", "responsible officers", "accountable", "responsible role")),
    Field("due", "Due", False,
          ("due date", "timescale", "timescales", "deadline", "target date", "by when",
           "reviewed timescale", "completion date", "when", "time", "time scale", "timeframe"),
          kind="due"),
    Field("since", "Start date", False,
          ("start", "started", "started on", "began", "began on", "date began", "action began"),
          kind="date"),
    Field("sources", "Where it comes from", False,
          ("source", "sources", "ofsted recommendation", "recommendation of ofsted", "origin")),
    Field("measures", "Success measures", False,
          ("success measure", "success criteria", "how we will know", "measure of success")),
    Field("implied", "Known only from a count", False, ("implied", "evidence")),
)  # fmt: skip


def check_plan(sheet: SheetRows, choices: Mapping[str, str] | None = None) -> SheetOutcome[PlanRow]:
    """Check every row of a sheet of parts and actions.

    Raises `Refused` where the columns name neither parts nor actions; faults of rows are in the
    plan. A due date that is none is in its `notes`: the action comes in with the date as unknown.
    """
    mapping = map_columns(sheet, FIELDS, choices)
    faults, notes = list(sheet.faults), list[Fault]()
    has_parts = not {"part", "part_title"}.isdisjoint(mapping.headings)
    if not has_parts:
        if not {"reference", "title"} <= mapping.headings.keys():
            raise Refused(mapping.faults())
        sentence = f"No column names the parts of the plan: new actions stand under “{WHOLE}”."
        notes.append(Fault("part", "parts-missing", sentence))
    rows: list[PlanRow] = []
    for row, read in readers(sheet, mapping.headings, faults):
        reference = read.get("reference", parse_reference) or ""
        part = _part(read, "part", required=has_parts)
        implied = bool(read.get("implied", _implied))
        before = len(faults)
        title = read.get("title", parse_words) or ""
        unread = len(faults) > before
        leads = {name: read.get(name, parse_names) or () for name in _NAMES}
        measures = read.get("measures", parse_lines) or ()
        _check_action(read, reference, title, implied or unread, measures)
        due: WhenDue | None = read.get("due", parse_due, unreadable=True)
        stages = due.stages if due else ()
        for code, sentence in due.wrong if due else ():
            heading = mapping.headings["due"]
            value = text_of(row.cells[sheet.headings.index(heading)])
            notes.append(Fault("due", code, sentence, row=row.number, column=heading, value=value))
        if part is not None or (reference and not has_parts):
            rows.append(
                PlanRow(
                    **row.place,
                    reference=reference,
                    theme=_part(read, "theme"),
                    part=part,
                    title=title,
                    since=read.get("since", parse_date),
                    stages=stages,
                    sources=read.get("sources", parse_sources) or (),
                    measures=measures,
                    implied=implied,
                    **leads,
                )
            )
    if "reference" in mapping.headings:
        name_doubles(sheet, mapping.headings["reference"], faults)
    return SheetOutcome(
        sheet, mapping, {}, tuple(rows), in_order(faults, sheet), in_order(notes, sheet)
    )


_NAMES = ("part_leads", "leads", "responsible")


def _check_action(
    read: RowReader, reference: str, title: str, excused: bool, measures: tuple[str, ...]
) -> None:
    if reference and not title and not excused:
        sentence = f"Action {reference} has no words. Say what is to be done."
        read.fault("title", "missing", sentence, "")
    if not reference and (title or measures):
        read.fault("reference", "missing", "This action has no reference.", "")


def _part(read: RowReader, field: str, *, required: bool = False) -> tuple[str, str] | None:
    """The reference and the title of a part; where only one is given it stands for both."""
    own = read.has(field)
    reference = read.get(field, parse_reference, required=required)
    title = read.get(f"{field}_title", parse_words, required=required and not own)
    if reference is None and title is None:
        return None
    return reference or _made_of(title or ""), title or ""


def _made_of(title: str) -> str:
    """A reference made of a title: no two titles have the same."""
    if len(title) <= LONGEST_REFERENCE:
        return title
    return f"{title[: LONGEST_REFERENCE - 8]} {sha256(title.encode()).hexdigest()[:7]}"


def parse_reference(cell: Cell) -> str | None:
    """A number or code such as 1.2; dates are refused, because a spreadsheet made them."""
    text = parse_text(cell, LONGEST_REFERENCE)
    if text is not None and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise Refused(
            f"“{text}” is a date where a reference belongs: the spreadsheet may have turned a "
            "number such as 1.2 into it.",
            code="date-for-reference",
        )
    return text


def parse_words(cell: Cell, longest: int = LONGEST) -> str | None:
    """Words. A number or a percentage alone is none: the row may be shifted."""
    text = parse_text(cell, longest)
    if text is not None and re.fullmatch(r"[-+£]?[\d.,/ ]+%?", text):
        raise Refused(
            f"“{text}” is a number where words belong; the row may be shifted.",
            code="number-for-words",
        )
    return text


def parse_lines(cell: Cell) -> tuple[str, ...]:
    """Texts that stand in one cell, parted by line breaks or semicolons."""
    parts = re.split(r"[;\n\r]+", text_of(cell))
    return tuple(dict.fromkeys(filter(None, (parse_words(part) for part in parts))))


def parse_names(cell: Cell) -> tuple[str, ...]:
    """Roles or teams, parted by line breaks or semicolons."""
    parts = re.split(r"[;\n\r]+", text_of(cell))
    return tuple(dict.fromkeys(filter(None, map(partial(parse_words, longest=300), parts))))


def _implied(cell: Cell) -> bool | None:
    text = text_of(cell).casefold()
    known = {"": None, "implied": True, "yes": True, "named": False, "no": False}
    if text not in known:
        raise Refused(f"“{text_of(cell)}” is neither yes nor no.", code="not-yes-or-no")
    return known[text]


_KINDS: tuple[tuple[str, str], ...] = (
    ("ofsted", "ofsted"),
    ("audit", "audit-theme"),
    ("review", "review"),
    ("complaint", "complaint"),
    ("partner", "partnership"),
)


def parse_sources(cell: Cell) -> tuple[PlanSource, ...]:
    """Where an action comes from: "Ofsted recommendation 11; complaint 4". A bare number is one of
    Ofsted's recommendations."""
    found = []
    for part in re.split(r"[;\n\r]+", text_of(cell)):
        text = parse_text(part, 300)
        if text is None:
            continue
        number = re.search(r"\b(\d+[a-z]?)$", text)
        kind = next((kind for word, kind in _KINDS if word in text.casefold()), None)
        if kind is None and number and number[1] == text:
            kind = "ofsted"
        found.append(
            PlanSource.model_validate(
                {
                    "kind": kind or "other",
                    "reference": number[1] if number else "",
                    "text": "" if number and number[1] == text else text,
                }
            )
        )
    return tuple(found)

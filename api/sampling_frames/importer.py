"""Files of the cases that audits of a cycle are drawn from: our own template, the child-level lists
of Ofsted's Annex A, and the tables of the Standard Safeguarding Dataset."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, TypeVar

from api.imports.files.tables import Cell
from api.imports.importers import CheckedFile, Importer, SentFile, asked_once
from api.imports.mapping import Field, HeadingMap, map_columns, normal
from api.imports.outcome import ImportRow, SheetOutcome, in_order
from api.imports.values import parse_date, parse_text
from api.sampling_frames.case_lists import CaseList
from api.sampling_frames.published_lists import (
    CASE_NAMES,
    CLOSED_NAMES,
    TEAM_NAMES,
    published,
    published_names,
)
from qa.authorisation.context import Desk, Once
from qa.core.errors import Fault, Refused
from qa.core.naming import reference_key
from qa.core.words import Actor
from qa.imports.commands.batches import File
from qa.sampling_frames.commands import ImportSamplingFrame
from qa.sampling_frames.handlers import import_frame
from qa.sampling_frames.rows import STRATA, FrameCase, FrameLeftOut
from qa.store.unit import Receipt

T = TypeVar("T")
LONGEST = 120
OWN_LIST = "a list of the council’s own"


def _another(name: str) -> Callable[[str, Sequence[str]], str]:
    """Why a column of the dataset is not this field though it is called much like one."""

    def unlike(heading: str, _texts: Sequence[str]) -> str:
        of_dataset = re.match(r"[a-z0-9]{4}_", heading) is not None
        if of_dataset and normal(heading) not in published_names(name):
            return "It is another column of the Standard Safeguarding Dataset."
        return ""

    return unlike


FIELDS = (
    Field("case", "Child's reference", True, (*CASE_NAMES, *published_names("case")),
          kind="child", unlike=_another("case")),
    Field("cycle", "Cycle", True, ("cycle of audits", "audit cycle", "sampling cycle"),
          without=" Or say which cycle of audits the list is for: --cycle “Quarter 2 of 2026/27”."),
    Field("listed_on", "As at the end of", False, ("as at",), kind="date"),
    Field("read_from", "List", False, ("list it was read from",)),
    Field("source", "Where the list comes from"),
    Field("team", "Allocated team", False, (*TEAM_NAMES, *published_names("team")), kind="team",
          unlike=_another("team")),
    Field("started_on", "Began on", False, ("start date", *published_names("started_on")),
          kind="date", unlike=_another("started_on")),
    Field("closed_on", "Closed on", False, (*CLOSED_NAMES, *published_names("closed_on")),
          kind="date", unlike=_another("closed_on")),
    *(
        Field(name, words, False, published_names(name), kind="text", unlike=_another(name))
        for name, words in STRATA.items()
    ),
)  # fmt: skip
"""What is said of the list as a whole, and what its cases can be divided by. The published lists
stand among the names; what they say beside is left out."""


class FrameFileRow(ImportRow):
    """One case; `reference` is the child's, `team` a code."""

    team: str
    started_on: date | None
    strata: Mapping[str, str]


def may_be_frame(headings: Collection[str]) -> bool:
    """Whether these are the headings of a published list that is no list of open cases, or name
    the cycle."""
    found = published(headings)
    if found is not None:
        return found.has_children and not found.open
    (cycle,) = (one for one in FIELDS if one.name == "cycle")
    return not set(map(normal, cycle.names)).isdisjoint(map(normal, headings))


def _of_list(
    sent: SentFile,
    mapping: HeadingMap,
    name: str,
    parse: Callable[[Cell], T | None],
    faults: list[Fault],
) -> T | None:
    """What a column says of the list as a whole: the same in every row."""
    heading = mapping.headings.get(name)
    if heading is None:
        return None
    found: list[T] = []
    for cell in dict.fromkeys(sent.sheet.column(heading)):
        try:
            value = parse(cell)
        except Refused as refused:
            faults += [replace(one, field=name, column=heading) for one in refused.faults]
        else:
            if value is not None and value not in found:
                found.append(value)
    if len(found) > 1:
        values = ", ".join(f"“{one}”" for one in found[:3])
        sentence = (
            f"A file is one frame, so {heading} says the same in every row. It says {values}."
        )
        faults.append(Fault(name, "frame-several", sentence, column=heading))
    return found[0] if found else None


def _check(sent: SentFile) -> CheckedFile:
    """The cases of a frame, each child once, by its latest row.

    Raises:
        Refused: a column or the day of the list is missing, its rows say several things of the list
            as a whole, or it is a published list of no children.
    """
    known = published(sent.sheet.headings)
    if known is not None and not known.has_children:
        sentence = f"This is {known.named}. A sampling frame is of children."
        raise Refused(sentence, field="file", code="no-children")
    mapping = map_columns(sent.sheet, FIELDS, sent.choices)
    wrong = list(mapping.faults())
    text = partial(parse_text, longest=LONGEST)
    cycle = _of_list(sent, mapping, "cycle", partial(parse_text, longest=100), wrong)
    day = _of_list(sent, mapping, "listed_on", parse_date, wrong) or sent.about.as_at
    read_from = _of_list(sent, mapping, "read_from", text, wrong)
    source = _of_list(sent, mapping, "source", partial(parse_text, longest=200), wrong)
    if day is None:
        wrong.append(Fault("as_at", "missing", "Say at the end of which day the list is."))
    if wrong or day is None:
        raise Refused(wrong)
    listed = CaseList(sent, mapping, day)
    rows = _cases(listed, day)
    faults = in_order(listed.faults, sent.sheet)
    outcome = SheetOutcome(sent.sheet, mapping, {}, rows, faults, listed.notes())

    def record(
        desk: Desk, rows: Sequence[FrameFileRow], file: File, *, by: Actor, once: Once | None
    ) -> Receipt:
        wanted = ImportSamplingFrame(
            file=file,
            cycle=cycle or "",
            read_from=read_from or (OWN_LIST if known is None else known.named),
            listed_on=day,
            source=source or (sent.about.source or sent.sheet.name)[:200],
            cases=tuple(
                FrameCase(
                    case=row.reference, team=row.team, started_on=row.started_on, **row.strata
                )
                for row in rows
            ),
            lines=tuple(row.row for row in rows),
            left_out=FrameLeftOut(**listed.left),
        )
        return import_frame(desk, wanted, by=by, **asked_once(once))

    return CheckedFile(outcome, _preview, record, together=True)


def _cases(listed: CaseList, day: date) -> tuple[FrameFileRow, ...]:
    """Of several rows about a child the one that began last stands; of equal ones the first."""
    text = partial(parse_text, longest=LONGEST)
    found: dict[str, FrameFileRow] = {}
    for read, case, place, before in listed.cases():
        key = reference_key(case)
        started = read.get("started_on", parse_date)
        if started is not None and started > day:
            listed.left["later"] += 1
            continue
        team = listed.team(read, required=False)
        strata = {name: read.get(name, text) or "" for name in STRATA}
        if read.found > before:
            continue
        stands = found.get(key)
        if stands is not None:
            listed.left["again"] += 1
            if (started or date.min) <= (stands.started_on or date.min):
                continue
        found[key] = FrameFileRow(
            **place, reference=case, team=team or "", started_on=started, strata=strata
        )
    return tuple(found.values())


def _preview(row: FrameFileRow) -> dict[str, Any]:
    return {"fact": "SamplingFrameFrozen", **row.model_dump(mode="json", exclude={"line"})}


def _words(event: Mapping[str, Any]) -> str:
    parts = (event["team"], event["started_on"], *event["strata"].values())
    return ", ".join([f"case {event['reference']}", *map(str, filter(None, parts))])


IMPORTERS = Importer(
    kind="sampling-frame",
    named=FIELDS,
    place=121,
    title="Sampling frame: the cases that audits of a cycle are drawn from, one row a child, a "
    "list of Annex A, or the Standard Safeguarding Dataset",
    rows="cases of a frame",
    check=_check,
    may_be=may_be_frame,
    row_words=_words,
    examples=(
        {
            "case": "10001",
            "cycle": "Quarter 1 of 2025/26",
            "listed_on": "2025-06-30",
            "team": "Early North",
            "started_on": "2025-03-04",
            "kind": "Child in need",
        },
    ),
    needs="Its teams must be on record. Say for which cycle it is, and as at which day.",
    undoing="The frame that the cycle had before is in force again; without one, it has none.",
    onward=(("Sampling frames", "/sampling-frames"),),
)

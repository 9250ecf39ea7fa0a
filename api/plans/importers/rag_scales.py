"""A RAG scale from a YAML file or a sheet with one row a level.

A level is what its row says of it: its rank, its meaning, whether it counts as met. A colour
carries nothing, and a level without a rank is no rating.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from api.imports.files.tables import Cell, SheetRow, SheetRows, text_of
from api.imports.mapping import Field, map_columns
from api.imports.outcome import ImportRow, SheetOutcome, in_order, name_doubles, readers
from api.imports.reading import read_sheet
from api.imports.values import parse_integer, parse_text, parse_yes_no
from qa.core.errors import Fault, Refused
from qa.core.words import code_of
from qa.core.yaml_files import load_yaml
from qa.plans.rag_scale import RagLevel, RagScale

FIELDS = (
    Field(
        "code",
        "Level",
        True,
        ("level code", "rating", "code", "name", "rag", "rag rating", "rag status"),
    ),
    Field("label", "Label", False, ("level label", "shown as")),
    Field("rank", "Rank", False, ("order", "score", "points")),
    Field("meaning", "Meaning", True, ("definition", "description", "what it means")),
    Field("colour", "Colour", False, ("color",)),
    Field("met", "Counts as met", False, ("met", "delivered")),
    Field("final", "Is final", False, ("final", "closed")),
    Field("evidence", "Owes evidence of impact", False, ("evidence", "needs evidence")),
)
ABOUT = ("id", "version", "name", "best")
"""What a YAML file says of the scale as a whole, and a sheet is told beside it."""
LISTED = ("first", "last")
"""What may be said to be best of levels without ranks: the one that is listed first, or last."""
_OTHER_NAMES = {"scale_id": "id", "title": "name"}


class LevelRow(ImportRow):
    """One level; `reference` is its code."""

    level: RagLevel


def read_scale(name: str, data: bytes, **which: Any) -> tuple[SheetRows, dict[str, str]]:
    """The levels of a YAML, CSV or XLSX file (`which`: see `read_sheet`), and what a YAML file says
    of the whole scale.

    Raises:
        Refused: the file as a whole holds no levels.
    """
    if name.casefold().endswith((".yaml", ".yml")):
        return _of_yaml(name, data)
    return read_sheet(name, data, **which), {}


def _of_yaml(name: str, data: bytes) -> tuple[SheetRows, dict[str, str]]:
    try:
        content = load_yaml(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, yaml.YAMLError):
        raise _unreadable(f"{name} cannot be read as YAML.") from None
    levels = _levels_of(content) if isinstance(content, dict) else None
    if levels is None:
        raise _unreadable(f"{name} has no list of levels.")
    order = list(map(str, content.get("ordered_worst_to_best") or ()))
    for level in levels:
        if "rank" not in level and str(level.get("code")) in order:
            level["rank"] = 1 + order.index(str(level.get("code")))
    headings = tuple(dict.fromkeys(str(key) for one in levels for key in one))
    rows = tuple(
        SheetRow(at, at, tuple(_cell(one.get(heading)) for heading in headings))
        for at, one in enumerate(levels, start=1)
    )
    about = {
        _OTHER_NAMES.get(key, key): str(value)
        for key, value in content.items()
        if _OTHER_NAMES.get(key, key) in ABOUT
    }
    return SheetRows(name, hashlib.sha256(data).hexdigest(), headings, rows), about


def _levels_of(content: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The one list of levels, whatever a council calls it."""
    named = [content["levels"]] if "levels" in content else list(content.values())
    lists = [
        one
        for one in named
        if isinstance(one, list) and one and all(isinstance(level, dict) for level in one)
    ]
    return lists[0] if len(lists) == 1 else None


def _unreadable(sentence: str) -> Refused:
    return Refused(sentence, field="file", code="bad-scale")


def _cell(value: Any) -> Cell:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _colour(cell: Cell) -> str | None:
    """A colour as pages draw it: amber is their orange."""
    text = text_of(cell).casefold()
    return {"amber": "orange", "gray": "grey"}.get(text, text) or None


def check_scale(
    sheet: SheetRows, choices: Mapping[str, str] | None = None
) -> SheetOutcome[LevelRow]:
    """Check every level of a scale.

    Raises `Refused` where the levels or their meanings have no column.
    """
    mapping = map_columns(sheet, FIELDS, choices).complete()
    faults = list(sheet.faults)
    rows: list[LevelRow] = []
    for row, read in readers(sheet, mapping.headings, faults):
        before = len(faults)
        name = read.get("code", parse_text, required=True)
        given: dict[str, Any] = {
            "label": read.get("label", parse_text) or _spoken(name),
            "rank": read.get("rank", parse_integer) if "rank" in mapping.headings else _own(name),
            "meaning": read.get("meaning", lambda cell: parse_text(cell, 2000), required=True),
            "colour": read.get("colour", _colour) or "grey",
            **{flag: bool(read.get(flag, parse_yes_no)) for flag in ("met", "final", "evidence")},
        }
        if len(faults) > before or name is None:
            continue
        try:
            code = code_of(name)
            code = f"level-{code}" if code[:1].isdigit() else code
            level = RagLevel.model_validate({"code": code, **given})
        except ValidationError as error:
            for one in error.errors():
                field = str(one["loc"][0])
                value = str(given.get(field, name))
                sentence = f"“{value}” cannot be the {field} of a level."
                read.fault(field, "level-malformed", sentence, value)
            continue
        rows.append(LevelRow(**row.place, reference=level.code, level=level))
    name_doubles(sheet, mapping.headings["code"], faults, "code")
    return SheetOutcome(sheet, mapping, {}, tuple(rows), in_order(faults, sheet))


def _own(name: str | None) -> int | None:
    """The rank of a level that is called by a number, where nothing else is said of ranks."""
    return int(name) if name and name.isdecimal() else None


def _spoken(name: str | None) -> str | None:
    """A level that is called by a code, as people would write it: `on_schedule`, On schedule."""
    return name.replace("_", " ").capitalize() if name and "_" in name else name


def _ranked(levels: tuple[RagLevel, ...], best: str) -> tuple[RagLevel, ...]:
    """The levels with the ranks of the order that they are listed in, the best the highest.

    Raises:
        Refused: a level has a rank of its own, which the order might contradict.
    """
    if any(level.rank is not None for level in levels):
        sentence = "The levels have ranks: say whether the highest or the lowest rank is the best."
        raise Refused(sentence, field="best", code="ranks-given")
    ranks = range(1, len(levels) + 1)
    order = reversed(ranks) if best == "first" else ranks
    return tuple(
        level.model_copy(update={"rank": rank}) for level, rank in zip(levels, order, strict=True)
    )


def scale_of(plan: SheetOutcome[LevelRow], about: Mapping[str, str]) -> RagScale:
    """The scale of a checked sheet, with what is said of it as a whole; where nothing is, it is
    called as its file.

    Raises:
        Refused: nothing says how its levels are ordered, they make no scale, or its id is none.
    """
    stem = Path(plan.sheet.name).stem
    name = about.get("name") or about.get("id", "").replace("-", " ").capitalize() or stem
    best = about.get("best") or "highest"
    levels = tuple(row.level for row in plan.rows)
    if best in LISTED:
        best, levels = "highest", _ranked(levels, best)
    elif all(level.rank is None for level in levels):
        sentence = (
            "No level has a rank. Say whether the level that stands first or last is the best, "
            "or give each a rank."
        )
        raise Refused(sentence, field="best", code="ranks-missing")
    try:
        return RagScale.model_validate(
            {
                "id": about.get("id") or code_of(name),
                "version": about.get("version") or 1,
                "name": name,
                "best": best,
                "levels": levels,
            }
        )
    except ValidationError as error:
        raise Refused(
            [
                Fault(
                    ".".join(map(str, one["loc"])) or "levels",
                    "scale-malformed",
                    "A scale has at least two levels."
                    if one["type"] == "too_short"
                    else f"{one['msg'].removeprefix('Value error, ').capitalize()}.",
                )
                for one in error.errors()
            ]
        ) from None

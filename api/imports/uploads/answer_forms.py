"""What a person says of a file, as the boxes of a page: shown as it stands, and read back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from api.imports.answers import LEAVE_OUT, ImportAnswers, ImportQuestion
from api.imports.files.tables import SheetRows, text_of
from api.imports.made_columns import REFERENCE
from api.imports.mapping import DOMAIN, Field, normal
from api.imports.outcome import SheetOutcome
from api.imports.run import RowExamined
from api.web.changes import RecordChangeForm
from api.web.forms import flat, several
from qa.imports.changes import ChangedCell
from qa.security.uploads import Upload

MOST = 500
"""Questions of one page."""


def answers_of(upload: Upload) -> ImportAnswers:
    """What was said of a file that waits."""
    return ImportAnswers.model_validate(upload.asked.get("answers", {}))


def mark_of_page(
    columns: Sequence[Mapping[str, Any]],
    lacking: Sequence[Mapping[str, Any]],
    made: Sequence[Mapping[str, Any]],
) -> str:
    """A mark of what the boxes of a page say as they are drawn."""
    drawn = {str(box["at"]): str(box["value"]) for box in lacking}
    drawn |= {str(box["name"]): str(box["value"]) for box in made if box["checked"]}
    for column in columns:
        items = column["items"]
        chosen = next((one for one in items if one["selected"]), items[0])
        drawn[str(column["at"])] = str(chosen["value"])
    return _mark(drawn)


def is_as_shown(change: RecordChangeForm) -> bool:
    """Whether the boxes that were sent say what they said as they were drawn. Without boxes (a
    program sends none) it is what was shown that is meant."""
    return "map" not in change.form or _mark(flat(change.form)) == change.text("shown")


def _mark(boxes: Mapping[str, str]) -> str:
    found = sorted(
        (name, value.strip())
        for name, value in boxes.items()
        if value.strip()
        if name.endswith(".answer") or name.partition(".")[0] in ("map", "set", "made", "back")
    )
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()


def answers_posted(
    change: RecordChangeForm, before: ImportAnswers, sheet: SheetRows, known: Sequence[Field]
) -> ImportAnswers:
    """The answers, with what the boxes of the page say in the place of what was said before."""
    chosen = {heading: change.text(f"map.{at}") for at, heading in enumerate(sheet.headings)}
    constants = {field.name: change.text(f"set.{field.name}") for field in known}
    made = tuple(h for at, h in enumerate(sheet.headings) if change.text(f"made.{at}") == "yes")
    answers: dict[str, Any] = before.model_dump()
    for key in several(change.form, "back"):
        _take_back(answers, key)
    answers |= {
        "columns": {heading: name for heading, name in chosen.items() if name},
        "constants": {name: text for name, text in constants.items() if text},
        "reference_from": made,
    }
    posted = flat(change.form)
    for at in range(MOST):
        about, answer = change.text(f"question.{at}.about"), change.text(f"question.{at}.answer")
        if not about:
            break
        # That a value counts as blank is an answer too.
        if answer or (about == "values" and f"question.{at}.answer" in posted):
            _answer(answers, about, change, f"question.{at}", answer)
    return ImportAnswers.model_validate(answers)


def _answer(
    answers: dict[str, Any], about: str, change: RecordChangeForm, at: str, answer: str
) -> None:
    """Put one answer where it belongs: whole, by heading, or by heading and value."""
    under = f"{at}.heading."
    headings = [one for name, one in flat(change.form).items() if name.startswith(under)] or [""]
    written = change.text(f"{at}.written")
    if about == "sheets":
        answers[about] = tuple(answer.split("\n"))
    elif about == "values":
        values = {key: dict(value) for key, value in answers[about].items()}
        for heading in headings:
            values.setdefault(heading, {})[written] = answer
        answers[about] = values
    elif about in ("columns", "date_orders", "number_styles"):
        answers[about] = {**answers[about], headings[0]: answer}


_WORDS: Mapping[str, str] = {
    "day-first": "dates have their day first",
    "month-first": "dates have their month first",
    "day-first-dates-turned": "dates have their day first, and real dates are turned back",
    "month-first-dates-turned": "dates have their month first, and real dates are turned back",
    "day-first-dates-stand": "dates have their day first, and real dates stand",
    "month-first-dates-stand": "dates have their month first, and real dates stand",
    "month-ends": "the last day stands for each month",
    "month-begins": "the first day stands for each month",
    "fraction": "numbers are parts of one",
    "percent": "numbers are per cents",
    "decimal-point": "numbers have a decimal point",
    "decimal-comma": "numbers have a decimal comma",
}


def _answers_given(answers: ImportAnswers) -> list[tuple[str, str, str, str]]:
    """What was answered and has no box of its own: about, heading, written, answer."""
    found = [("sheets", "", "", ", ".join(answers.sheets))] if answers.sheets else []
    found += [("date_orders", h, "", one) for h, one in answers.date_orders.items()]
    found += [("number_styles", h, "", one) for h, one in answers.number_styles.items()]
    found += [
        ("values", heading, written, answer)
        for heading, values in answers.values.items()
        for written, answer in values.items()
    ]
    return found


def answers_shown(answers: ImportAnswers, known: Sequence[Field]) -> list[dict[str, str]]:
    """A box for each of those answers, by which it is taken back."""
    labels = {p.code: p.label for f in known if f.scale for p in f.scale.points}
    found = []
    for about, heading, written, answer in _answers_given(answers):
        if about == "sheets":
            words = f"Read: {answer}"
        elif about != "values":
            words = f"{heading}: {_WORDS[answer]}"
        else:
            becomes = {"": "counts as blank", LEAVE_OUT: "leaves its rows out"}.get(
                answer, f"means “{labels.get(answer, answer)}”"
            )
            words = f"{heading}: {f'“{written}”' if written else 'a blank'} {becomes}"
        key = json.dumps([about, heading, written])
        found.append({"value": key, "text": words})
    return found


def _take_back(answers: dict[str, Any], key: str) -> None:
    for about, heading, written, _ in _answers_given(ImportAnswers.model_validate(answers)):
        if json.dumps([about, heading, written]) != key:
            continue
        if about == "sheets":
            answers[about] = ()
        elif about == "values":
            values = {h: dict(one) for h, one in answers[about].items()}
            del values[heading][written]
            answers[about] = {h: one for h, one in values.items() if one}
        else:
            answers[about] = {h: one for h, one in answers[about].items() if h != heading}


def questions_shown(questions: Sequence[ImportQuestion], sheet: SheetRows) -> list[dict[str, Any]]:
    """The open questions but that of changed rows, which is asked beside them. What one word means
    in several columns, with the same answers to choose from, is asked once."""
    alike: dict[tuple[Any, ...], list[ImportQuestion]] = {}
    for at, question in enumerate(one for one in questions if one.about != "changed"):
        answers = frozenset(one.value for one in question.options)
        one_word = question.about == "values" and not question.needed and question.written
        key = (question.sentence, question.written, answers) if one_word else (at,)
        alike.setdefault(key, []).append(question)
    return [_shown(f"question.{at}", several, sheet) for at, several in enumerate(alike.values())][
        :MOST
    ]


def _shown(at: str, alike: Sequence[ImportQuestion], sheet: SheetRows) -> dict[str, Any]:
    first = alike[0]
    rows = sorted({row for one in alike for row in one.rows})
    headings = [one.heading for one in alike]
    more = f" and {len(rows) - 10} more" if len(rows) > 10 else ""
    quoted = [f"“{heading}”" for heading in headings]
    named = " and ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))
    hint = [
        "Answer this before anything is recorded." if first.needed else "",
        f"In {named}." if first.about == "values" and named not in first.sentence else "",
        f"{sheet.places(rows[:10])}{more}." if rows else "",
    ]
    return {
        "at": at,
        "question": first,
        "headings": headings,
        "items": [{"value": one.value, "text": one.text} for one in first.options],
        "hint": " ".join(filter(None, hint)),
    }


def lacking(
    known: Sequence[Field], read: Mapping[str, str], answers: ImportAnswers
) -> list[dict[str, Any]]:
    """A box for every field that no column is read as, but for what is graded or written of a
    domain: one value for every row."""
    return [
        {
            "at": f"set.{field.name}",
            "label": f"{field.label}{' (needed)' if field.required else ''}",
            "hint": field.without and "“none” for a return of results, which names no child",
            "value": answers.constants.get(field.name, ""),
        }
        for field in known
        if ":" not in field.name
        if field.name not in read or field.name in answers.constants
    ]


def made_of(
    sheet: SheetRows, known: Sequence[Field], read: Mapping[str, str], answers: ImportAnswers
) -> list[dict[str, Any]]:
    """The headings that a reference can be made of, where the file has none."""
    needed = any(field.name == REFERENCE and field.required for field in known)
    if not needed or (REFERENCE in read and not answers.reference_from):
        return []
    chosen = set(map(normal, answers.reference_from))
    return [
        {
            "name": f"made.{at}",
            "value": "yes",
            "text": heading,
            "checked": normal(heading) in chosen,
        }
        for at, heading in enumerate(sheet.headings)
    ]


def changed_cells(rows: Sequence[RowExamined], most: int) -> list[tuple[int, ChangedCell]]:
    """The first cells of rows that are on record with other values, each with its row."""
    cells = ((row.row, cell) for row in rows if row.state == "changed" for cell in row.cells)
    return list(islice(cells, most))


def changed_shown(
    plan: SheetOutcome[Any],
    cells: Sequence[tuple[int, ChangedCell]],
    known: Sequence[Field],
    names: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Changed cells as the page shows them: with the labels of grades and the `names` of people."""
    fields = {field.name: field for field in known}
    labels = {name: heading for heading, name in plan.mapping.pairs()}
    written = {row.number: row for row in plan.sheet.rows}
    found = []
    for row, cell in cells:
        field = fields.get(cell.field)
        scale = None if field is None else field.scale
        points = {} if scale is None else {point.code: point.label for point in scale.points}
        old, new = (points.get(value, names.get(value, value)) for value in (cell.old, cell.new))
        person = field is not None and field.kind == "person" and cell.field in labels
        if person and cell.new not in names:
            place = plan.sheet.headings.index(labels[cell.field])
            new = text_of(written[row].cells[place])
        name = cell.field.removeprefix(DOMAIN).replace("_", " ")
        label = labels.get(cell.field, name)
        found.append({"row": row, "label": label, "old": old, "new": new})
    return found

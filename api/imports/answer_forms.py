"""What a person says of a file, as the boxes of a page: shown as it stands, and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.imports.answers import ImportAnswers, ImportQuestion
from api.imports.made_columns import REFERENCE
from api.imports.mapping import DOMAIN, Field, normal
from api.imports.outcome import SheetOutcome
from api.imports.reading import SheetRows
from api.web.changes import RecordChangeForm
from qa.security.uploads import Upload

MOST = 500
"""Questions of one page."""


def answers_of(upload: Upload) -> ImportAnswers:
    """What was said of a file that waits."""
    return ImportAnswers.model_validate(upload.asked.get("answers", {}))


def answers_posted(
    change: RecordChangeForm, before: ImportAnswers, sheet: SheetRows, known: Sequence[Field]
) -> ImportAnswers:
    """The answers, with what the boxes of the page say in the place of what was said before."""
    chosen = {heading: change.text(f"map.{at}") for at, heading in enumerate(sheet.headings)}
    constants = {field.name: change.text(f"set.{field.name}") for field in known}
    made = tuple(h for at, h in enumerate(sheet.headings) if change.text(f"made.{at}") == "yes")
    said: dict[str, Any] = before.model_dump() | {
        "columns": {heading: name for heading, name in chosen.items() if name},
        "constants": {name: text for name, text in constants.items() if text},
        "reference_from": made,
    }
    for at in range(MOST):
        about, answer = change.text(f"question.{at}.about"), change.text(f"question.{at}.answer")
        if not about:
            break
        if answer:
            _answer(said, about, change, f"question.{at}", answer)
    return ImportAnswers.model_validate(said)


def _answer(
    said: dict[str, Any], about: str, change: RecordChangeForm, at: str, answer: str
) -> None:
    """Put one answer where it belongs: whole, by heading, or by heading and value."""
    heading, written = change.text(f"{at}.heading"), change.text(f"{at}.written")
    if about == "sheets":
        said[about] = tuple(answer.split("\n"))
    elif about == "values":
        values = {key: dict(value) for key, value in said[about].items()}
        values.setdefault(heading, {})[written] = answer
        said[about] = values
    elif about in ("columns", "date_orders", "number_styles"):
        said[about] = {**said[about], heading: answer}


def questions_shown(questions: Sequence[ImportQuestion]) -> list[dict[str, Any]]:
    """The open questions but that of changed rows, which is asked beside them."""
    return [
        {
            "at": f"question.{at}",
            "question": question,
            "items": [{"value": one.value, "text": one.text} for one in question.options],
            "rows": ", ".join(map(str, question.rows[:10])),
            "more": max(0, len(question.rows) - 10),
        }
        for at, question in enumerate(one for one in questions if one.about != "changed")
    ][:MOST]


def lacking(
    known: Sequence[Field], read: Mapping[str, str], answers: ImportAnswers
) -> list[dict[str, Any]]:
    """A box for every field that no column is read as: one value for every row."""
    return [
        {
            "at": f"set.{field.name}",
            "label": f"{field.label}{' (needed)' if field.required else ''}",
            "value": answers.constants.get(field.name, ""),
        }
        for field in known
        if not field.name.startswith(DOMAIN)
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


def changed_shown(plan: SheetOutcome[Any], rows: Sequence[Any], most: int) -> list[dict[str, Any]]:
    """The cells of rows that are on record with other values."""
    labels = {name: heading for heading, name in plan.mapping.pairs()}
    found = []
    for row in rows:
        for cell in row.cells if row.state == "changed" else ():
            name = cell.field.removeprefix(DOMAIN).replace("_", " ")
            label = labels.get(cell.field, name)
            found.append({"row": row.row, "label": label, "old": cell.old, "new": cell.new})
    return found[:most]

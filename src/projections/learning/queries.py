"""Learning themes: where each stands, what belongs to it, its steps, and good practice."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.engine import Connection

from projections.core.base import as_at
from projections.learning.tables import (
    STEPS,
    THEMES,
    ThemeRow,
    learning_exemplar,
    learning_step,
    learning_tag,
    learning_theme,
)
from qa.core.one_of import one_of

CLOSED = ("improved", "not-improved")


@dataclass(frozen=True, slots=True)
class LearningStep:
    """One step of a theme, with the event's own fields."""

    type: str
    on: date
    by: str
    content: Mapping[str, Any]


class Exemplar(NamedTuple):
    """An example of good practice with the title of its theme. It names nobody: neither the worker
    nor the thanks is given."""

    exemplar: str
    theme: str
    audit: str
    text: str
    shared_on: str
    title: str


class Thanks(NamedTuple):
    """What was said to a worker for their good practice."""

    theme: str
    text: str
    thanks: str
    shared_on: str
    by: str


def themes(
    connection: Connection, *, position: int | None = None, wanted: str = ""
) -> list[tuple[ThemeRow, int]]:
    """The themes, the last opened first, each with how many things belong to it; narrowed to those
    whose words, or key messages, hold `wanted`."""
    tagged = (
        select(func.count())
        .select_from(learning_tag)
        .where(learning_tag.c.theme == learning_theme.c.theme, as_at(learning_tag, position))
        .scalar_subquery()
    )
    query = THEMES.select(position=position).add_columns(tagged)
    if wanted:
        theme_query = select(learning_step.c.theme).where(
            learning_step.c.content.icontains(wanted, autoescape=True),
            as_at(learning_step, position),
        )
        query = query.where(
            or_(
                learning_theme.c.title.icontains(wanted, autoescape=True),
                learning_theme.c.question.icontains(wanted, autoescape=True),
                learning_theme.c.theme.in_(theme_query),
            )
        )
    rows = connection.execute(query.order_by(learning_theme.c.opened.desc()))
    return [(ThemeRow(*row), number) for *row, number in rows]


def one(connection: Connection, theme: str, *, position: int | None = None) -> ThemeRow | None:
    """One theme, or None."""
    return THEMES.one(connection, learning_theme.c.theme == theme, position=position)


def tags(
    connection: Connection, theme: str, *, position: int | None = None
) -> list[tuple[str, str, str]]:
    """What belongs to the theme: kind, record and part, in this order."""
    query = select(learning_tag.c.kind, learning_tag.c.record, learning_tag.c.part).where(
        learning_tag.c.theme == theme, as_at(learning_tag, position)
    )
    return sorted((kind, record, part) for kind, record, part in connection.execute(query))


def actions_by_theme(
    connection: Connection, *, position: int | None = None
) -> dict[str, frozenset[str]]:
    """The ids of the actions that belong to each theme, in the order the themes were opened."""
    tagged = learning_tag.c
    query = (
        select(learning_theme.c.theme, tagged.record)
        .select_from(learning_theme)
        .outerjoin(
            learning_tag,
            and_(
                tagged.theme == learning_theme.c.theme,
                tagged.kind == "action",
                as_at(learning_tag, position),
            ),
        )
        .where(as_at(learning_theme, position))
        .order_by(learning_theme.c.opened)
    )
    found: dict[str, set[str]] = {}
    for theme, record in connection.execute(query):
        found.setdefault(theme, set()).update({record} - {None})
    return {theme: frozenset(records) for theme, records in found.items()}


def steps(
    connection: Connection, theme: str, *, position: int | None = None
) -> Sequence[LearningStep]:
    """The steps of the theme in the order of the record."""
    query = STEPS.select(learning_step.c.theme == theme, position=position)
    ordered = query.order_by(learning_step.c.position, learning_step.c.line)
    return [
        LearningStep(row.type, date.fromisoformat(row.on), row.by, json.loads(row.content))
        for row in STEPS.rows(connection, ordered)
    ]


def exemplars(
    connection: Connection,
    *,
    theme: str = "",
    wanted: str = "",
    position: int | None = None,
) -> list[Exemplar]:
    """Examples of good practice, the last first; of one theme, or those whose words hold
    `wanted`."""
    row = learning_exemplar.c
    query = (
        select(row.exemplar, row.theme, row.audit, row.text, row.shared_on, learning_theme.c.title)
        .join(learning_theme, learning_theme.c.theme == row.theme)
        .where(as_at(learning_exemplar, position), as_at(learning_theme, position))
        .order_by(row.opened.desc())
    )
    if theme:
        query = query.where(row.theme == theme)
    if wanted:
        query = query.where(
            or_(
                row.text.icontains(wanted, autoescape=True),
                learning_theme.c.title.icontains(wanted, autoescape=True),
            )
        )
    return [*map(Exemplar._make, connection.execute(query))]


def thanks_to(connection: Connection, worker: str, *, position: int | None = None) -> list[Thanks]:
    """What was said to this worker for their good practice, the last first."""
    row = learning_exemplar.c
    query = (
        select(row.theme, row.text, row.thanks, row.shared_on, row.by)
        .where(row.worker == worker, as_at(learning_exemplar, position))
        .order_by(row.opened.desc())
    )
    return [*map(Thanks._make, connection.execute(query))]


def titles(
    connection: Connection, wanted: Collection[str], *, position: int | None = None
) -> dict[str, str]:
    """The titles of these themes."""
    query = select(learning_theme.c.theme, learning_theme.c.title).where(
        one_of(learning_theme.c.theme, wanted), as_at(learning_theme, position)
    )
    return dict(connection.execute(query).tuples().all())

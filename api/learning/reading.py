"""Learning themes as one reader may see them: the one place that pages and API ask.

Everybody reads a theme, its steps and its examples, which name nobody. What belongs to it is shown
only as far as the reader may see the record itself; the rest is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from api.actions import reading
from api.web.access_notes import Look
from projections.actions import queries as action_queries
from projections.audits import queries as audit_queries
from projections.core.base import present
from projections.indicators import queries as indicator_queries
from projections.learning import queries as learning_queries
from projections.learning.queries import Exemplar, LearningStep
from projections.learning.tables import ThemeRow
from projections.plans import queries as plan_queries
from qa.authorisation.policy import can, reach
from qa.core.errors import NotFound
from qa.core.words import Actor
from qa.learning.words import EFFECTS

NONE_SUCH = "There is no such learning theme."


@dataclass(frozen=True, slots=True)
class Tagged:
    """Something that belongs to a theme, called so that the reader knows it again."""

    kind: str
    record: str
    part: str
    called: str


@dataclass(frozen=True, slots=True)
class OpenedTheme:
    """A theme with what the reader may see of it. `closed` counts the things that belong to it and
    are not shown to them."""

    row: ThemeRow
    tagged: Sequence[Tagged]
    closed: int
    steps: Sequence[LearningStep]
    exemplars: Sequence[Exemplar]


def open_theme(look: Look, theme: str) -> OpenedTheme:
    """One theme for one reader, as known at `at`.

    Raises:
        NotFound: no such theme then.
    """
    connection, at = look.connection, look.at
    row = learning_queries.one(connection, theme, position=at.position)
    if row is None:
        raise NotFound(NONE_SUCH)
    tags = learning_queries.tags(connection, theme, position=at.position)
    shown = _shown(connection, look.actor, tags)
    tagged = [
        Tagged(kind, record, part, shown[kind, record])
        for kind, record, part in tags
        if (kind, record) in shown
    ]
    return OpenedTheme(
        row=row,
        tagged=tagged,
        closed=len(tags) - len(tagged),
        steps=learning_queries.steps(connection, theme, position=at.position),
        exemplars=learning_queries.exemplars(connection, theme=theme, position=at.position),
    )


def _shown(
    connection: Connection, actor: Actor, tags: Sequence[tuple[str, str, str]]
) -> dict[tuple[str, str], str]:
    """What the reader may see just now, by kind and record, with what it is called."""
    now = present(connection)

    def of(*kinds: str) -> set[str]:
        return {record for kind, record, _ in tags if kind in kinds}

    audits = of("finding", "strength")
    closed = audit_queries.hidden_for(connection, reach(actor))
    open_audits = audit_queries.open_to(connection, reach(actor), audits) - closed
    references = audit_queries.references(connection, open_audits)
    found = {
        (kind, audit): references[audit]
        for kind in ("finding", "strength")
        for audit in open_audits
    }
    for raised in action_queries.with_ids(now, reading.open_to(connection, actor, of("action"))):
        found["action", raised.action] = raised.text
    if can(actor, "read-plan").allowed:
        for planned in of("plan-action"):
            if (action := plan_queries.action(now, planned)) is not None:
                found["plan-action", planned] = f"{action.reference} {action.title}"
    if can(actor, "read-indicators").allowed:
        for indicator in of("indicator"):
            if (kept := indicator_queries.one(now, indicator)) is not None:
                found["indicator", indicator] = kept.definition.name
    return found


def describe_step(step: LearningStep) -> tuple[str, LearningStep, list[str]]:
    """A step in words: its title and what was said."""
    content: Any = step.content
    match step.type:
        case "LearningShared":
            lines = [f"{content['where']}, with {content['with_whom']}", content["message"]]
            return "Shared", step, lines
        case "LearningPracticeChanged":
            return "Practice changed", step, [content["what"], content["evidence"]]
        case "LearningReAudited":
            number = len(content["audits"])
            audits = f"{number} {'audit' if number == 1 else 'audits'} looked again."
            return "Re-audited", step, [audits, content["found"]]
        case _:
            return "Closed", step, [EFFECTS[content["effect"]], content["why"]]

"""The form that raises an action beside those that audits raise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Options, Sent, carry_out, command_box
from qa.actions import handlers
from qa.actions.commands import RaiseAction
from qa.actions.words import EVIDENCE_LABELS, RAISED_BY_LABELS
from qa.audits.words import ACTION_KINDS
from qa.core.fields import field_words
from qa.store.unit import Receipt

FROM = ("by-hand", "moderation", "thematic-finding", "supervision-check")


@dataclass(frozen=True, slots=True)
class RaiseView:
    """Who could own an action, the teams, and the audit that a reference means."""

    everybody: Sequence[tuple[str, str]]
    teams: Sequence[tuple[str, str]]
    find_audit: Callable[[str], str | None]


def _boxes(view: RaiseView) -> list[Box]:
    items: dict[str, Options] = {
        "raised_by": [(code, RAISED_BY_LABELS[code]) for code in FROM],
        "team": view.teams,
        "kind": list(ACTION_KINDS.items()),
        "owner": [("", "Choose somebody"), *view.everybody],
        "evidence_asked": [("", "What the policy says for its kind"), *EVIDENCE_LABELS.items()],
    }
    return [
        command_box(RaiseAction, name, items.get(name, ()))
        for name in field_words(RaiseAction)
        if name != "domain"
    ]


def _raise(view: RaiseView, form: FormValues, sent: Sent) -> Receipt:
    reference = form.text("audit")
    audit = view.find_audit(reference) if reference else ""
    if audit is None:
        form.refuse("audit", "audit-unknown", "There is no audit with this reference.")
    raised_by = form.one_of("raised_by", FROM, "Say what raises it.")
    kind = form.one_of("kind", tuple(ACTION_KINDS), "Choose a kind.")
    evidence = form.maybe("evidence_asked")
    if evidence is not None:
        form.one_of("evidence_asked", tuple(EVIDENCE_LABELS), "Choose a kind of evidence.")
    due_on = form.day_owed("due_on", "Enter the day it is due.")
    command = RaiseAction(
        text=form.text("text"),
        kind=cast(Any, kind),
        owner=form.text("owner"),
        due_on=due_on,
        team=form.text("team"),
        raised_by=cast(Any, raised_by),
        source=form.text("source"),
        audit=audit or "",
        evidence_asked=cast(Any, evidence),
    )
    return carry_out(handlers.raise_action, command, sent)


RAISE: FormStep[RaiseView] = FormStep(
    "Raise an action",
    "Raise the action",
    "The action is raised; its owner has yet to accept it.",
    _boxes,
    _raise,
    ("Actions of an audit are raised with its submission. This is for all others.",),
    "raise-action",
)

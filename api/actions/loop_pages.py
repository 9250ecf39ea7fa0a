"""The loop of one finding as a chain: finding, action, evidence, impact, and what came next. Every
link opens what it stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from api.actions import reading as action_reading
from api.actions.pages import ActionId
from api.actions.reading import OpenedAction
from api.actions.telling import TITLES
from api.web.context import Reader, Reading
from api.web.late_routes import PageRouter
from projections.actions.tables import ActionRow, ActionStepRow
from projections.audits import queries
from qa.actions.states import ActionState
from qa.actions.words import RAISED_BY_LABELS
from qa.core.dates_in_words import day

router = PageRouter(prefix="/actions")

EVIDENCE = ("EvidenceAccepted", "EvidenceReturned", "ActionClaimedDone")
IMPACT = ("ActionReopened", "ImpactConfirmed", "ImpactNotSeen", "ImpactTooEarly")


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One link of the chain. `open` while it is still to come; `href` is empty where the reader
    may not open it."""

    title: str
    words: str
    href: str
    open: bool


@router.get("/{action}/loop")
def show_loop(action: ActionId, reading: Reader) -> Response:
    """The chain that the action stands in, from its first finding to the last effect."""
    opened = action_reading.open_action(reading, action)
    action_reading.note(reading, opened)
    audits = {row.audit for row in opened.chain} - {""}
    may_open = queries.open_to(reading.connection, reading.reach, audits)
    references = queries.references(reading.connection, audits)
    return reading.page(
        "actions/loop_chain.html",
        title="From finding to effect",
        record_name=f"action:{action}",
        action=action,
        text=opened.row.text,
        turns=[
            (
                row.text,
                [
                    _finding(row, references, may_open, reading),
                    *_steps(row, opened, reading),
                ],
            )
            for row in opened.chain
        ],
        closed=opened.closed,
        back=reading.link(f"/actions/{action}"),
    )


def _finding(
    row: ActionRow,
    references: Mapping[str, str],
    may_open: frozenset[str],
    reading: Reading,
) -> ChainLink:
    title = f"Finding: {RAISED_BY_LABELS[row.raised_by].lower()}"
    words = references.get(row.audit) or row.source or "No record behind it"
    href = reading.link(f"/audits/{row.audit}") if row.audit in may_open else ""
    return ChainLink(title, words, href, False)


def _steps(row: ActionRow, opened: OpenedAction, reading: Reading) -> list[ChainLink]:
    steps = opened.steps.get(row.action, ())
    state = ActionState(row.state)
    ended = not state.open

    def at(number: int | None) -> str:
        page = reading.link(f"/actions/{row.action}")
        return page if number is None else f"{page}#step-{row.action}-{number}"

    def link(title: str, types: Sequence[str], waiting: str) -> ChainLink:
        number = _last(steps, types)
        if number is None:
            words = "It no longer applies" if ended else waiting
            return ChainLink(title, words, "", True)
        step = steps[number]
        return ChainLink(title, f"{TITLES[step.type]}, {day(step.day)}", at(number), False)

    return [
        ChainLink("Action", f"{state.label}. Owner: {opened.name(row.owner)}", at(0), False),
        link("Evidence", EVIDENCE, "Still to be shown"),
        link("Impact", IMPACT, "Still to be checked"),
    ]


def _last(steps: Sequence[ActionStepRow], types: Sequence[str]) -> int | None:
    """The place of the last step of one of these types; None where there is none."""
    places = [at for at, step in enumerate(steps) if step.type in types]
    return places[-1] if places else None

"""Files of actions: one row an action of an audit or of a team, with the days of its steps."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy.engine import Connection

from api.actions import reading
from api.audits.named_audits import (
    CHILD_AND_DAY,
    AuditSearch,
    audit_of_row,
    known_by_reference,
    known_of_children,
)
from api.imports.about import AboutPlan
from api.imports.columns.meanings import value_questions
from api.imports.files.tables import Cell
from api.imports.importers import CheckedFile, Importer, SentFile, recorder
from api.imports.mapping import MADE_OF_OTHERS, Field, map_columns, normal
from api.imports.outcome import (
    ImportRow,
    SheetOutcome,
    in_order,
    name_doubles,
    not_in_future,
    readers,
)
from api.imports.values import RowReader, parse_date, parse_text, parse_word
from projections.actions import queries
from projections.audits import queries as audit_queries
from projections.people import queries as people
from qa.actions.events import LONGEST
from qa.actions.handlers import ImportActions, import_actions
from qa.actions.rows import STEPS, ImportedAction, StatedStep
from qa.actions.states import ActionKind, ActionState
from qa.core.errors import Refused
from qa.core.words import Actor, code_of
from qa.imports.rows import imported_id

KINDS: Mapping[str, ActionKind] = {
    "compliance": "compliance",
    "practice": "practice",
    "outcome for child": "outcome-for-child",
    "outcome": "outcome-for-child",
}
DROPPED = "no-longer-applicable"
STATES: Mapping[str, str] = {
    **dict.fromkeys(("open", "raised", "not started", "waiting to be accepted", "new"), "raised"),
    **dict.fromkeys(("accepted", "in progress", "ongoing", "started"), "accepted"),
    **dict.fromkeys(("claimed done", "claimed", "complete", "completed", "done"), "claimed"),
    **dict.fromkeys(
        ("evidence accepted", "impact to be checked", "verification due", "verified"),
        "verification-due",
    ),
    **dict.fromkeys(("loop closed impact confirmed", "impact confirmed", "effective"), "effective"),
    **dict.fromkeys(("no longer applicable", "not applicable", "cancelled", "withdrawn"), DROPPED),
}
"""What files call the places where an action stands; whether "closed" is one is asked."""
_DAYS: Mapping[StatedStep, str] = {
    "accepted": "accepted_on",
    "claimed": "claimed_on",
    "verification-due": "evidenced_on",
    "effective": "verified_on",
}
LONGEST_STATE = 40


def _is_prose(_heading: str, texts: Sequence[str]) -> str:
    long = any(len(text) > LONGEST_STATE for text in texts)
    return "It holds sentences, and not where an action stands." if long else ""


FIELDS = (
    Field("reference", "Action reference", True,
          ("action id", "action ref", "action number", "action no", "no", "ref", "number"),
          without=MADE_OF_OTHERS, kind="reference"),
    Field("audit", "Audit reference", False,
          ("audit", "audit id", "audit ref", "audit no", "audit number", "from audit"),
          kind="reference"),
    *CHILD_AND_DAY,
    Field("team", "Team", False, ("team name", "social work team"), kind="team"),
    Field("text", "What must be done", True,
          ("action", "action required", "action agreed", "agreed action", "action to be taken"),
          kind="text"),
    Field("kind", "Kind", True, ("kind of action", "action type", "type of action", "type")),
    Field("owner", "Owner", True,
          ("action owner", "owner of the action", "who", "by whom", "person responsible",
           "responsible person", "assigned to"), kind="person"),
    Field("raised_on", "Raised", True,
          ("raised on", "date raised", "agreed on", "date agreed", "date set"), kind="date"),
    Field("due_on", "Due", True,
          ("due on", "due date", "target date", "by when", "date due", "deadline"), kind="date"),
    Field("state", "State", False,
          ("status", "action status", "current status", "progress", "where it stands"),
          unlike=_is_prose),
    Field("accepted_on", "Accepted", False, ("accepted on", "date accepted"), kind="date"),
    Field("claimed_on", "Claimed done", False,
          ("date completed", "completed on", "completion date", "done on", "date closed",
           "closed on", "date done"), kind="date"),
    Field("evidenced_on", "Evidence accepted", False, ("evidence accepted on",), kind="date"),
    Field("verified_on", "Impact checked", False, ("impact confirmed on",), kind="date"),
    Field("ended_on", "Ended", False, ("ended on", "cancelled on"), kind="date"),
    Field("evidence", "Evidence", False, ("evidence of completion", "what shows it")),
)  # fmt: skip


class ActionFileRow(ImportRow):
    """One action as its file states it; `owner` is a person's id and `steps` step → day."""

    text: str
    kind: ActionKind
    owner: str
    due_on: date
    raised_on: date
    audit: str = ""
    team: str = ""
    steps: dict[StatedStep, date]
    dated: tuple[StatedStep, ...] = ()
    dropped_on: date | None = None
    evidence: str = ""


def _owners(connection: Connection) -> dict[str, set[str]]:
    """The ids of everybody by their name and by their sign-in name."""
    found: dict[str, set[str]] = {}
    for one in people.everybody(connection, with_departed=True):
        for called in {normal(one.name), normal(one.handle)}:
            found.setdefault(called, set()).add(one.person)
    return found


def _owner(cell: Cell, known: Mapping[str, set[str]]) -> str | None:
    text = parse_text(cell, 120)
    if text is None:
        return None
    found = known.get(normal(text), set())
    if len(found) == 1:
        return next(iter(found))
    sentence = (
        f"{len(found)} people are called {text}: give the owner's sign-in name."
        if found
        else f"There is nobody called {text} on record. Import the people first."
    )
    raise Refused(sentence, code="owner-unknown")


def _steps(
    read: RowReader, today: date
) -> tuple[dict[StatedStep, date], tuple[StatedStep, ...], date | None]:
    """The days of the steps up to where the action stands, which of them have a day of their own,
    and the day on which it fell away. Another step took place by the day of the one after it."""
    state = read.get("state", partial(parse_word, known=STATES))
    days = {field: read.get(field, parse_date) for field in (*_DAYS.values(), "ended_on")}
    for field, day in days.items():
        not_in_future(read, field, day, today)
    with_day = [step for step in STEPS if days[_DAYS[step]]]
    reached = STEPS.index(with_day[-1]) + 1 if with_day else 0
    if state in STEPS:
        reached = STEPS.index(state) + 1
    elif state == "raised":
        reached = 0
    dropped = days["ended_on"] if state == DROPPED else None
    if state == DROPPED and dropped is None:
        read.fault("ended_on", "missing", "Enter the day from which it no longer applies.", "")
    own = [days[_DAYS[step]] for step in STEPS[:reached]]
    if state == "effective" and own[-1] is None:
        own[-1] = days["ended_on"]
    if reached > 1 and not any(days.values()):
        read.fault("claimed_on", "missing", "Say on which day it was done.", "")
    known: list[date | None] = [day for day in own if day is not None] or [
        read.get("raised_on", parse_date)
    ]
    steps: dict[StatedStep, date] = {}
    for at, step in enumerate(STEPS[:reached]):
        after = next((day for day in own[at:] if day is not None), known[-1])
        if after is not None:
            steps[step] = after
    dated = (step for step, day in zip(STEPS, own, strict=False) if day is not None)
    return steps, tuple(dated), dropped


def _tied(sent: SentFile, references: Collection[str]) -> dict[str, str]:
    """The reference of the audit that each of these actions is of on record, by its own."""
    ids = {imported_id("action", one): one for one in references}
    audits = queries.audits_of(sent.connection, ids)
    called = audit_queries.headings(sent.connection, set(audits.values()))
    return {ids[one]: called[audit].reference for one, audit in audits.items() if audit in called}


def check_actions(sent: SentFile) -> SheetOutcome[ActionFileRow]:
    """Check every row against the people on record.

    Raises `Refused` where a required column cannot be found; faults of rows are in the outcome.
    """
    mapping = map_columns(sent.sheet, FIELDS, sent.choices).complete()
    owners = _owners(sent.connection)
    teams = {
        called: one.team
        for one in people.teams(sent.connection, with_closed=True)
        for called in (one.team, code_of(one.name))
    }
    faults = list(sent.sheet.faults)
    rows: list[ActionFileRow] = []
    begun = []
    for row, read in readers(sent.sheet, mapping.headings, faults):
        before = len(faults)
        reference = read.get("reference", partial(parse_text, longest=80), required=True)
        of_audit = audit_of_row(read)
        begun.append((row, read, reference or "", of_audit, len(faults) - before))
    search = AuditSearch(
        known_by_reference(
            sent, {of_audit.reference for *_, of_audit, _ in begun if of_audit.reference}
        ),
        known_of_children(sent, {of_audit.child for *_, of_audit, _ in begun if of_audit.child}),
        doubt="Nobody can know from the file which audit of this child it is of.",
        question="Which audit of {} is the action of?",
        day_stands=True,
    )
    tied = _tied(sent, [reference for _, _, reference, of_audit, _ in begun if of_audit.child])
    for row, read, reference, of_audit, wrong in begun:
        before = len(faults) - wrong
        found = search.find(row.number, read, of_audit, tied.get(reference, ""))
        audit = of_audit.reference or (found.reference if found else "")
        text = read.get("text", partial(parse_text, longest=LONGEST), required=True)
        kind_of = partial(parse_word, known=KINDS)
        given: dict[str, Any] = {
            "kind": read.get("kind", kind_of, required=True),
            "owner": read.get("owner", partial(_owner, known=owners), required=True),
            "due_on": read.get("due_on", parse_date, required=True),
            "raised_on": read.get("raised_on", parse_date, required=True),
        }
        not_in_future(read, "raised_on", given["raised_on"], sent.today)
        steps, dated, dropped = _steps(read, sent.today)
        first = min([*steps.values(), *([dropped] if dropped else [])], default=None)
        if first and given["raised_on"] and first < given["raised_on"]:
            sentence = "A step is dated before the action was raised."
            read.fault("raised_on", "dates-out-of-order", sentence, str(given["raised_on"]))
        if list(steps.values()) != sorted(steps.values()):
            sentence = "The days of its steps are not in their order."
            read.fault("claimed_on", "dates-out-of-order", sentence)
        team = read.get("team", parse_text) or ""
        if len(faults) > before or not reference or not text:
            continue
        rows.append(
            ActionFileRow(
                **row.place,
                reference=reference,
                text=text,
                audit=audit,
                team=teams.get(code_of(team), team) if team else "",
                steps=steps,
                dated=dated,
                dropped_on=dropped,
                evidence=read.get("evidence", partial(parse_text, longest=LONGEST)) or "",
                **given,
            )
        )
    name_doubles(sent.sheet, mapping.headings["reference"], faults)
    places = [ActionState(step) for step in ("raised", *STEPS, DROPPED)]
    questions = value_questions(
        faults, {"state": [(one.value.replace("-", " "), one.label) for one in places]}
    )
    ordered = in_order(faults, sent.sheet)
    questions = (*questions, *search.questions(mapping.headings))
    return SheetOutcome(sent.sheet, mapping, {}, tuple(rows), ordered, (), questions)


def _stated(row: ActionFileRow) -> ImportedAction:
    return ImportedAction(**row.model_dump(exclude={"line"}))


_record = recorder(import_actions, ImportActions, _stated)


def _check(sent: SentFile) -> CheckedFile:
    return CheckedFile(check_actions(sent), _preview, _record)


def _preview(row: ActionFileRow) -> dict[str, Any]:
    data = row.model_dump(mode="json", exclude={"line", "owner", "dated"}, exclude_defaults=True)
    return {"fact": "ActionRaised", **data}


def _words(event: Mapping[str, Any]) -> str:
    came = [f"{ActionState(step).label.lower()} {on}" for step, on in event["steps"].items()]
    dropped = event.get("dropped_on")
    steps = [*came, f"no longer applicable {dropped}"] if dropped else came
    return f"action {event['reference']}, due {event['due_on']}: {', '.join(steps) or 'open'}"


def _on_record(connection: Connection, _about: AboutPlan) -> Collection[str]:
    found = queries.sources(connection).items()
    return {source for action, source in found if action == imported_id("action", source)}


def _open_to(connection: Connection, by: Actor, references: Collection[str]) -> Collection[str]:
    found = {imported_id("action", one): one for one in references}
    return [found[one] for one in reading.open_to(connection, by, found)]


IMPORTERS = Importer(
    kind="actions",
    on_record=_on_record,
    open_to=_open_to,
    named=FIELDS,
    place=27,
    title="Actions of audits and teams: one row an action",
    rows="actions",
    check=_check,
    row_words=_words,
    examples=(
        {
            "reference": "ACT-2025-001",
            "audit": "A-2025-001",
            "text": "Write the plan with the family",
            "kind": "Practice",
            "owner": "Pat Sample",
            "raised_on": "2025-06-02",
            "due_on": "2025-07-31",
            "state": "Claimed done",
            "accepted_on": "2025-06-04",
            "claimed_on": "2025-07-20",
            "evidence": "The plan of 18 July on the file",
        },
    ),
    needs="The owner of an action must be on record, and so must the audit or the team that a row "
    "names.",
    undoing="The actions that it brought no longer apply, and what it corrected is as before. "
    "Steps that it added to earlier actions stay.",
)

"""What can be done about a moderation: one form each, with the command that it calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.engine import Connection

from api.moderation import settling_steps, sheets
from api.moderation.choices import exception_asked, options, people_options
from api.moderation.reading import ModerationStanding
from api.web.boxes import FormValues
from api.web.changes import RecordChangeForm
from api.web.forms import Errors, Nested, text
from api.writing.declaration import Section
from projections.people import queries
from qa.authorisation.handling import CommandHandler
from qa.authorisation.policy import can
from qa.core.command import Command
from qa.core.fields import field_words
from qa.core.words import AuditStatus, ModerationStatus, Role
from qa.moderation import handlers
from qa.store.unit import Receipt


@dataclass(frozen=True, slots=True)
class ModerationStep:
    """One thing that can be done. `offered` says when its link is shown; the command decides.

    `again` answers what it is called where it was done already and would be done anew.
    `beside` answers the fields of the command that are not read from boxes of their names, `more`
    what else its template shows.
    """

    name: str
    verb: str
    title: str
    button: str
    done: str
    offered: Callable[[ModerationStanding], bool]
    handler: CommandHandler[Any]
    beside: Callable[[FormValues, ModerationStanding], Mapping[str, Any]] = lambda *_: {}
    more: Callable[[Connection, ModerationStanding, Nested, Errors], Mapping[str, Any]] = (
        lambda connection, standing, given, errors: {}
    )
    onward: str = ""
    warning: bool = False
    sections: Callable[[ModerationStanding], Sequence[Section]] | None = None
    again: Callable[[ModerationStanding], str] = lambda _: ""

    def titled(self, standing: ModerationStanding) -> ModerationStep:
        """The step as it is called where the moderation stands."""
        return replace(self, title=self.again(standing) or self.title)

    @property
    def template(self) -> str:
        return f"moderation/{self.name}.html"

    @property
    def order(self) -> tuple[str, ...]:
        """The fields as the page shows them."""
        command: type[Command] = self.handler.command
        words = field_words(command)
        return tuple(name for name, each in words.items() if not each.target)

    def command_of(self, typed: FormValues, standing: ModerationStanding) -> Command:
        """The command, as it was typed. Raises Refused for boxes that hold what they cannot."""
        command: type[Command] = self.handler.command
        given = {"audit": standing.audit, "moderation": standing.moderation_id}
        values = {**given, **typed.of_command(command), **self.beside(typed, standing)}
        known = {name: value for name, value in values.items() if name in command.model_fields}
        return command.model_construct(None, **known)

    def carry_out(self, change: RecordChangeForm, standing: ModerationStanding) -> Receipt:
        return change.carry_out(self.handler, self.command_of(FormValues.of(change.form), standing))


def _mine(standing: ModerationStanding) -> bool:
    found = standing.moderation
    return found is not None and found["moderator"] == standing.actor.person


def _at(*statuses: ModerationStatus) -> Callable[[ModerationStanding], bool]:
    returned = AuditStatus.RETURNED.value
    return lambda standing: standing.status in statuses and standing.row.status != returned


def _not_begun(standing: ModerationStanding) -> bool:
    waiting = (AuditStatus.SUBMITTED.value, AuditStatus.NOT_SELECTED.value)
    return standing.moderation is None and standing.row.status in waiting


def _sealed(standing: ModerationStanding) -> bool:
    found = standing.moderation
    if found is None or standing.status is not ModerationStatus.ASSIGNED:
        return False
    return bool(found["blind"]) and not found["unblinded"] and _mine(standing)


def _decider(standing: ModerationStanding) -> str | None:
    found = standing.moderation
    return found["decider"] if found and standing.status is ModerationStatus.DISPUTED else None


def _decides(standing: ModerationStanding) -> bool:
    return _decider(standing) == standing.actor.person


_assigned = _at(ModerationStatus.ASSIGNED)
_open = _at(ModerationStatus.SELECTED, ModerationStatus.ASSIGNED)
_differs = _at(ModerationStatus.DIFFERS)


def _mode(form: FormValues, _: ModerationStanding) -> dict[str, Any]:
    return {"blind": {"blind": True, "open": False}.get(form.text("blind"))}


def _assign_more(
    connection: Connection, standing: ModerationStanding, given: Nested, errors: Errors
) -> Mapping[str, Any]:
    moderators = queries.holding(connection, Role.MODERATOR, standing.today)
    policy = "blind" if standing.policy.blind_by_default else "open"
    modes = {
        "": f"As the policy says ({policy})",
        "blind": "Blind: grades and author stay hidden until the moderator's judgement is in",
        "open": "Open: the moderator reads the audit first",
    }
    return {
        "moderators": people_options(moderators, text(given, "moderator"), "Choose a moderator"),
        "modes": options(text(given, "blind"), modes),
        "ask_exception": exception_asked(given, errors),
    }


STEPS = {
    step.name: step
    for step in (
        ModerationStep(
            "judge",
            "record-moderation",
            "Give your own judgement",
            "Record my judgement",
            "Your judgement is recorded.",
            lambda s: _assigned(s) and _mine(s),
            handlers.record,
            sheets.judged,
            onward="/compare",
            sections=sheets.judging,
        ),
        ModerationStep(
            "ask",
            "select-moderation",
            "Ask for this audit to be moderated",
            "Ask for moderation",
            "The audit is picked for moderation.",
            _not_begun,
            handlers.select,
        ),
        ModerationStep(
            "assign",
            "assign-moderation",
            "Assign a moderator",
            "Assign the moderation",
            "The moderator is assigned.",
            _open,
            handlers.assign,
            _mode,
            _assign_more,
            again=lambda s: "Assign another moderator" if _assigned(s) else "",
        ),
        ModerationStep(
            "unblind",
            "unblind-moderation",
            "See the auditor's judgement first",
            "Open the judgement to me",
            "The judgement is open to you. This is no longer blind.",
            _sealed,
            handlers.unblind,
            warning=True,
        ),
        ModerationStep(
            "conversation",
            "hold-conversation",
            "Note that you talked it over",
            "Record the conversation",
            "The conversation is recorded.",
            _differs,
            handlers.converse,
        ),
        ModerationStep(
            "consensus",
            "reconcile-grade",
            "Record the grade you agreed on",
            "Record the agreed grade",
            "The agreed grade is recorded and is final.",
            _differs,
            handlers.reconcile,
            settling_steps.agreed,
            settling_steps.grades,
        ),
        ModerationStep(
            "dispute",
            "dispute-grade",
            "Dispute the moderator's grade",
            "Send the dispute",
            "Your dispute is sent. A QA lead names who decides it.",
            _differs,
            handlers.dispute,
            sections=sheets.disputing,
        ),
        ModerationStep(
            "decider",
            "assign-dispute",
            "Name who decides the dispute",
            "Name this person",
            "The person who decides the dispute is named.",
            _at(ModerationStatus.DISPUTED),
            handlers.assign_dispute,
            more=settling_steps.deciders,
            again=lambda s: "Name somebody else to decide" if _decider(s) else "",
        ),
        ModerationStep(
            "decide",
            "decide-dispute",
            "Decide the dispute",
            "Record the decision",
            "The dispute is decided. The grade that you gave is final.",
            _decides,
            handlers.decide_dispute,
            settling_steps.agreed,
            sections=sheets.deciding,
        ),
        ModerationStep(
            "cancel",
            "cancel-moderation",
            "Cancel the moderation",
            "Cancel the moderation",
            "The moderation is cancelled.",
            _open,
            handlers.cancel,
            warning=True,
        ),
    )
}
"""Every step by its name in the address."""


def offered(standing: ModerationStanding) -> list[ModerationStep]:
    """What this reader may do now, in the order of `STEPS`."""
    return [
        step.titled(standing)
        for step in STEPS.values()
        if step.offered(standing)
        and can(standing.actor, step.verb, standing.opened.resource).allowed
    ]

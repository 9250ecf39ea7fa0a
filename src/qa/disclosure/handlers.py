"""Carries out the commands on copies for outside the council."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.authorisation.handling import handles
from qa.core.event import last_said
from qa.disclosure import decisions
from qa.disclosure.commands import (
    GiveOutsideCopy,
    OutsideCopyMade,
    SetDisclosureRule,
    WithdrawOutsideCopy,
)
from qa.disclosure.events import COPIES_STREAM, NOTHING_SET, RULE_STREAM, DisclosureRuleSet
from qa.disclosure.state import OutsideCopies, evolve


def _rule(work: Work) -> DisclosureRuleSet:
    return work.unit.load(RULE_STREAM, last_said, NOTHING_SET)


def _copies(work: Work) -> OutsideCopies:
    return work.unit.load(COPIES_STREAM, evolve, OutsideCopies())


@handles(SetDisclosureRule)
def set_rule(command: SetDisclosureRule, work: Work) -> None:
    work.authorise("set-policy")
    work.append(RULE_STREAM, *decisions.set_rule(_rule(work), command))


@handles(GiveOutsideCopy)
def give(command: GiveOutsideCopy, work: Work) -> OutsideCopyMade:
    work.authorise("publish-report")
    copies = _copies(work)
    given, salt = work.new_id(), work.new_id()
    decided = decisions.give(copies, _rule(work), command, given=given, salt=salt)
    work.append(COPIES_STREAM, *decided)
    return OutsideCopyMade(given=given)


@handles(WithdrawOutsideCopy)
def withdraw(command: WithdrawOutsideCopy, work: Work) -> None:
    work.authorise("publish-report")
    work.append(COPIES_STREAM, *decisions.withdraw(_copies(work), command), reason=command.reason)

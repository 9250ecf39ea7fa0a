"""The rule of small numbers for what goes outside: what is in force, and its next version."""

from __future__ import annotations

from api.web.policies import as_known, command_policy, policy_router
from projections.disclosure import queries
from qa.disclosure import handlers
from qa.disclosure.events import RULE_STREAM
from qa.disclosure.words import METHODS

router = policy_router(
    command_policy(
        handlers.set_rule,
        address="/disclosure-rule",
        title="Small numbers outside the council",
        change="Change the rule for small numbers",
        button="Set the rule",
        done="The rule is set.",
        intro=("Copies that were given out stay as they are.",),
        first="The rule that Caseloop starts with.",
        note="It holds for copies of published reports for partners and for the public.",
        link="Change the rule",
        stream=RULE_STREAM,
        choices={"method": METHODS},
        in_force=as_known(queries.rule),
    )
)

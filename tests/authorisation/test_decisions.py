"""Every decision of the policy table, compared with those written down in `decisions.txt`.

A line of that file is a verb, a role and the answer for each of `CASES`; the answers (under which
role it is allowed, and by which line) stand at its head. A change of the policy shows there,
decision by decision: `python -m tests.authorisation.test_decisions` writes the file anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import groupby, product
from pathlib import Path

from qa.authorisation.policy import VERBS, can
from qa.core.words import Actor, Grant, Resource, Role, Scope

WRITTEN = Path(__file__).with_name("decisions.txt")
SINCE = date(2020, 1, 1)
WHOLE = Scope()
WEST = Scope(kind="team", code="west")

DRAFT = Resource(
    service="safeguarding",
    team="east",
    auditor="auditor",
    began_by=frozenset({"beginner"}),
    moderators=frozenset({"moderator", "blind"}),
    deciders=frozenset({"decider"}),
    blind_for=frozenset({"blind"}),
    person="owner",
    line=frozenset({"manager"}),
    contributors=frozenset({"helper"}),
    case_holder="holder",
)
RESOURCES = (
    Resource(),
    Resource(team="west", service="care"),
    DRAFT,
    replace(DRAFT, submitted=True),
    replace(DRAFT, submitted=True, released=True),
)
PEOPLE = (
    "stranger", "auditor", "beginner", "moderator", "blind", "decider", "owner", "manager",
    "helper", "holder", "deputy",
)  # fmt: skip
CASES = list(product((WHOLE, WEST), RESOURCES, PEOPLE))
HOLDERS = {role.value: (role,) for role in Role} | {"everybody": tuple(Role), "nobody": ()}


def decisions() -> str:
    """The whole file: the numbered answers, then a line for each verb and holder of roles that may
    do it somewhere or is barred (``0*5 3`` is five times answer 0, then answer 3)."""
    answers: dict[str, int] = {}
    lines = []
    for verb, (name, roles) in product(sorted(VERBS), HOLDERS.items()):
        row = []
        for scope, resource, person in CASES:
            stands_for = frozenset({"owner"}) if person == "deputy" else frozenset()
            grants = tuple(Grant(role=role, scope=scope, since=SINCE) for role in roles)
            decision = can(Actor(person, grants, stands_for=stands_for), verb, resource)
            answer = f"{decision.role.value if decision.role else 'no'}: {decision.rule}"
            row.append(answers.setdefault(answer, len(answers)))
        runs = [(number, len(list(same))) for number, same in groupby(row)]
        if any(row):
            told = " ".join(f"{n}*{times}" if times > 1 else f"{n}" for n, times in runs)
            lines.append(f"{verb} {name} {told}")
    head = [f"{number} {answer}" for answer, number in answers.items()]
    return "\n".join([*head, "", *lines]) + "\n"


def test_every_decision_is_as_it_was_written_down() -> None:
    assert decisions().splitlines() == WRITTEN.read_text("utf-8").splitlines()


if __name__ == "__main__":
    WRITTEN.write_text(decisions(), "utf-8")

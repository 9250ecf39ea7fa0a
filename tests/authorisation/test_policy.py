"""Who may do what: the whole table, role by role, and the same rules as a reach for lists."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.authorisation.policy import TABLE, VERBS, can, read_aloud, require
from qa.core.capabilities import modules
from qa.core.errors import Forbidden, NotFound
from qa.core.policy_lines import PolicyLine
from qa.core.words import Actor, Resource, Role, Scope
from qa.supervision.policy import LINES
from tests.authorisation.support import SUBMITTED, holding

EAST = Scope(kind="team", code="east")


ALLOWED: dict[Role, set[str]] = {
    Role.AUDITOR: {
        "read-report", "read-council-figures", "read-tool",
        "export", "search", "read-plan", "read-indicators",
        "read-learning", "read-self-evaluation",
        "read-own-cases", "break-glass",
    },
    Role.MODERATOR: {
        "read-audit", "read-judgement", "read-history", "read-plan", "read-indicators",
        "approve-reschedule", "read-learning", "read-named-figures", "read-self-evaluation",
        "read-report", "read-council-figures", "read-tool",
        "export", "search",
        "read-action", "raise-action", "check-evidence", "verify-impact",
        "raise-concern", "read-concern", "answer-concern",
        "run-follow-up", "own-follow-up", "break-glass",
    },
    Role.QA_LEAD: VERBS
    - {
        "start-audit", "write-audit", "submit-audit", "record-moderation", "unblind-moderation",
        "hold-conversation", "reconcile-grade", "decide-dispute", "manage-people",
        "ask-in-inspection", "keep-inspection-notes", "work-action", "note-progress",
        "make-check", "moderate-check",
        "acknowledge-concern", "escalate-concern",
        "reflect-on-audit",
        "read-own-cases",
        "name-deputy",
        "review-quarterly-report",
        "review-self-evaluation",
    },
    Role.ADMINISTRATOR: {
        "manage-people", "read-people", "read-access-log", "verify", "read-tool",
        "read-ledger", "make-checkpoint", "run-inspection", "answer-in-inspection", "name-deputy",
        "read-learning", "send-file", "import-teams", "search",
    },
    Role.TEAM_MANAGER: {
        "read-audit", "read-judgement", "read-history",
        "read-report", "read-council-figures", "read-tool",
        "export", "search", "read-ledger", "make-pack",
        "read-plan", "read-indicators",
        "read-action", "raise-action", "run-action", "correct-action", "name-contributors",
        "check-evidence", "verify-impact", "raise-concern", "read-concern", "answer-concern",
        "run-follow-up", "read-own-cases", "read-team-work", "break-glass",
        "read-learning", "read-self-evaluation",
    },
    Role.READER: {
        "read-audit", "read-judgement", "read-history",
        "read-report", "read-council-figures", "read-tool",
        "export", "search", "read-ledger", "make-pack",
        "read-plan", "read-indicators", "read-action", "read-learning",
        "read-self-evaluation",
    },
    Role.PRACTITIONER: {"read-own-cases", "read-learning", "search"},
    Role.INSPECTOR: {
        "read-audit", "read-judgement", "read-history", "read-work", "read-log", "read-action",
        "read-report", "read-council-figures", "read-tool",
        "export", "search", "read-ledger", "make-pack",
        "read-plan", "read-indicators", "read-concern", "read-learning",
    },
}  # fmt: skip
OF_ONES_OWN: dict[Role, set[str]] = {
    Role.TEAM_MANAGER: {"keep-view", "share-view"},
    Role.INSPECTOR: set(),
}
"""What is done to no record: to the lists that somebody keeps."""


@pytest.mark.parametrize("role", list(ALLOWED))
def test_what_each_role_may_do_to_a_submitted_audit_of_others(role: Role) -> None:
    allowed = {verb for verb in VERBS if can(holding(role), verb, SUBMITTED).allowed}
    assert allowed == ALLOWED[role] | OF_ONES_OWN.get(role, {"keep-view"})


def test_nothing_is_allowed_about_a_child_whose_records_are_closed_nor_told_that_it_is_there() -> (
    None
):
    actor = replace(holding(*Role), closed=frozenset({"c-1"}))
    about = replace(SUBMITTED, child="c-1")
    assert not any(can(actor, verb, about).allowed for verb in VERBS)
    assert can(actor, "read-audit", replace(about, child="c-2")).allowed
    with pytest.raises(NotFound):
        require(actor, "void-audit", about)


def test_nobody_without_a_role_may_do_anything() -> None:
    assert not any(can(Actor("p-auditor"), verb, SUBMITTED).allowed for verb in VERBS)


@pytest.mark.parametrize("verb", ["start-audit", "write-audit", "submit-audit", "dispute-grade"])
def test_own_work_is_bound_to_the_person(verb: str) -> None:
    assert can(holding(Role.AUDITOR, person="p-auditor"), verb, SUBMITTED).allowed
    assert not can(holding(Role.AUDITOR, person="p-other"), verb, SUBMITTED).allowed


def test_an_assignment_reaches_beyond_the_scope_of_the_role() -> None:
    west = Scope(kind="team", code="west")
    assigned = holding(Role.MODERATOR, scope=west, person="p-moderator")
    assert can(assigned, "record-moderation", SUBMITTED).allowed
    stranger = holding(Role.MODERATOR, scope=west, person="p-stranger")
    assert not can(stranger, "read-audit", SUBMITTED).allowed


def test_a_blind_moderator_is_barred_whatever_else_they_hold() -> None:
    sealed = Resource(
        service="safeguarding",
        team="east",
        auditor="p-auditor",
        moderators=frozenset({"p1"}),
        blind_for=frozenset({"p1"}),
        submitted=True,
    )
    everything = holding(*[role for role in Role if role is not Role.SYSTEM])
    assert can(everything, "read-audit", sealed).allowed
    for verb in ("read-judgement", "read-history", "read-action"):
        decision = can(everything, verb, sealed)
        assert not decision.allowed
        assert "blind" in decision.rule


def test_nobody_moderates_an_audit_they_began_whatever_else_they_hold() -> None:
    began = Resource(
        service="s",
        team="east",
        moderators=frozenset({"p1"}),
        began_by=frozenset({"p1"}),
        submitted=True,
    )
    everything = holding(*[role for role in Role if role is not Role.SYSTEM])
    assert not can(everything, "record-moderation", began).allowed


def test_a_scope_holds() -> None:
    lead = holding(Role.QA_LEAD, scope=EAST)
    assert can(lead, "void-audit", SUBMITTED).allowed
    west = Resource(service="safeguarding", team="west", submitted=True)
    assert not can(lead, "void-audit", west).allowed


def test_an_unsubmitted_audit_is_open_to_its_auditor_and_the_leads_alone() -> None:
    draft = Resource(service="safeguarding", team="east", auditor="p-auditor")
    open_to = {role for role in ALLOWED if can(holding(role), "read-audit", draft).allowed}
    assert open_to == {Role.QA_LEAD}
    assert can(holding(Role.AUDITOR, person="p-auditor"), "read-audit", draft).allowed


def test_a_refusal_says_the_rule() -> None:
    with pytest.raises(Forbidden) as refused:
        require(holding(Role.READER), "void-audit", SUBMITTED)
    assert refused.value.rule == "void-audit"
    with pytest.raises(ValueError, match="no verb"):
        can(holding(Role.READER), "dance")


def test_the_lines_of_one_verb_stand_in_one_module_so_that_their_order_holds() -> None:
    owners: dict[str, set[str]] = {}
    for module in modules("qa", "policy"):
        lines = module.LINES if isinstance(module.LINES, tuple) else (module.LINES,)
        assert lines
        for line in lines:
            for verb in line.verbs:
                owners.setdefault(verb, set()).add(module.__name__)
    assert owners.keys() == VERBS
    assert {verb: at for verb, at in owners.items() if len(at) > 1} == {}


def test_the_table_read_aloud_says_what_the_table_says() -> None:
    def each(lines: tuple[PolicyLine, ...]) -> set[tuple[object, ...]]:
        return {(v, n.role, n.why, n.when, n.anywhere, n.council) for n in lines for v in n.verbs}

    assert each(read_aloud()) == each(TABLE)
    assert len({(n.role, n.why, n.council) for n in read_aloud()}) == len(read_aloud())


def test_every_line_says_why_in_a_sentence() -> None:
    assert all(line.why.endswith(".") and len(line.why) > 15 for line in TABLE)


def test_an_inspector_reads_a_plan_only_from_a_room_that_covers_the_whole_council() -> None:
    assert can(holding(Role.INSPECTOR), "read-plan").allowed
    assert not can(holding(Role.INSPECTOR, scope=EAST), "read-plan").allowed
    assert not can(holding(Role.ADMINISTRATOR, Role.PRACTITIONER), "read-plan").allowed


def test_owners_contributors_and_their_managers_know_of_an_action() -> None:
    raised = Resource(
        service="safeguarding",
        team="east",
        auditor="p-auditor",
        person="p-owner",
        line=frozenset({"p-manager"}),
        contributors=frozenset({"p-helper"}),
        submitted=True,
    )

    def may(person: str, verb: str, role: Role = Role.PRACTITIONER) -> bool:
        return can(holding(role, person=person), verb, raised).allowed

    assert all(may("p-owner", verb) for verb in ("read-action", "work-action", "note-progress"))
    assert may("p-helper", "note-progress")
    assert not may("p-helper", "work-action")
    assert may("p-manager", "read-action")
    assert not may("p-manager", "note-progress")
    assert not may("p-stranger", "read-action")
    assert may("p-auditor", "verify-impact", Role.AUDITOR)
    assert not may("p-stranger", "verify-impact", Role.AUDITOR)


SUPERVISED = Resource(
    service="safeguarding",
    team="east",
    person="p-practitioner",
    contributors=frozenset({"p-supervisor"}),
    line=frozenset({"p-manager"}),
    auditor="p-checker",
    moderators=frozenset({"p-moderator"}),
)


@pytest.mark.parametrize(
    ("person", "role", "verbs"),
    [
        ("p-practitioner", Role.PRACTITIONER, {"read-supervision"}),
        (
            "p-supervisor",
            Role.TEAM_MANAGER,
            {"read-supervision", "record-supervision", "run-supervision"},
        ),
        ("p-manager", Role.TEAM_MANAGER, {"read-supervision"}),
        ("p-checker", Role.AUDITOR, {"read-supervision", "make-check", "give-feedback"}),
        ("p-moderator", Role.MODERATOR, {"read-supervision", "moderate-check"}),
        (
            "p-lead",
            Role.QA_LEAD,
            {"read-supervision", "record-supervision", "run-supervision", "run-checks",
             "give-feedback"},
        ),
        *[("p-stranger", role, set()) for role in Role if role is not Role.QA_LEAD],
    ],
)  # fmt: skip
def test_supervision_is_open_to_the_pair_their_line_and_qa_alone(
    person: str, role: Role, verbs: set[str]
) -> None:
    known = {verb for line in LINES for verb in line.verbs}
    actor = holding(role, person=person)
    assert {verb for verb in known if can(actor, verb, SUPERVISED).allowed} == verbs


def test_a_qa_lead_of_another_team_knows_of_no_supervision_here() -> None:
    west = holding(Role.QA_LEAD, scope=Scope(kind="team", code="west"))
    assert not can(west, "read-supervision", SUPERVISED).allowed

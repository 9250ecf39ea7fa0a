"""What an audit tool refuses: to lose its code, to be published unready, used retired, or read."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from qa.audit_tools import decisions
from qa.audit_tools.commands import RetireAuditTool
from qa.audit_tools.decisions import AuditTool
from qa.audit_tools.definition import ToolDefinition, faults_of
from qa.audit_tools.events import AuditToolPublished, AuditToolRetired, AuditToolRevised
from qa.audit_tools.files import read_scales, read_tool, shipped_scales, shipped_tools
from qa.core.event import Event
from tests.support.given import Given, codes_of, given

TOOL = shipped_tools()[0]
BEGUN = AuditToolRevised(definition=TOOL, changes=("Begun.",))
PUBLISHED = AuditToolPublished(tool_version=1, definition=TOOL, changes=("First version.",))


def tool(*past: Event) -> Given[AuditTool]:
    return given(AuditTool(), decisions.evolve, *past)


def test_a_tool_keeps_its_code() -> None:
    other = TOOL.model_copy(update={"id": "other-tool"})
    tool(BEGUN).when(lambda t: decisions.revise(t, other, tool=TOOL.id)).refused(
        "tool-code-changed"
    )
    tool(BEGUN).when(lambda t: decisions.revise(t, TOOL, tool=TOOL.id)).nothing()


def test_what_is_published_was_written_and_is_new() -> None:
    tool().when(decisions.publish).refused("nothing-to-publish")
    tool(BEGUN, PUBLISHED).when(decisions.publish).refused("nothing-to-publish")
    tool(BEGUN).when(decisions.publish).then(AuditToolPublished)
    tool(BEGUN, PUBLISHED, AuditToolRetired(retired_version=1)).when(decisions.publish).then(
        AuditToolPublished
    )


def test_only_what_is_published_is_retired_and_once() -> None:
    command = RetireAuditTool(tool=TOOL.id, reason="Another tool takes its place.")
    retire = partial(decisions.retire, command=command)
    tool(BEGUN).when(retire).refused("not-published")
    retired = AuditToolRetired(retired_version=1)
    tool(BEGUN, PUBLISHED).when(retire).then(retired)
    tool(BEGUN, PUBLISHED, retired).when(retire).refused("not-published")


def test_a_retired_tool_makes_no_new_audit() -> None:
    def use(*past: Event) -> list[str]:
        return codes_of(lambda: decisions.usable(tool(*past).state))

    assert use(BEGUN) == ["tool-unknown"]
    assert use(BEGUN, PUBLISHED) == []
    assert use(BEGUN, PUBLISHED, AuditToolRetired(retired_version=1)) == ["tool-retired"]


FIRST = TOOL.domains[0]


def with_domain(**values: object) -> ToolDefinition:
    return TOOL.model_copy(update={"domains": (FIRST.model_copy(update=values), *TOOL.domains[1:])})


def with_question(**values: object) -> ToolDefinition:
    asked = FIRST.questions[0]
    return with_domain(questions=(asked.model_copy(update=values), *FIRST.questions[1:]))


RULE = TOOL.limiting_rules[0]
WRONG: dict[str, Callable[[], ToolDefinition]] = {
    "scale": lambda: TOOL.model_copy(update={"scale": "none@1"}),
    "domains.1.id": lambda: TOOL.model_copy(update={"domains": (FIRST, FIRST)}),
    "domains.0.scale": lambda: with_domain(scale="none@1"),
    "domains.0.questions.0.scale": lambda: with_question(scale="none@1"),
    "domains.0.questions.1.id": lambda: with_domain(questions=(FIRST.questions[0],) * 2),
    "limiting_rules.0": lambda: TOOL.model_copy(
        update={"limiting_rules": (RULE.model_copy(update={"overall_no_better_than": "none"}),)}
    ),
}


@pytest.mark.parametrize("field", WRONG)
def test_a_tool_that_does_not_hold_together_is_not_published(field: str) -> None:
    wrong = WRONG[field]()
    found = [(fault.field, fault.code) for fault in faults_of(wrong)]
    assert (field, "tool-inconsistent") in found
    revised = AuditToolRevised(definition=wrong, changes=("Wrong.",))
    assert set(codes_of(lambda: decisions.publish(tool(revised).state))) == {"tool-inconsistent"}
    assert faults_of(TOOL) == []


def test_a_file_is_a_tool_or_a_list_of_scales() -> None:
    known = {scale.key: scale for scale in shipped_scales()}
    assert codes_of(lambda: read_tool("- a list", known)) == ["tool-malformed"]
    assert set(codes_of(lambda: read_tool("id: x", known))) == {"tool-malformed"}
    assert codes_of(lambda: read_scales("id: x")) == ["tool-malformed"]
    assert set(codes_of(lambda: read_scales("- id: x"))) == {"tool-malformed"}

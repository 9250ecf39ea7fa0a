"""What may become of an audit tool."""

from __future__ import annotations

from qa.audit_tools import decisions
from qa.audit_tools.decisions import AuditTool
from qa.audit_tools.files import shipped_tools
from tests.support.given import codes_of, given


def test_a_tool_that_nobody_began_is_not_there() -> None:
    tool = shipped_tools()[0]
    assert codes_of(lambda: decisions.known(AuditTool())) == ["not-found"]
    begun = decisions.revise(AuditTool(), tool, tool=tool.id)
    state = given(AuditTool(), decisions.evolve, *begun).state
    assert codes_of(lambda: decisions.known(state)) == []

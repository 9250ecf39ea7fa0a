"""The search at the command line."""

from __future__ import annotations

from tests.support.command_line import Run


def test_records_are_found_from_a_terminal(case: Run) -> None:
    found = case("search", "whole", "case", "--kind", "audit-tool", "--json").json
    assert {one["kind"] for one in found["found"]} == {"audit-tool"}
    assert found["corrected"] == ""
    told = case("search", "whoel", "--limit", "1").out
    assert "These are the results for whole." in told
    assert "Audit tools:" in told
    assert case("search", "xylophone").out == "Nothing found.\n"

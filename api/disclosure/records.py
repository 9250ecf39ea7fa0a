"""Copies for outside, and their rule, in histories of several records."""

from __future__ import annotations

from api.records.compared_kinds import policy_kind
from api.records.kinds import READ_TOOL, by_verb
from projections.disclosure.tables import disclosure_rule

STREAMS = (by_verb("disclosure-rule", READ_TOOL), by_verb("outside-copies", "read-council-figures"))
COMPARED = policy_kind("disclosure-rule", "Rule for copies outside", 232, disclosure_rule, "")

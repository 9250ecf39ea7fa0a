"""Questions asked of some events alone."""

from __future__ import annotations

from projections.actions.projector import Actions
from projections.core import recount
from projections.people.projector import Deputies, People


def test_tables_are_made_once_for_projectors_of_the_same_kinds() -> None:
    asked = ([Actions()], [Actions()], [People(), Deputies()])
    first, again, other = (recount.alone(one, [], lambda asking: asking.engine) for one in asked)
    assert first is again
    assert other is not first

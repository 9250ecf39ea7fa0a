"""What commands ask across streams about inspections, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from projections.inspections import queries

LOOKUPS: Mapping[str, Callable[..., object]] = {
    "has_inspector_room": queries.has_room,
}

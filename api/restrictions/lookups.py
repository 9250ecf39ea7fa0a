"""What commands ask across streams about restrictions, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from projections.restrictions import queries

LOOKUPS: Mapping[str, Callable[..., object]] = {
    "restrictions_of": queries.of_child,
}

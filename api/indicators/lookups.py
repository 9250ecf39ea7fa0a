"""What commands ask across streams about indicators, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from projections.indicators import queries

LOOKUPS: Mapping[str, Callable[..., object]] = {
    "indicator_has_values": queries.has_values,
}

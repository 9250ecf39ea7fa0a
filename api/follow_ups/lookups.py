"""What commands ask across streams about follow-ups, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from projections.follow_ups import queries

LOOKUPS: Mapping[str, Callable[..., object]] = {
    "running_follow_ups_of": queries.running_of,
}

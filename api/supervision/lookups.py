"""What commands ask across streams about supervision, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from projections.supervision import queries

LOOKUPS: Mapping[str, Callable[..., object]] = {
    "discussed_in_supervision": queries.discussed,
    "supervises": queries.supervises,
    "supervision_checked": queries.checked_since,
    "running_supervision_of": queries.running_of,
    "checks_to_make_of": queries.to_make_of,
}

"""What commands ask across streams about concerns, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from projections.safeguarding import queries

LOOKUPS: Mapping[str, Callable[..., object]] = {
    "audits_of_concerns": queries.audits_of,
    "unanswered_concerns_of": queries.unanswered_of,
}

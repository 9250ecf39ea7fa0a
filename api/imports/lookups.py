"""What commands ask across streams about imports, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from projections.imports import queries

LOOKUPS: Mapping[str, Callable[..., object]] = {
    "records_of_batch": queries.records,
}

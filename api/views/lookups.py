"""What commands ask across streams about named views, answered from the read models.

`qa.authorisation.context.Lookups` says what each answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from projections.views import queries

LOOKUPS: Mapping[str, Callable[..., object]] = {
    "list_view_named": queries.named,
}

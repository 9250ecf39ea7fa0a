"""The rule of small numbers for what goes outside, over the API."""

from __future__ import annotations

from api.json.policy_endpoint import policy_endpoints
from api.json.routing import ApiRouter
from api.web.policies import as_known
from projections.disclosure import queries
from qa.disclosure import handlers
from qa.disclosure.events import DisclosureRuleSet

router = ApiRouter(prefix="/disclosure-rule", tags=["reports"])

policy_endpoints(
    router,
    handlers.set_rule,
    DisclosureRuleSet,
    as_known(queries.rule),
    named="DisclosureRule",
    says="Which counts are too small to be shown outside the council.",
)

"""The working days of the council over the API."""

from __future__ import annotations

from api.json.policy_endpoint import policy_endpoints
from api.json.routing import ApiRouter
from api.web.policies import as_known
from projections.working_days import queries
from qa.working_days import handlers
from qa.working_days.events import WorkingDaysSet

router = ApiRouter(prefix="/working-days", tags=["work"])

policy_endpoints(
    router,
    handlers.set_working_days,
    WorkingDaysSet,
    as_known(queries.in_force),
    named="WorkingDays",
    says="The days on which nobody works, beside weekends and bank holidays. In version 0 there "
    "are none.",
)

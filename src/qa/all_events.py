"""Every event type there is: importing any of them makes the whole closed register known."""

from qa.actions import events as actions_events  # noqa: F401
from qa.audit_tools import events as tool_events  # noqa: F401
from qa.audits import events as audit_events  # noqa: F401
from qa.follow_ups import events as follow_up_events  # noqa: F401
from qa.imports import events as import_events  # noqa: F401
from qa.indicators import events as indicator_events  # noqa: F401
from qa.inspections import events as inspection_events  # noqa: F401
from qa.learning import events as learning_events  # noqa: F401
from qa.moderation import events as moderation_events  # noqa: F401
from qa.notifications import events as notification_events  # noqa: F401
from qa.people import events as people_events  # noqa: F401
from qa.plans import action_events  # noqa: F401
from qa.plans import events as plan_events  # noqa: F401
from qa.practitioners import events as practitioner_events  # noqa: F401
from qa.publishing import events as publishing_events  # noqa: F401
from qa.safeguarding import events as safeguarding_events  # noqa: F401
from qa.supervision import check_events  # noqa: F401
from qa.supervision import events as supervision_events  # noqa: F401

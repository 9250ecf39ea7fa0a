"""What is due of notices: telling, reminding, sending."""

from __future__ import annotations

from api.jobs.due_job import DueJob, DueOrder
from api.notifications.announcing import announce
from api.notifications.reminding import remind
from api.notifications.sending import send

JOBS = (
    DueJob("announce", "notices of new facts", DueOrder.TELL, announce),
    DueJob("remind", "reminders and escalations", DueOrder.REMIND, remind),
    DueJob("send", "messages sent", DueOrder.SEND, send),
)

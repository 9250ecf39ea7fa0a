"""What the reader's roles do here, each task with its page. The same tasks stand in ``docs/roles``,
told more fully; a test holds the two together."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from api.web.context import PresentReader
from api.web.late_routes import PageRouter
from qa.core.words import Role

router = PageRouter()

TASKS: Mapping[Role, tuple[tuple[str, str], ...]] = {
    Role.PRACTITIONER: (
        ("See what is due", "/your-work"),
        ("Accept an action, or challenge it", "/your-work?kind=accept-action"),
        ("Claim an action done", "/actions"),
        ("Read the audit of your case", "/own-audits"),
        ("See your supervision", "/supervision"),
    ),
    Role.TEAM_MANAGER: (
        ("See what is late in your team", "/team-work?late=yes"),
        ("Hand work over", "/team-work"),
        ("Acknowledge a safeguarding concern", "/safeguarding"),
        ("Follow up an inadequate audit", "/follow-ups"),
        ("Record supervision", "/supervision"),
    ),
    Role.AUDITOR: (
        ("Write an audit", "/your-work?kind=audit"),
        ("Raise a safeguarding concern", "/audits"),
        ("Settle a difference", "/your-work"),
        ("Check evidence and impact", "/your-work?kind=impact"),
        ("Correct a field", "/audits"),
    ),
    Role.MODERATOR: (
        ("Find your moderations", "/your-work?kind=moderation"),
        ("Give your own judgement", "/your-work?kind=moderation"),
        ("Compare", "/audits"),
        ("Settle a difference", "/your-work"),
        ("Read the agreement report", "/reports/agreement"),
    ),
    Role.QA_LEAD: (
        ("Allocate audits and assign moderators", "/moderations"),
        ("Follow up inadequate audits", "/follow-ups"),
        ("Read the reports", "/reports"),
        ("Write the quarterly report", "/quarterly-reports"),
        ("Import a spreadsheet", "/imports"),
    ),
    Role.READER: (
        ("Read Home", "/"),
        ("See what is done about inadequate audits", "/follow-ups"),
        ("Read the board view", "/plans"),
        ("Read a report and its first three sentences", "/reports"),
        ("Compare two dates", "/compare"),
    ),
    Role.INSPECTOR: (
        ("Open your room", "/room"),
        ("Keep notes", "/room#notes"),
        ("Ask the council a question", "/room"),
        ("Open a figure", "/reports"),
        ("Take a pack away and verify it", "/packs"),
    ),
    Role.ADMINISTRATOR: (
        ("Add people", "/people"),
        ("Make one-time codes", "/people/codes"),
        ("Record that somebody moved or left", "/people"),
        ("Look at unusual access", "/access-log/unusual"),
        ("See that all is well", "/about"),
    ),
}


@router.get("/help")
def show_help(reading: PresentReader) -> Response:
    """What the reader can do here, by each role that they hold."""
    roles = dict.fromkeys(grant.role for grant in reading.actor.grants)
    return reading.page(
        "installation/help.html",
        title="What you can do here",
        as_at=None,
        roles=[(role.label, TASKS[role]) for role in roles if role in TASKS],
    )

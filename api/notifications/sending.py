"""Sends people what they were told: one message a person a run, references and links only.

Only what is unread is sent, to those who gave an address, while they are here. Nothing is sent
inside a transaction.
"""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from sqlalchemy.engine import Connection

from api.gate.current_actor import acting
from api.notifications import reading
from api.services import Services
from api.settings import Settings
from api.views import reading as view_reading
from qa.core.clock import Clock, civil_day
from qa.core.errors import Refused, Unavailable
from qa.core.words import Actor
from qa.outbox import deliveries, tables
from qa.outbox.deliveries import Delivery
from qa.outbox.govuk_notify import GovUkNotify, is_key
from qa.outbox.mail import is_server
from qa.outbox.senders import MailServer, Message, NotSent, Sender
from qa.security.accounts import addresses

MOST_LINES = 50
MOST_VIEWS = 10
"""Of one message; the rest stands in Caseloop."""


def sender_of(settings: Settings, clock: Clock) -> Sender | None:
    """The way out that the settings name; None where notices stay in Caseloop.

    Raises:
        Refused: a setting that it needs is missing or malformed.
    """
    if not settings.send_by:
        return None
    if not settings.base_url:
        raise Refused("To send notices, set base_url: links lead there.", code="base-url-missing")
    if settings.send_by == "mail":
        if not is_server(settings.mail_server) or not settings.mail_from:
            raise Refused(
                "To send notices by mail, set mail_server (smtp://host:port) and mail_from.",
                code="mail-server-missing",
            )
        return MailServer(settings.mail_server, settings.mail_from, clock)
    if not is_key(settings.govuk_notify_key) or not settings.govuk_notify_template:
        raise Refused(
            "To send notices by GOV.UK Notify, set govuk_notify_key and govuk_notify_template.",
            code="notify-key-missing",
        )
    parts = urlsplit(settings.govuk_notify_url)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise Refused("GOV.UK Notify needs an https address.", code="notify-address")
    return GovUkNotify(
        settings.govuk_notify_url,
        settings.govuk_notify_key,
        settings.govuk_notify_template,
    )


def send(services: Services, *, dry_run: bool = False) -> int:
    """Send what is due; how many messages went out.

    Raises:
        Refused: the settings name a way out that cannot be one.
        Unavailable: messages were not taken; they are tried again on a later run.
    """
    sender = sender_of(services.settings, services.clock)
    if sender is None:
        return 0
    with services.store.reading() as connection:
        known = addresses.all_of(connection)
        today = civil_day(services.clock.now())
        here = {person for person in known if acting(connection, person, today) is not None}
        if dry_run:
            fresh = deliveries.waiting(connection, services.clock, here)
            old = deliveries.due(connection, services.clock, sender.channel)
            return len(fresh) + len(old)
    with services.store.writing() as connection:
        tables.lock(connection)
        fresh = deliveries.waiting(connection, services.clock, here)
        deliveries.put_together(connection, services.clock, sender.channel, fresh)
        due = deliveries.due(connection, services.clock, sender.channel)
    sent = [_sent(services, sender, one, known.get(one.person)) for one in due]
    failed = [error for error in sent if error]
    if failed:
        count = f"{len(failed)} of {len(due)} messages were not taken"
        raise Unavailable(f"{count}, and are tried again later. The last answer: {failed[-1]}.")
    return sent.count("")


def _sent(services: Services, sender: Sender, one: Delivery, address: str | None) -> str | None:
    """Send one message: "" where it went out, None where there was nothing to send or somebody
    else sends it, and else why it was not taken."""
    with services.store.writing() as connection:
        if not deliveries.claim(connection, services.clock, one):
            return None
        message = _message(
            connection,
            services.settings.base_url,
            one,
            address,
            civil_day(services.clock.now()),
        )
        if message is None:
            deliveries.settle(connection, one, None, empty=True)
            return None
    error: str | None = None
    try:
        sender.send(message)
    except NotSent as trouble:
        error = str(trouble)
    with services.store.writing() as connection:
        deliveries.settle(connection, one, error)
    return error or ""


def _message(
    connection: Connection, base: str, one: Delivery, address: str | None, today: date
) -> Message | None:
    """The message as it is to read now; None where nothing is left to say, or nowhere to say it."""
    reader = acting(connection, one.person, today) or Actor(one.person)
    sealed = reading.closed_to(connection, reader)
    notices = deliveries.notices_in(connection, one, sealed)
    if address is None or not notices:
        return None
    lines = [f"{notice.text}\n{base}{notice.href}\n" for notice in notices[:MOST_LINES]]
    if len(notices) > MOST_LINES:
        lines.append(f"And {len(notices) - MOST_LINES} more:\n{base}/notices\n")
    count = "1 notice" if len(notices) == 1 else f"{len(notices)} notices"
    views = view_reading.views(connection, reader)[:MOST_VIEWS]
    text = "\n".join(
        [
            f"You have {count} in Caseloop:",
            "",
            *lines,
            *(f"{view.name}: {base}/views/{view.view}" for view in views),
            f"All your notices: {base}/notices",
            f"Change the address, or stop these emails: {base}/account/address",
        ]
    )
    return Message(address, f"Caseloop: {count}", text, f"caseloop-notices-{one.id}")

"""GOV.UK Notify, through its own client.

An API key of Notify reads ``name-<service id>-<secret>``, both ids in 36 characters. The template
has two fields, ``((subject))`` and ``((body))``. Documentation: docs.notifications.service.gov.uk,
"Send an email".
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from qa.outbox.senders import PATIENCE, Message, NotSent

_ID = 36


def is_key(key: str) -> bool:
    """Whether it has the form of an API key of Notify."""
    return len(key) > 2 * _ID + 2 and key[-_ID - 1] == key[-2 * _ID - 2] == "-"


@dataclass(frozen=True, slots=True)
class GovUkNotify:
    """A service of GOV.UK Notify and the template that messages are sent with."""

    url: str
    key: str
    template: str

    @property
    def channel(self) -> str:
        return "govuk-notify"

    def send(self, message: Message) -> None:
        # Loaded only by who sends: it takes a tenth of a second.
        from notifications_python_client.errors import HTTPError, InvalidResponse
        from notifications_python_client.notifications import NotificationsAPIClient

        # It would log what the service answered, which may name the address.
        logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)
        client = NotificationsAPIClient(self.key, base_url=self.url, timeout=PATIENCE)
        # An answer that leads elsewhere is no answer: nothing is sent to another address.
        client.request_session.max_redirects = 0
        try:
            client.send_email_notification(
                message.to,
                self.template,
                personalisation={"subject": message.subject, "body": message.text},
                reference=message.reference,
            )
        except InvalidResponse:
            # It was taken; only what was said about it cannot be read.
            return
        except HTTPError as error:
            raise NotSent(_why(error).replace(message.to, "the address")[:300]) from None
        finally:
            client.request_session.close()


def _why(error: Any) -> str:
    """What Notify answered, or why there was no answer."""
    if error.response is None:
        return f"{type(error.__cause__).__name__}: {error.__cause__}"
    answer = error.message
    if isinstance(answer, list):
        answer = "; ".join(str(one["message"]) for one in answer if "message" in one)
    return f"answered {error.status_code}: {answer or 'no reason given'}"

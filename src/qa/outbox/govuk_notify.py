"""GOV.UK Notify: one call over HTTPS, with the key's own token (JSON Web Token, HS256).

An API key of Notify reads ``name-<service id>-<secret>``, both ids in 36 characters. The template
has two fields, ``((subject))`` and ``((body))``. Documentation: docs.notifications.service.gov.uk,
"REST API: authentication" and "Send an email".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from qa.core.clock import Clock
from qa.outbox.senders import PATIENCE, Message, NotSent

_ID = 36
_SEND = "/v2/notifications/email"


def is_key(key: str) -> bool:
    """Whether it has the form of an API key of Notify."""
    return len(key) > 2 * _ID + 2 and key[-_ID - 1] == key[-2 * _ID - 2] == "-"


def token(key: str, now: int) -> str:
    """The bearer token of a key at an instant (whole seconds since 1970 UTC)."""
    service, secret = key[-2 * _ID - 1 : -_ID - 1], key[-_ID:]
    head = _encoded(json.dumps({"typ": "JWT", "alg": "HS256"}).encode())
    claims = _encoded(json.dumps({"iss": service, "iat": now}).encode())
    signed = f"{head}.{claims}"
    mark = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_encoded(mark)}"


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class GovUkNotify:
    """A service of GOV.UK Notify and the template that messages are sent with."""

    url: str
    key: str
    template: str
    clock: Clock

    @property
    def channel(self) -> str:
        return "govuk-notify"

    def send(self, message: Message) -> None:
        parts = urlsplit(self.url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
        body = {
            "email_address": message.to,
            "template_id": self.template,
            "personalisation": {"subject": message.subject, "body": message.text},
            "reference": message.reference,
        }
        bearer = token(self.key, int(self.clock.now().timestamp()))
        try:
            connection.request(
                "POST",
                _SEND,
                json.dumps(body).encode(),
                {"Content-Type": "application/json", "Authorization": f"Bearer {bearer}"},
            )
            answer = connection.getresponse()
            said = answer.read(2000).decode("utf-8", "replace")
        except (OSError, HTTPException) as error:
            raise NotSent(f"{type(error).__name__}: {error}"[:300]) from None
        finally:
            connection.close()
        if answer.status >= 300:
            raise NotSent(f"answered {answer.status}: {_errors(said)}"[:300])


def _errors(said: str) -> str:
    """The messages of an answer of Notify."""
    try:
        return "; ".join(str(one["message"]) for one in json.loads(said)["errors"])
    except (ValueError, KeyError, TypeError):
        return "no reason given"

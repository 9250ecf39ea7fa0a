"""Ways out of the house for what people are told: a mail server, or GOV.UK Notify."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Protocol

from qa.core.clock import Clock
from qa.outbox import mail

PATIENCE = 10.0
"""Seconds that a server has for an answer."""


class NotSent(Exception):
    """The way out did not take the message; says why, without the address it was for."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person. `reference` stays the same when it is tried again, so that a
    message that went out twice can be known for one."""

    to: str
    subject: str
    text: str
    reference: str


class Sender(Protocol):
    """A way out. `channel` names it in the records."""

    @property
    def channel(self) -> str: ...

    def send(self, message: Message) -> None:
        """Hand the message over. Raises `NotSent`."""
        ...


@dataclass(frozen=True, slots=True)
class MailServer:
    """The council's own mail server."""

    server: str
    sender: str
    clock: Clock

    @property
    def channel(self) -> str:
        return "mail"

    def send(self, message: Message) -> None:
        mime = EmailMessage()
        mime["From"], mime["To"], mime["Subject"] = self.sender, message.to, message.subject
        mime["Date"] = format_datetime(self.clock.now())
        host = parseaddr(self.sender)[1].rpartition("@")[2]
        mime["Message-ID"] = f"<{message.reference}@{host}>"
        mime["Auto-Submitted"] = "auto-generated"
        mime.set_content(message.text)
        try:
            mail.hand_over(self.server, mime, patience=PATIENCE)
        except mail.TROUBLE as error:
            # The words of the server may name the address, which is nobody else's affair.
            reason = f"{type(error).__name__}: {error}".replace(message.to, "the address")
            raise NotSent(reason[:300]) from None

"""Hands a message to a mail server: ``smtp://user:password@host:port`` or ``smtps://…``."""

from __future__ import annotations

import re
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

TROUBLE: tuple[type[Exception], ...] = (OSError, smtplib.SMTPException)
"""What `hand_over` raises where the server cannot be reached or does not take the message."""


UNSAFE = "The mail server offers no encryption, so the password was not sent. Use smtps://."


def is_server(address: str) -> bool:
    """Whether the address names a mail server."""
    return bool(re.fullmatch(r"smtps?://\S+", address) and urlsplit(address).hostname)


def sends_password_openly(address: str) -> bool:
    """Whether the address has a password and begins on a line that may stay open. On port 587
    (RFC 6409) servers expect STARTTLS, and `hand_over` sends nothing without it."""
    if not is_server(address):
        return False
    parts = urlsplit(address)
    return parts.scheme == "smtp" and bool(parts.username) and parts.port != 587


def hand_over(server: str, message: EmailMessage, *, patience: float) -> None:
    """Give the message to the server, which has `patience` seconds for each answer. Encrypted where
    the server can; a password goes over no line that is not. Raises one of `TROUBLE`."""
    parts = urlsplit(server)
    secure = ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(parts.hostname or "", parts.port or 465, timeout=patience, context=secure)
        if parts.scheme == "smtps"
        else smtplib.SMTP(parts.hostname or "", parts.port or 25, timeout=patience)
    ) as connection:
        connection.ehlo()
        if parts.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls(context=secure)
        elif parts.scheme == "smtp" and parts.username:
            raise smtplib.SMTPNotSupportedError(UNSAFE)
        if parts.username:
            connection.login(unquote(parts.username), unquote(parts.password or ""))
        connection.send_message(message)

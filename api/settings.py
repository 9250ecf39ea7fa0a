"""Everything an installation may set, read once from the environment (`CASELOOP_…`)."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from qa.core.errors import Fault, refuse_any
from qa.core.words import code_of
from qa.outbox import mail
from qa.security.vault import MASTER_KEY_ENV

PREFIX = "CASELOOP_"
NOT_SETTINGS = frozenset({MASTER_KEY_ENV, "CASELOOP_LEDGER_KEY"})
"""Read where they are needed and kept nowhere else: the key that unwraps all the others, and the
keys that sign checkpoints."""
GONE = {
    "CASELOOP_RESTRICTED_CHILDREN": "Only a mark, it kept nobody out, and is no longer read. Take "
    "it out, and let a QA lead restrict these records on the page “Restricted records”"
}
"""Settings of earlier releases, with what took their place."""
TEXT_CONTRAST = 4.5
"""WCAG 2.2 success criterion 1.4.3: the least contrast of text with what lies behind it."""


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 (black) to 1 (white); WCAG 2.2, definition."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two ``#rrggbb`` colours, 1 to 21; WCAG 2.2, definition."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _legible(colour: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError("must be written #rrggbb")
    if (ratio := contrast(colour, "#ffffff")) < TEXT_CONTRAST:
        raise ValueError(f"gives white text a contrast of {ratio:.2f}, which must be 4.5 or more")
    return colour.lower()


def _store(url: str) -> str:
    """An SQLAlchemy URL; a bare file name is a SQLite file."""
    if "://" not in url:
        url = f"sqlite:///{url}"
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.partition("://")[2]
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("must be a SQLite or PostgreSQL address, or a file name")
    return url


def _origin(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.netloc):
        raise ValueError("must be a whole address such as https://caseloop.example.gov.uk")
    return url.rstrip("/")


def _mail_server(address: str) -> str:
    if mail.sends_password_openly(address):
        raise ValueError("would send its password over an open line: use smtps:// or port 587")
    return address


Purposeful = Literal["child", "out-of-team", "restricted", "work", "export"]


def _listed(text: object) -> object:
    """Several values in one setting stand with commas between them."""
    if not isinstance(text, str):
        return text
    return [part.strip() for part in text.split(",") if part.strip()]


NO_NAME = "Your council"
"""Stands where nobody has said whose records these are. No store is made for it."""


class Settings(BaseSettings):
    """The settings of one council's installation. What is not given comes from the environment."""

    # Several values are text with commas, not JSON: nothing is decoded before our own validators.
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", enable_decoding=False
    )

    store: Annotated[str, AfterValidator(_store)] = "sqlite:///caseloop.db"
    council_name: str = NO_NAME
    """Unset: the name that the store was made with."""
    council_colour: Annotated[str, AfterValidator(_legible)] = "#1d4f76"
    demonstration: bool = False
    key_file: Path | None = None
    """Where the master key lies. Unset: beside a SQLite file, else ``caseloop.key`` here."""
    base_url: Annotated[str, AfterValidator(_origin)] = ""
    """The address people type, such as ``https://caseloop.example.gov.uk``; empty: loopback."""
    secure_cookies: bool | None = None
    """Cookies over https only. Unset: as `base_url` says."""
    max_body_bytes: int = 20 * 1024 * 1024
    """How large a file that is sent may be. Whatever else is sent may be 1 MB at most."""
    connections: Annotated[int, Field(ge=4, le=200)] = 48
    """Connections to the database that one server process may hold. PostgreSQL must allow nodes x
    workers x this, and some for commands: two nodes with two workers need 192 of
    ``max_connections``. A process works on half as many requests at once, eight kept back;
    further ones wait their turn. Whoever still waits 2 seconds for a connection is answered 503
    with Retry-After."""
    metrics_token: str = ""
    """The bearer token that `/metrics` is asked with. Unset: it answers this machine only."""
    ask_purpose: Annotated[frozenset[Purposeful], BeforeValidator(_listed)] = frozenset()
    """What asks for a purpose, with commas: ``child``, ``out-of-team``, ``restricted``, ``work``,
    ``export``."""
    clock_tolerance_seconds: Annotated[int, Field(ge=1)] = 300
    """How far the machine's clock may be from the last fact, from the time that passed since and
    from PostgreSQL's clock. Beyond it nothing is saved until the clock is right."""
    clock_silence_days: Annotated[int, Field(ge=0)] = 92
    """After so many days without a fact the clock is doubted; 0 never doubts it for that."""
    ledger_key_file: Path | None = None
    """Where the keys that sign checkpoints lie. Unset: as the master key, ``.ledger-key``."""
    ledger_origin: str = ""
    """What the log is called in its checkpoints. Used once, when the first key is made. Unset:
    made from `base_url` and `council_name`."""
    checkpoint_hours: Annotated[int, Field(ge=1, le=168)] = 24
    """After so many hours a checkpoint is made by itself, if there is anything new."""
    checkpoint_folder: Path | None = None
    """A folder that checkpoints are written to: one that our administrators cannot change. Unset:
    ``.checkpoints`` beside the master key, which is better than none and no more than that."""
    checkpoint_mail_to: str = ""
    """Addresses that checkpoints are sent to, with commas between them."""
    checkpoint_webhook: str = ""
    """A web address that checkpoints are posted to."""
    send_by: Literal["", "mail", "govuk-notify"] = ""
    """How notices leave the house, one message a person a run: ``mail`` or ``govuk-notify``. Unset:
    they stay in Caseloop. Needs `base_url`."""
    govuk_notify_key: str = ""
    """An API key of GOV.UK Notify."""
    govuk_notify_template: str = ""
    """The id of the template, with the fields ``((subject))`` and ``((body))``."""
    govuk_notify_url: str = "https://api.notifications.service.gov.uk"
    mail_server: Annotated[str, AfterValidator(_mail_server)] = ""
    """The mail server: ``smtp://host:port`` or ``smtps://user:password@host:port``. A password goes
    over ``smtps://``, or ``smtp://`` on port 587, where the line must become an encrypted one."""
    mail_from: str = ""

    @property
    def key_path(self) -> Path:
        if self.key_file is not None:
            return self.key_file
        if self.store.startswith("sqlite:///"):
            return Path(self.store.removeprefix("sqlite:///")).with_suffix(".key")
        return Path("caseloop.key")

    @property
    def key_place(self) -> str:
        """Where the master key really is, to be told to people."""
        return MASTER_KEY_ENV if MASTER_KEY_ENV in os.environ else str(self.key_path.absolute())

    @property
    def store_shown(self) -> str:
        """The address of the store, without its password."""
        return re.sub(r"^(\S+?://[^:@/]*):.*@", r"\1:***@", self.store)

    @property
    def is_new_file(self) -> bool:
        """Whether the store is a SQLite file that does not exist yet."""
        file = self.store.removeprefix("sqlite:///")
        return file != self.store and not Path(file).exists()

    @property
    def ledger_key_path(self) -> Path:
        return self.ledger_key_file or self.key_path.with_suffix(".ledger-key")

    @property
    def checkpoint_path(self) -> Path:
        return self.checkpoint_folder or self.key_path.with_suffix(".checkpoints")

    @property
    def origin(self) -> str:
        """What a new log is called, in the form of C2SP checkpoints: an address without scheme."""
        host = urlsplit(self.base_url).hostname or "caseloop.invalid"
        return self.ledger_origin or f"{host}/{code_of(self.council_name) or 'records'}"

    @property
    def https(self) -> bool:
        if self.secure_cookies is not None:
            return self.secure_cookies
        return self.base_url.startswith("https://")

    @property
    def cookie_name(self) -> str:
        """`__Host-` ties the cookie to this host and to https; browsers refuse it without."""
        return "__Host-caseloop" if self.https else "caseloop"

    @classmethod
    def from_environment(cls) -> Settings:
        """Raises Refused naming every setting that is wrong or unknown."""
        known = NOT_SETTINGS | {PREFIX + field.upper() for field in cls.model_fields}
        faults = [
            Fault(name, "extra_forbidden", f"{name}: {GONE.get(name, 'There is no such setting')}.")
            for name in os.environ
            if name.startswith(PREFIX) and name not in known
        ]
        try:
            found = cls()
        except ValidationError as wrong:
            faults += [
                Fault(
                    name := PREFIX + ".".join(str(part) for part in one["loc"]).upper(),
                    one["type"],
                    f"{name}: {one['msg'].removeprefix('Value error, ')}.",
                )
                for one in wrong.errors()
            ]
        refuse_any(faults)
        return found

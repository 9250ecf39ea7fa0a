"""The roles of the demonstration, and the pages that their navigation leads to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.demo import cast
from api.services import Services
from projections.people import queries
from qa.security.accounts import sessions

HANDLES = {
    "lead": "lead",
    "administrator": "admin",
    "moderator": "moderator",
    "manager": cast.MANAGER.handle,
    "auditor": cast.auditors()[0].handle,
    "practitioner": cast.practitioners()[0].handle,
    "reader": cast.READER.handle,
    "inspector": cast.INSPECTOR[0],
}
SECTIONS = re.compile(
    r'<a class="govuk-service-navigation__link" href="([^"]+)"[^>]*>\s*(?:<strong[^>]*>)?([^<]+)'
)
PAGES = re.compile(r'<a class="moj-sub-navigation__link" href="([^"]+)"')


def session_of(services: Services, handle: str) -> tuple[str, str]:
    """The name and the value of the cookie of somebody who has signed in."""
    with services.store.writing() as connection:
        person = queries.with_handle(connection, handle)
        assert person is not None, handle
        secret, _ = sessions.start(connection, services.clock, person=person)
    return services.settings.cookie_name, secret


@dataclass
class WalkedRole:
    """What the navigation of a role leads to: each page by its address, as it was answered."""

    client: TestClient
    pages: dict[str, str]
    sections: list[str]
    beyond: dict[str, str] = field(default_factory=dict)


def walked(services: Services, app: FastAPI, handle: str) -> WalkedRole:
    client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)
    name, secret = session_of(services, handle)
    client.cookies.set(name, secret)
    home = client.get("/", follow_redirects=True).text
    found = {"/": home}
    sections = SECTIONS.findall(home)
    for href, _ in sections:
        opened = client.get(href)
        assert opened.status_code == 200, href
        found[href] = opened.text
        for there in PAGES.findall(opened.text):
            if there not in found:
                answer = client.get(there)
                assert answer.status_code == 200, there
                found[there] = answer.text
    return WalkedRole(client, found, [text.strip() for _, text in sections])

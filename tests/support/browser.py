"""A real headless Chromium against a server in a thread, and axe on what it shows.

`tests/conftest.py` takes the fixtures in. Without a browser the tests are skipped with a reason,
and fail where `CI` is set.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from axe_playwright_python.base import AXE_SCRIPT
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect, sync_playwright

from api.main import create_app
from qa.security.accounts import sessions
from tests.support.council import PASSWORD, Council

_NAMES = ("chromium-headless-shell", "chromium", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = {
    "runOnly": {"type": "tag", "values": WCAG},
    # Of what passes, one element each: to list them all takes longer than to look at them.
    "resultTypes": ["violations"],
}


def chromium() -> str | None:
    """Where the browser is: $CHROMIUM, or the first known name on the path."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve the app from a thread on a free port; gives its address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the server did not start")
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def address(council: Council) -> Iterator[str]:
    """Where the council of the module is served."""
    with served(create_app(council.services)) as found:
        yield found


def axe(page: Page) -> None:
    """Assert that the page breaks no WCAG 2.0 A to 2.2 AA rule that axe can see."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("(options) => axe.run(options)", AXE)
    broken = [
        f"{one['id']}: {one['help']} at {[node['target'] for node in one['nodes']][:5]}"
        for one in found["violations"]
    ]
    assert found["passes"], "axe looked at nothing"
    assert broken == []


def sign_in(page: Page, address: str, handle: str, onward: str = "/") -> None:
    """Sign somebody of a council in through the page, and go on to an address."""
    page.context.clear_cookies()
    page.goto(f"{address}/sign-in?next={onward}")
    page.get_by_label("Sign-in name").fill(handle)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="My account")).to_be_visible()


def no_sideways_scroll(page: Page, width: int = 320) -> None:
    """Assert that nothing is cut off or scrolled to at this width (WCAG 1.4.10)."""
    page.set_viewport_size({"width": width, "height": 640})
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"the page is {wide} px wide at {width} px"


def signed_in(page: Page, council: Council, address: str, handle: str) -> None:
    """Somebody of the council has signed in already: for what is not about signing in."""
    with council.services.store.writing() as connection:
        secret, _ = sessions.start(connection, council.clock, person=council.ids[handle])
    name = council.services.settings.cookie_name
    page.context.add_cookies([{"name": name, "value": secret, "url": address}])


def checked(page: Page) -> None:
    """Assert that axe sees nothing wrong, and that nothing is cut off on a phone."""
    axe(page)
    no_sideways_scroll(page)
    page.set_viewport_size({"width": 1200, "height": 900})


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


@pytest.fixture(scope="session")
def headless() -> Iterator[Browser]:
    """The one browser of the session."""
    path = chromium()
    if path is None:
        reason = "no Chromium found: install chromium-headless-shell or set CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def tab(headless: Browser) -> Iterator[Page]:
    """A page in a context of its own; fails where its console complained (CSP included)."""
    context = headless.new_context(viewport={"width": 1200, "height": 900})
    opened = context.new_page()
    said: list[str] = []
    opened.on(
        "console",
        # A page that answers 4xx is itself reported as a failed resource.
        lambda m: (
            said.append(m.text)
            if m.type in ("error", "warning") and "Failed to load resource" not in m.text
            else None
        ),
    )
    opened.on("pageerror", lambda e: said.append(str(e)))
    yield opened
    context.close()
    assert said == []


@pytest.fixture
def tab_without_scripts(headless: Browser) -> Iterator[Page]:
    """A page in a context with JavaScript off."""
    context = headless.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()

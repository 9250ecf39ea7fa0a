"""Axe, width and title of every kind of page that each role can reach, at 320 and 1280 px.

    PYTHONPATH=src:. python -m benchmarks.walk [--role lead] [--store sqlite:///demo.db]

Finds the kinds of page by their links, as `benchmarks.pages` does, opens one of each address of the
service in a headless Chromium (of those that home leads to, one for each role), and prints what is
wrong with it. Without `--store` it makes the demonstration first. Takes some eight minutes; the
pages of the navigation alone are held by `tests/demo/test_browser.py`.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, Page, sync_playwright
from starlette.routing import Match

from api.demo.build import build_demo
from api.main import create_app
from api.routes import PAGES
from api.services import Services, build
from api.settings import Settings
from benchmarks.pages import ROLES, browser, found_by, handles
from tests.support.browser import AXE, FLAGS, chromium, served

SIZES = ((320, 250), (1280, 300))
"""Widths in px, and where the title begins at the latest."""


def address_of(path: str) -> str:
    """The address as the service declares it: ``/audits/{audit}``."""
    asked = {"type": "http", "path": urlsplit(path).path, "method": "GET", "headers": []}
    for route in PAGES:
        if route.matches({**asked, "root_path": ""})[0] is Match.FULL:
            return route.path
    return path


def faults(page: Page) -> Iterator[str]:
    """What is wrong with the page that is open."""
    for wide, high in SIZES:
        page.set_viewport_size({"width": wide, "height": 900})
        scrolled = page.evaluate("document.documentElement.scrollWidth")
        if scrolled > wide:
            yield f"{wide}: {scrolled} px wide"
        title = page.locator("h1").first.bounding_box()
        if title is None or title["y"] > high:
            yield f"{wide}: the title is at {title and round(title['y'])}"
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        for broken in page.evaluate("(options) => axe.run(options)", AXE)["violations"]:
            nodes = [node["target"] for node in broken["nodes"]][:3]
            yield f"{wide}: {broken['id']} at {nodes}"


def walk(services: Services, only: str | None) -> int:
    app = create_app(services)
    seen: set[tuple[str, str]] = set()
    wrong = 0
    with served(app) as base, sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for role, handle in handles().items():
            if only and role != only:
                continue
            client = browser(services, app, handle)
            near = client.get("/").text
            cookie = services.settings.cookie_name
            context = opened.new_context()
            context.add_cookies([{"name": cookie, "value": client.cookies[cookie], "url": base}])
            page = context.new_page()
            for path, _ in found_by(client, 1000).values():
                key = address_of(path), role if f'href="{path}"' in near else ""
                if key in seen:
                    continue
                seen.add(key)
                try:
                    page.goto(base + path)
                except Error as error:
                    if "Download" in str(error):
                        continue
                    raise
                if not page.locator("h1").count():
                    continue
                for fault in faults(page):
                    wrong += 1
                    print(f"{role}  {path}  {fault}", flush=True)
            context.close()
        opened.close()
    print(f"{len(seen)} pages, {wrong} faults")
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--role", choices=ROLES)
    parser.add_argument("--store")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = given.store or f"sqlite:///{Path(folder) / 'demo.db'}"
        settings = Settings(store=store, demonstration=True)
        if not given.store:
            build_demo(settings)
        services = build(settings)
        wrong = walk(services, given.role)
        services.store.close()
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()

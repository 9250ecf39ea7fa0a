"""Takes the screenshots of the README and of docs/roles with a headless Chromium.

PYTHONPATH=src:. python docs/take_screenshots.py
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from api.demo import cast
from api.demo.build import build_demo
from api.main import create_app
from api.services import build
from api.settings import Settings
from tests.support.browser import FLAGS, chromium, served

OUT = Path(__file__).parent / "screenshots"


TRACKER = (
    b"LCS ID,Audit date,Auditor,Overall grade,Assessment,Status\n"
    b"70001,03/04/2026,Pat Sample,Good,2,Complete\n"
    b'70002,14/04/2026,"Sample, Pat",2,Good,Cancelled\n'
)


def signed_in(page: Page, address: str, handle: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("input[name=name]", handle)
    page.fill("input[name=password]", cast.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    settings = Settings(
        store=f"sqlite:///{folder / 'demo.db'}",
        demonstration=True,
        council_name="Example Council",
    )
    build_demo(settings)
    services = build(settings)
    with services.store.reading() as connection:
        found = connection.exec_driver_sql(
            "SELECT audit FROM audit_row WHERE status = 'finalised' AND final_source = 'consensus'"
            f" AND valid_to = {2**63 - 1} ORDER BY opened LIMIT 1"
        ).scalar_one()
    OUT.mkdir(exist_ok=True)
    with served(create_app(services)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1100, "height": 780})
        signed_in(page, address, "lead")
        for name, path in (
            ("agreement", "/reports/agreement"),
            ("tool", "/tools/whole-case-file"),
            ("audit", f"/audits/{found}/moderation/compare"),
        ):
            page.goto(address + path)
            page.screenshot(path=OUT / f"{name}.png")
        page.set_viewport_size({"width": 1100, "height": 1700})
        page.goto(f"{address}/plans")
        page.click("main tbody a")
        page.screenshot(path=OUT / "plan.png")
        page.click("text=Board view")
        page.screenshot(path=OUT / "board.png")
        page.goto(f"{address}/indicators/re-referrals-within-12-months")
        page.locator("figure").nth(1).scroll_into_view_if_needed()
        page.screenshot(path=OUT / "control-chart.png")
        other = browser.new_page(viewport={"width": 1100, "height": 780})
        signed_in(other, address, "auditor")
        other.screenshot(path=OUT / "work.png")
        page.goto(f"{address}/reports/closing-the-loop")
        page.screenshot(path=OUT / "closing-the-loop.png")
        for handle, path, name in (
            ("lead", "/", "home-lead"),
            ("moderator", "/", "home-head-of-service"),
            ("manager", "/", "home-manager"),
            ("admin", "/", "home-administrator"),
            (cast.practitioners()[0].handle, "/", "home-practitioner"),
            (cast.INSPECTOR[0], "/", "home-inspector"),
            ("lead", "/imports/new", "import"),
        ):
            apart = browser.new_context(viewport={"width": 1100, "height": 780}).new_page()
            signed_in(apart, address, handle)
            apart.goto(address + path)
            apart.screenshot(path=OUT / f"{name}.png")
        page.set_viewport_size({"width": 1100, "height": 900})
        page.goto(f"{address}/imports/new?kind=audits")
        page.set_input_files(
            "#file", {"name": "Tracker.csv", "mimeType": "text/csv", "buffer": TRACKER}
        )
        page.get_by_role("button", name="Send the file").click()
        page.screenshot(path=OUT / "import-check.png")
        browser.close()
    services.store.close()


if __name__ == "__main__":
    main()

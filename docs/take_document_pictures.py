"""Takes the pictures of docs/documents.md: pages of the documents of the demonstration council.

PYTHONPATH=src:. python docs/take_document_pictures.py    (needs pdftoppm, of Poppler)
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from html import unescape
from pathlib import Path

from fastapi.testclient import TestClient

from api.demo.build import build_demo
from api.main import create_app
from api.services import build
from api.settings import Settings
from tests.demo.support import session_of

OUT = Path(__file__).parent / "documents"
REPORT, PLAN, EVALUATION = "/published/[0-9a-f]{32}", "/plans/[0-9a-f]{32}", "/self-evaluations"
DOCUMENTS = (
    ("quarterly", 3, "/published", REPORT + r"(?=[\"?])", r"/published/\w+/report.pdf"),
    ("outside", 2, "/published", REPORT + "/copies", r"/published/\w+/copies/\w+/copy.pdf"),
    ("board", 2, "/plans", PLAN, PLAN + "/board", PLAN + r"/board.pdf[^\"]*"),
    ("since", 2, "/compare", r"/compare\?since_meeting=\w+", r"/compare/export.pdf[^\"]*"),
    ("loop", 2, "/reports/closing-the-loop", r"/reports/closing-the-loop/download.pdf[^\"]*"),
    ("self-evaluation", 2, EVALUATION, EVALUATION + "/[0-9a-f]{32}", r"[^\"]*/document.pdf[^\"]*"),
    ("audit", 2, "/audits?status=finalised", "/audits/[0-9a-f]{32}", r"[^\"]*/document.pdf[^\"]*"),
)
"""The name of each, how many of its pages are shown, the page that one begins at, and the links
that lead on to the file."""


def fetched(client: TestClient, place: str, *links: str) -> bytes:
    """What the last of these links opens."""
    for pattern in links:
        found = re.search(f'href="({pattern})"?', client.get(place).text)
        assert found is not None, (place, pattern)
        place = unescape(found[1])
    return client.get(place).content


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    settings = Settings(
        store=f"sqlite:///{folder / 'demo.db'}", demonstration=True, council_name="Example Council"
    )
    build_demo(settings)
    services = build(settings)
    name, secret = session_of(services, "lead")
    client = TestClient(create_app(services), cookies={name: secret})
    OUT.mkdir(exist_ok=True)
    for called, pages, *steps in DOCUMENTS:
        file = folder / f"{called}.pdf"
        file.write_bytes(fetched(client, *steps))
        shown = ("-r", "64", "-png", "-l", str(pages), file, OUT / called)
        subprocess.run(["pdftoppm", *map(str, shown)], check=True)
    services.store.close()


if __name__ == "__main__":
    main()

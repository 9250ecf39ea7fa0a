"""Every address that somebody can read from."""

from __future__ import annotations

from collections.abc import Iterator

from api.main import create_app
from api.routes import PAGES
from tests.support.council import Council


def addresses(council: Council, audit: str) -> Iterator[str]:
    """Every address that answers a GET, of pages and of the API, with a record wherever one is
    named."""
    row = council.view(audit).row
    named = {
        "{audit}": audit,
        "{child:path}": row.child,
        "{child}": row.child,
        "{moderation}": row.moderation,
        "{section}": "overall",
        "{kind}": "csv",
        "{person}": council.ids["auditor"],
        "{team}": "east",
        "{tool}": council.tool.id,
        "{name}": "agreement",
        "{version}": "1",
    }
    asked = {
        "/history": f"?record=audit:{audit}",
        "/history.csv": f"?record=audit:{audit}",
        "/api/v1/history": f"?record=audit:{audit}",
        "/api/v1/history.csv": f"?record=audit:{audit}",
        "/search": "?q=evidence",
        "/api/v1/search": "?q=evidence",
        "/api/v1/reports/agreement": "?from=2026-01-01&to=2026-03-02",
    }
    pages = [
        route.path
        for route in PAGES
        if "GET" in route.methods
        # A calendar opens by its secret, not by who is signed in: there is nobody to note.
        if "{secret}" not in route.path
    ]
    documented = create_app(council.services).openapi()["paths"]
    api = [path for path, verbs in documented.items() if "get" in verbs]
    assert len(pages) > 60
    assert len(api) > 15
    for path in [*pages, *api]:
        for name, value in named.items():
            path = path.replace(name, value)
        yield path + asked.get(path, "")

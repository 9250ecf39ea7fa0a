"""Pages about the service itself, open to everybody."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from api.web.late_routes import PageRouter
from api.web.request import PerhapsSignedIn
from api.web.template_engine import render

router = PageRouter()


@router.get("/accessibility")
def accessibility(request: Request, signed: PerhapsSignedIn) -> Response:
    return render(request, "installation/accessibility.html", title="Accessibility statement")

"""Pages about the service itself, open to everybody."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.deps import PerhapsSignedIn
from api.pages.kit.templates import render

router = APIRouter()


@router.get("/accessibility")
def accessibility(request: Request, signed: PerhapsSignedIn) -> Response:
    return render(request, "about/accessibility.html", title="Accessibility statement")

"""What the code of a refusal means: the pages that problem documents lead to, open to everybody."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from fastapi import Request
from starlette.responses import Response

from api.web.late_routes import PageRouter
from api.web.problems import ADVICE, BY_CODE, TYPES
from api.web.request import PerhapsSignedIn
from api.web.template_engine import render
from qa.core.errors import NotFound

router = PageRouter()


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is known of a code. In `sentences` a … stands for what differs from case to case."""

    code: str
    status: int
    title: str
    sentences: list[str]

    @property
    def advice(self) -> str:
        advice = BY_CODE.get(self.code) or ADVICE.get(self.status, "")
        return advice if isinstance(advice, str) else " ".join(advice)


@cache
def _known() -> dict[str, Explanation]:
    """By code, or by the pattern of several (``*-missing``). `docs/generate.py` writes the file."""
    written = json.loads(Path(__file__).with_name("refusal_codes.json").read_text("utf-8"))
    return {code: Explanation(code, **found) for code, found in written.items()}


def explanation(code: str) -> Explanation | None:
    """What a code means; None for one that Caseloop never sends."""
    known = _known()
    patterns = (each for each in known if "*" in each and fnmatchcase(code, each))
    return known.get(code) or known.get(next(patterns, ""))


@router.get(TYPES)
def list_errors(request: Request, signed: PerhapsSignedIn) -> Response:
    return render(request, "installation/errors.html", title="Error codes", codes=_known())


@router.get(TYPES + "/{code}")
def read_error(request: Request, signed: PerhapsSignedIn, code: str) -> Response:
    found = explanation(code)
    if found is None:
        raise NotFound("Caseloop never sends this code.")
    return render(request, "installation/refusal.html", title=found.title, code=code, found=found)

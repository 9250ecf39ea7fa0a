"""What was typed into a form that could not be taken, given back on a page that sends it again.

For forms that met no record: the session had ended or another had begun, or a text held what
cannot be kept. Nothing typed is lost, and nothing is sent again before somebody looked at it.
Passwords and files are never given back.
"""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from api.web.changes import new_key
from api.web.csrf import SessionChanged, TextsRefused, typed_before_sign_in
from api.web.forms import name_in_words, pairs
from api.web.template_engine import render
from qa.core.errors import CaseloopError, NotSignedIn
from qa.core.texts import without_forbidden

_SECRET = ("password", "code")
_OURS = ("key", "seen", "revision", "do", "next", "section")
"""Fields that nobody typed: sent again, not shown."""


async def typed_again(request: Request, error: CaseloopError) -> Response | None:
    """The page for a form that could not be taken; None where there is nothing to give back."""
    if request.method != "POST":
        return None
    if isinstance(error, SessionChanged | TextsRefused):
        form = error.form
    elif isinstance(error, NotSignedIn):
        form = await typed_before_sign_in(request)
    else:
        return None
    fields = [(name, without_forbidden(value)) for name, value in pairs(form)]
    if not fields or any(word in name for name, _ in fields for word in _SECRET):
        return None
    return render(
        request,
        "changes/typed_again.html",
        status=error.status,
        title="Your session has ended" if isinstance(error, NotSignedIn) else error.title,
        sentences=_sentences(error),
        signed_out=isinstance(error, NotSignedIn),
        sign_in=f"/sign-in?next={quote('/', safe='')}",
        entered=[
            (name_in_words(name), value)
            for name, value in fields
            if value.strip() and name not in _OURS
        ],
        hidden=[
            # A form that was refused by what it holds is another one once that is taken out.
            (name, new_key() if name == "key" and isinstance(error, TextsRefused) else value)
            for name, value in fields
        ],
        action=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        has_files=any(hasattr(value, "filename") for value in form.values()),
    )


def _sentences(error: CaseloopError) -> list[str]:
    if isinstance(error, NotSignedIn):
        return [
            "Nothing you entered has been recorded, and nothing of it is lost: it is on this page.",
            "Sign in in another tab, come back to this one and choose “Send what I entered”.",
        ]
    if isinstance(error, TextsRefused):
        return [f"{fault.field.replace('_', ' ')}: {fault.sentence}" for fault in error.faults] + [
            "What you entered is on this page, without those characters."
        ]
    return ["Nothing you entered has been recorded yet.", error.sentence]

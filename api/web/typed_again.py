"""What was typed into a form that could not be taken, given back on a page that sends it again.

For forms that met no record: the session had ended or another had begun, or a text held what
cannot be kept. Nothing typed is lost, and nothing is sent again before somebody looked at it.
Passwords and files are never given back.
"""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request
from starlette.responses import Response

from api.web.changes import new_key
from api.web.csrf import SessionChanged, TextsRefused, typed_before_sign_in
from api.web.forms import Nested, pairs, text
from api.web.read_out import entered
from api.web.template_engine import render
from qa.core.errors import CaseloopError, NotSignedIn
from qa.core.texts import without_forbidden

_SECRET = ("password", "code")
_OURS = ("key", "seen", "revision", "do", "next", "section")
"""Fields that nobody typed: sent again, not shown."""
CARRIED = "again"
"""Under this name the sign-in form carries what was typed before it."""


def local(path: str) -> str:
    """A path on this service to go on to; anything that could lead elsewhere becomes ``/``."""
    safe = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if safe and path.isprintable() else "/"


def carried(form: Nested) -> Nested:
    """What a sign-in form carries of another."""
    found = form.get(CARRIED)
    return found if isinstance(found, dict) else {}


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
    action = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if carried(form):
        form, action = carried(form), local(text(form, "next"))
    return given_back(
        request,
        form,
        action,
        title="Your session has ended" if isinstance(error, NotSignedIn) else error.title,
        sentences=_sentences(error),
        status=error.status,
        signed_out=isinstance(error, NotSignedIn),
        # A form that was refused by what it holds is another one once that is taken out.
        anew=isinstance(error, TextsRefused),
    )


def given_back(
    request: Request,
    form: Nested,
    action: str,
    *,
    title: str,
    sentences: Sequence[str],
    status: int = 200,
    signed_out: bool = False,
    anew: bool = False,
) -> Response | None:
    """The page that shows what was typed and sends it again: after signing in, where that is owed.
    None where there is nothing, or what must not be shown."""
    fields = [(name, without_forbidden(value)) for name, value in pairs(form)]
    if not fields or any(word in name for name, _ in fields for word in _SECRET):
        return None
    return render(
        request,
        "changes/typed_again.html",
        status=status,
        title=title,
        sentences=sentences,
        signed_out=signed_out,
        entered=[(name, without_forbidden(value)) for name, value in entered(form, _OURS)],
        hidden=[(name, new_key() if name == "key" and anew else value) for name, value in fields],
        carried=CARRIED,
        action=action,
        has_files=any(hasattr(value, "filename") for value in form.values()),
    )


def _sentences(error: CaseloopError) -> list[str]:
    if isinstance(error, NotSignedIn):
        return [
            "What you sent last was not recorded, and nothing of it is lost: it is on this page.",
            "Sign in here to go on with it.",
        ]
    if isinstance(error, TextsRefused):
        return [f"{fault.field.replace('_', ' ')}: {fault.sentence}" for fault in error.faults] + [
            "What you entered is on this page, without those characters."
        ]
    return ["Nothing you entered has been recorded yet.", error.sentence]

"""Actions that somebody has yet to take on, accepted at once: all that they choose, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.responses import RedirectResponse, Response

from api.tasks.work_pages import queue_of, to_accept
from api.web.changes import Trouble, key_of, new_key, tried
from api.web.context import PresentReader, Reader, Reading
from api.web.csrf import Posted
from api.web.forms import Errors, flat
from api.web.late_routes import PageRouter
from api.web.waiting import Task
from qa.actions import handlers
from qa.actions.commands import AcceptActions
from qa.core.dates_in_words import day
from qa.core.errors import Fault
from qa.store.unit import Receipt

router = PageRouter(prefix="/your-work/accept")
BOX = "action-"
EVERY = "every"
"""The box that chooses all the actions of the page as it was shown: their boxes are its value."""
GONE = "An action that does not wait for you any more"
"""What was accepted or given away meanwhile is refused at its box too."""


@router.get("")
def show_actions(reading: PresentReader) -> Response:
    """The actions to accept, each in its own words."""
    return _page(reading, to_accept(queue_of(reading)), {}, Errors())


def _page(
    reading: Reading,
    waiting: Sequence[Task],
    typed: Mapping[str, str],
    errors: Errors,
    status: int = 200,
) -> Response:
    rows = {_box(one): _words(one) for one in waiting}
    gone = {name: (GONE, "") for name in typed if name.startswith(BOX) and name not in rows}
    return reading.page(
        "tasks/accept.html",
        status=status,
        title="Accept several actions",
        back="/your-work",
        as_at=None,
        key=new_key(),
        typed=typed,
        errors=errors,
        rows=[(box, *words, box in typed) for box, words in (rows | gone).items()],
    )


def _box(one: Task) -> str:
    return one.thing.replace(":", "-")


def _words(one: Task) -> tuple[str, str]:
    """The words of an action, and where it belongs."""
    due = "" if one.due_on is None else f"due {day(one.due_on)}"
    words = one.details.get("text") or f"{one.title} {one.reference}".strip()
    return words, ", ".join(filter(None, [one.reference, one.team_name, due]))


@router.post("")
def accept(reading: Reader, form: Posted) -> Response:
    typed = flat(form)
    waiting = to_accept(queue_of(reading))
    boxes = [*typed, *typed.get(EVERY, "").split()]
    chosen = [*dict.fromkeys(name for name in boxes if name.startswith(BOX))]

    def do() -> Receipt:
        actions = tuple(name.removeprefix(BOX) for name in chosen)
        command = AcceptActions(actions=actions, reason=typed.get("reason", ""))
        return handlers.accept_several(reading.desk, command, by=reading.actor, key=key_of(form))

    done = tried(do)
    if isinstance(done, Trouble):
        shown = [_box(one) for one in waiting]
        errors = Errors([_at_its_box(fault, chosen or shown) for fault in done.errors.faults])
        again = {**typed, **dict.fromkeys(chosen, "yes")}
        return _page(reading, waiting, again, errors, done.status)
    return RedirectResponse(f"/your-work?done={len(chosen)}", status_code=303)


def _at_its_box(fault: Fault, boxes: Sequence[str]) -> Fault:
    """A fault of the command, at the box of the action that it is about."""
    _, _, place = (fault.field or "").partition("actions.")
    if not place and fault.field != "actions":
        return fault
    return Fault(boxes[int(place or 0)] if boxes else "reason", fault.code, fault.sentence)
